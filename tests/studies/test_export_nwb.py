"""A study's sessions as NWB files, written by the command and read back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from typer.testing import CliRunner

from adenoscope.cli.app import app
from adenoscope.io.recordings import read_recording

TOML = 'name = "Small"\nsensor = "GRAB_Ado1.0"\nvehicle = "saline"\nsynthetic = true\n'


def test_run_writes_an_nwb_file_for_every_session_that_was_not_excluded(tmp_path: Path) -> None:
    folder = tmp_path / "small"
    (folder / "recordings").mkdir(parents=True)
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    (folder / "sessions.csv").write_text(
        "session,animal,treatment,recording,intervention_s,control,exclude\n"
        "s1,m1,saline,s1.csv,400,control,\ns2,m2,saline,s1.csv,400,control,no fibre\n",
        encoding="utf-8",
    )
    rng = np.random.default_rng(3)
    t = np.arange(0.0, 900.0, 0.5)
    channels = (scale * np.exp(-t / 9000) * (1 + rng.normal(0, 0.004, t.size)) for scale in (900, 500))
    table = np.column_stack([t, *channels])
    source = folder / "recordings" / "s1.csv"
    np.savetxt(source, table, "%.4f", delimiter=",", header="time_s,signal,control", comments="")

    answer = CliRunner().invoke(app, ["run", str(folder), "--no-report", "--nwb"])

    assert answer.exit_code in {0, 3}, answer.output
    written = sorted(path.name for path in (tmp_path / "small-results" / "nwb").iterdir())
    assert written == ["s1.nwb"]
    back, raw = read_recording(tmp_path / "small-results" / "nwb" / "s1.nwb"), read_recording(source)
    assert {trace.name for trace in raw.traces} <= {trace.name for trace in back.traces}
    for trace in raw.traces:
        same = next(other for other in back.traces if other.name == trace.name)
        np.testing.assert_array_equal(same.values, trace.values)
