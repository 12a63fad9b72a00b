"""A site over an empty folder, and a client that asks it as the page's own browser would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from adenoscope.io.study import read_study
from adenoscope.studies.run_study import run_study
from adenoscope.web.security.guard import cookie_name
from adenoscope.web.server import create_app
from adenoscope.web.site import Site, open_site

PORT, TOKEN = 8765, "a-token-of-the-tests"
ORIGIN = f"http://127.0.0.1:{PORT}"
STUDY = """\
name = "Fit"
sensor = "GRAB_Ado1.0"
vehicle = "saline"
synthetic = true
[photometry]
window_s = [0, 300]
"""
SESSIONS = """\
session,animal,treatment,recording,intervention_s,dose,dose_unit,control
s1,m1,saline,s1.csv,400,,,control
s2,m2,ketamine,s2.csv,400,10,mg/kg,control
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "studies"
    folder.mkdir()
    with open_site(folder.resolve(), TOKEN, PORT) as opened:
        yield opened


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    cookies = {cookie_name(PORT): TOKEN}
    with TestClient(create_app(site), base_url=ORIGIN, cookies=cookies, headers={"origin": ORIGIN}) as asking:
        yield asking


@pytest.fixture(scope="session")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a study of two short sessions, ``fit``, and its results; to be copied, not changed."""
    root = tmp_path_factory.mktemp("fitted").resolve()
    folder = root / "fit"
    (folder / "recordings").mkdir(parents=True)
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "sessions.csv").write_text(SESSIONS, encoding="utf-8")
    for seed, name in enumerate(("s1", "s2")):
        _record(folder / "recordings" / f"{name}.csv", seed)
    run_study(read_study(folder), root / "fit-results", n_processes=1)
    return root


def _record(path: Path, seed: int) -> None:
    """Write 15 minutes at 2 Hz: bleaching, noise, 20 s without a sample, after 400 s a rise in s2."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(0.0, 900.0, 0.5)
    rise = 1 + 0.1 * np.clip((time_s - 400) / 200, 0, 1) * seed
    signal = 900 * np.exp(-time_s / 9000) * (rise + rng.normal(0, 0.004, time_s.size))
    control = 500 * np.exp(-time_s / 12000) * (1 + rng.normal(0, 0.004, time_s.size))
    signal[(time_s >= 700) & (time_s < 720)] = np.nan
    rows = (f"{a:.2f},{b:.4f},{c:.4f}\n" for a, b, c in zip(time_s, signal, control, strict=True))
    path.write_text("time_s,signal,control\n" + "".join(rows).replace("nan", ""), encoding="utf-8")
