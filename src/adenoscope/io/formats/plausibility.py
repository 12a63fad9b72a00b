"""Whether a clock and a channel can come from a photometer: checks that speak of the instrument."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Samples, Trace

SLOWEST_HZ, FASTEST_HZ = 0.5, 20_000.0
RATES = "1 to 10,000 samples a second for each channel"
# A kilohertz clock in milliseconds looks like a slow clock in seconds that runs for days.
SLOW_HZ, LONGEST_SLOW_S = 5.0, 72 * 3600.0
BLOCK = 1 << 20


def check_clock(
    time_s: Samples,
    *,
    file: Path,
    column: str | None = None,
    first_row: int | None = None,
    rows: NDArray[np.intp] | None = None,
) -> None:
    """Raise InputError unless ``time_s`` [s] is finite, strictly increasing and of a plausible rate.

    ``first_row`` is the row of the table that holds the first sample; ``rows`` are the indices of the
    samples in the table where they are not consecutive.
    """
    if time_s.size < 2:
        raise input_error(
            file,
            column=column,
            found=f"{time_s.size} sample(s)",
            allowed="at least two samples in each channel",
            remedy="check that the export covers the whole recording",
        )
    fault = _first_fault(time_s)
    if fault is not None:
        index, found, remedy = fault
        row = None if first_row is None else first_row + int(index if rows is None else rows[index])
        raise input_error(
            file,
            row=row,
            column=column,
            found=found if row is not None else f"{found} (sample {index})",
            allowed="a clock that is given for every sample and strictly increases",
            remedy=remedy,
        )
    _check_rate(time_s, file, column)


def _first_fault(time_s: Samples) -> tuple[int, str, str] | None:
    """Return the index of the first sample with an impossible time, what is wrong, and what to do."""
    for start in range(0, time_s.size, BLOCK):
        block = time_s[start : start + BLOCK + 1]
        finite = np.isfinite(block)
        if not finite.all():
            index = start + int(np.argmin(finite))
            return index, "the time is missing or not finite", "fill in the time or delete the row"
        backwards = block[1:] <= block[:-1]
        if backwards.any():
            index = start + 1 + int(np.argmax(backwards))
            before, after = float(time_s[index - 1]), float(time_s[index])
            if after == before:
                return index, f"the time {after:g} s is the same as one sample before", _DUPLICATE
            return index, f"time goes backwards, from {before:g} s to {after:g} s", _BACKWARDS
    return None


_DUPLICATE = "delete the repeated row, or export the time with more decimals"
_BACKWARDS = "split the file where the clock was reset, or sort it if the rows were shuffled"


def _check_rate(time_s: Samples, file: Path, column: str | None) -> None:
    rate_hz = float(1.0 / np.median(np.diff(time_s[:100_000])))
    duration_s = float(time_s[-1] - time_s[0])
    if rate_hz < SLOWEST_HZ or (rate_hz <= SLOW_HZ and duration_s > LONGEST_SLOW_S):
        raise input_error(
            file,
            column=column,
            found=f"{rate_hz:.3g} samples a second over {duration_s / 3600:.3g} h; is the time in ms?",
            allowed=f"seconds; a photometer takes {RATES}",
            remedy="divide the time by 1000 if it is in milliseconds",
        )
    if rate_hz > FASTEST_HZ:
        raise input_error(
            file,
            column=column,
            found=f"{rate_hz:.3g} samples a second; is the time in minutes or hours, or the raw carrier?",
            allowed=f"seconds; a photometer takes {RATES}",
            remedy="convert the time to seconds; demodulate raw lock-in data first",
        )


def check_alive(trace: Trace, *, file: Path) -> None:
    """Raise InputError if a channel holds no finite sample or never changes."""
    reason = dead_because(trace.values)
    if reason is not None:
        raise input_error(
            file,
            column=trace.name,
            found=reason,
            allowed="a channel whose fluorescence fluctuates at least by detector noise",
            remedy="is the fibre connected and the LED on? choose another channel, or exclude the session",
        )


def dead_because(values: Samples) -> str | None:
    """Return why a channel cannot hold fluorescence, or None if it may."""
    first: float | None = None
    for start in range(0, values.size, BLOCK):
        block = values[start : start + BLOCK]
        finite = block[np.isfinite(block)]
        if finite.size and first is None:
            first = float(finite[0])
        if finite.size and bool((finite != first).any()):
            return None
    if first is None:
        return "every sample of the channel is missing (NaN)"
    return f"the channel is constant at {first:g}"
