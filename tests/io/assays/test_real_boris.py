"""Real BORIS exports, against what their own lines say."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from export_suite import flat, read

from adenoscope.core.behaviour_record import Bout

DATA = Path(__file__).parents[3] / ".." / "shared" / "data" / "photometry" / "PhAT_NPM"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real recordings lie outside the repository")


def lines(name: str) -> list[list[str]]:
    with (DATA / name).open(newline="") as file:
        return list(csv.reader(file))


def test_a_tabular_export_of_an_hour_is_read_whole() -> None:
    (events,) = read(DATA / "Sample1_beh_BORIS.csv", "boris")
    header = next(i for i, row in enumerate(lines("Sample1_beh_BORIS.csv")) if row[0] == "Time")
    rows = lines("Sample1_beh_BORIS.csv")[header + 1 :]
    assert (len(rows), len(events.bouts)) == (436, 218)
    assert Counter(bout.behaviour for bout in events.bouts) == Counter(row[5] for row in rows if row[8] == "START")
    for name in {row[5] for row in rows}:
        edges = {
            edge: sum(float(row[0]) for row in rows if row[5] == name and row[8] == edge)
            for edge in ("START", "STOP")
        }
        lasted = sum(bout.duration_s for bout in events.bouts if bout.behaviour == name)
        # Sums of a few hundred times of milliseconds below 4000 s.
        assert lasted == pytest.approx(edges["STOP"] - edges["START"], abs=1e-6)
    assert events.length_s == 3726.370
    assert events.origin.facts["Observation id"] == "3739x3784"
    assert events.origin.facts["Player #1"].endswith("Video2020-12-01T14_39_47.avi")


def test_a_table_that_was_shortened_by_hand_is_read_and_has_no_length() -> None:
    (events,) = read(DATA / "Sample2_beh_BORIS.csv")
    assert events.length_s is None
    assert len(events.bouts) == 10
    assert events.bouts[0] == Bout("Laser", 61.29032, 62.29032)
    assert all(bout.duration_s == pytest.approx(1.0, abs=1e-9) for bout in events.bouts)


def test_reading_twice_gives_the_same() -> None:
    path = DATA / "Sample1_beh_BORIS.csv"
    assert flat(read(path)) == flat(read(path))
