"""What every page has: the switches are remembered, and the token leaves the address."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect


def test_the_token_leaves_the_address_and_the_switches_are_remembered(
    look: Page, serving: Callable[[Path], str], tmp_path: Path
) -> None:
    look.goto(serving(tmp_path))
    assert "token" not in look.url
    look.get_by_role("button", name="Dark").click()
    look.get_by_label("Language").select_option("zh")
    expect(look.get_by_role("heading", level=1)).to_have_text("研究")
    look.reload()
    expect(look.locator("html")).to_have_attribute("data-theme", "dark")
    expect(look.locator("html")).to_have_attribute("lang", "zh")
