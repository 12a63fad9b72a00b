"""Compiled kernels kept on disk, under a key of everything that their code depends on.

An entry that is damaged, or of another processor or version, is built anew; a folder that cannot be written to
costs time and nothing else. ADENOSCOPE_CACHE_DIR, where it is set, says where entries are kept.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path

from adenoscope.core.atomic import appearing
from adenoscope.core.machine_code import CACHE_DIR
from adenoscope.simulation.kernel.machine import Code, compile_object, load_object, processor_key

DIGEST_BYTES = 32
MOST_ENTRIES = 4000  # about 100 MB; the oldest go first


def kernel_folder() -> Path:
    """Return where compiled kernels are kept."""
    chosen = os.environ.get(CACHE_DIR)
    return (Path(chosen) if chosen else user_cache_path("adenoscope")) / "kernels"


def compiled_code(text: str, names: Sequence[str]) -> Code:
    """Return the functions of ``text``, from disk where they are there and whole."""
    path = kernel_folder() / f"{entry_key(text)}.o"
    content = _read(path)
    if content is None:
        content = compile_object(text)
        with suppress(OSError):
            _write(path, content)
    return load_object(content, names)


def entry_key(text: str) -> str:
    """Return the name of an entry: the code's text, the processor, and the versions of the tools."""
    return hashlib.sha256(f"{processor_key()}\0{text}".encode()).hexdigest()


def _read(path: Path) -> bytes | None:
    """Return an entry's machine code, or None where it is absent or not what was written."""
    try:
        entry = path.read_bytes()
    except OSError:
        return None
    digest, content = entry[:DIGEST_BYTES], entry[DIGEST_BYTES:]
    return content if hashlib.sha256(path.stem.encode() + content).digest() == digest else None


def _write(path: Path, content: bytes) -> None:
    digest = hashlib.sha256(path.stem.encode() + content).digest()
    with appearing(path) as partial:
        partial.write_bytes(digest + content)
    entries = sorted(path.parent.glob("*.o"), key=lambda entry: entry.stat().st_mtime)
    for entry in entries[:-MOST_ENTRIES]:
        entry.unlink(missing_ok=True)
