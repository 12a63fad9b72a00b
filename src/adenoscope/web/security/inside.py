"""Files of the folder that is served, opened so that no link leads out of it, and nothing waits or fills memory."""

from __future__ import annotations

import os
import stat
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from starlette.exceptions import HTTPException

BLOCK = 1 << 16
OUTSIDE = "leads out of the folder that is served"


def is_inside(path: Path, folder: Path) -> bool:
    """Return whether a path, links followed, lies in a folder that is resolved."""
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError, ValueError):  # a link to itself, a name that no file can have
        return False


def read_inside(path: Path, folder: Path, most: int) -> bytes:
    """Return the bytes of a file of at most ``most`` bytes that lies in ``folder``, which is resolved.

    Raises:
        FileNotFoundError: there is no such file.
        HTTPException: 403, it lies elsewhere, or is no plain file; 413, it is larger.
    """
    with open_inside(path, folder) as file:
        text = file.read(most + 1)
    if len(text) > most:
        raise HTTPException(413, f"{path.name} is larger than {most:,} bytes")
    return text


def blocks_inside(path: Path, folder: Path) -> Iterator[bytes]:
    """Yield what a file in ``folder`` holds, for an answer that is sent as it is read; errors as `open_inside`."""
    with open_inside(path, folder) as file:
        while block := file.read(BLOCK):
            yield block


@contextmanager
def open_inside(path: Path, folder: Path) -> Generator[BinaryIO]:
    """Yield a file that lies in ``folder``, which is resolved.

    It is opened first and looked at then, so a link that is changed meanwhile leads nowhere else.

    Raises:
        FileNotFoundError: there is no such file.
        HTTPException: 403, it lies elsewhere, or is no plain file.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))  # a pipe would wait for its writer
    except FileNotFoundError:
        raise
    except (OSError, ValueError):
        raise HTTPException(403, f"{_named(path, folder)} cannot be read") from None
    opened = os.fstat(descriptor)
    if not stat.S_ISREG(opened.st_mode):
        os.close(descriptor)
        raise HTTPException(403, f"{_named(path, folder)} is no plain file")
    with open(descriptor, "rb") as file:
        if not _is_there(path, folder, opened):
            raise HTTPException(403, f"{_named(path, folder)} {OUTSIDE}")
        yield file


def refuse_outside(folder: Path, *paths: Path) -> None:
    """Return if every path that is there is a plain file or folder in ``folder``, which is resolved.

    Raises:
        HTTPException: 403, one leads out of it, or is a pipe or the like.
    """
    for path in paths:
        if os.path.lexists(path) and not is_inside(path, folder):
            raise HTTPException(403, f"{_named(path, folder)} {OUTSIDE}")
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise HTTPException(403, f"{_named(path, folder)} is no plain file")


def _named(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name


def _is_there(path: Path, folder: Path, opened: os.stat_result) -> bool:
    """Return whether the very file that is open has its place in ``folder``."""
    try:
        place = path.resolve(strict=True)
        return place.is_relative_to(folder) and os.path.samestat(place.lstat(), opened)
    except (OSError, RuntimeError):
        return False
