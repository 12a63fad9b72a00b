"""The processes that work for the page: one that is killed is said to be, and started anew."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest
from starlette.exceptions import HTTPException

from adenoscope.web.site import Site, elsewhere


def asked(executor: Executor, function: Callable[..., object], *arguments: object) -> object:
    """Return what another process gives; in a thread, for the browser of other tests leaves its loop in ours."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(elsewhere(executor, function, *arguments))).result()


def test_a_process_that_was_killed_is_started_anew(site: Site) -> None:
    before = asked(site.reading, os.getpid)
    with pytest.raises(HTTPException) as refusal:
        asked(site.reading, os.kill, before, signal.SIGKILL)
    assert refusal.value.status_code == 503
    assert asked(site.reading, os.getpid) != before


def test_it_has_one_thread_for_each_library(site: Site) -> None:
    assert asked(site.reading, os.getenv, "OMP_NUM_THREADS") == "1"
