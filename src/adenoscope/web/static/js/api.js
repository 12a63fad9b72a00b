// Requests to the server of this page, and what went wrong as words that a reader can act on.
import { _ } from "./words.js";

export class Refusal extends Error {}

// Returns the answer to a request, which is good; throws a Refusal with the server's own words. `signal` ends it.
async function fetched(path, { method = "GET", body, signal } = {}) {
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
  if (answer.ok) return answer;
  if (!isJson(answer)) throw new Refusal(await answer.text());
  const found = await answer.json();
  throw new Refusal(found.problems ? found.problems.map((problem) => problem.words).join("\n") : found.refused);
}

function isJson(answer) {
  return (answer.headers.get("content-type") || "").startsWith("application/json");
}

// Returns the JSON of an answer, or its text.
export async function ask(path, options) {
  const answer = await fetched(path, options);
  return isJson(answer) ? answer.json() : answer.text();
}

// Saves the file at an address, or the answer to {url, body}, under the name that the server gives it; returns the name.
export async function download(source) {
  const { url, body } = typeof source === "string" ? { url: source } : source;
  const answer = await fetched(url, body === undefined ? {} : { method: "POST", body });
  const given = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("content-disposition") || "");
  const name = given ? decodeURIComponent(given[1]) : url.split(/[?#]/)[0].split("/").pop();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await answer.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  return name;
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
