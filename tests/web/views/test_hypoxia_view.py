"""Hypoxia's routes: a session inside the envelope, refusals in the answer, and files that the command takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from adenoscope.io.hypoxia_toml import read_hypoxia
from adenoscope.io.protocol import read_protocol

MILD: dict[str, Any] = {"species": "human", "fio2": 0.13, "bout_s": 300, "rest_s": 180, "bouts": 3}
DEEP = MILD | {"fio2": 0.09}


def test_a_session_has_bands_numbers_and_the_envelope_beside(near_client: TestClient) -> None:
    assert "Research use only" in near_client.get("/hypoxia").text
    known = near_client.get("/api/hypoxia/choices").json()
    assert known["envelope"]["FIO2_MIN"]["value"] == 0.09
    assert len(known["presets"]) >= 10
    assert known["conduct"]
    found = near_client.post("/api/hypoxia/preview", json=MILD).json()
    assert set(found["bands"]) >= {"spo2", "pto2", "adenosine_um", "a1_occupancy", "a2a_occupancy"}
    assert found["readings"]["spo2_nadir"]["low"] > 0.8
    assert found["spo2_floor"] == 0.8
    assert found["breaches"] == []


def test_a_schedule_outside_the_envelope_says_limit_found_and_allowed(near_client: TestClient) -> None:
    found = near_client.post("/api/hypoxia/preview", json=DEEP).json()
    assert not found["simulated"]
    assert "bands" not in found
    (breach,) = found["breaches"]
    assert (breach["found"], breach["allowed"], breach["by"]) == (300, 90, 210)


@pytest.mark.parametrize("what", ["design.toml", "protocol.toml", "curves.csv", "steps.csv", "figure.svg"])
def test_nothing_of_it_can_be_taken_away(near_client: TestClient, what: str) -> None:
    answer = near_client.post(f"/api/hypoxia/{what}", json=DEEP)
    assert answer.status_code == 409
    assert "at most 90 s" in answer.json()["refused"]


@pytest.mark.parametrize("what", ["design.toml", "protocol.toml", "curves.csv", "steps.csv", "figure.svg"])
def test_nothing_is_exported_of_what_the_command_would_refuse_for_too_many_subjects(
    near_client: TestClient, what: str
) -> None:
    body = MILD | {"fio2": 0.11, "bout_s": 240, "rest_s": 120}
    shown = near_client.post("/api/hypoxia/preview", json=body).json()
    assert shown["breaches"] == []
    assert "10 % are accepted" in shown["cautions"][0]
    answer = near_client.post(f"/api/hypoxia/{what}", json=body)
    assert answer.status_code == 409
    assert "10 % are accepted" in answer.json()["refused"]


def test_a_body_has_no_way_around_the_envelope(near_client: TestClient) -> None:
    for more in ({"override": {"limits": ["FIO2_MIN"]}}, {"sessions_per_day": 3}, {"also_given": ["ketamine"]}):
        assert near_client.post("/api/hypoxia/preview", json=MILD | more).status_code == 422


def test_exports_are_taken_by_the_commands(near_client: TestClient, tmp_path: Path) -> None:
    for name, body in (("fixed", MILD), ("clamped", MILD | {"fio2": 0.1, "spo2_target": 0.88})):
        path = tmp_path / f"{name}.toml"
        path.write_bytes(near_client.post("/api/hypoxia/design.toml", json=body).content)
        design = read_hypoxia(path)
        assert design.gas == name
        assert design.bouts.levels == (3,)
    path.write_bytes(near_client.post("/api/hypoxia/protocol.toml", json=MILD).content)
    assert read_protocol(path).breathe[0].bouts == ((0, 300), (480, 780), (960, 1260))
    follows = near_client.post("/api/hypoxia/protocol.toml", json=body)
    assert follows.status_code == 409
    assert "adenosine_um_rise" in near_client.post("/api/hypoxia/curves.csv", json=MILD).text.splitlines()[0]
    assert near_client.post("/api/hypoxia/steps.csv", json=MILD).text.count("\n") >= 6
    assert near_client.post("/api/hypoxia/figure.png", json=MILD).content.startswith(b"\x89PNG")
