"""The page of studies in a browser: from an empty folder to a run that is stopped, resumed and done."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from small_study import write_small_study

LOOK_MS = 90_000  # a busy machine; alone it takes some seconds


def assert_no_serious_finding(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []


def test_a_run_is_started_stopped_resumed_and_its_report_opened(
    look: Page, serving: Callable[[Path], str], tmp_path: Path
) -> None:
    write_small_study(tmp_path / "small", 4)
    look.goto(serving(tmp_path))
    row = look.get_by_role("row").filter(has_text="small").first
    expect(row.get_by_text("None yet")).to_be_visible()
    assert_no_serious_finding(look)
    row.get_by_role("button", name="Run: small").press("Enter")
    expect(row.get_by_role("progressbar", name="Progress of small")).to_be_visible()
    expect(row).to_contain_text(re.compile(r"(Checking recordings|Estimating): \d of 4"), timeout=LOOK_MS)
    stop = row.get_by_role("button", name="Stop: small")
    expect(stop).to_be_focused()  # the button that was pressed stays where it is
    stop.press("Enter")
    expect(row).to_contain_text("Stopped; what is finished is kept")
    row.get_by_role("button", name="Resume: small").click()
    expect(row.get_by_text("Of these files")).to_be_visible(timeout=LOOK_MS)
    expect(look.get_by_role("status")).to_contain_text("small: Done")
    assert_no_serious_finding(look)
    row.get_by_role("link", name="Report of small").click()
    expect(look.get_by_role("heading", level=1)).to_have_text("Small")


def test_an_empty_folder_explains_itself_and_offers_a_demonstration(
    look: Page, serving: Callable[[Path], str], tmp_path: Path
) -> None:
    look.emulate_media(color_scheme="dark")
    look.goto(serving(tmp_path))
    expect(look.get_by_text("There is no study in this folder yet.")).to_be_visible()
    assert_no_serious_finding(look)
    look.get_by_role("button", name="Make the demonstration study").click()
    expect(look.get_by_role("button", name="Stop")).to_be_focused()
    expect(look.get_by_text("Simulating recordings")).to_be_visible(timeout=LOOK_MS)
    look.get_by_role("button", name="Stop").click()
    expect(look.get_by_role("button", name="Resume")).to_be_focused()
    expect(look.get_by_role("status")).to_have_text("demo-study: Stopped")
    expect(look.get_by_role("button", name="Make the demonstration study")).to_be_visible()
    assert list(tmp_path.glob("[!.]*")) == []


def test_what_is_wrong_with_a_study_is_said_in_its_row(
    look: Page, serving: Callable[[Path], str], tmp_path: Path
) -> None:
    folder = write_small_study(tmp_path / "small", 2)
    (folder / "recordings" / "s2.csv").rename(folder / "recordings" / "s-2.csv")
    look.goto(serving(tmp_path))
    expect(look.get_by_text("sessions.csv, row 3, column recording")).to_be_visible()
    expect(look.get_by_text('did you mean "s-2.csv"?')).to_be_visible()
    expect(look.get_by_role("button", name="Run: small")).to_be_disabled()
    assert_no_serious_finding(look)
