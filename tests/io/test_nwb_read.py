"""Reading NWB that others wrote, in each way laboratories store photometry, and files that are not that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import h5py
import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.io.nwb import read_nwb
from adenoscope.io.nwb.events import read_digital
from adenoscope.io.nwb.light import wavelength_in

VALUES = np.array([5.0, 6.0, 7.0, 6.0, 5.0])
TIMES = np.array([3.5, 3.6, 3.75, 3.8, 3.9])


def save(path: Path, fill: Callable[[Any], None]) -> Path:
    from pynwb import NWBHDF5IO, NWBFile

    nwbfile = NWBFile("A session.", "id", datetime(2024, 1, 2, tzinfo=UTC))
    fill(nwbfile)
    with NWBHDF5IO(str(path), "w") as io:
        io.write(nwbfile)
    return path


def plain(name: str, data: Any = VALUES, **more: Any) -> Any:
    from pynwb import TimeSeries

    return TimeSeries(name=name, data=data, unit="V", **(more or {"starting_time": 3.5, "rate": 20.0}))


def message_of(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        read_nwb(path)
    (problem,) = caught.value.problems
    assert problem.allowed
    assert problem.remedy
    assert str(path) in problem.file
    return problem.found


def test_plain_series_are_known_by_the_wavelength_in_their_name(tmp_path: Path) -> None:
    def fill(nwbfile: Any) -> None:
        for name in ("fluorescence_470nm", "iso405", "dff_470", "running_speed"):
            nwbfile.add_acquisition(plain(name))

    read = read_nwb(save(tmp_path / "a.nwb", fill))
    assert {t.name: t.wavelength_nm for t in read.traces} == {"fluorescence_470nm": 470.0, "iso405": 405.0}
    assert read.format == "nwb"


def test_start_and_rate_make_a_clock_that_is_not_rebased(tmp_path: Path) -> None:
    path = save(tmp_path / "a.nwb", lambda nwbfile: nwbfile.add_acquisition(plain("signal_470")))
    np.testing.assert_array_equal(read_nwb(path).traces[0].time_s, 3.5 + np.arange(5) / 20)


def test_timestamps_are_taken_as_stored(tmp_path: Path) -> None:
    series = ("signal_470", VALUES)
    path = save(tmp_path / "a.nwb", lambda f: f.add_acquisition(plain(*series, timestamps=TIMES)))
    np.testing.assert_array_equal(read_nwb(path).traces[0].time_s, TIMES)


def test_values_are_in_the_declared_unit(tmp_path: Path) -> None:
    more = {"rate": 20.0, "starting_time": 0.0, "conversion": 0.5, "offset": 1.0}
    path = save(tmp_path / "a.nwb", lambda f: f.add_acquisition(plain("signal_470", np.arange(5), **more)))
    np.testing.assert_array_equal(read_nwb(path).traces[0].values, [1.0, 1.5, 2.0, 2.5, 3.0])


def test_two_dimensions_give_one_trace_for_each_column(tmp_path: Path) -> None:
    data = np.column_stack([VALUES, VALUES + 10])
    path = save(tmp_path / "a.nwb", lambda f: f.add_acquisition(plain("signal_470", data)))
    read = read_nwb(path)
    assert [trace.name for trace in read.traces] == ["signal_470_0", "signal_470_1"]
    np.testing.assert_array_equal(read.traces[1].values, VALUES + 10)


def test_series_in_a_processing_module_are_found(tmp_path: Path) -> None:
    def fill(nwbfile: Any) -> None:
        module = nwbfile.create_processing_module("ophys", "Photometry.")
        module.add(plain("demodulated_465"))

    assert read_nwb(save(tmp_path / "a.nwb", fill)).traces[0].wavelength_nm == 465.0


def photometry(nwbfile: Any, series_rows: list[int], n_columns: int) -> None:
    """Fill a file as the extension's own examples do: devices, table, one two-dimensional series."""
    import ndx_fiber_photometry as ndx
    import ndx_ophys_devices as devices

    fibre = devices.OpticalFiber(name="fibre", fiber_insertion=devices.FiberInsertion(name="fiber_insertion"))
    source = devices.ExcitationSource(name="led")
    detector = devices.Photodetector(name="detector")
    indicator = devices.Indicator(name="grab", label="GRAB_Ado1.0")
    for device in (fibre, source, detector):
        nwbfile.add_device(device)
    table = ndx.FiberPhotometryTable(name="fiber_photometry_table", description="Light paths.")
    for location, nm in (("mPFC", 470.0), ("mPFC", 405.0), ("HPC", 470.0)):
        table.add_row(
            location=location,
            excitation_wavelength_in_nm=nm,
            emission_wavelength_in_nm=525.0,
            indicator=indicator,
            optical_fiber=fibre,
            excitation_source=source,
            photodetector=detector,
        )
    indicators = ndx.FiberPhotometryIndicators(indicators=[indicator])
    nwbfile.add_lab_meta_data(
        ndx.FiberPhotometry(
            name="fiber_photometry", fiber_photometry_table=table, fiber_photometry_indicators=indicators
        )
    )
    nwbfile.add_acquisition(
        ndx.FiberPhotometryResponseSeries(
            name="raw",
            data=np.tile(VALUES[:, None], (1, n_columns)),
            unit="a.u.",
            rate=20.0,
            starting_time=1.0,
            fiber_photometry_table_region=table.create_fiber_photometry_table_region(
                region=series_rows, description="The rows."
            ),
        )
    )
    nwbfile.add_acquisition(plain("another_470"))


def test_the_photometry_table_gives_wavelength_and_location(tmp_path: Path) -> None:
    read = read_nwb(save(tmp_path / "a.nwb", lambda nwbfile: photometry(nwbfile, [0, 1, 2], 3)))
    told = [(trace.name, trace.site, trace.wavelength_nm) for trace in read.traces]
    assert told == [("raw_0", "mPFC", 470.0), ("raw_1", "mPFC", 405.0), ("raw_2", "HPC", 470.0)]


def test_a_file_made_with_another_version_of_the_extension_is_read_with_a_note(tmp_path: Path) -> None:
    path = save(tmp_path / "a.nwb", lambda nwbfile: photometry(nwbfile, [0, 1, 2], 3))
    with h5py.File(path, "r+") as file:
        copy = file["specifications/ndx-fiber-photometry"]
        copy.move("0.2.4", "0.2.3")
        text = copy["0.2.3/namespace"].asstr()[()]
        copy["0.2.3/namespace"][()] = text.replace('"0.2.4"', '"0.2.3"')
    read = read_nwb(path)
    assert len(read.traces) == 3
    assert "ndx-fiber-photometry - cached version: 0.2.3, loaded version: 0.2.4" in read.notes[0]


def test_columns_that_do_not_fit_the_table_are_an_error(tmp_path: Path) -> None:
    path = save(tmp_path / "a.nwb", lambda nwbfile: photometry(nwbfile, [0, 1], 3))
    assert message_of(path) == "3 columns that refer to 2 rows of the FiberPhotometryTable"


def test_events_ttl_series_and_epochs_become_digital_edges(tmp_path: Path) -> None:
    from pynwb.event import EventsTable

    def fill(nwbfile: Any) -> None:
        nwbfile.add_acquisition(plain("signal_470"))
        nwbfile.add_acquisition(plain("TTL_1", np.array([0.0, 5.0, 5.0, 0.0, 5.0])))
        table = EventsTable(name="licks", description="Licks.")
        for time in (2.0, 1.0):
            table.add_event(timestamp=time)
        nwbfile.add_events_table(table)
        nwbfile.add_epoch(4.0, 5.0)

    digital = read_nwb(save(tmp_path / "a.nwb", fill)).digital
    assert set(digital) == {"TTL_1", "licks", "epochs"}
    np.testing.assert_allclose(digital["TTL_1"], [3.55, 3.7], rtol=0, atol=1e-12)  # sums of decimal fractions
    np.testing.assert_array_equal(digital["licks"], [1.0, 2.0])
    np.testing.assert_array_equal(digital["epochs"], [4.0])


def test_labelled_events_of_ndx_events_are_split_by_label() -> None:
    class TTLs:  # the documented attributes of the extension's type, which is not installed here
        name, labels = "ports", ["lick", "shock"]
        timestamps, data = np.array([1.0, 2.0, 3.0]), np.array([0, 1, 0])

    digital = read_digital(SimpleNamespace(objects={"id": TTLs()}))
    np.testing.assert_array_equal(digital["ports.lick"], [1.0, 3.0])
    np.testing.assert_array_equal(digital["ports.shock"], [2.0])


@pytest.mark.parametrize(
    ("name", "wavelength"),
    [
        ("F470", 470),
        ("iso_405nm", 405),
        ("x560_green", 560),
        ("raw", None),
        ("trial1470", None),
        ("d2000", None),
    ],
)
def test_a_wavelength_is_three_digits_that_light_can_have(name: str, wavelength: float | None) -> None:
    assert wavelength_in(name) == wavelength


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.nwb"
    path.touch()
    assert message_of(path) == "the file is empty (0 bytes)"


def test_a_missing_file_and_a_directory_are_told(tmp_path: Path) -> None:
    assert message_of(tmp_path / "none.nwb") == "there is no such file"
    assert message_of(tmp_path) == "this is a directory"


def test_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.nwb"
    path.write_text("time_s,signal\n0,1\n")
    assert "not HDF5, or is cut short" in message_of(path)


def test_a_file_that_was_cut_short_is_told(tmp_path: Path) -> None:
    path = save(tmp_path / "a.nwb", lambda nwbfile: nwbfile.add_acquisition(plain("signal_470")))
    path.write_bytes(path.read_bytes()[:-2000])
    assert "cut short" in message_of(path)


def test_hdf5_that_is_not_nwb_is_told_with_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.nwb"
    with h5py.File(path, "w") as file:
        file["DataAcquisition"] = [1, 2]
    assert message_of(path) == "the HDF5 file is not NWB: it has no nwb_version; it holds DataAcquisition"


def test_hdf5_that_only_claims_to_be_nwb_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.nwb"
    with h5py.File(path, "w") as file:
        file.attrs["nwb_version"] = "2.7.0"
    assert message_of(path).startswith("pynwb cannot read the file")


def test_nwb_without_photometry_is_told_with_its_series(tmp_path: Path) -> None:
    def fill(nwbfile: Any) -> None:
        nwbfile.add_acquisition(plain("running_speed"))
        nwbfile.add_acquisition(plain("dff_470"))

    found = message_of(save(tmp_path / "a.nwb", fill))
    assert found == "no raw photometry; the file's series are dff_470, running_speed"


def test_nwb_with_nothing_in_it_is_told(tmp_path: Path) -> None:
    assert message_of(save(tmp_path / "a.nwb", lambda _: None)).endswith("series are none")


def test_a_clock_that_goes_backwards_is_told_with_its_place(tmp_path: Path) -> None:
    backwards = np.array([0.0, 1.0, 0.5, 2.0, 3.0])
    series = ("signal_470", VALUES)
    path = save(tmp_path / "a.nwb", lambda f: f.add_acquisition(plain(*series, timestamps=backwards)))
    assert "1 timestamps are not later than the one before; the first is 0.5 s at index 2" in message_of(path)
