// One study in the table: what it is and asks, its sessions, its results, and its latest job with one button.
import { attempt, say } from "../api.js";
import { isActive, jobWords, resumeJob, startRun, stopJob } from "../jobs.js";
import { _ } from "../words.js";

const MOST_PROBLEMS = 5;
const MOST_FILES = 3;

export class StudyRow {
  constructor() {
    this.row = element("tr");
    this.below = element("tr", "below");
    this.elements = [this.row, this.below];
    this.name = element("th", "study");
    this.name.scope = "row";
    this.sessions = element("td");
    this.results = element("td");
    this.job = element("td", "job");
    this.row.append(this.name, this.sessions, this.results, this.job);
    this.problems = element("div");
    this.message = element("p", "refusal small");
    this.message.tabIndex = 0; // it may be long, and scrolls
    const cell = element("td");
    cell.colSpan = 4;
    cell.append(this.message, this.problems);
    this.below.append(cell);
    this.button = element("button");
    this.button.type = "button";
    this.button.addEventListener("click", () => attempt(() => this.press()));
    this.bar = element("progress");
    this.words = element("p", "small");
    this.job.append(this.button, this.bar, this.words);
    this.latest = null;
  }

  remove() {
    this.elements.forEach((each) => each.remove());
  }

  // Shows what the server knows of the study.
  describe(study) {
    this.study = study;
    const link = element("a", "name", study.name);
    link.href = `/studies/${encodeURIComponent(study.name)}`;
    const asks = questions(study).map((words) => element("p", "small soft", words));
    const simulated = study.synthetic ? [element("span", "chip simulated", _("Simulated data"))] : [];
    this.name.replaceChildren(link, " ", ...simulated, element("p", "title", study.title), ...asks, command(study));
    this.sessions.replaceChildren(...counts(study).map((words) => element("p", "", words)));
    this.results.replaceChildren(...results(study));
    this.problems.replaceChildren(...problems(study));
    this.show();
  }

  // Shows the latest job of the study, or that there is none.
  follow(job) {
    this.latest = job;
    this.show();
  }

  show() {
    const job = this.latest;
    const active = isActive(job);
    const stopped = job !== null && job.state === "stopped";
    this.button.textContent = active ? _("Stop") : stopped ? _("Resume") : _("Run");
    this.button.setAttribute("aria-label", `${this.button.textContent}: ${this.study.name}`);
    this.button.disabled = !active && this.study.problems.length > 0;
    this.button.classList.toggle("main", !active && (this.study.changed === null || this.study.changed.length > 0));
    this.bar.hidden = !active;
    this.bar.setAttribute("aria-label", _("Progress of {study}", { study: this.study.name }));
    if (active && job.progress.total) (this.bar.max = job.progress.total), (this.bar.value = job.progress.done);
    else this.bar.removeAttribute("value");
    this.words.textContent = job === null ? _("Not run from this page yet") : words(job);
    const failed = job !== null && (job.state === "refused" || job.state === "failed");
    this.message.hidden = !failed;
    this.message.textContent = failed ? job.message : "";
    this.below.hidden = !failed && this.study.problems.length === 0;
  }

  press() {
    const job = this.latest;
    if (isActive(job)) return stopJob(job.id);
    return job !== null && job.state === "stopped" ? resumeJob(job.id) : startRun(this.study.name);
  }
}

function words(job) {
  if (isActive(job)) return jobWords(job);
  const moment = new Date(job.ended_at).toLocaleString(document.documentElement.lang, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  const told = { words: jobWords(job), moment, sessions: job.message };
  if (job.state === "done" && job.message)
    return _("Done, {moment}; refused, with the reason in the report: {sessions}", told);
  return _("{words}, {moment}", told);
}

function questions(study) {
  const necessity = study.necessity.map(({ manipulation, effect, readouts }) =>
    _("Is what {manipulation} takes away needed for the effect of {effect} on {readouts}?", {
      manipulation,
      effect,
      readouts: readouts.join(", "),
    }),
  );
  const mediation = study.mediation.map((asked) =>
    _("Does {mediator} carry what {treatment} does to {outcome}?", asked),
  );
  return [...necessity, ...mediation];
}

function counts(study) {
  const told = [];
  if (study.n_sessions) told.push(_("Photometry: {n_sessions}", study));
  if (study.n_excluded) told.push(_("Excluded: {n_excluded}", study));
  if (study.n_edited) told.push(_("Edited by hand: {n_edited}", study));
  if (study.n_assays) told.push(_("Behaviour: {n_assays} assays", study));
  if (study.n_animals) told.push(_("Animals: {n_animals}", study));
  return told;
}

function results(study) {
  if (study.changed === null) return [element("span", "state none", _("None yet"))];
  const current = study.changed.length === 0;
  const told = [element("span", current ? "state current" : "state outdated", current ? _("Of these files") : _("Out of date"))];
  if (!current) {
    const files = study.changed.slice(0, MOST_FILES).join(", ");
    const more = study.changed.length - MOST_FILES;
    const words = more > 0 ? _("Changed since: {files} and {more} more", { files, more }) : _("Changed since: {files}", { files });
    told.push(element("p", "small soft", words));
  }
  if (study.has_report) {
    const report = element("a", "", _("Report"));
    report.href = `/studies/${encodeURIComponent(study.name)}/report`;
    report.setAttribute("aria-label", _("Report of {study}", { study: study.name }));
    told.push(element("p", ""));
    told.at(-1).append(report);
  }
  return told;
}

function command(study) {
  const line = element("p", "command small");
  const copy = element("button", "quiet", _("Copy"));
  copy.type = "button";
  copy.setAttribute("aria-label", _("Copy the command that runs {study}", { study: study.name }));
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(study.command);
      say(_("Copied: {command}", study));
    } catch {
      getSelection().selectAllChildren(line.firstChild); // a browser may not let us; then it is one keystroke
    }
  });
  line.append(element("code", "", study.command), copy);
  return line;
}

function problems(study) {
  if (!study.problems.length) return [];
  const heading = element("p", "", _("Nothing is run before this is mended:"));
  const list = element("ol", "problems");
  const more = study.problems.length - MOST_PROBLEMS;
  for (const { where, found, allowed, remedy } of study.problems.slice(0, MOST_PROBLEMS)) {
    const item = element("li");
    const facts = element("dl", "small");
    facts.append(element("dt", "", _("allowed")), element("dd", "", allowed));
    facts.append(element("dt", "", _("remedy")), element("dd", "", remedy));
    item.append(element("strong", "", where), `: ${found}`, facts);
    list.append(item);
  }
  const rest = more > 0 ? [element("p", "small soft", _("and {more} more; adenoscope check lists all", { more }))] : [];
  return [heading, list, ...rest];
}

function element(tag, classes = "", words = "") {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  if (words) made.textContent = words;
  return made;
}
