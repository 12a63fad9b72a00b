// Bouts drawn as oxygen over time: what is dragged is set, and where people may not go is hatched.
import { say3 } from "../../numbers.js";
import { _ } from "../../words.js";

const SVG = "http://www.w3.org/2000/svg";
const SIZE = { height: 236, left: 44, right: 14, top: 30, bottom: 30 };
const LEVELS = { low: 0.04, high: 0.225 };
const STEP = { fio2: 0.005, bout_s: 5, rest_s: 5, bouts: 1 };
const BANDS = /^BOUT_MAX_S_AT_FIO2_(?:BELOW_([\d.]+)|([\d.]+)_TO_([\d.]+)|GE_([\d.]+))$/;

function svg(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

// Returns the limits on a bout's length, each with the gas that it holds for: {low, high, most}.
export function boutLimits(envelope, titrated) {
  const found = Object.entries(envelope).flatMap(([name, limit]) => {
    const band = BANDS.exec(name);
    if (!band || (titrated && band[1])) return [];
    const [, below, low, high, least] = band.map((text) => (text === undefined ? undefined : Number(text)));
    return [{ low: below ? 0 : (low ?? least), high: below ?? high ?? 1, most: limit.value }];
  });
  if (titrated) found[0].low = 0;
  return found;
}

// Returns an editor in `place`. `changed({name: value})` is told what is dragged, or moved by arrow keys.
export function editor(place, { envelope, air }, changed) {
  const root = svg("svg", { class: "editor", role: "group", "aria-label": _("Inspired oxygen over one session; drag the handles, or use arrow keys on them") });
  place.replaceChildren(root);
  let state;
  let frozen = null; // the scale of time while something is dragged

  const width = () => Math.max(320, place.clientWidth);
  const spanS = () => frozen ?? wholeS(state);
  const x = (seconds) => SIZE.left + (seconds / spanS()) * (width() - SIZE.left - SIZE.right);
  const y = (level) => SIZE.top + ((LEVELS.high - level) / (LEVELS.high - LEVELS.low)) * (SIZE.height - SIZE.top - SIZE.bottom);
  const atX = (pixels) => ((pixels - SIZE.left) / (width() - SIZE.left - SIZE.right)) * spanS();
  const atY = (pixels) => LEVELS.high - ((pixels - SIZE.top) / (SIZE.height - SIZE.top - SIZE.bottom)) * (LEVELS.high - LEVELS.low);

  function draw(next) {
    state = next;
    const focus = document.activeElement?.dataset?.handle;
    root.setAttribute("viewBox", `0 0 ${width()} ${SIZE.height}`);
    root.replaceChildren(hatch(), ...axes(), ...(state.species === "human" ? forbidden() : []), ...bouts(), ...handles());
    if (focus) root.querySelector(`[data-handle="${focus}"]`)?.focus();
  }

  function axes() {
    const made = [];
    for (const percent of [5, 10, 15, 20]) {
      const height = y(percent / 100);
      made.push(svg("line", { class: "grid", x1: SIZE.left, x2: width() - SIZE.right, y1: height, y2: height }));
      made.push(svg("text", { class: "tick", x: SIZE.left - 6, y: height + 4, "text-anchor": "end" }, `${percent}`));
    }
    for (const minute of ticks(spanS() / 60)) {
      made.push(svg("text", { class: "tick", x: x(60 * minute), y: SIZE.height - 12, "text-anchor": "middle" }, `${minute}`));
    }
    made.push(svg("text", { class: "tick", x: 2, y: 12 }, _("Oxygen (%)")));
    made.push(svg("text", { class: "tick", x: width() - SIZE.right, y: SIZE.height - 1, "text-anchor": "end" }, _("min from the first bout")));
    return made;
  }

  function forbidden() {
    const made = [];
    const zone = (from, to, high, low, words, side = "start") => {
      const [left, right] = [x(Math.max(0, from)), Math.min(x(to), width() - SIZE.right)];
      if (right - left < 1) return;
      made.push(svg("rect", { class: "forbidden", x: left, y: y(high), width: right - left, height: Math.max(0, y(low) - y(high)) }));
      if (right - left > 6.2 * words.length) made.push(svg("text", { class: "not", x: side === "end" ? right - 6 : left + 5, y: y(high) + 13, "text-anchor": side }, words));
    };
    const floor = envelope.FIO2_MIN.value;
    zone(0, spanS(), floor, LEVELS.low, _("never below {n} %", { n: say3(100 * floor) }), "end");
    const next = state.bouts > 1 ? state.bout_s + state.rest_s : spanS();
    for (const { low, high, most } of boutLimits(envelope, Boolean(state.spo2_target))) {
      zone(most, next, Math.min(high, air.human), Math.max(low, floor), _("no bout over {n} s", { n: most }));
    }
    const rest = envelope.REST_MIN_S.value;
    if (state.bouts > 1) zone(state.bout_s, state.bout_s + rest, LEVELS.high, air.human, "");
    const last = envelope.BOUTS_MAX_PER_DAY.value;
    zone(last * (state.bout_s + state.rest_s), spanS(), LEVELS.high, floor, _("no more than {n} bouts", { n: last }));
    return made;
  }

  function bouts() {
    const rest = y(air[state.species]);
    const low = y(state.fio2);
    let path = `M${x(0)},${rest}`;
    const made = [];
    for (let number = 0; number < state.bouts; number += 1) {
      const start = number * (state.bout_s + state.rest_s);
      const [left, right] = [x(start), x(start + state.bout_s)];
      path += `H${left}V${low}H${right}V${rest}`;
      made.push(svg("rect", { class: "bout", x: left, y: rest, width: Math.max(0, right - left), height: Math.max(0, low - rest) }));
    }
    path += `H${width() - SIZE.right}`;
    made.push(svg("path", { class: state.spo2_target ? "gas follows" : "gas", d: path }));
    return made;
  }

  function handles() {
    const cycle = state.bout_s + state.rest_s;
    const rest = y(air[state.species]);
    const made = [
      handle("fio2", _("Oxygen"), `${say3(100 * state.fio2)} %`, x(state.bout_s / 2), y(state.fio2), "v"),
      handle("bout_s", _("Length of a bout"), `${say3(state.bout_s)} s`, x(state.bout_s), rest + (y(state.fio2) - rest) * 0.38, "h"),
    ];
    if (state.bouts > 1) made.push(handle("rest_s", _("Air between bouts"), `${say3(state.rest_s)} s`, x(cycle), rest + (y(state.fio2) - rest) * 0.68, "h"));
    const end = (state.bouts - 1) * cycle + state.bout_s;
    made.push(handle("bouts", _("Bouts"), `${state.bouts}`, x(end) + 11, rest - 9, "h"));
    return made;
  }

  function handle(name, words, value, cx, cy, way) {
    const group = svg("g", { class: `handle ${way}`, tabindex: 0, role: "slider", "aria-label": words, "aria-valuetext": value, "aria-valuenow": state[name], "aria-valuemin": 0, "aria-orientation": way === "v" ? "vertical" : "horizontal", "data-handle": name });
    const tag = svg("text", { class: "tag", x: cx + (way === "v" ? 0 : 10), y: cy + (way === "v" ? 20 : 4), "text-anchor": way === "v" ? "middle" : "start" }, name === "bouts" ? `× ${value}` : value);
    group.append(svg("circle", { class: "grip", cx, cy, r: 14 }), svg("circle", { class: "knob", cx, cy, r: 6 }), tag);
    group.addEventListener("pointerdown", (event) => drag(event, name));
    group.addEventListener("keydown", (event) => key(event, name));
    return group;
  }

  function drag(event, name) {
    event.preventDefault();
    event.currentTarget.focus();
    frozen = wholeS(state);
    const move = (at) => put(name, pointed(name, at));
    const end = () => {
      root.removeEventListener("pointermove", move);
      frozen = null;
      draw(state);
    };
    root.setPointerCapture(event.pointerId);
    root.addEventListener("pointermove", move);
    root.addEventListener("pointerup", end, { once: true });
    root.addEventListener("pointercancel", end, { once: true });
  }

  function pointed(name, event) {
    const box = root.getBoundingClientRect();
    const seconds = atX(((event.clientX - box.left) / box.width) * width());
    if (name === "fio2") return atY(((event.clientY - box.top) / box.height) * SIZE.height);
    if (name === "bout_s") return seconds;
    if (name === "rest_s") return seconds - state.bout_s;
    return (seconds + state.rest_s) / (state.bout_s + state.rest_s);
  }

  function key(event, name) {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!steps) return;
    event.preventDefault();
    put(name, state[name] + steps * STEP[name] * (name.endsWith("_s") ? 3 : 1));
  }

  function put(name, value) {
    const [least, most] = RANGES[name];
    const rounded = Math.round(value / STEP[name]) * STEP[name];
    const kept = Number(Math.min(most, Math.max(least, rounded)).toFixed(4));
    if (kept !== state[name]) changed({ [name]: kept });
  }

  new ResizeObserver(() => state && draw(state)).observe(place);
  return { draw };
}

export const RANGES = { fio2: [0.05, 0.2], bout_s: [15, 3600], rest_s: [0, 3600], bouts: [1, 30] };

function hatch() {
  const defs = svg("defs");
  const pattern = svg("pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(svg("line", { class: "hatch", x1: 0, x2: 0, y1: 0, y2: 7 }));
  defs.append(pattern);
  return defs;
}

// Returns how much time is shown [s]: the session and room for another bout.
function wholeS({ bout_s, rest_s, bouts }) {
  const session = bouts * bout_s + (bouts - 1) * rest_s;
  return session + Math.max(0.6 * (bout_s + rest_s), 0.12 * session);
}

function ticks(minutes) {
  const step = [0.5, 1, 2, 5, 10, 20, 30, 60, 120].find((one) => minutes / one <= 10) || 240;
  return Array.from({ length: Math.floor(minutes / step) + 1 }, (_one, n) => n * step);
}
