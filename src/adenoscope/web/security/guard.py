"""The gate before every request: this machine, this page, this browser.

A page on the web can make a browser send requests to 127.0.0.1, and a name that it owns can be made to point there
(DNS rebinding). So the Host must be one of our own names, an Origin our own page, and the browser must have the
token, which it got from the address that was printed.
"""

from __future__ import annotations

import hmac

from starlette.datastructures import URL, Headers, QueryParams
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

TOKEN = "token"
READS = frozenset({"GET", "HEAD"})
OF_OUR_OWN = frozenset({"same-origin", "none"})  # values of Sec-Fetch-Site


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
        if not self._is_ours(headers.getlist("host")):
            return PlainTextResponse("This server answers to 127.0.0.1 and localhost alone.", 421)
        if refusal := self._foreign(headers, method):
            return refusal
        url = URL(scope=scope)
        given = QueryParams(url.query).get(TOKEN)
        if given is not None and method in READS:
            if not self._is_token(given):
                return PlainTextResponse("The token is wrong; open the address that adenoscope printed.", 401)
            return self._admitted(url)
        if not self._is_token(cookie_parser(headers.get("cookie", "")).get(cookie_name(self.port))):
            return PlainTextResponse("Open the address that adenoscope printed: it holds the token.", 401)
        return None

    def _foreign(self, headers: Headers, method: str) -> Response | None:
        origins = headers.getlist("origin")
        if any(origin not in self._origins() for origin in origins) or (method not in READS and len(origins) != 1):
            return PlainTextResponse("This request is not from a page of adenoscope.", 403)
        # A link from elsewhere may lead here; a request that a foreign page makes by script may not.
        site, mode = headers.get("sec-fetch-site", "none"), headers.get("sec-fetch-mode", "navigate")
        if site not in OF_OUR_OWN and mode != "navigate":
            return PlainTextResponse("This request is not from a page of adenoscope.", 403)
        return None

    def _admitted(self, url: URL) -> Response:
        answer = RedirectResponse(url.remove_query_params(TOKEN).replace(scheme="", netloc=""), 303)
        answer.set_cookie(cookie_name(self.port), self.token, httponly=True, samesite="strict", path="/")
        return answer

    def _is_token(self, given: str | None) -> bool:
        return given is not None and hmac.compare_digest(given.encode(), self.token.encode())

    def _is_ours(self, hosts: list[str]) -> bool:
        return len(hosts) == 1 and hosts[0] in _hosts(self.port)

    def _origins(self) -> frozenset[str]:
        return frozenset(f"http://{host}" for host in _hosts(self.port))


def cookie_name(port: int) -> str:
    """Return the name of the cookie that holds the token; cookies of one machine are shared by its ports."""
    return f"adenoscope-{port}"


def _hosts(port: int) -> frozenset[str]:
    return frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
