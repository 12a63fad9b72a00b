"""HTTP that waits for nobody: deadlines for a request to arrive, and for an answer to be taken.

uvicorn ends connections that idle between requests, but waits for ever for the rest of a request's headers, and for
a client that does not read its answer, which holds the answer in memory.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LOOKS_EVERY_S = 0.5
MOST_ARRIVAL_S = 15.0  # from the first byte of a request to the last
MOST_STALL_S = 20.0  # without a byte of the answer being taken
MOST_TAKING_S = 120.0  # until all of it is taken
LATE = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
AT_ONCE = struct.pack("ii", 1, 0)  # of SO_LINGER
ARRIVING = (h11.IDLE, h11.SEND_BODY)


class ImpatientProtocol(H11Protocol):
    """uvicorn's HTTP/1.1 with an end to connections that are kept waiting."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving_since: float | None = None
        self._unsent, self._unsent_since, self._taken_at = 0, 0.0, 0.0
        self._looking: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._arriving_since = self.loop.time()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._looking is not None:
            self._looking.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._arriving_since is None:
            self._arriving_since = self.loop.time()
        super().data_received(data)
        if self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]:
            self._arriving_since = None  # whole, and answered already
        if self.conn.their_state not in ARRIVING:
            self._arriving_since = None

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.conn.their_state is h11.IDLE:  # the next request is for the keep-alive to wait for
            self._arriving_since = None

    def resume_writing(self) -> None:
        self._taken_at = self.loop.time()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            super().send_400_response(msg)
        else:  # an answer has begun: there is no place for another
            self.transport.abort()

    def _look(self) -> None:
        now = self.loop.time()
        self._measure(now)
        if self._is_stalled(now):
            self._drop()
            return
        since = self._arriving_since
        if since is not None and now - since > MOST_ARRIVAL_S and not self.transport.is_closing():
            self._arriving_since = None
            if self.conn.our_state is h11.IDLE:
                self.transport.write(LATE)
            self.transport.close()
        self._looking = self.loop.call_later(LOOKS_EVERY_S, self._look)

    def _drop(self) -> None:
        """End the connection with what is unsent, the system's own share of it too."""
        connection = self.transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        self.transport.abort()

    def _measure(self, now: float) -> None:
        unsent = self.transport.get_write_buffer_size()
        if self._unsent == 0:
            self._unsent_since = now
        if unsent < self._unsent or self._unsent == 0:
            self._taken_at = now
        self._unsent = unsent

    def _is_stalled(self, now: float) -> bool:
        if self._unsent == 0:
            return False
        return now - self._taken_at > MOST_STALL_S or now - self._unsent_since > MOST_TAKING_S
