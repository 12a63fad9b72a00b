// What is predicted of a schedule in numbers, and why one is refused: the limit, what was found, what is allowed.
import { element } from "../../fields.js";
import { say3, sayInterval } from "../../numbers.js";
import { _ } from "../../words.js";

// Returns the rows of the table: words, value, and what the envelope asks of it.
function rows(answer, state) {
  const { readings, nadirs, sessions } = { ...answer, sessions: state.sessions };
  const asked = (name) => (answer.envelope ? _("{n} % or above", { n: say3(100 * answer.envelope[name].value) }) : "");
  const found = [
    [_("Nadir of SpO2, mean over bouts (%)"), sayInterval(readings.spo2_nadir, 100), ""],
    [_("Lowest SpO2 (%)"), sayInterval(readings.spo2_lowest, 100), ""],
    [_("SpO2 at rest (%)"), sayInterval(readings.spo2_rest, 100), ""],
  ];
  if (nadirs) {
    found.push([_("A plan's mean nadir less one sd (%)"), say3(100 * (nadirs.mean - nadirs.sd)), asked("SPO2_PLAN_FLOOR")]);
    found.push([_("A low responder's nadir (%)"), say3(100 * nadirs.low_responder), asked("LOW_RESPONDER_CHECK")]);
    found.push([_("Below the floor at any time (% of people)"), sayInterval(answer.risk, 100), _("at most 10 %")]);
  }
  const course = sessions > 1 ? _("Burden of {n} sessions (% min)", { n: sessions }) : _("Burden (% min)");
  return [
    ...found,
    [_("Lowest tissue PO2 (mmHg)"), sayInterval(readings.pto2_lowest_mmhg), ""],
    [_("Fall of ATP/ADP (% of rest)"), sayInterval(readings.atp_fall, 100), ""],
    [course, sayInterval(answer.burden), ""],
    [_("Engagement of A1, one session (occupancy min)"), sayInterval(readings.a1_engagement_min), ""],
    [_("Engagement of A2A, one session (occupancy min)"), sayInterval(readings.a2a_engagement_min), ""],
    [_("Largest rise of A1 occupancy (points)"), sayInterval(readings.a1_peak_rise, 100), ""],
    [_("Largest rise of A2A occupancy (points)"), sayInterval(readings.a2a_peak_rise, 100), ""],
  ];
}

export function numbersTable(place, answer, state) {
  const heads = [_("Predicted"), _("Median (central 95 %)"), _("Allowed")];
  const head = element("thead", {}, element("tr", {}, ...heads.map((words) => element("th", { scope: "col", textContent: words }))));
  const lines = rows(answer, state).map(([words, value, limit]) =>
    element("tr", {}, element("th", { scope: "row", textContent: words }), element("td", { textContent: value ?? _("none in most") }), element("td", { textContent: limit })),
  );
  place.replaceChildren(element("table", {}, head, element("tbody", {}, ...lines)));
}

// Fills `place` with every limit that is not kept, and what is wrong with the schedule.
export function refusals(place, answer, envelope) {
  const problems = (answer.problems || []).map(({ found, allowed, remedy }) =>
    element("p", { className: "refusal", textContent: _("{found}. Allowed: {allowed}. Remedy: {remedy}.", { found, allowed, remedy }) }),
  );
  const breaches = answer.breaches || [];
  const said = breaches.length
    ? [
        element("p", {
          className: "stop",
          textContent: answer.simulated
            ? _("Refused: what is predicted leaves the envelope for people. Nothing more of it is shown.")
            : _("Refused: the schedule leaves the envelope for people. It was not simulated."),
        }),
      ]
    : [];
  place.replaceChildren(...problems, ...said, ...breaches.map((breach) => refusal(breach, envelope)));
}

function refusal({ limit, found, allowed, by, unit, source }, envelope) {
  const times = unit === "1" ? 100 : 1;
  const name = unit === "1" ? "%" : unit === "count" ? "" : unit;
  const side = found < allowed ? _("at least {n}", { n: amount(allowed) }) : _("at most {n}", { n: amount(allowed) });
  function amount(value) {
    return `${say3(value * times)} ${name}`.trim();
  }
  const rows = [
    [_("found"), found < allowed ? _("{found}, {by} less", { found: amount(found), by: amount(by) }) : _("{found}, {by} more", { found: amount(found), by: amount(by) })],
    [_("allowed"), side],
    [_("why"), envelope[limit]?.words || ""],
    [_("source"), `${source}${envelope[limit]?.verified ? "" : ` ${_("(not verified)")}`}`],
  ];
  const list = element("dl", {}, ...rows.flatMap(([key, value]) => [element("dt", { textContent: key }), element("dd", { textContent: value })]));
  return element("div", { className: "breach" }, element("h3", { textContent: limitWords(limit) }), list);
}

function limitWords(limit) {
  if (limit.startsWith("BOUT_MAX_S")) return _("Bout too long for this gas");
  const words = {
    FIO2_MIN: _("Too little oxygen"),
    REST_MIN_S: _("Too little air between bouts"),
    BOUTS_MAX_PER_DAY: _("Too many bouts in a day"),
    SESSIONS_MAX_PER_DAY: _("Too many sessions in a day"),
    SESSIONS_MAX_PER_WEEK: _("Too many sessions in a week"),
    SESSIONS_MAX_TOTAL_BEFORE_REVIEW: _("Too many sessions before a review"),
    SPO2_PLAN_FLOOR: _("SpO2 is planned or predicted too low"),
    LOW_RESPONDER_CHECK: _("A low responder would fall too low"),
  };
  return words[limit] || limit;
}
