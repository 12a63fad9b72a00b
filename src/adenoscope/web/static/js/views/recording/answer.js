// What is said of a session beside its traces: the report's own words and numbers.
import { term } from "../../terms.js";
import { _ } from "../../words.js";
import { leftOutList } from "./left_out.js";

const STATES = {
  estimated: ["●", () => _("estimated")],
  caution: ["◐", () => _("estimated, with caution")],
  refused: ["✕", () => _("refused")],
  excluded: ["–", () => _("excluded")],
  none: ["○", () => _("not computed yet")],
};

// Returns the mark and the words of a session's state.
export function stateWords(state) {
  const [mark, words] = STATES[state];
  return { mark, words: words() };
}

export function element(name, className, ...content) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...content.filter((one) => one !== "" && one !== null && one !== undefined));
  return made;
}

// Returns a sentence with what stands between backticks as code.
function coded(sentence) {
  return sentence.split("`").map((part, number) => (number % 2 ? element("code", "", part) : part));
}

function numbersTable(rows) {
  const body = element("tbody", "");
  for (const { name, value, bounds, unit } of rows) {
    const head = element("th", "", term(name));
    head.scope = "row";
    body.append(element("tr", "", head, element("td", "number", term(value)), element("td", "number", bounds), element("td", "", unit)));
  }
  const heads = [_("Quantity"), _("Estimate"), _("95 % interval"), _("Unit")].map((words, number) => {
    const head = element("th", number === 1 || number === 2 ? "number" : "", words);
    head.scope = "col";
    return head;
  });
  const caption = element("caption", "", _("Caused by the intervention"));
  return element("table", "", caption, element("thead", "", element("tr", "", ...heads)), body);
}

function adenosine({ identified, nanomolar, reason, assumed }) {
  const parts = [
    element("h2", "", _("Adenosine at the peak")),
    element("p", "", element("strong", "", nanomolar || _("no number"))),
    element("p", "small", identified ? _("Identified by a calibration.") : _("Not identified: the number follows from what is assumed."), " ", reason),
  ];
  if (assumed.length) {
    const list = element("dl", "small");
    for (const [name, value] of assumed) list.append(element("dt", "", name), element("dd", "", value));
    parts.push(element("details", "", element("summary", "small", _("What is assumed")), list));
  }
  return parts;
}

const upper = (text) => text.charAt(0).toUpperCase() + text.slice(1);

// Fills `place` with an answer. `leftOut` are stretches, null where they are not known, and `show` goes to one; `read`
// is what the reader said of the recording; `last` are elements that follow.
export function fillAnswer(place, answer, { leftOut, onset, show, read, last }) {
  const said = [];
  if (answer.exclude) said.push(element("p", "refusal", _("Excluded: {reason}", { reason: answer.exclude })));
  if (answer.refusal) said.push(element("p", "refusal", element("strong", "", _("Refused.")), " ", ...coded(upper(answer.refusal))));
  if (answer.finding) said.push(element("p", "finding", answer.finding));
  if (answer.cautions && answer.cautions.length) {
    said.push(element("div", "warning", element("strong", "", _("Caution")), element("ul", "", ...answer.cautions.map((one) => element("li", "", ...coded(one))))));
  }
  if (answer.rows && answer.rows.length) said.push(numbersTable(answer.rows));
  if (answer.control) {
    const { words, leak, reason } = answer.control;
    said.push(element("h2", "", _("Control channel")));
    said.push(element("p", "", element("strong", "", term(words)), leak ? ` · ${leak}` : ""));
    if (reason && reason !== answer.refusal) said.push(element("p", "small", ...coded(reason)));
  }
  if (answer.adenosine && answer.rows.length) said.push(...adenosine(answer.adenosine));
  if (leftOut) {
    said.push(element("h2", "", _("What was left out, and why")));
    said.push(leftOut.length ? leftOutList(leftOut, onset, show) : element("p", "soft", _("Nothing was left out.")));
  }
  said.push(...last);
  const facts = answer.facts || read;
  if (facts) said.push(element("h2", "", _("Recording")), element("p", "small soft", facts));
  place.replaceChildren(...said);
}
