"""Where results come from: digests of the files read, and which software computed them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

import adenoscope
from adenoscope.core.result import InputFile, Software

_BLOCK_BYTES = 1 << 20
_SURFACES = {"cli", "report", "web"}


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def fingerprint(path: Path, folder: Path) -> InputFile:
    """Return path relative to ``folder``, SHA-256 and size [bytes] of a file, or of all files of a directory.

    A recording may be a directory (a TDT tank); its digest is that of the list of its files' digests.
    """
    name = path.relative_to(folder).as_posix()
    if not path.is_dir():
        return InputFile(name, sha256_of(path), path.stat().st_size)
    members = sorted(file for file in path.rglob("*") if file.is_file())
    lines = [f"{sha256_of(file)}  {file.relative_to(path).as_posix()}\n" for file in members]
    size = sum(file.stat().st_size for file in members)
    return InputFile(name, hashlib.sha256("".join(lines).encode()).hexdigest(), size)


@cache
def software() -> Software:
    """Return name, version and commit of the running package."""
    return Software("adenoscope", adenoscope.__version__, _commit())


@cache
def source_digest() -> str:
    """Return a digest of the package's files that results depend on: all but what shows them.

    A checkout with uncommitted changes has the commit of the code it no longer is; this tells them apart.
    """
    package = Path(adenoscope.__file__).parent
    digest = hashlib.sha256()
    for file in sorted(path for kind in ("*.py", "*.toml", "*.ant") for path in package.rglob(kind)):
        name = file.relative_to(package)
        if name.parts[0] not in _SURFACES:
            digest.update(f"{name.as_posix()} {sha256_of(file)}\n".encode())
    return digest.hexdigest()


def _commit() -> str:
    """Return the checkout's commit, "" when the package is installed rather than tracked by git."""
    init = Path(adenoscope.__file__)
    # An installed package may sit below somebody else's checkout, whose commit says nothing about it.
    if _git(init.parent, "ls-files", "--error-unmatch", init.name) is None:
        return ""
    return _git(init.parent, "rev-parse", "HEAD") or ""


def _git(folder: Path, *arguments: str) -> str | None:
    git = shutil.which("git")
    if git is None:
        return None
    # A hook's GIT_DIR would answer for another repository.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    answer = subprocess.run(
        [git, "-C", str(folder), *arguments], capture_output=True, text=True, env=environment, check=False
    )
    return answer.stdout.strip() if answer.returncode == 0 else None
