"""Every observation beside its prediction: fitted to or not, inside its band or outside; and what is only assumed."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from io import StringIO
from typing import Any, Literal

import numpy as np

from adenoscope.core.errors import Refused
from adenoscope.inference.calibration.observations import Observation
from adenoscope.inference.calibration.posterior import FITTED, Target, predictions
from adenoscope.simulation.solver.tables import Numbers

Verdict = Literal["inside", "outside", "far outside", "not predicted"]
FAR = 2.0  # bands from the observed mean
CONVERGED = 1.05  # R-hat below which chains agree
CI_PROB = 0.95
# What the model says because it was told to. Agreement with these rows is no evidence for it.
ASSUMED = (
    "Both receptors are needed for plasticity: the knock-outs' lack of effect on behaviour follows from that alone.",
    "Nucleus accumbens has no brake on the TCA cycle: a constant says so, and explains nothing.",
    "The potency of deschloroketamine on mitochondria was fitted to its only peak.",
    "The size of noise was set so that saline's mean peak is the one observed.",
    "Where stress acts, and how strongly synapses move behaviour, was set to the observed differences of wild type.",
    "A seizure's oxygen use rises less in the model than is observed (CMRO2 about twice rest).",
)


@dataclass(frozen=True)
class Judgement:
    """A row: prediction (median and 95 % interval) in the observation's unit, and where it lies."""

    observation: Observation
    median: float
    low: float
    high: float
    used: bool
    verdict: Verdict


@dataclass(frozen=True)
class Posterior:
    """Draws of the fitted constants (logarithms, shape (draw, constant)), and how they were obtained."""

    logs: Numbers
    provenance: dict[str, Any]

    @property
    def worst_r_hat(self) -> float:
        """Return the largest R-hat [1] along the directions that the data inform."""
        return float(max(self.provenance["r_hat"]))

    @property
    def median(self) -> Numbers:
        return np.median(self.logs, axis=0)


def load_posterior() -> Posterior:
    """Return the posterior that ships with the software.

    Raises:
        Refused: none ships with this version, or it is of other constants.
    """
    place = files("adenoscope") / "values" / "posterior"
    try:
        provenance = tomllib.loads((place / "posterior.toml").read_text(encoding="utf-8"))
        rows = list(csv.reader(StringIO((place / "posterior_draws.csv").read_text(encoding="utf-8"))))
    except FileNotFoundError:
        raise Refused("The mechanism is not calibrated in this version: no posterior ships with it.") from None
    if tuple(rows[0]) != FITTED:
        raise Refused("The posterior that ships is of other constants than the mechanism has: calibrate anew.")
    return Posterior(np.log(np.array(rows[1:], dtype=float)), provenance)


def judge(target: Target, posterior: Posterior) -> list[Judgement]:
    """Return every observation beside its prediction over the posterior's draws."""
    found = predictions(target, posterior.logs)
    centre = predictions(target, posterior.median[None])[0]
    used = set(posterior.provenance.get("used", ()))
    return [
        _judgement(o, column, value, o.id in used)
        for o, column, value in zip(target.observations, found.T, centre, strict=True)
    ]


def _judgement(o: Observation, column: Numbers, centre: float, used: bool) -> Judgement:
    if not np.isfinite(centre):
        return Judgement(o, np.nan, np.nan, np.nan, used, "not predicted")
    tail = 100 * (1 - CI_PROB) / 2
    low, high = np.nanpercentile(column, [tail, 100 - tail])
    return Judgement(o, float(centre), float(low), float(high), used, _verdict(o, centre))


def _verdict(o: Observation, value: float) -> Verdict:
    if o.low <= value <= o.high:
        return "inside"
    edge = o.high if value > o.high else o.low
    return "far outside" if abs(value - o.mean) > FAR * abs(edge - o.mean) else "outside"


def share_inside(judgements: Sequence[Judgement]) -> float:
    """Return the share of predicted rows that lie inside their band."""
    told = [j for j in judgements if j.verdict != "not predicted"]
    return sum(j.verdict == "inside" for j in told) / max(len(told), 1)
