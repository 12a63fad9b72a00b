// Fields of a control panel: a label, a slider for the hand and a number for the keyboard, always of one value.
let count = 0;
const STEPS = 1000; // of a slider whose scale is a logarithm

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

export { element };

// Returns a row with a slider and a number. `log` spaces the slider by its logarithm; 0 stays possible as a number
// where `min` of the number, `least`, allows it. `changed(value)` is told every value that is allowed.
export function slider({ label, unit = "", value, min, max, step = "any", least = min, most = max, log = false, changed }) {
  const id = `field-${(count += 1)}`;
  const place = (real) => (log ? (STEPS * Math.log(Math.max(real, min) / min)) / Math.log(max / min) : real);
  const real = (at) => (log ? tidy(min * (max / min) ** (at / STEPS)) : at);
  const range = element("input", { type: "range", id, min: log ? 0 : min, max: log ? STEPS : max, step: log ? 1 : step });
  const number = element("input", { type: "number", min: least, max: most, step: log ? "any" : step });
  number.setAttribute("aria-label", unit ? `${label} (${unit})` : label);

  function show(now) {
    range.value = place(now);
    number.value = now;
    range.setAttribute("aria-valuetext", unit ? `${now} ${unit}` : `${now}`);
  }
  range.addEventListener("input", () => {
    const now = real(Number(range.value));
    number.value = now;
    range.setAttribute("aria-valuetext", unit ? `${now} ${unit}` : `${now}`);
    changed(now);
  });
  number.addEventListener("input", () => {
    const now = Number(number.value);
    if (number.value === "" || !(now >= least && now <= most)) return;
    range.value = place(now);
    changed(now);
  });
  number.addEventListener("change", () => {
    const now = Math.min(most, Math.max(least, Number(number.value) || least));
    show(now);
    changed(now);
  });
  show(value);
  const row = element(
    "div",
    { className: "slide" },
    element("label", { htmlFor: id, textContent: label }),
    range,
    number,
    element("span", { className: "unit", textContent: unit }),
  );
  return { row, show };
}

// Returns a value with three significant digits: what a hand can set.
function tidy(value) {
  return Number(value.toPrecision(3));
}

// Returns a labelled choice. `options` are [value, words], or {label, options} for a group of them.
export function choice({ label, value, options, changed, hideLabel = false }) {
  const select = element("select");
  const option = ([key, words]) => element("option", { value: key, textContent: words, selected: key === value });
  for (const one of options) {
    if (Array.isArray(one)) select.append(option(one));
    else select.append(element("optgroup", { label: one.label }, ...one.options.map(option)));
  }
  select.addEventListener("change", () => changed(select.value));
  const words = element("span", { className: hideLabel ? "hidden" : "", textContent: label });
  return { row: element("label", { className: "choice" }, words, select), select };
}

// Returns a small button.
export function button(words, pressed, className = "quiet") {
  const made = element("button", { type: "button", className, textContent: words });
  made.addEventListener("click", pressed);
  return made;
}
