// The switches of language and theme, remembered for a year on this machine.
const YEAR_S = 31536000;
const system = matchMedia("(prefers-color-scheme: dark)");
const button = document.getElementById("theme");

function remember(name, value) {
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR_S}; samesite=strict`;
}

function isDark() {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : system.matches;
}

function show() {
  button.setAttribute("aria-pressed", String(isDark()));
  document.dispatchEvent(new CustomEvent("theme"));
}

document.getElementById("language").addEventListener("change", (event) => {
  remember("language", event.target.value);
  location.reload();
});

button.addEventListener("click", () => {
  const theme = isDark() ? "light" : "dark";
  document.documentElement.dataset.theme = theme;
  remember("theme", theme);
  show();
});
system.addEventListener("change", show);
button.setAttribute("aria-pressed", String(isDark()));
