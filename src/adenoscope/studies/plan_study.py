"""How many animals an experiment needs, for each question that will be asked of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from adenoscope.core.atomic import write_json
from adenoscope.core.provenance import software
from adenoscope.core.study import Plan
from adenoscope.io.plan_toml import read_plans
from adenoscope.statistics.verdicts.planning import (
    FEWEST,
    MOST,
    N_STUDIES,
    Truth,
    animals_needed,
    chance_of_effect,
    chance_of_interaction,
    verdict_rates,
)
from adenoscope.studies.progress import Progress, ignore

ARMS = {"unpaired": 4, "paired": 2, "crossed": 1}
N_POINTS = 16
ROUNDING = 1e-9


@dataclass(frozen=True)
class Need:
    """One question: what is to be found, the group size at which it is, and the chance [1] at some sizes.

    ``n`` is in each group of animals and ``total`` in all of them, ``start_with`` that with attrition; None where
    not even the largest size that is tried would do. ``curve`` holds (n, chance).
    """

    question: str
    n: int | None
    total: int | None
    start_with: int | None
    curve: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class PlannedReadout:
    """A plan with what it needs."""

    plan: Plan
    needs: tuple[Need, ...]


def plan_study(path: Path, *, progress: Callable[[Progress], None] = ignore) -> tuple[PlannedReadout, ...]:
    """Return the animals that every plan of a study.toml needs, by simulated studies judged as real ones are.

    Raises:
        InputError: the document is wrong; every problem is listed.
    """
    plans = read_plans(path)
    total, done = sum(len(questions(plan)) for plan in plans), 0
    planned: list[PlannedReadout] = []
    for plan in plans:
        sizes: dict[str, int | None] = {}
        for question, chance in questions(plan).items():
            progress(Progress("simulating", done, total, f"{plan.readout}: {question}"))
            sizes[question] = animals_needed(chance, plan.power)
            done += 1
        planned.append(PlannedReadout(plan, tuple(_needs(plan, sizes))))
    progress(Progress("simulating", total, total, ""))
    return tuple(planned)


def questions(plan: Plan) -> dict[str, Callable[[int], float]]:
    """Return each question with the chance [1] of its answer at a group size."""
    truth = truth_of(plan)
    gone, untouched = replace(truth, residual=0.0), replace(truth, residual=truth.effect)
    left = f"{100 * truth.residual / truth.effect:.0f} %" if truth.residual else "nothing"
    return {
        "effect, without the manipulation": lambda n: chance_of_effect(truth, n),
        f"interaction, if {left} of the effect is left": lambda n: chance_of_interaction(truth, n),
        "necessary, if nothing of the effect is left": lambda n: verdict_rates(gone, n)["necessary"],
        "not necessary, if all of it is left": lambda n: verdict_rates(untouched, n)["not_necessary"],
    }


def truth_of(plan: Plan) -> Truth:
    """Return the plan as simulated studies take it."""
    n_spreads = 4 if plan.design == "unpaired" else 2
    return Truth(plan.effect, plan.residual, (plan.sd,) * n_spreads, plan.margin, plan.design, plan.correlation)


def write_plan(out: Path, planned: tuple[PlannedReadout, ...]) -> Path:
    """Write ``power.json`` into ``out`` and return its path."""
    document: dict[str, Any] = {
        "schema_version": 1,
        "software": asdict(software()),
        "simulated_studies": N_STUDIES,
        "plans": [
            {
                **asdict(item.plan),
                "margin_from": _margin_from(item.plan),
                "needs": [asdict(need) for need in item.needs],
            }
            for item in planned
        ],
    }
    write_json(out / "power.json", document)
    return out / "power.json"


def _margin_from(plan: Plan) -> str:
    return "study.toml" if plan.margin is not None else "half of the effect that will be seen"


def _needs(plan: Plan, sizes: Mapping[str, int | None]) -> Iterator[Need]:
    arms = ARMS[plan.design]
    axis = _axis(max((size or MOST for size in sizes.values()), default=MOST))
    for question, chance in questions(plan).items():
        n, curve = sizes[question], tuple((size, chance(size)) for size in axis)
        if n is None:
            yield Need(question, None, None, None, curve)
        else:
            start_with = arms * math.ceil(n / (1 - plan.attrition) - ROUNDING)
            yield Need(question, n, n * arms, start_with, curve)


def _axis(largest: int) -> list[int]:
    """Return sizes up to twice the largest that is needed, closer together where they are small."""
    most = min(MOST, max(2 * largest, 12))
    step = (most / FEWEST) ** (1 / (N_POINTS - 1))
    return sorted({round(FEWEST * step**index) for index in range(N_POINTS)})
