// Edits by hand: a dialog that asks for a value and a reason, and the ledger of a session.
import { ask, attempt, Refusal, say } from "../../api.js";
import { _ } from "../../words.js";
import { element } from "./answer.js";
import { fieldWords, history, valueWords } from "./edit_words.js";

const TITLES = {
  intervention_s: () => _("When was the intervention?"),
  handling_s: () => _("What around the intervention is masked?"),
  exclude: () => _("Leave this session out?"),
  undo: () => _("Undo this change?"),
};

const WHEN = { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" };

function input(label, value, more = {}) {
  const field = Object.assign(document.createElement("input"), { type: "text", required: true, value, autocomplete: "off", ...more });
  return [element("label", "field", label, field), field];
}

function valueFields(field, answer, proposed) {
  if (field === "exclude") return { parts: [], read: (reason) => (answer.exclude ? "" : reason) };
  if (field === "intervention_s") {
    const several = answer.onsets_s.length > 1;
    const [label, box] = input(
      several ? _("Seconds from the first sample, separated by ;") : _("Seconds from the first sample"),
      proposed ?? answer.onsets_s.join("; "),
    );
    return { parts: [label], read: () => box.value.split(";").map((one) => one.trim()).join(";") };
  }
  const [start, end] = answer.handling_s || ["-30", "60"];
  const [first, from] = input(_("From, seconds (0, or before the intervention: −30)"), String(start));
  const [second, to] = input(_("To, seconds after it"), String(end));
  return { parts: [first, second], read: () => `${from.value.trim().replace("−", "-")} ${to.value.trim()}` };
}

// Returns the page's editor. `told` gives the answer as it is, `saved` is called when the ledger has grown.
export function editor({ study, session, handling, told, saved, left }) {
  const path = `/api/studies/${encodeURIComponent(study)}/edits`;
  const dialog = document.getElementById("edit");
  dialog.addEventListener("close", () => left());

  async function post(field, value, reason) {
    const ledger = await ask(path, { method: "POST", body: { session, field, value, reason } });
    say(_("Kept in {ledger}; the study's own files stay as they are.", { ledger: ledger.ledger }));
    await saved(ledger);
  }

  function open({ title, before, parts, read, note, preview = null }) {
    const form = document.createElement("form");
    const reason = document.createElement("textarea");
    const wrong = element("p", "warning");
    const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: _("Cancel") });
    const keep = element("button", "main", _("Keep"));
    Object.assign(reason, { required: true, rows: 2, maxLength: 500 });
    wrong.setAttribute("role", "alert");
    wrong.hidden = true;
    cancel.addEventListener("click", () => dialog.close());
    const becomes = document.createElement("output");
    const look = () => (becomes.textContent = preview ? preview() : "");
    form.append(
      element("h2", "", title),
      ...before,
      ...parts,
      becomes,
      element("label", "field", _("Why? It is kept with the change, and the report prints it."), reason),
      note ? element("p", "small soft", note) : "",
      wrong,
      element("div", "row", keep, cancel),
    );
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      keep.disabled = true;
      try {
        await post(...read(reason.value.trim().replace(/\s+/g, " ")));
        dialog.close();
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        wrong.textContent = error.message;
        wrong.hidden = false;
      }
      keep.disabled = false;
    });
    form.addEventListener("input", look);
    look();
    dialog.replaceChildren(form);
    dialog.showModal();
    (parts.length ? form.querySelector("input") : reason).focus();
  }

  function change(field, proposed) {
    const answer = told();
    const { parts, read } = valueFields(field, answer, proposed);
    const now = {
      exclude: answer.exclude,
      intervention_s: answer.onsets_s.join("; "),
      handling_s: (answer.handling_s || []).join(" "),
    }[field];
    const standing = field === "handling_s" && !now ? handling : valueWords(field, now);
    open({
      title: field === "exclude" && answer.exclude ? _("Use this session again?") : TITLES[field](),
      before: [element("p", "soft", _("So far: {value}", { value: standing }))],
      preview: field === "exclude" ? null : () => _("Becomes: {value}", { value: valueWords(field, read("")) }),
      parts,
      read: (reason) => [field, read(reason), reason],
      note: _("Numbers change with the next run: “Refit now”."),
    });
  }

  function undo(edit) {
    open({
      title: TITLES.undo(),
      before: [element("p", "soft", changeWords(edit))],
      parts: [],
      read: (reason) => [edit.field, "", reason],
      note: _("The change stays in the ledger; a new one takes it back."),
    });
  }

  function changeWords({ field, from, to }) {
    return _("{field}: {from} → {to}", { field: fieldWords(field), from: valueWords(field, from), to: valueWords(field, to) });
  }

  function button(words, does) {
    const made = element("button", "", words);
    made.type = "button";
    made.addEventListener("click", does);
    return made;
  }

  // Returns the part of the answer that is about edits.
  function section(ledger) {
    const edits = ledger ? history(ledger, session) : [];
    const list = element("ul", "ledger");
    for (const edit of edits) {
      const at = element("span", "soft", new Date(edit.at).toLocaleString(document.documentElement.lang, WHEN));
      const line = element("li", "", at, ` ${changeWords(edit)}. `, element("q", "", edit.reason), " ");
      if (edit.holds && edit.value) line.append(button(_("Undo"), () => undo(edit)));
      list.append(line);
    }
    return [
      element("h2", "", _("Changes by hand")),
      element(
        "div",
        "row edits",
        button(_("Intervention…"), () => change("intervention_s")),
        button(_("Handling…"), () => change("handling_s")),
        button(told().exclude ? _("Include…") : _("Exclude…"), () => change("exclude")),
      ),
      edits.length ? list : element("p", "soft small", _("None. The line of an intervention can be dragged, too.")),
    ];
  }

  return { change, section, load: () => attempt(() => ask(path)) };
}
