// The queue of jobs, watched: one question to the server for all who ask, quick while something runs.
import { ask } from "./api.js";
import { _ } from "./words.js";

const QUICK_MS = 500;
const SLOW_MS = 4000;
const watchers = new Set();
let jobs = null;
let timer = 0;
let asking = null;

// Calls `callback` with all jobs, the newest first: soon, and whenever anything about one changes.
// Returns what ends it.
export function watchJobs(callback) {
  watchers.add(callback);
  if (jobs === null) poll();
  else callback(jobs);
  return () => watchers.delete(callback);
}

// Queues a run of a study ("refit in place": sessions that did not change are not computed again); returns the job.
export const startRun = (study) => act("/api/jobs", { study });

// Queues the making of the demonstration study; returns the job.
export const makeDemo = () => act("/api/demo");

export const stopJob = (id) => act(`/api/jobs/${id}/stop`);
export const resumeJob = (id) => act(`/api/jobs/${id}/resume`);

// Returns the newest job of a study, or null.
export const latestJob = (all, study) => all.find((job) => job.study === study) || null;

export const isActive = (job) => job !== null && (job.state === "queued" || job.state === "running");

// Returns where a job is, as a sentence.
export function jobWords(job) {
  if (job.state === "running") return stageWords(job.progress);
  if (job.state === "done") return job.kind === "demo" ? _("The demonstration study is made") : _("Done");
  if (job.state === "stopped") return job.kind === "demo" ? _("Stopped") : _("Stopped; what is finished is kept");
  const others = {
    queued: _("Waiting for its turn"),
    refused: _("Refused: the input is wrong"),
    failed: _("Failed"),
  };
  return others[job.state];
}

function stageWords({ stage, done, total, words }) {
  const told = { done, total, session: words };
  if (stage === "checking") return _("Checking recordings: {done} of {total}", told);
  if (stage === "estimating") return _("Estimating: {done} of {total} sessions", told);
  if (stage === "simulating") return _("Simulating recordings: {done} of {total}", told);
  const others = {
    compiling: _("Compiling the estimator, once; about half a minute"),
    comparing: _("Comparing groups"),
    reporting: _("Writing the report"),
  };
  return others[stage] || _("Starting");
}

async function act(path, body) {
  const job = await ask(path, { method: "POST", body });
  await poll();
  return job;
}

async function poll() {
  clearTimeout(timer);
  if (asking) return asking;
  asking = look();
  const active = await asking;
  asking = null;
  if (watchers.size) timer = setTimeout(poll, active ? QUICK_MS : SLOW_MS);
  return undefined;
}

// Tells the watchers what has changed; returns whether anything runs.
async function look() {
  let found = jobs;
  try {
    found = (await ask("/api/jobs")).jobs;
  } catch {
    return false; // the server is gone, or comes back; it is asked again
  }
  if (JSON.stringify(found) !== JSON.stringify(jobs)) {
    jobs = found;
    watchers.forEach((callback) => callback(jobs));
  }
  return jobs.some(isActive);
}
