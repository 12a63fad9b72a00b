"""How much a request may send, and how long it may take."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000  # of a body: a protocol or an edit is a few kilobytes
MOST_BODY_S = 10.0  # until a body has arrived
MOST_REQUEST_S = 120.0  # until the answer has begun and ended


class _TooLargeError(Exception):
    """A body is over the limit."""


class _TooSlowError(Exception):
    """A body does not arrive."""


class Limits:
    """Refuses bodies that are too large (413) or too slow (408), and ends what takes too long (503)."""

    def __init__(self, app: ASGIApp, *, body_s: float = MOST_BODY_S, request_s: float = MOST_REQUEST_S) -> None:
        self.app, self.body_s, self.request_s = app, body_s, request_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        status, words = 0, ""
        try:
            declared = Headers(scope=scope).get("content-length", "0")
            if not declared.isdigit() or int(declared) > MOST_BYTES:
                raise _TooLargeError
            async with asyncio.timeout(self.request_s):
                await self.app(scope, self._metered(receive), watched)
        except _TooLargeError:
            status, words = 413, f"A request may send {MOST_BYTES:,} bytes."
        except _TooSlowError:
            status, words = 408, "The request did not arrive in time."
        except TimeoutError:
            status, words = 503, "This took too long, and was ended."
        if status and not started:
            await PlainTextResponse(words, status, {"connection": "close"})(scope, receive, send)

    def _metered(self, receive: Receive) -> Receive:
        seen, ended = 0, False
        due = asyncio.get_running_loop().time() + self.body_s

        async def metered() -> Message:
            nonlocal seen, ended
            if ended:  # waiting for the client to leave
                return await receive()
            try:
                async with asyncio.timeout_at(due):
                    message = await receive()
            except TimeoutError:
                raise _TooSlowError from None
            seen += len(message.get("body", b""))
            if seen > MOST_BYTES:
                raise _TooLargeError
            ended = not message.get("more_body", False)
            return message

        return metered
