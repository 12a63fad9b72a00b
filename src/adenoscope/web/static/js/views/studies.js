// The page of all studies: a row each, kept up to date while jobs run; an empty folder is explained.
import { ask, attempt, say } from "../api.js";
import { isActive, jobWords, latestJob, makeDemo, resumeJob, stopJob, watchJobs } from "../jobs.js";
import { _, data } from "../words.js";
import { StudyRow } from "./study_row.js";

const DEMO = "demo-study";
const table = document.getElementById("studies");
const empty = document.getElementById("empty");
const offers = [...document.querySelectorAll("[data-demo]")];
const demo = document.getElementById("demo");
const slots = [...document.querySelectorAll("[data-slot]")];
const rows = new Map();
let jobs = [];
let before = null;

function show(studies) {
  const names = new Set(studies.map((study) => study.name));
  for (const [name, row] of rows) if (!names.has(name)) (row.remove(), rows.delete(name));
  for (const study of studies) {
    if (!rows.has(study.name)) {
      rows.set(study.name, new StudyRow());
      table.append(...rows.get(study.name).elements);
    }
    rows.get(study.name).describe(study);
    rows.get(study.name).follow(latestJob(jobs, study.name));
  }
  document.getElementById("some").hidden = studies.length === 0;
  empty.hidden = studies.length > 0;
  showDemo();
}

// What of the demonstration is offered, or how far it is.
function showDemo() {
  const job = rows.has(DEMO) ? null : latestJob(jobs, DEMO);
  const waits = job !== null && job.state !== "done";
  demo.hidden = !waits;
  offers.forEach((offer) => (offer.hidden = rows.has(DEMO) || (waits && isActive(job))));
  if (!waits) return;
  const slot = slots.find((each) => !each.closest("[hidden]"));
  if (slot && demo.parentElement !== slot) slot.append(demo);
  const [words, bar, button] = demo.children;
  words.textContent = job.message && !isActive(job) ? `${jobWords(job)}\n${job.message}` : jobWords(job);
  bar.hidden = !isActive(job);
  if (job.progress.total && job.state === "running") (bar.max = job.progress.total), (bar.value = job.progress.done);
  else bar.removeAttribute("value");
  button.textContent = isActive(job) ? _("Stop") : _("Resume");
  button.onclick = () => attempt(() => (isActive(job) ? stopJob(job.id) : resumeJob(job.id)));
}

// Follows the queue; what has ended is said, and makes the rows be read again.
function follow(found) {
  jobs = found;
  for (const [name, row] of rows) row.follow(latestJob(jobs, name));
  showDemo();
  const active = new Map(found.filter(isActive).map((job) => [job.id, job]));
  const ended = before === null ? [] : found.filter((job) => before.has(job.id) && !active.has(job.id));
  before = active;
  if (!ended.length) return;
  ended.forEach((job) => say(`${job.study}: ${jobWords(job)}`));
  attempt(async () => show((await ask("/api/studies")).studies));
}

async function begin() {
  await makeDemo();
  demo.querySelector("button").focus(); // the button that was pressed is gone
}

offers.forEach((offer) => offer.addEventListener("click", () => attempt(begin)));
show(data.studies);
watchJobs(follow);
