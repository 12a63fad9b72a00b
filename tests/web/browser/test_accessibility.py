"""Every view, in both themes and languages, without a serious finding of axe-core."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from finished_study import write_files, write_study
from playwright.sync_api import Page

# A view joins by a line here: its address, and what must be there before it is judged.
VIEWS = {
    "studies": ("/", "h1"),
    "group": ("/studies/ketamine", "#verdict-1 .dot"),
    "a study without results": ("/studies/bare", "button.run"),
    "recording": ("/studies/ketamine/sessions/w1_ketamine", "canvas"),
    "a problem": ("/studies/nowhere", ".refusal"),
    "mechanism": ("/mechanism", "h1"),
    "hypoxia": ("/hypoxia", "h1"),
}
GRAVE = {"serious", "critical"}
SETTLED_MS = 300  # transitions end, and what a view asks for at once is there


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "zh")])
def test_no_view_has_a_grave_finding(
    page: Page, serving: Callable[[Path], str], tmp_path: Path, theme: str, language: str
) -> None:
    write_study(tmp_path)
    write_files(tmp_path, name="bare", synthetic=False)
    page.goto(serving(tmp_path))
    ours = page.url.rstrip("/")
    cookies = {"theme": theme, "language": language}
    page.context.add_cookies([{"name": name, "value": value, "url": ours} for name, value in cookies.items()])
    axe, found = Axe(), dict[str, list[str]]()
    for name, (path, ready) in VIEWS.items():
        page.goto(ours + path)
        page.locator(ready).first.wait_for()
        page.wait_for_timeout(SETTLED_MS)
        found[name] = _grave(axe.run(page).response)
    assert {name: findings for name, findings in found.items() if findings} == {}


def _grave(response: dict[str, Any]) -> list[str]:
    return [
        f"{one['id']} ({one['help']}): {node['target']} {node['failureSummary'][:200]}"
        for one in response["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"][:3]
    ]
