"""A design of hypoxia worked through: the front, the schedule recommended, and the table it is set from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from adenoscope.core.atomic import remove_partials, write_json, write_text
from adenoscope.core.errors import input_error
from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.io.hypoxia_toml import read_hypoxia
from adenoscope.mechanism.own_compounds import given_compound
from adenoscope.studies.hypoxia.answer import HypoxiaAnswer, doubts, sensitivities
from adenoscope.studies.hypoxia.choice import choose
from adenoscope.studies.hypoxia.curves import session_curves, session_header, session_rows
from adenoscope.studies.hypoxia.document import hypoxia_document
from adenoscope.studies.hypoxia.evaluated import (
    Evaluated,
    days_interact,
    evaluate,
    preset_answers,
    twin,
)
from adenoscope.studies.hypoxia.judging import breaches
from adenoscope.studies.hypoxia.refusal import refuse_outside, refuse_unkept
from adenoscope.studies.hypoxia.search import BUDGET, search_schedules
from adenoscope.studies.hypoxia.session import Cohort, draw_cohort, some_of
from adenoscope.studies.hypoxia.tables import (
    PROTOCOL,
    as_csv,
    front_header,
    front_rows,
    protocol_notes,
    protocol_rows,
    subject_header,
    subject_rows,
)
from adenoscope.studies.progress import Progress, ignore

RESULT, FRONT, TABLE, NOTES = "hypoxia.json", "front.csv", "protocol.csv", "protocol.txt"
SUBJECTS, SESSION = "subjects.csv", "session.csv"
FILES = (RESULT, FRONT, TABLE, NOTES, SUBJECTS, SESSION)
FRESH = 400  # subjects at least whom the search has not seen, and the seed after its own
N_OF_COURSE, LONGEST_COURSE = 16, 5  # subjects, and sessions, that are followed from day to day


def design_hypoxia(path: Path, out: Path, progress: Callable[[Progress], None] = ignore) -> HypoxiaAnswer:
    """Write hypoxia.json and its tables into ``out``, and return what they say.

    Raises:
        InputError: the design is wrong; every problem is listed.
        Refused: no schedule of it keeps the envelope or its limits; the message names each, and by how much.
    """
    design = read_hypoxia(path)
    _refuse_other_drugs(design, path.name)
    refuse_outside(design, path.name)
    answer = answer_design(design, path.name, progress)
    _write(path, out, answer)
    return answer


def answer_design(
    design: HypoxiaDesign, file: str, progress: Callable[[Progress], None] = ignore, budget: int = BUDGET
) -> HypoxiaAnswer:
    """Return what is known of a design; ``budget``: schedules that are simulated at most in the search.

    Raises:
        Refused: no schedule of it keeps its limits.
    """
    progress(Progress("drawing", 0, 1, "subjects"))
    searching = draw_cohort(design.species, design.subjects, design.seed, design.region)
    fresh = draw_cohort(design.species, max(FRESH, design.subjects), design.seed + 1, design.region)
    searched = search_schedules(design, searching, budget=budget, progress=progress)
    refuse_unkept(searched, design, searching, file)
    progress(Progress("confirming", 0, 1, "in subjects that the search has not seen"))
    choice = choose(searched, design, searching, fresh, file)
    recommended = choice.evaluated
    other = twin(recommended, design)
    comparison = _comparison(recommended, design, fresh)
    progress(Progress("comparing", 0, 1, "presets"))
    compared = preset_answers(design, fresh)
    followed, explained = sensitivities(recommended, design, fresh)
    reasons, unverified = doubts(recommended.schedule, design)
    days = min(max(2, recommended.schedule.sessions), LONGEST_COURSE)
    differ = days_interact(recommended.schedule, some_of(fresh, N_OF_COURSE), days)
    progress(Progress("comparing", 1, 1, "presets"))
    return HypoxiaAnswer(
        design=design,
        front=searched.front,
        possible=searched.possible,
        allowed=searched.allowed,
        simulated=len(searched.tried),
        recommended=recommended,
        rule=choice.rule,
        passed_over=choice.passed_over,
        comparison=comparison,
        comparison_schedule=other,
        comparison_breaches=tuple(breach.words for breach in breaches(other, design)),
        presets=compared,
        sensitivities=followed,
        explained=explained,
        curves=session_curves(recommended.schedule, fresh),
        days_interact=differ,
        days_tried=days,
        fresh_subjects=fresh.n_drawn,
        redrawn=searching.redrawn + fresh.redrawn,
        outside_validity=reasons,
        unverified_share=unverified,
    )


def _comparison(recommended: Evaluated, design: HypoxiaDesign, fresh: Cohort) -> Evaluated | None:
    """Return the same bouts with gas of the other kind; None where that leaves the envelope."""
    other = twin(recommended, design)
    if breaches(other, design):
        return None
    return evaluate("fixed" if other.spo2_target is None else "clamped", other, design, fresh)


def _refuse_other_drugs(design: HypoxiaDesign, file: str) -> None:
    for name in design.also_given:
        if "nmdar" not in given_compound(name).acts_on:
            raise input_error(
                file,
                found=f"also_given: {name}",
                allowed="hypoxia alone: drugs are not part of a schedule",
                remedy="leave it out, and use `adenoscope simulate` for both together",
            )


def _write(path: Path, out: Path, answer: HypoxiaAnswer) -> None:
    out.mkdir(parents=True, exist_ok=True)
    remove_partials(out)
    (out / RESULT).unlink(missing_ok=True)  # written last: it says that the tables beside it are its own
    write_text(out / FRONT, as_csv(front_header(), front_rows(answer)))
    write_text(out / TABLE, as_csv(PROTOCOL, protocol_rows(answer.recommended.schedule, answer.design)))
    write_text(out / NOTES, protocol_notes(answer))
    write_text(out / SUBJECTS, as_csv(subject_header(), subject_rows(answer)))
    write_text(out / SESSION, as_csv(session_header(), session_rows(answer.recommended.label, answer.curves)))
    write_json(out / RESULT, hypoxia_document(path, answer))
