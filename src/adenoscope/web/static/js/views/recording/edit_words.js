// What an edit changed, in words.
import { _ } from "../../words.js";

const FIELDS = {
  intervention_s: () => _("intervention"),
  handling_s: () => _("handling window"),
  exclude: () => _("use of the session"),
};

export const fieldWords = (field) => FIELDS[field]();

const signed = (text) => text.replaceAll("-", "−");

// Returns a value of the ledger in words; "" is what the study's files say.
export function valueWords(field, value) {
  if (field === "exclude") return value ? _("excluded: {reason}", { reason: value }) : _("included");
  if (!value) return _("as the study says");
  if (field === "intervention_s") return _("{times} s", { times: value.split(";").map((one) => one.trim()).join("; ") });
  const [start, end] = value.split(/\s+/);
  if (Number(start) === 0 && Number(end) === 0) return _("nothing masked");
  return _("{start} to {end} s", { start: signed(start), end });
}

// Returns a ledger's edits of one session, the newest first, each with `from`, the value before it, and whether it holds.
export function history(ledger, session) {
  const files = ledger.sessions.find((one) => one.session === session).files;
  const before = {
    intervention_s: files.intervention_s.join(";"),
    handling_s: "",
    exclude: files.exclude,
  };
  const told = [];
  for (const edit of ledger.edits.filter((one) => one.session === session)) {
    const to = edit.value || (edit.field === "intervention_s" ? files.intervention_s.join(";") : "");
    told.push({ ...edit, from: before[edit.field], to });
    before[edit.field] = to;
  }
  const newest = new Set();
  return told.reverse().map((edit) => {
    const holds = !newest.has(edit.field);
    newest.add(edit.field);
    return { ...edit, holds };
  });
}
