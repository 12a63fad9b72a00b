// Sentences of the page's language by their English ones; what has no translation stays English.
const words = JSON.parse(document.getElementById("words").textContent);

// Returns a sentence with its {names} filled in. Sentences are collected from calls of _("...").
export function _(sentence, filled = {}) {
  const said = words[sentence] || sentence;
  return said.replace(/\{(\w+)\}/g, (whole, name) => (name in filled ? String(filled[name]) : whole));
}

// The JSON that the server gave this page.
export const data = JSON.parse(document.getElementById("data").textContent);
