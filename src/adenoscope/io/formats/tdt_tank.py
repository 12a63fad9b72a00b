"""Tucker-Davis Technologies tanks: a folder with ``.tsq`` and ``.tev`` files, through the package ``tdt``."""

from __future__ import annotations

import contextlib
import gc
import io
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from adenoscope.core.errors import input_error
from adenoscope.core.recording import Recording, Trace
from adenoscope.io.formats.plausibility import FASTEST_HZ

# The photometry gizmos name a demodulated store for its wavelength and its receiver, as in _465A.
STORE = re.compile(r"_?(\d{3})([A-Z])")


def is_tank(folder: Path) -> bool:
    """Return whether a folder holds the index and the data of a TDT block."""
    return any(folder.glob("*.tsq")) and any(folder.glob("*.tev"))


def read(folder: Path) -> Recording:
    """Return every stored stream slow enough to be fluorescence, and the onsets of epochs."""
    block, notes = _read_block(folder)
    traces = tuple(_traces(block))
    fast = [str(name) for name, stream in block.streams.items() if stream.fs > FASTEST_HZ]
    if not traces:
        raise input_error(
            folder,
            found="no stream of fluorescence" + (f"; {', '.join(fast)} are too fast" if fast else ""),
            allowed="demodulated streams such as _465A and _405A",
            remedy="store the demodulated signals in Synapse",
        )
    epochs = {str(name): np.asarray(epoch.onset, dtype=np.float64) for name, epoch in block.epocs.items()}
    raw = tuple(f"stream {name} is a raw carrier and was not read" for name in fast)
    return Recording(folder, "TDT", traces, epochs, notes + raw)


def _read_block(folder: Path) -> tuple[Any, tuple[str, ...]]:
    """Return the block as the package reads it, and what the package warned of."""
    tdt = _package(folder)
    block, failure = None, ""
    # The package prints its progress, and leaves files open in cycles that only a collection frees.
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            block = tdt.read_block(str(folder), evtype=["streams", "epocs"])
        except Exception as error:  # damaged tanks fail in the package with exceptions of many kinds
            failure = f"{type(error).__name__}: {str(error)[:80]}"
        gc.collect()
    if block is None:
        raise input_error(
            folder,
            found=f"the tank cannot be read ({failure or 'it holds no data'})",
            allowed="a complete TDT block",
            remedy="copy the whole folder again from the acquisition computer",
        )
    return block, tuple(str(w.message) for w in caught if not issubclass(w.category, ResourceWarning))


def _package(folder: Path) -> Any:
    try:
        import tdt
    except ImportError as error:
        raise input_error(
            folder,
            found="this is a TDT tank, and the package that reads it is not installed",
            allowed="an installation with the extra 'tdt'",
            remedy="install adenoscope[tdt], or export the recording as CSV with time_s, signal, control",
        ) from error
    return tdt


def _traces(block: Any) -> Iterator[Trace]:
    for name, stream in block.streams.items():
        if stream.fs > FASTEST_HZ:
            continue
        data = np.atleast_2d(np.asarray(stream.data, dtype=np.float64))
        time_s = float(stream.start_time) + np.arange(data.shape[1]) / float(stream.fs)
        match = STORE.fullmatch(str(name))
        site, wavelength_nm = (match[2], float(match[1])) if match else (None, None)
        for channel, values in enumerate(data, start=1):
            label = str(name) if len(data) == 1 else f"{name}-{channel}"
            yield Trace(label, time_s, values, site, wavelength_nm)
