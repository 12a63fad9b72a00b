// How far the values of a panel reach, a few wild samples left aside.

const SHARE = 0.004; // of the values on the screen, at either end
const PAD = 0.06;

function inside(times, values, start, end) {
  const found = [];
  for (let at = 0; at < times.length; at += 1) {
    if (times[at] >= start && times[at] <= end && values[at] != null) found.push(values[at]);
  }
  return found;
}

// Returns [low, high] for what is shown of `curves`, each {time_s, low, high}, between two times. `models` count whole.
export function limits(curves, models, start, end, whole) {
  let low = Infinity;
  let high = -Infinity;
  for (const curve of curves) {
    const lows = inside(curve.time_s, curve.low, start, end).sort((a, b) => a - b);
    const highs = inside(curve.time_s, curve.high, start, end).sort((a, b) => a - b);
    if (!lows.length) continue;
    const skip = whole ? 0 : Math.floor(SHARE * lows.length);
    low = Math.min(low, lows[skip]);
    high = Math.max(high, highs[highs.length - 1 - skip]);
  }
  for (const model of models) {
    for (const value of inside(model.time_s, model.values, start, end)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(high >= low)) return [0, 1];
  const pad = PAD * (high - low) || Math.abs(high) * 0.01 || 1;
  return [low - pad, high + pad];
}
