"""A newcomer's way through the page: from an empty folder to a verdict, a change of mind with reasons, and files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

# A session takes half a second; beside other tests on two cores, with the estimator to compile, minutes.
RUN_MS = 400_000
REASONS = {
    "m9_ketamine": "the cannula was blocked: half a dose at most",
    "m11_ketamine": "the fibre came loose in the second hour",
    "m12_ketamine": "found outside the cortex in histology",
    "m13_ketamine": "found outside the cortex in histology",
}


def exclude(page: Page, base: str, session: str, why: str) -> None:
    page.goto(f"{base}/studies/demo-study/sessions/{session}")
    page.get_by_role("button", name="Exclude…").click()
    page.get_by_label("Why?").fill(why)
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("#state")).to_contain_text("excluded")


def refit(page: Page, base: str) -> None:
    page.goto(f"{base}/studies/demo-study")
    expect(page.locator("#stale")).to_contain_text("out of date")
    page.get_by_role("button", name="Run again").click()
    expect(page.locator("#stale")).to_be_hidden(timeout=RUN_MS)


def test_a_newcomer_runs_the_demonstration_excludes_sessions_sees_the_verdict_change_and_exports(
    look: Page, serving: Callable[[Path], str], tmp_path: Path
) -> None:
    address = serving(tmp_path)
    base = address.split("/?")[0]
    look.goto(address)
    look.get_by_role("button", name="Make the demonstration study").click()
    look.get_by_role("button", name="Run: demo-study").click(timeout=RUN_MS)
    expect(look.get_by_text("Of these files")).to_be_visible(timeout=RUN_MS)
    look.get_by_role("link", name="demo-study", exact=True).click()
    verdict = look.locator("#verdict-1")
    expect(verdict).to_contain_text("What Adora1-KO takes away is not necessary for the effect of ketamine 10 mg/kg")
    left = verdict.locator("tr").nth(2)
    before = left.text_content() or ""

    exclude(look, base, "m9_ketamine", REASONS["m9_ketamine"])
    refit(look, base)
    expect(left).not_to_have_text(before)
    expect(verdict.locator(".chip").first).to_have_text("not necessary")  # one animal does not decide it

    for session in ("m11_ketamine", "m12_ketamine", "m13_ketamine"):
        exclude(look, base, session, REASONS[session])
    refit(look, base)
    expect(verdict.locator(".chip").first).to_have_text("could not tell")
    expect(look.locator("#sessions")).to_contain_text(REASONS["m11_ketamine"])

    menu = look.locator('[data-export="matrix"]')
    menu.locator("summary").click()
    with look.expect_download() as figure:
        menu.get_by_role("button", name="Figure as SVG").click()
    assert figure.value.suggested_filename.endswith(".svg")
    assert "<svg" in Path(figure.value.path()).read_text()
    with (tmp_path / "demo-study-edits.csv").open() as ledger:
        assert {row["session"]: row["reason"] for row in csv.DictReader(ledger)} == REASONS
    results = json.loads((tmp_path / "demo-study-results" / "results.json").read_text())
    assert results["necessity"][0]["verdict"] == "could_not_tell"
    look.goto(f"{base}/studies/demo-study/report")
    expect(look.get_by_text(REASONS["m12_ketamine"]).first).to_be_attached()
