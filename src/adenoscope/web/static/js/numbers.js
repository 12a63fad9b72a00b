// Numbers and intervals as text, with as many digits as they deserve.
import { _ } from "./words.js";

const ROUNDING = 1e-9; // what is smaller is a solver's, and no number of an animal

// Returns a number with three significant digits, without an exponent where that can be read.
export function say3(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size < ROUNDING) return "0";
  if (size >= 1e5 || size < 1e-4) return value.toExponential(1).replace("e+", "e").replaceAll("-", "−");
  const digits = Math.max(0, 2 - Math.floor(Math.log10(size)));
  const text = value.toFixed(Math.min(digits, 6));
  return (text.includes(".") ? text.replace(/\.?0+$/, "") : text).replace("-", "−") || "0";
}

// Returns an interval {estimate, low, high}, times `scale`, as "median (low to high)"; null where there is none.
export function sayInterval(interval, scale = 1) {
  if (!interval) return null;
  const [estimate, low, high] = [interval.estimate, interval.low, interval.high].map((value) => say3(value * scale));
  return _("{estimate} ({low} to {high})", { estimate, low, high });
}

// Returns a share as whole percent.
export function percent(share) {
  return say3(Math.round(share * 100));
}

// Returns seconds as a reader says them.
export function sayTime(seconds) {
  if (seconds < 120) return _("{n} s", { n: say3(seconds) });
  if (seconds < 7200) return _("{n} min", { n: say3(seconds / 60) });
  return _("{n} h", { n: say3(seconds / 3600) });
}
