"""The queue over HTTP: what waits, runs and has ended; start, stop and resume."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from adenoscope.web.folder import find_study
from adenoscope.web.jobs.catalogue import RESUMED_FROM, Job, add_job, find_job, list_jobs, resume_job
from adenoscope.web.jobs.runner import Jobs, jobs_of, stop_job
from adenoscope.web.jobs.tasks import DEMO, read_inside

router = APIRouter(prefix="/api")
PROGRESS = ("stage", "done", "total", "words")


class Wanted(BaseModel):
    """The study to run."""

    study: Annotated[str, Field(min_length=1, max_length=255)]


@router.get("/jobs")
async def show_jobs(request: Request) -> dict[str, Any]:
    """Return jobs, the newest first."""
    return {"jobs": [job_json(job) for job in list_jobs(jobs_of(request).db)]}


@router.post("/jobs", status_code=201)
async def start_run(request: Request, wanted: Wanted) -> dict[str, Any]:
    """Queue a run of a study; one that waits already is not queued twice."""
    jobs = jobs_of(request)
    place = await asyncio.to_thread(find_study, jobs.site.folder, wanted.study)
    await asyncio.to_thread(read_inside, jobs.site, place)
    return _queued(jobs, add_job(jobs.db, "run", place.name))


@router.post("/demo", status_code=201)
async def make_demo(request: Request) -> dict[str, Any]:
    """Queue the making of the demonstration study."""
    jobs = jobs_of(request)
    if (jobs.site.folder / DEMO).exists():
        raise HTTPException(409, f"{DEMO} is in the folder already")
    return _queued(jobs, add_job(jobs.db, "demo", DEMO))


@router.post("/jobs/{number}/stop")
async def stop(request: Request, number: int) -> dict[str, Any]:
    """Stop a job that waits or runs."""
    jobs = jobs_of(request)
    job = _job(jobs, number)
    if job.state not in {"queued", "running"}:
        raise HTTPException(409, "this job does not run")
    stop_job(jobs, job)
    return job_json(_job(jobs, number))


@router.post("/jobs/{number}/resume")
async def resume(request: Request, number: int) -> dict[str, Any]:
    """Queue a job again that was stopped, refused or failed; it goes on from the pieces that are finished."""
    jobs = jobs_of(request)
    job = _job(jobs, number)
    if job.state not in RESUMED_FROM:
        raise HTTPException(409, "this job was not stopped")
    return _queued(jobs, resume_job(jobs.db, job))


def job_json(job: Job) -> dict[str, Any]:
    """Return a job as the page reads it."""
    told = asdict(job)
    progress = {name: told.pop(name) for name in PROGRESS}
    return {**told, "progress": progress}


def _queued(jobs: Jobs, job: Job) -> dict[str, Any]:
    jobs.wake.set()
    return job_json(job)


def _job(jobs: Jobs, number: int) -> Job:
    job = find_job(jobs.db, number) if 0 < number < 2**63 else None
    if job is None:
        raise HTTPException(404, "there is no such job")
    return job
