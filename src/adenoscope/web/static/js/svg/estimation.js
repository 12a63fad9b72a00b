// An estimation plot: every animal as a dot at the left, every difference with its interval at the right.
// Gardner and Altman (1986), doi:10.1136/bmj.292.6522.746.
import { _ } from "../words.js";
import { axis, mark, reach, said, upright, words } from "./draw.js";
import { roving } from "./roving.js";

const TOP = 26;
const BOTTOM = 232;
const HEIGHT = 286;
const AXIS = 60;
const GAP = 18; // between blocks
const COLUMN = { least: 54, most: 92 };
const DIFFERENCE = { least: 98, most: 180 };
const LETTER = 5.9; // wide, of labels
const ROWS = 28; // of dots that are of like height
const STEP = 7;

function unitOf(name, unit) {
  return unit ? _("{name} ({unit})", { name, unit: _(unit) }) : name;
}

// Returns how wide a column of dots and one of differences are, so that the drawing fills its place if it can.
function columns(plot, width) {
  const groups = plot.blocks.reduce((count, block) => count + block.groups.length, 0);
  const { length } = plot.differences;
  const fixed = AXIS + GAP * plot.blocks.length + (length ? AXIS + GAP : 0);
  const least = groups * COLUMN.least + length * DIFFERENCE.least;
  const stretch = Math.max(1, (width - fixed) / least);
  return {
    group: Math.min(COLUMN.most, COLUMN.least * stretch),
    difference: Math.min(DIFFERENCE.most, DIFFERENCE.least * stretch),
    fixed,
    groups,
  };
}

// Returns sideways places that keep dots of like height apart.
function swarm(heights, width) {
  const rows = new Map();
  heights.forEach((height, number) => {
    const row = Math.round((height / (BOTTOM - TOP)) * ROWS);
    rows.set(row, [...(rows.get(row) || []), number]);
  });
  const places = heights.map(() => 0);
  for (const row of rows.values()) {
    const step = Math.min(STEP, (width * 0.8) / Math.max(1, row.length - 1));
    row.forEach((number, index) => (places[number] = (index - (row.length - 1) / 2) * step));
  }
  return places;
}

function dotOf(dot, group, block, plot, x, y, span) {
  const value = plot.unit ? `${said(dot.value, span)} ${_(plot.unit)}` : said(dot.value, span);
  const given = group.dose ? `${group.label} ${group.dose}` : group.label;
  const [session] = dot.sessions;
  const lines = [dot.animal, block.title ? `${given}, ${block.title}` : given, value];
  if (session) lines.push(_("session {session}", { session: dot.sessions.map(({ name }) => name).join(", ") }));
  const shape = mark("circle", { cx: x, cy: y, r: 3.6 });
  const kind = `dot ${group.vehicle ? "vehicle" : "treated"}`;
  const made = session
    ? mark("a", { href: session.path, class: kind }, shape)
    : mark("g", { role: "img", class: kind }, shape);
  made.setAttribute("aria-label", lines.join("; "));
  return { made, lines };
}

// Draws a group around `x`; returns its dots in the order of their values.
function drawGroup(svg, group, block, plot, x, at, span, width) {
  const dots = [...group.dots].sort((one, other) => one.value - other.value);
  const offsets = block.paired ? dots.map(() => 0) : swarm(dots.map(({ value }) => at(value)), width);
  const drawn = dots.map((dot, number) => dotOf(dot, group, block, plot, x + offsets[number], at(dot.value), span));
  svg.append(...drawn.map(({ made }) => made));
  if (dots.length) {
    const mean = dots.reduce((sum, { value }) => sum + value, 0) / dots.length;
    svg.append(mark("line", { class: "mean", x1: x - 20, x2: x + 20, y1: at(mean), y2: at(mean) }));
  }
  const most = Math.floor(width / LETTER);
  svg.append(words(group.label, x, BOTTOM + 18, { most, class: "label" }));
  svg.append(words(group.dose, x, BOTTOM + 33, { most, class: "label" }));
  svg.append(words(_("n = {n}", { n: dots.length }), x, BOTTOM + 48, { class: "soft" }));
  return drawn;
}

// Joins each animal's values in the first group of a block with those in the others.
function drawPairs(svg, block, places, at) {
  const before = new Map(block.groups[0].dots.map(({ animal, value }) => [animal, value]));
  block.groups.slice(1).forEach((group, number) => {
    for (const { animal, value } of group.dots) {
      if (!before.has(animal)) continue;
      const ends = { x1: places[0], y1: at(before.get(animal)), x2: places[number + 1], y2: at(value) };
      svg.append(mark("line", { class: "pair", ...ends }));
    }
  });
}

function drawAnimals(svg, plot, wide, at, span) {
  const drawn = [];
  let left = AXIS + GAP / 2;
  for (const block of plot.blocks) {
    const width = wide.group * block.groups.length;
    const places = block.groups.map((_group, number) => left + wide.group * (number + 0.5));
    svg.append(words(block.title, left + width / 2, TOP - 10, { most: Math.floor(width / LETTER), class: "title" }));
    svg.append(mark("line", { class: "base", x1: left + 4, x2: left + width - 4, y1: BOTTOM + 3, y2: BOTTOM + 3 }));
    if (block.paired) drawPairs(svg, block, places, at);
    block.groups.forEach((group, number) => {
      drawn.push(...drawGroup(svg, group, block, plot, places[number], at, span, wide.group));
    });
    left += width + GAP;
  }
  return { drawn, right: left - GAP };
}

function drawDifference(svg, difference, x, at, width) {
  const most = Math.floor(width / LETTER);
  const label = difference.interaction ? _("interaction") : difference.label;
  const told = difference.interval ? difference.words : _("could not tell");
  [label, difference.where || "", told].filter(Boolean).forEach((text, row) => {
    svg.append(words(text, x, BOTTOM + 18 + 15 * row, text === told ? { class: "soft" } : { most, class: "label" }));
  });
  if (difference.ninety) {
    const [, low, high] = difference.ninety;
    svg.append(mark("line", { class: "ninety", x1: x - 9, x2: x - 9, y1: at(low), y2: at(high) }));
  }
  if (difference.interval) {
    const [estimate, low, high] = difference.interval;
    svg.append(mark("line", { class: "interval", x1: x, x2: x, y1: at(low), y2: at(high) }));
    svg.append(mark("circle", { class: "estimate", cx: x, cy: at(estimate), r: 4.5 }));
  }
}

function drawDifferences(svg, plot, wide, from) {
  const margin = plot.margin ? plot.margin.size : 0;
  const values = plot.differences.flatMap(({ interval, ninety }) => [...(interval || []), ...(ninety || [])]);
  const limits = reach([0, margin, -margin, ...values]);
  const at = upright(limits, TOP, BOTTOM);
  const left = from + GAP + AXIS;
  const right = left + wide.difference * plot.differences.length;
  if (plot.margin) {
    const size = { x: left, y: at(margin), width: right - left, height: at(-margin) - at(margin) };
    svg.append(mark("rect", { class: plot.margin.given ? "margin" : "margin from-data", ...size }));
  }
  svg.append(axis(limits, left, TOP, BOTTOM, unitOf(_("difference"), plot.points)));
  svg.append(mark("line", { class: "zero", x1: left, x2: right, y1: at(0), y2: at(0) }));
  plot.differences.forEach((difference, number) => {
    drawDifference(svg, difference, left + wide.difference * (number + 0.5), at, wide.difference);
  });
  return right;
}

// Draws a plot into `place`, which is emptied; `name` is read aloud before the dots.
export function estimation(place, plot, name) {
  const wide = columns(plot, place.clientWidth - 4);
  const values = plot.blocks.flatMap(({ groups }) => groups.flatMap(({ dots }) => dots.map(({ value }) => value)));
  const limits = reach(values.length ? values : [0, 1]);
  const at = upright(limits, TOP, BOTTOM);
  const svg = mark("svg", { class: "estimation", role: "group", "aria-label": name, height: HEIGHT });
  svg.append(axis(limits, AXIS, TOP, BOTTOM, unitOf(_(plot.name), plot.unit)));
  const { drawn, right } = drawAnimals(svg, plot, wide, at, limits[1] - limits[0]);
  const width = Math.ceil((plot.differences.length ? drawDifferences(svg, plot, wide, right) : right) + 6);
  svg.setAttribute("width", width);
  svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
  const scroller = document.createElement("div");
  scroller.className = "plot";
  scroller.append(svg);
  place.replaceChildren(scroller);
  const lines = new Map(drawn.map(({ made, lines: told }) => [made, told]));
  if (drawn.length) roving(place, svg, [...lines.keys()], (dot) => lines.get(dot));
}
