"""Everything that replicates of a trial share, put together from the files of earlier tasks.

A worker on another machine is sent the plan alone, and finds people and link in the folder that all see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from adenoscope.core.people import People
from adenoscope.core.protocol import Protocol
from adenoscope.core.recording import Samples
from adenoscope.core.trial import Trial
from adenoscope.simulation.cluster.columns import Column
from adenoscope.studies.trials.conduct import Roster
from adenoscope.studies.trials.exposure import Reference, reference, relative
from adenoscope.studies.trials.link import Link, link_draws
from adenoscope.studies.trials.pool import Pool, PoolTask, join_pool, pool_tasks, roster
from adenoscope.studies.trials.tasks import Task, key_of, read_task
from adenoscope.studies.trials.world import World, guess_chances, make_world

N_DRAWS = 2000
REFERENCE = ("a1", "a2a", "lesser", "block")


@dataclass(frozen=True, eq=False)
class LinkTask:
    """Draws of the link that has not seen some published trials, and what engagement is relative to."""

    seed: int
    without: tuple[str, ...]
    n_draws: int = N_DRAWS

    @property
    def name(self) -> str:
        return "link-000000"

    def ingredients(self) -> Any:
        return [self.seed, self.without, self.n_draws]

    def columns(self, folder: Path) -> Sequence[Column]:  # noqa: ARG002
        """Return draws by parameter, then how many they are worth and the reference, the same in every row."""
        link = link_draws(self.n_draws, self.seed, without=self.without)
        known = {"effective": link.effective, **{name: getattr(reference(), name) for name in REFERENCE}}
        drawn: list[Column] = [(name, np.asarray(values, dtype=float)) for name, values in link.draws.items()]
        return drawn + [(f"reference {name}", np.full(self.n_draws, value)) for name, value in known.items()]


@dataclass(frozen=True, eq=False)
class Plan:
    """A trial with all that its tasks need: a session of each arm, and the table that people are drawn from."""

    trial: Trial
    file: str
    sessions: Mapping[str, Protocol]
    table: Mapping[str, Samples]

    @property
    def pool(self) -> list[PoolTask]:
        return pool_tasks(self.trial, self.sessions, self.table)

    @property
    def link(self) -> LinkTask:
        published = self.trial.published
        return LinkTask(self.trial.seed, () if published is None else published.left_out)

    def key(self) -> str:
        """Return a key of all that a replicate depends on besides its number."""
        own = {key: value for key, value in asdict(self.trial).items() if key not in {"replicates", "covariates"}}
        own |= {"name": "", "purpose": "", "power": 0.0}  # nothing of these reaches a replicate, but power below
        own["power"] = self.trial.power if self.trial.looks.reestimation else 0.0
        return repr([own, key_of(self.link), [key_of(task) for task in self.pool]])


@dataclass(frozen=True, eq=False)
class Assembled:
    """What replicates are made of. ``effective``: how many independent draws of the prior the link is worth."""

    trial: Trial
    pool: Pool
    world: World
    roster: Roster
    reference: Reference
    effective: float

    @property
    def people(self) -> People:
        return self.pool.people


_LATEST: dict[tuple[str, Path], Assembled] = {}


def assemble(plan: Plan, folder: Path) -> Assembled:
    """Return everything that a plan's replicates share, its pool and link being in ``folder``.

    Raises:
        InputError: too few people may be asked, or the trial names what people and link do not have.
    """
    place = (plan.key(), folder)
    if place not in _LATEST:
        _LATEST.clear()  # a pool may be large; one is kept
        _LATEST[place] = _assemble(plan, folder)
    return _LATEST[place]


def _assemble(plan: Plan, folder: Path) -> Assembled:
    columns = [_columns(task, folder) for task in plan.pool]
    pool = join_pool(columns, tuple(plan.sessions))
    drawn = _columns(plan.link, folder)
    known = {name: float(drawn[f"reference {name}"][0]) for name in (*REFERENCE, "effective")}
    draws = {name: values for name, values in drawn.items() if not name.startswith("reference ")}
    effective = known.pop("effective")
    to = Reference(**known)
    link = Link({}, draws, (), effective)
    world = make_world(plan.trial, pool.people, relative(pool.engagement, to), link)
    guesses = guess_chances(plan.trial, world.parameters)
    return Assembled(plan.trial, pool, world, roster(plan.trial, pool.people, guesses, plan.file), to, effective)


def _columns(task: Task, folder: Path) -> dict[str, Samples]:
    columns = read_task(task, folder)
    if columns is None:
        raise RuntimeError(f"{task.name} is not in {folder}, or not whole")
    return columns
