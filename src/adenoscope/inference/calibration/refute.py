"""Every observation beside its prediction: fitted to or not, inside its band or outside; and what is only assumed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from adenoscope.inference.calibration.posterior import predict_rows
from adenoscope.inference.predict.needs import why_not
from adenoscope.inference.predict.observations import Observation
from adenoscope.mechanism.posterior import Posterior
from adenoscope.simulation.solver.tables import Numbers

Verdict = Literal["inside", "outside", "far outside", "not predicted"]
FAR = 2.0  # bands from the observed mean
CI_PROB = 0.95
# What the model says because it was told to. Agreement with these rows is no evidence for it.
ASSUMED = (
    "Both receptors are needed for plasticity: the knock-outs' lack of effect on behaviour follows from that alone.",
    "Nucleus accumbens has no brake on the TCA cycle: a constant says so, and explains nothing.",
    "The potency of deschloroketamine on mitochondria was fitted to its only peak.",
    "The size of noise was set so that saline's mean peak is the one observed.",
    "Where stress acts, and how strongly synapses move behaviour, was set to the observed differences of wild type.",
    "Supply that speeds up with demand was put in because oxygen use doubles in a seizure.",
    "Release of ATP outlasts a seizure because adenosine is observed to: how long was chosen, not explained.",
    "How much ATP light draws from astrocytes is a guess, and that locomotion is free of adenosine is structure.",
)


@dataclass(frozen=True)
class Judgement:
    """A row: prediction (median and 95 % interval) in the observation's unit, where it lies, or why there is none."""

    observation: Observation
    median: float
    low: float
    high: float
    used: bool
    verdict: Verdict
    reason: str = ""


def judge(observations: Sequence[Observation], posterior: Posterior) -> list[Judgement]:
    """Return every observation beside its prediction: the median over the posterior's draws, and where it lies.

    The median is that of predictions. Medians of single constants lie beside a bent posterior, not in it.
    """
    found = predict_rows(observations, posterior.draws, posterior.n_draws)
    used = set(posterior.provenance.get("used", ()))
    return [_judgement(o, column, o.id in used) for o, column in zip(observations, found.T, strict=True)]


def _judgement(o: Observation, column: Numbers, used: bool) -> Judgement:
    if 2 * np.isfinite(column).sum() < column.size:
        reason = why_not(o) or "the engine could not follow most draws to the end"
        return Judgement(o, np.nan, np.nan, np.nan, used, "not predicted", reason)
    tail = 100 * (1 - CI_PROB) / 2
    low, median, high = (float(bound) for bound in np.nanpercentile(column, [tail, 50.0, 100 - tail]))
    return Judgement(o, median, low, high, used, _verdict(o, median))


def _verdict(o: Observation, value: float) -> Verdict:
    if o.low <= value <= o.high:
        return "inside"
    edge = o.high if value > o.high else o.low
    return "far outside" if abs(value - o.mean) > FAR * abs(edge - o.mean) else "outside"


def share_inside(judgements: Sequence[Judgement]) -> float | None:
    """Return the share of predicted rows that lie inside their band; None where none is predicted."""
    told = [j for j in judgements if j.verdict != "not predicted"]
    return sum(j.verdict == "inside" for j in told) / len(told) if told else None
