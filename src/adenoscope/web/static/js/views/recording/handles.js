// Handles on the lines of interventions: dragged by pointer, moved by arrow keys; what is let go is asked about.
import { _ } from "../../words.js";
import { clock } from "./time.js";

const STEP_S = 1;
const LONG_STEP_S = 10;
const MOST = 8; // of more, handles would lie on one another; their times are typed

// Returns what puts handles on a chart whenever it is drawn. `view.drag(number, at)` shows a line elsewhere (at null:
// where it was), `moved(number, at)` is called when it is let go.
export function handles(view, moved) {
  const made = [];
  let chart = null;

  function make(number) {
    const handle = document.createElement("div");
    let at = null;
    handle.className = "handle";
    handle.tabIndex = 0;
    handle.setAttribute("role", "slider");
    const go = (to) => {
      const last = chart.data[0][chart.data[0].length - 1];
      at = Math.max(0, Math.min(to, last));
      view.drag(number, at);
    };
    const release = () => {
      const to = at;
      at = null;
      if (to !== null && Math.abs(to - view.files(number)) > 0.05) moved(number, Math.round(to * 10) / 10);
      else view.drag(number, null);
    };
    handle.addEventListener("pointerdown", (event) => {
      handle.setPointerCapture(event.pointerId);
      handle.onpointermove = (moving) => go(chart.posToVal(moving.clientX - chart.over.getBoundingClientRect().left, "x"));
    });
    handle.addEventListener("pointerup", () => {
      handle.onpointermove = null;
      release();
    });
    handle.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step) go((at === null ? view.files(number) : at) + step * (event.shiftKey ? LONG_STEP_S : STEP_S));
      else if (event.key === "Enter") release();
      else if (event.key === "Escape" && at !== null) {
        at = null;
        view.drag(number, null);
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    handle.addEventListener("blur", () => {
      if (!handle.onpointermove && at !== null) {
        at = null;
        view.drag(number, null);
      }
    });
    return handle;
  }

  return (drawn) => {
    chart = drawn;
    if (drawn && !drawn.root.isConnected) return; // it is being made, or gone
    const onsets = drawn && view.onsets().length <= MOST ? view.onsets() : [];
    while (made.length < onsets.length) made.push(make(made.length));
    made.forEach((handle, number) => {
      const at = onsets[number];
      const inside = at !== undefined && at >= drawn.scales.x.min && at <= drawn.scales.x.max;
      handle.hidden = !inside;
      if (!inside) return;
      const around = drawn.root.parentElement.parentElement;
      if (handle.parentElement !== around) around.append(handle);
      handle.style.left = `${drawn.over.offsetLeft + drawn.valToPos(at, "x")}px`;
      handle.style.top = `${drawn.over.offsetTop}px`;
      handle.setAttribute("aria-label", _("Intervention {number}; arrow keys move it, Enter asks to keep it", { number: number + 1 }));
      handle.setAttribute("aria-valuenow", at.toFixed(1));
      handle.setAttribute("aria-valuemin", "0");
      handle.setAttribute("aria-valuemax", String(Math.ceil(view.last())));
      handle.setAttribute("aria-valuetext", _("{seconds} s from the first sample, {clock}", { seconds: at.toFixed(1), clock: clock(at, 1) }));
    });
  };
}
