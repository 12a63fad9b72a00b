"""Parameters that are drawn rather than listed; every shard of subjects has a seed of its own.

A shard's numbers depend on the seed, its number and how many subjects it has: not on who draws them, when, or what
was drawn before. Shard k takes the k-th stream that ``numpy.random.SeedSequence(seed)`` spawns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from adenoscope.core.errors import InputError, Problem
from adenoscope.simulation.solver.tables import Numbers


@dataclass(frozen=True)
class Lognormal:
    """Independent lognormal parameters: ``median`` by name, and ``log_sd`` of the natural logarithm.

    A name without ``log_sd`` has its median in every subject, and may then be any finite number.
    """

    median: Mapping[str, float]
    log_sd: Mapping[str, float]
    seed: int

    def __post_init__(self) -> None:
        problems = [*self._unknown(), *self._not_above_zero(), *self._seed_below_zero()]
        if problems:
            raise InputError(*problems)

    def _unknown(self) -> list[Problem]:
        names = [name for name in self.log_sd if name not in self.median]
        return [
            _problem(name, "a spread and no median", "one median for each", "add it to `median`") for name in names
        ]

    def _not_above_zero(self) -> list[Problem]:
        pairs = [(name, float(self.median.get(name, 1.0)), float(sd)) for name, sd in self.log_sd.items()]
        bad = [pair for pair in pairs if not (0 < pair[1] < np.inf and 0 <= pair[2] < np.inf)]
        allowed = "a finite median above 0, and a finite log_sd of 0 or more"
        remedy = "leave out `log_sd` of what is the same in every subject"
        return [_problem(name, f"median {median:g}, log_sd {sd:g}", allowed, remedy) for name, median, sd in bad]

    def _seed_below_zero(self) -> list[Problem]:
        return [_problem("seed", f"{self.seed}", "0 or more", "take another")] if self.seed < 0 else []


def draw(lognormal: Lognormal, shard: int, n_subjects: int) -> dict[str, Numbers]:
    """Return parameters of the ``n_subjects`` of shard number ``shard``: an array where they vary, else a number.

    The first subjects are the same however many are drawn, and the order in which names are listed does not matter.
    """
    varied = sorted(lognormal.log_sd)
    stream = np.random.SeedSequence(lognormal.seed, spawn_key=(shard,))
    scores = np.random.default_rng(stream).standard_normal((n_subjects, len(varied)))
    values = {name: np.array(float(value)) for name, value in lognormal.median.items()}
    for column, name in enumerate(varied):
        values[name] = values[name] * np.exp(float(lognormal.log_sd[name]) * scores[:, column])
    return values


def draw_all(lognormal: Lognormal, n_subjects: int, shard: int) -> dict[str, Numbers]:
    """Return parameters of a whole cohort cut into shards of ``shard`` subjects, as its shards draw them."""
    sizes = [min(shard, n_subjects - first) for first in range(0, n_subjects, shard)]
    parts = [draw(lognormal, number, size) for number, size in enumerate(sizes)]
    return {
        name: np.concatenate([part[name] for part in parts]) if value.ndim == 1 else value
        for name, value in parts[0].items()
    }


def _problem(name: str, found: str, allowed: str, remedy: str) -> Problem:
    return Problem(f"parameters, {name}", found=found, allowed=allowed, remedy=remedy)
