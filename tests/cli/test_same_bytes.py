"""The first run after an installation, which compiles, ends with the same bytes as all later ones."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Everything = Callable[[Path], dict[str, bytes]]


@pytest.mark.slow
def test_a_run_that_compiles_gives_the_same_bytes(shell, study: Path, everything: Everything, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    shutil.copytree(shell.package_root, fresh, ignore=shutil.ignore_patterns("__pycache__"))
    outs = [tmp_path / "compiling", tmp_path / "compiled"]
    for out in outs:
        answer = type(shell)(fresh).run("run", study, "--no-report", "--out", out)
        assert answer.returncode in {0, 3}, answer.stderr
    assert everything(outs[0]) == everything(outs[1])
