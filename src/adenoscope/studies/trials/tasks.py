"""Work cut into tasks that write files of their own, under keys of what they were computed from.

A task that was finished before a run was stopped is not repeated; so a run goes on where it was and ends with the
same bytes, on one process, on several, or on a Dask cluster that sees the same folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np

from adenoscope.core.atomic import remove_partials
from adenoscope.core.provenance import software, source_digest
from adenoscope.simulation.cluster.columns import Column, read_columns, write_columns
from adenoscope.studies.workers import Mapper, workers

In = TypeVar("In")
Out = TypeVar("Out")
SHOWN = 16  # digits of a key in a name


class Task(Protocol):
    """Part of a whole: its ``name`` among others, what its numbers depend on, and its columns."""

    @property
    def name(self) -> str: ...
    def ingredients(self) -> Any: ...
    def columns(self, folder: Path) -> Sequence[Column]: ...


def key_of(task: Task) -> str:
    """Return a key: equal keys mean equal numbers."""
    own = {"software": asdict(software()), "source": source_digest(), "numpy": np.__version__}
    text = json.dumps({**own, "task": task.ingredients()}, sort_keys=True, default=str)
    return hashlib.sha256(f"{task.name} {text}".encode()).hexdigest()


def file_of(task: Task, folder: Path) -> Path:
    """Return where a task's columns stand."""
    return folder / f"{task.name}-{key_of(task)[:SHOWN]}.parquet"


def read_task(task: Task, folder: Path) -> dict[str, Any] | None:
    """Return a task's columns by name; None where they are not there, or not whole."""
    columns = read_columns(file_of(task, folder), key_of(task))
    return None if columns is None else dict(columns)


def do_task(task: Task, folder: Path) -> str:
    """Write a task's file unless it is there, and return its name: this is what a worker is sent."""
    if read_task(task, folder) is None:
        write_columns(file_of(task, folder), list(task.columns(folder)), key_of(task))
    return task.name


def finish(
    tasks: Sequence[Task], folder: Path, over: Mapper, watch: Callable[[int, int], None]
) -> list[dict[str, Any]]:
    """Return the columns of all tasks in order, doing those that ``folder`` does not hold; others of the same names,
    computed from something else, are removed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    remove_partials(folder)
    _tidy(tasks, folder)
    missing = [task for task in tasks if read_task(task, folder) is None]
    done = len(tasks) - len(missing)
    watch(done, len(tasks))
    for _ in over(partial(do_task, folder=folder), missing):
        done += 1
        watch(done, len(tasks))
    return [_there(task, folder) for task in tasks]


def _there(task: Task, folder: Path) -> dict[str, Any]:
    columns = read_task(task, folder)
    if columns is None:
        raise RuntimeError(f"{file_of(task, folder)} vanished during the run")
    return columns


def _tidy(tasks: Sequence[Task], folder: Path) -> None:
    wanted = {file_of(task, folder).name for task in tasks}
    kinds = {task.name.split("-")[0] for task in tasks}
    for file in folder.glob("*-*.parquet"):
        if file.name.split("-")[0] in kinds and file.name not in wanted:
            file.unlink()


@contextmanager
def mapper(n_processes: int, cluster: str | None) -> Generator[Mapper]:
    """Yield what applies a function to tasks: over processes of this machine, or through a Dask scheduler.

    ``cluster``: the address of a scheduler, "local" for one of this machine's own, None for no Dask.

    Raises:
        InputError: the scheduler cannot be reached.
    """
    if cluster is None:
        with workers(n_processes) as over:
            yield over
        return
    from adenoscope.simulation.cluster.scheduler import connected

    with connected(cluster, n_processes) as client:

        def spread(function: Callable[[In], Out], items: Sequence[In]) -> Iterator[tuple[In, Out]]:
            from distributed import as_completed

            places = {client.submit(function, item, pure=False): item for item in items}
            try:
                for future in as_completed(list(places), loop=client.loop):
                    yield places[future], future.result()
            finally:
                client.cancel(list(places))

        yield spread
