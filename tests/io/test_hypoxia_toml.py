"""A design of hypoxia is read whole: numbers are kept, ranges searched, and everything wrong is listed at once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adenoscope.core.errors import InputError
from adenoscope.io.hypoxia_presets import presets
from adenoscope.io.hypoxia_toml import read_hypoxia
from adenoscope.io.write_hypoxia import design_text

SCHEDULE = "[schedule]\nfio2 = [0.10, 0.12]\nbout_s = [60, 300]\nrest_s = 90\nbouts = [3, 15]\n"
PEOPLE = 'species = "human"\n'
PRESET = f'{PEOPLE}preset = "human_15x60s_10"\n'
OVERRIDE = '[override]\nreason = "board 7"\nby = "A. Name"\n'


def written(folder: Path, text: str) -> Path:
    path = folder / "design.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_hypoxia(written(folder, text))
    return str(caught.value)


def test_numbers_are_kept_and_ranges_searched_in_steps_of_devices(tmp_path: Path) -> None:
    design = read_hypoxia(written(tmp_path, PEOPLE + SCHEDULE))
    assert design.fio2.levels == (0.10, 0.105, 0.11, 0.115, 0.12)
    assert design.bout_s.levels[:3] == (60.0, 75.0, 90.0)
    assert (design.rest_s.levels, design.sessions.levels, design.gas) == ((90.0,), (1.0,), "fixed")
    assert (
        design.schedule((0.11, 75.0, 90.0, 5.0, 1.0)).words
        == "5 x 75 s of 11 % O2 with 90 s of air between, 1 session"
    )


def test_long_bouts_are_searched_in_longer_steps(tmp_path: Path) -> None:
    design = read_hypoxia(written(tmp_path, PEOPLE + SCHEDULE.replace("300", "600")))
    assert design.bout_s.levels[:2] == (60.0, 90.0)


def test_a_target_makes_the_gas_follow_the_oximeter(tmp_path: Path) -> None:
    design = read_hypoxia(written(tmp_path, f"{PEOPLE}{SCHEDULE}spo2_target = [0.88, 0.90]\n"))
    assert design.gas == "clamped"
    assert design.searched[0].levels == (0.88, 0.89, 0.9)
    assert design.schedule((0.88, 0.1, 60.0, 90.0, 3.0, 1.0)).spo2_target == 0.88


def test_a_schedule_may_be_a_table_in_one_line(tmp_path: Path) -> None:
    line = "schedule = { fio2 = 0.13, bout_s = 600, rest_s = 300, bouts = 4 }\n"
    assert all(len(quantity.levels) == 1 for quantity in read_hypoxia(written(tmp_path, PEOPLE + line)).searched)


def test_people_have_a_floor_where_none_is_given_and_mice_do_not(tmp_path: Path) -> None:
    assert read_hypoxia(written(tmp_path, PRESET)).limits.spo2_floor == 0.80
    assert read_hypoxia(written(tmp_path, f'species = "mouse"\n{SCHEDULE}')).limits.spo2_floor is None


@pytest.mark.parametrize("name", list(presets()))
def test_every_preset_is_a_design(tmp_path: Path, name: str) -> None:
    preset = presets()[name]
    design = read_hypoxia(written(tmp_path, f'species = "{preset.species}"\npreset = "{name}"\n'))
    point = tuple(quantity.low for quantity in design.searched)
    assert design.schedule(point) == preset.schedule
    assert name in design.presets


def test_an_override_names_limits_a_reason_and_who_stands_for_it(tmp_path: Path) -> None:
    override = read_hypoxia(written(tmp_path, f'{PRESET}{OVERRIDE}limits = ["REST_MIN_S"]\n')).override
    assert override is not None
    assert (override.limits, override.by) == (("REST_MIN_S",), "A. Name")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PEOPLE, "neither a preset nor a [schedule]"),
        (PRESET + SCHEDULE, "a preset and a [schedule]"),
        (PEOPLE + SCHEDULE.replace("[0.10, 0.12]", "12"), "a fraction, not percent"),
        (PEOPLE + SCHEDULE.replace("[60, 300]", "[300, 60]"), "schedule.bout_s: found [300, 60]"),
        (PEOPLE + SCHEDULE.replace("rest_s", "rests"), "did you mean"),
        ('species = "mouse"\npreset = "human_15x60s_10"\n', "preset `human_15x60s_10` in a mouse"),
        (PEOPLE + SCHEDULE + "[objective]\na1 = 0\na2a = 0\n", "a1 and a2a are both 0"),
        (PEOPLE + SCHEDULE + "sessions_per_week = 14\n", "at most 7 with 1 a day"),
        (f'{PRESET}{OVERRIDE}limits = ["ADDED_CO2"]\n', "this one is not let pass"),
        (f'{PRESET}{OVERRIDE}limits = ["SPO2_STOP_BOUT"]\n', "override.limits: `SPO2_STOP_BOUT`"),
        (f"{PRESET}{OVERRIDE}limits = []\n", "the names of limits"),
        (f'{PRESET}[override]\nlimits = ["REST_MIN_S"]\n', "override.reason: missing"),
        (f'species = "mouse"\n{SCHEDULE}{OVERRIDE}limits = ["REST_MIN_S"]\n', "there is no envelope for mice"),
        (f'species = "mouse"\nalso_given = ["ketamine"]\n{SCHEDULE}', "adenoscope simulate"),
        (PEOPLE + SCHEDULE + "[limits]\nspo2_floor = 80\n", "a fraction, not percent"),
        (f"{PRESET}[limits]\nrisk = 0.9\n", "from 0 to 0.5"),
        (f"{PEOPLE}schedule = 5\n", "a table headed [schedule]"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(tmp_path: Path, text: str, said: str) -> None:
    assert said in faults(tmp_path, text)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = f'species = "rat"\nseed = -1\n{SCHEDULE.replace("90", "-90")}[limits]\nrisk = 2\n'
    assert all(word in faults(tmp_path, text) for word in ("species", "seed", "rest_s", "risk"))


@pytest.mark.parametrize("name", ["human_5x240s_spo2_90", "mouse_5x300s_9"])
def test_a_schedule_written_is_read_back_the_same(tmp_path: Path, name: str) -> None:
    species = presets()[name].species
    design = read_hypoxia(written(tmp_path, f'species = "{species}"\npreset = "{name}"\n'))
    again = read_hypoxia(written(tmp_path, design_text(design, presets()[name].schedule)))
    assert again == replace(design, preset="")
