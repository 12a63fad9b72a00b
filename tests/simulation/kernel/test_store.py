"""Kernels on disk: what is damaged, foreign or cannot be written costs time and changes nothing."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from written_models import written

from adenoscope.simulation.cohort import prepared
from adenoscope.simulation.kernel import store

MODEL = written("x = 1; k = 0.5; x' = -k * x; at time > 1: x = x + 1")


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A folder of its own for kernels, with nothing in memory before and after."""
    monkeypatch.setenv("ADENOSCOPE_CACHE_DIR", str(tmp_path / "kept"))
    forget()
    yield tmp_path / "kept" / "kernels"
    forget()


def forget():
    """Drop everything that is kept in memory: texts, code, and tables with addresses of code."""
    for kept in vars(prepared).values():
        if hasattr(kept, "cache_clear"):
            kept.cache_clear()


def simulated():
    forget()
    return MODEL.simulate(np.linspace(0, 3, 7), parameters={"k": [0.5, 0.7, 2.0]}).values


def count_compilations(monkeypatch):
    """Return a list that grows with every text that is compiled."""
    compiled, compile_object = [], store.compile_object
    monkeypatch.setattr(store, "compile_object", lambda text: compiled.append(text) or compile_object(text))
    return compiled


def test_what_is_on_disk_is_not_compiled_again(folder, monkeypatch):
    first = simulated()
    compiled = count_compilations(monkeypatch)
    np.testing.assert_array_equal(simulated(), first)
    assert compiled == []
    assert len(list(folder.glob("*.o"))) == 2  # the model, and what is observed


def truncate(entry):
    entry.write_bytes(entry.read_bytes()[: entry.stat().st_size // 2])


def empty(entry):
    entry.write_bytes(b"")


def flip_a_byte_of_the_code(entry):
    content = bytearray(entry.read_bytes())
    content[len(content) // 2] ^= 0xFF
    entry.write_bytes(bytes(content))


def flip_a_byte_of_the_digest(entry):
    content = bytearray(entry.read_bytes())
    content[3] ^= 1
    entry.write_bytes(bytes(content))


def take_another_entry(entry):
    """A file that is whole, but not what its name says."""
    other = next(path for path in sorted(entry.parent.glob("*.o")) if path != entry)
    entry.write_bytes(other.read_bytes())


def become_a_folder(entry):
    entry.unlink()
    entry.mkdir()


DAMAGES = (truncate, empty, flip_a_byte_of_the_code, flip_a_byte_of_the_digest, take_another_entry)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_built_anew_with_the_same_results(folder, monkeypatch, damage):
    first = simulated()
    entries = sorted(folder.glob("*.o"))
    before = [entry.read_bytes() for entry in entries]
    damage(entries[0])
    compiled = count_compilations(monkeypatch)
    np.testing.assert_array_equal(simulated(), first)
    assert len(compiled) == 1
    assert [entry.read_bytes() for entry in entries] == before


def test_a_folder_where_an_entry_should_be_costs_time_and_nothing_else(folder):
    first = simulated()
    become_a_folder(sorted(folder.glob("*.o"))[0])
    np.testing.assert_array_equal(simulated(), first)


def test_an_entry_of_another_processor_is_not_used(folder, monkeypatch):
    first = simulated()
    kept = {entry.name for entry in folder.glob("*.o")}
    monkeypatch.setattr(store, "processor_key", lambda: "another processor")
    compiled = count_compilations(monkeypatch)
    np.testing.assert_array_equal(simulated(), first)
    assert len(compiled) == 2
    assert len({entry.name for entry in folder.glob("*.o")} - kept) == 2


def test_the_key_tells_apart_what_the_code_depends_on(monkeypatch):
    one = store.entry_key("text")
    assert store.entry_key("text ") != one
    monkeypatch.setattr(store, "processor_key", lambda: "another processor")
    assert store.entry_key("text") != one


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(tmp_path, monkeypatch):
    first = simulated()
    blocked = tmp_path / "a file"
    blocked.write_text("where the folder should be")
    monkeypatch.setenv("ADENOSCOPE_CACHE_DIR", str(blocked))
    np.testing.assert_array_equal(simulated(), first)
    assert blocked.read_text() == "where the folder should be"


def test_an_entry_that_cannot_be_written_costs_time_and_nothing_else(monkeypatch, folder):
    first = simulated()

    def refuse(*_):
        raise PermissionError("read-only")

    monkeypatch.setattr(store, "_write", refuse)
    for entry in folder.glob("*.o"):
        entry.unlink()
    np.testing.assert_array_equal(simulated(), first)


def test_the_oldest_entries_go_where_there_are_too_many(folder, monkeypatch):
    monkeypatch.setattr(store, "MOST_ENTRIES", 3)
    for n in range(6):
        written(f"x = 1; x' = -{n + 1} * x").simulate([0, 1])
    assert len(list(folder.glob("*.o"))) == 3
    assert not list(folder.glob("*.part*"))  # nothing half written stays


CODE_THAT_IS_FORGOTTEN = """
import gc
from adenoscope.simulation import model_from_text
from adenoscope.simulation.cohort.prepared import model_code, observe_code
model = model_from_text("x = 1; x' = -x")
model.simulate([0, 1])
model_code.cache_clear(), observe_code.cache_clear(), gc.collect()
model_from_text("x = 1; y = 2; x' = -x * y").simulate([0, 1])
assert abs(model.simulate([0, 1]).values[0, 1, 0] - 0.36787944117) < 1e-6
"""


def test_code_lives_as_long_as_anything_may_call_it(monkeypatch):
    monkeypatch.delenv("ADENOSCOPE_CACHE_DIR")  # the driver's code is where it always is
    # In a process of its own: a call of code that is gone ends it.
    subprocess.run([sys.executable, "-c", CODE_THAT_IS_FORGOTTEN], check=True, capture_output=True)
