"""What each parameter does to the answer by itself, from one end of its range to the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from adenoscope.core.trial import Trial
from adenoscope.studies.trials.allocation import Places
from adenoscope.studies.trials.conduct import CENTRE
from adenoscope.studies.trials.expected import expected_difference, single_bound, success
from adenoscope.studies.trials.world import World

FIFTHS = (0.05, 0.95)
MATTERS = 5e-4  # of a point, or of a chance


Variant = tuple[World, Places | None]


@dataclass(frozen=True)
class Swing:
    """What one parameter alone does at the ends of its range, the others being at the link's centre.

    ``at_low`` and ``at_high``: expected difference [points]; ``power_low`` and ``power_high`` [1]; ``kind``: a
    parameter of the link, or of the mechanism.
    """

    name: str
    kind: str
    low: float
    high: float
    at_low: float
    at_high: float
    power_low: float
    power_high: float

    @property
    def width(self) -> float:
        return abs(self.at_high - self.at_low)


def swings(trial: Trial, world: World, place: int, people: Places, error: float) -> list[Swing]:
    """Return what each parameter does by itself to an arm, the widest first; those that do nothing are left out.

    ``error``: the standard error of the estimate [points] at the link's centre.
    """
    found: list[Swing] = []
    for name, kind, low, high, variants in _variants(trial, world, place, people):
        ends = [_at(trial, variant, place, people, error) for variant in variants]
        found.append(Swing(name, kind, low, high, ends[0][0], ends[1][0], ends[0][1], ends[1][1]))
    matter = [swing for swing in found if _reach(swing) > MATTERS]
    return sorted(matter, key=_reach, reverse=True)


def _reach(swing: Swing) -> float:
    return max(swing.width, abs(swing.power_high - swing.power_low))


def _variants(
    trial: Trial, world: World, place: int, people: Places
) -> Iterator[tuple[str, str, float, float, tuple[Variant, Variant]]]:
    for name, values in world.parameters.items():
        low, high = (float(end) for end in np.quantile(values[:-1], FIFTHS))
        worlds = (world.with_parameters(**{name: low}), world.with_parameters(**{name: high}))
        yield name, "link", low, high, ((worlds[0], None), (worlds[1], None))
    if not trial.arms[place].is_inert:
        order = people[np.argsort(world.adenosine[people, place])]
        ends = [int(order[round(share * (order.size - 1))]) for share in FIFTHS]
        low, high = (float(world.adenosine[end, place]) for end in ends)
        alike = [np.full(people.size, end) for end in ends]
        yield "engagement, of everybody", "mechanism", low, high, ((world, alike[0]), (world, alike[1]))


def _at(trial: Trial, variant: Variant, place: int, people: Places, error: float) -> tuple[float, float]:
    world, engaged = variant
    at = expected_difference(trial, world, place, people, np.array([CENTRE]), engaged=engaged)
    chance = success(at.total, at.tau, np.array([error]), single_bound(trial))
    return float(at.total[0]), float(chance[0])
