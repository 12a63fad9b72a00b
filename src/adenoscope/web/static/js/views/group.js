// A study's groups: draws its animals and differences, and leads from the matrix to a verdict.
import { ask, attempt } from "../api.js";
import { exportMenu } from "../exports.js";
import { _, data } from "../words.js";
import { estimation } from "../svg/estimation.js";

const REDRAWN_MS = 150;

const api = `/api/studies/${encodeURIComponent(data.study)}`;

// Offers what a plot can be saved as; `figure` false where there is only a table.
function offer(place, file, name, figure = true) {
  const at = `${api}/plots/${file}`;
  const kinds = figure ? { svg: `${at}.svg`, png: `${at}.png` } : {};
  exportMenu(place, { name, ...kinds, csv: `${at}.csv`, command: data.command });
}

function told({ changed, missing, added, edits, edits_withdrawn: withdrawn }) {
  const lines = [_("These results are out of date: the study has changed since they were computed.")];
  if (changed.length) lines.push(_("Changed: {files}.", { files: changed.join(", ") }));
  if (missing.length) lines.push(_("Missing: {files}.", { files: missing.join(", ") }));
  if (added.length) lines.push(_("New: {files}.", { files: added.join(", ") }));
  const sessions = [...new Set(edits.map(({ session }) => session))];
  if (sessions.length) lines.push(_("Edited in the page: {sessions}.", { sessions: sessions.join(", ") }));
  if (withdrawn) lines.push(_("Edits that these results hold are no longer in the ledger."));
  return lines.join("\n");
}

// Warns where the study is no longer what the results are of, and marks the sessions that were edited since.
async function compare() {
  const place = document.getElementById("stale");
  if (!place) return;
  const found = await ask(`${api}/changes`);
  if (!found.stale) return;
  place.textContent = told(found);
  place.hidden = false;
  for (const { session } of found.edits) {
    const row = [...document.querySelectorAll("tr[data-session]")].find((one) => one.dataset.session === session);
    if (row) row.querySelector(".since").hidden = false;
  }
}

function draw() {
  const places = new Map([...document.querySelectorAll("[data-plot]")].map((place) => [place.dataset.plot, place]));
  for (const place of places.values()) place.replaceChildren();
  for (const plot of data.plots || []) {
    const place = places.get(plot.key);
    const part = document.createElement("div");
    part.className = "figure";
    place.append(part);
    estimation(part, plot, place.dataset.name);
    offer(part, plot.file, place.dataset.name);
  }
}

function follow(link) {
  link.addEventListener("click", () => {
    const target = document.querySelector(link.getAttribute("href"));
    requestAnimationFrame(() => target.focus({ preventScroll: true }));
  });
}

draw();
for (const place of document.querySelectorAll("[data-export]")) {
  offer(place, place.dataset.export, place.dataset.name, place.dataset.export !== "contrasts");
}
attempt(compare);
document.querySelectorAll("a.to-verdict").forEach(follow);
let width = document.documentElement.clientWidth;
let waiting;
addEventListener("resize", () => {
  if (width === document.documentElement.clientWidth) return;
  width = document.documentElement.clientWidth;
  clearTimeout(waiting);
  waiting = setTimeout(draw, REDRAWN_MS);
});
