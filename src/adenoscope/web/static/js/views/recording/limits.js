// How far the values of a panel reach, a few wild samples left aside.

const SHARE = 0.004; // of the values on the screen, at either end
const PAD = 0.06;

function inside(times, values, start, end, masks) {
  const found = [];
  for (let at = 0; at < times.length; at += 1) {
    const time = times[at];
    if (time < start || time > end || values[at] == null) continue;
    if (!masks.some((one) => one.start_s <= time && time <= one.end_s)) found.push(values[at]);
  }
  return found;
}

const ascending = (a, b) => a - b;

// Returns [low, high] for what is shown of `curves`, each {time_s, low, high}, between two times: without what lies in
// `masks`, where anything else is shown, unless the `whole` range is asked for. `models` count to their last value.
export function limits(curves, models, start, end, masks, whole) {
  let low = Infinity;
  let high = -Infinity;
  for (const { time_s: times, low: lows, high: highs } of curves) {
    const seen = (values) => {
      const outside = whole ? [] : inside(times, values, start, end, masks);
      return (outside.length ? outside : inside(times, values, start, end, [])).sort(ascending);
    };
    const [lowest, highest] = [seen(lows), seen(highs)];
    if (!lowest.length) continue;
    const skip = whole ? 0 : Math.floor(SHARE * lowest.length);
    low = Math.min(low, lowest[skip]);
    high = Math.max(high, highest[highest.length - 1 - skip]);
  }
  for (const model of models) {
    for (const value of inside(model.time_s, model.values, start, end, [])) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (!(high >= low)) return [0, 1];
  const pad = PAD * (high - low) || Math.abs(high) * 0.01 || 1;
  return [low - pad, high + pad];
}
