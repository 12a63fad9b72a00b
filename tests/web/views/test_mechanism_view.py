"""The mechanism's routes: previews, refusals in the answer, differences, and files that the command takes."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from adenoscope.io.protocol import read_protocol

KETAMINE = {"at_s": 600, "compound": "ketamine", "dose": 10.0, "unit": "mg/kg", "route": "ip"}
BREATHE = {"at_s": 600, "fio2": 0.09, "duration_s": 300, "repeat": 5, "rest_s": 300}
PROTOCOL: dict[str, Any] = {"species": "mouse", "duration_s": 3600, "every_s": 30, "give": [KETAMINE]}


def test_a_preview_has_bands_readings_and_how_far_to_trust_them(near_client: TestClient) -> None:
    assert "mechanism.js" in near_client.get("/mechanism").text
    found = near_client.post("/api/mechanism/preview", json=PROTOCOL).json()
    curve = next(curve for curve in found["curves"] if curve["name"] == "adenosine_um")
    assert len(found["time_s"]) == len(curve["median"]) == len(curve["low"]) == 121
    assert curve["readings"]["peak"]["low"] <= curve["readings"]["peak"]["estimate"]
    assert found["subjects"]["finished"] >= 64
    assert 0 < found["unverified_share"] < 1
    assert found["refusals"] == []


def test_what_is_refused_or_wrong_is_part_of_the_answer(near_client: TestClient) -> None:
    refused = near_client.post(
        "/api/mechanism/preview", json=PROTOCOL | {"species": "human", "give": [], "breathe": [BREATHE]}
    )
    assert "at most 90 s" in refused.json()["refusals"][0]
    wrong = near_client.post("/api/mechanism/preview", json=PROTOCOL | {"give": [KETAMINE | {"route": "icv"}]})
    assert wrong.json()["problems"][0]["allowed"]


@pytest.mark.parametrize(
    "change",
    [
        {"subjects": 10**6},
        {"duration_s": 1e9},
        {"give": [KETAMINE] * 9},
        {"give": [KETAMINE | {"compound": "x" * 41}]},
        {"give": [KETAMINE | {"dose": -1}]},
        {"gene": [{"name": "Adk", "left": 0.5}]},
        {"species": "dog"},
    ],
)
def test_bodies_are_bounded(near_client: TestClient, change: dict[str, Any]) -> None:
    assert near_client.post("/api/mechanism/preview", json=PROTOCOL | change).status_code == 422


def test_differences_are_paired_and_people_are_not_compared_with_mice(near_client: TestClient) -> None:
    pair = {"first": PROTOCOL, "second": PROTOCOL | {"genotype": "Adora1-KO"}}
    rows = near_client.post("/api/mechanism/compare", json=pair).json()["rows"]
    row = next(row for row in rows if row["observable"] == "a1_occupancy" and row["reading"] == "peak")
    assert row["difference"]["high"] < 0
    assert row["share_above"] == 0
    pair["second"] = PROTOCOL | {"species": "human", "give": []}
    assert "different virtual subjects" in near_client.post("/api/mechanism/compare", json=pair).json()["refused"]


def test_exports_are_a_protocol_that_the_reader_takes_curves_and_figures(
    near_client: TestClient, tmp_path: Path
) -> None:
    body = PROTOCOL | {
        "breathe": [BREATHE],
        "shock": [{"at_s": 60, "current_ma": 40, "frequency_hz": 100, "pulse_ms": 0.5, "duration_s": 10}],
    }
    path = tmp_path / "protocol.toml"
    path.write_bytes(near_client.post("/api/mechanism/protocol.toml", json=body).content)
    protocol = read_protocol(path)
    assert (protocol.give[0].dose, protocol.breathe[0].repeat, protocol.shock[0].current_ma) == (10, 5, 40)
    answer = near_client.post("/api/mechanism/curves.csv", json=PROTOCOL)
    assert "simulated_curves_mouse_ketamine-10.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(answer.text.splitlines()))
    assert len(rows) == 121
    assert float(rows[0]["dff_low"]) <= float(rows[0]["dff"]) <= float(rows[0]["dff_high"])
    figure = {
        "protocol": PROTOCOL,
        "pinned": PROTOCOL | {"genotype": "Adora1-KO"},
        "observables": ["dff", "a1_occupancy"],
    }
    assert near_client.post("/api/mechanism/figure.svg", json=figure).content.startswith(b"<?xml")
    assert near_client.post("/api/mechanism/figure.png", json=figure).content.startswith(b"\x89PNG")


def test_exports_of_what_is_refused_are_refused(near_client: TestClient) -> None:
    body = PROTOCOL | {"species": "human", "give": [], "breathe": [BREATHE]}
    answer = near_client.post("/api/mechanism/curves.csv", json=body)
    assert answer.status_code == 409
    assert "at most 90 s" in answer.json()["refused"]


def test_the_refutation_panel_counts_what_lies_inside(near_client: TestClient) -> None:
    found = near_client.get("/api/mechanism/refutation").json()
    (fitted, of_fitted), (others, of_others) = found["counts"]["fitted"], found["counts"]["others"]
    assert (fitted, of_fitted) == (30, 30)
    assert (others, of_others) == (10, 14)
    assert sum("outside" in row["verdict"] for row in found["rows"]) == of_others - others
    assert found["assumed_not_explained"]
