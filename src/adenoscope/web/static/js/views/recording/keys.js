// Keys of the recording view, and the list of them.

const TYPING = "input, select, textarea, [role=slider], summary";

// Listens for keys. `does` maps a key to what it does; nothing is done while somebody types, or a dialog is open.
export function listen(does) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const isBox = event.target.matches("input[type=checkbox]");
    if (!isBox && event.target.matches(TYPING)) return;
    const action = does[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
