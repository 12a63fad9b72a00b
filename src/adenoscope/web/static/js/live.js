// Work that follows a hand: one piece at a time, the newest state waiting, and what was overtaken dropped.
const PATIENCE_MS = 2000;

// Returns a function that takes states. `work(state, signal)` is run for the newest one when the one before has ended;
// one that takes long is ended by its signal as soon as there is a newer.
export function latest(work) {
  let waiting;
  let current = null;

  async function next() {
    while (waiting !== undefined) {
      const state = waiting;
      waiting = undefined;
      current = { control: new AbortController(), begun: performance.now() };
      try {
        await work(state, current.control.signal);
      } catch (error) {
        if (error.name !== "AbortError") {
          current = null;
          throw error;
        }
      }
    }
    current = null;
  }

  addEventListener("pagehide", () => current && current.control.abort());
  return (state) => {
    waiting = state;
    if (!current) return next();
    if (performance.now() - current.begun > PATIENCE_MS) current.control.abort();
    return undefined;
  };
}

// Returns a function that runs `work` once no call has come for `ms`.
export function calm(work, ms) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => work(...given), ms);
  };
}
