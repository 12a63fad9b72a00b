"""The printed address opens the page from wherever it is clicked, and no other page gets in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

PAGE = """<!doctype html><title>A terminal in a browser</title><a href="{address}">open</a>
<script>
async function tried(url, options) {{
  try {{
    const answer = await fetch(url, options);
    return `${{answer.type}} ${{answer.status}}`;
  }} catch {{
    return "blocked";
  }}
}}
</script>"""


@pytest.fixture
def elsewhere() -> Iterator[Callable[[str], str]]:
    """Yield what serves a page of another origin that links to an address."""
    shown = {"text": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(shown["text"].encode())

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def address(link: str) -> str:
        shown["text"] = PAGE.format(address=link)
        return f"http://127.0.0.1:{server.server_address[1]}/"

    yield address
    server.shutdown()
    server.server_close()


def _as_localhost(address: str) -> str:
    """Return an address by the other of our names, which is another site to a browser."""
    return address.replace("127.0.0.1", "localhost")


def test_a_link_of_a_terminal_in_a_browser_opens_the_page(
    page: Page, serving: Callable[[Path], str], elsewhere: Callable[[str], str], tmp_path: Path
) -> None:
    page.goto(elsewhere(_as_localhost(serving(tmp_path))))  # from 127.0.0.1 to localhost: cross-site
    page.get_by_role("link", name="open").click()
    expect(page.get_by_role("link", name="adenoscope")).to_be_visible()
    assert "token" not in page.url
    page.goto(page.url)
    expect(page.get_by_role("link", name="adenoscope")).to_be_visible()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_another_port_or_site_reads_and_changes_nothing(
    page: Page, serving: Callable[[Path], str], elsewhere: Callable[[str], str], tmp_path: Path, name: str
) -> None:
    address = serving(tmp_path)
    page.goto(address)  # the browser has the cookie now
    ours = address.split("/?")[0]
    page.goto(elsewhere(ours).replace("127.0.0.1", name))
    for options in ({}, {"mode": "no-cors", "credentials": "include"}, {"credentials": "include"}):
        found = page.evaluate("([url, options]) => tried(url, options)", [f"{ours}/api/studies", options])
        assert found in {"blocked", "opaque 0"}
    posted = {"method": "POST", "mode": "no-cors", "credentials": "include", "body": "{}"}
    page.evaluate("([url, options]) => tried(url, options)", [f"{ours}/api/demo", posted])
    framed = page.evaluate(
        """async (url) => {
          const frame = document.createElement("iframe");
          frame.src = url;
          const loaded = new Promise((done) => (frame.onload = done));
          document.body.append(frame);
          await loaded;
          try { return frame.contentDocument && frame.contentDocument.title; } catch { return null; }
        }""",
        ours,
    )
    assert framed in {None, ""}
    page.goto(ours)
    assert page.evaluate("fetch('/api/jobs').then((answer) => answer.json())") == {"jobs": []}
