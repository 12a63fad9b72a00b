// The traces of a session: panels with one time axis, asked of the server as fine as the screen can show them.
import { ask, attempt } from "../../api.js";
import { faint, ink } from "../../chart.js";
import { _ } from "../../words.js";
import { limits } from "./limits.js";
import { panel } from "./panel.js";
import { readout } from "./readout.js";

const SHARES = { signal: 1.3, control: 1, blank: 1, response: 1.2 };
const LOWEST = 105;
const BESIDE = { header: 26, above: 22, below: 18, margin: 40 };
const CLOSEST_S = 0.02;
const NONE = { time_s: [], low: [], high: [] };

const TITLES = {
  signal: () => _("Signal"),
  control: () => _("Control"),
  blank: () => _("Blank session"),
  response: () => _("Response"),
};
const DESCRIPTIONS = {
  signal: () => _("The signal over time, as it was measured, with the fitted model and the model without the response"),
  control: () => _("The control over time, as it was measured, with the fitted model and the model without the response"),
  blank: () => _("The signal of the blank session over time, with what was fitted to it"),
  response: () => _("The response over time with its 95 % band; its numbers are in the table"),
};

function channelSeries(colour, shown) {
  const raw = { width: 1, stroke: () => faint(ink()[colour], 0.55), words: _("measured"), swatch: colour, group: "raw" };
  const dots = { show: true, size: 4, width: 0, fill: () => ink()[colour] };
  return [
    raw,
    raw,
    { stroke: colour, width: 0, points: dots, paths: () => null, words: _("bins"), swatch: `${colour} dots`, group: "bins" },
    { stroke: "ink", width: 1, spanGaps: true, words: _("model"), swatch: "ink", group: "fit" },
    { stroke: "orange", width: 1.5, spanGaps: true, words: _("without response"), swatch: "orange", group: "background" },
  ].map((one) => ({ ...one, shown: shown(one.group) }));
}

function responseSeries(shown) {
  const band = { stroke: () => faint(ink().blue, 0.25), width: 0.5, words: _("95 % band"), swatch: "blue", group: "band" };
  const curve = { stroke: "blue", width: 1.75, words: _("response"), swatch: "blue", group: "response" };
  const mean = { stroke: "orange", width: 2.5, spanGaps: true, words: _("mean"), swatch: "orange", group: "mean" };
  return [band, band, curve, mean].map((one) => ({ ...one, shown: shown(one.group) }));
}

// Returns the height of each panel, so that all of them are on the screen where that is possible.
function heights(keys, place) {
  const free = innerHeight - place.getBoundingClientRect().top - scrollY - BESIDE.margin - BESIDE.above - BESIDE.below;
  const plots = free - keys.length * BESIDE.header;
  const shares = keys.reduce((sum, key) => sum + SHARES[key], 0);
  return keys.map((key, number) => {
    const axes = (number === 0 ? BESIDE.above : 0) + (number === keys.length - 1 ? BESIDE.below : 0);
    return Math.round(Math.max(LOWEST, Math.min(300, (plots * SHARES[key]) / shares))) + axes;
  });
}

function percent(values) {
  return values.map((value) => (value === null ? null : 100 * value));
}

function joined(raw, parts, name) {
  const high = raw.high || raw.low;
  if (!parts) return [raw.time_s, raw.low, high, ...[0, 1, 2].map(() => raw.time_s.map(() => null))];
  const fits = [name, `${name}_fit`, `${name}_background`].map((one) => parts[one]);
  return uPlot.join([[raw.time_s, raw.low, high], [parts.time_s, ...fits]]);
}

// Puts the traces into `place`. `base` is the session's address, `view` what the page knows of interventions and masks.
// Returns what moves them.
export function traces(place, { base, view, shown: told }) {
  const panels = new Map();
  const past = [];
  const sees = readout(document.getElementById("readout"), view);
  sees(null);
  let asked = new AbortController();
  let window_s = null;
  let last_s = 0;
  let raw = null;
  let fitted = null;
  let count = 0;

  const pixels = () => Math.min(4000, Math.max(200, Math.round((place.clientWidth - 70) * devicePixelRatio)));
  const parts = () => (fitted ? fitted.parts : null);

  function channel(role) {
    return raw.channels.find((one) => one.role === role);
  }

  function build() {
    const seconds = raw.channels.map((one) => one.role);
    const keys = fitted && fitted.curve ? [...seconds, "response"] : seconds;
    if (keys.join() === [...panels.keys()].join()) return;
    panels.forEach((one) => one.chart.destroy());
    panels.clear();
    place.replaceChildren();
    const high = heights(keys, place);
    keys.forEach((key, number) => {
      const isResponse = key === "response";
      const colour = key === "signal" ? "green" : "purple";
      panels.set(
        key,
        panel(place, {
          key,
          title: TITLES[key](),
          unit: isResponse ? _("ΔF/F (%)") : `${channel(key).name}, ${_("detector units")}`,
          series: isResponse ? responseSeries(view.shows) : channelSeries(colour, view.shows),
          bands: [isResponse ? { of: [2, 1], fill: "blue", opacity: 0.22 } : { of: [2, 1], fill: colour, opacity: 0.3 }],
          height: high[number],
          top: number === 0,
          bottom: number === keys.length - 1,
          view: { ...view, zoomed: (span) => (span ? go(...span) : whole()), changed: draw, pointed: (at) => sees(at, raw, fitted) },
          description: DESCRIPTIONS[key](),
        }),
      );
    });
  }

  function channelData(one, [start, end]) {
    const found = channel(one.key);
    const name = one.key === "signal" ? "signal" : "control";
    const there = parts() && parts()[name] ? parts() : null;
    const isFitted = there !== null && there[`${name}_fit`].some((value) => value !== null);
    one.offer("bins", there !== null);
    for (const group of ["fit", "background"]) one.offer(group, isFitted);
    const models = there
      ? [["bins", name], ["fit", `${name}_fit`], ["background", `${name}_background`]]
          .filter(([group]) => one.isShown(group))
          .map(([, part]) => ({ time_s: there.time_s, values: there[part] }))
      : [];
    const curves = one.isShown("raw") ? [{ ...found, high: found.high || found.low }] : [NONE];
    return [joined(found, there, name), limits(curves, models, start, end, view.leftOutOf(one.key), view.whole())];
  }

  function responseData(one, [start, end]) {
    const { curve, mean } = fitted;
    const [low, high, dff] = [curve.dff_low, curve.dff_high, curve.dff].map(percent);
    const level = mean ? [100 * mean.dff, 100 * mean.dff] : [null, null];
    const edges = mean ? [mean.start_s, mean.end_s] : [curve.time_s[0], curve.time_s[1]];
    const band = one.isShown("band") ? [{ time_s: curve.time_s, low, high }] : [NONE];
    const models = [{ time_s: curve.time_s, values: dff }, { time_s: edges, values: level }];
    return [uPlot.join([[curve.time_s, low, high, dff], [edges, level]]), limits(band, models, start, end, [], true)];
  }

  function draw() {
    for (const one of panels.values()) {
      const [data, range] = one.key === "response" ? responseData(one, window_s) : channelData(one, window_s);
      one.show(data, window_s, range);
    }
    queueMicrotask(() => (place.dataset.drawn = String((count += 1))));
  }

  async function load() {
    asked.abort();
    asked = new AbortController();
    const span = window_s ? `start_s=${window_s[0]}&end_s=${window_s[1]}&` : "";
    const found = await ask(`${base}/window?${span}pixels=${pixels()}`, { signal: asked.signal });
    raw = found;
    last_s = found.last_s;
    window_s = window_s || [0, last_s];
    build();
    draw();
    told(window_s, raw);
  }

  // Shows a window, coarse at once from what is there, fine when the server has answered.
  function go(start, end, { remembered = true } = {}) {
    if (!raw) return;
    const span = Math.min(last_s, Math.max(end - start, CLOSEST_S));
    const from = Math.min(Math.max(0, (start + end - span) / 2), last_s - span);
    if (remembered && !(window_s[0] === from && window_s[1] === from + span)) past.push(window_s);
    window_s = [from, from + span];
    panels.forEach((one) => one.chart.setScale("x", { min: window_s[0], max: window_s[1] }));
    attempt(load);
  }

  function whole() {
    go(0, last_s);
  }

  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth === width) return;
    width = place.clientWidth;
    if (raw) attempt(load);
  }).observe(place);
  return {
    load,
    go,
    whole,
    draw: () => raw && draw(),
    redraw: () => panels.forEach((one) => one.chart.redraw(false, false)),
    window: () => window_s,
    pan: (share) => go(window_s[0] + share * (window_s[1] - window_s[0]), window_s[1] + share * (window_s[1] - window_s[0])),
    zoom(factor) {
      const middle = (window_s[0] + window_s[1]) / 2;
      const half = ((window_s[1] - window_s[0]) * factor) / 2;
      go(middle - half, middle + half);
    },
    back() {
      if (past.length) go(...past.pop(), { remembered: false });
      else whole();
    },
    setFitted(found) {
      fitted = found;
      if (!raw) return;
      build();
      draw();
    },
    first: () => panels.values().next().value,
  };
}
