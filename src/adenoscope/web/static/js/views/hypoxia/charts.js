// A session in a virtual cohort: the oximeter's trace with its floor, oxygen of the tissue, adenosine and receptors.
import { chart, faint, ink } from "../../chart.js";
import { element } from "../../fields.js";
import { say3 } from "../../numbers.js";
import { _ } from "../../words.js";

const PANELS = [
  { name: "spo2", words: () => _("SpO2, as an oximeter reads it (%)"), scale: 100, height: 190, floor: true, wide: true, colour: "blue" },
  { name: "pto2", words: () => _("Tissue PO2 (mmHg)"), scale: 1, height: 140, colour: "purple" },
  { name: "adenosine_um", words: () => _("Rise of adenosine (nM)"), scale: 1000, height: 140, colour: "green" },
  { name: "a1_occupancy", words: () => _("Rise of A1 occupancy (points)"), scale: 100, height: 140, colour: "blue" },
  { name: "a2a_occupancy", words: () => _("Rise of A2A occupancy (points)"), scale: 100, height: 140, colour: "orange" },
];

// Returns `draw(answer, state)`, which shows a session's bands in `place`.
export function sessionCharts(place) {
  let scene = {};
  const panels = PANELS.map((panel) => made(place, panel, () => scene));

  function draw(answer, state) {
    scene = { answer, state };
    const minutes = answer.time_s.map((time) => time / 60);
    for (const panel of panels) panel(minutes, answer);
  }
  return { draw };
}

function made(place, { name, words, scale, height, floor, wide, colour }, scene) {
  const title = element("h3", { textContent: words() });
  const reading = element("p", { className: "reading soft small" });
  const stage = element("div", { className: "stage" });
  place.append(element("article", { className: wide ? "wide" : "" }, title, reading, stage));
  let drawn = null;

  return (minutes, answer) => {
    const band = answer.bands[name];
    const data = [minutes, ...["high", "low", "median"].map((side) => band[side].map((value) => value * scale))];
    const extreme = floor ? Math.min(...data[3]) : Math.max(...data[3].map(Math.abs));
    reading.textContent = floor
      ? _("median falls to {value}", { value: say3(extreme) })
      : name === "pto2"
        ? _("median falls to {value}", { value: say3(Math.min(...data[3])) })
        : _("median rises by up to {value}", { value: say3(Math.max(...data[3])) });
    const edge = { stroke: colour, width: 0, points: { show: false } };
    if (drawn) drawn.setData(data);
    else
      drawn = chart(stage, {
        labels: ["min", ""],
        series: [{ label: "97.5 %", ...edge }, { label: "2.5 %", ...edge }, { label: words(), stroke: colour, width: 1.6 }],
        bands: [{ of: [1, 2], fill: colour, opacity: 0.2 }],
        data,
        height,
        compact: true,
        legend: false,
        description: words(),
        drawn: (self) => behind(self, scene(), floor),
        more: {
          cursor: { y: false, sync: { key: "hypoxia" }, points: { show: false } },
          hooks: { setCursor: [(self) => point(self, reading)] },
          scales: { y: { range: (self, low, high) => span(low, high, floor ? scene().answer.spo2_floor : null) } },
        },
      });
    stage.setAttribute("aria-label", `${title.textContent}: ${reading.textContent}`);
  };
}

function span(low, high, floor) {
  if (low === null) return [0, 1];
  const bottom = floor ? Math.min(low, 100 * floor - 2) : low;
  const reach = Math.max(high - bottom, 1e-6) * 0.06;
  return floor || high > 90 ? [bottom - reach, Math.min(high + reach, 101)] : [bottom - reach, high + reach];
}

function point(self, reading) {
  const { idx } = self.cursor;
  if (idx === null || idx === undefined) return;
  const [minute, high, low, estimate] = self.data.map((values) => say3(values[idx]));
  reading.textContent = _("at {time}: {estimate} ({low} to {high})", { time: `${minute} min`, estimate, low, high });
}

// Shades the bouts, and draws the floor that a plan keeps.
function behind(self, { answer, state }, floor) {
  const { ctx, bbox } = self;
  const x = (seconds) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, self.valToPos(seconds / 60, "x", true)));
  ctx.save();
  ctx.fillStyle = faint(ink().mask, 0.25);
  for (const start of answer.starts_s) ctx.fillRect(x(start), bbox.top, x(start + state.bout_s) - x(start), bbox.height);
  if (floor && answer.spo2_floor) {
    const height = self.valToPos(100 * answer.spo2_floor, "y", true);
    ctx.strokeStyle = ink().orange;
    ctx.fillStyle = ink().orange;
    ctx.lineWidth = devicePixelRatio;
    ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, height);
    ctx.lineTo(bbox.left + bbox.width, height);
    ctx.stroke();
    ctx.font = `${11 * devicePixelRatio}px sans-serif`;
    ctx.textAlign = "right";
    ctx.fillText(_("floor of a plan: {n} %", { n: say3(100 * answer.spo2_floor) }), bbox.left + bbox.width - 4, height - 4 * devicePixelRatio);
  }
  ctx.restore();
}
