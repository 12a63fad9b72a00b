"""The server as it is started, asked over sockets: what no client sends, 200 at a time, and what it says of it."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from asking import contents
from finished_study import write_study

PATIENCE_S = 30.0
PARALLEL = 200
MOST_MB = 300  # gate G2's, with all of them being answered
CLOSED = 0


@dataclass(frozen=True)
class Serving:
    """A server in its own process: its folder, where it listens, its token, and the file that it complains into."""

    folder: Path
    port: int
    token: str
    process: subprocess.Popen[str]
    complaints: Path

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def cookie(self) -> str:
        return f"adenoscope-{self.port}={self.token}"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    root = tmp_path_factory.mktemp("served")
    folder, complaints = root / "studies", root / "complaints.txt"
    folder.mkdir()
    write_study(folder)
    command = [sys.executable, "-m", "adenoscope", "serve", str(folder), "--port", "0", "--no-open"]
    with complaints.open("w") as stderr:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
    assert process.stdout is not None
    address = urlsplit(process.stdout.readline().split()[1])
    yield Serving(folder, address.port or 0, parse_qs(address.query)["token"][0], process, complaints)
    process.terminate()
    process.communicate(timeout=20)


def _status(server: Serving, sent: bytes) -> int:
    """Return the status of the answer to some bytes; 0 where the connection is ended without one."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as connection:
        said = b""
        try:
            connection.sendall(sent)
            while b"\r\n" not in said and (piece := connection.recv(65_536)):
                said += piece
        except (BrokenPipeError, ConnectionResetError):
            pass
    return int(said.split()[1]) if said.startswith(b"HTTP/1.1 ") else CLOSED


def _known(server: Serving, first: str, *lines: str, body: bytes = b"") -> bytes:
    """Return a request that has the cookie and comes from our page."""
    ours = (f"host: {server.host}", f"cookie: {server.cookie}", f"origin: http://{server.host}", *lines)
    return "\r\n".join((first, *ours, "", "")).encode() + body


def _requests(server: Serving) -> dict[str, tuple[bytes, set[int]]]:
    host = f"host: {server.host}\r\n".encode()
    pieces = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    smuggled = f"GET /api/studies HTTP/1.1\r\nhost: {server.host}\r\n\r\n".encode()
    post, chunked = "POST /api/jobs HTTP/1.1", "transfer-encoding: chunked"
    typed = "content-type: application/json"
    return {
        "HTTP/1.0 without a host": (b"GET / HTTP/1.0\r\n\r\n", {421}),
        "HTTP/1.1 without a host": (b"GET / HTTP/1.1\r\n\r\n", {400}),
        "two hosts": (b"GET / HTTP/1.1\r\n" + host + b"host: evil.example\r\n\r\n", {400}),
        "no request line": (b"GARBAGE\r\n\r\n", {400}),
        "a version that is none": (b"GET / HTTP/9.9\r\n" + host + b"\r\n", {401}),
        "the next protocol": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {421}),
        "a handshake of TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200, {400}),
        "blanks in the path": (b"GET /a b HTTP/1.1\r\n" + host + b"\r\n", {400}),
        "a header without a colon": (b"GET / HTTP/1.1\r\n" + host + b"nothing\r\n\r\n", {400}),
        "a NUL in a header": (b"GET / HTTP/1.1\r\n" + host + b"a: \x00\r\n\r\n", {400}),
        "a flood of headers": (b"GET / HTTP/1.1\r\n" + host + b"a: b\r\n" * 50_000 + b"\r\n", {400, CLOSED}),
        "a header without end": (b"GET / HTTP/1.1\r\n" + host + b"a: " + b"b" * 300_000, {400, CLOSED}),
        "a path without end": (b"GET /" + b"a" * 300_000, {400, CLOSED}),
        "two lengths": (_known(server, post, "content-length: 2", "content-length: 3", body=b"{}"), {400}),
        "a length that is none": (_known(server, post, "content-length: -1"), {400}),
        "no size of a piece": (_known(server, post, typed, chunked, body=b"zz\r\n{}\r\n0\r\n\r\n"), {400, CLOSED}),
        "a huge body, declared": (_known(server, post, typed, "content-length: 99999999999"), {413}),
        "a huge body, announced": (_known(server, post, "content-length: 9999999", "expect: 100-continue"), {413}),
        "a huge body, in pieces": (_known(server, post, typed, chunked, body=pieces * 40), {413}),
        "a request inside another": (_known(server, "GET /x HTTP/1.1", chunked, "content-length: 6",
                                            body=b"0\r\n\r\n" + smuggled), {400, 404}),
        "a websocket": (_known(server, "GET /nowhere HTTP/1.1", "connection: Upgrade", "upgrade: websocket",
                               "sec-websocket-key: x3JJHMbDL1EzLkh9GBhXDw==", "sec-websocket-version: 13"), {404}),
        "a request for a proxy": (_known(server, "GET http://evil.example/ HTTP/1.1"), {400}),
        "a tunnel": (_known(server, "CONNECT evil.example:443 HTTP/1.1"), {400}),
        "the folder above": (_known(server, "GET /studies/../../etc/passwd HTTP/1.1"), {404}),
        "an encoded slash": (_known(server, "GET /studies/%2e%2e%2fsecret HTTP/1.1"), {404}),
        "a backslash": (_known(server, "GET /static/..\\server.py HTTP/1.1"), {404}),
        "an echo": (_known(server, "TRACE / HTTP/1.1"), {405}),
        "no cookie": (f"GET / HTTP/1.1\r\nhost: {server.host}\r\n\r\n".encode(), {401}),
    }  # fmt: skip


def test_what_no_client_sends_is_refused_and_nothing_is_written(server: Serving) -> None:
    before = contents(server.folder.parent / "studies")
    for name, (sent, statuses) in _requests(server).items():
        assert _status(server, sent) in statuses, name
    assert contents(server.folder.parent / "studies") == before
    assert _status(server, _known(server, "GET / HTTP/1.1")) == 200


def test_requests_that_come_at_once_on_one_connection_are_answered_in_turn(server: Serving) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as connection:
        connection.sendall(_known(server, "GET /static/icon.svg HTTP/1.1") * 50)
        connection.sendall(_known(server, "GET /static/icon.svg HTTP/1.1", "connection: close"))
        said = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert said.count(b"HTTP/1.1 200") == 51


def test_two_hundred_at_once_are_answered_within_its_memory(server: Serving) -> None:
    study = "/studies/ketamine"
    paths = (study, "/", "/static/style.css", f"/api{study}/changes", f"/api{study}/plots/contrasts.csv",
             f"{study}/sessions/w1_saline", f"{study}/report", "/nowhere")  # fmt: skip
    expected = {path: 404 if path == "/nowhere" else 200 for path in paths}

    def ask(number: int) -> tuple[str, int]:
        path = paths[number % len(paths)]
        connection = HTTPConnection("127.0.0.1", server.port, timeout=3 * PATIENCE_S)
        try:
            connection.request("GET", path, headers={"cookie": server.cookie})
            answer = connection.getresponse()
            answer.read()
            return path, answer.status
        finally:
            connection.close()

    with ThreadPoolExecutor(PARALLEL) as crowd:
        found = list(crowd.map(ask, range(PARALLEL)))
    assert {(path, status) for path, status in found} == set(expected.items())
    assert server.process.poll() is None
    assert _memory_mb(server.process.pid) < MOST_MB


def test_many_that_say_nothing_do_not_keep_others_out(server: Serving) -> None:
    silent = [socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) for _ in range(150)]
    try:
        assert _status(server, _known(server, "GET / HTTP/1.1")) == 200
    finally:
        for connection in silent:
            connection.close()


def test_the_token_is_in_no_complaint(server: Serving) -> None:
    _status(server, f"GET /?token={server.token} HTTP/1.1\r\nhost: {server.host}\r\n\r\n".encode())
    _status(server, f"GET /?token={server.token} HTTP/1.1\r\nhost: evil.example\r\n\r\n".encode())
    said = server.complaints.read_text()
    assert server.token not in said
    assert "Traceback" not in said


def _memory_mb(number: int) -> float:
    """Return what a process holds in memory [MB], nothing where the system does not say."""
    status = Path(f"/proc/{number}/status")
    if not status.exists():
        return 0.0
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return int(lines["VmHWM"].split()[0]) / 1024
