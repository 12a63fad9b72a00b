"""The recording view as a reader uses it: look closer, go on, change by hand and refit, take away."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

SERIOUS = {"serious", "critical"}


@pytest.fixture
def folder(fitted: Path, tmp_path: Path) -> Path:
    shutil.copytree(fitted, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def opened(look: Page, serving: Callable[[Path], str], folder: Path) -> Page:
    """Return the page of session s2, drawn."""
    return open_s2(look, serving(folder))


def open_s2(page: Page, address: str) -> Page:
    page.goto(address)
    page.goto(f"{address.split('/?', maxsplit=1)[0]}/studies/fit/sessions/s2")
    page.locator("#panels[data-drawn]").wait_for(state="attached")
    expect(page.locator(".panel")).to_have_count(3)
    return page


def drawn(page: Page) -> int:
    return int(page.locator("#panels").get_attribute("data-drawn") or 0)


def drag(page: Page, panel: Locator, start: float, end: float) -> None:
    box = panel.bounding_box()
    assert box is not None
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + start * box["width"], height)
    page.mouse.down()
    page.mouse.move(box["x"] + end * box["width"], height, steps=4)
    page.mouse.up()


def serious(page: Page) -> list[str]:
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in SERIOUS]


def test_a_reader_looks_closer_comes_back_and_goes_from_session_to_session(opened: Page) -> None:
    expect(opened.locator("#answer")).to_contain_text("ΔF/F rose by")
    shown = opened.locator("#shown")
    expect(shown).to_have_text("Shown: −6.7 min to 8.3 min from the intervention.")
    drag(opened, opened.locator(".u-over").nth(1), 0.25, 0.5)
    expect(shown).to_contain_text("−2.9 min to 49 s")
    for key in ("ArrowRight", "+", "-"):
        before = shown.text_content()
        opened.keyboard.press(key)
        expect(shown).not_to_have_text(before or "")
    for _ in range(4):
        opened.keyboard.press("Escape")
    expect(shown).to_have_text("Shown: −6.7 min to 8.3 min from the intervention.")
    count = drawn(opened)
    opened.get_by_role("checkbox", name="bins").first.uncheck()
    opened.get_by_role("checkbox", name="full range").check()
    assert drawn(opened) == count + 2
    opened.locator(".u-over").first.hover()
    expect(opened.locator("#readout")).to_contain_text("signal:")
    expect(opened.locator("#answer")).to_contain_text("handling: the animal was touched")
    opened.keyboard.press("?")
    expect(opened.locator("#keys")).to_be_visible()
    opened.keyboard.press("Escape")
    expect(opened.locator("#keys")).to_be_hidden()
    opened.keyboard.press("p")
    expect(opened.get_by_role("heading", level=1)).to_have_text("s1")
    expect(opened.locator("#answer")).to_contain_text("Could not tell whether ΔF/F changed")
    opened.keyboard.press("n")
    expect(opened.get_by_role("heading", level=1)).to_have_text("s2")
    expect(opened.locator("#sessions [aria-current]")).to_contain_text("s2, estimated")
    opened.locator("#panels[data-drawn]").wait_for(state="attached")
    assert serious(opened) == []
    opened.get_by_role("button", name="Dark").click()
    assert serious(opened) == []


def test_a_moved_intervention_is_asked_about_kept_and_refitted_in_place(
    page: Page, serving: Callable[[Path], str], folder: Path
) -> None:
    opened = open_s2(page, serving(folder))  # not `look`: what is refused is a mistake on the console
    handle = opened.get_by_role("slider")
    expect(handle).to_have_attribute("aria-valuenow", "400.0")
    handle.focus()
    for _ in range(2):
        opened.keyboard.press("Shift+ArrowRight")
    opened.keyboard.press("Enter")
    dialog = opened.locator("#edit")
    expect(dialog.get_by_label("Seconds from the first sample")).to_have_value("420")
    dialog.get_by_label("Why?").fill("seen in the video")
    dialog.get_by_label("Seconds from the first sample").fill("5000")
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog.get_by_role("alert")).to_contain_text("lasts 899.5 s")
    dialog.get_by_label("Seconds from the first sample").fill("415")
    expect(dialog.locator("output")).to_have_text("Becomes: 415 s")
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog).to_be_hidden()
    answer = opened.locator("#answer")
    expect(answer).to_contain_text("intervention: 400 s → 415 s")
    before = answer.locator(".finding").text_content()
    expect(opened.locator("#run")).to_contain_text("the intervention was moved")
    opened.get_by_role("button", name="Refit now").click()
    expect(opened.locator("#run")).to_be_hidden(timeout=60_000)
    expect(answer.locator(".finding")).not_to_have_text(before or "")
    with (folder / "fit-edits.csv").open() as file:
        assert [row["value"] for row in csv.DictReader(file)] == ["415"]
    opened.get_by_role("button", name="Undo").click()
    dialog.get_by_label("Why?").fill("the video was another's")
    dialog.get_by_role("button", name="Keep").click()
    expect(answer).to_contain_text("intervention: 415 s → 400 s")


def test_without_results_the_traces_stand_alone_and_a_session_can_be_excluded(
    opened: Page, folder: Path, tmp_path: Path
) -> None:
    shutil.rmtree(folder / "fit-results")
    opened.reload()
    expect(opened.locator(".panel")).to_have_count(2)
    expect(opened.get_by_role("button", name="Run the study")).to_be_visible()
    opened.keyboard.press("e")
    opened.get_by_role("button", name="Exclude…").click()
    opened.get_by_label("Why?").fill("the fibre was loose")
    opened.get_by_role("button", name="Keep").click()
    expect(opened.locator("#state")).to_contain_text("excluded")
    expect(opened.locator("#answer")).to_contain_text("Excluded: the fibre was loose")
    expect(opened.locator("#sessions [aria-current]")).to_contain_text("excluded")
    assert serious(opened) == []
    opened.get_by_text("Export").click()
    with opened.expect_download() as saved:
        opened.get_by_role("button", name="Raw traces as CSV").click()
    assert saved.value.suggested_filename == "simulated_fit_s2_raw.csv"
    saved.value.save_as(tmp_path / "raw.csv")
    with (tmp_path / "raw.csv").open() as file:
        assert sum(1 for _ in file) == 1 + 2 * 1800
