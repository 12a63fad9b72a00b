"""Hostile requests are refused with the right status, and nothing is written or given away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import ask, contents
from fastapi.testclient import TestClient
from finished_study import write_study
from hostile import Hostile, hostile_requests

from adenoscope.web.server import create_app
from adenoscope.web.site import open_site

PORT, TOKEN = 8765, "a-token-of-the-tests"
SECRET = b"what lies outside"
REQUESTS = hostile_requests()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    (root / "studies").mkdir()
    (root / "secret.txt").write_bytes(SECRET)
    write_study(root / "studies")
    return root


@pytest.fixture(scope="module")
def asked(place: Path) -> Iterator[TestClient]:
    with (
        open_site((place / "studies").resolve(), TOKEN, PORT) as site,
        TestClient(create_app(site), base_url=f"http://127.0.0.1:{PORT}") as client,
    ):
        yield client


def test_there_are_more_than_fifty_and_no_two_alike() -> None:
    names = [hostile.name for hostile in REQUESTS]
    assert len(set(names)) == len(names) > 50


@pytest.mark.parametrize("hostile", REQUESTS, ids=[hostile.name for hostile in REQUESTS])
def test_it_is_refused_and_nothing_is_written(place: Path, asked: TestClient, hostile: Hostile) -> None:
    before = contents(place)
    answer = ask(asked, hostile.request)
    assert answer.status in hostile.statuses, answer.body[:300]
    assert SECRET not in answer.body
    assert b"root:" not in answer.body
    assert b"Traceback" not in answer.body
    assert "access-control-allow-origin" not in answer.headers
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "set-cookie" not in answer.headers
    assert contents(place) == before


def test_the_server_answers_as_ever_afterwards(asked: TestClient) -> None:
    from asking import OWN, Request

    answer = ask(asked, Request("GET", "/", tuple(OWN.items())))
    assert answer.status == 200
