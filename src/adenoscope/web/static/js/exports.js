// A menu of what a view gives away: figure, data, protocol, and the command line that does the same.
import { attempt, download, say } from "./api.js";
import { _ } from "./words.js";

const KINDS = {
  svg: () => _("Figure as SVG"),
  png: () => _("Figure as PNG"),
  csv: () => _("Data as CSV"),
  toml: () => _("Protocol as TOML"),
};

function item(content) {
  const line = document.createElement("li");
  line.append(content);
  return line;
}

function fileButton(words, source, close) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = words;
  button.addEventListener("click", async () => {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    await attempt(async () => {
      const name = await download(typeof source === "function" ? source() : source);
      say(_("Saved {name}", { name }));
      close();
    });
    button.disabled = false;
    button.removeAttribute("aria-busy");
  });
  return item(button);
}

function commandLine(text) {
  const line = document.createElement("li");
  const label = document.createElement("p");
  const shown = document.createElement("code");
  const copy = document.createElement("button");
  label.className = "soft small";
  label.textContent = _("The command line that does the same");
  copy.type = "button";
  copy.textContent = _("Copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(shown.textContent);
    say(_("Copied"));
  });
  const fill = () => (shown.textContent = typeof text === "function" ? text() : text);
  fill();
  line.className = "command";
  line.append(label, shown, copy);
  return { line, fill };
}

// Puts a menu into `place`. `svg`, `png`, `csv` and `toml` are each an address, {url, body} to be posted, or a function
// that returns either (asked when the file is, so that it is of what is on the screen); leave out what there is not.
// `files` are further ones: [[words, address], ...]. `command` is a text, or a function that returns one. `name` says
// what is exported, to those who hear the page. Returns the element.
export function exportMenu(place, { name, command, files = [], ...sources }) {
  const menu = document.createElement("details");
  const summary = document.createElement("summary");
  const list = document.createElement("ul");
  menu.className = "exports";
  summary.textContent = _("Export");
  summary.setAttribute("aria-label", _("Export: {what}", { what: name }));
  const close = () => {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) summary.focus();
  };
  for (const [kind, words] of Object.entries(KINDS)) {
    if (sources[kind]) list.append(fileButton(words(), sources[kind], close));
  }
  for (const [words, source] of files) list.append(fileButton(words, source, close));
  if (command) {
    const { line, fill } = commandLine(command);
    list.append(line);
    menu.addEventListener("toggle", () => menu.open && fill());
  }
  menu.addEventListener("toggle", () => {
    if (!menu.open) return;
    const { left, right } = summary.getBoundingClientRect();
    const opensRight = right - list.offsetWidth < 0 && left + list.offsetWidth < innerWidth;
    list.classList.toggle("rightwards", opensRight);
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    event.stopPropagation();
    close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.append(summary, list);
  place.append(menu);
  return menu;
}
