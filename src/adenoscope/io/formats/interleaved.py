"""Camera frames of alternating LEDs, one pair of columns for each: ``MeanInt_410nm, Time_410nm, ...``."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from adenoscope.core.recording import Recording, Samples, Trace
from adenoscope.io.formats.opening import Opening, open_file
from adenoscope.io.formats.plausibility import check_clock
from adenoscope.io.formats.tables import read_numbers

INTENSITY = re.compile(r"MeanInt_(\d{3})nm")


def recognises(opening: Opening) -> bool:
    """Return whether at least one LED has both its intensity and its time."""
    return bool(_leds(opening))


def _leds(opening: Opening) -> list[str]:
    matches = [INTENSITY.fullmatch(name) for name in opening.columns]
    return [match[1] for match in matches if match and f"Time_{match[1]}nm" in opening.columns]


def read(path: Path) -> Recording:
    """Return one trace for each LED, each with its own times [s]."""
    opening = open_file(path)
    leds = _leds(opening)
    columns = read_numbers(opening, [f"{kind}_{led}nm" for led in leds for kind in ("Time", "MeanInt")])
    traces: list[Trace] = []
    for led in leds:
        time_s, values = _without_padding(columns[f"Time_{led}nm"], columns[f"MeanInt_{led}nm"])
        check_clock(time_s, file=path, column=f"Time_{led}nm", first_row=opening.first_row)
        traces.append(Trace(f"MeanInt_{led}nm", time_s, values, wavelength_nm=float(led)))
    return Recording(path, "Camera, interleaved LEDs", tuple(traces))


def _without_padding(time_s: Samples, values: Samples) -> tuple[Samples, Samples]:
    """Return both without the empty rows at the end, which a shorter LED has beside a longer one."""
    filled = np.flatnonzero(np.isfinite(time_s) | np.isfinite(values))
    length = int(filled[-1]) + 1 if filled.size else 0
    return time_s[:length], values[:length]
