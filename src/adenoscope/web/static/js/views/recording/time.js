// Time along a recording: ticks and words, in seconds from the first sample and from the intervention.

const STEPS_S = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1200, 1800, 3600, 7200,
  14400, 28800, 86400,
];
const MINUTE_S = 60;

// Returns where ticks stand between two times: at whole steps from `origin`, so many pixels apart at the least.
export function ticks(start, end, pixels, origin, apart = 90) {
  const most = Math.max(2, pixels / apart);
  const step = STEPS_S.find((one) => (end - start) / one <= most) || STEPS_S[STEPS_S.length - 1];
  const found = [];
  for (let at = Math.ceil((start - origin) / step - 1e-9); origin + at * step <= end; at += 1) found.push(origin + at * step);
  return found;
}

function plain(value, step) {
  const decimals = Math.max(0, Math.min(3, -Math.floor(Math.log10(step) + 1e-9)));
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", "−");
}

// Returns a time from the intervention: "−20 min" or "3.5 s", as fine as `step` tells apart.
export function since(seconds, step) {
  const inMinutes = step >= MINUTE_S || (Math.abs(seconds) >= 2 * MINUTE_S && step >= MINUTE_S / 10 && step % 6 === 0);
  if (Math.abs(seconds) < step / 1e6) return inMinutes ? "0 min" : "0 s";
  return inMinutes ? `${plain(seconds / MINUTE_S, step / MINUTE_S)} min` : `${plain(seconds, step)} s`;
}

// Returns a time from the intervention as it is read in a sentence.
export function spoken(seconds) {
  return since(seconds, Math.abs(seconds) < 2 * MINUTE_S ? 1 : 6);
}

// Returns a time on the recording's clock: "1:02:03", as fine as `step` tells apart.
export function clock(seconds, step) {
  const sign = seconds < -step / 2 ? "−" : "";
  const decimals = Math.max(0, Math.min(3, -Math.floor(Math.log10(step) + 1e-9)));
  const unit = 10 ** decimals;
  const rounded = Math.round(Math.abs(seconds) * unit) / unit;
  const hours = Math.floor(rounded / 3600);
  const minutes = String(Math.floor(rounded / 60) % 60).padStart(2, "0");
  const rest = (rounded % 60).toFixed(decimals).padStart(decimals ? decimals + 3 : 2, "0");
  return `${sign}${hours}:${minutes}:${rest}`;
}

// Returns the step between ticks, to know how fine their words must be.
export function stepOf(places) {
  return places.length > 1 ? places[1] - places[0] : 1;
}
