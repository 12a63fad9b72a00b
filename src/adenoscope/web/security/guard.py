"""The gate before every request: this machine, this page, this browser.

A page on the web can make a browser send requests to 127.0.0.1, and a name that it owns can be made to point there
(DNS rebinding). So the Host must be one of our own names, an Origin our own page, and the browser must have the
token, which it got from the address that was printed.
"""

from __future__ import annotations

import hmac
from html import escape

from starlette.datastructures import Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

TOKEN = "token"
READS = frozenset({"GET", "HEAD"})
HTTP_PORT = 80
OF_OUR_OWN = frozenset({"same-origin", "none"})  # values of Sec-Fetch-Site
ONWARD = '<!doctype html><title>adenoscope</title><meta http-equiv="refresh" content="0;url={path}">'


class Guard:
    """Refuses what is not from our own page, before anything else looks at it."""

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self.app, self.token, self.port = app, token, port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            raise RuntimeError(f"the server speaks HTTP alone, not {scope['type']}")
        answer = self._answer(scope)
        if answer is None:
            await self.app(scope, receive, send)
        else:
            await answer(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        """Return a refusal, or the way to the page without the token in its address; None lets pass."""
        headers, method = Headers(scope=scope), str(scope["method"])
        if refusal := self._misdirected(scope, headers) or self._foreign(headers, method):
            return refusal
        query = QueryParams(scope["query_string"])
        given = query.getlist(TOKEN)
        if given and method in READS:
            if not all(map(self._is_token, given)):
                return PlainTextResponse("The token is wrong; open the address that adenoscope printed.", 401)
            return self._admitted(scope, query, headers)
        if not any(map(self._is_token, _cookies(headers, cookie_name(self.port)))):
            return PlainTextResponse("Open the address that adenoscope printed: it holds the token.", 401)
        return None

    def _misdirected(self, scope: Scope, headers: Headers) -> Response | None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in _hosts(self.port):
            return PlainTextResponse("This server answers to 127.0.0.1 and localhost alone.", 421)
        if not str(scope["path"]).startswith("/"):  # the forms that are for proxies
            return PlainTextResponse("An address of this server begins with a slash.", 400)
        return None

    def _foreign(self, headers: Headers, method: str) -> Response | None:
        origins = headers.getlist("origin")
        if any(origin not in self._origins() for origin in origins) or (method not in READS and len(origins) != 1):
            return PlainTextResponse("This request is not from a page of adenoscope.", 403)
        if _is_foreign_fetch(headers) and not (method in READS and _is_followed_link(headers)):
            return PlainTextResponse("This request is not from a page of adenoscope.", 403)
        return None

    def _admitted(self, scope: Scope, query: QueryParams, headers: Headers) -> Response:
        """Return the way on, with the token in a cookie.

        A browser that comes by a link of another page (a terminal in a browser) would not send a strict cookie along
        a redirect; it does where our own page leads on.
        """
        path = _path_without(scope, query)
        answer = HTMLResponse(ONWARD.format(path=escape(path))) if _is_foreign_fetch(headers) else None
        answer = answer or RedirectResponse(path, 303)
        answer.set_cookie(cookie_name(self.port), self.token, httponly=True, samesite="strict", path="/")
        return answer

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.token.encode())

    def _origins(self) -> frozenset[str]:
        return frozenset(f"http://{host}" for host in _hosts(self.port))


def cookie_name(port: int) -> str:
    """Return the name of the cookie that holds the token; cookies of one machine are shared by its ports."""
    return f"adenoscope-{port}"


def _is_foreign_fetch(headers: Headers) -> bool:
    """Return whether a browser says that another page, on this machine or elsewhere, made the request."""
    return not OF_OUR_OWN.issuperset(headers.getlist("sec-fetch-site"))


def _is_followed_link(headers: Headers) -> bool:
    """Return whether a person follows a link, in a window of its own and not in a frame of the other page."""
    return headers.getlist("sec-fetch-mode") == ["navigate"] and headers.getlist("sec-fetch-dest") == ["document"]


def _cookies(headers: Headers, name: str) -> list[str]:
    """Return every value of a cookie: another server on this machine can add to ours, but must not lock us out."""
    pairs = [pair for header in headers.getlist("cookie") for pair in header.split(";")]
    return [parsed[name] for parsed in map(cookie_parser, pairs) if name in parsed]


def _path_without(scope: Scope, query: QueryParams) -> str:
    """Return the address without its token; it cannot name another host, as "//host" would."""
    raw = scope.get("raw_path") or str(scope["path"]).encode()
    path = "/" + bytes(raw).decode("latin-1").lstrip("/\\")
    rest = QueryParams([(name, value) for name, value in query.multi_items() if name != TOKEN])
    return f"{path}?{rest}" if rest else path


def _hosts(port: int) -> frozenset[str]:
    """Return what a browser may call us; it leaves out the port that HTTP has anyway."""
    names = ("127.0.0.1", "localhost")
    return frozenset((*(f"{name}:{port}" for name in names), *(names if port == HTTP_PORT else ())))
