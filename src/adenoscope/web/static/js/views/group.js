// A study's groups: draws its animals and differences, and leads from the matrix to a verdict.
import { Refusal, ask, attempt } from "../api.js";
import { exportMenu } from "../exports.js";
import { isActive, jobWords, latestJob, startRun, watchJobs } from "../jobs.js";
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

function told({ files, edits, withdrawn }) {
  const lines = [_("These results are out of date: the study has changed since they were computed.")];
  if (files.length) lines.push(_("New, gone or changed: {files}.", { files: files.join(", ") }));
  const sessions = [...new Set(edits.map(({ session }) => session))];
  if (sessions.length) lines.push(_("Edited in the page: {sessions}.", { sessions: sessions.join(", ") }));
  if (withdrawn) lines.push(_("Edits that these results hold are no longer in the ledger."));
  return lines.join("\n");
}

function warn(place, words) {
  place.querySelector("p").textContent = words;
  place.hidden = false;
}

// Warns where the study is no longer what the results are of, and marks the sessions that were edited since.
async function compare() {
  const place = document.getElementById("stale");
  if (!place) return;
  let found;
  try {
    found = await ask(`${api}/changes`);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    warn(place, [_("The study can no longer be run:"), error.message].join("\n"));
    return;
  }
  if (!found.stale) return;
  warn(place, told(found));
  const sessions = new Set(found.edits.map(({ session }) => session));
  for (const row of document.querySelectorAll("tr[data-session]")) {
    row.querySelector(".since").hidden = !sessions.has(row.dataset.session);
  }
}

// Offers to run the study, says how far a run is, and shows the page anew once one that was begun here is done.
function offerRuns() {
  const job = document.getElementById("job");
  const buttons = document.querySelectorAll("button.run");
  let begun = null;
  for (const button of buttons) {
    button.addEventListener("click", () => attempt(async () => (begun = (await startRun(data.study)).id)));
  }
  watchJobs((jobs) => {
    const latest = latestJob(jobs, data.study);
    const active = isActive(latest);
    buttons.forEach((button) => (button.disabled = active));
    if (active) begun = latest.id;
    job.hidden = latest === null || !(active || latest.id === begun);
    if (latest) job.textContent = [jobWords(latest), latest.state === "done" ? "" : latest.message].filter(Boolean).join("\n");
    if (latest && latest.id === begun && latest.state === "done") location.reload();
  });
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
compare();
offerRuns();
document.querySelectorAll("a.to-verdict").forEach(follow);
let width = document.documentElement.clientWidth;
let waiting;
addEventListener("resize", () => {
  if (width === document.documentElement.clientWidth) return;
  width = document.documentElement.clientWidth;
  clearTimeout(waiting);
  waiting = setTimeout(draw, REDRAWN_MS);
});
