// A study's groups: draws its animals and differences, and leads from the matrix to a verdict.
import { data } from "../words.js";
import { estimation } from "../svg/estimation.js";

const REDRAWN_MS = 150;

function draw() {
  const places = new Map([...document.querySelectorAll("[data-plot]")].map((place) => [place.dataset.plot, place]));
  for (const place of places.values()) place.replaceChildren();
  for (const plot of data.plots || []) {
    const place = places.get(plot.key);
    const part = document.createElement("div");
    part.className = "plot";
    place.append(part);
    estimation(part, plot, place.dataset.name);
  }
}

function follow(link) {
  link.addEventListener("click", () => {
    const target = document.querySelector(link.getAttribute("href"));
    requestAnimationFrame(() => target.focus({ preventScroll: true }));
  });
}

draw();
document.querySelectorAll("a.to-verdict").forEach(follow);
let width = document.documentElement.clientWidth;
let waiting;
addEventListener("resize", () => {
  if (width === document.documentElement.clientWidth) return;
  width = document.documentElement.clientWidth;
  clearTimeout(waiting);
  waiting = setTimeout(draw, REDRAWN_MS);
});
