"""No link leads out of the folder that is served, whatever it stands for, and nothing waits for a pipe."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asking import ORIGIN, OWN, Request, ask, contents
from fastapi.testclient import TestClient
from finished_study import write_study
from starlette.exceptions import HTTPException

from adenoscope.core.errors import InputError
from adenoscope.web.folder import HIDDEN, check_folder
from adenoscope.web.security import inside
from adenoscope.web.security.inside import is_inside, read_inside
from adenoscope.web.server import create_app
from adenoscope.web.site import open_site

SECRET = "what-lies-outside"
PAGE, SESSION = "/studies/ketamine", "/studies/ketamine/sessions/w1_saline"
REPORT, CHANGES = f"{PAGE}/report", "/api/studies/ketamine/changes"
PLOT, WINDOW = "/api/studies/ketamine/plots/matrix.csv", f"/api{SESSION}/window"
EDITS, JOBS = "/api/studies/ketamine/edits", "/api/jobs"
EDIT = json.dumps({"session": "w1_saline", "field": "exclude", "value": "loose", "reason": "seen"}).encode()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("links").resolve()


@pytest.fixture(scope="module")
def client(root: Path) -> Iterator[TestClient]:
    (root / "studies").mkdir()
    with open_site(root / "studies", "a-token-of-the-tests", 8765) as site, TestClient(create_app(site)) as asking:
        yield asking


@pytest.fixture
def folder(root: Path) -> Iterator[Path]:
    """Yield the folder that is served, with a study; beside it the same study lies outside."""
    served, outside = root / "studies", root / "outside"
    outside.mkdir()
    for place in (served, outside):
        write_study(place)
    (outside / "ketamine-edits.csv").write_text(f"at,session,field,value,reason\n{SECRET}\n", encoding="utf-8")
    for path in outside.rglob("*.json"):
        path.write_text(path.read_text(encoding="utf-8").replace("Ketamine and A1", SECRET), encoding="utf-8")
    (outside / "ketamine-results" / "report.html").write_text(SECRET, encoding="utf-8")
    yield served
    for place in (served, outside):
        for path in sorted(place.rglob("*"), reverse=True):
            if HIDDEN in path.parts:
                continue
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()
    outside.rmdir()


def _link(folder: Path, name: str) -> None:
    """Put a link to what lies outside where ``name`` was."""
    path = folder / name
    if path.is_dir() and not path.is_symlink():
        path.rename(folder.parent / "outside" / f"moved-{path.name}")
    else:
        path.unlink(missing_ok=True)
    path.symlink_to(folder.parent / "outside" / name)


def _asked(client: TestClient, path: str) -> tuple[int, bytes]:
    headers = (*OWN.items(), ("origin", ORIGIN), ("content-type", "application/json"))
    posts = {EDITS: EDIT, JOBS: b'{"study": "ketamine"}'}
    method = "POST" if path in posts else "GET"
    answer = ask(client, Request(method, path, headers, (posts.get(path, b""),)))
    return answer.status, answer.body


LINKS: list[tuple[str, dict[str, int]]] = [
    ("ketamine", {PAGE: 404, SESSION: 404, REPORT: 404, CHANGES: 404, PLOT: 404, WINDOW: 404, EDITS: 404, JOBS: 404}),
    ("ketamine/study.toml", {PAGE: 404, SESSION: 404, JOBS: 404, EDITS: 404}),
    ("ketamine-results", {PAGE: 403, SESSION: 403, REPORT: 403, CHANGES: 403, PLOT: 403, JOBS: 403}),
    ("ketamine-results/results.json", {PAGE: 403, CHANGES: 403, PLOT: 403}),
    ("ketamine-results/report.html", {REPORT: 403}),
    ("ketamine-edits.csv", {PAGE: 403, SESSION: 403, CHANGES: 403, EDITS: 403, JOBS: 403}),
    ("ketamine/sessions.csv", {SESSION: 403, CHANGES: 403, EDITS: 403, JOBS: 403}),
    ("ketamine/recordings", {SESSION: 403, WINDOW: 403, EDITS: 403, JOBS: 403}),
    ("ketamine/recordings/w1_saline.csv", {SESSION: 403, WINDOW: 403, EDITS: 403, JOBS: 403}),
]


@pytest.mark.parametrize(("name", "statuses"), LINKS, ids=[name for name, _ in LINKS])
def test_a_link_out_of_the_folder_is_refused_and_nothing_is_written(
    client: TestClient, folder: Path, name: str, statuses: dict[str, int]
) -> None:
    _link(folder, name)
    before = contents(folder.parent)
    for path, status in {**statuses, "/": 200, "/api/studies": 200}.items():
        found, body = _asked(client, path)
        assert found == status, (path, body[:300])
        assert SECRET.encode() not in body, path
    assert contents(folder.parent) == before


def test_a_link_that_stays_inside_is_followed(client: TestClient, folder: Path) -> None:
    (folder / "again").symlink_to(folder / "ketamine")
    assert _asked(client, "/studies/again")[0] == 200
    recording = folder / "ketamine" / "recordings" / "w1_saline.csv"
    recording.rename(folder / "elsewhere.csv")
    recording.symlink_to("../../elsewhere.csv")
    assert _asked(client, SESSION)[0] == 200


def test_a_link_to_itself_is_no_study_and_no_mistake(client: TestClient, folder: Path) -> None:
    (folder / "round").symlink_to(folder / "round")
    (folder / "ketamine-results" / "report.html").unlink()
    (folder / "ketamine-results" / "report.html").symlink_to("report.html")
    assert _asked(client, "/studies/round")[0] == 404
    assert _asked(client, REPORT)[0] in {403, 404}
    assert _asked(client, "/")[0] == 200


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes that have a name")
@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("ketamine/study.toml", {PAGE: 404, JOBS: 404}),
        ("ketamine/sessions.csv", {SESSION: 403, CHANGES: 403, EDITS: 403, JOBS: 403}),
        ("ketamine/recordings/w1_saline.csv", {SESSION: 403, WINDOW: 403, JOBS: 403}),
        ("ketamine-results/results.json", {PAGE: 403, CHANGES: 403}),
        ("ketamine-edits.csv", {PAGE: 403, EDITS: 403, JOBS: 403}),
    ],
)
def test_nobody_waits_for_a_pipe(client: TestClient, folder: Path, name: str, statuses: dict[str, int]) -> None:
    (folder / name).unlink(missing_ok=True)
    os.mkfifo(folder / name)
    for path, status in {**statuses, "/": 200}.items():
        assert _asked(client, path)[0] == status, path


def test_a_folder_whose_own_files_are_links_is_not_served(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "shown").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "shown" / HIDDEN).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="link"):
        check_folder(tmp_path / "shown")
    (tmp_path / "shown" / HIDDEN).unlink()
    (tmp_path / "shown" / HIDDEN).mkdir()
    (tmp_path / "shown" / HIDDEN / "job.log").symlink_to(tmp_path / "elsewhere" / "profile")
    with pytest.raises(InputError, match="link"):
        check_folder(tmp_path / "shown")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def _swap_before(monkeypatch: pytest.MonkeyPatch, path: Path, target: Path) -> None:
    """Turn a file into a link in the moment before it is opened."""
    opening: Callable[..., int] = os.open

    def swapped(name: Path, flags: int) -> int:
        path.unlink()
        path.symlink_to(target)
        return opening(name, flags)

    monkeypatch.setattr(inside.os, "open", swapped)


def test_a_file_that_becomes_a_link_while_it_is_opened_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = folder / "ketamine-results" / "results.json"
    secret = folder.parent / "outside" / "ketamine-results" / "results.json"
    assert is_inside(results, folder)
    _swap_before(monkeypatch, results, secret)
    with pytest.raises(HTTPException) as refusal:
        read_inside(results, folder, 1_000_000)
    assert refusal.value.status_code == 403


def test_a_file_is_not_read_beyond_its_limit(folder: Path) -> None:
    with pytest.raises(HTTPException) as refusal:
        read_inside(folder / "ketamine-results" / "results.json", folder, 100)
    assert refusal.value.status_code == 413
