// The panel that could refute the mechanism: each observation's band, what is predicted, and where it fails.
import { ask, attempt } from "../../api.js";
import { element } from "../../fields.js";
import { say3 } from "../../numbers.js";
import { _ } from "../../words.js";

const EDGE = 3; // half bands from the observed mean; what lies beyond is drawn at the edge
const SMALL = 1e-6;
const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 150;
const HEIGHT = 14;

// Fills `place`, a <details>, when it is opened for the first time; the server computes it once.
export function refutationPanel(place) {
  const body = element("div", { className: "body" });
  place.append(body);
  let asked = false;
  place.addEventListener("toggle", async () => {
    if (!place.open || asked) return;
    asked = true;
    body.replaceChildren(element("p", { className: "soft", role: "status", textContent: _("Every observation is being predicted …") }));
    const found = await attempt(() => ask("/api/mechanism/refutation"));
    if (found) body.replaceChildren(...panel(found));
    else asked = false;
  });
}

function panel(found) {
  const { fitted, others } = found.counts;
  const words = _("{a} of {b} observations that constants were fitted to lie in their bands, and {c} of {d} that were not used.", { a: fitted[0], b: fitted[1], c: others[0], d: others[1] });
  const summary = element("p", { className: "counts" }, element("strong", { textContent: words }));
  const failed = found.rows.filter(({ verdict }) => verdict.includes("outside"));
  const said = element("p", { className: "soft", textContent: _("Failures come first, in red and in words: {names}. Judged by the median of predictions; the bar is their central 95 %, grey the observed band.", { names: failed.map(({ id }) => id).join(", ") || "–" }) });
  const order = (row) => (row.verdict === "inside" ? (row.used ? 2 : 1) : row.verdict === "not predicted" ? 3 : 0);
  const rows = [...found.rows].sort((a, b) => order(a) - order(b));
  const heads = [_("Observation"), _("What was done"), _("Observed [band]"), _("Predicted (95 %)"), _("In half bands"), _("Verdict"), _("Fitted to")];
  const head = element("thead", {}, element("tr", {}, ...heads.map((one) => element("th", { scope: "col", textContent: one }))));
  const table = element("div", { className: "scroll" }, element("table", { className: "refutation" }, head, element("tbody", {}, ...rows.map(line))));
  const assumed = element("ul", { className: "small" }, ...found.assumed_not_explained.map((one) => element("li", { textContent: one })));
  return [summary, said, table, element("h3", { textContent: _("Assumed, not explained") }), assumed];
}

function line(row) {
  const inside = row.verdict === "inside";
  const failed = row.verdict.includes("outside");
  const predicted = row.median === null ? row.reason : `${told(row.median)} (${told(row.low)} – ${told(row.high)})`;
  const [low, high] = [row.low_band, row.high_band].map((edge) => (edge === null ? _("open") : say3(edge)));
  const band = `${say3(row.mean)} [${low} – ${high}]`;
  const verdicts = { inside: _("inside"), outside: _("OUTSIDE"), "far outside": _("FAR OUTSIDE"), "not predicted": _("not predicted") };
  const verdict = element("td", { className: failed ? "failed" : "" }, `${inside ? "✓ " : failed ? "✗ " : ""}${verdicts[row.verdict]}`);
  const name = element("th", { scope: "row", title: `${row.source}; ${row.status}` }, row.readout.replace(/_s$/, "").replaceAll("_", " "), element("span", { className: "soft small", textContent: row.readout.endsWith(row.unit) && row.unit !== "s" ? "" : ` ${row.unit}` }));
  const strip = element("td", { className: "strip" }, row.median === null ? "" : drawn(row, failed));
  const cells = [doneWords(row), band, predicted].map((text) => element("td", { textContent: text }));
  const used = element("td", { textContent: row.used ? _("yes") : _("no") });
  const made = element("tr", { className: failed ? "failed" : "" }, name, ...cells, strip, verdict, used);
  made.dataset.id = row.id;
  return made;
}

// Returns a number; what is within the solver's rounding is 0.
function told(value) {
  return say3(Math.abs(value) < SMALL ? 0 : value);
}

function doneWords(row) {
  const dose = row.intervention === "saline" ? "" : `${say3(row.dose)} ${row.dose_unit}`;
  const who = [row.genotype === "WT" ? "" : row.genotype, row.region === "mPFC" ? "" : row.region, row.stress === "naive" ? "" : row.stress];
  const before = row.pretreatment ? `${row.pretreatment} + ` : "";
  return [`${before}${row.intervention}`, dose, ...who].filter(Boolean).join(" ");
}

function drawn(row, failed) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("aria-hidden", "true");
  const x = (value) => WIDTH * (0.5 + Math.max(-EDGE, Math.min(EDGE, scaled(row, value))) / (2 * EDGE + 0.3));
  const add = (name, attributes, className) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.setAttribute("class", className);
    svg.append(made);
  };
  const half = WIDTH / (2 * EDGE + 0.3);
  add("rect", { x: WIDTH / 2 - half, y: 0, width: 2 * half, height: HEIGHT }, "band");
  add("line", { x1: x(row.low), x2: x(row.high), y1: HEIGHT / 2, y2: HEIGHT / 2 }, failed ? "bar failed" : "bar");
  add("circle", { cx: x(row.median), cy: HEIGHT / 2, r: 3.2 }, `${failed ? "dot failed" : "dot"}${row.used ? "" : " open"}`);
  return svg;
}

function scaled({ mean, low_band: low, high_band: high }, value) {
  const half = (value > mean && high !== null) || low === null ? high - mean : mean - low;
  return half ? (value - mean) / half : 0;
}
