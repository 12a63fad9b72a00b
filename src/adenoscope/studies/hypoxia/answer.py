"""What is known of a design of hypoxia when it has been worked through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.core.parameter import Parameter
from adenoscope.core.protocol import Breath, Protocol
from adenoscope.core.schedule import Override, Schedule
from adenoscope.io.hypoxia_presets import presets
from adenoscope.mechanism import cohort
from adenoscope.mechanism.cohort import fitted_constants
from adenoscope.mechanism.pieces import constants
from adenoscope.mechanism.posterior import CONVERGED, load_posterior
from adenoscope.mechanism.validity import outside_validity
from adenoscope.statistics.rank_sensitivity import RankEffect, rank_sensitivity
from adenoscope.studies.hypoxia.curves import SessionCurves
from adenoscope.studies.hypoxia.evaluated import Evaluated, PresetAnswer
from adenoscope.studies.hypoxia.judging import engagement
from adenoscope.studies.hypoxia.search import Candidate
from adenoscope.studies.hypoxia.session import RECOVERY_S, Cohort
from adenoscope.studies.simulated import UNCONVERGED

ACTING = ("oxygen", "energy", "purines", "receptors")  # pieces on the way from gas to engagement
FOLLOWED = ("spo2_nadir", "pto2_lowest_mmhg", "burden_percent_min")  # beside engagement
CLAMPED = "The controller of clamped gas is assumed, and its oximeter reads without noise; a device has its own."
ALIKE = "Hypoxia acts alike in every region here: nothing but drugs tells regions apart."
MIXED = "Limits of bouts and of their number are from different studies; together nobody tried them."
HIGH = (
    "The oxygen model was 2.4 points of SpO2 too high in the published row that matters most: people may fall lower. "
    "Judge by the low responder."
)


@dataclass(frozen=True)
class Sensitivity:
    """How an output follows a drawn constant, the others held, beyond chance; see ``RankEffect``.

    ``fitted``: the constant was drawn from the posterior, together with others.
    """

    constant: Parameter
    effect: RankEffect
    fitted: bool


@dataclass(frozen=True)
class HypoxiaAnswer:
    """Everything that a design's results say.

    ``front`` is in order of burden, as the search saw it; ``recommended``, ``comparison`` and ``presets`` are of
    ``fresh_subjects`` others. ``comparison`` has gas of the other kind; None where that leaves the envelope, see
    ``comparison_breaches``.
    ``explained``: the share [1] of each output's variance by rank that all constants explain, named or not.
    ``curves``: one session of the recommended schedule over time. ``days_interact`` [1]: how much the last of
    ``days_tried`` sessions differs from the first, at most.
    """

    design: HypoxiaDesign
    front: tuple[Candidate, ...]
    possible: int
    allowed: int
    simulated: int
    recommended: Evaluated
    rule: str
    passed_over: tuple[Evaluated, ...]
    comparison: Evaluated | None
    comparison_schedule: Schedule
    comparison_breaches: tuple[str, ...]
    presets: tuple[PresetAnswer, ...]
    sensitivities: tuple[Sensitivity, ...]
    explained: Mapping[str, float | None]
    curves: SessionCurves
    days_interact: float
    days_tried: int
    fresh_subjects: int
    redrawn: int
    outside_validity: tuple[str, ...]
    unverified_share: float

    @property
    def override(self) -> Override | None:
        """Return who lets which limits pass, and why."""
        return self.design.override


def sensitivities(
    evaluated: Evaluated, design: HypoxiaDesign, drawn: Cohort
) -> tuple[tuple[Sensitivity, ...], Mapping[str, float | None]]:
    """Return which drawn constants the outcome follows beyond chance, and how much of it all explain [1]."""
    known = cohort.used_constants(as_protocol(evaluated.schedule, design))
    acting = {name for piece in ACTING for name in constants(piece, design.species) if name in known}
    inputs = {name: drawn.constants[name][: drawn.n_drawn] for name in drawn.constants if name in acting}
    outputs = {name: getattr(evaluated.outcome, name) for name in FOLLOWED}
    engaged = engagement(evaluated.outcome, design, evaluated.schedule.sessions)
    found = rank_sensitivity(inputs, {"engagement": engaged, **outputs})
    fitted = fitted_constants(design.species)
    return tuple(Sensitivity(known[one.input], one, one.input in fitted) for one in found.effects), found.explained


def as_protocol(schedule: Schedule, design: HypoxiaDesign) -> Protocol:
    """Return one session of a schedule as a protocol; of a clamped gas with the least that may be given."""
    breath = Breath(0.0, schedule.fio2, schedule.bout_s, schedule.bouts, schedule.rest_s)
    return Protocol(design.species, schedule.session_s + RECOVERY_S, region=design.region, breathe=(breath,))


def doubts(schedule: Schedule, design: HypoxiaDesign) -> tuple[tuple[str, ...], float]:
    """Return where a schedule leaves what the mechanism was built for, and the share of unverified constants [1]."""
    protocol = as_protocol(schedule, design)
    worst = load_posterior().worst_r_hat
    said = [] if worst < CONVERGED else [UNCONVERGED.format(worst)]
    said += outside_validity(protocol)
    said += [ALIKE, *([HIGH] if design.species == "human" else []), *([CLAMPED] if schedule.spo2_target else [])]
    said += _beyond(schedule, design)
    return tuple(said), cohort.unverified_share(cohort.used_constants(protocol).values())


def _beyond(schedule: Schedule, design: HypoxiaDesign) -> list[str]:
    """Return the sentence that is due where a session is longer in low oxygen than any that ships as given."""
    given = {name: one.schedule for name, one in presets().items() if one.species == design.species}
    longest = max(given, key=lambda name: given[name].low_oxygen_s)
    own, most = schedule.low_oxygen_s / 60, given[longest].low_oxygen_s / 60
    if own <= most:
        return []
    said = (
        f"A session has {own:.0f} min of low oxygen, more than any schedule that ships as given in a study: at most "
        f"{most:.0f} min ({longest})."
    )
    return [f"{said} {MIXED}" if design.species == "human" else said]
