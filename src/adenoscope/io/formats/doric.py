"""Doric ``.doric`` (HDF5), of Neuroscience Studio 6 (``DataAcquisition``) and 5 (``Traces/Console``).

Version 6 puts a ``Time`` beside the data in every group: ``.../Signals/Series0001/AIN01xAOUT01-LockIn`` has
``Values``, groups such as ``LockInAOUT01`` have one dataset for each input, ``ROISignals`` one for each
region of a camera. Version 5 has one group for each channel, holding a dataset of the same name, and one
clock, ``Time(s)``. LED drives are not fluorescence and are not read; nor are raw inputs (the carrier)
where the file holds demodulated ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Recording, Samples, Trace
from adenoscope.io.formats.opening import HDF5_FAILURES, Opening, damaged_hdf5

LAYOUTS = ("DataAcquisition", "Traces")


@dataclass(frozen=True, eq=False)
class _Line:
    """A dataset with its clock, under the name the software shows."""

    name: str
    time: h5py.Dataset
    values: h5py.Dataset
    site: str | None = None


def recognises(opening: Opening) -> bool:
    """Return whether the file is HDF5 with one of the two Doric layouts."""
    if not opening.is_hdf5:
        return False
    try:
        with h5py.File(opening.path, "r") as file:
            return any(layout in file for layout in LAYOUTS)
    except HDF5_FAILURES:
        return False


def read(path: Path) -> Recording:
    """Return the demodulated channels or camera regions, and the rising edges of digital lines."""
    try:
        with h5py.File(path, "r") as file:
            return _recording(path, file)
    except HDF5_FAILURES as error:
        raise damaged_hdf5(path) from error


def _recording(path: Path, file: h5py.File) -> Recording:
    new = "DataAcquisition" in file
    lines = list(_lines_of_version_6(file) if new else _lines_of_version_5(file))
    digital = [line for line in lines if _is_digital(line.name)]
    light = [line for line in lines if not _is_digital(line.name) and not _is_drive(line.name)]
    demodulated = [line for line in light if _is_demodulated(line.name)]
    light = [line for line in light if not _is_raw(line.name)] if demodulated else light
    if not light:
        raise input_error(
            path,
            found="no fluorescence channel: no dataset with a time beside it",
            allowed="a lock-in, camera-region or analogue-input signal",
            remedy="check that signals, not only video, were saved in Doric Neuroscience Studio",
        )
    # Lines of one group share a clock, and so do the traces made of them.
    clocks = {line.time.name: _samples(line.time) for line in [*light, *digital]}
    traces = tuple(_trace(path, line, clocks[line.time.name]) for line in light)
    edges = {line.name: _rising(clocks[line.time.name], _samples(line.values)) for line in digital}
    return Recording(path, "Doric 6" if new else "Doric 5", traces, edges)


def _lines_of_version_6(file: h5py.File) -> Iterator[_Line]:
    groups = list(_groups_with_a_clock(file["DataAcquisition"]))
    several = len({_parent(group) for group in groups if _parent(group).startswith("Series")}) > 1
    for group in groups:
        own = str(group.name).split("/")[-1]
        prefix = f"{_parent(group)}/{own}" if several else own
        for key, values in group.items():
            if key != "Time" and isinstance(values, h5py.Dataset) and values.ndim == 1:
                name = prefix if key == "Values" else f"{prefix}/{key}"
                yield _Line(name, group["Time"], values, key if key.startswith("ROI") else None)


def _groups_with_a_clock(item: Any) -> Iterator[Any]:
    if isinstance(item, h5py.Group):
        if isinstance(item.get("Time"), h5py.Dataset):
            yield item
        for child in item.values():
            yield from _groups_with_a_clock(child)


def _parent(group: Any) -> str:
    return str(group.name).split("/")[-2]


def _lines_of_version_5(file: h5py.File) -> Iterator[_Line]:
    consoles: Any = file["Traces"]
    for console in filter(_is_group, consoles.values()):
        datasets = {key: data for key, group in console.items() if (data := _only_dataset(group)) is not None}
        clock = next((data for key, data in datasets.items() if key.lower().startswith("time")), None)
        for key, data in datasets.items():
            if clock is not None and not key.lower().startswith("time"):
                yield _Line(key, clock, data)


def _is_group(item: Any) -> bool:
    return isinstance(item, h5py.Group)


def _only_dataset(group: Any) -> h5py.Dataset | None:
    """Return the series that a channel's group holds under the channel's own name."""
    data = next(iter(group.values()), None) if isinstance(group, h5py.Group) else None
    return data if isinstance(data, h5py.Dataset) and data.ndim == 1 else None


def _is_digital(name: str) -> bool:
    return any(mark in name for mark in ("DigitalIO", "DI--O", "DI/O", "DIO"))


def _is_drive(name: str) -> bool:
    return name.startswith(("AnalogOut", "AOut")) or "/AnalogOut" in name


def _is_demodulated(name: str) -> bool:
    return "LockIn" in name or " - Dem" in name


def _is_raw(name: str) -> bool:
    return "AnalogIn" in name or name.endswith(" - Raw")


def _samples(data: h5py.Dataset) -> Samples:
    return np.asarray(data[()], dtype=np.float64)


def _trace(path: Path, line: _Line, time_s: Samples) -> Trace:
    values = _samples(line.values)
    if values.shape != time_s.shape:
        raise input_error(
            path,
            column=line.name,
            found=f"{values.size} values and {time_s.size} times",
            allowed="one time for each value",
            remedy="the recording was probably cut off while it was saved; export it again",
        )
    return Trace(line.name, time_s, values, line.site)


def _rising(time_s: Samples, values: Samples) -> Samples:
    high = values[: time_s.size] > 0.5
    return time_s[1 : high.size][high[1:] & ~high[:-1]]
