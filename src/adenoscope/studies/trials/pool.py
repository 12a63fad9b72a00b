"""The pool: virtual people, each simulated under every arm once, from whom all replicates take theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from adenoscope.core.errors import InputError, Problem, Refused
from adenoscope.core.people import People, Population
from adenoscope.core.protocol import OwnCompound, Protocol
from adenoscope.core.recording import Samples
from adenoscope.core.trial import Criterion, Trial
from adenoscope.io.nearest import did_you_mean
from adenoscope.simulation.cluster.columns import Column
from adenoscope.studies.trials.allocation import strata_of
from adenoscope.studies.trials.conduct import Roster, most_people
from adenoscope.studies.trials.engagement import Engagement, engage
from adenoscope.studies.trials.people import draw_people
from adenoscope.studies.trials.published import ENANTIOMERS

SIZE = 4000  # people of a task: a minute of work, so that little is lost by a kill
SESSION_S = 12 * 3600.0
READINGS = ("a1", "a2a", "block", "spo2_low")


@dataclass(frozen=True, eq=False)
class Pool:
    """Virtual people, how each is engaged under every arm, and how many were ``lost``: could not be followed."""

    people: People
    engagement: Engagement
    lost: int


@dataclass(frozen=True, eq=False)
class PoolTask:
    """Some of the pool. ``table``: covariates by name that people are drawn from, row by row; empty for none."""

    number: int
    n: int
    seed: int
    population: Population
    sessions: Mapping[str, Protocol]
    table: Mapping[str, Samples]

    @property
    def name(self) -> str:
        return f"pool-{self.number:06}"

    def ingredients(self) -> Any:
        sessions = {name: asdict(session) for name, session in self.sessions.items()}
        table = {name: values.tolist() for name, values in self.table.items()}
        return [self.number, self.n, self.seed, asdict(self.population), sessions, table]

    def columns(self, folder: Path) -> Sequence[Column]:  # noqa: ARG002
        """Return covariates, then each reading of engagement under each arm in turn."""
        seed = int(np.random.SeedSequence(self.seed, spawn_key=(self.number,)).generate_state(1, np.uint64)[0] >> 1)
        people = _from_table(draw_people(self.n, seed, self.population), self.table, seed)
        engagement = engage(people, self.sessions, seed)
        covariates: list[Column] = [(name, np.asarray(values, float)) for name, values in people.covariates.items()]
        return covariates + [
            (f"{reading} {arm}", np.ascontiguousarray(getattr(engagement, reading)[:, place]))
            for reading in READINGS
            for place, arm in enumerate(self.sessions)
        ]


def _from_table(people: People, table: Mapping[str, Samples], seed: int) -> People:
    if not table:
        return people
    n_rows = next(iter(table.values())).size
    row = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1,))).integers(0, n_rows, people.n)
    return People({**people.covariates, **{name: values[row] for name, values in table.items()}})


def sessions(trial: Trial, compounds: tuple[OwnCompound, ...] = ()) -> dict[str, Protocol]:
    """Return one session of each arm by name."""
    blank = Protocol("human", SESSION_S, seed=trial.seed, compounds=(*ENANTIOMERS, *compounds))
    return {arm.name: replace(blank, give=arm.give, breathe=arm.breathe, shock=arm.shock) for arm in trial.arms}


def pool_tasks(trial: Trial, given: Mapping[str, Protocol], table: Mapping[str, Samples]) -> list[PoolTask]:
    """Return the tasks that make a trial's pool."""
    return [
        PoolTask(number, min(SIZE, trial.pool - first), trial.seed, trial.population, given, table)
        for number, first in enumerate(range(0, trial.pool, SIZE))
    ]


def join_pool(parts: Sequence[Mapping[str, Samples]], arms: tuple[str, ...]) -> Pool:
    """Return the pool from the columns of its tasks, without those who could not be followed.

    Raises:
        Refused: nobody could be followed.
    """
    whole = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    readings = {reading: np.stack([whole[f"{reading} {arm}"] for arm in arms], axis=1) for reading in READINGS}
    failed = np.isnan(readings["a1"]).sum(axis=1) > 0
    if failed.all():
        raise Refused("Nobody of the pool could be followed through every arm's session.")
    of_engagement = {f"{reading} {arm}" for reading in READINGS for arm in arms}
    people = People({name: values[~failed] for name, values in whole.items() if name not in of_engagement})
    kept = {reading: values[~failed] for reading, values in readings.items()}
    return Pool(people, Engagement(arms, **kept, failed=failed[~failed]), int(failed.sum()))


def roster(trial: Trial, people: People, guesses: tuple[Samples, Samples], file: str) -> Roster:
    """Return who of the pool may be asked.

    Raises:
        InputError: too few people meet the rules.
    """
    eligible = np.flatnonzero(_meets(people, trial.eligible))
    enriched = np.flatnonzero(_meets(people, (*trial.eligible, *trial.enrich)))
    if eligible.size < most_people(trial):
        raise InputError(_too_few(file, eligible.size, trial))
    return Roster(people["madrs"], strata_of(people.covariates, trial.strata), eligible, enriched, *guesses)


def _meets(people: People, rules: Sequence[Criterion]) -> npt.NDArray[np.bool_]:
    met = np.ones(people.n, dtype=np.bool_)
    for rule in rules:
        values = people[rule.covariate]
        met &= values <= rule.value if rule.sense == "<=" else values >= rule.value
    return met


def covariate_problems(trial: Trial, file: str) -> list[Problem]:
    """Return what a trial's rules and strata take for covariates that are none."""
    known = covariate_names()
    named = [*(rule.covariate for rule in (*trial.eligible, *trial.enrich)), *trial.strata]
    return [
        Problem(file, f"{name}: no covariate", ", ".join(known), did_you_mean(name, known) or "delete it")
        for name in dict.fromkeys(named)
        if name not in known
    ]


def covariate_names() -> list[str]:
    """Return the covariates that virtual people have."""
    return list(draw_people(1, 0).covariates)


def _too_few(file: str, found: int, trial: Trial) -> Problem:
    share = max(found, 1) / trial.pool
    remedy = f"take pool = {int(np.ceil(1.2 * most_people(trial) / share))} or more, or ease the rules"
    return Problem(file, f"{found} of {trial.pool} virtual people are eligible", f"{most_people(trial)}", remedy)
