"""The modules that a page names are those that its scripts import."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from adenoscope.web.modules import SCRIPTS, modules_of


def test_a_module_is_followed_to_all_that_it_imports() -> None:
    found = modules_of("views/recording.js")
    assert found[0] == "views/recording.js"
    assert {"words.js", "chart.js", "views/recording/traces.js"} <= set(found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize("view", ["studies", "group", "recording", "mechanism", "hypoxia"])
def test_every_module_that_a_view_names_is_there(view: str) -> None:
    assert all((SCRIPTS / name).is_file() for name in modules_of(f"views/{view}.js"))


def test_a_page_names_the_modules_of_its_script(client: TestClient) -> None:
    text = client.get("/").text
    assert '<link rel="modulepreload" href="/static/js/views/study_row.js">' in text
