// What was left out of a fit, and why, in words.
import { _ } from "../../words.js";
import { spoken } from "./time.js";

const WHY = {
  handling: () => _("handling: the animal was touched, and light changes with it"),
  broken_path: () => _("the light path was broken: both channels jumped"),
  ceiling: () => _("the detector was at its ceiling"),
  lost: () => _("samples were lost"),
};
const CHANNELS = { signal: () => _("signal"), control: () => _("control"), blank: () => _("blank session") };

// Returns why a stretch was left out.
export function whyWords({ channel, why }) {
  return channel ? `${CHANNELS[channel]()}: ${WHY[why]()}` : WHY[why]();
}

// Returns a list of stretches; a click on one shows it.
export function leftOutList(stretches, onset, show) {
  const list = document.createElement("ul");
  for (const one of stretches) {
    const item = document.createElement("li");
    const link = document.createElement("button");
    link.type = "button";
    link.className = "quiet time";
    link.textContent = _("{start} to {end}", { start: spoken(one.start_s - onset), end: spoken(one.end_s - onset) });
    link.addEventListener("click", () => show(one));
    item.append(link, ` ${whyWords(one)}`);
    list.append(item);
  }
  return list;
}
