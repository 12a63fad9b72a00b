"""A schedule of hypoxia as one draws it: what a virtual cohort does in a session, or why nobody is given it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from adenoscope.core.errors import InputError, Problem
from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.core.protocol import Region, Species
from adenoscope.core.schedule import Breach, Schedule
from adenoscope.io.hypoxia_toml import design_of
from adenoscope.studies.hypoxia.answer import doubts
from adenoscope.studies.hypoxia.curves import SHOWN, SessionCurves, drawn_curves
from adenoscope.studies.hypoxia.evaluated import Evaluated, evaluate_outcome
from adenoscope.studies.hypoxia.judging import breaches, predicted_nadirs
from adenoscope.studies.hypoxia.outcomes import session_outcome
from adenoscope.studies.hypoxia.refusal import risk_words
from adenoscope.studies.hypoxia.session import LOOKED_AT, Cohort, breathe, draw_cohort

FEWEST = 64  # subjects of a band
LONGEST_SESSION_S = 28_800.0  # it is looked at every few seconds
ADENOSINE = "adenosine_um"
LABEL = "schedule"


@dataclass(frozen=True)
class PredictedNadirs:
    """Nadirs of SpO2 [1] that the envelope is about: a cohort's mean and sd, and the low responder's."""

    mean: float
    sd: float
    low_responder: float


@dataclass(frozen=True)
class SchedulePreview:
    """A schedule's answer for the eye.

    ``breaches``: every limit of the envelope that is not kept. Where there is one, ``curves`` and ``evaluated`` are
    None: if the schedule itself breaks it nothing was simulated (``simulated`` is false), if what is predicted does,
    nothing more than that is shown. ``cautions``: limits on single subjects that too many break.
    """

    design: HypoxiaDesign
    schedule: Schedule
    breaches: tuple[Breach, ...]
    simulated: bool
    curves: SessionCurves | None
    evaluated: Evaluated | None
    nadirs: PredictedNadirs | None
    cautions: tuple[str, ...]
    outside_validity: tuple[str, ...]
    unverified_share: float


def schedule_design_of(document: Mapping[str, Any], file: str) -> HypoxiaDesign:
    """Return the design that a document says, which is to have one schedule, with subjects enough for a band.

    Raises:
        InputError: something is wrong with it; every problem is listed. Nobody overrides the envelope here.
    """
    design = design_of(document, file)
    several = [one for one in design.searched if len(one.levels) > 1]
    if several or design.override is not None or design.also_given or design.added_co2:
        allowed = "one schedule of one gas: numbers, no ranges, no override, nothing given besides"
        remedy = "use `adenoscope hypoxia` for a design with more"
        raise InputError(Problem(file, "a design of more than one schedule", allowed, remedy))
    session_s = only_schedule(design).session_s
    if session_s > LONGEST_SESSION_S:
        found, allowed = f"a session of {session_s:g} s", f"at most {LONGEST_SESSION_S:g} s to be looked at at once"
        raise InputError(Problem(file, found, allowed, "shorten it, or use `adenoscope hypoxia`"))
    return replace(design, subjects=max(design.subjects, FEWEST))


def only_schedule(design: HypoxiaDesign) -> Schedule:
    """Return the schedule of a design that has one."""
    return design.schedule(tuple(one.low for one in design.searched))


@lru_cache(maxsize=32)
def preview_schedule(design: HypoxiaDesign) -> SchedulePreview:
    """Return what one session of a design's only schedule does to a cohort, or the limits that it does not keep.

    Valid: as the mechanism is; ``outside_validity`` says where it is not.
    Source: ``mechanism``; the envelope of ``values/envelope.toml``.
    """
    schedule = only_schedule(design)
    reasons, unverified = doubts(schedule, design)
    refused = SchedulePreview(
        design=design,
        schedule=schedule,
        breaches=breaches(schedule, design),
        simulated=False,
        curves=None,
        evaluated=None,
        nadirs=None,
        cautions=(),
        outside_validity=reasons,
        unverified_share=unverified,
    )
    if refused.breaches:
        return refused
    cohort = drawn_cohort(design.species, design.subjects, design.seed, design.region)
    shown = breathe(schedule, cohort, looked_at=(*LOOKED_AT, ADENOSINE))
    outcome = session_outcome(shown, schedule, cohort, design.limits.spo2_floor)
    evaluated = evaluate_outcome(LABEL, schedule, design, outcome)
    nadirs = None if outcome.low_responder is None else PredictedNadirs(*predicted_nadirs(outcome))
    simulated = replace(refused, simulated=True, nadirs=nadirs)
    if evaluated.breaches:
        return replace(simulated, breaches=evaluated.breaches)
    return replace(
        simulated,
        curves=drawn_curves(shown, schedule, cohort, (*SHOWN, ADENOSINE)),
        evaluated=evaluated,
        cautions=tuple(line.strip() for line in risk_words(evaluated.risks, design)),
    )


@lru_cache(maxsize=8)
def drawn_cohort(species: Species, n_subjects: int, seed: int, region: Region) -> Cohort:
    """Return a cohort as ``draw_cohort`` does; a draw that was made before is remembered."""
    return draw_cohort(species, n_subjects, seed, region)
