"""The page of a simulated trial: what it would show, how large it must be, and where that answer comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from adenoscope.core.atomic import write_text
from adenoscope.core.provenance import software
from adenoscope.core.trial import Trial
from adenoscope.report.answer_page import AnswerPage, Section, write_answer
from adenoscope.report.consort import consort_figure
from adenoscope.report.hypoxia_sections import conduct_table
from adenoscope.report.numbers import count, grouped
from adenoscope.report.svg import standalone_svg
from adenoscope.report.trial_exhibits import (
    flow_exhibit,
    size_exhibit,
    sources_exhibits,
    tornado_exhibit,
    visits_exhibit,
)
from adenoscope.report.trial_tables import (
    blinding_table,
    covariates_table,
    credibility_table,
    looks_tables,
    rates_tables,
)
from adenoscope.report.trial_words import (
    blinded_sentence,
    covariate_sentence,
    enrichment_sentence,
    findings,
    mechanism_sentence,
    notices,
    percent,
    size_sentence,
)
from adenoscope.report.words import first_upper
from adenoscope.studies.trials.answer import TrialAnswer
from adenoscope.studies.trials.courses import gives_hypoxia

REPORT, CONSORT = "report.html", "consort.svg"


def write_trial(found: TrialAnswer, out: Path) -> tuple[Path, Path]:
    """Write ``report.html`` and ``consort.svg`` into ``out``, and return their paths."""
    write_text(out / CONSORT, standalone_svg(consort_figure(found.flow, found.trial)))
    write_answer(trial_page(found), out / REPORT)
    return out / REPORT, out / CONSORT


def trial_page(found: TrialAnswer) -> AnswerPage:
    """Return the page of a simulated trial."""
    trial = found.trial
    replicates, pool = count(trial.replicates, "replicate"), f"{grouped(trial.pool - found.lost)} virtual people"
    return AnswerPage(
        title=trial.name,
        kind="A trial in virtual people",
        byline=f"{replicates} from {pool}, seed {trial.seed}; adenoscope {software().version}",
        notices=notices(found),
        findings=findings(found),
        sections=tuple(_sections(found)),
    )


def _sections(found: TrialAnswer) -> Iterator[Section]:
    arms = found.arms
    yield Section("chances", "Power and type I error", (_how(found.trial),), tables=tuple(rates_tables(found)))
    sized = [(number_, arm) for number_, arm in enumerate(arms) if arm.curve is not None]
    sizes = tuple(size_exhibit(found, arm, place) for place, arm in sized)
    yield Section("size", "Sample size and assurance", _each(size_sentence(found, arm) for arm in arms), sizes)
    blind = _each(blinded_sentence(arm) for arm in arms)
    yield Section("blinding", "Blinding", blind, tables=(blinding_table(arms),))
    if found.looks:
        yield Section("looks", "Looks before the end", (LOOKS,), tables=tuple(looks_tables(found)))
    said = _each(mechanism_sentence(arm) for arm in arms)
    yield Section("sources", "Where the answer comes from", said, sources_exhibits(found))
    tornados = tuple(tornado_exhibit(arm, place) for place, arm in enumerate(arms) if arm.tornado)
    yield Section("sensitivity", "What moves it", (TORNADO,), tornados)
    asked = [covariate_sentence(arm) for arm in arms]
    asked += [enrichment_sentence(arm.arm, arm.enrichment) for arm in arms if arm.enrichment is not None]
    yield Section("people", "Whom to ask, and what to measure", _each(asked), tables=(covariates_table(arms),))
    yield Section("course", "The trial as it would go", (), (visits_exhibit(found), flow_exhibit(found)))
    yield Section("credibility", "How far to rely on it", (M15,), tables=(credibility_table(found),))
    limits = (f"{percent(found.unverified_share)} of the constants used are unverified.", *found.outside_validity)
    yield Section("limits", "What lies outside", limits)
    if gives_hypoxia(found.trial):
        yield Section("conduct", "Sessions of hypoxia", (CONDUCT,), tables=(conduct_table(),))


def _each(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(first_upper(sentence) for sentence in sentences)


LOOKS = (
    "People between two looks are a stage, tested alone; stages are combined with the weights planned, so enlarging "
    "the trial or dropping arms leaves the error of the first kind. Futility does not bind."
)
TORNADO = "Each parameter goes from its 5 % to its 95 % end by itself, the others staying at the link's centre."
CONDUCT = (
    "Arms of hypoxia keep the envelope for people, in a low responder too. That is no sign that they are safe "
    "without a clinician, and no schedule can keep what follows: whoever runs a session does."
)
M15 = "Headings of ICH M15 (draft of 2024), filled from this run. Nothing here is advice to any person."


def _how(trial: Trial) -> str:
    shared = "" if len(trial.active) == 1 else f", shared among {len(trial.active)} active arms"
    return (
        f"An arm wins where the analysis favours it with p at most {trial.alpha:g}, two-sided{shared}. Rejections "
        "are p at most that, whichever way; without any difference they are the error of the first kind. Intervals "
        "are those of simulation. The first analysis is the primary one."
    )
