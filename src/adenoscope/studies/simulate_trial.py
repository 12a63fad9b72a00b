"""A trial simulated in virtual people: what it would show, how large it must be, and where that answer comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from adenoscope.core.atomic import remove_partials, write_json
from adenoscope.core.errors import InputError, Problem, Refused
from adenoscope.core.parameter import Parameter, load_values
from adenoscope.core.protocol import OwnCompound, Protocol
from adenoscope.core.provenance import fingerprint, software
from adenoscope.core.recording import Samples
from adenoscope.core.trial import Trial
from adenoscope.io import compounds
from adenoscope.io.trial_toml import read_trial
from adenoscope.io.virtual_people import read_virtual_people
from adenoscope.mechanism.cohort import unverified_share, used_constants
from adenoscope.mechanism.interventions import dose_problems
from adenoscope.mechanism.own_compounds import row_problems
from adenoscope.mechanism.validity import outside_validity, refusals
from adenoscope.studies.progress import Progress, ignore
from adenoscope.studies.trials.answer import TrialAnswer, answer
from adenoscope.studies.trials.assembly import Plan, assemble
from adenoscope.studies.trials.conduct import most_people
from adenoscope.studies.trials.courses import course_refusals, people_refusals, session_refusals
from adenoscope.studies.trials.document import REPLICATES, TRIAL, trial_document, write_replicates, write_tables
from adenoscope.studies.trials.pool import SIZE, covariate_names, covariate_problems, sessions
from adenoscope.studies.trials.replicates import replicate_tasks
from adenoscope.studies.trials.tasks import finish, mapper
from adenoscope.studies.trials.world import link_problems

PARTS = "parts"
POOL_LOST = "{} of {} virtual people could not be followed through every arm's session; they are in no replicate."
PEOPLE_ARE_DRAWN = (
    "One draw holds both how people differ and what nobody knows of the mechanism. A trial averages it out, so the "
    "spread between replicates holds what is unknown of the link, and not what is unknown of the mechanism."
)


def simulate_trial(
    path: Path,
    out: Path,
    *,
    replicates: int | None = None,
    pool: int | None = None,
    seed: int | None = None,
    n_processes: int = 1,
    cluster: str | None = None,
    progress: Callable[[Progress], None] = ignore,
) -> TrialAnswer:
    """Write ``trial.json`` and its tables into ``out``, and return what they say.

    Parts that ``out`` already holds, computed from the same trial by the same software, are used again: a run that
    was stopped goes on where it was, and ends with the same bytes. ``cluster``: a Dask scheduler that sees ``out``.

    Raises:
        InputError: the trial, or a table that it names, is wrong; every problem is listed.
        Refused: a session leaves what people may be given, or nobody could be followed.
    """
    plan, read = plan_trial(path, read_trial(path, replicates=replicates, pool=pool, seed=seed))
    reasons = [f"{name}: {reason}" for name, session in plan.sessions.items() for reason in refusals(session)]
    reasons += course_refusals(plan.trial)
    if reasons:
        raise Refused("\n".join([f"{path.name} is refused; nothing was simulated.", *dict.fromkeys(reasons)]))
    _refuse(path, session_refusals(plan.trial))
    parts = (out / PARTS).resolve()
    with mapper(n_processes, cluster) as over:
        finish(plan.pool, parts, over, _watch(progress, "simulating", plan.trial.pool, "people", SIZE))
        finish([plan.link], parts, over, _watch(progress, "calibrating", 1, "the link", 1))
        whole = assemble(plan, parts)
        groups = {"eligible": whole.roster.eligible, "eligible and enriched": whole.roster.enriched}
        _refuse(path, people_refusals(plan.trial, whole.pool.engagement.spo2_low, groups))
        enriched = bool(plan.trial.enrich) and whole.roster.enriched.size >= most_people(plan.trial)
        tasks = replicate_tasks(plan, enriched=enriched)
        each = -(-plan.trial.replicates // len(tasks))
        found = finish(tasks, parts, over, _watch(progress, "randomising", plan.trial.replicates, "trials", each))
    columns = {name: np.concatenate([part[name] for part in found]) for name in found[0]}
    progress(Progress("answering", 0, 1, ""))
    said = replace(
        answer(whole, columns, enriched=enriched),
        outside_validity=tuple(_outside(plan, whole.pool.lost)),
        unverified_share=unverified_share(constants_used(plan).values()),
    )
    _write(out, said, columns, [asdict(fingerprint(file, path.parent)) for file in read])
    progress(Progress("answering", 1, 1, ""))
    return said


def _refuse(path: Path, reasons: list[str]) -> None:
    if reasons:
        raise Refused("\n".join([f"{path.name} is refused; no trial was simulated.", *reasons]))


def plan_trial(path: Path, trial: Trial) -> tuple[Plan, list[Path]]:
    """Return what a trial's tasks need, and the files that were read."""
    problems: list[Problem] = []
    own, read = _own_compounds(path.parent, problems)
    given = sessions(trial, own)
    for arm, session in given.items():
        problems += [replace(p, file=f"{path.name}, arm {arm}") for p in dose_problems(session, "session")]
    problems += covariate_problems(trial, path.name)
    problems += link_problems(trial, path.name)
    table: Mapping[str, Samples] = {}
    if trial.covariates is not None:
        try:
            table = read_virtual_people(trial.covariates, covariate_names())
            read.append(trial.covariates)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)
    return Plan(trial, path.name, given, table), [path, *read]


def _own_compounds(folder: Path, problems: list[Problem]) -> tuple[tuple[OwnCompound, ...], list[Path]]:
    """Return the compounds of compounds.csv beside a trial, where there is one."""
    file = folder / compounds.FILE
    if not file.exists():
        return (), []
    rows = compounds.read_compounds(folder, problems)
    problems += row_problems(rows)
    return tuple(row.compound for row in rows), [file]


def _watch(
    progress: Callable[[Progress], None], stage: str, total: int, words: str, each: int
) -> Callable[[int, int], None]:
    def watch(done: int, tasks: int) -> None:
        progress(Progress(stage, total if done == tasks else min(done * each, total), total, words))

    return watch


def constants_used(plan: Plan) -> dict[str, Parameter]:
    """Return every constant that the answer rests on: of the mechanism, of people, of the link."""
    used: dict[str, Parameter] = {}
    for session in plan.sessions.values():
        used |= used_constants(session)
    for topic in ("people", "madrs_link"):
        used |= {f"{topic} {entry.name}": entry for table in load_values(topic).values() for entry in table.values()}
    return used


def _outside(plan: Plan, lost: int) -> Iterator[str]:
    """Yield where the trial leaves what its parts were compared with, each sentence once."""
    yield PEOPLE_ARE_DRAWN
    if lost:
        yield POOL_LOST.format(lost, plan.trial.pool)
    yield from dict.fromkeys(reason for session in plan.sessions.values() for reason in _of_session(session))


def _of_session(session: Protocol) -> list[str]:
    done = bool(session.give or session.breathe or session.shock)
    return outside_validity(session) if done else []


def _write(out: Path, said: TrialAnswer, columns: Mapping[str, Samples], inputs: list[dict[str, Any]]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    remove_partials(out)
    (out / TRIAL).unlink(missing_ok=True)  # written last: it says that the tables beside it are its own
    write_replicates(out / REPLICATES, said.trial, columns)
    write_tables(out, said)
    head = {"schema_version": 1, "software": asdict(software()), "inputs": inputs}
    write_json(out / TRIAL, head | trial_document(said))
