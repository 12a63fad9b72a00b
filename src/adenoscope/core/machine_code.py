"""Functions compiled to machine code, kept on disk for as long as all sources they are built from stay the same.

numba keeps a function for as long as its own file is unchanged, and would go on using an old filter inside a
function of another file. Here a change of any file of this package that compiles makes all compile again.
The environment's ADENOSCOPE_CACHE_DIR, where it is set, says where all machine code is kept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from numba import config, njit  # pyright: ignore[reportUnknownVariableType]
from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

P = ParamSpec("P")
T = TypeVar("T")
MARKS = (b"\n@compiled\n", b"intrinsic(")
CACHE_DIR = "ADENOSCOPE_CACHE_DIR"


@cache
def sources() -> tuple[Path, ...]:
    """Return the files of this package that compile, this one left out."""
    here = Path(__file__)
    files = (path for path in sorted(here.parents[1].rglob("*.py")) if path != here)
    return tuple(path for path in files if any(mark in path.read_bytes() for mark in MARKS))


@cache
def source_stamp() -> bytes:
    """Return what the machine code depends on, as one digest."""
    digest = hashlib.sha256()
    for path in sources():
        digest.update(str(path.relative_to(Path(__file__).parents[1])).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.digest()


class InChosenFolder(UserProvidedCacheLocator):
    """Keeps machine code where the environment's NUMBA_CACHE_DIR says."""

    def get_source_stamp(self) -> bytes:
        return source_stamp()


class BesideSources(InTreeCacheLocator):
    """Keeps machine code beside the sources."""

    def get_source_stamp(self) -> bytes:
        return source_stamp()


class InHome(UserWideCacheLocator):
    """Keeps machine code in the user's cache, for a package that lies where nothing may be written."""

    def get_source_stamp(self) -> bytes:
        return source_stamp()


_PLACES = ",".join(f"{place.__module__}.{place.__name__}" for place in (InChosenFolder, BesideSources, InHome))


def compiled(function: Callable[P, T]) -> Callable[P, T]:
    """Return ``function`` compiled to machine code, cached on disk, and released from the GIL.

    Arithmetic stays as written: with reordering allowed, a run that compiles could differ in its last bits
    from one that finds the code in the cache. A division by zero is infinite, as in numpy. Where no folder can be
    written to, every process compiles.
    """
    settings = cast(Any, config)  # numba's types do not know them
    before = settings.CACHE_LOCATOR_CLASSES, settings.CACHE_DIR
    settings.CACHE_LOCATOR_CLASSES = _PLACES
    settings.CACHE_DIR = os.environ.get(CACHE_DIR, settings.CACHE_DIR)
    try:
        return cast(Callable[P, T], njit(cache=True, nogil=True, error_model="numpy")(function))
    except RuntimeError:
        return cast(Callable[P, T], njit(nogil=True, error_model="numpy")(function))
    finally:
        settings.CACHE_LOCATOR_CLASSES, settings.CACHE_DIR = before


def is_on_disk(*functions: Any) -> bool:
    """Return whether the machine code of compiled ``functions`` is on disk, and newer than all sources."""
    newest = max(path.stat().st_mtime for path in sources())
    return all(_written(function) > newest for function in functions)


def _written(function: Any) -> float:
    """Return when a function's machine code was written [s since the epoch], 0 where it is not on disk."""
    folder = function.stats.cache_path
    if folder is None:
        return 0.0
    return max((path.stat().st_mtime for path in Path(folder).glob(f"*.{function.__name__}-*.nbc")), default=0.0)
