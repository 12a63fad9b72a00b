// The panel of a protocol: who is simulated, and what is done to them.
import { button, choice, element, slider } from "../../fields.js";
import { _ } from "../../words.js";
import { MOST_DONE } from "./state.js";

const DOSES = { "mg/kg": [0.01, 100], mg: [1, 2000], "µmol/kg": [0.01, 500], "µg": [0.01, 100] };
const MOST = 1e4;
const FOCUSED = "select, input, button";
const TARGETS = { a1: "A1", a2a: "A2A", nmdar: "NMDA", ent1: "ENT1", ent2: "ENT2", cyp3a4: "CYP3A4", cyp2b6: "CYP2B6" };
const GROUPS = [
  [() => _("Blockers of NMDA receptors"), (acts) => acts.nmdar],
  [() => _("Antagonists at A1 and A2A"), (acts) => acts.a1 === "antagonist" || acts.a2a === "antagonist"],
  [() => _("Agonists at A1 and A2A"), (acts) => acts.a1 === "agonist" || acts.a2a === "agonist"],
  [() => _("Inhibitors of adenosine's uptake"), (acts) => acts.ent1 || acts.ent2],
  [() => _("Inhibitors of ketamine's metabolism"), (acts) => acts.cyp3a4 || acts.cyp2b6],
  [() => _("Adenosine itself"), () => true],
];

// Returns the panel's parts: `fill(state)` builds the fields for a protocol, and `changed(state)` is told every change.
// Fields that move a number keep their place while they are moved; choices build the panel anew.
export function controls({ subjects, done, add }, choices, changed) {
  let state;

  const update = (change) => {
    state = { ...state, ...change };
    changed(state);
  };
  // What had the focus is built anew: the focus stays at its place, or goes to what can be added.
  const rebuild = (change) => {
    const active = document.activeElement;
    const item = active?.closest("[data-key]");
    const number = item ? [...item.querySelectorAll(FOCUSED)].indexOf(active) : -1;
    update(change);
    fill(state);
    if (!item) return;
    const again = document.querySelector(`[data-key="${item.dataset.key}"]`);
    (again?.querySelectorAll(FOCUSED)[number] ?? add.querySelector("button")).focus();
  };
  const set = (place, change) => ({ done: state.done.map((one, n) => (n === place ? { ...one, ...change } : one)) });
  const move = (place) => (change) => update(set(place, change));
  const swap = (place) => (change) => rebuild(set(place, change));

  function fill(next) {
    state = next;
    subjects.replaceChildren(...who(state, choices, update, rebuild));
    done.replaceChildren(
      ...state.done.map((one, place) => {
        const fields = KINDS[one.kind].fields(one, { state, choices, move: move(place), swap: swap(place) });
        const remove = button("×", () => rebuild({ done: state.done.filter((_one, n) => n !== place) }));
        const name = KINDS[one.kind].name();
        remove.setAttribute("aria-label", _("Remove: {what}", { what: one.compound || name }));
        const item = element("fieldset", { className: "done" }, element("legend", { textContent: name }), remove, ...fields);
        item.dataset.key = `done-${place}`;
        return item;
      }),
    );
    if (!state.done.length) done.append(element("p", { className: "soft", textContent: _("Nothing is done.") }));
    for (const one of add.querySelectorAll("button")) one.disabled = state.done.length >= MOST_DONE;
  }

  for (const [words, first] of ADDS) {
    add.append(button(words(), () => rebuild({ done: [...state.done, first(state, choices)] })));
  }
  return { fill };
}

function who(state, choices, update, rebuild) {
  const of = (name, words, label, put) =>
    choice({ label, value: state[name], options: choices[words].map((one) => [one, named(one)]), changed: (value) => put({ [name]: value }) }).row;
  const species = of("species", "species", _("Species"), (change) => rebuild({ ...change, ...fitted(state, choices, change.species) }));
  const rest = [
    of("genotype", "genotypes", _("Genotype"), update),
    of("region", "regions", _("Region"), update),
    of("condition", "conditions", _("Condition"), update),
  ];
  const length = slider({
    label: _("Length"),
    unit: "min",
    value: state.duration_s / 60,
    min: 10,
    max: 1440,
    least: 1,
    most: 2880,
    log: true,
    changed: (value) => update({ duration_s: 60 * value }),
  });
  [species, ...rest].forEach((row, place) => (row.dataset.key = `who-${place}`));
  return [species, ...rest, length.row];
}

function named(word) {
  return { mouse: _("mouse"), human: _("human"), naive: _("naive"), CRS: _("CRS (restraint)") }[word] || word;
}

// Returns what is left of a protocol in another species: doses by routes and in units that it has.
function fitted(state, choices, species) {
  const done = state.done.flatMap((one) => {
    if (one.kind !== "give") return one.kind === "light" && species === "human" ? [] : [one];
    return compound(choices, one.compound)?.routes[species]?.length ? [dose(choices, species, one.compound, one.at_s)] : [];
  });
  const wild = species === "human" ? { genotype: "WT", condition: "naive" } : {};
  return { done, ...wild };
}

const compound = (choices, name) => choices.compounds.find((one) => one.name === name);

function dose(choices, species, name, at_s) {
  const route = compound(choices, name).routes[species][0];
  const unit = route === "oral" && species === "human" ? "mg" : choices.units[route][0];
  const start = { kind: "give", compound: name, dose: 1, unit, route, at_s };
  if (unit === "mg") start.dose = 100;
  if (name === "ketamine") start.dose = species === "human" ? 0.5 : 10;
  if (species === "human" && route === "iv") start.duration_s = 2400;
  return start;
}

const ADDS = [
  [() => _("Compound"), (state, choices) => dose(choices, state.species, state.species === "human" ? "caffeine" : "ketamine", 600)],
  [
    () => _("Pretreatment"),
    (state, choices) => dose(choices, state.species, state.species === "human" ? "istradefylline" : "dpcpx", 0),
  ],
  [() => _("Shock"), () => ({ kind: "shock", at_s: 600, current_ma: 40, frequency_hz: 100, pulse_ms: 0.5, duration_s: 10 })],
  [
    () => _("Hypoxia"),
    (state) => ({ kind: "breathe", at_s: 600, fio2: state.species === "human" ? 0.13 : 0.09, duration_s: 300, repeat: state.species === "human" ? 3 : 5, rest_s: 300 }),
  ],
  [() => _("Light"), () => ({ kind: "light", at_s: 600, duration_s: 600, strength: 1 })],
];

function at(one, { state, move }) {
  const most = Math.floor(state.duration_s / 60);
  return slider({
    label: _("At"),
    unit: "min",
    value: one.at_s / 60,
    min: 0,
    max: most,
    step: 1,
    changed: (value) => move({ at_s: 60 * value }),
  }).row;
}

function number(name, label, unit, min, max, step = 1, scale = 1, more = {}) {
  return (one, { move }) =>
    slider({
      label: label(),
      unit,
      value: Number((one[name] / scale).toPrecision(6)),
      min,
      max,
      step,
      ...more,
      changed: (value) => move({ [name]: Number((value * scale).toPrecision(6)) }),
    }).row;
}

function giveFields(one, context) {
  const { state, choices, move, swap } = context;
  const known = choices.compounds.filter(({ routes }) => routes[state.species]?.length);
  const own = compound(choices, one.compound) || { routes: {}, acts_on: {} };
  const routes = own.routes[state.species] || [one.route];
  const what = choice({
    label: _("Compound"),
    hideLabel: true,
    value: one.compound,
    options: grouped(known),
    changed: (name) => swap(dose(choices, state.species, name, one.at_s)),
  }).row;
  const route = choice({
    label: _("Route"),
    hideLabel: true,
    value: one.route,
    options: routes.map((way) => [way, way]),
    changed: (way) => swap({ route: way, unit: choices.units[way].includes(one.unit) ? one.unit : choices.units[way][0], duration_s: way === "iv" ? one.duration_s : undefined }),
  }).row;
  const [min, max] = DOSES[one.unit] || DOSES["mg/kg"];
  const amount = slider({ label: _("Dose"), unit: one.unit, value: one.dose, min, max, least: 0, most: MOST, log: true, changed: (value) => move({ dose: value }) });
  amount.row.classList.add("dose");
  const over = slider({ label: _("Over"), unit: "min", value: (one.duration_s || 0) / 60, min: 0, max: 120, step: 1, changed: (value) => move({ duration_s: value ? 60 * value : undefined }) });
  const acts = element("p", { className: "acts soft small", textContent: actsWords(own.acts_on) });
  return [element("div", { className: "what" }, what, route), acts, amount.row, at(one, context), ...(one.route === "iv" ? [over.row] : [])];
}

function grouped(known) {
  const left = new Set(known);
  return GROUPS.map(([words, belongs]) => {
    const own = [...left].filter(({ acts_on }) => belongs(acts_on));
    own.forEach((one) => left.delete(one));
    return { label: words(), options: own.map(({ name }) => [name, name]) };
  }).filter(({ options }) => options.length);
}

function actsWords(acts) {
  const says = { agonist: (target) => _("agonist at {target}", { target }), inhibitor: (target) => _("inhibits {target}", { target }) };
  const blocks = (target) => _("blocks {target}", { target });
  return Object.entries(acts).map(([target, action]) => (says[action] || blocks)(TARGETS[target] || target)).join(", ");
}

const KINDS = {
  give: { name: () => _("Compound"), fields: giveFields },
  breathe: {
    name: () => _("Hypoxia"),
    fields: (one, context) => [
      number("fio2", () => _("Oxygen"), "%", 5, 21, 0.5, 0.01, { least: 1, most: 100 })(one, context),
      number("duration_s", () => _("Bout"), "s", 15, 900, 15, 1, { least: 1, most: 14400 })(one, context),
      number("rest_s", () => _("Air"), "s", 0, 900, 15, 1, { most: 14400 })(one, context),
      number("repeat", () => _("Bouts"), "", 1, 20, 1, 1, { most: 100 })(one, context),
      at(one, context),
    ],
  },
  shock: {
    name: () => _("Electroconvulsive shock"),
    fields: (one, context) => [
      number("current_ma", () => _("Current"), "mA", 5, 900, 5, 1, { least: 1, most: 2000 })(one, context),
      number("frequency_hz", () => _("Frequency"), "Hz", 10, 200, 5, 1, { least: 1, most: 1000 })(one, context),
      number("pulse_ms", () => _("Pulse"), "ms", 0.1, 2, 0.1, 1, { least: 0.01, most: 20 })(one, context),
      number("duration_s", () => _("Train"), "s", 0.5, 20, 0.5, 1, { least: 0.1, most: 60 })(one, context),
      at(one, context),
    ],
  },
  light: {
    name: () => _("Light on astrocytes"),
    fields: (one, context) => [
      number("strength", () => _("Drive"), "%", 0, 100, 1, 0.01)(one, context),
      number("duration_s", () => _("For"), "min", 1, 60, 1, 60, { least: 0.1, most: 1440 })(one, context),
      at(one, context),
    ],
  },
};
