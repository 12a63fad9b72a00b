"""Files of a study may hold anything: they are shown as text, refused with a reason, and never run."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from asking import ORIGIN, OWN, Request, ask
from fastapi.testclient import TestClient
from finished_study import a_result, write_study

from adenoscope.io.results import results_document
from adenoscope.io.session_json import encode
from adenoscope.web.server import create_app
from adenoscope.web.site import open_site

PAGE, SESSION = "/studies/ketamine", "/studies/ketamine/sessions/w1_saline"
MARKUP = "<img src=x onerror=alert(1)>\"'</script><script>alert(2)</script>"
EVERY = (
    "/",
    "/api/studies",
    PAGE,
    f"/api{PAGE}/changes",
    f"/api{PAGE}/plots/matrix.csv",
    SESSION,
    f"/api{SESSION}/answer",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root = tmp_path_factory.mktemp("files").resolve()
    with open_site(root, "a-token-of-the-tests", 8765) as site, TestClient(create_app(site)) as asking:
        asking.root = root  # type: ignore[attr-defined]
        yield asking


@pytest.fixture
def folder(client: TestClient) -> Iterator[Path]:
    root: Path = client.root  # type: ignore[attr-defined]
    yield write_study(root)
    for path in sorted(root.rglob("*"), key=str, reverse=True):
        if ".adenoscope" not in path.parts:
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def _get(client: TestClient, path: str) -> tuple[int, str]:
    """Return status and body; a page must not hold the markup that a file holds."""
    answer = ask(client, Request("GET", path, (*OWN.items(), ("origin", ORIGIN))))
    body = answer.body.decode("utf-8", "replace")
    if answer.headers["content-type"].startswith("text/html"):
        assert "<img" not in body, path
        assert "alert(2)</script>" not in body, path
    return answer.status, body


def _everywhere(client: TestClient) -> dict[str, int]:
    """Return the status of every address, none of which may be our own mistake."""
    found: dict[str, int] = {}
    for path in EVERY:
        found[path], _ = _get(client, path)
    assert all(status in {200, 403, 404, 413, 422} for status in found.values()), found
    return found


def _changed(place: tuple[Any, ...], value: Any) -> Callable[[dict[str, Any]], None]:
    def change(document: dict[str, Any]) -> None:
        inside: Any = document
        for key in place[:-1]:
            inside = inside[key]
        inside[place[-1]] = value

    return change


VALUES: tuple[Any, ...] = (None, 7, 1e308, "text", MARKUP, [], [1], {}, {"a": 1}, True)
PLACES: tuple[tuple[Any, ...], ...] = (
    ("study",), ("study", "name"), ("inputs",), ("inputs", 0), ("inputs", 0, "path"), ("inputs", 0, "bytes"),
    ("recordings",), ("recordings", 0), ("recordings", 0, "session"), ("recordings", 0, "status"),
    ("recordings", 0, "response"), ("contrasts",), ("contrasts", 0, "difference"), ("contrasts", 0, "treated"),
    ("necessity",), ("necessity", 0, "verdict"), ("necessity", 0, "setting"), ("schema_version",), ("edits",),
)  # fmt: skip


@pytest.mark.parametrize("place", PLACES, ids=[".".join(map(str, place)) for place in PLACES])
def test_results_that_hold_anything_are_refused_or_shown_as_text(
    client: TestClient, folder: Path, place: tuple[Any, ...]
) -> None:
    path = folder.parent / "ketamine-results" / "results.json"
    whole = json.dumps(results_document(a_result(folder)))
    for value in VALUES:
        document = json.loads(whole)
        _changed(place, value)(document)
        path.write_text(json.dumps(document), encoding="utf-8")
        assert _everywhere(client)["/"] == 200


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[" * 200_000, b'{"inputs": ' + b"[" * 200_000, b"\xff\xfe", b"null", b"[]", b'"text"', b"NaN",
     b'{"inputs": NaN}', b"1" * 5000, pickle.dumps({"a": 1})],
)  # fmt: skip
def test_results_that_are_none_are_refused(client: TestClient, folder: Path, text: bytes) -> None:
    (folder.parent / "ketamine-results" / "results.json").write_bytes(text)
    found = _everywhere(client)
    assert found[PAGE] == 422
    assert found["/"] == found[SESSION] == 200


@pytest.mark.parametrize("place", [("session",), ("files",), ("masked_s",), ("key",), ("session", "response"),
                                   ("session", "control"), ("session", "facts"), ("session", "asked"),
                                   ("session", "intervention_s"), ("session", "status")])  # fmt: skip
def test_an_answer_of_a_session_that_holds_anything_is_not_believed(
    client: TestClient, folder: Path, place: tuple[Any, ...]
) -> None:
    pieces = folder.parent / "ketamine-results" / "pieces"
    pieces.mkdir()
    entry = json.loads(json.dumps(encode(a_result(folder).sessions[0])))
    for value in VALUES:
        document = {
            "schema_version": 1,
            "key": "k",
            "files": {},
            "masked_s": [],
            "session": json.loads(json.dumps(entry)),
        }
        _changed(place, value)(document)
        (pieces / "w1_saline.json").write_text(json.dumps(document), encoding="utf-8")
        assert _everywhere(client)[SESSION] == 200


@pytest.mark.parametrize(
    "text",
    [b"", b"name = ", b"\x00\xff", b"a = " + b"[" * 50_000, b'name = "\\ud800"', b"name = 1",
     b"[[necessity]]\n" * 2000, b"a." * 1_000 + b"b = 1", b"name = " + b"9" * 5000,
     f"name = '''{MARKUP}'''".encode()],
)  # fmt: skip
def test_a_study_that_is_no_study_is_refused(client: TestClient, folder: Path, text: bytes) -> None:
    (folder / "study.toml").write_bytes(text)
    found = _everywhere(client)
    assert found["/"] == 200
    assert found[SESSION] == 422


@pytest.mark.parametrize(
    "text",
    [b"", b"\x00" * 1000, b"\xff\xfe\x00", b'"' * 3001, b"," * 200_000, b"session\n" * 3,
     b"session,animal\n" + b"a" * 2_000_000,
     f"session,animal,treatment,recording,intervention_s\n{MARKUP},a,saline,x.csv,1\n".encode(),
     b"session,animal,treatment,recording,intervention_s\nw1_saline,a,saline,../../../../etc/passwd,1\n",
     b"session,animal,treatment,recording,intervention_s\nw1_saline,a,saline,/etc/passwd,1\n",
     b"session,animal,treatment,recording,intervention_s\n../../x,a,saline,w1_saline.csv,1\n"],
)  # fmt: skip
def test_a_table_that_is_none_is_refused(client: TestClient, folder: Path, text: bytes) -> None:
    (folder / "sessions.csv").write_bytes(text)
    found = _everywhere(client)
    assert found["/"] == 200
    assert found[SESSION] == 422
    assert "root:" not in _get(client, SESSION)[1]


class _Bomb:
    """Writes a file when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


@pytest.mark.parametrize("suffix", ["pkl", "npy", "npz", "csv", "parquet", "h5", "doric", "ppd", "nwb"])
def test_no_pickle_is_ever_loaded(client: TestClient, folder: Path, tmp_path: Path, suffix: str) -> None:
    mark = tmp_path / "mark"
    recording = folder / "recordings" / f"bomb.{suffix}"
    if suffix == "npy":
        with recording.open("wb") as file:
            np.save(file, np.array([_Bomb(mark)], dtype=object), allow_pickle=True)
    else:
        recording.write_bytes(pickle.dumps(_Bomb(mark)))
    sessions = folder / "sessions.csv"
    sessions.write_text(
        sessions.read_text(encoding="utf-8").replace("w1_saline.csv", recording.name), encoding="utf-8"
    )
    status, body = _get(client, f"/api{SESSION}/window")
    assert status == 422, body
    assert not mark.exists()
    pickle.loads(pickle.dumps(_Bomb(mark)))  # the bomb works
    assert mark.exists()


def test_a_name_that_is_no_text_is_not_shown(client: TestClient, folder: Path) -> None:
    try:
        (folder.parent / "ketamine\udcff").symlink_to(folder)
        (folder.parent / "a\nb").symlink_to(folder)
    except (OSError, UnicodeEncodeError):
        pytest.skip("this system allows no such name")
    found = _everywhere(client)
    assert found["/"] == 200
    assert "a\\nb" not in _get(client, "/api/studies")[1]
