"""A client whose site does its science in the process of the tests: nothing is loaded twice, and tests are quick."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from adenoscope.web.security.guard import cookie_name
from adenoscope.web.server import create_app
from adenoscope.web.site import Site


@pytest.fixture
def near_client(site: Site) -> Iterator[TestClient]:
    origin = f"http://127.0.0.1:{site.port}"
    with ThreadPoolExecutor(1) as here:
        app = create_app(replace(site, science=here, reading=here))
        cookies = {cookie_name(site.port): site.token}
        with TestClient(app, base_url=origin, cookies=cookies, headers={"origin": origin}) as asking:
            yield asking
