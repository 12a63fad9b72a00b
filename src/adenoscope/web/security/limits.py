"""How much a request may send, and how long it may take."""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 1_000_000  # of a body: a protocol or an edit is a few kilobytes
MOST_BODY_S = 10.0  # until a body has arrived
MOST_REQUEST_S = 120.0  # until the answer has begun and ended
CLOSE = {"connection": "close"}
TOO_LARGE = f"A request may send {MOST_BYTES:,} bytes."


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

        if not _is_within(Headers(scope=scope).get("content-length", "0")):
            await PlainTextResponse(TOO_LARGE, 413, CLOSE)(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self.request_s):
                await self.app(scope, self._metered(receive), watched)
        except TimeoutError:
            if not started:
                await PlainTextResponse("This took too long, and was ended.", 503, CLOSE)(scope, receive, send)

    def _metered(self, receive: Receive) -> Receive:
        """Return what a route reads from; it raises what a route's own refusal would be."""
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
                raise HTTPException(408, "The request did not arrive in time.", CLOSE) from None
            seen += len(message.get("body", b""))
            if seen > MOST_BYTES:
                raise HTTPException(413, TOO_LARGE, CLOSE)
            ended = not message.get("more_body", False)
            return message

        return metered


def _is_within(declared: str) -> bool:
    """Return whether a length that a client declares is a number, and within the limit."""
    return declared.isascii() and declared.isdecimal() and len(declared) < 20 and int(declared) <= MOST_BYTES
