"""From a file, or a TDT tank, to a recording: find the format, read it, and see that it can be true."""

from __future__ import annotations

import os
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Recording
from adenoscope.io.formats import (
    inper,
    interleaved,
    neurophotometrics,
    plain,
    pyphotometry,
    rwd,
    tdt_tank,
)
from adenoscope.io.formats.opening import HDF5_FAILURES, Opening, damaged_hdf5, open_file
from adenoscope.io.formats.plausibility import check_alive, check_clock, dead_because


class Format(NamedTuple):
    """How to tell a format from the opening of a file, and how to read it."""

    recognises: Callable[[Opening], bool]
    read: Callable[[Path], Recording]


def _is_nwb(opening: Opening) -> bool:
    if opening.path.suffix.lower() == ".nwb":
        return True
    return opening.is_hdf5 and _has_attribute(opening.path, "nwb_version")


def _read_nwb(path: Path) -> Recording:
    # pynwb takes seconds to import, and h5py its tenth; only those who read such files wait for them.
    from adenoscope.io.nwb import read_nwb

    return read_nwb(path)


def _is_doric(opening: Opening) -> bool:
    if not opening.is_hdf5:
        return False
    from adenoscope.io.formats import doric

    return doric.recognises(opening)


def _read_doric(path: Path) -> Recording:
    from adenoscope.io.formats import doric

    return doric.read(path)


FORMATS = (
    Format(_is_nwb, _read_nwb),
    Format(_is_doric, _read_doric),
    Format(pyphotometry.recognises, pyphotometry.read),
    Format(plain.recognises, plain.read),
    Format(neurophotometrics.recognises, neurophotometrics.read),
    Format(interleaved.recognises, interleaved.read),
    Format(rwd.recognises, rwd.read),
    Format(inper.recognises, inper.read),
)
KNOWN = "CSV or Parquet, Neurophotometrics, .ppd, .doric, .nwb, RWD or Inper CSV, or a TDT tank (folder)"


def read_recording(path: Path) -> Recording:
    """Return the recording in a file, or in a folder that is a TDT tank, on the file's own clock.

    Raises:
        InputError: it cannot be read, is of no known format, or cannot come from a photometer.
    """
    recording = tdt_tank.read(path) if _is_tank(path) else _read_file(path)
    _check(recording)
    return recording


def _is_tank(path: Path) -> bool:
    if not os.path.isdir(path):  # unlike Path.is_dir, never raises where permission is missing
        return False
    if tdt_tank.is_tank(path):
        return True
    raise input_error(
        path,
        found="a directory where a recording should be",
        allowed="a file, or a folder that is a TDT tank (it holds .tsq and .tev files)",
        remedy="name the file inside the folder",
    )


def _read_file(path: Path) -> Recording:
    opening = open_file(path)
    if path.suffix.lower() in (".nwb", ".doric", ".h5", ".hdf5"):
        _check_hdf5(opening)
    for known in FORMATS:
        if known.recognises(opening):
            return known.read(path)
    raise _unknown(opening)


def _has_attribute(path: Path, name: str) -> bool:
    import h5py

    try:
        with h5py.File(path, "r") as file:
            return name in file.attrs
    except HDF5_FAILURES:
        return False


def _check_hdf5(opening: Opening) -> None:
    import h5py

    try:
        with h5py.File(opening.path, "r"):
            return
    except HDF5_FAILURES as error:
        raise damaged_hdf5(opening.path) from error


def _unknown(opening: Opening) -> Exception:
    if opening.columns:
        return _unknown_table(opening)
    if opening.is_hdf5:
        return input_error(
            opening.path,
            found="HDF5 that is neither Doric (no DataAcquisition or Traces) nor NWB (no nwb_version)",
            allowed="a .doric or an .nwb file",
            remedy="export the recording as CSV or Parquet with time_s, signal, control",
        )
    return input_error(
        opening.path,
        found=f"a file of no known format (suffix {opening.path.suffix or 'missing'!r})",
        allowed=KNOWN,
        remedy="export the recording as CSV with time_s, signal, control",
    )


def _unknown_table(opening: Opening) -> Exception:
    shown = ", ".join(name for name in opening.columns[:12] if name) or "nameless"
    lower = {name.lower(): name for name in opening.columns if name}
    spellings = ("time_s", "time", "times", "t", "seconds", "time(s)", "time (s)", "time_sec", "timestamp")
    close = [name for name in spellings if name in lower] or get_close_matches("time_s", lower, n=1)
    rename = f"rename {lower[close[0]]!r} to 'time_s' if it is in seconds" if close else "add a column time_s"
    return input_error(
        opening.path,
        row=None if opening.is_parquet else opening.first_row - 1,
        found=f"no known layout; the columns are {shown}",
        allowed="time_s, signal[, control][, anything], or the raw table of a known instrument",
        remedy=f"{rename}, and name the fluorescence 'signal' (and 'control')",
    )


def _check(recording: Recording) -> None:
    names = [trace.name for trace in recording.traces]
    if len(set(names)) < len(names):
        raise input_error(
            recording.source,
            found=f"channels share a name: {', '.join(sorted(set(names)))}",
            allowed="each channel under its own name",
            remedy="rename the channels in the acquisition software and export again",
        )
    clocks = {id(trace.time_s): trace for trace in recording.traces}
    for trace in clocks.values():
        check_clock(trace.time_s, file=recording.source, column=trace.name)
    if all(dead_because(trace.values) for trace in recording.traces):
        check_alive(recording.traces[0], file=recording.source)
