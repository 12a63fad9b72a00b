"""What the whole server shares: the folder that it shows, its secret, and the processes that work for it."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import ParamSpec, TypeVar

from fastapi import Request
from starlette.exceptions import HTTPException

from adenoscope.core.threads import single_threaded
from adenoscope.web.claim import claimed
from adenoscope.web.folder import HIDDEN
from adenoscope.web.words import Languages

In = ParamSpec("In")
Out = TypeVar("Out")
LOOKS_EVERY_S = 0.2  # whether whoever asked is still there


@dataclass(frozen=True)
class Site:
    """The folder shown, resolved; the token that a browser must know; where the server listens.

    ``science`` is the process that simulates and draws, ``reading`` the one that opens recordings: neither numba nor
    matplotlib is ever loaded by the server itself.
    """

    folder: Path
    token: str
    port: int
    science: Executor
    reading: Executor
    languages: Languages

    @property
    def hidden(self) -> Path:
        """Return the server's own folder inside the one that it shows."""
        return self.folder / HIDDEN


def site_of(request: Request) -> Site:
    """Return the site that a request is for."""
    site = request.app.state.site
    if not isinstance(site, Site):
        raise TypeError(f"the application holds {site!r} where its site should be")
    return site


@contextmanager
def open_site(folder: Path, token: str, port: int) -> Generator[Site]:
    """Yield a site whose processes are started when they are first needed, and end with the block.

    Raises:
        InputError: another server has the folder.
    """
    with claimed(folder / HIDDEN, folder), _process() as science, _process() as reading:
        yield Site(folder, token, port, science, reading, Languages.shipped())


async def elsewhere(executor: Executor, function: Callable[In, Out], /, *args: In.args, **kwargs: In.kwargs) -> Out:
    """Return what a function of this package gives in another process, without holding up the server.

    Raises:
        HTTPException: 503, the process was killed.
        whatever the function raised.
    """
    with _killed_is_said():
        return await asyncio.wrap_future(executor.submit(function, *args, **kwargs))


async def while_wanted(
    request: Request, executor: Executor, function: Callable[In, Out], /, *args: In.args, **kwargs: In.kwargs
) -> Out:
    """Return what ``elsewhere`` does; work that has not begun when its asker leaves is dropped.

    Raises:
        HTTPException: 499, the asker has left; 503, the process was killed.
        whatever the function raised.
    """
    future = executor.submit(function, *args, **kwargs)
    waiting = asyncio.wrap_future(future)
    while not waiting.done():
        await asyncio.wait([waiting], timeout=LOOKS_EVERY_S)
        if not waiting.done() and await request.is_disconnected():
            future.cancel()
            raise HTTPException(499, "nobody waits for this any more")
    with _killed_is_said():
        return waiting.result()


@contextmanager
def _killed_is_said() -> Generator[None]:
    try:
        yield
    except BrokenExecutor:
        raise HTTPException(503, "the process that worked on this was ended from outside; ask again") from None


class _Lasting(Executor):
    """One process, started anew for the next piece of work where it was killed; want of memory does that."""

    def __init__(self, ended: Event) -> None:
        self._ended, self._lock = ended, threading.Lock()
        self._pool = self._started()

    def submit(self, fn: Callable[In, Out], /, *args: In.args, **kwargs: In.kwargs) -> Future[Out]:
        # Two threads would compete with the run of a study, which has processes of its own.
        with self._lock, single_threaded():  # the process is started here
            try:
                return self._pool.submit(fn, *args, **kwargs)
            except BrokenExecutor:
                self._pool = self._started()
                return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait, cancel_futures=cancel_futures)

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(1, mp_context=context, initializer=_begin, initargs=(self._ended,))


@contextmanager
def _process() -> Generator[Executor]:
    ended = multiprocessing.get_context("spawn").Event()
    pool = _Lasting(ended)
    try:
        yield pool
    finally:
        ended.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(ended: Event) -> None:
    """Make a process leave Ctrl-C to the server, and end with it, whatever it is busy with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    for waiting in (ended.wait, *(() if parent is None else (parent.join,))):
        threading.Thread(target=_end_after, args=(waiting,), daemon=True).start()


def _end_after(waiting: Callable[[], object]) -> None:
    waiting()
    os._exit(1)
