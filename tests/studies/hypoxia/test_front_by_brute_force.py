"""The search for schedules against brute force, on a grid small enough to be simulated whole."""

from __future__ import annotations

import numpy as np
import pytest

from adenoscope.core.hypoxia_design import HypoxiaDesign, Limits, Range
from adenoscope.statistics.pareto.front import Mask, Numbers, feasible, front, hypervolume
from adenoscope.statistics.pareto.search import search_front
from adenoscope.studies.hypoxia.inside import outside_by
from adenoscope.studies.hypoxia.search import Evaluation
from adenoscope.studies.hypoxia.session import draw_cohort

DESIGN = HypoxiaDesign(
    species="human",
    gas="fixed",
    fio2=Range(0.09, 0.17, 0.02),
    bout_s=Range(30, 300, 54),
    rest_s=Range(60, 300, 80),
    bouts=Range(2, 10, 2),
    sessions=Range(1, 1, 1),
    limits=Limits(spo2_floor=0.85, below_floor_s=30.0, risk=0.1),
    subjects=7,  # and a low responder: one width of the engine
)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return Evaluation(DESIGN, draw_cohort("human", DESIGN.subjects, seed=1))


@pytest.mark.parametrize("seed", range(3))
def test_a_sixth_of_few_schedules_gives_nearly_the_front_of_all(evaluation: Evaluation, seed: int) -> None:
    """A twentieth of 5,000 is what was promised (benchmarks/hypoxia.py); of so few it would be 30."""
    levels = [np.array(quantity.levels) for quantity in DESIGN.searched]
    points = np.stack([axis.ravel() for axis in np.meshgrid(*levels, indexing="ij")], axis=1)
    allowed = outside_by(points, DESIGN) == 0
    objectives, slacks = evaluation(points[allowed])
    kept = feasible(objectives, slacks)
    assert 0 < kept.sum() < allowed.sum() < len(points)  # the envelope, and the limits, have something to say
    best = objectives[front(objectives, kept)]
    reference = best.max(axis=0)

    evaluated: list[Numbers] = []

    def evaluate(asked: Numbers) -> tuple[Numbers, Numbers]:
        evaluated.append(asked)
        return evaluation(asked)

    def inside(asked: Numbers) -> Mask:
        return outside_by(asked, DESIGN) == 0

    found = search_front(levels, evaluate, budget=len(points) // 6, seed=seed, allowed=inside)
    assert (outside_by(np.concatenate(evaluated), DESIGN) == 0).all()
    share = hypervolume(found.objectives[found.on_front], reference) / hypervolume(best, reference)
    assert share > 0.97  # the gate's share
