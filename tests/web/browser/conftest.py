"""A server of its own process over a folder, and Debian's chromium to look at it, cut off from every other host."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, and say so, where there is no chromium."""
    if CHROMIUM is None:
        here = Path(__file__).parent
        for item in items:
            if item.path.is_relative_to(here):
                item.add_marker(pytest.mark.skip(reason="chromium is not installed (apt-get install chromium)"))


@pytest.fixture(scope="session")
def base_url() -> None:
    """Return none: the plugin's own way to define this warns."""
    return


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
    return {"executable_path": CHROMIUM, "args": [*quiet, "--disable-sync", "--no-first-run", "--disable-quic"]}


@pytest.fixture
def serving() -> Iterator[Callable[[Path], str]]:
    """Yield what serves a folder and returns the address to open, which holds the token."""
    started: list[subprocess.Popen[str]] = []

    def serve(folder: Path) -> str:
        command = [sys.executable, "-m", "adenoscope", "serve", str(folder), "--port", "0", "--no-open"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(server)
        assert server.stdout is not None
        line = server.stdout.readline()
        assert line.startswith("Open http://127.0.0.1:"), line
        return line.split()[1]

    yield serve
    for server in started:
        server.terminate()
        server.communicate(timeout=20)


@pytest.fixture
def foreign_requests(context: BrowserContext) -> list[str]:
    """Return the addresses that the page asked of other hosts; each was aborted."""
    asked: list[str] = []

    def judge(route: Route) -> None:
        if urlsplit(route.request.url).hostname in {"127.0.0.1", None}:
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    context.route("**/*", judge)
    return asked


@pytest.fixture
def look(page: Page, foreign_requests: list[str]) -> Iterator[Page]:
    """Yield a page whose scripts must not fail, and that must ask nothing of another host."""
    mistakes: list[str] = []
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.on("console", lambda said: mistakes.append(said.text) if said.type == "error" else None)
    yield page
    assert foreign_requests == []
    assert mistakes == []
