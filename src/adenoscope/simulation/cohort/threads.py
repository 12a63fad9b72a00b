"""A cohort through the driver: chunks of subjects, a few threads, the same bits however they are cut."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from adenoscope.simulation.solver.memory import aligned
from adenoscope.simulation.solver.tables import Numbers, Task, Whole

REPORT_EVERY_S = 0.1
Watch = Callable[[int, int], None]


@dataclass(frozen=True)
class Cut:
    """How a cohort is worked through: subjects in a chunk, threads at once, and lanes in a batch."""

    chunk: int
    threads: int
    lanes: int


def run_cohort(plan: Whole, rows: int, task: Task, cut: Cut, watch: Watch | None) -> None:
    """Integrate all subjects of ``task``, calling ``watch(done, total)`` now and then.

    An interrupt stops it after the chunks that are being worked on.
    """
    from adenoscope.simulation.solver.driver import run

    n_subjects = task.values.shape[0]
    ranges = Ranges(n_subjects, cut.chunk)
    counts = [np.zeros(1, np.int64) for _ in range(cut.threads)]
    failed: list[BaseException] = []

    def work(done: Whole) -> None:
        try:
            block: Numbers = aligned(rows, cut.lanes)
            for first, last in ranges:
                run(plan, block, *task._replace(done=done), first, last)
        except BaseException as error:
            failed.append(error)
            ranges.close()

    if cut.threads == 1 and watch is None:
        work(counts[0])
        if failed:
            raise failed[0]
        return
    workers = [threading.Thread(target=work, args=(done,), daemon=True) for done in counts]
    for worker in workers:
        worker.start()
    try:
        for worker in workers:
            while worker.is_alive():
                worker.join(REPORT_EVERY_S)
                if watch is not None:
                    watch(int(sum(done[0] for done in counts)), n_subjects)
    except BaseException:
        ranges.close()
        for worker in workers:
            worker.join()
        raise
    if failed:
        raise failed[0]
    if watch is not None:
        watch(n_subjects, n_subjects)


class Ranges:
    """Hands out ranges of subjects to whichever thread asks, until they are used up or it is closed."""

    def __init__(self, n_subjects: int, size: int) -> None:
        self._ranges = iter([(n, min(n + size, n_subjects)) for n in range(0, n_subjects, size)])
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return self

    def __next__(self) -> tuple[int, int]:
        with self._lock:
            return next(self._ranges)

    def close(self) -> None:
        with self._lock:
            self._ranges = iter(())
