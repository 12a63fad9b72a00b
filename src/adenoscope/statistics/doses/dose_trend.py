"""Does the dose matter at all? The best of many Emax curves against a flat line, by permuting doses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adenoscope.core.recording import Samples
from adenoscope.statistics.doses.emax_curve import fraction

PERMUTATIONS = 1999
BEYOND = 10.0  # how far beyond the doses tried the middle of a curve is put
STEEPNESS = (0.5, 1.0, 2.0, 4.0)
POINTS = 15


def p_any_effect(readings: Sequence[tuple[str, float, float]], seed: int = 0) -> float:
    """Return how often permuted doses fit some Emax curve, against a flat line, as well as the given ones do [1].

    Readings are (animal, dose, value), vehicle at dose 0.

    Doses move between the animals that got one, and within each animal that got several, whose own mean is taken
    out. Largest F over curves and largest correlation order permutations alike, so no degrees are needed.

    Valid: exact where no dose changes how readings are distributed; doses were given at random.
    Source: Bretz, Pinheiro & Branson (2005), doi:10.1111/j.1541-0420.2005.00344.x, for the best of many curves.
    """
    # sorted, so that the order of readings cannot change the permutations
    animals, doses, values = zip(*sorted(readings), strict=True)
    strata, dose, value = _strata(animals), np.array(doses), np.array(values)
    shares = _centred(fraction(dose, _shapes(dose)), strata)
    size = np.linalg.norm(shares, axis=1)
    told = size > 1e-9 * size.max()
    directions = shares[told] / size[told, None]
    centred = _centred(value[None], strata)[0]
    rng = np.random.default_rng(seed)
    permuted = np.empty((PERMUTATIONS, len(value)))
    for stratum in strata:
        permuted[:, stratum] = rng.permuted(np.tile(centred[stratum], (PERMUTATIONS, 1)), axis=1)
    found = np.max(np.abs(directions @ centred))
    # rounding must not tell a permutation that repeats the data from the data
    as_well = np.max(np.abs(permuted @ directions.T), axis=1) >= found * (1 - 1e-12)
    return float((1 + as_well.sum()) / (1 + PERMUTATIONS))


def _shapes(doses: Samples) -> Samples:
    given = doses[doses > 0]
    middles = np.linspace(np.log(given.min() / BEYOND), np.log(given.max() * BEYOND), POINTS)
    return np.array([(middle, np.log(steep)) for middle in middles for steep in STEEPNESS])


def _strata(animals: Sequence[str]) -> list[list[int]]:
    places: dict[str, list[int]] = {}
    for i, animal in enumerate(animals):
        places.setdefault(animal, []).append(i)
    several = [of_animal for of_animal in places.values() if len(of_animal) > 1]
    single = [of_animal[0] for of_animal in places.values() if len(of_animal) == 1]
    return [*several, single] if single else several


def _centred(rows: Samples, strata: list[list[int]]) -> Samples:
    centred = rows.copy()
    for stratum in strata:
        centred[:, stratum] -= rows[:, stratum].mean(axis=1, keepdims=True)
    return centred
