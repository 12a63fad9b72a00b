"""Takes jobs from the catalogue, one at a time, each in a process that ends when the server does."""

from __future__ import annotations

import asyncio
import json
import signal
import sqlite3
import sys
import traceback
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastapi import Request
from starlette.exceptions import HTTPException

from adenoscope.core.errors import InputError
from adenoscope.web.jobs.catalogue import Job, State, change_job, find_job, next_job, now, open_catalogue
from adenoscope.web.jobs.tasks import task_for
from adenoscope.web.site import Site

LOG = "job.log"  # what the latest job's process said that we do not understand
LONGEST_LINE = 4_000_000
COMMAND = (sys.executable, "-m", "adenoscope.web.jobs.child")


@dataclass(eq=False)
class Jobs:
    """The queue of a site, what works through it, and the lock that ledgers of edits are changed under."""

    site: Site
    db: sqlite3.Connection
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    editing: asyncio.Lock = field(default_factory=asyncio.Lock)
    running: Process | None = None


def jobs_of(request: Request) -> Jobs:
    """Return the jobs of the site that a request is for."""
    jobs = request.app.state.jobs
    if not isinstance(jobs, Jobs):
        raise TypeError(f"the application holds {jobs!r} where its jobs should be")
    return jobs


@asynccontextmanager
async def working(site: Site) -> AsyncGenerator[Jobs]:
    """Yield the jobs of a site, worked through until the block ends; what runs then is queued again."""
    jobs = Jobs(site, open_catalogue(site.hidden))
    work = asyncio.create_task(_work(jobs))
    try:
        yield jobs
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work
        jobs.db.close()


def stop_job(jobs: Jobs, job: Job) -> None:
    """Stop a job that waits or runs; pieces that it has finished stay."""
    change_job(jobs.db, job.id, state="stopped", ended_at=now())
    if job.state == "running" and jobs.running is not None:
        _kill(jobs.running)


async def _work(jobs: Jobs) -> None:
    while True:
        jobs.wake.clear()
        job = next_job(jobs.db)
        if job is None:
            await jobs.wake.wait()
        else:
            await _do(jobs, job)


async def _do(jobs: Jobs, job: Job) -> None:
    """Do a job, and write into the catalogue how it ended; stopped or cut short, it is not our word that counts."""
    begun = {"started_at": now(), "ended_at": "", "message": "", "stage": "", "words": "", "done": 0, "total": 0}
    change_job(jobs.db, job.id, state="running", **begun)
    try:
        ended = await _ended(jobs, job)
    except asyncio.CancelledError:
        _change_if_running(jobs, job, state="queued")
        raise
    except InputError as error:
        ended = {"state": "refused", "message": str(error)}
    except HTTPException as error:
        ended = {"state": "refused", "message": str(error.detail)}
    except Exception as error:  # a mistake of ours ends its job, and not the queue
        traceback.print_exc()
        ended = {"state": "failed", "message": repr(error)}
    _change_if_running(jobs, job, ended_at=now(), **ended)


def _change_if_running(jobs: Jobs, job: Job, **values: str | int) -> None:
    if _state(jobs, job) == "running":
        change_job(jobs.db, job.id, **values)


def _state(jobs: Jobs, job: Job) -> State | None:
    latest = find_job(jobs.db, job.id)
    return None if latest is None else latest.state


async def _ended(jobs: Jobs, job: Job) -> dict[str, str]:
    """Return state and message of a job that has ended by itself."""
    task = await asyncio.to_thread(task_for, jobs.site, job)
    log = jobs.site.hidden / LOG
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            json.dumps(task),
            stdin=PIPE,
            stdout=PIPE,
            stderr=stderr,
            limit=LONGEST_LINE,
            start_new_session=True,  # Ctrl-C is for the server, which ends its jobs itself
        )
    jobs.running = process
    if _state(jobs, job) != "running":  # stopped while its process was being started
        _kill(process)
    try:
        said = await _listen(jobs, job, process)
        code = await process.wait()
    finally:
        jobs.running = None
        _kill(process)
        await process.wait()
        if process.stdin is not None:
            process.stdin.close()
    return _outcome(said, code, log)


async def _listen(jobs: Jobs, job: Job, process: Process) -> Mapping[str, Any]:
    """Write a process's progress into the catalogue, and return what else it said."""
    said: dict[str, Any] = {}
    if process.stdout is None:
        return said
    async for line in process.stdout:
        with suppress(ValueError):  # a line that a kill has cut short
            words = json.loads(line)
            if "stage" in words:
                _change_if_running(jobs, job, **words)
            else:
                said |= words
    return said


def _outcome(said: Mapping[str, Any], code: int, log: Path) -> dict[str, str]:
    if "problems" in said:
        return {"state": "refused", "message": "\n".join(said["problems"])}
    if "done" in said and code == 0:
        return {"state": "done", "message": ", ".join(said["done"])}
    if code < 0:
        name = signal.Signals(-code).name
        return {"state": "failed", "message": f"The process was ended from outside ({name})."}
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last = lines[-1] if lines else f"The process ended with code {code}."
    return {"state": "failed", "message": f"{last[:2000]} (more in {log.parent.name}/{log.name})"}


def _kill(process: Process) -> None:
    with suppress(ProcessLookupError):
        if process.returncode is None:
            process.kill()
