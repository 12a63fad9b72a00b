"""Which animals stand for which arm: decided by who was measured under what, never by what was measured.

An arm is what a group got in a setting. An animal's sessions in an arm are averaged, so it counts once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from adenoscope.core.reading import Reading
from adenoscope.statistics.effects.groups import Group

FEWEST_SHARED = 3
T = TypeVar("T")


@dataclass(frozen=True)
class Animal:
    """An animal's mean over its sessions in an arm, the mean's own standard deviation, and its blocks."""

    value: float
    error_sd: float
    cohort: str
    sex: str


Arm = dict[str, Animal]


@dataclass(frozen=True, eq=False)
class Arms:
    """The animals that enter a comparison of arms.

    ``crossed`` means that the same animals stand in every arm; otherwise no animal stands in two.
    """

    arms: tuple[Arm, ...]
    crossed: bool
    note: str = ""

    def groups(self) -> tuple[Group, ...]:
        """Return one group with all arms where they are crossed, else one for each arm."""
        return (group_of(self.arms),) if self.crossed else tuple(group_of((arm,)) for arm in self.arms)


def arm_of(readings: Sequence[Reading]) -> Arm:
    """Return each animal's mean over its readings, sorted by animal; those without a value do not enter."""
    sessions: dict[str, list[Reading]] = {}
    for reading in readings:
        if reading.value is not None:
            sessions.setdefault(reading.animal, []).append(reading)
    return {animal: _mean(found) for animal, found in sorted(sessions.items())}


def choose(*arms: Arm) -> Arms:
    """Return the animals to compare.

    Crossed, on the animals in every arm, if these are at least three and more than half of the smallest arm.
    Otherwise an animal in several arms would make them dependent, so it stays in the smallest of its arms only
    (in the first of them if they are equal).
    """
    everywhere = [animal for animal in arms[0] if all(animal in arm for arm in arms)]
    anywhere = {animal for arm in arms for animal in arm}
    if len(everywhere) >= FEWEST_SHARED and 2 * len(everywhere) > min(len(arm) for arm in arms):
        left_out = len(anywhere) - len(everywhere)
        note = f"{_animals(left_out)} in one arm only left out of the pairs." if left_out and len(arms) == 2 else ""
        if left_out and len(arms) > 2:
            note = f"{_animals(left_out)} that {_was(left_out)} not in every arm left out."
        return Arms(tuple({name: arm[name] for name in everywhere} for arm in arms), crossed=True, note=note)
    kept = keep_apart(*arms)
    n_several = sum(len(arm) for arm in arms) - sum(len(arm) for arm in kept)
    if not n_several:
        return Arms(arms, crossed=False)
    n_animals = sum(sum(animal in arm for arm in arms) > 1 for animal in anywhere)
    note = f"{_animals(n_animals)} in {'both' if len(arms) == 2 else 'several'} arms, too few to pair: "
    return Arms(kept, crossed=False, note=note + "counted in the smaller arm only.")


def keep_apart(*arms: Mapping[str, T]) -> tuple[dict[str, T], ...]:
    """Return the arms with every animal in the smallest of its arms only, in the first of them if they are equal."""
    by_size = sorted(range(len(arms)), key=lambda index: len(arms[index]))
    keeper = {animal: index for index in reversed(by_size) for animal in arms[index]}
    return tuple(
        {animal: value for animal, value in arm.items() if keeper[animal] == index} for index, arm in enumerate(arms)
    )


def group_of(arms: Sequence[Arm]) -> Group:
    """Return the animals of arms that hold the same animals as one group, shape (animal, arm)."""
    animals = tuple(arms[0])
    table = [[arm[animal] for arm in arms] for animal in animals]
    return Group(
        animals=animals,
        values=np.array([[mean.value for mean in row] for row in table]).reshape(len(animals), len(arms)),
        error_sd=np.array([[mean.error_sd for mean in row] for row in table]).reshape(len(animals), len(arms)),
        cohort=tuple(row[0].cohort for row in table),
        sex=tuple(row[0].sex for row in table),
    )


def _mean(readings: Sequence[Reading]) -> Animal:
    # fsum, so that the order of sessions cannot change the last bit
    n = len(readings)
    value = math.fsum(reading.value or 0.0 for reading in readings) / n
    error_sd = math.sqrt(math.fsum(reading.error_sd**2 for reading in readings)) / n
    return Animal(value, error_sd, _agreed(r.cohort for r in readings), _agreed(r.sex for r in readings))


def _agreed(labels: Iterable[str]) -> str:
    """Return the label that all sessions of an animal have, "" where they differ."""
    found = set(labels)
    return found.pop() if len(found) == 1 else ""


def _animals(count: int) -> str:
    return f"{count} animal{'' if count == 1 else 's'}"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"
