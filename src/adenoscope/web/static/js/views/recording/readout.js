// What lies under the pointer, in words: the time twice, the values of every trace, and why a stretch was left out.
import { _ } from "../../words.js";
import { whyWords } from "./left_out.js";
import { clock, spoken } from "./time.js";

function nearest(times, at) {
  let low = 0;
  let high = times.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[middle] < at) low = middle;
    else high = middle;
  }
  return at - times[low] < times[high] - at ? low : high;
}

const digits = (value) => value.toPrecision(5).replace("-", "−");

function channelWords({ name, time_s: times, low, high }, at) {
  const index = nearest(times, at);
  if (low[index] == null) return `${name}: –`;
  const top = high ? high[index] : low[index];
  return low[index] === top ? `${name}: ${digits(top)}` : `${name}: ${digits(low[index])} – ${digits(top)}`;
}

function responseWords(curve, at) {
  if (!curve || at < curve.time_s[0] || at > curve.time_s[curve.time_s.length - 1]) return [];
  const index = nearest(curve.time_s, at);
  const [dff, low, high] = [curve.dff, curve.dff_low, curve.dff_high].map((one) => (100 * one[index]).toFixed(2).replace("-", "−"));
  return [_("ΔF/F: {dff} % ({low} to {high})", { dff, low, high })];
}

// Returns what writes into `place` what lies at a time; null empties it.
export function readout(place, view) {
  return (at, raw, fitted) => {
    if (at === null || !raw) {
      place.textContent = _("Above: time from the first sample. Below: time from the intervention. Drag over a trace to look closer.");
      return;
    }
    const said = [spoken(at - view.onset()), clock(at, 0.1)];
    said.push(...raw.channels.map((one) => channelWords(one, at)), ...responseWords(fitted && fitted.curve, at));
    const out = view.leftOut().find((one) => one.start_s <= at && at <= one.end_s);
    if (out) said.push(whyWords(out));
    place.textContent = said.join("   ");
  };
}
