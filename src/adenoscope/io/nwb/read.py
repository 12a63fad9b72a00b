"""NWB to a recording: ndx-fiber-photometry series, or plain series with the wavelength in the name."""

from __future__ import annotations

import re
import warnings
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from adenoscope.core.errors import InputError, input_error
from adenoscope.core.recording import Recording, Samples, Trace
from adenoscope.io.nwb.events import read_digital, series_clock
from adenoscope.io.nwb.light import read_light_paths, wavelength_in
from adenoscope.io.nwb.names import unique_names

_ALLOWED = "an NWB 2 file in HDF5 with fibre photometry in acquisition or processing"
_PHOTOMETRY = re.compile(r"photometry|isosbestic|fluorescence", re.IGNORECASE)
_NOT_RAW = re.compile(r"d_?f_?(f|over|by)|Δf|delta_?f|z_?-?score|command|power|current", re.IGNORECASE)
_RESPONSE_SERIES = "FiberPhotometryResponseSeries"


def read_nwb(path: Path) -> Recording:
    """Return the photometry of an NWB file: one trace for each column, on the file's own clock.

    Series of ndx-fiber-photometry are taken first, else TimeSeries and RoiResponseSeries whose name holds
    an excitation wavelength or says photometry. Acquisition goes before processing.

    Raises:
        InputError: not a readable NWB file, no photometry in it, or a clock that does not fit the data.
    """
    notes: list[str] = []
    with _opened(path, notes) as nwbfile:
        found = _photometry_series(path, nwbfile)
        read = [trace for series in found for trace in _traces(path, series)]
        digital = read_digital(nwbfile)
    names = unique_names(trace.name for trace in read)
    traces = tuple(replace(trace, name=name) for name, trace in zip(names, read, strict=True))
    return Recording(source=path, format="nwb", traces=traces, digital=digital, notes=tuple(notes))


@contextmanager
def _opened(path: Path, notes: list[str]) -> Generator[Any]:
    """Open ``path`` as NWB; whatever is wrong with it becomes an InputError, what is odd a note."""
    namespaces = _require_nwb(path)
    # A file that carries its own copy of the extension is read by that copy, which may be an older version.
    if "ndx-fiber-photometry" not in namespaces:
        import ndx_fiber_photometry  # pyright: ignore[reportUnusedImport]  # noqa: F401
    from hdmf.build import ConstructError
    from pynwb import NWBHDF5IO

    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", UserWarning)
            io = NWBHDF5IO(path=str(path), mode="r")
            nwbfile = io.read()
    except (ConstructError, OSError, RuntimeError, TypeError, ValueError, KeyError, AttributeError) as error:
        raise _unreadable(path, error) from error
    notes += [" ".join(str(warning.message).split()) for warning in caught]
    try:
        with io:
            yield nwbfile
    except (OSError, RuntimeError) as error:  # data are read as they are asked for, so a torn file shows late
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    return input_error(
        path,
        found=f"pynwb cannot read the file: {str(error).strip()[:200]}",
        allowed=_ALLOWED,
        remedy="Check it with `nwbinspector FILE`, and write it again with the program that made it.",
    )


def _require_nwb(path: Path) -> tuple[str, ...]:
    """Return the schemas an NWB file carries, or raise: other files are told apart before pynwb is loaded."""
    try:
        if path.is_dir():
            found = "this is a directory"
        elif path.stat().st_size == 0:
            found = "the file is empty (0 bytes)"
        else:
            with h5py.File(path, "r") as file:
                if "nwb_version" in file.attrs:
                    schemas = file.get("specifications")
                    return tuple(schemas) if isinstance(schemas, h5py.Group) else ()
                found = f"the HDF5 file is not NWB: it has no nwb_version; it holds {_some(sorted(file))}"
    except FileNotFoundError:
        found = "there is no such file"
    except PermissionError:
        found = "the file may not be read (permission denied)"
    except OSError as error:
        found = f"the file is not HDF5, or is cut short: {error}"
    raise input_error(
        path,
        found=found,
        allowed=_ALLOWED,
        remedy="Copy the file again from where it was recorded, or name the right file in sessions.csv.",
    )


def _photometry_series(path: Path, nwbfile: Any) -> list[Any]:
    """Return the raw photometry series: the extension's before plain ones, acquisition before processing."""
    acquired = [s for item in nwbfile.acquisition.values() for s in _series_in(item)]
    processed = [s for module in nwbfile.processing.values() for s in _series_in(module)]
    choices = (
        [s for s in acquired if _is_response_series(s)],
        [s for s in processed if _is_response_series(s) and not _NOT_RAW.search(s.name)],
        [s for s in acquired if _is_plain_photometry(s)],
        [s for s in processed if _is_plain_photometry(s)],
    )
    chosen = next(filter(None, choices), None)
    if chosen:
        return sorted(chosen, key=_first_row)  # HDF5 keeps no order, the table does
    raise input_error(
        path,
        found=f"no raw photometry; the file's series are {_some([s.name for s in acquired + processed])}",
        allowed=f"{_RESPONSE_SERIES}, or a TimeSeries with the excitation wavelength in its name "
        "(such as fluorescence_470); ΔF/F and z-scores are not raw",
        remedy="Name the series by its wavelength, or export the two raw columns to CSV.",
    )


def _first_row(series: Any) -> int:
    region = getattr(series, "fiber_photometry_table_region", None)
    return 0 if region is None or len(region.data) == 0 else int(region.data[0])


def _series_in(item: Any) -> Iterator[Any]:
    """Yield every time series in a container, itself included, in the file's order."""
    if hasattr(item, "rate") and hasattr(item, "timestamps"):
        yield item
        return
    for child in item.children:
        yield from _series_in(child)


def _is_response_series(series: Any) -> bool:
    return type(series).__name__ == _RESPONSE_SERIES


def _is_plain_photometry(series: Any) -> bool:
    is_plain = type(series).__name__ in ("TimeSeries", "RoiResponseSeries") and not _NOT_RAW.search(series.name)
    return is_plain and (wavelength_in(series.name) is not None or bool(_PHOTOMETRY.search(series.name)))


def _traces(path: Path, series: Any) -> Iterator[Trace]:
    """Yield one trace for each column of ``series``, in the unit that the series declares."""
    stored = np.asarray(series.data[:], dtype=np.float64)
    values = stored * float(series.conversion) + float(series.offset)
    columns = values[:, np.newaxis] if values.ndim == 1 else values
    time_s = series_clock(series)
    _require_clock(path, series.name, time_s, len(columns))
    for column, light in zip(columns.T, read_light_paths(path, series, columns.shape[1]), strict=True):
        yield Trace(
            light.name,
            time_s,
            np.ascontiguousarray(column),
            light.site,
            light.wavelength_nm,
            light.saturation,
        )


def _require_clock(path: Path, name: str, time_s: Samples, n_samples: int) -> None:
    """Raise unless there is one timestamp for each sample and every one is later than the one before."""
    where = f"{path}, series {name}"
    if len(time_s) != n_samples or n_samples < 2:
        raise input_error(
            where,
            found=f"{len(time_s)} timestamps for {n_samples} samples",
            allowed="one timestamp for each sample, two samples or more, time along the first dimension",
            remedy="Write the series again with its time along the first dimension.",
        )
    not_later = np.flatnonzero(~(np.diff(time_s) > 0))
    if not_later.size:
        raise input_error(
            where,
            found=f"{not_later.size} timestamps are not later than the one before; the first is "
            f"{time_s[not_later[0] + 1]:g} s at index {not_later[0] + 1}",
            allowed="strictly increasing timestamps",
            remedy="Mend the clock where the file was made; it is not guessed here.",
        )


def _some(names: list[str]) -> str:
    """Return the first few names, to show what was found."""
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "") or "none"
