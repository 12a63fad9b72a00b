"""A process that works for the server: it ends with it, and is started anew where it was killed."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import ParamSpec, TypeVar

from adenoscope.core.threads import single_threaded

In = ParamSpec("In")
Out = TypeVar("Out")
CONTEXT = multiprocessing.get_context("spawn")


@contextmanager
def worker() -> Generator[Executor]:
    """Yield one process, started when it is first needed; it ends with the block, whatever it is busy with."""
    watched, held = CONTEXT.Pipe(duplex=False)
    with watched, held:
        pool = _Lasting(watched)
        try:
            yield pool
        finally:
            held.close()
            pool.shutdown(wait=False, cancel_futures=True)


class _Lasting(Executor):
    """One process after another: the next is started with the next piece of work, where one was killed.

    Want of memory does that. ``watched`` is a pipe whose other end this process holds as long as it lives.
    """

    def __init__(self, watched: Connection) -> None:
        self._watched, self._lock = watched, threading.Lock()
        self._pool = self._made()

    def submit(self, fn: Callable[In, Out], /, *args: In.args, **kwargs: In.kwargs) -> Future[Out]:
        # The process starts here. A second thread would compete with the run of a study, which has its own.
        with self._lock, single_threaded():
            try:
                return self._pool.submit(fn, *args, **kwargs)
            except BrokenExecutor:
                self._pool = self._made()
                return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _made(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, mp_context=CONTEXT, initializer=_begin, initargs=(self._watched,))


def _begin(watched: Connection) -> None:
    """Make a process leave Ctrl-C to the server, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(watched,), daemon=True).start()


def _end_with(watched: Connection) -> None:
    watched.poll(None)  # nothing is ever sent: the other end was closed, or its process killed
    os._exit(1)
