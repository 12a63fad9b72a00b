// The recording view: one session's traces and its answer.
import { ask, attempt, Refusal } from "../api.js";
import { exportMenu } from "../exports.js";
import { _, data } from "../words.js";
import { element, fillAnswer, stateWords } from "./recording/answer.js";
import { editor } from "./recording/edits.js";
import { handles } from "./recording/handles.js";
import { refit } from "./recording/refit.js";
import { listen } from "./recording/keys.js";
import { spoken } from "./recording/time.js";
import { traces } from "./recording/traces.js";

const base = `/api/studies/${encodeURIComponent(data.study)}/sessions/${encodeURIComponent(data.session)}`;
const byId = (id) => document.getElementById(id);
const REMEMBERED = "recording-series";
const HIDDEN_AT_FIRST = ["masked-off"];
const PAN = 0.25;

let answer = data.answer;
let fit = { fitted: null, lost: [] };
let ledger = null;
let dragged = null; // [number, time] of an intervention that is being moved
let series = { ...Object.fromEntries(HIDDEN_AT_FIRST.map((one) => [one, false])), ...JSON.parse(sessionStorage.getItem(REMEMBERED) || "{}") };

function remember(group, on) {
  series = { ...series, [group]: on };
  sessionStorage.setItem(REMEMBERED, JSON.stringify(series));
}

const leftOut = () => (fit.fitted && fit.fitted.parts ? fit.fitted.left_out : fit.lost);
const view = {
  shows: (group) => series[group] !== false,
  remember,
  onsets: () => answer.onsets_s.map((at, number) => (dragged && dragged[0] === number ? dragged[1] : at)),
  files: (number) => answer.onsets_s[number],
  last: () => lastSample,
  drag: (number, at) => {
    dragged = at === null ? null : [number, at];
    shown.redraw();
  },
  placed: (chart) => putHandles(chart),
  onset: () => answer.onsets_s[0] || 0,
  fittedOnsets: () => (fit.fitted && answer.changed.includes("intervention_s") ? fit.fitted.onsets_s : []),
  labelOf: (at) => (answer.onsets_s.length > 1 ? _("bout {number}", { number: answer.onsets_s.indexOf(at) + 1 }) : answer.treatment),
  showsInterventions: () => series.interventions !== false,
  whole: () => series.whole === true,
  leftOut,
  leftOutOf: (key) => leftOut().filter(({ channel }) => !channel || channel === key),
  masks: (key) => (series.masks === false ? [] : view.leftOutOf(key)),
};

let lastSample = 0;
let read = null; // what is known of the recording; null while nothing is
const edits = editor({
  study: data.study,
  session: data.session,
  handling: data.handling,
  told: () => answer,
  left: () => dragged && view.drag(0, null),
  saved: async (found) => {
    ledger = found;
    await reload();
  },
});
const putHandles = handles(view, (number, at) => {
  const times = answer.onsets_s.map((one, place) => (place === number ? at : one));
  edits.change("intervention_s", times.join("; "));
});
const offerRun = refit(byId("run"), { study: data.study, done: reload });

const shown = traces(byId("panels"), {
  base,
  view,
  shown: ([start, end], raw) => {
    lastSample = raw.last_s;
    const seen = { start: spoken(start - view.onset()), end: spoken(end - view.onset()) };
    byId("shown").textContent = _("Shown: {start} to {end} from the intervention.", seen);
    read = [raw.format, ...raw.notes].join(" · ");
  },
});

function tool(words, group, swatch, on) {
  const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: on });
  box.addEventListener("change", () => {
    remember(group, box.checked);
    shown.draw();
  });
  return element("label", "toggle", box, swatch ? element("span", `swatch ${swatch}`) : "", words);
}

function fillTools() {
  const button = (words, does, label) => {
    const made = element("button", "quiet", words);
    made.type = "button";
    made.setAttribute("aria-label", label);
    made.addEventListener("click", does);
    return made;
  };
  byId("tools").append(
    button("←", () => shown.pan(-PAN), _("Move back")),
    button("→", () => shown.pan(PAN), _("Move on")),
    button("+", () => shown.zoom(0.5), _("Closer")),
    button("−", () => shown.zoom(2), _("Farther")),
    button(_("All"), shown.whole, _("The whole recording")),
    tool(_("left out"), "masks", "mask", view.shows("masks")),
    tool(_("interventions"), "interventions", "", view.shows("interventions")),
    tool(_("full range"), "whole", "", view.whole()),
  );
}

function fillSessions(sessions) {
  const list = byId("sessions").querySelector("nav");
  list.replaceChildren();
  for (const { name, state } of sessions) {
    const { mark, words } = stateWords(state);
    const sign = element("span", `mark ${state}`, mark);
    sign.setAttribute("aria-hidden", "true");
    const link = element("a", "", sign, element("span", "", name, element("span", "hidden", `, ${words}`)));
    link.href = addressOf(name);
    link.title = words;
    if (name === data.session) link.setAttribute("aria-current", "page");
    list.append(link);
  }
  const current = list.querySelector("[aria-current]");
  list.scrollTop = Math.max(0, current.offsetTop - list.offsetTop - list.clientHeight / 2);
}

function addressOf(name) {
  return `/studies/${encodeURIComponent(data.study)}/sessions/${encodeURIComponent(name)}`;
}

function visit(name) {
  if (name) location.assign(addressOf(name));
}

function show({ start_s: start, end_s: end }) {
  const room = 1.5 * (end - start);
  shown.go(start - room, end + room);
}

function fill() {
  const { state } = answer.sessions.find((one) => one.name === data.session);
  const { mark, words } = stateWords(state);
  byId("state").textContent = `${mark} ${words}`;
  byId("state").className = `state ${state}`;
  byId("who").textContent = [answer.animal, answer.treatment, answer.setting, answer.sex].filter(Boolean).join(" · ");
  offerRun(answer);
  const out = read === null ? null : leftOut();
  fillAnswer(byId("answer"), answer, { leftOut: out, onset: answer.onsets_s[0] || 0, show, read, last: edits.section(ledger) });
}

// Reads everything again in place: after an edit, and when a run has ended.
async function reload() {
  dragged = null;
  answer = await ask(`${base}/answer`);
  fillSessions(answer.sessions);
  fillExports();
  await loadFit();
}

const HIDEABLE = ["raw", "bins", "fit", "background", "band", "response", "mean", "masks", "interventions"];

// Returns the address of a file of what is on the screen.
function fileOf(name) {
  return () => {
    const [from, to] = shown.window() || [0, 1e6];
    const hidden = HIDEABLE.filter((one) => series[one] === false).join(",");
    return `${base}/${name}?start_s=${from}&end_s=${to}${name.startsWith("figure") && hidden ? `&hidden=${hidden}` : ""}`;
  };
}

function fillExports() {
  const raw = [[_("Raw traces as CSV"), fileOf("raw.csv")]];
  const fitted = [[_("Model and response as CSV"), fileOf("fitted.csv")]];
  byId("export").replaceChildren();
  exportMenu(byId("export"), {
    name: data.session,
    svg: fileOf("figure.svg"),
    png: fileOf("figure.png"),
    files: answer.control ? [...fitted, ...raw] : raw,
    command: () => answer.command,
  });
}

async function loadFit() {
  fit = await ask(`${base}/fit`);
  shown.setFitted(fit.fitted);
  fill();
}

async function start() {
  try {
    await shown.load();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    byId("trouble").replaceChildren(element("p", "refusal", error.message));
    return;
  }
  await attempt(loadFit);
  ledger = (await edits.load()) || null;
  fill();
}

for (const [id, name] of [["previous", data.previous], ["next", data.next]]) {
  byId(id).disabled = !name;
  byId(id).addEventListener("click", () => visit(name));
}
byId("help").addEventListener("click", () => byId("keys").showModal());
listen({
  ArrowLeft: () => shown.pan(-PAN),
  ArrowRight: () => shown.pan(PAN),
  "+": () => shown.zoom(0.5),
  "=": () => shown.zoom(0.5),
  "-": () => shown.zoom(2),
  0: () => shown.whole(),
  Escape: () => shown.back(),
  e: () => byId("answer").querySelector(".edits button").focus(),
  p: () => visit(data.previous),
  n: () => visit(data.next),
  "?": () => byId("keys").showModal(),
});
fillTools();
fillSessions(answer.sessions);
byId("sessions").open = matchMedia("(min-width: 1101px)").matches;
fillExports();
fill();
start();
