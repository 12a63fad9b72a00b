"""Pyramids are found by what they were made from, few enough are kept, and a recording's faults are said."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from adenoscope.core.errors import InputError
from adenoscope.core.recording import Trace
from adenoscope.core.study import Study
from adenoscope.io.study import read_study
from adenoscope.web.recordings.pyramid import ABOUT, open_pyramid
from adenoscope.web.recordings.shelf import build, key_of, lost_stretches, make_room


@pytest.fixture
def study(fitted: Path, tmp_path: Path) -> Study:
    shutil.copytree(fitted / "fit", tmp_path / "fit")
    return read_study(tmp_path / "fit")


def test_a_pyramid_holds_the_recording_of_its_session(study: Study, tmp_path: Path) -> None:
    session = study.sessions[0]
    build(study, session, tmp_path / "shelf", "key")
    found = open_pyramid(tmp_path / "shelf" / "key")
    assert found is not None
    assert [channel.facts.role for channel in found.channels] == ["signal", "control"]
    assert (found.about.format, found.about.first_s, found.about.last_s) == ("Plain CSV", 0.0, 899.5)
    assert found.channels[0].facts.lost_s == ((699.5, 720.0),)
    assert found.channels[0].facts.clock == found.channels[1].facts.clock
    before = (tmp_path / "shelf" / "key" / ABOUT).stat().st_ino
    build(study, session, tmp_path / "shelf", "key")
    assert (tmp_path / "shelf" / "key" / ABOUT).stat().st_ino == before


def test_a_blank_stands_on_the_clock_of_the_signal(study: Study, tmp_path: Path) -> None:
    session = replace(study.sessions[1], control="", blank="s1")
    build(study, session, tmp_path / "shelf", "key")
    found = open_pyramid(tmp_path / "shelf" / "key")
    assert found is not None
    assert [channel.facts.role for channel in found.channels] == ["signal", "blank"]
    assert found.channels[1].clock_s[0] == found.channels[0].clock_s[0]


def test_the_key_changes_with_the_file_and_with_what_is_asked_of_it_alone(study: Study) -> None:
    session = study.sessions[0]
    key = key_of(study, session)
    assert key_of(study, replace(session, onsets_s=(500.0,), exclude="noise")) == key
    assert key_of(study, replace(session, control="")) != key
    path = study.folder / "recordings" / "s1.csv"
    os.utime(path, ns=(0, 10**18))
    assert key_of(study, session) != key


def test_a_recording_that_cannot_be_read_is_said_as_on_the_command_line(study: Study, tmp_path: Path) -> None:
    (study.folder / "recordings" / "s1.csv").write_text("time_s,signal\n1,2\n0,3\n")
    with pytest.raises(InputError, match=r"recordings/s1\.csv, row 3.*time goes backwards"):
        build(study, study.sessions[0], tmp_path / "shelf", "key")
    assert not (tmp_path / "shelf").exists()


def test_the_pyramids_not_looked_at_for_longest_are_removed(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "middle", "old")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "channel-0").write_bytes(bytes(1000))
        (tmp_path / name / ABOUT).write_text("{}")
        os.utime(tmp_path / name / ABOUT, (1e9 - age, 1e9 - age))
    make_room(tmp_path, keep="old", most_bytes=2100)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old"]
    make_room(tmp_path, keep="old", most_bytes=10)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_stretches_without_a_sample_are_found_across_blocks() -> None:
    time_s = np.arange(200_000) / 10
    values = np.ones(200_000)
    values[:50] = values[65_500:65_600] = values[100_000:100_005] = values[-100:] = np.nan
    found = list(lost_stretches(Trace("signal", time_s, values), 0.1))
    assert found == [(0.0, 5.0), (6549.9, 6560.0), (19_989.9, 19_999.9)]
    values[:] = np.nan
    assert list(lost_stretches(Trace("signal", time_s, values), 0.1)) == [(0.0, 19_999.9)]
