"""One server for a folder: a claim that is gone when its process is, however that ended."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from adenoscope.core.errors import input_error

FILE = "claim.sqlite"


@contextmanager
def claimed(hidden: Path, folder: Path) -> Generator[None]:
    """Hold the claim to ``folder`` while the block runs; it is kept in ``hidden``, the server's own folder.

    A database's lock is one that every system knows, and that the system itself lets go when a process is killed.

    Raises:
        InputError: another server holds it.
    """
    hidden.mkdir(exist_ok=True)
    with closing(sqlite3.connect(hidden / FILE, timeout=0, isolation_level=None, check_same_thread=False)) as claim:
        try:
            claim.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise input_error(
                folder,
                found="another adenoscope serves this folder",
                allowed="one server for a folder",
                remedy="use the page that is open, or end the other one (Ctrl-C where it runs)",
            ) from None
        yield
