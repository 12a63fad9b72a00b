"""Compounds ranked by how far apart effect and side effect are, and the experiment that would tell most."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from adenoscope.core.assay_panel import Arm
from adenoscope.core.dose_response import DoseCurve
from adenoscope.core.interval import Interval
from adenoscope.core.recording import Samples

Standing = Literal["told", "could_not_tell"]


@dataclass(frozen=True)
class Weights:
    """How much potency of the effect and absence of the side effect count in the objective.

    score = side_effect · ln ED50(side effect) - effect · ln ED50(effect); equal weights rank by the index. A
    negative weight would reward side effects, so there is none.
    """

    effect: float = 1.0
    side_effect: float = 1.0

    def __post_init__(self) -> None:
        both = (self.effect, self.side_effect)
        if not all(math.isfinite(weight) and weight >= 0 for weight in both) or not any(both):
            raise ValueError(f"weights {both} are not finite, at least 0, and not both 0")


@dataclass(frozen=True, eq=False)
class ArmFit:
    """One compound in one assay: ED50 [dose unit], and the curve with its pointwise 95 % band.

    ``ed50`` is None where the doses do not tell it. Then ``ed50_above`` or ``ed50_below`` is the bound that they
    do give (95 %), if any; ``reason`` says in words what is open, and ``telling_dose`` which dose would close it.
    ``emax`` (the ceiling, in the assay's unit, signed) is given with ``ed50``. ``responded`` is whether the doses
    tried tell of a response at all. ``rises`` is the direction that the assay was read in.
    """

    arm: Arm
    assay: str
    unit: str
    rises: bool
    doses: tuple[float, ...]
    standing: Standing
    responded: bool
    ed50: Interval | None
    ed50_above: float | None
    ed50_below: float | None
    emax: Interval | None
    curve: DoseCurve
    reason: str | None
    telling_dose: float | None


@dataclass(frozen=True, eq=False)
class CompoundIndex:
    """A compound's therapeutic index, ED50(side effect) / ED50(effect) [1], with its 90 % interval.

    ``standing`` is could_not_tell where either arm does not tell its ED50; then ``index`` is None, and
    ``index_above`` or ``index_below`` is what can be said all the same (95 %). ``log_index`` holds draws of the
    natural logarithm of the index, in the same order for every compound, None where it could not be told.
    ``separation`` [1] is the dose at the ranking's level of the side effect over that at its level of the effect.
    ``score`` is the weighted objective minus the reference's [ln units]; ``p_better`` [1] that it is above 0,
    None where either of the two could not be told. ``p_best`` and ``p_front`` [1] are the chances to have the
    highest score, and to be on the front of low ED50(effect) and high ED50(side effect), among those told.
    """

    compound: str
    series: str | None
    effect: ArmFit
    side_effect: ArmFit
    standing: Standing
    index: Interval | None
    index_above: float | None
    index_below: float | None
    log_index: Samples | None
    separation: Interval | None
    score: Interval | None
    p_better: float | None
    p_best: float | None
    p_front: float | None
    reason: str | None


@dataclass(frozen=True)
class NextExperiment:
    """A group of ``n`` animals that could be measured next, and what its result is worth before it is known.

    ``gain`` is by how much the expected score of the compound then chosen rises [ln units], with the interval of
    its Monte-Carlo error; ``share`` [1] is that of all there is to gain by knowing every compound exactly.
    """

    compound: str
    arm: Arm
    assay: str
    dose: float
    n: int
    gain: Interval
    share: float


@dataclass(frozen=True)
class Convergence:
    """How the posterior was sampled: independent chains, draws kept, and the worst of all quantities reported."""

    chains: int
    draws: int
    worst_r_hat: float
    least_effective: float
    converged: bool


@dataclass(frozen=True, eq=False)
class Ranking:
    """Compounds, highest score first, those that could not be told behind; and experiments, most telling first.

    ``levels`` are the shares of their own ceilings [1], of the effect and of the side effect, that each
    ``separation`` compares. ``at_stake`` [ln units] is what choosing now is expected to lose against knowing.
    ``notes`` are sentences about the panel as a whole that belong beside every number.
    """

    dose_unit: str
    reference: str
    weights: Weights
    levels: tuple[float, float]
    compounds: tuple[CompoundIndex, ...]
    next_experiments: tuple[NextExperiment, ...]
    at_stake: float
    convergence: Convergence
    seed: int
    notes: tuple[str, ...]
    method: str
