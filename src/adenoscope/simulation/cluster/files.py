"""The files of a shard, and the task that writes them.

``shard-NUMBER-KEY.parquet``: subject, time, and a column for each observable; a row for each subject and time.
``subjects-NUMBER-KEY.parquet``: subject, status, reached, steps, rejected, and a column for each parameter; a row for
each subject. NUMBER counts shards, KEY is the beginning of the shard's key, and subjects are numbered through the
cohort. A shard is there when both are, whole; the one with the trajectories is written last.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np

from adenoscope.core.errors import input_error
from adenoscope.simulation.cluster.columns import Column, read_columns, write_columns
from adenoscope.simulation.cluster.shard import Shard, shard_key
from adenoscope.simulation.cohort.simulate import Question, simulate
from adenoscope.simulation.cohort.trajectories import Trajectories
from adenoscope.simulation.solver.tables import Numbers, Whole

N_REPORT = 5  # columns before those of the parameters
N_PLACE = 2  # columns before those of the observables
SHOWN = 16  # digits of a key in a name


def trajectories_file(folder: Path, shard: Shard) -> Path:
    """Return the file that is to hold a shard's observables."""
    return folder / f"shard-{shard.number:06}-{shard_key(shard)[:SHOWN]}.parquet"


def subjects_file(folder: Path, shard: Shard) -> Path:
    """Return the file that is to hold what a shard's subjects were given, and how they fared."""
    return folder / f"subjects-{shard.number:06}-{shard_key(shard)[:SHOWN]}.parquet"


def compute(shard: Shard, folder: Path, key: str) -> str:
    """Simulate a shard into ``folder`` unless it is there, and return its key: this is what a worker is sent.

    Raises:
        InputError: the folder is not there, or this process runs other software than the one that asked.
    """
    if not folder.is_dir():
        raise input_error(
            folder,
            found="a worker does not see this folder",
            allowed="a folder that all workers and the caller see under the same path",
            remedy="name one with `folder=`, on a file system that the machines share",
        )
    if shard_key(shard) != key:
        raise input_error(
            "cluster",
            found="a worker's adenoscope, numpy or llvmlite is not the caller's",
            allowed="one environment on all machines",
            remedy="install the same versions, and start the workers again",
        )
    if read_shard(shard, folder) is None:
        asked = shard.asked()
        write_shard(shard, folder, simulate(shard.source, asked, replace(shard.options, threads=1)))
    return key


def write_shard(shard: Shard, folder: Path, answer: Trajectories) -> None:
    """Write both files of a shard."""
    key, n, subjects = shard_key(shard), shard.n_subjects, _subjects(shard)
    parameters: list[Column] = [
        (name, np.broadcast_to(value, n).astype(np.float64)) for name, value in answer.parameters.items()
    ]
    report: list[Column] = [("subject", subjects), ("status", answer.status), ("reached", answer.reached)]
    report += [("steps", answer.steps), ("rejected", answer.rejected)]
    write_columns(subjects_file(folder, shard), report + parameters, key)
    table: list[Column] = [("subject", np.repeat(subjects, answer.times.size)), ("time", np.tile(answer.times, n))]
    table += [(name, answer.values[:, :, column].ravel()) for column, name in enumerate(answer.observables)]
    write_columns(trajectories_file(folder, shard), table, key)


def read_shard(shard: Shard, folder: Path) -> Trajectories | None:
    """Return what was written for a shard; None where it is not there, or not whole."""
    key, question = shard_key(shard), shard.asked()
    report = read_columns(subjects_file(folder, shard), key)
    table = read_columns(trajectories_file(folder, shard), key)
    if report is None or table is None:
        return None
    return _trajectories(question, report, table)


def _subjects(shard: Shard) -> Whole:
    return np.arange(shard.first, shard.first + shard.n_subjects, dtype=np.int64)


def _trajectories(question: Question, report: list[Column], table: list[Column]) -> Trajectories:
    _, status, reached, steps, rejected = (values for _, values in report[:N_REPORT])
    shape = (question.n_subjects, question.times.size, len(question.observables))
    values = np.empty(shape)
    for column, (_, observed) in enumerate(table[N_PLACE:]):
        values[:, :, column] = observed.reshape(shape[:2])
    return Trajectories(
        values=values,
        times=question.times,
        observables=question.observables,
        status=cast(Whole, status),
        reached=cast(Numbers, reached),
        steps=cast(Whole, steps),
        rejected=cast(Whole, rejected),
        parameters=question.parameters,
    )
