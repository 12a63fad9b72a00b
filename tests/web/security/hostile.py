"""Hostile requests, each with what must be answered: gate G4 of the page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from asking import COOKIE, HOST, ORIGIN, OWN, TOKEN, Request

JSON = {"content-type": "application/json"}
EDITS, JOBS = "/api/studies/ketamine/edits", "/api/jobs"
EDIT = {"session": "w1_saline", "field": "exclude", "value": "loose", "reason": "seen"}
LONG = "a" * 20_000


@dataclass(frozen=True)
class Hostile:
    """A request and the statuses that are right for it."""

    name: str
    request: Request
    statuses: tuple[int, ...]


def hostile_requests() -> list[Hostile]:
    """Return every request of the gate."""
    kinds = (_traversals, _hosts, _origins, _fetches, _tokens, _bodies, _methods, _values, _protocols)
    return [hostile for kind in kinds for hostile in kind()]


def _get(path: str, **headers: str) -> Request:
    return Request("GET", path, tuple({**OWN, **headers}.items()))


def _post(path: str, *body: bytes, **headers: str) -> Request:
    given = {**OWN, "origin": ORIGIN, **JSON, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Request("POST", path, tuple(given.items()), body or (b"{}",))


def _with(method: str, path: str, *headers: tuple[str, str]) -> Request:
    return Request(method, path, headers)


def _traversals() -> Iterator[Hostile]:
    paths = {
        "dots": "/studies/../secret.txt",
        "an encoded slash": "/studies/..%2fsecret.txt",
        "encoded dots": "/studies/%2e%2e/%2e%2e/secret.txt",
        "dots that are encoded twice": "/studies/%252e%252e%252fsecret.txt",
        "a backslash": "/studies/..%5csecret.txt",
        "a NUL": "/studies/ketamine%00",
        "a NUL before a suffix": "/studies/..%2fsecret.txt%00.toml",
        "an absolute path": "/studies/%2fetc%2fpasswd",
        "two slashes": "/studies//etc/passwd",
        "a drive": "/studies/C:%5cWindows",
        "a very long name": f"/studies/{LONG}",
        "an overlong encoding": "/studies/%c0%ae%c0%ae/secret.txt",
        "no text at all": "/studies/%ff%fe",
        "dots of another width": "/studies/%EF%BC%8E%EF%BC%8E",
        "this folder": "/studies/.",
        "the folder above": "/studies/..",
        "the server's own folder": "/studies/.adenoscope",
        "a folder that is no study": "/studies/ketamine-results",
        "a session with dots": "/studies/ketamine/sessions/..%2f..%2f..%2fsecret.txt",
        "a session that is a path": "/studies/ketamine/sessions/%2fetc%2fpasswd",
        "a session with a NUL": "/studies/ketamine/sessions/w1_saline%00",
        "a window of a session with dots": "/api/studies/ketamine/sessions/..%2f..%2fsecret.txt/window",
        "a figure with dots": "/api/studies/ketamine/plots/..%2f..%2fsecret.csv",
        "a figure of no plot": "/api/studies/ketamine/plots/verdict-99999999999999999999.csv",
        "a report with dots": "/studies/ketamine/report/../../secret.txt",
        "a study of dots, as JSON": "/api/studies/..%2f..%2f/changes",
        "static dots": "/static/../server.py",
        "static, an encoded slash": "/static/..%2fserver.py",
        "static, encoded dots": "/static/%2e%2e/%2e%2e/%2e%2e/secret.txt",
        "static, a backslash": "/static/..%5cserver.py",
        "static, an absolute path": "/static/%2fetc%2fpasswd",
        "static, a NUL": "/static/style.css%00",
        "static, a very long name": f"/static/{LONG}",
        "static, a folder": "/static/js",
    }
    yield from (Hostile(f"path: {name}", _get(path), (404,)) for name, path in paths.items())
    yield Hostile("path: a request for a proxy", _get("http://evil.example/"), (400,))
    yield Hostile("path: a bracket that no address has", _get("[::1"), (400,))
    yield Hostile("path: a star", _get("*"), (400,))


def _hosts() -> Iterator[Hostile]:
    others = ("evil.example", f"{HOST}.evil.example", "127.0.0.1", "127.0.0.1:1", "[::1]:8765", "0.0.0.0:8765",
              "localhost:8765@evil.example", "127.1:8765", "2130706433:8765", f"{HOST} ", "")  # fmt: skip
    for host in others:
        yield Hostile(f"host: {host!r}", _get("/", host=host), (421,))
    yield Hostile("host: none", _with("GET", "/", ("cookie", COOKIE)), (421,))
    two = (("host", HOST), ("host", "evil.example"), ("cookie", COOKIE))
    yield Hostile("host: two", _with("GET", "/", *two), (421,))


def _origins() -> Iterator[Hostile]:
    others = ("http://evil.example", "null", f"{ORIGIN}.evil.example", "https://127.0.0.1:8765", "http://127.0.0.1:1",
              f"{ORIGIN}/", "")  # fmt: skip
    for origin in others:
        yield Hostile(f"origin: {origin!r} on POST", _post(JOBS, b'{"study": "ketamine"}', origin=origin), (403,))
    yield Hostile("origin: foreign on GET", _get("/api/studies", origin="http://evil.example"), (403,))
    bare = Request("POST", JOBS, tuple({**OWN, **JSON}.items()), (b'{"study": "ketamine"}',))
    yield Hostile("origin: none on POST", bare, (403,))
    two = (*OWN.items(), ("origin", ORIGIN), ("origin", "http://evil.example"))
    yield Hostile("origin: two", _with("POST", JOBS, *two), (403,))


def _fetches() -> Iterator[Hostile]:
    kinds = {
        "an image of a foreign page": ("cross-site", "no-cors", "image"),
        "a script of another port": ("same-site", "no-cors", "script"),
        "a fetch of another port": ("same-site", "cors", "empty"),
        "a frame in a foreign page": ("cross-site", "navigate", "iframe"),
        "a word that no browser says": ("anything", "cors", "empty"),
    }
    for name, (site, mode, dest) in kinds.items():
        said = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
        yield Hostile(f"fetch: {name}", _get("/api/studies", **said), (403,))
    yield Hostile("fetch: foreign, and no more said", _get("/", **{"sec-fetch-site": "cross-site"}), (403,))
    two = (*OWN.items(), ("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site"))
    yield Hostile("fetch: two sites", _with("GET", "/", *two), (403,))
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    yield Hostile("fetch: a form of a foreign page", _post(JOBS, b'{"study": "ketamine"}', **link), (403,))
    yield Hostile("fetch: a link without the cookie", _with("GET", "/", ("host", HOST), *link.items()), (401,))


def _tokens() -> Iterator[Hostile]:
    host = ("host", HOST)
    ours = "adenoscope-8765="
    cookies = (
        *(ours + value for value in ("wrong", "", "\xe9\xff", f"{TOKEN}x", TOKEN[:-1])),
        *(f"adenoscope-8766={TOKEN}", f"adenoscope={TOKEN}", "=;;="),
    )
    for cookie in cookies:
        yield Hostile(f"token: cookie {cookie!r}", _with("GET", "/", host, ("cookie", cookie)), (401,))
    yield Hostile("token: none", _with("GET", "/", host), (401,))
    yield Hostile("token: none for a static file", _with("GET", "/static/style.css", host), (401,))
    queries = (
        "token=wrong",
        "token=",
        f"token={TOKEN}&token=wrong",
        f"token={TOKEN}%00",
        "token=%ff",
        "token=%C3%A9",
    )
    for query in queries:
        yield Hostile(f"token: address {query!r}", _with("GET", f"/?{query}", host), (401,))
    posted = _with("POST", f"/api/demo?token={TOKEN}", host, ("origin", ORIGIN))
    yield Hostile("token: in the address of a POST", posted, (401,))
    bearer = _with("GET", "/", host, ("authorization", f"Bearer {TOKEN}"))
    yield Hostile("token: in another header", bearer, (401,))


def _bodies() -> Iterator[Hostile]:
    deep = b'{"study":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    edit = json.dumps(EDIT).encode()
    kinds = {
        "no JSON": (b"{study", 422),
        "nothing": (b"", 422),
        "a list": (b"[]", 422),
        "a number": (b"1e999", 422),
        "NaN": (b'{"study": NaN}', 422),
        "a number for a name": (b'{"study": 1}', 422),
        "null for a name": (b'{"study": null}', 422),
        "an object for a name": (b'{"study": {"$ne": ""}}', 422),
        "a name that is too long": (json.dumps({"study": LONG}).encode(), 422),
        "a name that is a path": (b'{"study": "../ketamine"}', 404),
        "a name with a NUL": (b'{"study": "ketamine\\u0000"}', 404),
        "half a letter for a name": (b'{"study": "\\ud800"}', 422),
        "no text": (b'{"study": "\xff\xfe"}', 400),
        "depth": (deep, 400),
        "a number without end": (b'{"study": 1' + b"0" * 100_000 + b"}", 400),
    }
    for name, (body, status) in kinds.items():
        yield Hostile(f"body: {name}", _post(JOBS, body), (status,))
    huge = _post(JOBS, b"", content_length="100000000000")
    yield Hostile("body: declared as huge", huge, (413,))
    for length in ("-1", "1e3", "\xb2", "9" * 5000):
        headers = (*OWN.items(), ("origin", ORIGIN), ("content-length", length))
        yield Hostile(f"body: a length of {length[:9]!r}", _with("POST", JOBS, *headers), (413,))
    pieces = (b'{"study": "', *(b"a" * 65_536 for _ in range(40)))
    yield Hostile("body: huge, in pieces", _post(JOBS, *pieces), (413,))
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "text/plain;application/json",
    ):
        yield Hostile(f"body: an edit as {kind}", _post(EDITS, edit, content_type=kind), (422,))
    untyped = Request("POST", EDITS, (*OWN.items(), ("origin", ORIGIN)), (edit,))
    yield Hostile("body: an edit without a type", untyped, (422,))


def _methods() -> Iterator[Hostile]:
    for method in ("TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "FETCH"):
        yield Hostile(f"method: {method}", _with(method, "/", *OWN.items()), (403,))
        ours = (*OWN.items(), ("origin", ORIGIN))
        yield Hostile(f"method: {method} from our page", _with(method, "/", *ours), (405,))
    asked = (("host", HOST), ("origin", "http://evil.example"), ("access-control-request-method", "POST"))
    yield Hostile("method: OPTIONS of a foreign page", _with("OPTIONS", JOBS, *asked), (403,))
    yield Hostile("method: a POST to a page", _post("/"), (405,))
    yield Hostile(
        "method: a websocket", _get("/api/studies/x", connection="Upgrade", upgrade="websocket"), (404, 405)
    )


def _values() -> Iterator[Hostile]:
    changes = {
        "a session that is a path": {"session": "../../secret"},
        "a session that is not there": {"session": "m99"},
        "a field that is none": {"field": "recording"},
        "a line's end": {"reason": "a\nw1_saline,exclude"},
        "a reason that is too long": {"reason": LONG},
        "no reason": {"reason": ""},
        "a time that is none": {"field": "intervention_s", "value": "nan"},
        "a time without end": {"field": "intervention_s", "value": "1e400"},
        "a time before all": {"field": "intervention_s", "value": "-5"},
        "a span that is none": {"field": "handling_s", "value": "0 1 2"},
        "half a letter": {"reason": "\ud800"},
    }
    for name, change in changes.items():
        yield Hostile(f"edit: {name}", _post(EDITS, json.dumps({**EDIT, **change}).encode()), (422,))
    window = "/api/studies/ketamine/sessions/w1_saline/window"
    for query in (
        "pixels=1000000000",
        "pixels=x",
        "start_s=nan",
        "start_s=inf",
        "start_s=5&end_s=1",
        f"start_s={'9' * 400}",
    ):
        yield Hostile(f"window: {query[:20]}", _get(f"{window}?{query}"), (422,))
    for number, statuses in (("0", (404,)), ("-1", (404,)), ("9" * 30, (404,)), ("x", (422,)), ("1.5", (422,))):
        yield Hostile(f"job: {number[:9]}", _post(f"{JOBS}/{number}/stop"), statuses)


def _protocols() -> Iterator[Hostile]:
    protocol = {"species": "mouse", "duration_s": 3600, "every_s": 30}
    dose = {"at_s": 0, "compound": "ketamine", "dose": 10, "unit": "mg/kg", "route": "ip"}
    changes: dict[str, dict[str, object]] = {
        "a million subjects": {"subjects": 1_000_000},
        "a step of nothing": {"every_s": 0},
        "a year": {"duration_s": 3e7},
        "a thousand doses": {"give": [dose] * 1000},
        "a compound that is a path": {"give": [{**dose, "compound": "../../secret"}]},
        "a compound with a line's end": {"give": [{**dose, "compound": "ketamine\n"}]},
        "a dose without end": {"give": [{**dose, "dose": 1e308}]},
        "a dose below nothing": {"give": [{**dose, "dose": -1}]},
        "an entry that is none": {"__proto__": {"a": 1}},
        "a species that is none": {"species": "<b>"},
    }
    for name, change in changes.items():
        body = json.dumps({**protocol, **change}).encode()
        yield Hostile(f"protocol: {name}", _post("/api/mechanism/preview", body), (422,))
    unbounded = json.dumps(protocol).replace("3600", "Infinity").encode()
    yield Hostile("protocol: a time without end", _post("/api/mechanism/preview", unbounded), (422,))
    schedule = {"species": "human", "fio2": 0.12, "bout_s": 300, "rest_s": 300, "bouts": 5}
    for name, value in (("fio2", -1), ("bouts", 10**9), ("subjects", 10**6), ("bout_s", 1e9), ("override", True)):
        body = json.dumps({**schedule, name: value}).encode()
        yield Hostile(f"schedule: {name} {value}", _post("/api/hypoxia/preview", body), (422,))
    figure = _post("/api/hypoxia/figure.exe", json.dumps(schedule).encode())
    yield Hostile("schedule: a figure of no kind", figure, (422,))
