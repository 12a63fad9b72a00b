// Small multiples of a protocol's curves: median and band, a pinned protocol behind, one hand that points in all.
import { chart, faint, ink } from "../../chart.js";
import { element } from "../../fields.js";
import { say3, sayInterval, sayTime } from "../../numbers.js";
import { _ } from "../../words.js";

const HEIGHT = 132;
const SIDES = ["high", "low", "median"];
const PERCENT = [100, "%"];
const NANO = [1000, "nM"];
// What each observable is called, and the factor and unit that it is shown in.
const SHOWN = {
  adenosine_um: [() => _("Adenosine"), ...NANO],
  dff: [() => _("ΔF/F"), ...PERCENT],
  atp_adp_ratio: [() => _("ATP/ADP"), 1, ""],
  a1_occupancy: [() => _("A1 occupancy"), ...PERCENT],
  a2a_occupancy: [() => _("A2A occupancy"), ...PERCENT],
  extracellular_atp_um: [() => _("Extracellular ATP"), ...NANO],
  spo2: [() => _("SpO2"), ...PERCENT],
  pto2_mmhg: [() => _("Tissue PO2"), 1, "mmHg"],
  nmdar_block: [() => _("NMDA receptor block"), ...PERCENT],
  locomotion: [() => _("Locomotion"), 1, "× rest"],
  fst_immobility_s: [() => _("FST immobility"), 1, "s"],
  spt_preference_percent: [() => _("SPT preference"), 1, "%"],
  bdnf: [() => _("BDNF"), 1, "× rest"],
  intracellular_adenosine_um: [() => _("Intracellular adenosine"), ...NANO],
  pao2_mmhg: [() => _("Arterial PO2"), 1, "mmHg"],
  cmro2: [() => _("Oxygen use"), 1, "× rest"],
};
const ALWAYS = ["adenosine_um", "dff", "atp_adp_ratio", "a1_occupancy", "a2a_occupancy", "extracellular_atp_um"];
const BEHAVIOUR = ["locomotion", "fst_immobility_s", "spt_preference_percent"];

// Returns the words, factor and unit of an observable.
export function shownAs(name) {
  if (SHOWN[name]) {
    const [words, scale, unit] = SHOWN[name];
    return { words: words(), scale, unit };
  }
  const [, place, compound] = /^(plasma|brain)_(.+)_um$/.exec(name) || [null, "", name];
  const words = place === "plasma" ? _("{compound} in plasma", { compound }) : _("{compound} in brain", { compound });
  return { words, scale: 1, unit: "µM" };
}

// Returns the observables worth looking at under a protocol, of those that it has; or all of them, in order.
export function worthALook(state, curves, all) {
  const has = new Set(curves.map(({ name }) => name));
  const ordered = [...Object.keys(SHOWN), ...[...has].filter((name) => !(name in SHOWN))].filter((name) => has.has(name));
  if (all) return ordered;
  const kinds = new Set(state.done.map(({ kind }) => kind));
  const given = state.done.filter(({ kind }) => kind === "give").map(({ compound }) => `brain_${compound}_um`);
  const wanted = new Set([...ALWAYS, ...BEHAVIOUR, ...given]);
  if (kinds.has("breathe") || kinds.has("shock")) ["spo2", "pto2_mmhg"].forEach((name) => wanted.add(name));
  if (curves.some(({ name, readings }) => name === "nmdar_block" && readings.time_to_peak_s)) wanted.add("nmdar_block");
  return ordered.filter((name) => wanted.has(name));
}

// Returns `draw(answer, pinned, names, state)`, which shows answers of the server in `place`.
export function multiples(place) {
  let built = "";
  let panels = new Map();
  let scene = {};

  function build(names, withPinned) {
    place.replaceChildren();
    panels = new Map(names.map((name) => [name, panel(place, name, withPinned, () => scene)]));
  }

  function draw(answer, pinned, names, state) {
    const key = `${names.join()} ${pinned ? "with A" : ""}`;
    const curves = new Map(answer.curves.map((curve) => [curve.name, curve]));
    const [minutes, before] = [answer, pinned].map((one) => one && one.time_s.map((time) => time / 60));
    const behind = new Map(pinned ? pinned.curves.map((curve) => [curve.name, { curve, minutes: before }]) : []);
    scene = { state, firstMinute: answer.first_s / 60 };
    if (key !== built) build(names, Boolean(pinned));
    built = key;
    for (const [name, one] of panels) one.show(minutes, curves.get(name), pinned ? behind.get(name) : null);
  }
  return { draw, clear: () => ((built = ""), place.replaceChildren()) };
}

function panel(place, name, withPinned, scene) {
  const { words, scale, unit } = shownAs(name);
  const title = element("h3", { textContent: unit ? `${words} (${unit})` : words });
  const reading = element("p", { className: "reading soft small" });
  const stage = element("div", { className: "stage" });
  place.append(element("article", {}, title, reading, stage));
  let made = null;
  let now = null;

  const own = (curve) => SIDES.map((side) => curve[side].map((value) => value * scale));

  function show(minutes, curve, behind) {
    now = curve;
    const pinned = behind ? own(behind.curve).map((values) => straight(behind.minutes, values, minutes)) : SIDES.map(() => minutes.map(() => null));
    const data = withPinned ? [minutes, ...pinned, ...own(curve)] : [minutes, ...own(curve)];
    if (made) refresh(made, data);
    else made = chart(stage, options(data));
    say();
    stage.setAttribute("aria-label", `${title.textContent}. ${reading.textContent}`);
  }

  function options(data) {
    const edge = { width: 0, points: { show: false } };
    const lines = (colour, dash, label) => [
      { label: `${label} 97.5 %`, stroke: colour, ...edge },
      { label: `${label} 2.5 %`, stroke: colour, ...edge },
      { label, stroke: colour, width: 1.6, ...(dash ? { dash } : {}) },
    ];
    return {
      labels: ["min", unit],
      series: withPinned ? [...lines("orange", [6, 4], "A"), ...lines("blue", null, "B")] : lines("blue", null, words),
      bands: withPinned ? [{ of: [1, 2], fill: "orange", opacity: 0.14 }, { of: [4, 5], fill: "blue", opacity: 0.2 }] : [{ of: [1, 2], fill: "blue", opacity: 0.2 }],
      data,
      height: HEIGHT,
      compact: true,
      legend: false,
      description: words,
      drawn: (self) => shadeDone(self, scene()),
      more: {
        cursor: { y: false, sync: { key: "mechanism" }, points: { show: false } },
        hooks: { setCursor: [(self) => say(self.cursor.idx)] },
        scales: { y: { range: span } },
      },
    };
  }

  function say(place) {
    if (place === null || place === undefined) {
      reading.textContent = peakWords(now, scale, scene());
      return;
    }
    const [high, low, estimate] = SIDES.map((side) => now[side]).map((values) => say3(values[place] * scale));
    reading.textContent = _("at {time}: {estimate} ({low} to {high})", { time: `${say3(made.data[0][place])} min`, estimate, low, high });
  }
  return { show };
}

// Returns a range with a margin; what does not move is drawn in the middle, not blown up.
function span(self, low, high) {
  if (low === null) return [0, 1];
  const least = Math.max(0.02 * Math.abs(high), 1e-9);
  const reach = Math.max(high - low, least) * 0.06;
  return high - low < least ? [low - least, high + least] : [low - reach, high + reach];
}

// Returns a curve at other times, straight between its own.
function straight(times, values, at) {
  let place = 0;
  return at.map((time) => {
    while (place < times.length - 2 && times[place + 1] < time) place += 1;
    const share = (time - times[place]) / (times[place + 1] - times[place] || 1);
    return values[place] + Math.min(1, Math.max(0, share)) * (values[place + 1] - values[place]);
  });
}

function refresh(made, data) {
  const { min, max } = made.scales.x;
  const before = made.data[0];
  const whole = min === before[0] && max === before[before.length - 1];
  made.batch(() => {
    made.setData(data, whole);
    if (!whole) made.setScale("x", { min, max });
  });
}

function peakWords(curve, scale) {
  const { peak, time_to_peak_s: when } = curve.readings;
  if (!peak) return "";
  if (!when) return _("does not move: {value}", { value: sayInterval(curve.readings.at_rest, scale) });
  const words = { value: sayInterval(peak, scale), time: sayTime(when.estimate) };
  return peak.estimate < curve.readings.at_rest?.estimate ? _("falls to {value} after {time}", words) : _("peak {value} after {time}", words);
}

// Shades bouts, trains and light, and marks when anything is given.
function shadeDone(self, { state }) {
  const { ctx, bbox } = self;
  const x = (seconds) => Math.min(bbox.left + bbox.width, Math.max(bbox.left, self.valToPos(seconds / 60, "x", true)));
  ctx.save();
  for (const one of state.done) {
    const spans = bouts(one);
    ctx.fillStyle = faint(ink().mask, 0.3);
    for (const [start, end] of spans) ctx.fillRect(x(start), bbox.top, Math.max(1, x(end) - x(start)), bbox.height);
    if (spans.length) continue;
    ctx.strokeStyle = ink().soft;
    ctx.setLineDash([3, 3]);
    ctx.beginPath();
    ctx.moveTo(x(one.at_s), bbox.top);
    ctx.lineTo(x(one.at_s), bbox.top + bbox.height);
    ctx.stroke();
  }
  ctx.restore();
}

function bouts({ kind, at_s, duration_s, repeat = 1, rest_s = 0 }) {
  if (!duration_s) return [];
  const number = kind === "breathe" ? Math.min(repeat, 100) : 1;
  return Array.from({ length: number }, (_one, n) => at_s + n * (duration_s + rest_s)).map((start) => [start, start + duration_s]);
}
