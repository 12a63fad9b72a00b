"""A small study on disk, and the command line in a process of its own on a copy of the package.

The copy keeps a run's bytes from depending on what is edited or committed beside the test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import adenoscope

TOML = """\
name = "Small"
sensor = "GRAB_Ado1.0"
vehicle = "saline"
synthetic = true
[photometry]
window_s = [0, 300]
"""
COMMAND = ("-m", "adenoscope")
HEADER = "session,animal,treatment,recording,intervention_s,dose,dose_unit,control\n"
ROWS = (
    "s1,m1,saline,s1.csv,400,,,control\n",
    "s2,m1,ketamine,s2.csv,400,10,mg/kg,control\n",
    "s3,m2,ketamine,s3.csv,400,10,mg/kg,\n",
)


def write_recording(path: Path, seed: int) -> None:
    """Write 15 minutes at 2 Hz: bleaching, noise, and after 400 s a response in the signal."""
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, 900.0, 0.5)
    response = 0.1 * np.clip((t - 400) / 200, 0, 1)
    signal = 900 * np.exp(-t / 9000) * (1 + response + rng.normal(0, 0.004, t.size))
    control = 500 * np.exp(-t / 12000) * (1 + rng.normal(0, 0.004, t.size))
    lines = [f"{a:.2f},{b:.4f},{c:.4f}\n" for a, b, c in zip(t, signal, control, strict=True)]
    path.write_text("time_s,signal,control\n" + "".join(lines), encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Return the folder of a small study."""
    folder = tmp_path / "small"
    (folder / "recordings").mkdir(parents=True)
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    (folder / "sessions.csv").write_text(HEADER + "".join(ROWS), encoding="utf-8")
    for seed, name in enumerate(("s1", "s2", "s3")):
        write_recording(folder / "recordings" / f"{name}.csv", seed)
    return folder


@dataclass(frozen=True)
class Shell:
    """The command line as a user has it: a process with arguments, output and an exit code."""

    package_root: Path

    def start(self, *arguments: str | Path, program: Sequence[str] = COMMAND) -> subprocess.Popen[str]:
        environment = os.environ | {"PYTHONPATH": str(self.package_root), "PYTHONWARNINGS": "error"}
        return subprocess.Popen(
            [sys.executable, *program, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def run(self, *arguments: str | Path, program: Sequence[str] = COMMAND) -> subprocess.CompletedProcess[str]:
        with self.start(*arguments, program=program) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(list(map(str, arguments)), process.returncode, out, err)


@pytest.fixture(scope="session")
def shell(tmp_path_factory: pytest.TempPathFactory) -> Shell:
    root = tmp_path_factory.mktemp("package")
    shutil.copytree(Path(adenoscope.__file__).parent, root / "adenoscope")
    return Shell(root)


@pytest.fixture
def everything() -> Callable[[Path], dict[str, bytes]]:
    """Return a function that gives every file below a folder with its bytes."""

    def read(folder: Path) -> dict[str, bytes]:
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}

    return read
