// Many marks as one stop of the Tab key: arrows go from mark to mark, and a tip says what is under the eye.

const REACH = 12; // pixels

function placed(tip, place, target) {
  const box = target.getBoundingClientRect();
  const frame = place.getBoundingClientRect();
  const width = tip.offsetWidth;
  const middle = box.left + box.width / 2 - frame.left;
  const left = Math.min(Math.max(4, middle - width / 2), frame.width - width - 4);
  const above = box.top - frame.top - tip.offsetHeight - 6;
  tip.style.left = `${left}px`;
  tip.style.top = `${box.top > tip.offsetHeight + 60 ? above : box.bottom - frame.top + 6}px`;
}

function line(text, name) {
  const element = document.createElement("div");
  element.className = name;
  element.textContent = text;
  return element;
}

// Returns the mark whose circle is nearest to the pointer, where that is near enough; marks may lie over each other.
function nearest(svg, marks, event) {
  const frame = svg.getBoundingClientRect();
  let found = null;
  let least = REACH;
  for (const mark of marks) {
    const circle = mark.querySelector("circle");
    const aside = Number(circle.getAttribute("cx")) - (event.clientX - frame.left);
    const above = Number(circle.getAttribute("cy")) - (event.clientY - frame.top);
    const distance = Math.hypot(aside, above);
    if (distance < least) [found, least] = [mark, distance];
  }
  return found;
}

// Follows the pointer over a drawing: the nearest mark is shown, and a click is a click on it.
function follow(svg, marks, show, hide) {
  let near = null;
  const change = (mark) => {
    if (near === mark) return;
    if (near) near.classList.remove("near");
    if (mark) mark.classList.add("near");
    near = mark;
    svg.classList.toggle("over", Boolean(mark && mark.hasAttribute("href")));
    if (mark) show(mark);
    else hide();
  };
  svg.addEventListener("pointermove", (event) => change(nearest(svg, marks, event)));
  svg.addEventListener("pointerleave", () => change(null));
  svg.addEventListener("click", (event) => {
    if (near && near.hasAttribute("href") && !event.target.closest("a")) {
      near.dispatchEvent(new MouseEvent("click", { bubbles: true, ctrlKey: event.ctrlKey, metaKey: event.metaKey }));
    }
  });
}

// Makes `marks` of a drawing, in their order, reachable in `place`. `tell` returns the lines of a mark's tip.
export function roving(place, svg, marks, tell) {
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // what it says is the mark's own label
  place.append(tip);
  let current = 0;
  marks.forEach((mark, number) => mark.setAttribute("tabindex", number === current ? "0" : "-1"));

  const show = (mark) => {
    tip.replaceChildren(...tell(mark).map((text, number) => line(text, number === 0 ? "first" : "")));
    tip.hidden = false;
    placed(tip, place, mark);
  };
  const hide = () => (tip.hidden = true);
  const go = (number) => {
    marks[current].setAttribute("tabindex", "-1");
    current = Math.min(marks.length - 1, Math.max(0, number));
    marks[current].setAttribute("tabindex", "0");
    marks[current].focus();
  };
  const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -Infinity, End: Infinity };

  follow(svg, marks, show, hide);
  marks.forEach((mark, number) => {
    mark.addEventListener("focus", () => {
      current = number;
      show(mark);
    });
    mark.addEventListener("blur", hide);
    mark.addEventListener("keydown", (event) => {
      if (event.key === "Escape") hide();
      if (!(event.key in steps) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      go(current + steps[event.key]);
    });
  });
}
