"""How many animals tell: verdicts of simulated studies of a given size, and the size that is enough.

Animals are drawn from normal distributions, one group for each arm (or pair of arms, in a crossover), and every
simulated study is judged by the rule that judges real ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.special import stdtrit

from adenoscope.core.recording import Samples
from adenoscope.core.verdict import Finding
from adenoscope.statistics.effects.groups import PAIR, Group
from adenoscope.statistics.verdicts.decision import FINDINGS, Bounds, Evidence, decide
from adenoscope.statistics.verdicts.quartet import INTERACTION, REFERENCE, RESIDUAL, Quartet

Design = Literal["unpaired", "paired", "crossed"]
SEED = 1
FEWEST, MOST = 3, 400
ENOUGH = 0.8
N_STUDIES = 2000
HALF = 0.5


@dataclass(frozen=True)
class Truth:
    """A study as it is planned: effects and spreads between animals in the readout's unit.

    ``effect`` is that without the manipulation, ``residual`` that under it. ``sd`` holds the spread in each arm
    (treated, vehicle, treated and vehicle under the manipulation) where the arms are different animals
    ("unpaired"); that of an animal's own effect, without and under the manipulation, where each animal gets
    treatment and vehicle ("paired") or is in all four arms ("crossed", the two correlated by ``correlation``).
    ``margin`` None means half of the effect that each study happens to see.
    """

    effect: float
    residual: float
    sd: tuple[float, ...]
    margin: float | None
    design: Design = "unpaired"
    correlation: float = 0.0


def verdict_rates(truth: Truth, n: int, n_studies: int = N_STUDIES, seed: int = SEED) -> dict[Finding, float]:
    """Return how often [1] studies with ``n`` animals in each group come to each verdict.

    Valid: readouts normal between animals.
    """
    codes = decide(evidence_of(truth, n, n_studies, seed))
    return {name: float(np.mean(codes == index)) for index, name in enumerate(FINDINGS)}


def chance_of_effect(truth: Truth, n: int, n_studies: int = N_STUDIES, seed: int = SEED) -> float:
    """Return how often [1] the reference effect alone would be told from 0."""
    low, high = evidence_of(truth, n, n_studies, seed).reference
    return float(np.mean((low > 0) | (high < 0)))


def chance_of_interaction(truth: Truth, n: int, n_studies: int = N_STUDIES, seed: int = SEED) -> float:
    """Return how often [1] the residual effect would be told from the reference effect."""
    low, high = evidence_of(truth, n, n_studies, seed).interaction
    return float(np.mean((low > 0) | (high < 0)))


def animals_needed(reaches: Callable[[int], float], enough: float = ENOUGH) -> int | None:
    """Return the smallest group size at which ``reaches(n)`` [1] is ``enough``, None if not even ``MOST`` do."""
    if reaches(MOST) < enough:
        return None
    low, high = FEWEST - 1, MOST
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) >= enough else (middle, high)
    return high


def tells_either_way(truth: Truth) -> Mapping[Finding, int | None]:
    """Return the group sizes that would find "necessary" if nothing were left, "not_necessary" if all were.

    Valid: as `verdict_rates`.
    """
    gone, untouched = replace(truth, residual=0.0), replace(truth, residual=truth.effect)
    return {
        "necessary": animals_needed(lambda n: verdict_rates(gone, n)["necessary"]),
        "not_necessary": animals_needed(lambda n: verdict_rates(untouched, n)["not_necessary"]),
    }


def truth_of(quartet: Quartet, effect: float, margin: float | None) -> Truth:
    """Return what a next study would be planned from: the spreads of this one.

    Valid: spreads estimated from these few animals.
    """
    if quartet.crossed:
        (group,) = quartet.groups
        effects = np.column_stack([group.values @ [1, -1, 0, 0], group.values @ [0, 0, 1, -1]])
        covariance = np.cov(effects, rowvar=False)
        sd = np.sqrt(np.diag(covariance))
        correlation = float(covariance[0, 1] / max(float(sd.prod()), 1e-300))
        return Truth(effect, 0.0, tuple(sd.tolist()), margin, "crossed", correlation)
    spreads = [_variance(group) for group in quartet.groups]
    if len(spreads) == 4:
        return Truth(effect, 0.0, tuple(math.sqrt(variance) for variance in spreads), margin)
    # A crossover in one genotype only: the other's two groups are planned as pairs with their joint spread.
    paired = [arms.crossed for arms in (quartet.reference, quartet.residual)]
    variances = iter(spreads)
    sd_of = tuple(math.sqrt(next(variances) if both else next(variances) + next(variances)) for both in paired)
    return Truth(effect, 0.0, sd_of, margin, "paired")


def _variance(group: Group) -> float:
    """Return the variance between animals of what a group adds to its effect: its values, or its differences."""
    values = group.values[:, 0] if group.values.shape[1] == 1 else group.values @ PAIR
    return float(np.var(values, ddof=1))


def evidence_of(truth: Truth, n: int, n_studies: int, seed: int) -> Evidence:
    """Return what ``n_studies`` simulated studies have to go by."""
    means, variances = _simulated(truth, n, n_studies, np.random.default_rng(seed))

    def bounds(of: tuple[float, float], ci_prob: float) -> tuple[Samples, Samples]:
        estimate, half = _t_interval(truth, of, means, variances, n, ci_prob)
        return estimate - half, estimate + half

    reference = bounds(REFERENCE, 0.95)
    seen = (reference[0] + reference[1]) / 2
    size = np.full(n_studies, truth.margin) if truth.margin is not None else HALF * np.abs(seen)
    nineties: list[Bounds] = []
    for of in (INTERACTION, RESIDUAL):
        low, high = bounds(of, 0.90)
        if truth.margin is None:
            up = seen >= 0
            above, below = bounds((of[0] - HALF, of[1]), 0.90), bounds((of[0] + HALF, of[1]), 0.90)
            low = np.minimum(low, np.where(up, below[0], above[0]) - size)
            high = np.maximum(high, np.where(up, above[1], below[1]) + size)
        nineties.append(Bounds(low, high))
    interaction, residual = bounds(INTERACTION, 0.95), bounds(RESIDUAL, 0.95)
    return Evidence(Bounds(*reference), Bounds(*interaction), Bounds(*residual), nineties[0], nineties[1], size)


def _simulated(truth: Truth, n: int, n_studies: int, rng: np.random.Generator) -> tuple[Samples, Samples]:
    """Return means, shape (study, column), and covariances of an animal, shape (study, column, column).

    Columns are the four arms of different animals, or the two effects of animals that had both arms.
    """
    if truth.design == "crossed":
        shared = truth.correlation * truth.sd[0] * truth.sd[1]
        covariance = np.array([[truth.sd[0] ** 2, shared], [shared, truth.sd[1] ** 2]])
        animals = rng.multivariate_normal([truth.effect, truth.residual], covariance, (n_studies, n))
        centred = animals - animals.mean(axis=1, keepdims=True)
        return animals.mean(axis=1), np.einsum("sni,snj->sij", centred, centred) / (n - 1)
    centre = np.array(
        [truth.effect, 0.0, truth.residual, 0.0] if truth.design == "unpaired" else [truth.effect, truth.residual]
    )
    sd = np.array(truth.sd)
    means = centre + sd / np.sqrt(n) * rng.standard_normal((n_studies, sd.size))
    variances = sd**2 * rng.chisquare(n - 1, (n_studies, sd.size)) / (n - 1)
    return means, variances[:, :, None] * np.eye(sd.size)


def _t_interval(
    truth: Truth, of: tuple[float, float], means: Samples, variances: Samples, n: int, ci_prob: float
) -> tuple[Samples, Samples]:
    """Return the estimates and half widths of a combination of effects, each of shape (study,)."""
    alpha, beta = of
    c = np.array([alpha, -alpha, beta, -beta] if truth.design == "unpaired" else [alpha, beta])
    variance = np.einsum("i,sij,j->s", c, variances, c) / n
    degrees = np.full(len(means), n - 1.0)
    if truth.design != "crossed":
        parts = np.einsum("i,sii->si", c**2, variances) / n
        degrees = variance**2 / np.sum(parts**2 / (n - 1), axis=1)
    return means @ c, stdtrit(degrees, (1 + ci_prob) / 2) * np.sqrt(variance)
