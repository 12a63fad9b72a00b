// Hypoxia: draw bouts, see the oximeter and adenosine of a virtual cohort, and learn where people may not go.
import { ask, attempt } from "../api.js";
import { exportMenu } from "../exports.js";
import { choice, element, slider } from "../fields.js";
import { calm, latest } from "../live.js";
import { percent, say3, sayInterval } from "../numbers.js";
import { term } from "../terms.js";
import { _ } from "../words.js";
import { sessionCharts } from "./hypoxia/charts.js";
import { RANGES, editor } from "./hypoxia/editor.js";
import { numbersTable, refusals } from "./hypoxia/numbers.js";
import { STARTS, fromQuery, ofPreset, toBody, toQuery } from "./hypoxia/state.js";

const API = "/api/hypoxia";
const SETTLED_MS = 350;
const place = (id) => document.getElementById(id);
const main = place("hypoxia");
const charts = sessionCharts(place("charts"));

let state = fromQuery(location.search);
let answer = null;
let known = null;
let drawing = null;
let sliders = {};

const follow = latest(async (wanted, signal) => {
  const found = await attempt(() => ask(`${API}/preview`, { method: "POST", body: toBody(wanted), signal }));
  if (!found) return;
  answer = wanted.species === "human" ? { ...found, envelope: known.envelope } : found;
  show(wanted);
});

function show(wanted) {
  const refused = Boolean(answer.problems || answer.breaches?.length);
  refusals(place("refused"), answer, known.envelope);
  place("answer").hidden = refused;
  main.classList.toggle("refusing", refused);
  if (!refused) {
    charts.draw(answer, wanted);
    numbersTable(place("numbers"), answer, wanted);
    place("cautions").replaceChildren(...answer.cautions.map((words) => element("p", { className: "warning", textContent: words })));
    place("trust").textContent = trustWords(answer, wanted);
  }
  place("beyond").replaceChildren(...(answer.outside_validity || []).map((words) => element("li", { textContent: words })));
  settle();
  main.dataset.shown = toQuery(wanted);
  document.dispatchEvent(new CustomEvent("drawn", { detail: main.dataset.shown }));
}

function trustWords({ subjects, unverified_share: share }, { species }) {
  const words = { finished: subjects.finished, asked: subjects.asked, share: percent(share) };
  return species === "mouse"
    ? _("{finished} of {asked} virtual mice: median and central 95 %, which hold how animals differ and what is not known. {share} % of the constants were not verified in their source.", words)
    : _("{finished} of {asked} virtual people: median and central 95 %, which hold how people differ and what is not known. {share} % of the constants were not verified in their source.", words);
}

const settle = calm(() => {
  history.replaceState(null, "", `?${toQuery(state)}`);
  const nadir = answer.readings && sayInterval(answer.readings.spo2_nadir, 100);
  place("listen").textContent = nadir ? _("Drawn. Nadir of SpO2 {nadir} %.", { nadir }) : place("refused").textContent;
}, SETTLED_MS);

function changed(change, from = null) {
  state = { ...state, ...change };
  for (const [name, value] of Object.entries(change)) if (name !== from) sliders[name]?.show(shownValue(name, value));
  drawing.draw(state);
  follow(state);
}

const shownValue = (name, value) => (name === "fio2" || name === "spo2_target" ? Number((100 * value).toPrecision(5)) : value);

function fill() {
  const put = (name, scale = 1) => (value) => changed({ [name]: Number((value * scale).toPrecision(6)) }, name);
  const own = (name, label, unit, step, scale = 1, more = {}) => {
    const [min, max] = (RANGES[name] || more.range).map((value) => Number((value / scale).toPrecision(5)));
    const made = slider({ label, unit, value: shownValue(name, state[name]), min, max, step, ...more, changed: put(name, scale) });
    made.row.querySelector("input").id = name;
    made.row.querySelector("label").htmlFor = name;
    sliders[name] = made;
    return made.row;
  };
  const species = choice({
    label: _("Species"),
    value: state.species,
    options: [["mouse", _("mouse")], ["human", _("human")]],
    changed: (value) => refill(STARTS[value]),
  });
  const gas = choice({
    label: _("Gas"),
    value: state.spo2_target ? "clamped" : "fixed",
    options: [["fixed", _("set")], ["clamped", _("follows SpO2")]],
    changed: (value) => refill({ ...state, spo2_target: value === "clamped" ? 0.88 : null }),
  });
  sliders = {};
  place("who").replaceChildren(species.row, gas.row);
  place("fields").replaceChildren(
    ...(state.spo2_target ? [own("spo2_target", _("SpO2"), "%", 1, 0.01, { range: [0.7, 0.97], least: 50, most: 97 })] : []),
    own("fio2", state.spo2_target ? _("Least O2") : _("Oxygen"), "%", 0.5, 0.01, { least: 5, most: 20 }),
    own("bout_s", _("Bout"), "s", 5, 1, { least: 15, most: 14400 }),
    own("rest_s", _("Air"), "s", 5, 1, { least: 0, most: 14400 }),
    own("bouts", _("Bouts"), "", 1, 1, { least: 1, most: 100 }),
    own("sessions", _("Sessions, n"), "", 1, 1, { range: [1, 20], least: 1, most: 100 }),
    own("sessions_per_week", _("Per week"), "", 1, 1, { range: [1, 7] }),
  );
  list();
}

function refill(next) {
  state = { ...next };
  fill();
  changed({});
}

function list() {
  const own = known.presets.filter(({ species }) => species === state.species);
  place("presets").replaceChildren(
    ...own.map((preset) => {
      const pressed = toQuery(ofPreset(preset)) === toQuery(state);
      const made = element("button", { type: "button", className: "preset" }, element("strong", { textContent: shortWords(preset) }), element("span", { className: "soft", textContent: sourceWords(preset) }));
      made.setAttribute("aria-pressed", String(pressed));
      made.addEventListener("click", () => refill(ofPreset(preset)));
      return element("li", {}, made);
    }),
  );
}

function shortWords({ schedule }) {
  const gas = schedule.spo2_target ? _("at SpO2 {n} %", { n: say3(100 * schedule.spo2_target) }) : `${say3(100 * schedule.fio2)} %`;
  return _("{bouts} × {bout} s, {gas}", { bouts: schedule.bouts, bout: say3(schedule.bout_s), gas });
}

function sourceWords({ source, verified, published_spo2: spo2 }) {
  const seen = spo2 ? _("SpO2 {n} % published", { n: say3(100 * spo2.value) }) : "";
  return [seen, source, verified ? "" : _("(not verified)")].filter(Boolean).join(" · ");
}

function offerExports() {
  const own = (path) => () => ({ url: `${API}/${path}`, body: toBody(state) });
  exportMenu(place("exports"), {
    name: _("the schedule and its session"),
    svg: own("figure.svg"),
    png: own("figure.png"),
    csv: own("curves.csv"),
    toml: own("design.toml"),
    files: [
      [_("Session for adenoscope simulate, TOML"), own("protocol.toml")],
      [_("Steps for a chamber or mask, CSV"), own("steps.csv")],
    ],
    command: "adenoscope hypoxia hypoxia_design.toml --out results",
  });
}

function start(choices) {
  known = choices;
  drawing = editor(place("editor"), choices, changed);
  place("research").textContent = term(choices.research);
  place("conduct").replaceChildren(...choices.conduct.map((words) => element("li", { textContent: words })));
  place("loading").hidden = true;
  place("panel").hidden = place("stage").hidden = false;
  refill(state);
}

offerExports();
attempt(async () => start(await ask(`${API}/choices`)));
