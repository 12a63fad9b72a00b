"""Where an answer comes from: how much of its variance is the link's, the mechanism's, between trials, and chance.

Shares of one quantity in the variance of another are those of the means of equal bins, less what chance gives bins:

    share = 1 - (1 - R^2) (n - 1) / (n - bins)

Source: Kelley (1935), doi:10.1073/pnas.21.9.554.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.core.trial import Trial
from adenoscope.studies.trials.allocation import Places
from adenoscope.studies.trials.conduct import CENTRE
from adenoscope.studies.trials.expected import Difference, expected_difference, individual_effects
from adenoscope.studies.trials.world import World

BINS, FEWEST_IN_A_BIN = 10, 20
N_LIKE, N_SOME = 200, 50  # people like each of whom some are engaged, in turn


def explained(values: Samples, by: Samples) -> float:
    """Return the share [1] of the variance of ``values`` that the bins of ``by`` explain, both of shape (n,).

    Valid: many more values than bins; what goes up and down within a bin is not seen.
    Source: see the top of this file.
    """
    distinct, bin_of = np.unique(by, return_inverse=True)
    n_bins = max(2, min(BINS, values.size // FEWEST_IN_A_BIN))
    if distinct.size > n_bins:
        edges = np.unique(np.quantile(by, np.arange(1, n_bins) / n_bins))
        bin_of = np.searchsorted(edges, by, side="right")
    count = np.bincount(bin_of)
    used = int((count > 0).sum())
    total = float(np.sum((values - values.mean()) ** 2))
    if total <= 0 or used < 2 or values.size <= used:
        return 0.0
    means = np.bincount(bin_of, weights=values) / np.maximum(count, 1)
    within = float(np.sum((values - means[bin_of]) ** 2))
    return max(0.0, 1 - within / total * (values.size - 1) / (values.size - used))


@dataclass(frozen=True)
class Component:
    """A source of variance of the difference that a trial finds: variance [points^2] and its share [1] of all."""

    name: str
    words: str
    variance: float
    share: float


@dataclass(frozen=True)
class Mechanism:
    """What the mechanism has to do with one arm's answer.

    ``components`` of the variance of the difference found. ``with_it`` and ``without_it``: the expected difference
    [points] at the link's centre with each person's engagement, and with that of the median person on ketamine in the
    place of it, which is all that the prior knows. ``engagement``: the median of it in the arm, relative to that.
    """

    components: tuple[Component, ...]
    by_parameter: Mapping[str, float]
    with_it: float
    without_it: float
    engagement: float


def mechanism_share(
    trial: Trial,
    world: World,
    place: int,
    people: Places,
    drawn: Difference,
    draws: Places,
    error: Samples,
    names: Sequence[str],
) -> Mechanism:
    """Return how much of an arm's answer comes from the mechanism rather than from the link's prior.

    ``error``: of an estimate at each draw; ``names``: parameters of the link that reach this answer at all. Two of
    them that the published trials have tied together share what they explain.

    The mechanism's variance is an upper bound: the spread of engagement in the pool is taken for what is not known of
    everybody's, while some of it is how people differ, which a trial averages out.
    """
    like = people[np.linspace(0, people.size - 1, min(N_LIKE, people.size)).astype(int)]
    some, centre = people[:N_SOME], np.array([CENTRE])
    alike = [
        expected_difference(trial, world, place, some, centre, engaged=np.full(some.size, one)).total[0]
        for one in like.tolist()
    ]
    variances = {
        "link": ("parameters of the link", float(drawn.total.var())),
        "mechanism": ("engagement by the mechanism, at most", float(np.var(alike))),
        "between": ("between trials, beyond chance", float(np.mean(drawn.tau**2))),
        "chance": ("chance, by the number of people", float(np.mean(error**2))),
    }
    whole = sum(variance for _, variance in variances.values())
    return Mechanism(
        components=tuple(
            Component(name, words, variance, variance / whole if whole else 0.0)
            for name, (words, variance) in variances.items()
        ),
        by_parameter={
            name: explained(drawn.total, values[draws])
            for name, values in world.parameters.items()
            if name in names and np.ptp(values[draws]) > 0
        },
        with_it=float(expected_difference(trial, world, place, people, centre).total[0]),
        without_it=float(expected_difference(trial, _as_ketamine(world), place, people, centre).total[0]),
        engagement=float(np.median(world.adenosine[people, place])),
    )


def _as_ketamine(world: World) -> World:
    ones = np.ones_like(world.adenosine)
    return replace(world, adenosine=ones, block=ones)


def covariate_shares(
    trial: Trial, world: World, place: int, people: Places, covariates: Mapping[str, Samples]
) -> dict[str, float]:
    """Return the share [1] of the variance of people's own specific effects that each covariate explains by itself.

    With them goes `engagement`, which is what the mechanism makes of them all and of what cannot be measured. At the
    centre of the link; {} where the arm has no effect that differs between people.
    """
    effect = individual_effects(trial, world, place, people)
    if float(np.ptp(effect)) <= 0:
        return {}
    measured = {name: values[people] for name, values in covariates.items()}
    measured["engagement of A1 and A2A"] = world.adenosine[people, place]
    measured["block of NMDA receptors"] = world.block[people, place]
    found = {name: explained(effect, values) for name, values in measured.items() if np.ptp(values) > 0}
    return dict(sorted(found.items(), key=lambda item: -item[1]))
