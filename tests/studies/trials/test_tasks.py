"""Tasks that were finished are not repeated, others' files go, and a cluster gives the same bytes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cloudpickle
import numpy as np

from adenoscope.simulation.cluster.columns import Column
from adenoscope.studies.trials.tasks import file_of, finish, mapper


@dataclass(frozen=True)
class Squares:
    """The squares of some numbers; each time it is computed a line is added to a file."""

    first: int
    kind: str = "squares"

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.first:03}"

    def ingredients(self) -> Any:
        return [self.first]

    def columns(self, folder: Path) -> Sequence[Column]:
        with (folder / "log").open("a", encoding="utf-8") as log:
            log.write(f"{self.name}\n")
        return [("square", np.arange(self.first, self.first + 3, dtype=float) ** 2)]


def log(folder: Path) -> list[str]:
    return (folder / "log").read_text(encoding="utf-8").split()


def run(
    folder: Path, tasks: Sequence[Squares], cluster: str | None = None
) -> tuple[list[list[float]], list[tuple[int, int]]]:
    heard: list[tuple[int, int]] = []
    with mapper(1, cluster) as over:
        found = finish(tasks, folder, over, lambda done, total: heard.append((done, total)))
    return [part["square"].tolist() for part in found], heard


def test_what_is_there_is_not_computed_again(tmp_path: Path) -> None:
    first, heard = run(tmp_path, [Squares(0), Squares(3)])
    assert first == [[0, 1, 4], [9, 16, 25]]
    assert heard == [(0, 2), (1, 2), (2, 2)]
    again, heard = run(tmp_path, [Squares(0), Squares(3), Squares(6)])
    assert again[:2] == first
    assert heard[0] == (2, 3)
    assert log(tmp_path) == ["squares-000", "squares-003", "squares-006"]


def test_a_damaged_file_is_computed_again(tmp_path: Path) -> None:
    run(tmp_path, [Squares(0)])
    file = file_of(Squares(0), tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    run(tmp_path, [Squares(0)])
    assert file.read_bytes() == whole
    assert len(log(tmp_path)) == 2


def test_files_of_another_plan_go_and_other_kinds_stay(tmp_path: Path) -> None:
    run(tmp_path, [Squares(0), Squares(3)])
    run(tmp_path, [Squares(0, kind="cubes")])
    run(tmp_path, [Squares(0)])
    assert sorted(file.name.split("-")[0] for file in tmp_path.glob("*.parquet")) == ["cubes", "squares"]


def test_a_dask_cluster_gives_the_same_bytes(tmp_path: Path) -> None:
    cloudpickle.register_pickle_by_value(sys.modules[__name__])  # workers cannot import a test
    alone, on_dask = tmp_path / "alone", tmp_path / "dask"
    run(alone, [Squares(0), Squares(3)])
    assert run(on_dask, [Squares(0), Squares(3)], cluster="local")[0] == [[0, 1, 4], [9, 16, 25]]
    for task in (Squares(0), Squares(3)):
        assert file_of(task, alone).read_bytes() == file_of(task, on_dask).read_bytes()
