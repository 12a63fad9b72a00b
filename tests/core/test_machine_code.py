"""Machine code on disk: it is of the sources as they are, and its absence stops nobody."""

from __future__ import annotations

import inspect
from pathlib import Path

import numpy as np
import pytest

from adenoscope.core import machine_code
from adenoscope.core.machine_code import BesideSources, compiled, is_on_disk, source_stamp, sources
from adenoscope.photometry import kernel, model, scales


def test_every_file_that_compiles_counts_for_every_function() -> None:
    compiling = {Path(inspect.getfile(module)) for module in (kernel, model, scales)}
    assert compiling <= set(sources())
    place = BesideSources(scales.gradient.py_func, inspect.getfile(scales))
    assert place.get_source_stamp() == source_stamp()


def test_where_no_folder_can_be_written_to_a_function_is_compiled_all_the_same(monkeypatch) -> None:
    class Nowhere(BesideSources):
        @classmethod
        def from_function(cls, py_func: object, py_file: str) -> None:
            return None

    monkeypatch.setattr(machine_code, "BesideSources", Nowhere)
    monkeypatch.setattr(machine_code, "_PLACES", "adenoscope.core.machine_code.BesideSources")
    twice = compiled(_twice)
    assert twice(np.array([2.0])) == pytest.approx([4.0])
    assert not is_on_disk(twice)


def _twice(values: np.ndarray) -> np.ndarray:
    return 2 * values
