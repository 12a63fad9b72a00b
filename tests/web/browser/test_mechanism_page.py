"""The mechanism in a browser: a slider moves charts, a pinned protocol is compared, a refusal is explained."""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from adenoscope.io.protocol import read_protocol

SHOWN = "() => document.querySelector('[data-shown]') !== null"
SLOWEST_S = 2.0  # of a median: the gate of half a second is benchmarks/page_sliders.py, on a machine left alone
MOVE = """
async (dose) => {
  const number = document.querySelector(".dose input[type=number]");
  const drawn = new Promise((done) => document.addEventListener("drawn", function heard({ detail }) {
    if (!detail.includes(`ketamine%2C${dose}%2C`)) return;
    document.removeEventListener("drawn", heard);
    done();
  }));
  number.value = dose;
  const begun = performance.now();
  number.dispatchEvent(new Event("input", { bubbles: true }));
  await drawn;
  return (performance.now() - begun) / 1000;
}
"""


@pytest.fixture
def root(look: Page, serving: Callable[[Path], str], tmp_path: Path) -> str:
    address = serving(tmp_path)
    look.set_default_timeout(60_000)  # the first question waits for the mechanism to be composed
    look.goto(address)
    return address.split("/?")[0]


def serious(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found if one["impact"] in {"serious", "critical"}]


def test_a_protocol_is_moved_pinned_compared_linked_and_exported(look: Page, root: str, tmp_path: Path) -> None:
    look.goto(f"{root}/mechanism")
    look.wait_for_function(SHOWN)
    expect(look.locator("#trust")).to_contain_text("128 of 128 virtual mice")
    times = [look.evaluate(MOVE, dose) for dose in (11, 12, 13, 14, 15)]
    assert statistics.median(times) < SLOWEST_S
    before = look.locator("#charts .reading").first.inner_text()
    look.locator(".dose input[type=range]").focus()
    look.keyboard.press("End")
    expect(look.locator("#charts .reading").first).not_to_have_text(before)

    look.get_by_role("button", name="Pin as A").click()
    look.get_by_label("Genotype").select_option("Adora1-KO")
    row = look.locator("#compare tr").filter(has_text="A1 occupancy").first
    expect(row).to_contain_text("0 %")
    expect(look).to_have_url(re.compile("Adora1-KO.*a="))
    look.reload()
    expect(look.locator("#compare tr").filter(has_text="A1 occupancy").first).to_be_visible()
    assert serious(look) == []

    look.get_by_label("Export").click()
    with look.expect_download() as saved:
        look.get_by_role("button", name="Protocol as TOML").click()
    saved.value.save_as(tmp_path / "protocol.toml")
    protocol = read_protocol(tmp_path / "protocol.toml")
    assert (protocol.genotype, protocol.give[0].dose) == ("Adora1-KO", 100)


def test_a_refusal_is_explained_and_the_panel_of_refutation_names_its_failures(look: Page, root: str) -> None:
    look.goto(f"{root}/mechanism?species=human&duration_s=5400&give=ketamine,0.5,mg/kg,iv,600,2400")
    look.wait_for_function(SHOWN)
    look.get_by_role("button", name="Hypoxia").click()
    expect(look.locator("#refused")).to_contain_text("nothing was simulated")
    expect(look.locator("#refused")).to_contain_text("NMDA")
    expect(look.locator("#charts")).to_be_hidden()
    look.get_by_text("What could refute the mechanism").click()
    expect(look.locator("#refutation")).to_contain_text("30 of 30", timeout=60_000)
    expect(look.locator("#refutation")).to_contain_text("10 of 14")
    expect(look.locator("#refutation tr.failed")).to_have_count(4)
    expect(look.locator("#refutation tr.failed").first).to_contain_text("OUTSIDE")
    assert serious(look) == []
