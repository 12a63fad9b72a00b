"""Files that appear whole or not at all: written beside their place, flushed to disk, then renamed."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_PREFIX, _SUFFIX = ".", ".partial"


@contextmanager
def appearing(path: Path) -> Generator[Path]:
    """Yield a hidden path to write to; it becomes ``path`` when the block ends well, else it vanishes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    # A name of its own for every writer: two that write the same file each write a whole one.
    partial = path.with_name(f"{_PREFIX}{path.name}.{os.getpid()}-{threading.get_ident()}{_SUFFIX}")
    try:
        yield partial
        _flush(partial)
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    if os.name == "posix":  # elsewhere a folder cannot be opened, and the rename is durable by itself
        _flush(path.parent)


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8 with bare newlines on every system, whole or not at all."""
    with appearing(path) as partial:
        partial.write_bytes(text.encode("utf-8"))


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write ``document`` as strict JSON in the order of its keys, whole or not at all.

    The bytes are the same on every system: floats stand in their shortest exact form.
    """
    write_text(path, json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def remove_partials(folder: Path) -> None:
    """Remove what a killed writer left in ``folder``."""
    for leftover in folder.glob(f"{_PREFIX}*{_SUFFIX}"):
        leftover.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
