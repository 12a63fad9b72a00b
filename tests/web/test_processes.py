"""The processes that work for the page: one that is killed is said to be, and started anew."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest
from starlette.exceptions import HTTPException

from adenoscope.web.site import Site, elsewhere


def test_a_process_that_was_killed_is_started_anew(site: Site) -> None:
    before = asyncio.run(elsewhere(site.reading, os.getpid))
    with pytest.raises(HTTPException) as refusal:
        asyncio.run(elsewhere(site.reading, os.kill, before, signal.SIGKILL))
    assert refusal.value.status_code == 503
    assert asyncio.run(elsewhere(site.reading, os.getpid)) != before


def test_it_has_one_thread_for_each_library(site: Site) -> None:
    assert asyncio.run(elsewhere(site.reading, os.getenv, "OMP_NUM_THREADS")) == "1"
