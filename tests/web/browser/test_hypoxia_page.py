"""Hypoxia in a browser: bouts are dragged and moved by keys, and people are refused with the limit in place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from adenoscope.io.hypoxia_toml import read_hypoxia

SHOWN = "() => document.querySelector('[data-shown]') !== null"


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in {"serious", "critical"}]


def drag(page: Page, handle: str, by_x: float, by_y: float) -> None:
    box = page.locator(f"[data-handle={handle}] .knob").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + by_x / 2, y + by_y / 2)
    page.mouse.move(x + by_x, y + by_y)
    page.mouse.up()


def test_a_schedule_is_drawn_refused_outside_the_envelope_and_exported_inside(
    look: Page, serving: Callable[[Path], str], tmp_path: Path
) -> None:
    address = serving(tmp_path)
    look.set_default_timeout(60_000)  # the first question waits for the mechanism to be composed
    look.goto(address)
    look.goto(f"{address.split('/?')[0]}/hypoxia")
    look.wait_for_function(SHOWN)
    expect(look.get_by_text("Nobody has recorded adenosine in people:")).to_be_visible()
    expect(look.locator("#numbers")).to_contain_text("80 % or above")
    expect(look.locator("#charts .uplot")).to_have_count(5)
    assert serious(look) == []

    drag(look, "fio2", 0, 45)
    expect(look.locator("#refused .breach").first).to_contain_text("allowed")
    expect(look.locator("#refused")).to_contain_text("It was not simulated")
    expect(look.locator("#answer")).to_be_hidden()
    assert serious(look) == []

    look.get_by_role("button", name="4 × 600 s, 13 %").click()
    expect(look.locator("#answer")).to_be_visible()
    handle = look.locator("[data-handle=fio2]")
    handle.focus()
    look.keyboard.press("ArrowUp")
    expect(look.locator("#fio2 + input")).to_have_value("13.5")
    expect(handle).to_be_focused()
    expect(look).to_have_url(re.compile("fio2=0.135.*bouts=4"))

    look.get_by_label("Export").click()
    with look.expect_download() as saved:
        look.get_by_role("button", name="Protocol as TOML").click()
    saved.value.save_as(tmp_path / "design.toml")
    design = read_hypoxia(tmp_path / "design.toml")
    assert (design.fio2.low, design.bouts.low, design.bout_s.high) == (0.135, 4, 600)
