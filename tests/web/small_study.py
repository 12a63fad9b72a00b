"""A study of a few short recordings on disk, which runs in seconds."""

from __future__ import annotations

from pathlib import Path

import numpy as np

TOML = """\
name = "Small"
sensor = "GRAB_Ado1.0"
vehicle = "saline"
synthetic = true
[photometry]
window_s = [0, 300]
"""
HEADER = "session,animal,treatment,recording,intervention_s,dose,dose_unit,control\n"


def write_small_study(folder: Path, n_sessions: int = 3) -> Path:
    """Write a study whose sessions s1, s2, … are saline and ketamine in turn, and return its folder."""
    (folder / "recordings").mkdir(parents=True)
    rows: list[str] = []
    for n in range(1, n_sessions + 1):
        treatment, dose = ("saline", ",") if n % 2 else ("ketamine", "10,mg/kg")
        rows.append(f"s{n},m{n},{treatment},s{n}.csv,400,{dose},control\n")
        _write_recording(folder / "recordings" / f"s{n}.csv", n)
    (folder / "sessions.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    return folder


def _write_recording(path: Path, seed: int) -> None:
    """Write 15 minutes at 2 Hz: bleaching, noise, and after 400 s a response in the signal."""
    rng = np.random.default_rng(seed)
    t = np.arange(0.0, 900.0, 0.5)
    response = 0.1 * np.clip((t - 400) / 200, 0, 1) * (seed % 2 == 0)
    signal = 900 * np.exp(-t / 9000) * (1 + response + rng.normal(0, 0.004, t.size))
    control = 500 * np.exp(-t / 12000) * (1 + rng.normal(0, 0.004, t.size))
    lines = [f"{a:.2f},{b:.4f},{c:.4f}\n" for a, b, c in zip(t, signal, control, strict=True)]
    path.write_text("time_s,signal,control\n" + "".join(lines), encoding="utf-8")
