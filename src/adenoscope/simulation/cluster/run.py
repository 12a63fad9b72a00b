"""A cohort cut into shards that a cluster computes; what comes back is bit for bit what one machine gives.

Workers and caller share a folder. Shards that are in it, whole and of the same question, are not computed again.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from adenoscope.core.atomic import remove_partials
from adenoscope.core.errors import input_error
from adenoscope.simulation.cluster.draws import Lognormal
from adenoscope.simulation.cluster.files import read_shard, trajectories_file
from adenoscope.simulation.cluster.scheduler import LOCAL, compute_shards
from adenoscope.simulation.cluster.shard import SIZE, Shard, make_shards
from adenoscope.simulation.cohort.changes import Change, given_table
from adenoscope.simulation.cohort.options import make_options
from adenoscope.simulation.cohort.prepared import Source, observable_nodes, prepare
from adenoscope.simulation.cohort.simulate import QUEUES, Question
from adenoscope.simulation.cohort.threads import Watch
from adenoscope.simulation.cohort.trajectories import Trajectories
from adenoscope.simulation.solver.tables import Numbers

_BY_SUBJECT = ("values", "status", "reached", "steps", "rejected")


class Asked(Protocol):
    """What can be asked a question: a model."""

    def question(
        self,
        times: npt.ArrayLike,
        parameters: Mapping[str, npt.ArrayLike],
        events: Sequence[Change] = (),
        observables: Sequence[str] | None = None,
        n_subjects: int | None = None,
    ) -> Question: ...

    def source(self, question: Question) -> Source: ...


def run_and_assemble(
    shards: Sequence[Shard], folder: str | Path | None, cluster: str, watch: Watch | None
) -> Trajectories:
    """Return the trajectories of all shards; without a folder, their files are removed afterwards.

    Raises:
        InputError: the cluster cannot do it; the message says what is missing.
    """
    with nullcontext(folder) if folder is not None else tempfile.TemporaryDirectory(prefix="adenoscope-") as place:
        run_shards(shards, place, cluster=cluster, watch=watch)
        return assemble(shards, place)


def plan_shards(
    model: Asked,
    times: npt.ArrayLike,
    parameters: Mapping[str, npt.ArrayLike] | Lognormal | None = None,
    events: Sequence[Change] = (),
    observables: Sequence[str] | None = None,
    n_subjects: int | None = None,
    *,
    shard: int = SIZE,
    **options: float | None,
) -> list[Shard]:
    """Return the shards of a cohort, checked; nothing is simulated yet."""
    lognormal = parameters if isinstance(parameters, Lognormal) else None
    if lognormal is not None and n_subjects is None:
        raise input_error(
            "n_subjects",
            found="nothing says how many subjects are to be drawn",
            allowed="a whole number",
            remedy="give `n_subjects`",
        )
    values = parameters.median if isinstance(parameters, Lognormal) else parameters or {}
    question = model.question(times, values, events, observables, n_subjects)
    source, chosen = model.source(question), make_options(options)
    _check(source, question)
    return make_shards(source, question, chosen, size=shard, lognormal=lognormal)


def run_shards(
    shards: Sequence[Shard], folder: str | Path, *, cluster: str = LOCAL, watch: Watch | None = None
) -> list[Path]:
    """Return the files of all shards in order, computing those that ``folder`` does not hold.

    For cohorts that are larger than memory: the files are Parquet, with columns subject, time and the observables.
    """
    folder = Path(folder).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    remove_partials(folder)
    missing = [shard for shard in shards if read_shard(shard, folder) is None]
    total = sum(shard.n_subjects for shard in shards)
    compute_shards(missing, folder, cluster, _counter(missing, total, watch))
    return [trajectories_file(folder, shard) for shard in shards]


def assemble(shards: Sequence[Shard], folder: str | Path) -> Trajectories:
    """Return the trajectories of all shards, in the order of their subjects.

    Raises:
        InputError: a shard is not in the folder, or not whole.
    """
    folder, n = Path(folder).resolve(), sum(shard.n_subjects for shard in shards)
    whole: dict[str, npt.NDArray[Any]] = {}
    for shard in shards:
        part = _read(shard, folder)
        for name in _BY_SUBJECT:
            own: npt.NDArray[Any] = getattr(part, name)
            if name not in whole:
                whole[name] = np.empty((n, *own.shape[1:]), own.dtype)
            whole[name][shard.first : shard.first + shard.n_subjects] = own
    question = shards[0].question
    return Trajectories(
        times=question.times, observables=question.observables, parameters=_parameters(shards), **whole
    )


def _parameters(shards: Sequence[Shard]) -> dict[str, Numbers]:
    """Return the parameters of a cohort as they were given, or drawn."""
    parts = [shard.asked().parameters for shard in shards]
    return {
        name: np.concatenate([part[name] for part in parts]) if value.ndim == 1 else value
        for name, value in parts[0].items()
    }


def _read(shard: Shard, folder: Path) -> Trajectories:
    part = read_shard(shard, folder)
    if part is None:
        raise input_error(
            trajectories_file(folder, shard),
            found="a shard is not there, or not whole",
            allowed="what `run_shards` writes, in a folder that the caller and all workers see under the same path",
            remedy="check that the machines share the folder, and run again: shards that are there are not repeated",
        )
    return part


def _counter(missing: Sequence[Shard], total: int, watch: Watch | None) -> Callable[[Shard], None]:
    """Return what is to be called with each finished shard; ``watch`` hears of those that were there at once."""
    done = total - sum(shard.n_subjects for shard in missing)

    def finished(shard: Shard) -> None:
        nonlocal done
        done += shard.n_subjects
        if watch is not None:
            watch(done, total)

    if watch is not None:
        watch(done, total)
    return finished


def _check(source: Source, question: Question) -> None:
    """Say here what is wrong with a question, before many workers do."""
    ready = prepare(source, QUEUES[0])
    observable_nodes(ready.system, question.observables)
    given_table(question.events, ready.system, ready.target_rows, question.n_subjects)
