"""A TCP proxy before PostgreSQL that knows a COMMIT when it passes, and cuts the connection there.

Before it is forwarded, right after, or when the answer has come and nobody has heard it. Now and
then nobody is let in for a while either, so that whoever lost the connection cannot find out.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

#: How long nobody is let in: longer than the engine tries by itself.
CLOSED_SECONDS: Final = 1.5


class Cut(Enum):
    """Where a connection is cut."""

    EARLY = "in the middle of a batch"
    BEFORE = "before COMMIT was forwarded"
    PASSING = "right after it was forwarded"
    UNHEARD = "when its answer had come"


AT_COMMIT: Final = (Cut.BEFORE, Cut.PASSING, Cut.UNHEARD)


@dataclass(slots=True, eq=False)
class Link:
    """One connection through the proxy."""

    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    #: The next answer of the server is the last thing that happens, and is not passed on.
    is_over: bool = False

    def cut(self) -> None:
        """Both sides lose it. What was written to the server arrives there all the same."""
        self.client.transport.abort()
        self.server.close()


@dataclass(slots=True)
class Proxy:
    """Listens on loopback, and forwards to the socket of a private server."""

    dsn: str
    dice: random.Random
    #: Of so many occasions one is cut; none at 0.
    every: int = 0
    where: tuple[Cut, ...] = AT_COMMIT
    #: Of so many cuts one closes the door behind it.
    closing: int = 10
    cuts: Counter[Cut] = field(default_factory=Counter)
    closed: int = 0
    port: int = 0
    _open_at: float = 0
    _server: asyncio.Server | None = None
    _links: set[Link] = field(default_factory=set)

    @property
    def address(self) -> str:
        """The database's address through here."""
        parts = urlsplit(self.dsn)
        there = f"{parts.username}:{parts.password}@127.0.0.1:{self.port}"
        return f"postgresql://{there}{parts.path}?sslmode=disable"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._met, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        for link in list(self._links):
            link.cut()
        await self._server.wait_closed()

    async def _met(self, reader: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        if time.monotonic() < self._open_at:
            client.transport.abort()
            return
        (folder,) = parse_qs(urlsplit(self.dsn).query)["host"]
        answers, server = await asyncio.open_unix_connection(f"{folder}/.s.PGSQL.5432")
        link = Link(client, server)
        self._links.add(link)
        try:
            await asyncio.gather(
                _pumped(self._forward(reader, link), link), _pumped(self._back(answers, link), link)
            )
        finally:
            self._links.discard(link)

    async def _forward(self, reader: asyncio.StreamReader, link: Link) -> None:
        """Message by message: the first has no type, every other a byte before its length."""
        is_first = True
        while True:
            head = await reader.readexactly(4 if is_first else 5)
            body = await reader.readexactly(int.from_bytes(head[-4:]) - 4)
            cut = None if is_first else self._chosen(head[:1], body)
            is_first = False
            if cut in {Cut.EARLY, Cut.BEFORE}:
                return
            link.is_over = cut is Cut.UNHEARD
            link.server.write(head + body)
            await link.server.drain()
            if cut is Cut.PASSING:
                return

    async def _back(self, answers: asyncio.StreamReader, link: Link) -> None:
        while chunk := await answers.read(65536):
            if link.is_over:
                return
            link.client.write(chunk)
            await link.client.drain()

    def _chosen(self, kind: bytes, body: bytes) -> Cut | None:
        """Whether, and where, the connection is cut at this message."""
        is_commit = kind == b"Q" and body.upper().startswith(b"COMMIT")
        cut = self.dice.choice(self.where)
        if not self.every or is_commit is (cut is Cut.EARLY) or self.dice.randrange(self.every):
            return None
        self.cuts[cut] += 1
        if not self.dice.randrange(self.closing):
            self.closed += 1
            self._open_at = time.monotonic() + CLOSED_SECONDS
            if cut is not Cut.EARLY:  # Or a COMMIT of another batch would be lost with it.
                for other in self._links:
                    other.client.transport.abort()
        return cut


async def _pumped(pump: Coroutine[None, None, None], link: Link) -> None:
    """Where one side ends, the other does too: half a connection would hold locks."""
    try:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await pump
    finally:
        link.cut()
