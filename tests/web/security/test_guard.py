"""The way in: the token leaves the address, cannot lead elsewhere, and is not lost to another server's cookie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from asking import COOKIE, HOST, OWN, TOKEN, Answer, Request, ask
from fastapi.testclient import TestClient

from adenoscope.web.server import create_app
from adenoscope.web.site import open_site

LINK = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    root: Path = tmp_path_factory.mktemp("guard").resolve()
    with open_site(root, TOKEN, 8765) as site, TestClient(create_app(site)) as asking:
        yield asking


def _get(client: TestClient, path: str, **headers: str) -> Answer:
    return ask(client, Request("GET", path, (("host", HOST), *headers.items())))


def test_the_token_becomes_a_cookie_that_no_script_and_no_other_site_has(client: TestClient) -> None:
    answer = _get(client, f"/?token={TOKEN}")
    assert answer.status == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("//evil.example/a", "/evil.example/a"),
        ("/\\evil.example", "/evil.example"),
        ("///evil.example", "/evil.example"),
        ("/%2f%2fevil.example", "/%2f%2fevil.example"),
        ("/%0d%0aset-cookie:a=b", "/%0d%0aset-cookie:a=b"),
    ],
)
def test_the_way_on_stays_on_this_server(client: TestClient, path: str, place: str) -> None:
    for headers in ({}, LINK):
        answer = _get(client, f"{path}?token={TOKEN}", **headers)
        found = answer.headers.get("location") or answer.body.decode().split("url=")[1].split('"')[0]
        assert found.replace("\\", "/") == place
        assert "\r" not in found


def test_what_else_an_address_says_is_kept(client: TestClient) -> None:
    answer = _get(client, f"/mechanism?a=1&token={TOKEN}&b=%26")
    assert answer.headers["location"] == "/mechanism?a=1&b=%26"


def test_a_link_of_another_page_leads_on_by_our_own(client: TestClient) -> None:
    answer = _get(client, f"/?token={TOKEN}", **LINK)
    assert answer.status == 200
    assert 'http-equiv="refresh" content="0;url=/"' in answer.body.decode()
    assert TOKEN not in answer.body.decode()
    assert COOKIE in answer.headers["set-cookie"]


def test_another_servers_cookies_do_not_lock_us_out(client: TestClient) -> None:
    name = COOKIE.split("=")[0]
    for cookie in (f"{name}=x; {COOKIE}", f"{COOKIE}; {name}=x", f"a=b; {name}=; {COOKIE}; c"):
        assert _get(client, "/", cookie=cookie).status == 200


def test_a_link_that_a_person_follows_is_answered_where_the_browser_has_the_cookie(client: TestClient) -> None:
    assert ask(client, Request("GET", "/", (*OWN.items(), *LINK.items()))).status == 200


def test_a_token_never_reaches_a_page(client: TestClient) -> None:
    for path in ("/", "/api/studies", "/nowhere"):
        assert TOKEN.encode() not in ask(client, Request("GET", path, tuple(OWN.items()))).body
