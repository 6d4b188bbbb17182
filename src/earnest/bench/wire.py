"""The client's side of HTTP/1.1, and no more of it than its servers speak: kept alive, and cheap.

Two cores are all there is, so what the client uses the server does not have.
"""

from __future__ import annotations

import asyncio
from typing import Final, cast

from typing_extensions import override

_HEAD_ENDS: Final = b"\r\n\r\n"
_LENGTH: Final = b"\r\ncontent-length:"
_CHUNKED: Final = b"\r\ntransfer-encoding: chunked"
_STATUS: Final = slice(9, 12)


class Connection(asyncio.Protocol):
    """One connection; one request at a time."""

    def __init__(self) -> None:
        """Wait to be connected."""
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @classmethod
    async def to(cls, port: int) -> Connection:
        """Connect to this machine."""
        _, made = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        return made

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # TCP has two directions.

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        """Send a whole request; its answer's status and body."""
        assert self._transport is not None, "connected before it is given to anybody"
        assert self._answer is None, "one request at a time"
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            self._answer = None

    def close(self) -> None:
        """Hang up."""
        assert self._transport is not None, "connected before it is given to anybody"
        self._transport.close()

    @override
    def data_received(self, data: bytes) -> None:
        self._received += data
        answer = read(self._received)
        if answer is not None and self._answer is not None and not self._answer.done():
            self._received.clear()
            self._answer.set_result(answer)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("the server hung up"))


def read(received: bytearray) -> tuple[int, bytes] | None:
    """Status and body of a whole answer; None while some of it is missing."""
    ends = received.find(_HEAD_ENDS)
    if ends < 0:
        return None
    head = bytes(received[:ends]).lower()
    status, start = int(head[_STATUS]), ends + len(_HEAD_ENDS)
    at = head.find(_LENGTH)
    if at >= 0:
        length = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0])
        is_whole = len(received) >= start + length
        return (status, bytes(received[start : start + length])) if is_whole else None
    if _CHUNKED not in head:
        raise ValueError(f"an answer of unknown length: {head!r}")
    body = _unchunked(received, start)
    return None if body is None else (status, body)


def _unchunked(received: bytearray, at: int) -> bytes | None:
    """The chunks put together, if the last one is there."""
    body = bytearray()
    while (ends := received.find(b"\r\n", at)) >= 0:
        size, start = int(received[at:ends], 16), ends + 2
        if len(received) < start + size + 2:
            return None
        if size == 0:
            return bytes(body)
        body += received[start : start + size]
        at = start + size + 2
    return None
