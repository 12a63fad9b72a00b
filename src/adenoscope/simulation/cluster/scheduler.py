"""Shards through a Dask scheduler: workers write files and give back keys, so a worker that dies takes nothing along.

A task that was on a worker that died is given to another; one that fails is tried again.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from adenoscope.core.errors import InputError, input_error
from adenoscope.core.threads import single_threaded
from adenoscope.simulation.cluster import local_worker
from adenoscope.simulation.cluster.files import compute
from adenoscope.simulation.cluster.shard import Shard, shard_key

if TYPE_CHECKING:
    from distributed import Client

LOCAL = "local"
RETRIES = 3
AHEAD = 4  # shards for each thread that the scheduler holds: enough to keep all busy, few enough for its memory
FEWEST_AHEAD = 16  # workers may join
CONNECT_S = 15.0
GIVE_UP_S = 60  # without any worker; a process takes some seconds to start


def compute_shards(shards: Sequence[Shard], folder: Path, cluster: str, finished: Callable[[Shard], None]) -> None:
    """Have every shard written into ``folder``, calling ``finished`` with each.

    Raises:
        InputError: the scheduler cannot be reached or was lost; a shard cannot be computed. What is finished stays.
    """
    if not shards:
        return
    with connected(cluster, len(shards)) as client:
        _work_through(client, shards, folder, finished)


def _work_through(client: Client, shards: Sequence[Shard], folder: Path, finished: Callable[[Shard], None]) -> None:
    """A few shards are with the scheduler at any time, the others wait here; whatever ends it takes them back."""
    from distributed import as_completed

    waiting, out = iter(shards), dict[Any, Shard]()
    done = as_completed(loop=client.loop)
    try:
        while True:
            for shard in _next(waiting, _room(client) - len(out)):
                future = client.submit(compute, shard, folder, shard_key(shard), retries=RETRIES, pure=False)
                out[future] = shard
                done.add(future)
            if not out:
                return
            future = next(done)
            shard = out.pop(future)
            _look(future, shard)
            finished(shard)
    finally:
        client.cancel(list(out))


def _next(waiting: Iterator[Shard], n: int) -> list[Shard]:
    return [shard for _, shard in zip(range(n), waiting, strict=False)]


def _room(client: Client) -> int:
    threads = cast(dict[str, int], client.nthreads())
    return max(FEWEST_AHEAD, AHEAD * sum(threads.values()))


def _look(future: Any, shard: Shard) -> None:
    """Raise what a task raised, in words that say what to do."""
    from concurrent.futures import CancelledError

    from distributed.scheduler import KilledWorker, NoWorkerError

    subjects = f"subjects {shard.first} to {shard.first + shard.n_subjects - 1}"
    stays = "with a `folder` of your own, what is finished stays there, and running again goes on from it"
    try:
        future.result()
    except (KilledWorker, NoWorkerError) as error:
        raise input_error(
            f"shard {shard.number}",
            found=f"one worker after another died over {subjects}",
            allowed="shards that fit into a worker's memory, and workers that last",
            remedy=f"take a smaller `shard`, or give workers more memory; {stays}",
        ) from error
    except CancelledError as error:
        raise input_error(
            "cluster",
            found="the scheduler was lost, or another client cancelled the work",
            allowed="a scheduler that lasts as long as the run",
            remedy=f"start it again; {stays}",
        ) from error


@contextmanager
def connected(cluster: str, n_tasks: int) -> Generator[Client]:
    """Yield a connection to the scheduler at an address, or to one of this machine's own that ends with the block."""
    try:
        from distributed import Client
    except ImportError:
        raise input_error(
            "cluster",
            found="the package `distributed` is not installed",
            allowed="an environment with adenoscope's extra `cluster`, here and on the workers",
            remedy="pip install adenoscope[cluster]",
        ) from None
    with ExitStack() as stack:
        address = stack.enter_context(_local_cluster(n_tasks)) if cluster == LOCAL else cluster
        try:
            client = Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise _unreachable(cluster, error) from error
        with client:
            yield client


def _unreachable(cluster: str, error: Exception) -> InputError:
    return input_error(
        "cluster",
        found=f"no scheduler answers at {cluster} ({error})",
        allowed='"local", or the address of a Dask scheduler such as "tcp://10.0.0.1:8786"',
        remedy="start one with `dask scheduler`, and workers with `dask worker ADDRESS --nthreads 1`",
    )


@contextmanager
def _local_cluster(n_tasks: int) -> Generator[str]:
    """Yield the address of a scheduler with a process for each processor, of one thread each."""
    import dask.config
    from distributed import LocalCluster

    make = cast(Callable[..., Any], LocalCluster)  # its types know only the asynchronous way
    # Dask gives up a process that dies while it starts; were all to do so, the run would wait for ever.
    patience = dask.config.set({"distributed.scheduler.no-workers-timeout": f"{GIVE_UP_S}s"})
    with (
        single_threaded(),
        patience,
        make(
            n_workers=min(_processors(), n_tasks),
            threads_per_worker=1,
            processes=True,
            preload=local_worker.__name__,
            silence_logs=logging.CRITICAL,  # a worker that dies is replaced, and its work done again: nothing to tell
            dashboard_address="127.0.0.1:0",  # some port is opened even without a dashboard
            scheduler_kwargs={"dashboard": False},
        ) as cluster,
    ):
        yield str(cluster.scheduler_address)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
