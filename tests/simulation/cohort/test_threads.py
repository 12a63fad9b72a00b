"""A cohort over threads: others may run meanwhile, progress is told, errors and interrupts come through."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
from written_models import written

from adenoscope.simulation.cohort.threads import Ranges

# Ever faster: as many steps as one likes.
BUSY = written("x = 1; v = 0; w = 400; x' = v; v' = -w^2 * x")


def test_other_threads_run_while_a_cohort_is_integrated():
    BUSY.simulate([0, 0.01])
    beats, stop = [], threading.Event()

    def beat():
        while not stop.is_set():
            beats.append(time.perf_counter())
            time.sleep(0.001)

    thread = threading.Thread(target=beat)
    thread.start()
    start = time.perf_counter()
    BUSY.simulate([0, 10], n_subjects=800, threads=1)
    end = time.perf_counter()
    stop.set()
    thread.join()
    # With the interpreter held there would be none; on a busy machine there are fewer than one in a millisecond.
    within = [beat for beat in beats if start < beat < end]
    assert end - start > 0.05
    assert len(within) > 10


def test_watch_is_told_of_every_subject_at_the_end():
    told = []
    w = np.linspace(300, 500, 64)
    BUSY.simulate([0, 5], parameters={"w": w}, chunk=8, threads=2, watch=lambda *seen: told.append(seen))
    assert {total for _, total in told} == {64}
    done = [n for n, _ in told]
    assert done == sorted(done)
    assert done[-1] == 64


def test_watch_is_told_of_the_end_however_soon_it_comes():
    for _ in range(50):
        told = []
        BUSY.simulate([0, 1e-3], n_subjects=16, chunk=8, threads=2, watch=lambda *seen, told=told: told.append(seen))
        assert told[-1] == (16, 16)


@pytest.mark.parametrize("threads", [1, 2])
def test_an_error_in_a_thread_comes_through_once(monkeypatch, threads):
    def refuse(*_):
        raise MemoryError("no room")

    monkeypatch.setattr("adenoscope.simulation.solver.driver.run", refuse)
    with pytest.raises(MemoryError, match="no room"):
        BUSY.simulate([0, 1], n_subjects=16, chunk=4, threads=threads)


def test_an_error_in_watch_stops_the_cohort_and_comes_through():
    def refuse(done, total):
        raise KeyboardInterrupt

    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        BUSY.simulate([0, 10], n_subjects=512, chunk=8, threads=2, watch=refuse)
    assert threading.active_count() == before


def test_ranges_cover_everything_once_and_none_after_closing():
    assert list(Ranges(10, 4)) == [(0, 4), (4, 8), (8, 10)]
    ranges = Ranges(10, 4)
    next(ranges)
    ranges.close()
    assert list(ranges) == []


def test_memory_is_what_is_stored_and_little_more():
    import tracemalloc

    BUSY.simulate([0, 0.001], n_subjects=8)
    tracemalloc.start()
    found = BUSY.simulate(np.linspace(0, 0.001, 50), observables=["x"], n_subjects=20_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # The report and the statuses, some ten numbers a subject, beside fifty outputs.
    assert peak < 1.5 * found.values.nbytes
