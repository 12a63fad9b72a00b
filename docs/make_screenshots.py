"""Take the pictures of every view of the page, in both languages and both themes, for the docs.

Run with ``uv run python docs/make_screenshots.py [FOLDER]``; needs chromium, and fonts of Chinese. FOLDER holds the
demonstration with its results, as ``adenoscope demo`` makes it; left out, it is made.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from pathlib import Path
from shutil import which

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

PLACE = Path(__file__).parent / "screens"
SIZE = {"width": 1280, "height": 800}
COLOURS = 96  # of a picture: lines, bands and letters need no more
LOAD_MS = 120_000


def main() -> None:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else demonstration(Path(made))
        command = [sys.executable, "-m", "adenoscope", "serve", str(folder), "--port", "0", "--no-open"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            address = server.stdout.readline().split()[1]
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=which("chromium"), args=["--no-sandbox"])
                for language in ("en", "zh"):
                    for theme in ("light", "dark"):
                        take_all(browser, address, language, theme)
        finally:
            server.terminate()
            server.wait()


def demonstration(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "adenoscope", "demo", "--out", str(folder)], check=True)
    return folder


def take_all(browser: Browser, address: str, language: str, theme: str) -> None:
    base = address.split("/?", maxsplit=1)[0]
    context = browser.new_context(viewport=SIZE)
    context.add_cookies(
        [{"name": name, "value": value, "url": base} for name, value in (("language", language), ("theme", theme))]
    )
    page = context.new_page()
    page.goto(address)
    study = page.locator("table a").first.get_attribute("href")
    for name, path, ready in (
        ("studies", "/", "table a"),
        ("study", study, "#verdict-1 svg"),
        ("session", f"{study}/sessions/m1_ketamine", "#panels[data-drawn]"),
        ("mechanism", "/mechanism", "canvas"),
        ("hypoxia", "/hypoxia", "canvas"),
    ):
        page.goto(f"{base}{path}")
        page.locator(ready).first.wait_for(state="attached", timeout=LOAD_MS)
        page.wait_for_timeout(1500)
        keep(page, PLACE / f"{name}-{language}-{theme}.png")
    context.close()


def keep(page: Page, path: Path) -> None:
    """Write what is seen, in few colours: a picture of a page is lines and letters."""
    path.parent.mkdir(exist_ok=True)
    seen = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    seen.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
