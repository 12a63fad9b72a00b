"""A site over an empty folder, and a client that asks it as the page's own browser would."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from adenoscope.web.security.guard import cookie_name
from adenoscope.web.server import create_app
from adenoscope.web.site import Site, open_site

PORT, TOKEN = 8765, "a-token-of-the-tests"
ORIGIN = f"http://127.0.0.1:{PORT}"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    folder = tmp_path / "studies"
    folder.mkdir()
    with open_site(folder.resolve(), TOKEN, PORT) as opened:
        yield opened


@pytest.fixture
def client(site: Site) -> Iterator[TestClient]:
    cookies = {cookie_name(PORT): TOKEN}
    with TestClient(create_app(site), base_url=ORIGIN, cookies=cookies, headers={"origin": ORIGIN}) as asking:
        yield asking
