"""Neurophotometrics FP3001/FP3002, CSV or Parquet: camera frames, each with the LED that lit it.

The three lowest bits of ``LedState`` or ``Flags`` say which LEDs were on (1: 415, 2: 470, 4: 560 nm), and
the bits 256 and 512 of ``Flags`` are the digital inputs 1 and 0. A frame with no LED, or with several
(the start frame lights all, 7), is not a sample; only 470 and 560 together (6) is a mode of the
instrument: then a green region sees 470 and a red one 560.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Recording, Samples, Trace
from adenoscope.io.formats.opening import Opening, open_file
from adenoscope.io.formats.plausibility import check_clock
from adenoscope.io.formats.tables import read_numbers

FORMAT = "Neurophotometrics"
STATES = ("LedState", "Flags")
CLOCKS = ("SystemTimestamp", "Timestamp")
REGION = re.compile(r"Region\d+[GR]|[GR]\d+")
LED_NM = {1: 415.0, 2: 470.0, 4: 560.0}
LED_BITS, BOTH_SIGNALS = 0b111, 0b110
INPUTS = {"input_0": 512, "input_1": 256}


def recognises(opening: Opening) -> bool:
    """Return whether there is an LED state, a clock and a region."""
    columns = opening.columns
    has_region = any(REGION.fullmatch(name) for name in columns)
    return has_region and any(s in columns for s in STATES) and any(c in columns for c in CLOCKS)


def signal_nm(site: str) -> float:
    """Return the wavelength that excites the sensor of a region: 560 nm in a red one, 470 in a green."""
    return 560.0 if "R" in site.replace("Region", "") else 470.0


def read(path: Path) -> Recording:
    """Return a trace for each region under each LED, and the edges of the digital inputs."""
    opening = open_file(path)
    regions = [name for name in opening.columns if REGION.fullmatch(name)]
    clock = next(name for name in CLOCKS if name in opening.columns)
    state = next(name for name in STATES if name in opening.columns)
    columns = read_numbers(opening, [clock, state, *regions])
    flags = _flags(opening, state, columns[state])
    time_s = columns[clock]
    traces = tuple(_traces(opening, clock, time_s, flags, {region: columns[region] for region in regions}))
    if not traces:
        raise input_error(
            path,
            column=state,
            found="no frame was lit by a single LED",
            allowed="1 (415 nm), 2 (470 nm) or 4 (560 nm) in the three lowest bits",
            remedy="check that this is the raw file of the instrument, not a processed one",
        )
    return Recording(path, FORMAT, traces, _edges(time_s, flags), _notes(flags))


def _flags(opening: Opening, name: str, values: Samples) -> NDArray[np.int64]:
    whole = np.isfinite(values) & (values == np.round(values)) & (values >= 0)
    if not whole.all():
        index = int(np.argmin(whole))
        raise input_error(
            opening.path,
            row=opening.first_row + index,
            column=name,
            found=f"{values[index]:g} is not a set of bits",
            allowed="a whole number, 0 or more, in every row",
            remedy="correct the cell, or delete the row if the frame was lost",
        )
    return values.astype(np.int64)


def _traces(
    opening: Opening,
    clock: str,
    time_s: Samples,
    flags: NDArray[np.int64],
    regions: Mapping[str, Samples],
) -> Iterator[Trace]:
    leds = flags & LED_BITS
    for bit, wavelength_nm in LED_NM.items():
        frames = {colour: _frames(leds, bit, colour) for colour in ("G", "R")}
        times = {colour: time_s[rows] for colour, rows in frames.items()}
        for colour, rows in frames.items():
            if rows.size:
                check_clock(times[colour], file=opening.path, column=clock, first_row=opening.first_row, rows=rows)
        for region, values in regions.items():
            colour = "R" if signal_nm(region) > 500 else "G"
            if frames[colour].size:
                name = f"{region}-{wavelength_nm:.0f}"
                yield Trace(name, times[colour], values[frames[colour]], region, wavelength_nm)


def _frames(leds: NDArray[np.int64], bit: int, colour: str) -> NDArray[np.intp]:
    """Return the indices of the frames in which a region of that colour was lit by the LED alone."""
    own = leds == bit
    if bit == (4 if colour == "R" else 2):
        own |= leds == BOTH_SIGNALS
    return np.flatnonzero(own)


def _edges(time_s: Samples, flags: NDArray[np.int64]) -> dict[str, Samples]:
    """Return rising edges as ``input_0`` and falling ones as ``input_0_falling`` [s], likewise input 1."""
    edges: dict[str, Samples] = {}
    for name, bit in INPUTS.items():
        change = np.diff(((flags & bit) > 0).astype(np.int8))
        if change.any():
            edges[name] = time_s[1:][change > 0]
            edges[f"{name}_falling"] = time_s[1:][change < 0]
    return edges


def _notes(flags: NDArray[np.int64]) -> tuple[str, ...]:
    leds = flags & LED_BITS
    unlit = int(np.count_nonzero(~np.isin(leds, [*LED_NM, BOTH_SIGNALS])))
    return (f"{unlit} frame(s) lit by no LED or by several were not read",) if unlit else ()
