// The mechanism: turn a protocol's knobs and see what it predicts, beside a pinned one, and where it is refuted.
import { ask, attempt, say } from "../api.js";
import { exportMenu } from "../exports.js";
import { element } from "../fields.js";
import { calm, latest } from "../live.js";
import { percent } from "../numbers.js";
import { _ } from "../words.js";
import { multiples, shownAs, worthALook } from "./mechanism/charts.js";
import { compareTable } from "./mechanism/compare.js";
import { controls } from "./mechanism/controls.js";
import { START, fromQuery, toDocument, toQuery } from "./mechanism/state.js";
import { refutationPanel } from "./mechanism/refutation.js";

const SETTLED_MS = 350; // a hand that rests: then the address, the table and the words for listeners follow
const API = "/api/mechanism";
const place = (id) => document.getElementById(id);
const main = place("mechanism");
const charts = multiples(place("charts"));
const compare = compareTable(place("compare"));

let state = START;
let pinned = null; // {state, answer, key}
let answer = null;
let names = [];
let all = false;

const post = (path, body, signal) => ask(`${API}/${path}`, { method: "POST", body, signal });

// A pinned protocol is looked at as long, and as often, as the one before it, so that both are on one axis.
const beside = () => ({ ...toDocument({ ...pinned.state, duration_s: state.duration_s }), every_s: toDocument(state).every_s });

const follow = latest(async (wanted, signal) => {
  const found = await attempt(async () => (await Promise.all([post("preview", toDocument(wanted), signal), followPinned(signal)]))[0]);
  if (!found) return;
  answer = found;
  show(wanted);
});

// A pinned protocol is asked for anew only where it is looked at otherwise.
async function followPinned(signal) {
  if (!pinned) return;
  const own = pinned;
  const key = JSON.stringify(beside());
  if (own.key === key) return;
  const found = await post("preview", beside(), signal);
  own.answer = found.curves?.length ? found : null;
  own.key = key;
}

function show(wanted) {
  const wrong = [...(answer.problems || []).map(problemWords), ...(answer.refusals || [])];
  const refused = answer.refusals?.length ? [element("p", { className: "stop", textContent: _("Refused: nothing was simulated.") })] : [];
  place("refused").replaceChildren(...refused, ...wrong.map((words) => element("p", { className: "refusal", textContent: words })));
  place("answer").hidden = wrong.length > 0;
  if (!wrong.length) {
    names = worthALook(wanted, answer.curves, all);
    charts.draw(answer, pinned && pinned.answer, names, wanted);
    place("trust").textContent = trustWords(answer, wanted);
    const beyond = answer.outside_validity;
    place("beyond").replaceChildren(...beyond.map((words) => element("li", { textContent: words })));
    place("beyond-words").textContent = beyond.length
      ? _("Outside what the mechanism was built for or compared with:")
      : _("Nothing in this protocol is outside what the mechanism was built for.");
  }
  settle();
  main.dataset.shown = toQuery(wanted);
  document.dispatchEvent(new CustomEvent("drawn", { detail: main.dataset.shown }));
}

function problemWords({ found, allowed, remedy }) {
  return _("{found}. Allowed: {allowed}. Remedy: {remedy}.", { found, allowed, remedy });
}

function trustWords({ subjects, unverified_share: share }, { species }) {
  const words = { finished: subjects.finished, asked: subjects.asked, share: percent(share) };
  return species === "mouse"
    ? _("{finished} of {asked} virtual mice: median and central 95 %, which hold how animals differ and what is not known. {share} % of the constants were not verified in their source.", words)
    : _("{finished} of {asked} virtual people: median and central 95 %, which hold how people differ and what is not known. {share} % of the constants were not verified in their source.", words);
}

const settle = calm(async () => {
  const query = new URLSearchParams(toQuery(state));
  if (pinned) query.append("a", toQuery(pinned.state));
  if (all) query.append("all", "1");
  history.replaceState(null, "", `?${query}`);
  await compareNow();
  const peak = place("charts").querySelector(".reading")?.textContent;
  place("listen").textContent = answer?.curves?.length ? _("Drawn. {title}: {peak}", { title: shownAs(names[0]).words, peak }) : place("refused").textContent;
}, SETTLED_MS);

async function compareNow() {
  if (!pinned || !answer?.curves?.length) return compare.clear();
  const found = await attempt(() => post("compare", { first: beside(), second: toDocument(state) }));
  return found && pinned && compare.show(found, names);
}

function changed(next) {
  state = next;
  follow(state);
}

function pin(own) {
  pinned = own && { state: own, answer: null };
  place("pin").textContent = pinned ? _("Pin this as A instead") : _("Pin as A");
  for (const id of ["unpin", "swap", "legend"]) place(id).hidden = !pinned;
  if (!pinned) compare.clear();
}

function start(choices) {
  const query = new URLSearchParams(location.search);
  state = fromQuery(location.search) || START;
  all = query.has("all");
  if (query.has("a")) pin(fromQuery(query.get("a")));
  const panel = controls({ subjects: place("who"), done: place("done"), add: place("add") }, choices, changed);
  panel.fill(state);
  place("pin").addEventListener("click", () => {
    pin(state);
    say(_("Pinned as A: change the protocol to compare."));
    changed(state);
  });
  place("unpin").addEventListener("click", () => (pin(null), changed(state)));
  place("swap").addEventListener("click", () => {
    const other = pinned.state;
    pin(state);
    panel.fill(other);
    changed(other);
  });
  place("all").checked = all;
  place("all").addEventListener("change", (event) => ((all = event.target.checked), changed(state)));
  place("loading").hidden = true;
  place("panel").hidden = place("stage").hidden = false;
  changed(state);
}

function offerExports() {
  const figure = (kind) => () => ({
    url: `${API}/figure.${kind}`,
    body: { protocol: toDocument(state), pinned: pinned ? beside() : null, observables: names },
  });
  const own = (path) => () => ({ url: `${API}/${path}`, body: toDocument(state) });
  exportMenu(place("exports"), {
    name: _("the protocol and its curves"),
    svg: figure("svg"),
    png: figure("png"),
    csv: own("curves.csv"),
    toml: own("protocol.toml"),
    command: () => `adenoscope simulate protocol.toml --out results`,
  });
}

refutationPanel(place("refutation"));
offerExports();
attempt(async () => start(await ask(`${API}/choices`)));
