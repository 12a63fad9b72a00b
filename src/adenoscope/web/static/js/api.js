// Requests to the server of this page, and what went wrong as words that a reader can act on.
import { _ } from "./words.js";

export class Refusal extends Error {}

// Returns the JSON of an answer; throws a Refusal with the server's own words. `signal` ends it.
export async function ask(path, { method = "GET", body, signal } = {}) {
  const options = { method, signal, headers: {} };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["content-type"] = "application/json";
  }
  let answer;
  try {
    answer = await fetch(path, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(_("The server does not answer; is adenoscope still running?"));
  }
  const json = (answer.headers.get("content-type") || "").startsWith("application/json");
  const found = json ? await answer.json() : await answer.text();
  if (answer.ok) return found;
  if (!json) throw new Refusal(found);
  if (found.problems) throw new Refusal(found.problems.map((problem) => problem.words).join("\n"));
  throw new Refusal(found.refused);
}

// Says a short sentence to everybody, those who listen included.
export function say(words) {
  const place = document.getElementById("said");
  place.textContent = words;
  place.classList.add("shown");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => place.classList.remove("shown"), 6000);
}

// Runs what a person asked for; a refusal is said, anything else is our mistake and shows in the console.
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    if (error.name === "AbortError") return undefined;
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
    return undefined;
  }
}
