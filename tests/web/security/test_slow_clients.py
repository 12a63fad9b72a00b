"""Clients that send or read slowly are ended, their memory with them; the others do not notice."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from adenoscope.web.security import slow
from adenoscope.web.security.limits import Limits
from adenoscope.web.security.slow import ImpatientProtocol

PATIENCE_S = 0.6
SOON_S = 4.0  # patience, one look, and a machine that is busy
LARGE = 30_000_000  # bytes, more than any socket's buffers hold


async def _large(_: Request) -> PlainTextResponse:
    return PlainTextResponse(b"a" * LARGE)


async def _endless(_: Request) -> StreamingResponse:
    async def pieces():
        while True:
            yield b"a" * 65_536
            await asyncio.sleep(0)  # as anything that has to be fetched

    return StreamingResponse(pieces())


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _unread(_: Request) -> PlainTextResponse:
    return PlainTextResponse("refused", 403)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Yield the port of a server of little patience."""
    monkeypatch.setattr(slow, "LOOKS_EVERY_S", 0.1)
    monkeypatch.setattr(slow, "MOST_ARRIVAL_S", PATIENCE_S)
    monkeypatch.setattr(slow, "MOST_STALL_S", PATIENCE_S)
    monkeypatch.setattr(slow, "MOST_TAKING_S", 5 * PATIENCE_S)
    methods = ["GET", "POST"]
    routes = {"/large": _large, "/endless": _endless, "/echo": _echo, "/unread": _unread}
    app = Starlette(routes=[Route(path, endpoint, methods=methods) for path, endpoint in routes.items()])
    limited = Limits(app, body_s=PATIENCE_S / 2)
    with closing(socket.socket()) as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(limited, http=ImpatientProtocol, ws="none", log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield int(listening.getsockname()[1])
        server.should_exit = True
        thread.join(10)
    assert not thread.is_alive()


def _opened(port: int, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=SOON_S)
    connection.sendall(sent)
    return connection


def _said(connection: socket.socket) -> bytes:
    """Return everything until the server ends the connection."""
    said: list[bytes] = []
    try:
        while piece := connection.recv(1_000_000):
            said.append(piece)
    except ConnectionResetError:
        pass
    return b"".join(said)


def _is_up(port: int) -> bool:
    with _opened(port, b"GET /echo HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n") as connection:
        return _said(connection).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("sent", [b"", b"GET /echo HT", b"GET /echo HTTP/1.1\r\nhost: a\r\nx: "])
def test_a_request_that_does_not_arrive_is_ended(port: int, sent: bytes) -> None:
    with _opened(port, sent) as connection:
        assert _said(connection).split(b"\r\n")[0] in {b"HTTP/1.1 408 Request Timeout", b""}
    assert _is_up(port)


def test_headers_that_come_one_by_one_are_ended(port: int) -> None:
    began = time.monotonic()
    with _opened(port, b"GET /echo HTTP/1.1\r\nhost: a\r\n") as connection:
        try:
            while time.monotonic() - began < SOON_S:
                connection.sendall(b"x: y\r\n")
                time.sleep(0.05)
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert time.monotonic() - began < SOON_S
    assert _is_up(port)


def test_a_second_request_that_does_not_arrive_is_ended_too(port: int) -> None:
    with _opened(port, b"GET /echo HTTP/1.1\r\nhost: a\r\n\r\n") as connection:
        assert connection.recv(65_536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET /ec")
        assert b"200" not in _said(connection)


@pytest.mark.parametrize("path", [b"/echo", b"/unread"])
@pytest.mark.parametrize(
    "body", [b"content-length: 100\r\n\r\nabc", b"transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n"]
)
def test_a_body_that_does_not_arrive_is_ended(port: int, path: bytes, body: bytes) -> None:
    with _opened(port, b"POST " + path + b" HTTP/1.1\r\nhost: a\r\n" + body) as connection:
        first = _said(connection).split(b"\r\n")[0]
    assert first in {b"HTTP/1.1 408 Request Timeout", b"HTTP/1.1 403 Forbidden"}
    assert _is_up(port)


def test_a_body_without_end_that_nobody_reads_is_ended(port: int) -> None:
    began = time.monotonic()
    with _opened(port, b"POST /unread HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n") as connection:
        try:
            while time.monotonic() - began < SOON_S:
                connection.sendall(b"1000\r\n" + b"a" * 4096 + b"\r\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
    assert time.monotonic() - began < SOON_S


@pytest.mark.parametrize("path", [b"/large", b"/endless"])
def test_an_answer_that_nobody_reads_is_ended(port: int, path: bytes) -> None:
    with _opened(port, b"GET " + path + b" HTTP/1.1\r\nhost: a\r\n\r\n") as connection:
        time.sleep(PATIENCE_S * 4)
        began = time.monotonic()
        assert len(_said(connection)) < LARGE
        assert time.monotonic() - began < SOON_S
    assert _is_up(port)


def test_an_answer_that_is_read_drop_by_drop_is_ended(port: int) -> None:
    began = time.monotonic()
    with _opened(port, b"GET /endless HTTP/1.1\r\nhost: a\r\n\r\n") as connection:
        try:
            while time.monotonic() - began < 2 * SOON_S and connection.recv(20_000):
                time.sleep(0.05)
        except ConnectionResetError:
            pass
    assert time.monotonic() - began < 2 * SOON_S


def test_an_answer_that_is_read_arrives_whole(port: int) -> None:
    with _opened(port, b"GET /large HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n") as connection:
        assert len(_said(connection)) > LARGE


def test_a_connection_that_was_used_twice_is_not_taken_for_a_slow_one(port: int) -> None:
    with _opened(port, b"") as connection:
        for _ in range(3):
            connection.sendall(b"POST /echo HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc")
            said = b""
            while not said.endswith(b"\r\n\r\n3"):
                said += connection.recv(65_536)
            assert said.startswith(b"HTTP/1.1 200")
            time.sleep(PATIENCE_S * 1.5)
