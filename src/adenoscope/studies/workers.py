"""Processes that work through a list, and stop with the one that started them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Protocol, TypeVar

from adenoscope.core.threads import single_threaded

In = TypeVar("In")
Out = TypeVar("Out")

# A process takes about 3 s to start, a session 0.5 s and its file 1 s for 50 MB; a process is worth its
# start when it takes over twice that. Rough figures: they decide how long a run takes and nothing else.
WORTH_A_PROCESS_S = 6.0
SESSION_S = 0.5
BYTES_PER_S = 50e6


class Mapper(Protocol):
    """Applies a function to items and yields (item, result) as they are finished."""

    def __call__(self, function: Callable[[In], Out], items: Sequence[In], /) -> Iterator[tuple[In, Out]]: ...


def processes_for(n_sessions: int, n_bytes: int) -> int:
    """Return how many processes are quickest for sessions whose recordings hold ``n_bytes`` together."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    expected_s = n_sessions * SESSION_S + n_bytes / BYTES_PER_S
    return max(1, min(n_sessions, allowed, int(expected_s / WORTH_A_PROCESS_S)))


@contextmanager
def workers(n_processes: int) -> Generator[Mapper]:
    """Yield a mapper over ``n_processes`` fresh processes, over this one alone when it is 1."""
    if n_processes == 1:
        yield _one_after_another
        return
    with single_threaded(), _pool(n_processes) as pool:

        def side_by_side(function: Callable[[In], Out], items: Sequence[In]) -> Iterator[tuple[In, Out]]:
            places = {pool.submit(function, item): item for item in items}
            return ((places[future], future.result()) for future in as_completed(places))

        yield side_by_side


def _one_after_another(function: Callable[[In], Out], items: Iterable[In]) -> Iterator[tuple[In, Out]]:
    return ((item, function(item)) for item in items)


@contextmanager
def _pool(n_processes: int) -> Generator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(n_processes, mp_context=context, initializer=_start_worker)
    try:
        yield pool
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _start_worker() -> None:
    """Make a worker end at once on Ctrl-C and, instead of waiting for ever, when its parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=lambda: (parent.join(), os._exit(1)), daemon=True).start()
