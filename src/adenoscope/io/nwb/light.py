"""Light paths to and from NWB's FiberPhotometryTable and devices; what is unknown is said to be."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Recording, Trace
from adenoscope.core.result import SessionResult
from adenoscope.io.nwb.names import NOT_RECORDED, plain_name

_UNKNOWN_DEVICE = "Manufacturer, model and serial number are not recorded in the study."
_WAVELENGTH = re.compile(r"(?<!\d)([345]\d\d|6[0-4]\d)(?!\d)")


class LightPath(NamedTuple):
    """What the file says of one column: its name, site, excitation [nm] and where the detector clips."""

    name: str
    site: str | None
    wavelength_nm: float | None
    saturation: float | None = None


def add_light_paths(nwbfile: Any, recording: Recording, sensor: str, result: SessionResult) -> Any:
    """Add the devices and metadata of every trace, and return the table: row i describes trace i."""
    from ndx_fiber_photometry import FiberPhotometry, FiberPhotometryIndicators
    from ndx_ophys_devices import Indicator

    indicator = Indicator(name="indicator", label=sensor, description="The sensor that the study names.")
    table = _table(nwbfile, recording.traces, indicator, result)
    nwbfile.add_lab_meta_data(
        FiberPhotometry(
            name="fiber_photometry",
            fiber_photometry_table=table,
            fiber_photometry_indicators=FiberPhotometryIndicators(indicators=[indicator]),
        )
    )
    return table


def _table(nwbfile: Any, traces: Sequence[Trace], indicator: Any, result: SessionResult) -> Any:
    from ndx_fiber_photometry import FiberPhotometryTable

    fibres = _devices(nwbfile, [trace.site or "" for trace in traces], _fibre)
    sources = _devices(nwbfile, [_nanometres(trace) for trace in traces], _source)
    detector = _detector()
    nwbfile.add_device(detector)
    table = FiberPhotometryTable(
        name="fiber_photometry_table",
        description="One row for each trace: site, wavelengths and devices. Emission wavelengths are NaN and "
        f"other cells '{NOT_RECORDED}' where neither the recording nor the study says.",
    )
    table.add_column("trace", "Name of the trace in the recording.")
    table.add_column("site", "Site (fibre, detector region) that the recording names.")
    saturation_known = any(trace.saturation is not None for trace in traces)
    if saturation_known:
        table.add_column("saturation", "Value at which the detector clips [same unit as the trace].")
    for trace, fibre, source in zip(traces, fibres, sources, strict=True):
        table.add_row(
            location=_location(trace, result),
            excitation_wavelength_in_nm=_or_nan(trace.wavelength_nm),
            emission_wavelength_in_nm=np.nan,
            indicator=indicator,
            optical_fiber=fibre,
            excitation_source=source,
            photodetector=detector,
            notes=_role(trace, result),
            trace=trace.name,
            site=trace.site or NOT_RECORDED,
            **({"saturation": _or_nan(trace.saturation)} if saturation_known else {}),
        )
    return table


def _devices(nwbfile: Any, keys: Sequence[str], make: Callable[[str], Any]) -> list[Any]:
    """Return one device for each of ``keys``, made and added once for each different key."""
    made = {key: make(key) for key in dict.fromkeys(keys)}
    for device in made.values():
        nwbfile.add_device(device)
    return [made[key] for key in keys]


def _fibre(site: str) -> Any:
    from ndx_ophys_devices import FiberInsertion, OpticalFiber

    return OpticalFiber(
        name=plain_name(f"optical_fibre_{site}" if site else "optical_fibre"),
        description=f"Fibre of site {site or NOT_RECORDED}. {_UNKNOWN_DEVICE}",
        fiber_insertion=FiberInsertion(name="fiber_insertion"),
    )


def _source(nanometres: str) -> Any:
    from ndx_ophys_devices import ExcitationSource

    return ExcitationSource(
        name=plain_name(f"excitation_source_{nanometres}" if nanometres else "excitation_source"),
        description=f"Light of {nanometres or 'a wavelength that is not recorded'}. {_UNKNOWN_DEVICE}",
    )


def _detector() -> Any:
    from ndx_ophys_devices import Photodetector

    return Photodetector(name="photodetector", description=f"Camera or photodiode. {_UNKNOWN_DEVICE}")


def _nanometres(trace: Trace) -> str:
    return "" if trace.wavelength_nm is None else f"{trace.wavelength_nm:g}nm"


def _location(trace: Trace, result: SessionResult) -> str:
    """Return the brain region: the session's own, which is known of the site that the session is about."""
    session = result.session
    is_its_site = not session.site or trace.site is None or trace.site == session.site
    return (session.region if is_its_site else "") or NOT_RECORDED


def _role(trace: Trace, result: SessionResult) -> str:
    roles = {result.facts.signal: "signal of the analysis", result.facts.control: "control of the analysis"}
    return roles.get(trace.name, "not used in the analysis")


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else float(value)


def wavelength_in(name: str) -> float | None:
    """Return the excitation wavelength [nm] that a series' name mentions, between 300 and 649."""
    match = _WAVELENGTH.search(name)
    return float(match.group(1)) if match else None


def read_light_paths(path: Path, series: Any, n_columns: int) -> list[LightPath]:
    """Return what is known of each column, from the photometry table or from the series' name."""
    names = [series.name] if n_columns == 1 else [f"{series.name}_{i}" for i in range(n_columns)]
    region = getattr(series, "fiber_photometry_table_region", None)
    if region is None:
        return [LightPath(name, None, wavelength_in(series.name)) for name in names]
    rows = [int(row) for row in region.data[:]]
    if len(rows) not in (1, n_columns):
        raise input_error(
            f"{path}, series {series.name}",
            found=f"{n_columns} columns that refer to {len(rows)} rows of the FiberPhotometryTable",
            allowed="one row for each column, or one row for all",
            remedy="Mend fiber_photometry_table_region where the file was made.",
        )
    rows = rows if len(rows) == n_columns else rows * n_columns
    return [_table_row(region.table, row, name) for row, name in zip(rows, names, strict=True)]


def _table_row(table: Any, row: int, name: str) -> LightPath:
    """Return one row of a FiberPhotometryTable; ``trace``, ``site`` and ``saturation`` are write_nwb's."""
    cells = {column: table[column][row] for column in table.colnames}
    site = str(cells.get("site", cells.get("location", NOT_RECORDED)))
    source = cells.get("excitation_source")
    # Version 0.1 of the extension kept the wavelength with the light source.
    wavelength = cells.get("excitation_wavelength_in_nm", getattr(source, "excitation_wavelength_in_nm", None))
    return LightPath(
        name=str(cells.get("trace", name)),
        site=None if site == NOT_RECORDED else site,
        wavelength_nm=wavelength_in(name) if wavelength is None else _known(wavelength),
        saturation=_known(cells.get("saturation")),
    )


def _known(value: Any) -> float | None:
    return None if value is None or not np.isfinite(value) else float(value)
