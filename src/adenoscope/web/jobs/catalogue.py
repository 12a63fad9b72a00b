"""The catalogue of jobs: an SQLite file in the folder that is served, so that a queue outlives its server."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from adenoscope.core.errors import input_error

FILE = "catalogue.sqlite"
VERSION = 1
MOST_KEPT = 500  # jobs that have ended

Kind = Literal["run", "demo"]
State = Literal["queued", "running", "done", "refused", "failed", "stopped"]
RESUMED_FROM: tuple[State, ...] = ("refused", "failed", "stopped")


@dataclass(frozen=True)
class Job:
    """One job: a run of a study, or the demonstration study to be made.

    ``stage``, ``done``, ``total`` and ``words`` are its latest progress. Times are ISO 8601 in UTC, "" before they
    have come. ``message`` says why it was refused or failed; of a job that is done, which sessions were refused.
    """

    id: int
    kind: Kind
    study: str
    state: State
    stage: str
    done: int
    total: int
    words: str
    queued_at: str
    started_at: str
    ended_at: str
    message: str


_COLUMNS = tuple(field.name for field in fields(Job))
_TABLE = f"""
CREATE TABLE IF NOT EXISTS job (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  {", ".join(f"{name} {'INTEGER' if name in ('done', 'total') else 'TEXT'} NOT NULL" for name in _COLUMNS[1:])}
)
"""


def open_catalogue(hidden: Path) -> sqlite3.Connection:
    """Return the catalogue in ``hidden``; jobs that a killed server left running are queued again.

    Raises:
        InputError: the file is damaged, or of another version of the software.
    """
    path = hidden / FILE
    hidden.mkdir(exist_ok=True)
    db = sqlite3.connect(path, isolation_level=None)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        version = db.execute("PRAGMA user_version").fetchone()[0]
        if version not in {0, VERSION}:
            raise sqlite3.DatabaseError(f"version {version}")
        db.execute(_TABLE)
        db.execute(f"PRAGMA user_version = {VERSION}")
        db.execute("UPDATE job SET state = 'queued' WHERE state = 'running'")
        ended = "SELECT id FROM job WHERE state NOT IN ('queued', 'running') ORDER BY id DESC LIMIT -1 OFFSET ?"
        db.execute(f"DELETE FROM job WHERE id IN ({ended})", [MOST_KEPT])
    except sqlite3.DatabaseError as error:
        db.close()
        allowed, remedy = "a catalogue of jobs", "delete it: nothing is lost but the list of jobs"
        raise input_error(path, found=str(error), allowed=allowed, remedy=remedy) from None
    return db


def add_job(db: sqlite3.Connection, kind: Kind, study: str) -> Job:
    """Return a new job at the end of the queue; the one that waits there already, where there is one."""
    if waiting := _waiting(db, kind, study):
        return waiting
    values = Job(0, kind, study, "queued", "", 0, 0, "", now(), "", "", "")
    row = [getattr(values, name) for name in _COLUMNS[1:]]
    marks = ", ".join("?" * len(row))
    added = db.execute(f"INSERT INTO job ({', '.join(_COLUMNS[1:])}) VALUES ({marks})", row)
    return _jobs(db, "WHERE id = ?", added.lastrowid)[0]


def resume_job(db: sqlite3.Connection, job: Job) -> Job:
    """Return a job that has ended, at the end of the queue; or one that waits there for the same."""
    if waiting := _waiting(db, job.kind, job.study):
        return waiting
    change_job(db, job.id, state="queued", queued_at=now())
    return find_job(db, job.id) or job


def change_job(db: sqlite3.Connection, number: int, **values: str | int) -> None:
    """Set some of a job's values."""
    given = ", ".join(f"{name} = ?" for name in _COLUMNS if name in values)
    db.execute(f"UPDATE job SET {given} WHERE id = ?", [*(values[n] for n in _COLUMNS if n in values), number])


def find_job(db: sqlite3.Connection, number: int) -> Job | None:
    """Return a job by its number."""
    found = _jobs(db, "WHERE id = ?", number)
    return found[0] if found else None


def next_job(db: sqlite3.Connection) -> Job | None:
    """Return the job that has waited longest."""
    waiting = _jobs(db, "WHERE state = 'queued' ORDER BY queued_at, id LIMIT 1")
    return waiting[0] if waiting else None


def list_jobs(db: sqlite3.Connection, most: int = 100) -> list[Job]:
    """Return jobs, the newest first, and every one that waits or runs."""
    latest = "id IN (SELECT id FROM job ORDER BY id DESC LIMIT ?)"
    return _jobs(db, f"WHERE state IN ('queued', 'running') OR {latest} ORDER BY id DESC", most)


def now() -> str:
    """Return this moment."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _waiting(db: sqlite3.Connection, kind: Kind, study: str) -> Job | None:
    waiting = _jobs(db, "WHERE kind = ? AND study = ? AND state = 'queued' ORDER BY id LIMIT 1", kind, study)
    return waiting[0] if waiting else None


def _jobs(db: sqlite3.Connection, where: str, *values: Any) -> list[Job]:
    rows = db.execute(f"SELECT {', '.join(_COLUMNS)} FROM job {where}", values)
    return [Job(*row) for row in rows]
