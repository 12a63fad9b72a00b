"""Which group of animals to measure next: the expected value of its result for choosing the best compound.

gain = E_y[ max_c E(score_c | y) ] - max_c E(score_c),    y a mean of n animals that has not been seen yet

Draws of the posterior are weighed by how likely each makes a result y, for results drawn from what is expected now.
A result cannot lower the expected score of the compound then chosen, so each y contributes at least 0 and a group
whose result would change no choice gains nothing. What lies more than tenfold beyond the doses tried counts as
tenfold: the equation is not trusted farther.
Source: Raiffa & Schlaifer (1961), Applied Statistical Decision Theory, for the value of a sample before it is drawn.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from adenoscope.core.interval import Interval
from adenoscope.core.ranking import NextExperiment, Weights
from adenoscope.core.recording import Samples
from adenoscope.statistics.separation.panel_arrays import ARMS, PanelArrays
from adenoscope.statistics.separation.pooling.emax_model import E0, ED50, rise
from adenoscope.statistics.separation.pooling.sample import Posterior

SCREENED, REFINED, FINALISTS = 100, 1000, 12  # results imagined for every group; for the most telling; how many
DRAWS = 2000
STEP = 3.0  # how far beyond the doses tried, where one dose gives no step
FARTHEST = math.log(10.0)
NINETY = 1.645
Rng = np.random.Generator


class Candidate(NamedTuple):
    """A group of animals: the curve that it would tell of, and its dose [dose unit]."""

    curve: int
    dose: float


class Choice(NamedTuple):
    """Scores (draw, compound) [ln units] of draws that choices are judged by, with the draws."""

    posterior: Posterior
    scores: Samples

    @property
    def at_stake(self) -> float:
        """What choosing now is expected to lose against knowing [ln units]."""
        return float(self.scores.max(axis=1).mean() - self.scores.mean(axis=0).max())


def choice_of(data: PanelArrays, posterior: Posterior, weights: Weights) -> Choice:
    """Return what a choice among all compounds rests on now."""
    n_draws = len(posterior.curves)
    every = np.linspace(0, n_draws - 1, min(DRAWS, n_draws)).astype(int)
    few = Posterior(posterior.curves[every], posterior.usual_emax[every], posterior.convergence)
    low, high = data.ends
    log_ed50 = np.clip(few.curves[..., ED50], low - FARTHEST, high + FARTHEST)
    n = len(data.compounds)
    return Choice(few, weights.side_effect * log_ed50[:, n:] - weights.effect * log_ed50[:, :n])


def next_experiments(
    data: PanelArrays, choice: Choice, n_animals: int, seed: int, progress: Callable[[int, int], None]
) -> list[NextExperiment]:
    """Return the most telling groups and their gain [ln units], the largest first, with its Monte-Carlo error (90 %).

    All are screened with few imagined results; the best dose of each curve that could matter is judged anew with
    many, so that being the best by luck does not stay in its gain.

    Valid: readings about normal, with the assay's usual spread.
    Source: the head of this file.
    """
    rng = np.random.default_rng(seed)
    every = list(_candidates(data))
    screened = list[tuple[float, Candidate]]()
    for done, candidate in enumerate(every):
        progress(done, len(every) + FINALISTS)
        screened.append((float(_gains(data, choice, candidate, n_animals, SCREENED, rng).mean()), candidate))
    finalists = list(_best_of_curves(screened))[:FINALISTS]
    found = [_experiment(data, choice, candidate, n_animals, rng) for candidate in finalists]
    progress(1, 1)
    return sorted(found, key=lambda one: -one.gain.estimate)


def _best_of_curves(screened: list[tuple[float, Candidate]]) -> Iterator[Candidate]:
    """Yield the best dose of each curve, the largest gain first."""
    seen = set[int]()
    for _, candidate in sorted(screened, reverse=True):
        if candidate.curve not in seen:
            seen.add(candidate.curve)
            yield candidate


def _candidates(data: PanelArrays) -> Iterator[Candidate]:
    """Yield the doses that each curve was given, and one step of its ladder beyond either end."""
    for curve, doses in enumerate(data.readings.dose):
        given = np.unique(doses[doses > 0])
        step = float(np.median(given[1:] / given[:-1])) if len(given) > 1 else STEP
        for dose in (_round(given[0] / step), *given.tolist(), _round(given[-1] * step)):
            yield Candidate(curve, dose)


def _round(dose: float) -> float:
    return float(f"{dose:.2g}")


def _experiment(data: PanelArrays, choice: Choice, candidate: Candidate, n_animals: int, rng: Rng) -> NextExperiment:
    curve, dose = candidate
    gains = _gains(data, choice, candidate, n_animals, REFINED, rng)
    gain, error = float(gains.mean()), NINETY * float(gains.std(ddof=1)) / math.sqrt(len(gains))
    n = len(data.compounds)
    return NextExperiment(
        compound=data.compounds[curve % n],
        arm=ARMS[curve // n],
        assay=data.assays[data.places.assay[curve]].name,
        dose=dose,
        n=n_animals,
        gain=Interval(gain, max(gain - error, 0.0), gain + error, 0.90),
        share=gain / choice.at_stake if choice.at_stake > 0 else 0.0,
    )


def _gains(
    data: PanelArrays, choice: Choice, candidate: Candidate, n_animals: int, n_results: int, rng: Rng
) -> Samples:
    """Return by how much each imagined result would raise the expected score of the compound chosen, (result,)."""
    curves = choice.posterior.curves[:, candidate.curve]
    expected = curves[:, E0] + rise(curves, np.array([candidate.dose]))[:, 0]
    error = float(data.usual_sd[data.places.assay[candidate.curve]]) / math.sqrt(n_animals)
    results = rng.choice(expected, n_results) + error * rng.standard_normal(n_results)
    logs = -0.5 * ((results[:, None] - expected) / error) ** 2
    weights = np.exp(logs - logs.max(axis=1, keepdims=True))
    means = weights @ choice.scores / weights.sum(axis=1, keepdims=True)
    return means.max(axis=1) - means[:, choice.scores.mean(axis=0).argmax()]
