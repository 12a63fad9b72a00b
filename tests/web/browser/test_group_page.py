"""The group view in a browser: from a verdict to an animal's trace, by mouse and by keyboard, and what is saved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from finished_study import write_files, write_study
from playwright.sync_api import Page, expect

from adenoscope.core.edit import Edit
from adenoscope.io.edits import append_edit


def test_from_the_matrix_to_a_verdict_its_data_and_an_animals_trace(
    look: Page, serving: Callable[[Path], str], tmp_path: Path
) -> None:
    write_study(tmp_path)
    look.goto(serving(tmp_path))
    look.goto(f"{look.url}studies/ketamine")
    expect(look.get_by_text("Simulated data").first).to_be_visible()
    look.get_by_role("table", name="What each manipulation").get_by_role("link", name="not necessary").click()
    expect(look.locator("#verdict-1")).to_be_focused()

    menu = look.locator("#verdict-1 details.exports")
    menu.locator("summary").click()
    assert menu.get_by_role("button").all_inner_texts()[:2] == ["Figure as SVG", "Figure as PNG"]
    expect(menu.locator("code")).to_have_text("adenoscope run ketamine")
    with look.expect_download() as saving:
        menu.get_by_role("button", name="Data as CSV").click()
    assert saving.value.suggested_filename == "simulated_ketamine_verdict_Adora1-KO_ketamine_mean_dff.csv"

    assert look.locator("#verdict-1 .dot[tabindex='0']").count() == 1  # one stop of the Tab key
    assert look.locator("[data-plot='readout-2'] a.dot").count() == 0  # an assay of behaviour has no trace
    dots = look.locator("#verdict-1 .dot")
    expect(dots).to_have_count(12)
    dots.last.hover(force=True)  # the nearest dot is meant, whichever lies on top
    expect(look.locator("#verdict-1 .tip")).to_contain_text("session k3_ketamine")
    dots.first.focus()
    look.keyboard.press("ArrowRight")
    expect(dots.nth(1)).to_be_focused()
    expect(dots.nth(1)).to_have_attribute("aria-label", "w2; saline, WT; 0.2 %; session w2_saline")
    look.keyboard.press("End")
    look.keyboard.press("Enter")
    look.wait_for_url("**/studies/ketamine/sessions/k3_ketamine")


def test_results_that_are_stale_or_missing_say_so_and_offer_to_run(
    look: Page, serving: Callable[[Path], str], tmp_path: Path
) -> None:
    write_study(tmp_path)
    write_files(tmp_path, name="bare", synthetic=False)
    edit = Edit("2026-03-14T09:26:53Z", "w3_saline", "exclude", "loose fibre", "seen on the film")
    append_edit(tmp_path / "ketamine-edits.csv", edit)
    look.goto(serving(tmp_path))
    ours = look.url
    look.goto(f"{ours}studies/ketamine")
    expect(look.locator("#stale")).to_contain_text("out of date")
    expect(look.locator("#stale")).to_contain_text("Edited in the page: w3_saline")
    expect(look.get_by_role("button", name="Run again")).to_be_enabled()
    expect(look.locator("tr[data-session='w3_saline'] .since")).to_be_visible()
    expect(look.locator("tr[data-session='w1_saline'] .since")).to_be_hidden()
    expect(look.locator("tr[data-session='k4_saline']")).to_contain_text("the fibre came off")
    look.goto(f"{ours}studies/bare")
    expect(look.get_by_text("This study has no results yet.")).to_be_visible()
    expect(look.get_by_role("button", name="Run")).to_be_enabled()
