"""How fast the page follows a hand: sliders of the mechanism and of hypoxia, from the event to what is seen.

    uv run python benchmarks/page_sliders.py [--moves 20]

Starts the server and Debian's chromium. A time runs from the slider's input event to the second frame after the
charts of that very value were drawn. The promise: a median under half a second, over a band of at least 64 virtual
subjects.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from playwright.sync_api import Page, sync_playwright
from rich.console import Console

LIMIT_S, FEWEST = 0.5, 64
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")
READY = "() => document.querySelector('[data-shown]') !== null"
# Moves a slider to a share of its range, and waits for the charts of what it says, and for the screen.
MOVE = """
async ([selector, share]) => {
  const range = document.querySelector(selector);
  const shown = document.querySelector("[data-shown]");
  const before = shown.dataset.shown;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const drawn = new Promise((done) => {
    document.addEventListener("drawn", function heard() {
      if (shown.dataset.shown === before) return;
      document.removeEventListener("drawn", heard);
      done();
    });
  });
  range.value = Number(range.min) + share * (range.max - range.min);
  const begun = performance.now();
  range.dispatchEvent(new Event("input", { bubbles: true }));
  await drawn;
  await frame();
  await frame();
  return (performance.now() - begun) / 1000;
}
"""


@dataclass(frozen=True)
class Slider:
    """A slider of a page, with what is set there before."""

    words: str
    path: str
    selector: str


HEAD = "/mechanism?species=mouse&duration_s=5400"
SLIDERS = (
    Slider("dose of ketamine", f"{HEAD}&give=ketamine,10,mg/kg,ip,600", ".dose input[type=range]"),
    Slider(
        "dose in an Nt5e-KO, which has a rest of its own",
        f"{HEAD}&genotype=Nt5e-KO&give=ketamine,10,mg/kg,ip,600",
        ".dose input[type=range]",
    ),
    Slider(
        "dose beside a pinned protocol",
        f"{HEAD}&give=ketamine,10,mg/kg,ip,600&a=species%3Dmouse%26genotype%3DAdora1-KO%26give%3Dketamine%2C10%2Cmg%2Fkg%2Cip%2C600",
        ".dose input[type=range]",
    ),
    Slider("oxygen of bouts, mouse", "/hypoxia?species=mouse&fio2=0.1&bout_s=300&rest_s=300&bouts=5", "#fio2"),
    Slider("oxygen of bouts, people", "/hypoxia?species=human&fio2=0.14&bout_s=300&rest_s=300&bouts=3", "#fio2"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--moves", type=int, default=20, help="of each slider")
    moves = parser.parse_args().moves
    console, kept = Console(), []
    with tempfile.TemporaryDirectory() as folder, serving(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("chromium-browser"), args=list(QUIET)
        )
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(address)
        root = address.split("/?")[0]
        for slider in SLIDERS:
            times = moved(page, root, slider, moves)
            median, worst = float(np.median(times)), max(times)
            found = f"median {median:.3f} s, worst {worst:.3f} s, of {moves} moves"
            kept.append(
                print_promise(console, f"{slider.words}: a median under {LIMIT_S} s", found, median < LIMIT_S)
            )
        finished = subjects(page, root)
        kept.append(
            print_promise(console, f"a band of at least {FEWEST} subjects", f"{finished}", finished >= FEWEST)
        )
        browser.close()
    sys.exit(0 if all(kept) else 1)


@contextmanager
def serving(folder: str) -> Iterator[str]:
    """Yield the address of a server over a folder."""
    command = [sys.executable, "-m", "adenoscope", "serve", folder, "--port", "0", "--no-open"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().split()[1]
    finally:
        server.terminate()
        server.communicate(timeout=20)


def moved(page: Page, root: str, slider: Slider, moves: int) -> list[float]:
    """Return how long each move took until it was seen [s]; a first one, to load the page's parts, is not counted."""
    page.goto(root + slider.path)
    page.wait_for_function(READY, timeout=60_000)
    near, far = np.linspace(0.4, 0.55, moves), np.linspace(0.7, 0.9, moves)  # every move is one that is seen
    shares = np.stack([near, far], axis=1).ravel()[: moves + 1]
    return [float(page.evaluate(MOVE, [slider.selector, float(share)])) for share in shares][1:]


def subjects(page: Page, root: str) -> int:
    """Return how many virtual subjects the band on the page is of."""
    page.goto(root + SLIDERS[0].path)
    page.wait_for_function(READY, timeout=60_000)
    return int((page.text_content("#trust") or "0").split()[0])


def print_promise(console: Console, text: str, found: str, kept: bool) -> bool:
    word, style = ("PASS", "green") if kept else ("FAIL", "bold red")
    console.print(f"[{style}]{word:8}[/] {text}: {found}")
    return kept


if __name__ == "__main__":
    main()
