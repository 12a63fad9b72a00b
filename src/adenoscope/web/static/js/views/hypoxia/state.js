// The schedule on the page: in its address, so that it can be linked, and as the server reads it.
const SUBJECTS = 128;
const NUMBERS = ["fio2", "bout_s", "rest_s", "bouts", "sessions", "sessions_per_week", "spo2_target"];
const TEXTS = ["species", "region"];

export const STARTS = {
  mouse: { species: "mouse", region: "mPFC", fio2: 0.09, bout_s: 300, rest_s: 300, bouts: 5, sessions: 1, sessions_per_week: 5, spo2_target: null },
  human: { species: "human", region: "mPFC", fio2: 0.13, bout_s: 300, rest_s: 180, bouts: 3, sessions: 1, sessions_per_week: 5, spo2_target: null },
};

// Returns a schedule as the query of an address.
export function toQuery(state) {
  const told = [...TEXTS, ...NUMBERS].filter((name) => state[name] !== null && state[name] !== undefined);
  return new URLSearchParams(told.map((name) => [name, state[name]])).toString();
}

// Returns the schedule of a query; what is not allowed is the server's to say.
export function fromQuery(text) {
  const query = new URLSearchParams(text);
  const state = { ...(STARTS[query.get("species")] || STARTS.human) };
  for (const name of NUMBERS) {
    const value = Number(query.get(name));
    if (query.get(name) && Number.isFinite(value)) state[name] = value;
  }
  if (query.get("region")) state.region = query.get("region");
  return state;
}

// Returns a schedule as the server reads it.
export function toBody(state) {
  const { spo2_target: target, ...rest } = state;
  return { ...rest, ...(target ? { spo2_target: target } : {}), subjects: SUBJECTS, seed: 1 };
}

// Returns what one published schedule sets.
export function ofPreset({ species, schedule }) {
  const { fio2, bout_s, rest_s, bouts, sessions, sessions_per_week, spo2_target } = schedule;
  return { ...STARTS[species], fio2, bout_s, rest_s, bouts, sessions, sessions_per_week, spo2_target };
}
