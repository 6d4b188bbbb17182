"""Everything that was asked over REST and heard, so that each answer can be asked for again.

What is never heard: a status above 500 that is not 503, another answer to the same key, an answer
that is older than somebody's word that nothing was done.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Final, Self

import asyncpg
import httpx

#: How long whoever has to be answered in the end is patient.
PATIENCE_SECONDS: Final = 90
AT_ONCE: Final = 12
#: How a 503 says that it may be done all the same.
MAY_BE_DONE: Final = b"may be done"

KEPT: Final = """
SELECT key, problem IS NULL, e.id IS NOT NULL
FROM commands c LEFT JOIN events e ON e.id = c.event_id
WHERE key LIKE $1
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command: who asks is in the token."""

    token: str
    key: str
    path: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer, for good."""

    status: int
    body: bytes

    @property
    def is_ok(self) -> bool:
        return self.status < 300

    @property
    def rows(self) -> list[dict[str, Any]]:
        found: dict[str, Any] = json.loads(self.body)
        rows: list[dict[str, Any]] = found.get("items", [found])
        return rows


@dataclass(slots=True)
class Answers:
    """One client of the site, and the book it keeps."""

    url: str
    #: Keys of this book begin with it.
    name: str
    heard: dict[str, tuple[Asked, Heard]] = field(default_factory=dict)
    #: Where a word that nothing was done is looked into at once, if that can be done.
    truth: asyncpg.Pool[Any] | None = None
    #: What is not answered yet, and whether it may be done all the same.
    open: dict[str, tuple[Asked, bool]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    _client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        self._client = httpx.AsyncClient(timeout=60)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._client
        await self._client.aclose()

    def command(self, token: str, path: str, body: Mapping[str, Any]) -> Asked:
        """A new one, under a key of its own."""
        self.counts["asked"] += 1
        return Asked(token, f"{self.name}-{next(self.numbers)}", path, body)

    async def ask(self, asked: Asked, *, is_calm: bool = False) -> Heard | None:
        """Ask once; None if that brought no answer.

        When it is calm, nothing can be lost and found within this very request.
        """
        assert self._client
        headers = {"Authorization": f"Bearer {asked.token}", "Idempotency-Key": asked.key}
        try:
            answer = await self._client.post(
                self.url + asked.path, json=dict(asked.body), headers=headers
            )
        except (httpx.ConnectError, httpx.ConnectTimeout):
            self._unheard(asked, may_be_done=False, why="no server")
            return None
        except httpx.TransportError:
            self._unheard(asked, may_be_done=True, why="connection lost")
            return None
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            unknown = MAY_BE_DONE in answer.content
            why = "503, unknown" if unknown else "503, not done"
            self._unheard(asked, may_be_done=unknown, why=why)
            await self._look(asked)
            return None
        if answer.status_code >= 500 or answer.status_code == httpx.codes.UNAUTHORIZED:
            self.wrong.append(f"{asked.path}: {answer.status_code} {answer.text}")
        return self._answered(
            asked,
            Heard(answer.status_code, answer.content),
            replayed="idempotency-replayed" in answer.headers,
            is_calm=is_calm,
        )

    def _unheard(self, asked: Asked, *, may_be_done: bool, why: str) -> None:
        self.counts[why] += 1
        if asked.key not in self.heard:
            before = self.open.get(asked.key, (asked, False))[1]
            self.open[asked.key] = (asked, before or may_be_done)

    async def _look(self, asked: Asked) -> None:
        """What nobody said may be done is not."""
        if self.truth is None or self.open.get(asked.key, (asked, True))[1]:
            return
        if await self.truth.fetchval("SELECT true FROM commands WHERE key = $1", asked.key):
            self.wrong.append(f"{asked.key} {asked.path} was done, and we heard that it was not")

    def _answered(self, asked: Asked, heard: Heard, *, replayed: bool, is_calm: bool) -> Heard:
        first = self.heard.get(asked.key)
        if first is None:
            _, may_be_done = self.open.pop(asked.key, (asked, False))
            if replayed and is_calm and not may_be_done:
                self.wrong.append(f"{asked.key} {asked.path} was done, and nobody had said so")
            self.heard[asked.key] = (asked, heard)
            self.counts["answered"] += 1
            self.counts["refused by the rules"] += not heard.is_ok
            self.counts["found to be done"] += replayed
        else:
            self.counts["replayed"] += 1
            if first[1] != heard or not replayed:
                self.wrong.append(f"{asked.key} {asked.path}: {first[1]}, and then {heard}")
        return heard

    async def settle(self) -> None:
        """Ask for all that is not answered, until it is."""
        for asked, _ in list(self.open.values()):
            await self._insist(asked)

    async def _insist(self, asked: Asked) -> None:
        """Nothing is done to the site any more, so there is an answer before long."""
        end = time.monotonic() + PATIENCE_SECONDS
        while await self.ask(asked, is_calm=True) is None:
            assert time.monotonic() < end, f"{asked.key} has no answer"
            await asyncio.sleep(0.1)

    async def again(self, keys: Collection[str] | None = None) -> None:
        """Ask for what was answered, all or these, a second time."""
        left = iter(sorted(keys if keys is not None else self.heard))

        async def some() -> None:
            for key in left:
                await self._insist(self.heard[key][0])

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))

    async def compare(self, connection: asyncpg.Connection[Any]) -> None:
        """What is kept under our keys is what was answered, with one event each, and no more."""
        assert self.wrong == [], self.wrong[:9]
        kept = await connection.fetch(KEPT, f"{self.name}-%")
        told = {key: heard.is_ok for key, (_, heard) in self.heard.items()}
        found = {key: is_ok for key, is_ok, _ in kept}
        assert found == told, sorted(found.items() ^ told.items())[:9]
        assert all(is_ok == has_event for _, is_ok, has_event in kept)
