"""Writing NWB: the inspector has no complaint, everything is in the file, and chance is not."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nwb_cases import INPUTS, SESSION, SOFTWARE, STUDY, recording, refused, result_of

from adenoscope.core.recording import Recording, Trace
from adenoscope.io.nwb import read_nwb, write_nwb
from adenoscope.io.nwb import write as writer
from adenoscope.io.nwb.answer import clock
from adenoscope.io.nwb.names import plain_name, unique_names
from adenoscope.io.recordings import read_recording

SHARED = Path(__file__).parents[2] / ".." / "shared" / "data" / "photometry"
EXACT_S = 1e-9  # an even clock is stored as start and rate, which gives it back to the nanosecond


def write(path: Path, measured: Recording | None = None, **changes: Any) -> Path:
    measured = measured or recording()
    given = {"study": STUDY, "result": result_of(measured), "software": SOFTWARE, "inputs": INPUTS, **changes}
    write_nwb(path, recording=measured, **given)
    return path


def assert_same(read: Recording, written: Recording) -> None:
    for ours, theirs in zip(read.traces, written.traces, strict=True):
        assert (ours.name, ours.site, ours.wavelength_nm) == (theirs.name, theirs.site, theirs.wavelength_nm)
        assert ours.saturation == theirs.saturation
        np.testing.assert_array_equal(ours.values, theirs.values)
        np.testing.assert_allclose(ours.time_s, theirs.time_s, rtol=0, atol=EXACT_S)


def complaints(path: Path) -> list[tuple[str, str]]:
    from nwbinspector import inspect_nwbfile

    return [(m.importance.name, m.check_function_name) for m in inspect_nwbfile(nwbfile_path=str(path))]


def rows(table: Any) -> dict[str, str]:
    return dict(zip(table["item"].data[:], table["value"].data[:], strict=True))


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("nwb") / "s1.nwb")


@pytest.fixture
def nwbfile(written: Path) -> Any:
    from pynwb import NWBHDF5IO

    with NWBHDF5IO(str(written), "r") as io:
        yield io.read()


def test_the_inspector_only_misses_what_a_study_does_not_know(written: Path) -> None:
    assert sorted(complaints(written)) == [
        ("BEST_PRACTICE_SUGGESTION", "check_col_not_nan"),  # emission wavelengths
        ("BEST_PRACTICE_SUGGESTION", "check_experimenter_exists"),
        ("BEST_PRACTICE_SUGGESTION", "check_institution"),
        ("BEST_PRACTICE_SUGGESTION", "check_session_start_time_old_date"),
        ("BEST_PRACTICE_SUGGESTION", "check_single_row"),  # one intervention
    ]


def test_the_schema_finds_no_fault(written: Path) -> None:
    from pynwb import validate

    assert validate(path=str(written)) == []


def test_traces_clock_and_digital_edges_come_back(written: Path) -> None:
    read = read_nwb(written)
    assert_same(read, recording())
    assert list(read.digital) == ["Input0"]
    np.testing.assert_array_equal(read.digital["Input0"], [15.0, 20.0])


@given(
    start=st.floats(-1e4, 2e9),
    step=st.floats(1e-3, 10),
    jitter=st.sampled_from([0.0, 0.3]),
    n=st.integers(2, 50),
)
def test_any_clock_is_stored_so_that_it_comes_back(start: float, step: float, jitter: float, n: int) -> None:
    time_s = start + step * (np.arange(n) + jitter * np.random.default_rng(n).uniform(size=n))
    stored = clock(time_s)
    back = stored.get("timestamps")
    if back is None:
        back = stored["starting_time"] + np.arange(n) / stored["rate"]
    np.testing.assert_allclose(back, time_s, rtol=0, atol=EXACT_S)


@given(st.lists(st.text("ab/:_2\\", max_size=3), max_size=6))
def test_names_for_nwb_are_allowed_and_differ(names: list[str]) -> None:
    made = unique_names(plain_name(name) for name in names)
    assert len(set(made)) == len(made) == len(names)
    assert not any(set(name) & set("/:\\") for name in made)
    assert all(made)


def test_names_that_nwb_forbids_come_back(tmp_path: Path) -> None:
    time_s = np.arange(5) / 10
    traces = tuple(Trace(name, time_s, time_s + k) for k, name in enumerate(["z/1", "z:1", "ΔF 470", "a"]))
    measured = Recording(Path("a.csv"), "csv", traces)
    assert_same(read_nwb(write(tmp_path / "a.nwb", measured)), measured)


def test_an_uneven_clock_is_stored_bit_for_bit(written: Path) -> None:
    np.testing.assert_array_equal(read_nwb(written).traces[0].time_s, recording().traces[0].time_s)


def test_the_response_stands_on_the_recordings_clock(nwbfile: Any) -> None:
    dff = nwbfile.processing["ophys"]["dff"]
    np.testing.assert_array_equal(dff.data[:], np.full(18, 0.1))
    assert dff.starting_time == recording().start_s + 60.0 - 50.0
    assert dff.rate == pytest.approx(0.1)
    assert nwbfile.events["interventions"]["timestamp"][0] == recording().start_s + 60.0


def test_estimands_have_intervals_and_units(nwbfile: Any) -> None:
    table = nwbfile.processing["ophys"]["estimands"].to_dataframe().set_index("quantity")
    mean = table.loc["mean_dff over [0, 1800] s"]
    assert (mean["estimate"], mean["low"], mean["high"], mean["unit"]) == (0.1, 0.05, 0.15, "fraction")
    assert "half_decay_s" not in table.index
    assert np.isnan(table.loc["minimum_detectable_dff", "low"])


def test_provenance_names_software_inputs_settings_and_verdict(nwbfile: Any) -> None:
    told = rows(nwbfile.processing["ophys"]["provenance"])
    assert told["software"] == "adenoscope 0.1.0"
    assert told["commit"] == "0123abc"
    assert told["input recordings/a.csv"] == f"sha256 {'ab' * 32}, 1234 bytes"
    assert told["setting window_s"] == "(0.0, 1800.0)"
    assert told["control verdict"] == "usable"
    assert told["synthetic"] == "no"


def test_what_is_unknown_is_said_to_be(nwbfile: Any) -> None:
    assert "THE DATE IS NOT RECORDED" in nwbfile.session_description
    assert nwbfile.subject.species == "Not recorded"
    table = nwbfile.lab_meta_data["fiber_photometry"].fiber_photometry_table
    assert "not recorded" in table["photodetector"][0].description
    assert np.isnan(table["emission_wavelength_in_nm"][0])


def test_a_known_date_and_species_are_written(tmp_path: Path) -> None:
    from pynwb import NWBHDF5IO

    date = datetime(2024, 5, 6, 7, 8, tzinfo=UTC)
    path = write(tmp_path / "a.nwb", session_start=date, species="Mus musculus")
    with NWBHDF5IO(str(path), "r") as io:
        file = io.read()
        assert file.session_start_time == date
        assert "NOT RECORDED" not in file.session_description
        assert file.subject.species == "Mus musculus"


def test_simulated_data_say_so_first(tmp_path: Path) -> None:
    from pynwb import NWBHDF5IO

    path = write(tmp_path / "a.nwb", study=replace(STUDY, synthetic=True))
    with NWBHDF5IO(str(path), "r") as io:
        file = io.read()
        assert file.session_description.startswith("SIMULATED DATA, NOT MEASURED")
        assert rows(file.processing["ophys"]["provenance"])["synthetic"].startswith("yes")


def test_a_refused_session_has_a_reason_and_no_numbers(tmp_path: Path) -> None:
    from pynwb import NWBHDF5IO

    session = replace(SESSION, onsets_s=())
    path = write(tmp_path / "a.nwb", result=refused(result_of(recording(), session)))
    assert {level for level, _ in complaints(path)} == {"BEST_PRACTICE_SUGGESTION"}
    with NWBHDF5IO(str(path), "r") as io:
        module = io.read().processing["ophys"]
        assert list(module.data_interfaces) == ["provenance"]
        assert rows(module["provenance"])["reason"] == "Drift hides the response."


def test_awkward_sessions_pass_the_inspector(tmp_path: Path) -> None:
    session = replace(SESSION, session="a/b:c", animal="m/1", onsets_s=(10.0, 20.0), sex="", dose=None)
    measured = replace(recording(), digital={"interventions": np.array([1.0]), "silent": np.array([])})
    path = write(tmp_path / "a.nwb", measured, result=result_of(measured, session))
    assert {level for level, _ in complaints(path)} == {"BEST_PRACTICE_SUGGESTION"}
    assert list(read_nwb(path).digital) == ["interventions_2"]


def test_the_same_inputs_give_the_same_bytes(written: Path, tmp_path: Path) -> None:
    assert write(tmp_path / "again.nwb").read_bytes() == written.read_bytes()


def test_another_process_gives_the_same_bytes(written: Path, tmp_path: Path) -> None:
    code = "import sys, pathlib, test_nwb_write as t; t.write(pathlib.Path(sys.argv[1]))"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parent)}
    other = tmp_path / "other.nwb"
    subprocess.run([sys.executable, "-c", code, str(other)], check=True, env=environment, cwd=tmp_path)
    assert other.read_bytes() == written.read_bytes()


def test_different_inputs_give_different_objects(written: Path, tmp_path: Path) -> None:
    import h5py

    other = write(tmp_path / "a.nwb", inputs=(replace(INPUTS[0], sha256="cd" * 32),))
    with h5py.File(written) as a, h5py.File(other) as b:
        assert a["identifier"][()] != b["identifier"][()]
        assert a.attrs["object_id"] != b.attrs["object_id"]


def test_every_object_has_an_id_of_its_own(written: Path) -> None:
    import h5py

    ids: list[str] = []
    with h5py.File(written) as file:
        file.visititems(lambda _, item: ids.append(item.attrs.get("object_id", "")))
    ids = [one for one in ids if one]
    assert len(set(ids)) == len(ids) > 10


def test_a_write_that_is_cut_short_leaves_the_old_file(
    written: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.nwb"
    path.write_bytes(b"old")

    def cut_short(partial: Path, *_: Any) -> None:
        partial.write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(writer, "_write", cut_short)
    with pytest.raises(KeyboardInterrupt):
        write(path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


REAL = {
    "camera": "katemartian_csv/example.csv",
    "pyPhotometry": "pyPhotometry_Akam/m17-R-2018-12-12-090409.ppd",
    "Neurophotometrics": "ibl_NPM/version_1/_neurophotometrics_fpData.raw.pqt",
}


@pytest.mark.parametrize("file", REAL.values(), ids=REAL.keys())
def test_a_real_recording_survives_the_round_trip(file: str, tmp_path: Path) -> None:
    if not (SHARED / file).exists():
        pytest.skip(f"{file} is not beside the repository")
    measured = read_recording(SHARED / file)
    path = write(tmp_path / "real.nwb", measured)
    assert {level for level, _ in complaints(path)} == {"BEST_PRACTICE_SUGGESTION"}
    read = read_recording(path)
    assert_same(read, measured)
    lines = {line: edges for line, edges in measured.digital.items() if edges.size}
    assert set(read.digital) == set(lines)
    for line, edges in lines.items():
        np.testing.assert_array_equal(read.digital[line], edges)
