"""An outcome held against what is asked: what it engages, what it costs, and who breaks a limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from adenoscope.core.hypoxia_design import HypoxiaDesign
from adenoscope.core.interval import Interval
from adenoscope.core.schedule import Breach, Schedule
from adenoscope.mechanism.cohort import Numbers
from adenoscope.mechanism.envelope import (
    besides_breaches,
    predicted_breaches,
    predicted_misses,
    schedule_breaches,
    without,
)
from adenoscope.mechanism.own_compounds import given_compound
from adenoscope.studies.hypoxia.outcomes import Outcome

Mask = npt.NDArray[np.bool_]
ANY = "any"
LET_PASS = -1.0  # slack of a limit that is let pass
FAILED = 10.0  # margin of a subject who cannot be followed
LONG_S = 600.0  # below the floor: counts as much as SpO2 that is 1 above it
FEWEST = 2  # subjects that have a standard deviation


@dataclass(frozen=True)
class LimitRisk:
    """How likely a subject breaks a limit [1], with the exact 95 % interval of the subjects that were drawn."""

    limit: str
    words: str
    probability: Interval
    n_broke: int
    n_subjects: int


def engagement(outcome: Outcome, design: HypoxiaDesign, sessions: int) -> Numbers:
    """Return each subject's engagement over all sessions, weighed as the design asks [occupancy min]."""
    wanted = design.objective
    return sessions * (wanted.a1 * outcome.a1_engagement_min + wanted.a2a * outcome.a2a_engagement_min)


def burden(outcome: Outcome, sessions: int) -> Numbers:
    """Return each subject's burden over all sessions [% min]."""
    return sessions * outcome.burden_percent_min


def objectives(outcome: Outcome, design: HypoxiaDesign, sessions: int) -> Numbers:
    """Return what is minimised, shape (2,): the median of engagement with a minus sign, and that of burden."""
    engaged, borne = engagement(outcome, design, sessions), burden(outcome, sessions)
    return np.array([-float(np.nanmedian(engaged)), float(np.nanmedian(borne))])


def margins(outcome: Outcome, design: HypoxiaDesign, sessions: int) -> dict[str, Numbers]:
    """Return how far each subject is beyond each limit that is asked for, <= 0 where it is kept; relative numbers."""
    limits = design.limits
    found: dict[str, Numbers] = {}
    if limits.spo2_floor is not None:
        over = (outcome.below_floor_s - limits.below_floor_s) / LONG_S
        found["spo2_floor"] = over + np.minimum(limits.spo2_floor - outcome.spo2_lowest, 0.0)
    if limits.pto2_floor_mmhg is not None:
        found["pto2_floor_mmhg"] = 1 - outcome.pto2_lowest_mmhg / limits.pto2_floor_mmhg
    if limits.atp_fall is not None:
        found["atp_fall"] = outcome.atp_fall - limits.atp_fall
    if limits.dose_percent_min is not None:
        found["dose_percent_min"] = burden(outcome, sessions) / limits.dose_percent_min - 1
    return found


def broken(outcome: Outcome, design: HypoxiaDesign, sessions: int) -> dict[str, Mask]:
    """Return who breaks each limit that is asked for, and any of them; who cannot be followed breaks all."""
    found = {name: ~(beyond <= 0) for name, beyond in margins(outcome, design, sessions).items()}
    each = np.stack([~outcome.finished, *found.values()])
    return {**found, ANY: np.asarray(each.any(axis=0), dtype=bool)}


def limit_words(design: HypoxiaDesign) -> dict[str, str]:
    """Return what breaking each limit means, by its name."""
    limits = design.limits
    floor = 100 * (limits.spo2_floor or 0.0)
    return {
        "spo2_floor": f"SpO2 below {floor:g} % for more than {limits.below_floor_s:g} s of a session",
        "pto2_floor_mmhg": f"oxygen of brain tissue below {limits.pto2_floor_mmhg} mmHg",
        "atp_fall": f"ATP/ADP falls by more than {100 * (limits.atp_fall or 0.0):g} % of rest",
        "dose_percent_min": f"more than {limits.dose_percent_min} % min of desaturation over all sessions",
        ANY: "any limit of the design",
    }


def limit_risks(outcome: Outcome, design: HypoxiaDesign, sessions: int) -> tuple[LimitRisk, ...]:
    """Return the probability of breaking each limit that is asked for, and any of them.

    Valid: the interval is of the number of draws alone; constants that are wrong for all are not in it.
    Source: Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    from scipy.stats import binomtest

    words, risks = limit_words(design), []
    for name, mask in broken(outcome, design, sessions).items():
        test = binomtest(int(mask.sum()), mask.size)
        within = test.proportion_ci(0.95, "exact")
        share = Interval(float(mask.mean()), float(within.low), float(within.high))
        risks.append(LimitRisk(name, words[name], share, int(mask.sum()), mask.size))
    return tuple(risks)


def predicted(outcome: Outcome, design: HypoxiaDesign) -> tuple[Breach, ...]:
    """Return the limits of the envelope that predicted nadirs do not keep, and nobody lets pass; () in animals."""
    if outcome.low_responder is None:
        return ()
    return without(predicted_breaches(*predicted_nadirs(outcome)), let_pass(design))


def predicted_nadirs(outcome: Outcome) -> tuple[float, float, float]:
    """Return mean and sd of a cohort's nadirs of SpO2 and a low responder's [1]; each the mean over bouts."""
    low = outcome.low_responder or {}
    mean, sd = nadir_mean_sd(np.where(outcome.finished, outcome.spo2_nadir, np.nan))
    return mean, sd, float(np.nan_to_num(low.get("spo2_nadir", 0.0)))


def nadir_mean_sd(nadirs: Numbers) -> tuple[float, float]:
    """Return mean and sd of nadirs of SpO2 [1], NaN being of who could not be followed.

    A cohort of which fewer than two could be followed has nadirs of 0: it keeps no limit.
    """
    seen = nadirs[np.isfinite(nadirs)]
    return (float(seen.mean()), float(seen.std(ddof=1))) if seen.size >= FEWEST else (0.0, 0.0)


def breaches(schedule: Schedule, design: HypoxiaDesign) -> tuple[Breach, ...]:
    """Return the limits of the envelope that a schedule itself does not keep, and nobody lets pass; () in animals."""
    if design.species != "human":
        return ()
    blocker = any("nmdar" in given_compound(name, ()).acts_on for name in design.also_given)
    besides = besides_breaches(channel_blocker=blocker, added_co2=design.added_co2)
    return without((*besides, *schedule_breaches(schedule)), let_pass(design))


def let_pass(design: HypoxiaDesign) -> tuple[str, ...]:
    """Return the limits that the design's override lets pass."""
    return () if design.override is None else design.override.limits


def slacks(outcome: Outcome, design: HypoxiaDesign, sessions: int) -> Numbers:
    """Return how far each constraint is from its bound, <= 0 where it is kept, shape (constraint,).

    First the probability that a subject breaks a limit of the design, less the accepted one; where all do, how far
    the least of them is beyond it adds up to 1. In people then the envelope's two limits of predicted nadirs [1], -1
    where they are let pass.
    """
    risk = float(broken(outcome, design, sessions)[ANY].mean()) - design.limits.risk
    beyond = np.stack([*margins(outcome, design, sessions).values(), np.where(outcome.finished, -1.0, FAILED)])
    least = max(float(np.nan_to_num(beyond.max(axis=0), nan=FAILED).min()), 0.0)
    first = risk + least / (1 + least)
    if outcome.low_responder is None:
        return np.array([first])
    misses = predicted_misses(*predicted_nadirs(outcome))
    passing = let_pass(design)
    return np.array([first, *(LET_PASS if name in passing else miss for name, miss in misses.items())])
