"""The recording view on 7.2 million samples against what was promised of it, in one command.

    uv run python benchmarks/page.py [--samples 7200000] [--repeats 5] [--zooms 20]

Makes a recording of two hours at 1 kHz with signal and control, serves it, and, once the server's processes have
loaded what they need, opens it in chromium as often as asked, each time with nothing kept of it. A first plot lasts
from the moment the page is opened until all its samples are drawn. Zooms are dragged by mouse, from the whole
recording down to single samples, and last from the release of the button until the finer window is drawn. Prints each
promise with PASS or FAIL for a Parquet file, and what was measured of the same recording as CSV. A machine that is
busy otherwise makes all of it slower; its load is printed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from playwright.sync_api import Page
from rich.console import Console

from page_browser import Memory, Serving, browsing, memory_of, serving, settle
from photometry_gate import Promise, print_promises

FIRST_S, ZOOM_S, SERVER_MB = 1.5, 0.3, 300.0
RATE_HZ = 1000.0
STUDY = "speed"
# Counts from the release of the button to the frame after the finer window was drawn.
WATCH = """() => {
  const panels = document.getElementById("panels");
  window.zoomed = new Promise((resolve) => {
    addEventListener("mouseup", () => {
      const released = performance.now();
      const seen = new MutationObserver(() => {
        seen.disconnect();
        requestAnimationFrame(() => resolve(performance.now() - released));
      });
      seen.observe(panels, { attributes: true, attributeFilter: ["data-drawn"] });
    }, { capture: true, once: true });
  });
}"""


class Measured(NamedTuple):
    """Times [s] of first plots and zooms, and the memory of the server after them."""

    first_s: list[float]
    zooms_s: list[float]
    memory: Memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=7_200_000, help="of each of two channels")
    parser.add_argument("--repeats", type=int, default=5, help="first plots, each with a cold cache")
    parser.add_argument("--zooms", type=int, default=20)
    options = parser.parse_args()
    console = Console(width=None if os.isatty(1) else 120)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        write_study(place / STUDY, options.samples)
        found = {kind: measure(place, kind, options.repeats, options.zooms) for kind in ("parquet", "csv")}
    words = f"{options.samples:,} samples in each of two channels"
    for kind, measured in found.items():
        console.print(f"{kind}: {words}; first plots {told(measured.first_s)}; zooms {told(measured.zooms_s)}")
        console.print(
            f"  server {measured.memory.now:.0f} MB (peak {measured.memory.peak:.0f}), "
            f"the processes that work for it {measured.memory.children:.0f} MB"
        )
    console.print(f"load of the machine {os.getloadavg()[0]:.1f}, on {os.cpu_count()} processors")
    print_promises(promises(found["parquet"]), console)


def promises(found: Measured) -> list[Promise]:
    """Return what was promised of the recording view, for the slowest of what was measured."""
    first, zoom, peak = max(found.first_s), max(found.zooms_s), found.memory.peak
    return [
        Promise(f"first plot of a Parquet file under {FIRST_S} s", f"slowest {first:.2f} s", first < FIRST_S),
        Promise(f"zoom under {ZOOM_S} s", f"slowest {zoom:.3f} s", zoom < ZOOM_S),
        Promise(f"server under {SERVER_MB:.0f} MB", f"peak {peak:.0f} MB", peak < SERVER_MB),
    ]


def write_study(folder: Path, n_samples: int, seed: int = 1) -> None:
    """Write a study with the same recording as Parquet and as CSV."""
    (folder / "recordings").mkdir(parents=True)
    rng = np.random.default_rng(seed)
    time_s = np.arange(n_samples) / RATE_HZ
    bleaching = 600 + 200 * np.exp(-time_s / 1500)
    rise = 1 + 0.08 * np.exp(-(((time_s - time_s[-1] / 3) / 900) ** 2))
    channels = {"signal": bleaching * rise, "control": 0.9 * bleaching}
    noisy = {name: (values + rng.normal(0, 9, n_samples)).astype(np.float32) for name, values in channels.items()}
    table = pa.table({"time_s": time_s, **noisy})
    pa.parquet.write_table(table, folder / "recordings" / "long.parquet")
    pa.csv.write_csv(table, folder / "recordings" / "long.csv")
    (folder / "study.toml").write_text(
        'name = "Speed"\nsensor = "GRAB_Ado1.0"\nvehicle = "saline"\nsynthetic = true\n', encoding="utf-8"
    )
    onset_s = time_s[-1] / 4
    rows = [f"{kind},m{kind},saline,long.{kind},{onset_s:g},signal,control" for kind in ("parquet", "csv")]
    header = "session,animal,treatment,recording,intervention_s,signal,control"
    (folder / "sessions.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def measure(folder: Path, kind: str, repeats: int, zooms: int) -> Measured:
    """Return what was measured of one server and the recording as one kind of file."""
    first_s: list[float] = []
    with serving(folder) as server:
        for _ in range(repeats):
            shutil.rmtree(folder / ".adenoscope" / "recordings", ignore_errors=True)
            with browsing() as page:
                page.goto(server.address)
                settle(server.pid)
                first_s.append(first_plot(page, server, kind))
                if len(first_s) == repeats:
                    zooms_s = [zoom(page, number) for number in range(zooms)]
        return Measured(first_s, zooms_s, memory_of(server.pid))


def first_plot(page: Page, server: Serving, kind: str) -> float:
    """Return how long it takes [s] from opening a session's page until its samples are drawn."""
    started = time.perf_counter()
    page.goto(f"{server.root}/studies/{STUDY}/sessions/{kind}", wait_until="commit")
    page.locator("#panels[data-drawn]").wait_for(state="attached")
    page.evaluate("() => new Promise(requestAnimationFrame)")
    return time.perf_counter() - started


def zoom(page: Page, number: int) -> float:
    """Return how long it takes [s] from the release of a drag over a fifth of a panel until that is drawn."""
    if number % 7 == 6:  # single samples are reached
        page.keyboard.press("0")
        page.wait_for_timeout(300)
    box = page.locator("#panels .u-over").first.bounding_box()
    if box is None:
        raise RuntimeError("no panel is drawn")
    left, middle = box["x"] + box["width"] * (0.2 + 0.02 * (number % 20)), box["y"] + box["height"] / 2
    page.evaluate(WATCH)
    page.mouse.move(left, middle)
    page.mouse.down()
    page.mouse.move(left + box["width"] / 5, middle, steps=4)
    page.mouse.up()
    return float(page.evaluate("() => window.zoomed")) / 1000


def told(times_s: list[float]) -> str:
    """Return times in words."""
    return f"median {np.median(times_s):.3f} s, slowest {max(times_s):.3f} s of {len(times_s)}"


if __name__ == "__main__":
    main()
