// Words of the report that come as data, in the page's language; what is not listed stays as it is.
import { _ } from "./words.js";

const TERMS = {
  "Mean ΔF/F": () => _("Mean ΔF/F"),
  "Area under ΔF/F": () => _("Area under ΔF/F"),
  "Peak ΔF/F": () => _("Peak ΔF/F"),
  "Time to peak": () => _("Time to peak"),
  Onset: () => _("Onset"),
  "Half decay": () => _("Half decay"),
  "Minimum detectable mean": () => _("Minimum detectable mean"),
  "Placebo: mean at a sham time in the baseline": () => _("Placebo: mean at a sham time in the baseline"),
  "not claimed": () => _("not claimed"),
  usable: () => _("usable"),
  "usable with caution": () => _("usable with caution"),
  "signal only": () => _("signal only"),
  unusable: () => _("unusable"),
  "Research use only: virtual subjects, no advice to any person. Every limit needs a clinician and a board.":
    () => _("Research use only: virtual subjects, no advice to any person. Every limit needs a clinician and a board."),
};

// Returns a term, and whatever follows its comma as it is: "Mean ΔF/F, 0 to 30 min".
export function term(text) {
  if (text in TERMS) return TERMS[text]();
  const [name, ...rest] = text.split(", ");
  return [name in TERMS ? TERMS[name]() : name, ...rest].join(", ");
}
