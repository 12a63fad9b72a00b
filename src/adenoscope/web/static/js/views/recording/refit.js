// Runs the study from here: offers it where numbers are missing or of before an edit, shows how far it is.
import { attempt } from "../../api.js";
import { isActive, jobWords, latestJob, startRun, stopJob, watchJobs } from "../../jobs.js";
import { _ } from "../../words.js";
import { element } from "./answer.js";

const CHANGED = {
  exclude: () => _("the session was left out, or taken in again"),
  intervention_s: () => _("the intervention was moved"),
  handling_s: () => _("the handling window was changed"),
};

// Returns what fills `place` for an answer. `done` is called when a run of the study has ended well.
export function refit(place, { study, done }) {
  let job = null;
  let answer = null;

  function button(words, does, className) {
    const made = element("button", className, words);
    made.type = "button";
    made.addEventListener("click", () => attempt(does));
    return made;
  }

  function show() {
    const shown = [];
    if (job && isActive(job)) {
      const bar = document.createElement("progress");
      if (job.state === "running" && job.progress.total) Object.assign(bar, { max: job.progress.total, value: job.progress.done });
      bar.setAttribute("aria-label", _("Progress of the run"));
      shown.push(element("p", "", jobWords(job)), bar, button(_("Stop"), () => stopJob(job.id), ""));
    } else if (answer.changed.length) {
      const why = answer.changed.map((field) => CHANGED[field]()).join("; ");
      shown.push(element("p", "", _("These numbers are of before a change: {why}.", { why })));
      shown.push(button(_("Refit now"), () => startRun(study), "main"));
    } else if (answer.state === "none") {
      shown.push(element("p", "", _("Nothing was fitted to this session yet.")), button(_("Run the study"), () => startRun(study), "main"));
    }
    if (job && ["refused", "failed"].includes(job.state) && job.message && shown.length) {
      shown.push(element("p", "warning small", `${jobWords(job)}\n${job.message}`));
    }
    place.replaceChildren(...shown);
    place.hidden = !shown.length;
  }

  watchJobs((jobs) => {
    const found = latestJob(jobs, study);
    const ended = job && found && isActive(job) && !isActive(found);
    job = found;
    if (answer) show();
    if (ended && found.state === "done") attempt(done);
  });
  return (found) => {
    answer = found;
    show();
  };
}
