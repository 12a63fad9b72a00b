// Elements of a drawing, and an axis of round numbers.

const SVG = "http://www.w3.org/2000/svg";
const MINUS = "−";

// Returns an SVG element with attributes and children; texts become text, never markup.
export function mark(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// Returns a text at (x, y); what is longer than `most` letters is cut, and whole in its title.
export function words(text, x, y, { anchor = "middle", most = 99, ...attributes } = {}) {
  const cut = text.length > most ? `${text.slice(0, most - 1)}…` : text;
  const element = mark("text", { x, y, "text-anchor": anchor, ...attributes }, cut);
  if (cut !== text) element.append(mark("title", {}, text));
  return element;
}

// Returns a number with as many decimals as an axis that is `span` long lets one see.
export function said(value, span) {
  const places = Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(span || 1))));
  return value.toFixed(places).replace(/^-(?=0\.?0*$)/, "").replace("-", MINUS);
}

// Returns the round numbers between two limits, about `most` of them, each with its text.
export function ticks([low, high], most = 6) {
  const raw = (high - low) / most;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= raw);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let number = Math.ceil(low / step - 1e-9); number * step <= high + 1e-9 * step; number += 1) {
    const value = number * step;
    found.push({ value, text: (number === 0 ? "0" : value.toFixed(places)).replace("-", MINUS) });
  }
  return found;
}

// Returns limits that hold every value with some room.
export function reach(values, share = 0.07) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = share * (high - low) || Math.abs(high) * share || 1;
  return [low - room, high + room];
}

// Returns a function from values between `limits` to places between `top` and `bottom`.
export function upright(limits, top, bottom) {
  return (value) => bottom - ((value - limits[0]) / (limits[1] - limits[0])) * (bottom - top);
}

// Returns a vertical axis at `x`, its numbers at the left, and its label turned.
export function axis(limits, x, top, bottom, label) {
  const at = upright(limits, top, bottom);
  const group = mark("g", { class: "axis" }, mark("line", { x1: x, x2: x, y1: top, y2: bottom }));
  for (const { value, text } of ticks(limits)) {
    group.append(mark("line", { x1: x - 4, x2: x, y1: at(value), y2: at(value) }));
    group.append(words(text, x - 7, at(value) + 4, { anchor: "end" }));
  }
  const middle = (top + bottom) / 2;
  group.append(words(label, x - 44, middle, { transform: `rotate(-90 ${x - 44} ${middle})`, most: 40 }));
  return group;
}
