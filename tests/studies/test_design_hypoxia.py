"""A design worked through: what is written, what is refused, and what is said of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from adenoscope.core.errors import InputError, Refused
from adenoscope.io.hypoxia_presets import presets
from adenoscope.studies import design_hypoxia as door
from adenoscope.studies.design_hypoxia import design_hypoxia
from adenoscope.studies.progress import Progress

SCHEDULE = "[schedule]\nfio2 = {fio2}\nbout_s = {bout}\nrest_s = {rest}\nbouts = {bouts}\n"
SMALL = "subjects = 8\n"  # one width of the engine's vectors
SEARCHED = 'species = "human"\nsubjects = 8\npresets = ["human_3x300s_12", "human_5x180s_10"]\n'


def schedule(fio2: object, bout: object, rest: object, bouts: object, more: str = "") -> str:
    return SCHEDULE.format(fio2=fio2, bout=bout, rest=rest, bouts=bouts) + more


UNSAFE = [  # gate E1: twelve, and what is prohibited
    (schedule(0.08, 60, 60, 10), "FIO2_MIN"),
    (schedule(0.09, 3600, 0, 1), "BOUT_MAX_S_AT_FIO2_BELOW_0.11"),
    (schedule(0.10, 1800, 0, 1), "BOUT_MAX_S_AT_FIO2_BELOW_0.11"),
    (schedule(0.09, 300, 180, 3), "BOUT_MAX_S_AT_FIO2_BELOW_0.11"),
    (schedule(0.12, 600, 300, 4), "BOUT_MAX_S_AT_FIO2_0.11_TO_0.13"),
    (schedule(0.14, 1200, 300, 2), "BOUT_MAX_S_AT_FIO2_GE_0.13"),
    (schedule(0.12, 60, 30, 10), "REST_MIN_S"),
    (schedule(0.12, 60, 60, 30), "BOUTS_MAX_PER_DAY"),
    (schedule(0.12, 60, 60, 5, "sessions = 4\nsessions_per_day = 2\n"), "SESSIONS_MAX_PER_DAY"),
    (schedule(0.12, 60, 60, 5, "sessions = 7\nsessions_per_week = 7\n"), "SESSIONS_MAX_PER_WEEK"),
    (schedule(0.12, 60, 60, 5, "sessions = 15\n"), "SESSIONS_MAX_TOTAL_BEFORE_REVIEW"),
    (schedule(0.09, 240, 240, 5, "spo2_target = 0.75\n"), "SPO2_PLAN_FLOOR"),
    (f'preset = "human_15x90s_9"\n{SMALL}', "LOW_RESPONDER_CHECK"),
    (f'preset = "human_15x60s_9"\n{SMALL}', "LOW_RESPONDER_CHECK"),
    (f'also_given = ["ketamine"]\n{schedule(0.13, 60, 60, 3)}', "DISSOCIATIVE_PLUS_HYPOXIA"),
    (f"added_co2 = true\n{schedule(0.13, 60, 60, 3)}", "ADDED_CO2"),
]
SAFE = ["human_15x60s_10", "human_15x60s_12", "human_4x600s_13", "human_3x300s_13", "human_3x300s_12"]
SAFE += ["human_3x300s_11", "human_5x240s_spo2_90"]


@pytest.fixture(autouse=True)
def few_fresh_subjects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "FRESH", 31)


def written(folder: Path, text: str) -> Path:
    path = folder / "design.toml"
    path.write_text(text, encoding="utf-8")
    return path


def table(folder: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "out" / name).read_text(encoding="utf-8").splitlines()))


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(Refused) as caught:
        design_hypoxia(written(folder, f'species = "human"\n{text}'), folder / "out")
    assert not (folder / "out").exists()
    return str(caught.value)


@pytest.mark.parametrize(("text", "limit"), UNSAFE, ids=[limit + str(n) for n, (_, limit) in enumerate(UNSAFE)])
def test_e1_an_unsafe_schedule_is_refused_and_the_limit_named(tmp_path: Path, text: str, limit: str) -> None:
    assert limit in refusal(tmp_path, text)


@pytest.mark.parametrize("name", SAFE)
def test_e1_a_safe_schedule_runs(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, f'species = "human"\npreset = "{name}"\npresets = []\n{SMALL}[limits]\nrisk = 0.3\n')
    answer = design_hypoxia(path, tmp_path / "out")
    assert answer.recommended.schedule == presets()[name].schedule
    assert answer.recommended.breaches == ()


def test_a_design_is_answered_with_its_tables(tmp_path: Path) -> None:
    seen: list[Progress] = []
    path = written(tmp_path, SEARCHED + schedule("[0.11, 0.13]", "[60, 120]", 120, "[3, 4]", "sessions = 2\n"))
    answer = design_hypoxia(path, tmp_path / "out", seen.append)
    document = json.loads((tmp_path / "out" / "hypoxia.json").read_text(encoding="utf-8"))
    assert document["schema_version"] == 1
    assert document["search"]["simulated"] == document["search"]["possible"] == 50
    assert document["recommended"]["schedule"]["words"] == answer.recommended.schedule.words
    assert any("No recording of adenosine in people exists" in said for said in document["outside_validity"])
    assert 0.5 < document["unverified_share"] < 1
    assert document["days"]["largest_difference"] < 0.01
    assert [one["evaluated"] is None for one in document["presets"]] == [False, True]
    assert document["presets"][1]["breaches"][0]["limit"] == "BOUT_MAX_S_AT_FIO2_BELOW_0.11"
    assert {progress.stage for progress in seen} == {"drawing", "searching", "confirming", "comparing"}
    front, subjects = (table(tmp_path, name) for name in ("front.csv", "subjects.csv"))
    assert len(front) == len(answer.front)
    assert sum(row["recommended"] == "True" for row in front) == 1
    assert len(subjects) == 62  # 31 under the recommended schedule, 31 under the gas of the other kind
    assert {row["schedule"] for row in subjects} == {"recommended", "clamped"}


def test_the_protocol_is_a_table_that_a_mask_is_set_from(tmp_path: Path) -> None:
    text = schedule(0.11, 120, 180, 2, "sessions = 6\n")
    design_hypoxia(
        written(tmp_path, f'species = "human"\npresets = []\n{SMALL}{text}[limits]\nrisk = 0.3\n'), tmp_path / "out"
    )
    rows = table(tmp_path, "protocol.csv")
    assert [row["oxygen_percent"] for row in rows[:6]] == ["13.0", "20.95", "11.0", "11.0", "20.95", "11.0"]
    assert [row["start_s"] for row in rows[:3]] == ["0.0", "120.0", "300.0"]
    assert "lead-in" in rows[0]["note"]
    assert "only with titration" in rows[2]["note"]
    assert [row["day"] for row in rows if row["step"] == "1"] == ["1", "2", "3", "4", "5", "8"]
    notes = (tmp_path / "out" / "protocol.txt").read_text(encoding="utf-8")
    assert "No recording of adenosine in people exists" in notes
    assert "SPO2_STOP_BOUT: 75 %: air at once" in notes
    assert "no advice to any person" in notes


def test_clamped_gas_has_its_target_and_bounds_in_the_protocol(tmp_path: Path) -> None:
    text = f'species = "human"\npreset = "human_5x240s_spo2_90"\npresets = []\n{SMALL}'
    answer = design_hypoxia(written(tmp_path, text), tmp_path / "out")
    rows = table(tmp_path, "protocol.csv")
    first, third = rows[0], rows[2]
    assert (first["spo2_target_percent"], first["oxygen_least_percent"]) == ("90.0", "13.0")
    assert (third["oxygen_least_percent"], third["oxygen_most_percent"]) == ("10.0", "20.95")
    assert answer.comparison is not None
    spread = [one.outcome.spo2_nadir.std() for one in (answer.comparison, answer.recommended)]
    assert spread[0] > 3 * spread[1]  # a fixed gas leaves people far apart


def test_an_override_is_carried_to_every_place_that_is_read(tmp_path: Path) -> None:
    override = '[override]\nlimits = ["LOW_RESPONDER_CHECK", "SPO2_PLAN_FLOOR"]\nreason = "board 7"\nby = "A. Name"\n'
    text = (
        f'species = "human"\npreset = "human_15x90s_9"\npresets = []\n{SMALL}[limits]\nspo2_floor = 0.6\n{override}'
    )
    answer = design_hypoxia(written(tmp_path, text), tmp_path / "out")
    assert answer.override is not None
    assert "OVERRIDE. LOW_RESPONDER_CHECK, SPO2_PLAN_FLOOR let pass by A. Name: board 7" in (
        tmp_path / "out" / "protocol.txt"
    ).read_text(encoding="utf-8")
    document = json.loads((tmp_path / "out" / "hypoxia.json").read_text(encoding="utf-8"))
    assert document["override"]["reason"] == "board 7"
    assert {breach["limit"] for breach in document["recommended"]["let_pass"]} == set(answer.override.limits)


def test_mice_have_no_envelope_but_their_own_limits(tmp_path: Path) -> None:
    text = f'species = "mouse"\npreset = "mouse_5x300s_9"\n{SMALL}'
    answer = design_hypoxia(
        written(tmp_path, f"{text}[limits]\npto2_floor_mmhg = 0.5\nrisk = 0.5\n"), tmp_path / "out"
    )
    assert answer.recommended.breaches == ()
    assert answer.recommended.outcome.low_responder is None
    with pytest.raises(Refused, match="pto2_floor_mmhg: oxygen of brain tissue below"):
        design_hypoxia(written(tmp_path, f"{text}[limits]\npto2_floor_mmhg = 15\n"), tmp_path / "out")


def test_a_longer_session_than_any_given_is_said(tmp_path: Path) -> None:
    text = schedule(0.14, 300, 120, 12)
    answer = design_hypoxia(written(tmp_path, f'species = "human"\npresets = []\n{SMALL}{text}'), tmp_path / "out")
    assert any("60 min of low oxygen, more than any schedule" in said for said in answer.outside_validity)


def test_other_drugs_are_sent_elsewhere(tmp_path: Path) -> None:
    text = f'species = "human"\nalso_given = ["caffeine"]\n{schedule(0.13, 60, 60, 3)}'
    with pytest.raises(InputError, match="adenoscope simulate"):
        design_hypoxia(written(tmp_path, text), tmp_path / "out")


def test_the_same_design_gives_the_same_bytes(tmp_path: Path) -> None:
    path = written(tmp_path, f'species = "mouse"\npresets = []\n{SMALL}{schedule("[0.1, 0.12]", 60, 60, 3)}')
    for name in ("one", "two"):
        design_hypoxia(path, tmp_path / name)
    for file in ("hypoxia.json", "front.csv", "protocol.csv", "subjects.csv", "protocol.txt"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
