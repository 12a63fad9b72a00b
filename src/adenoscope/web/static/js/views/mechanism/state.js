// The protocol on the page: in its address, so that it can be linked, and as the document that the server reads.
const LOOKS = { often: 240, inBout: 8, most: 1500 }; // times looked at: over all, in a bout, and at most
const EVERY_S = [1, 2, 3, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 300, 600]; // so that minutes are looked at
const SUBJECTS = 128;
const FORMS = {
  // What each kind of thing done is written as in the address, in this order.
  give: ["compound", "dose", "unit", "route", "at_s", "duration_s"],
  breathe: ["at_s", "fio2", "duration_s", "repeat", "rest_s"],
  shock: ["at_s", "current_ma", "frequency_hz", "pulse_ms", "duration_s"],
  light: ["at_s", "duration_s", "strength"],
};
const TEXTS = new Set(["compound", "unit", "route"]);
const HEAD = { species: "mouse", region: "mPFC", genotype: "WT", condition: "naive" };
export const MOST_DONE = 6;

export const EMPTY = { ...HEAD, duration_s: 5400, done: [] };
export const START = {
  ...EMPTY,
  done: [{ kind: "give", compound: "ketamine", dose: 10, unit: "mg/kg", route: "ip", at_s: 600 }],
};

// Returns a protocol as the query of an address.
export function toQuery(state) {
  const query = new URLSearchParams();
  for (const name of Object.keys(HEAD)) query.append(name, state[name]);
  query.append("duration_s", state.duration_s);
  for (const done of state.done) {
    const parts = FORMS[done.kind].map((name) => done[name] ?? "");
    query.append(done.kind, parts.join(",").replace(/,+$/, ""));
  }
  return query.toString();
}

// Returns the protocol of a query, as far as it can be read; what is not allowed is the server's to say.
export function fromQuery(text) {
  const query = new URLSearchParams(text);
  if (!query.has("species")) return null;
  const state = { ...EMPTY, done: [] };
  for (const name of Object.keys(HEAD)) state[name] = query.get(name) || HEAD[name];
  state.duration_s = positive(query.get("duration_s"), EMPTY.duration_s);
  for (const [kind, value] of query) {
    if (kind in FORMS && state.done.length < MOST_DONE) state.done.push(read(kind, value.split(",")));
  }
  return state;
}

function read(kind, parts) {
  const done = { kind };
  FORMS[kind].forEach((name, place) => {
    const part = parts[place];
    if (part === undefined || part === "") return;
    done[name] = TEXTS.has(name) ? part : Number(part) || 0;
  });
  return done;
}

function positive(text, otherwise) {
  const value = Number(text);
  return value > 0 ? value : otherwise;
}

// Returns a protocol as its TOML would be read.
export function toDocument(state) {
  const document = Object.fromEntries(Object.keys(HEAD).map((name) => [name, state[name]]));
  Object.assign(document, { duration_s: state.duration_s, every_s: everyS(state), subjects: SUBJECTS, seed: 1 });
  for (const { kind, ...done } of state.done) (document[kind] ||= []).push(done);
  return document;
}

// Returns how often curves are looked at [s]: as a screen shows them, and a few times in the shortest bout.
function everyS(state) {
  const spans = state.done
    .filter(({ kind }) => kind === "breathe" || kind === "shock")
    .flatMap(({ duration_s, rest_s }) => [duration_s, ...(rest_s ? [rest_s] : [])]);
  const wanted = Math.min(state.duration_s / LOOKS.often, ...spans.map((span) => span / LOOKS.inBout));
  const least = state.duration_s / LOOKS.most;
  return EVERY_S.findLast((every) => every <= Math.max(wanted, least)) ?? EVERY_S[0];
}
