"""Virtual subjects: draws of the mechanism's constants.

Constants that observations speak about are drawn together from the posterior; people share those of the mouse's
brain. The others, about which they are silent, are drawn from their plausible ranges, each by itself: median at the
value, ``low`` to ``high`` holding 95 %, log-normal on each side of the median where low > 0, uniform otherwise. A
number without unit that lies between 0 and 1 may be a share, and is drawn by its odds instead, to stay there.
Which constants differ between subjects and which are one number that nobody knows is not known yet: one draw covers
both, so a cohort's spread is that of subjects and of knowledge together, wider than that of a laboratory's animals.

Subject k's draw depends on the seed, k and the species alone: not on the protocol, nor on how many others there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from adenoscope.core.errors import Refused
from adenoscope.core.parameter import Parameter
from adenoscope.core.protocol import Protocol
from adenoscope.mechanism.compounds import library
from adenoscope.mechanism.interventions import INPUTS
from adenoscope.mechanism.observables import present_compounds
from adenoscope.mechanism.own_compounds import as_own, own_constants
from adenoscope.mechanism.pieces import LIBRARY, PIECES, Species, compose, constants
from adenoscope.mechanism.posterior import load_posterior
from adenoscope.simulation import Model, model_from_text

Numbers = npt.NDArray[np.float64]
Z_95 = 1.959964  # standard deviations on each side that hold 95 %
BATCH = 8  # subjects that keep the engine to one width of its code
STEPS_OF_REST = 50  # ten times what a second at rest takes
OF_BOTH_SPECIES = (
    "energy",
    "purines",
    "sensor",
    "receptors",
    "plasticity",
)  # what people are given of the mouse's fit
MOST_DRAWS = 100  # of one subject, before its constants' ranges are said not to fit together
EITHER_WAY = ("ent_neuron_rest", "ent_astro_rest", "ldh_rest")  # net fluxes that may have any sign at rest
DERIVED_REST = ("shunt",)  # also follows from rest and must stay above 0


@dataclass(frozen=True)
class Subjects:
    """Constants of each subject by name, each of shape (subject,), and how many draws had no resting state."""

    constants: Mapping[str, Numbers]
    redrawn: int


@cache
def mechanism(species: Species) -> Model:
    """Return the whole mechanism of a species, ready to be simulated."""
    return model_from_text(compose(species), file=f"adenoscope_{species}")


@cache
def known_constants(species: Species) -> Mapping[str, Parameter]:
    """Return every constant of the whole mechanism by name, without the inputs that a protocol sets."""
    affinities = {name: value for name, value in constants(LIBRARY, species).items() if "_ki_" in name}
    pieces = {name: value for piece in PIECES for name, value in constants(piece, species).items()}
    return {name: value for name, value in sorted((pieces | affinities).items()) if name not in INPUTS}


def used_constants(protocol: Protocol) -> Mapping[str, Parameter]:
    """Return the constants that a protocol's answer rests on: all but those of compounds that are not about.

    Nobody has read the sources of compounds.csv, or measured the kinetics that its compounds borrow: unverified.
    """
    absent = tuple(
        f"{name}_" for name in library() if name not in present_compounds(protocol) and name != "adenosine"
    )
    known = {**as_own(known_constants(protocol.species), protocol), **own_constants(protocol)}
    return {name: value for name, value in known.items() if not name.startswith(absent)}


def unverified_share(known: Iterable[Parameter]) -> float:
    """Return the share [1] of constants whose value was not read in its source."""
    verified = [value.verified for value in known]
    return 1 - sum(verified) / len(verified)


def draw_subjects(species: Species, n_subjects: int, seed: int) -> Subjects:
    """Return ``n_subjects`` virtual subjects; a draw that breaks the resting state is drawn again.

    Raises:
        Refused: a subject has no resting state in ``MOST_DRAWS`` draws.

    Valid: as far as the ranges in ``values`` are; see the top of this file.
    Source: ``values/*.toml``.
    """
    fitted = fitted_constants(species)
    varied = {n: v for n, v in known_constants(species).items() if v.low < v.high and n not in fitted}
    scores, places = np.empty((n_subjects, len(varied))), np.empty(n_subjects, dtype=int)
    waiting, tried, redrawn = np.arange(n_subjects), 0, 0
    while waiting.size and tried < MOST_DRAWS:
        # A few subjects try several draws at once: the engine compiles anew for less than a batch.
        n_tries = -(-BATCH // waiting.size)
        drawn = [[_draw(seed, k, tried + n, len(varied)) for n in range(n_tries)] for k in waiting.tolist()]
        own, chosen = np.array([[d[0] for d in each] for each in drawn]), np.array([[d[1] for d in e] for e in drawn])
        trial = values_at(varied, own.reshape(-1, len(varied))) | _picked(fitted, chosen.ravel())
        rests = has_rest(species, trial).reshape(-1, n_tries)
        found, first = rests.any(axis=1), np.argmax(rests, axis=1)
        scores[waiting[found]], places[waiting[found]] = own[found, first[found]], chosen[found, first[found]]
        redrawn += int(np.where(found, first, n_tries).sum())
        waiting, tried = waiting[~found], tried + n_tries
    if waiting.size:
        raise Refused(
            f"{waiting.size} of {n_subjects} virtual subjects had no resting state in {tried} draws: the ranges in "
            "values/*.toml do not fit together. Narrow those of the purines and of energy."
        )
    return Subjects(values_at(varied, scores) | _picked(fitted, places), redrawn)


@cache
def fitted_constants(species: Species) -> Mapping[str, Numbers]:
    """Return the posterior's draws of the constants that a species is given from it, each of shape (draw,).

    Raises:
        Refused: no posterior ships, or it is of another model.
    """
    draws = load_posterior().draws
    if species == "mouse":
        return {name: values for name, values in draws.items() if name in known_constants("mouse")}
    shared = {name for piece in OF_BOTH_SPECIES for name in constants(piece, "human")}
    return {
        name: values
        for name, values in draws.items()
        if name in shared and known_constants("human").get(name) == known_constants("mouse").get(name)
    }


def _draw(seed: int, subject: int, attempt: int, n: int) -> tuple[Numbers, int]:
    """Return scores of ``n`` constants, and a number that chooses a draw of the posterior."""
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(subject, attempt)))
    return random.standard_normal(n), int(random.integers(2**31))


def _picked(fitted: Mapping[str, Numbers], places: npt.NDArray[np.int_]) -> dict[str, Numbers]:
    return {name: values[places % values.size] for name, values in fitted.items()}


def is_share(constant: Parameter) -> bool:
    """Return whether a constant is drawn by its odds."""
    return constant.unit == "1" and constant.low > 0 and constant.high < 1


def spread(constant: Parameter, scores: Numbers) -> Numbers:
    """Return one constant's values at standard normal ``scores``, same shape (draw,); see ``values_at``."""
    return values_at({constant.name: constant}, scores[:, None])[constant.name]


def values_at(known: Mapping[str, Parameter], scores: Numbers) -> dict[str, Numbers]:
    """Return constants by name, each of shape (draw,), at standard normal ``scores``, shape (draw, constant).

    See the top of this file for what a score of a constant means.
    """
    low, middle, high = (np.array([getattr(c, side) for c in known.values()]) for side in ("low", "value", "high"))
    uniform = low <= 0
    share = np.array([is_share(constant) for constant in known.values()])
    with np.errstate(divide="ignore", invalid="ignore"):  # of what is uniform
        ends = [np.log(np.where(share, x / (1 - x), x)) for x in (low, middle, high)]
        side = np.where(scores < 0, ends[1] - ends[0], ends[2] - ends[1]) / Z_95
        drawn = np.exp(ends[1] + side * scores)
        drawn = np.where(share, drawn / (1 + drawn), drawn)
    if uniform.any():
        from scipy.special import ndtr

        drawn[:, uniform] = low[uniform] + (high - low)[uniform] * ndtr(scores[:, uniform])
    return dict(zip(known, np.ascontiguousarray(drawn.T), strict=True))


def has_rest(species: Species, drawn: Mapping[str, Numbers]) -> npt.NDArray[np.bool_]:
    """Return which draws stay at rest for a second, with every resting quantity finite and above 0."""
    answer = mechanism(species).simulate(
        [0.0, 1.0],
        parameters=drawn,
        observables=resting_quantities(species),
        max_steps=STEPS_OF_REST,
    )
    values = answer.values[:, 0]
    return (np.isfinite(values) & (values > 0)).all(axis=1) & (answer.status == 0)


@cache
def resting_quantities(species: Species) -> tuple[str, ...]:
    """Return what follows from the constants at rest, and is above 0 at their values."""
    model = mechanism(species)
    computed = [name for name in model.system.quantities if name not in model.system.inputs]
    at_rest = [name for name in computed if name.endswith("_rest") or name in DERIVED_REST]
    names = [name for name in at_rest if name not in EITHER_WAY]
    values = model.simulate([0.0], observables=names, n_subjects=BATCH).values[0, 0]
    return tuple(name for name, value in zip(names, values.tolist(), strict=True) if value > 0)
