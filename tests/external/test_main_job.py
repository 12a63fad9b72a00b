"""The main job on real recordings of four instruments: it ends well, and reads what the files hold."""

from __future__ import annotations

import csv
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow.parquet as pq
import pytest
from real_sites import DATA, IBL, KATE, LENGTH_S, PHAT, PPD, SITES, needs_data, recording

pytestmark = needs_data


class Facts(NamedTuple):
    """What a file holds of one signal: as the list of sources says it, and as its raw bytes do."""

    listed: str
    n_traces: int
    duration_s: float
    rate_hz: float
    time_s: np.ndarray


def ibl(site):
    table = pq.read_table(DATA / IBL)
    time_s = table["Timestamp"].to_numpy()[(table["Flags"].to_numpy() & 7) == 2]
    return Facts("86,936 frames, 2,898 s, about 15 Hz per LED, 7 sites", 14, 2898.0, 15.0, time_s)


def phat(site):
    led = {"470": "2", "560": "4"}[site.signal]
    with (DATA / PHAT).open(newline="") as file:
        time_s = [float(row["Timestamp"]) for row in csv.DictReader(file) if row["LedState"] == led]
    return Facts("14,569 frames, 365 s, 13.3 Hz per LED", 6, 365.0, 13.3, np.array(time_s))


def ppd(site):
    data = (DATA / PPD).read_bytes()
    n_samples = (len(data) - 2 - int.from_bytes(data[:2], "little")) // 4
    return Facts("two colours, time-division, 130 Hz | 3,648 s", 2, 3648.0, 130.0, np.arange(n_samples) / 130.0)


def kate(site):
    with (DATA / KATE).open(newline="") as file:
        time_s = [float(row["Time_470nm"]) for row in csv.DictReader(file) if row["Time_470nm"]]
    return Facts("3,600 rows per LED at 10 Hz", 2, 360.0, 10.0, np.array(time_s))


RAW = {IBL: ibl, PHAT: phat, PPD: ppd, KATE: kate}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return a study folder in which every light path has a sham intervention in the middle."""
    folder = tmp_path_factory.mktemp("real") / "study"
    (folder / "recordings").mkdir(parents=True)
    lines = ["session,animal,treatment,recording,intervention_s,region,site,signal,control"]
    for site in SITES:
        name = Path(site.file).name
        shutil.copyfile(DATA / site.file, folder / "recordings" / name)
        middle = 180 if LENGTH_S[site.file] < 600 else round(LENGTH_S[site.file] / 2)
        lines.append(f"{site.name},{site.name},sham,{name},{middle},here,{site.site},{site.signal},{site.control}")
    (folder / "sessions.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(
        'name = "Sham"\nsensor = "GRAB_Ado1.0"\nvehicle = "sham"\n[photometry]\nwindow_s = [0, 600]\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def finished(study):
    """Return the finished process of ``adenoscope run`` and the folder of its results."""
    out = study.parent / "results"
    command = [sys.executable, "-m", "adenoscope", "run", str(study), "--out", str(out)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False), out


@pytest.fixture(scope="module")
def results(finished):
    return json.loads((finished[1] / "results.json").read_text(encoding="utf-8"))


def is_interval(value):
    return (
        set(value) == {"estimate", "low", "high", "ci_prob"}
        and all(math.isfinite(number) for number in value.values())
        and value["low"] <= value["high"]
        and value["ci_prob"] == 0.95
    )


def test_a_run_on_real_recordings_ends_well(finished, results):
    process, out = finished
    refused = [entry for entry in results["recordings"] if entry["status"] == "refused"]
    assert process.returncode == (3 if refused else 0), process.stderr
    assert "Traceback" not in process.stderr
    assert (out / "report.html").stat().st_size > 10_000
    for entry in refused:
        assert entry["reason"]
        assert f"{entry['session']}: {entry['reason']}" in process.stdout


def test_most_light_paths_are_estimated(results):
    # The fibres of four sites were pulled out 90 s after the middle: what is left of the window may be too little.
    status = {entry["session"]: entry["status"] for entry in results["recordings"]}
    assert set(status) == {site.name for site in SITES}
    pulled = {f"ibl-{region}" for region in ("3R", "4G", "5R", "6G")}
    assert all(status[name] == "estimated" for name in set(status) - pulled)


def test_the_results_keep_the_contract(results, finished):
    assert results["schema_version"] == 1
    assert results["synthetic"] is False
    assert results["software"]["name"] == "adenoscope"
    assert {Path(file["path"]).name for file in results["inputs"]} >= {Path(site.file).name for site in SITES}
    assert all(len(file["sha256"]) == 64 and file["bytes"] > 0 for file in results["inputs"])
    assert isinstance(results["contrasts"], list)
    assert isinstance(results["necessity"], list)
    for entry in results["recordings"]:
        keep_the_contract(entry, finished[1])


def keep_the_contract(entry, out):
    """Fail where an entry of ``recordings`` is not as other tools expect it."""
    texts = ("session", "animal", "region", "genotype", "condition", "pretreatment", "treatment", "dose_unit")
    assert all(isinstance(entry[name], str) for name in texts)
    assert entry["control"]["verdict"] in {"usable", "caution", "signal_only", "unusable"}
    assert entry["control"]["reason"]
    assert entry["control"]["kappa"] is None or is_interval(entry["control"]["kappa"])
    adenosine = entry["adenosine"]
    assert adenosine["identified"] is False
    assert adenosine["reason"]
    assert adenosine["nanomolar"] is None or is_interval(adenosine["nanomolar"])
    assert isinstance(adenosine["assumed"], dict)
    if entry["status"] == "refused":
        assert entry["response"] is None
        return
    response = entry["response"]
    start, end = response["window_s"]
    assert (start, 0 < end <= 600) == (0, True)
    for name in ("mean_dff", "auc_dff_s", "peak_dff", "time_to_peak_s"):
        assert is_interval(response[name])
    for name in ("onset_s", "half_decay_s"):
        assert response[name] is None or is_interval(response[name])
    trace = pq.read_table(out / entry["trace"])
    assert {"time_s", "dff", "dff_low", "dff_high"} <= set(trace.column_names)
    assert trace.num_rows > 5


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_what_was_read_agrees_with_the_list_of_sources_and_with_the_raw_bytes(site, results):
    raw = RAW[site.file](site)
    sources = " ".join((DATA / "SOURCES.md").read_text(encoding="utf-8").split())
    (facts,) = [entry["facts"] for entry in results["recordings"] if entry["session"] == site.name]
    assert raw.listed in sources
    assert len(recording(site.file).traces) == raw.n_traces
    assert facts["n_samples"] == raw.time_s.size
    assert facts["first_s"] == pytest.approx(raw.time_s[0], abs=1e-6)
    assert facts["last_s"] == pytest.approx(raw.time_s[-1], abs=1e-6)
    # The list rounds to a second and to a tenth of a hertz; "about 15 Hz" is one in a hundred.
    assert facts["last_s"] - facts["first_s"] == pytest.approx(raw.duration_s, abs=0.6)
    assert facts["rate_hz"] == pytest.approx(raw.rate_hz, rel=0.01)
