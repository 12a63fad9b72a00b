"""Requests as they come off the wire, past every client that would tidy them up; and what a folder holds."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from fastapi.testclient import TestClient
from starlette.types import ASGIApp, Message

from adenoscope.web.security.guard import cookie_name

PORT, TOKEN = 8765, "a-token-of-the-tests"
HOST = f"127.0.0.1:{PORT}"
ORIGIN = f"http://{HOST}"
COOKIE = f"{cookie_name(PORT)}={TOKEN}"
OWN = {"host": HOST, "cookie": COOKIE}
OURS_ALONE = {".adenoscope"}

Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Request:
    """A request; ``raw_path`` is percent-encoded and may have a query, ``body`` comes in pieces."""

    method: str
    raw_path: str
    headers: tuple[tuple[str, str], ...]
    body: tuple[bytes, ...] = (b"",)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


def ask(client: TestClient, request: Request) -> Answer:
    """Return what the application of a client answers to a request."""
    assert client.portal is not None
    return client.portal.call(_ask, client.app, request)


async def _ask(app: ASGIApp, request: Request) -> Answer:
    path, _, query = request.raw_path.partition("?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": ("127.0.0.1", PORT),
        "client": ("127.0.0.1", 5000),
        "scheme": "http",
        "method": request.method,
        "root_path": "",
        "path": unquote(path),  # as uvicorn does
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in request.headers],
        "state": {},
    }
    pieces = list(request.body)
    said: list[Message] = []

    async def receive() -> Message:
        if not pieces:
            return {"type": "http.disconnect"}
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Message) -> None:
        said.append(message)

    await app(scope, receive, send)
    headers = {name.decode(): value.decode("latin-1") for name, value in said[0]["headers"]}
    return Answer(said[0]["status"], headers, b"".join(message.get("body", b"") for message in said[1:]))


def contents(folder: Path) -> dict[str, str]:
    """Return every file, folder and link below a folder with its digest, but for the server's own."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if OURS_ALONE & set(name.parts):
            continue
        if path.is_symlink():
            found[str(name)] = f"-> {path.readlink()}"
        elif path.is_file():
            found[str(name)] = hashlib.sha256(path.read_bytes()).hexdigest()
        else:
            found[str(name)] = "folder"
    return found
