// How two protocols differ in the same virtual subjects: a table of peaks and areas with their intervals.
import { element } from "../../fields.js";
import { percent, sayInterval } from "../../numbers.js";
import { _ } from "../../words.js";
import { shownAs } from "./charts.js";

const MINUTE_S = 60;

export function compareTable(place) {
  function clear() {
    place.replaceChildren();
  }

  function show(found, names) {
    clear();
    place.append(element("h2", { textContent: _("B less A, in the same virtual subjects") }));
    if (found.refused) {
      place.append(element("p", { className: "refusal", textContent: found.refused }));
      return;
    }
    const rows = found.rows.filter(({ observable }) => names.includes(observable));
    const heads = [_("Observable"), _("Reading"), "A", "B", _("B − A, median and 95 %"), _("B is above A in")];
    const head = element("tr", {}, ...heads.map((words) => element("th", { scope: "col", textContent: words })));
    const body = element("tbody", {}, ...rows.map((row, number) => line(row, rows[number - 1]?.observable)));
    const caption = element("caption", { className: "small", textContent: _("Area: that of the change from rest. Constants that are wrong for all subjects are not in the intervals.") });
    place.append(element("div", { className: "scroll" }, element("table", {}, caption, element("thead", {}, head), body)));
  }
  return { show, clear };
}

function line(row, before) {
  const { words, scale: times, unit } = shownAs(row.observable);
  const area = row.reading === "auc";
  const scale = area ? times / MINUTE_S : times;
  const reading = area ? (unit ? _("area ({unit} min)", { unit }) : _("area (min)")) : unit ? _("peak ({unit})", { unit }) : _("peak");
  const cells = [reading, sayInterval(row.first, scale), sayInterval(row.second, scale), differenceWords(row, scale), aboveWords(row)];
  const name = element("th", { scope: "row", textContent: words, className: before === row.observable ? "again" : "" });
  return element("tr", {}, name, ...cells.map((text) => element("td", { textContent: text ?? _("none in most") })));
}

function differenceWords({ difference }, scale) {
  if (!difference) return null;
  if (difference.low === 0 && difference.high === 0) return _("none");
  return sayInterval(difference, scale);
}

function aboveWords({ difference, share_above: share }) {
  if (share === null || (difference && difference.low === 0 && difference.high === 0)) return "–";
  return `${percent(share)} %`;
}
