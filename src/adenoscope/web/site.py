"""What the whole server shares: the folder that it shows, its secret, and the processes that work for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec, TypeVar

from fastapi import Request
from starlette.exceptions import HTTPException

from adenoscope.web.claim import claimed
from adenoscope.web.folder import HIDDEN
from adenoscope.web.words import Languages
from adenoscope.web.worker import worker

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
    with claimed(folder / HIDDEN, folder), worker() as science, worker() as reading:
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
