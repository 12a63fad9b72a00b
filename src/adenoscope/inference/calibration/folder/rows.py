"""Observations as rows of PEtab: what a condition sets for one; the formula, time and noise with which it is held.

Saline leaves the model at rest, so what is observed less saline is what changed since the start. A ratio over no
pretreatment is that of a condition's second animal, which is pretreated, over its first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from adenoscope.inference.calibration.folder.model import (
    AGAIN_S,
    BOUT_GAS,
    MITOCHONDRIA_GIVEN,
    before_name,
    dose_name,
)
from adenoscope.inference.calibration.posterior import NORMAL_95
from adenoscope.inference.predict.experiments import AT_S, BOUT_S, SHORT_S, bout_end_s, moment_s, protocol_of
from adenoscope.inference.predict.mitochondria import INCUBATION_S, METABOLITES
from adenoscope.inference.predict.needs import why_not
from adenoscope.inference.predict.noise import PEAK_WITHIN_S
from adenoscope.inference.predict.observations import Observation
from adenoscope.mechanism.interventions import changes, parameters
from adenoscope.mechanism.rest import MOVES_REST
from adenoscope.simulation import Change

HALF_HOUR_S, HOUR_S = AT_S + PEAK_WITHIN_S, SHORT_S  # when an animal's recordings end, from its start
BEND = 0.02  # standard deviations: how sharply a one-sided row's excess begins
TOP = "until_top + above_top/2"
PEAK = "mean maximum with noise, by 100*(floor + log(mean(exp(steepness*dff)))/steepness)"
CHANGES = {"fst_immobility_change": "fst_immobility_s", "spt_preference_change": "spt_preference_percent"}
RATIOS = {
    "peak_ratio": ("(noise_floor + rise)/(noise_floor + first_rise)", f"{PEAK}, over that without pretreatment"),
    "auc_ratio": ("noisy_mean/first_noisy_mean", "mean positive part with noise, over that without pretreatment"),
}
TIMES = {
    "onset_s": ("until_fifth", "time until a fifth of the peak"),
    "time_to_peak_s": (TOP, "time to the middle of the curve's top"),
    "half_decay_s": (
        f"until_half + above_half - {TOP.replace(' + ', ' - ')}",
        "time above half the peak, from the peak",
    ),
}
AFTER_BOUT = ("above_half_after_bout", "time above half the peak, from the end of the bout")


class LeftOut(ValueError):
    """An observation that has no place in the folder; the message says why."""


@dataclass(frozen=True)
class Row:
    """An observation, what its condition sets [by the model's names], and how the model's state gives it.

    ``sd``: of the normal noise, in the observation's unit. ``how``: the formula in words.
    """

    observation: Observation
    sets: Mapping[str, float]
    formula: str
    time_s: float
    sd: float
    how: str


def make_row(o: Observation) -> Row:
    """Return the row of an observation.

    Raises:
        LeftOut: PEtab, version 1, or the model cannot hold it; the message says why.
    """
    problem = why_not(o)
    if problem:
        raise LeftOut(problem)
    sd = row_sd(o)
    if not (np.isfinite(sd) and sd > 0 and np.isfinite(o.mean)):
        raise LeftOut("it has no mean, or a band without a width")
    formula, time_s, how = _formula(o)
    formula, how = _one_sided(o, formula, sd, how)
    return Row(o, _sets(o), formula, time_s, sd, how)


def row_sd(o: Observation) -> float:
    """Return the standard deviation of a row as ``row_deviation`` has it, in the observation's unit."""
    if np.isfinite(o.low) and np.isfinite(o.high):
        return (o.high - o.low) / (2 * NORMAL_95)
    return ((o.high - o.mean) if np.isfinite(o.high) else (o.mean - o.low)) / NORMAL_95


def condition_name(o: Observation) -> str:
    """Return a name for what is done to the animals of an observation."""
    mitochondria = "mitochondria" if o.readout in METABOLITES else ""
    before = f"after {o.pretreatment}" if o.pretreatment else ""
    given = f"{o.intervention} {o.dose:g} {o.dose_unit}" if o.dose else o.intervention
    own = [word for word in (o.genotype, o.stress, o.region) if word not in ("WT", "naive", "mPFC", "mitochondria")]
    return as_id(" ".join(word for word in (mitochondria, given, before, *own) if word))


def as_id(words: str) -> str:
    """Return words as a name that PEtab allows."""
    name = re.sub(r"\W+", "_", words, flags=re.ASCII).strip("_")
    return name if name[:1].isalpha() else f"row_{name}"


def _alone(o: Observation) -> bool:
    """Return whether what is looked at is what a pretreatment does by itself: then it is the intervention."""
    return bool(o.pretreatment) and protocol_of(o) == protocol_of(o, treated=False)


def _formula(o: Observation) -> tuple[str, float, str]:
    pretreated = bool(o.pretreatment) and not _alone(o)
    second = AGAIN_S * pretreated
    if o.readout in METABOLITES:
        label = METABOLITES[o.readout]
        return f"drug_{label}/vehicle_{label}", INCUBATION_S, "label over that of the vehicle's twin"
    if o.readout == "peak_dff":
        above = o.statistic.startswith("rise")
        formula = "100*rise" if above else "100*(noise_floor + rise)"
        return formula, second + HALF_HOUR_S, f"{PEAK}, less the floor" if above else PEAK
    if o.readout in RATIOS and pretreated:
        return RATIOS[o.readout][0], second + HALF_HOUR_S, RATIOS[o.readout][1]
    if o.readout in TIMES and not o.pretreatment:
        after_bout = o.readout == "half_decay_s" and bout_end_s(o) is not None
        formula, how = AFTER_BOUT if after_bout else TIMES[o.readout]
        return formula, AGAIN_S + HOUR_S, how
    if o.readout in CHANGES and not o.pretreatment and moment_s(o) <= HOUR_S:
        name = CHANGES[o.readout]
        return f"{name} - {name}_at_start", moment_s(o), "change since the start"
    raise LeftOut(f"the readout `{o.readout}`, in this design, is not among the formulas of the folder")


def _one_sided(o: Observation, formula: str, sd: float, how: str) -> tuple[str, str]:
    """Return a formula that equals the mean on the open side of a band."""
    if np.isfinite(o.low) and np.isfinite(o.high):
        return formula, how
    side, words = (1, "above") if np.isfinite(o.high) else (-1, "below")
    excess = f"({formula} - {o.mean!r})"
    bent = f"sqrt({excess}^2 + {(BEND * sd) ** 2!r})"
    sign = "+" if side > 0 else "-"
    return f"{o.mean!r} + ({excess} {sign} {bent})/2", f"{how}; only what is {words} {o.mean:g} counts"


def _sets(o: Observation) -> dict[str, float]:
    if o.readout in METABOLITES:
        return {MITOCHONDRIA_GIVEN: o.dose}
    protocol = protocol_of(o)
    sets = parameters(protocol)
    if any(sets.get(name, 1.0) != 1.0 for name in MOVES_REST):
        raise LeftOut("its genotype has a rest of its own, which is found by simulation")
    for change in changes(protocol):
        sets |= _set(change, _alone(o))
    return sets


def _set(change: Change, alone: bool) -> dict[str, float]:
    """Return what a condition sets for a change that is made in time."""
    time, value, target = float(np.max(change.time)), float(np.max(change.value)), change.target
    if change.adds and time == (0.0 if alone else AT_S):
        return {dose_name(target): value}
    if change.adds and time == 0.0:
        return {before_name(target): value}
    if target == "fio2" and time == AT_S:
        return {BOUT_GAS: value}
    if target == "fio2" and time == AT_S + BOUT_S:
        return {}
    raise LeftOut(f"the folder has no event for `{target}` at {time:g} s")
