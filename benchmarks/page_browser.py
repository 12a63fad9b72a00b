"""A server of its own process and a browser that looks at it, for what is measured of the page."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
RESTING_S = 0.03  # of processor time in a second
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


class Memory(NamedTuple):
    """What a process holds now and held at the most, and what all it started hold now [MB]."""

    now: float
    peak: float
    children: float


class Serving(NamedTuple):
    """A server over a folder: the address with its token, the same without, and its process."""

    address: str
    root: str
    pid: int


@contextmanager
def serving(folder: Path) -> Generator[Serving]:
    """Yield a server that is up."""
    command = [sys.executable, "-m", "adenoscope", "serve", str(folder), "--port", "0", "--no-open"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        if server.stdout is None:
            raise RuntimeError("the server has no output")
        address = server.stdout.readline().split()[1]
        yield Serving(address, address.split("/?")[0], server.pid)
    finally:
        server.terminate()
        server.communicate(timeout=20)


@contextmanager
def browsing(width: int = 1280, height: int = 720) -> Generator[Page]:
    """Yield a page of a browser that knows nothing yet."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser.new_page(viewport={"width": width, "height": height})
        finally:
            browser.close()


def memory_of(pid: int) -> Memory:
    """Return the memory of a process and of those that it started."""
    now, peak = _megabytes(pid, "VmRSS"), _megabytes(pid, "VmHWM")
    return Memory(now, peak, sum(_megabytes(child, "VmRSS") for child in _descendants(pid)))


def settle(pid: int, longest_s: float = 120.0) -> None:
    """Wait until the processes that a server started have loaded what they need, and rest."""
    end, spent = time.monotonic() + longest_s, -1.0
    while time.monotonic() < end:
        now = sum(_processor_s(child) for child in _descendants(pid))
        if now - spent < RESTING_S:
            return
        spent = now
        time.sleep(1.0)


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _megabytes(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    return 0.0


def _descendants(pid: int) -> list[int]:
    children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    for task in Path(f"/proc/{pid}/task").iterdir():
        if task.name != str(pid):
            children += [int(child) for child in (task / "children").read_text().split()]
    return children + [grand for child in children for grand in _descendants(child)]
