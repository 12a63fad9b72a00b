// One panel of traces: a chart with its toggles, its own y range, masks behind the lines and interventions across.
import { chart, faint, ink } from "../../chart.js";
import { _ } from "../../words.js";
import { clock, since, stepOf, ticks } from "./time.js";

const SYNC = "recording";
const NOT_SHARED = new Set(["mousedown", "mouseup", "dblclick"]);
const LABELLED = 46;

function toggle(words, swatch, checked, changed) {
  const label = document.createElement("label");
  const box = document.createElement("input");
  const mark = document.createElement("span");
  label.className = "toggle";
  box.type = "checkbox";
  box.checked = checked;
  mark.className = `swatch ${swatch}`;
  box.addEventListener("change", () => changed(box.checked));
  label.append(box, mark, words);
  return label;
}

// The two ways to tell time: from the intervention below, on the recording's clock above.
function timeAxes(axes, view, { top, bottom }) {
  const [x, y] = axes;
  const shared = { grid: { stroke: () => ink().rule, width: 0.5 }, label: undefined, labelSize: 0 };
  const below = {
    ...x,
    ...shared,
    size: bottom ? 26 : 8,
    ticks: { ...x.ticks, size: 5 },
    splits: (self, axis, min, max) => ticks(min, max, self.bbox.width / devicePixelRatio, view.onset()),
    values: (self, places) => places.map((at) => (bottom ? since(at - view.onset(), stepOf(places)) : "")),
  };
  const above = {
    ...x,
    ...shared,
    scale: "x",
    side: 0,
    size: top ? 26 : 4,
    grid: { show: false },
    ticks: { ...x.ticks, size: top ? 5 : 0 },
    splits: (self, axis, min, max) => ticks(min, max, self.bbox.width / devicePixelRatio, 0),
    values: (self, places) => places.map((at) => (top ? clock(at, stepOf(places)) : "")),
  };
  return [below, { ...y, size: 62, label: undefined, labelSize: 0 }, above];
}

function shade(self, spans) {
  const { ctx, bbox } = self;
  ctx.save();
  ctx.fillStyle = faint(ink().mask, 0.35);
  for (const { start_s: start, end_s: end } of spans) {
    const left = Math.max(bbox.left, self.valToPos(start, "x", true));
    const right = Math.min(bbox.left + bbox.width, self.valToPos(end, "x", true));
    if (right > left) ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
  }
  ctx.restore();
}

function line(self, at, dash, words) {
  const { ctx, bbox } = self;
  const x = self.valToPos(at, "x", true);
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  ctx.save();
  ctx.strokeStyle = ink().soft;
  ctx.fillStyle = ink().soft;
  ctx.lineWidth = devicePixelRatio;
  ctx.setLineDash(dash.map((one) => one * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  if (words) {
    ctx.font = `${11 * devicePixelRatio}px sans-serif`;
    const fits = x + ctx.measureText(words).width + 14 * devicePixelRatio < bbox.left + bbox.width;
    ctx.textAlign = fits ? "left" : "right";
    ctx.strokeStyle = ink().ground;
    ctx.lineWidth = 3 * devicePixelRatio;
    ctx.setLineDash([]);
    ctx.strokeText(words, x + (fits ? 10 : -10) * devicePixelRatio, bbox.top + 11 * devicePixelRatio);
    ctx.fillText(words, x + (fits ? 10 : -10) * devicePixelRatio, bbox.top + 11 * devicePixelRatio);
  }
  ctx.restore();
}

function marks(self, view, isTop) {
  if (!view.showsInterventions()) {
    if (isTop) view.placed(null);
    return;
  }
  const seen = view.onsets().filter((at) => at >= self.scales.x.min && at <= self.scales.x.max);
  const apart = self.bbox.width / devicePixelRatio / Math.max(1, seen.length);
  for (const at of view.onsets()) line(self, at, [4, 3], isTop && apart > LABELLED ? view.labelOf(at) : "");
  if (isTop) view.placed(self);
  for (const at of view.fittedOnsets()) line(self, at, [1, 3], isTop ? _("as fitted") : "");
}

// Returns a panel in `place`. `series` are those of a chart, each with `shown` (at the start), `words` and `swatch`;
// series of one `group` share a toggle. `view` knows the window, the interventions and the masks.
export function panel(place, { key, title, unit, series, bands, height, top, bottom, view, description }) {
  const outer = document.createElement("div");
  const header = document.createElement("header");
  const name = document.createElement("strong");
  const plot = document.createElement("div"); // an image to those who hear the page: handles lie beside it
  const around = document.createElement("div");
  const toggles = new Map();
  let range = [0, 1];
  outer.className = "panel";
  around.className = "around";
  around.append(plot);
  name.textContent = title;
  header.append(name, Object.assign(document.createElement("span"), { className: "soft", textContent: unit }));
  outer.append(header, around);
  place.append(outer);
  const made = chart(plot, {
    labels: [_("time"), unit],
    series: series.map(({ words, swatch, group, shown, ...rest }) => ({ ...rest, show: shown })),
    bands,
    data: [[], ...series.map(() => [])],
    height,
    legend: false,
    description,
    drawn: (self) => shade(self, view.masks(key)),
    zoomed: view.zoomed,
    more: {
      axes: (axes) => timeAxes(axes, view, { top, bottom }),
      scales: { x: { time: false, range: (self, min, max) => [min, max] }, y: { range: () => range } },
      cursor: { sync: { key: SYNC, setSeries: false, filters: { pub: (type) => !NOT_SHARED.has(type) } }, points: { show: false } },
      hooks: {
        draw: [(self) => marks(self, view, top)],
        setCursor: [(self) => self.over.matches(":hover") && view.pointed(self.cursor.left < 0 ? null : self.posToVal(self.cursor.left, "x"))],
      },
    },
  });
  for (const { words, swatch, group, shown } of series) {
    if (!group || toggles.has(group)) continue;
    const label = toggle(words, swatch, shown, (on) => {
      view.remember(group, on);
      setShown(group, on);
      view.changed();
    });
    toggles.set(group, label);
    header.append(label);
  }
  function setShown(group, on) {
    series.forEach((one, at) => one.group === group && made.setSeries(at + 1, { show: on }, false));
  }
  const isShown = (group) => series.some((one, at) => one.group === group && made.series[at + 1].show);
  return {
    key,
    chart: made,
    outer,
    isShown,
    offer: (group, on) => (toggles.get(group).hidden = !on),
    show(data, window, [low, high]) {
      range = [low, high];
      made.batch(() => {
        if (data) made.setData(data, false);
        made.setScale("x", { min: window[0], max: window[1] });
      });
    },
  };
}
