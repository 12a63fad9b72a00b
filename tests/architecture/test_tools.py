"""The tools that check the tree, run as part of the tests: layers, style, types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def passes(tool: str, *arguments: str) -> None:
    command = [str(Path(sys.executable).with_name(tool)), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{tool} {' '.join(arguments)}\n{done.stdout}{done.stderr}"


def test_imports_point_down_without_cycles_and_science_does_not_draw() -> None:
    passes("lint-imports", "--no-cache")


def test_the_linter_has_nothing_to_say() -> None:
    passes("ruff", "check", "--no-cache")


def test_every_file_is_formatted() -> None:
    passes("ruff", "format", "--check", "--no-cache")


def test_the_source_is_typed_strictly() -> None:
    passes("pyright")
