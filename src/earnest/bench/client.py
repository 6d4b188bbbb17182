"""The client, as a process of its own: `python -m earnest.bench.client`, its task as JSON on stdin.

It says `begin` when it begins to count, and `end` with what it counted. Whatever is not answered
with 2xx ends it with a traceback: an error that is answered quickly must not look like speed.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import uvloop

from earnest.bench.wire import Connection

MONEY: Final = b'{"amount":"%s","currency":"USD"}'
SET_ASIDE: Final = MONEY % b"100.00"
RELEASED: Final = MONEY % b"40.00"
LINE: Final = b'{"description":"A piece of work","amount":%s}' % SET_ASIDE
FUND_BODY: Final = b'{"milestones":[%s]}' % LINE
RELEASE_BODY: Final = b'{"amount":%s}' % RELEASED
FUND_LINE: Final = b'{"key":"%%s","action":"contract.fund","id":"%%s","milestones":[%s]}\n' % LINE
RELEASE_LINE: Final = b'{"key":"%%s","action":"milestone.release","id":"%%s","amount":%s}\n' % (
    RELEASED
)
HEAD: Final = (
    b"POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: %s\r\n"
    b"Content-Length: %d\r\n"
)
ANSWER_SECONDS: Final = 30
#: How a milestone's reference begins in an answer, and how long it is.
_FIRST_ID: Final = b'"id":"ms_'
_ID_LENGTH: Final = len("ms_0DXH3K8ZQ2Y7A")


@dataclass(slots=True)
class Count:
    """What was answered while it counted."""

    commands: int = 0
    all_commands: int = 0
    latencies: list[float] = field(default_factory=list)
    counts: bool = False
    ends: bool = False
    #: Set with the first answer that counts.
    any: asyncio.Event = field(default_factory=asyncio.Event)

    async def timed(self, asked: Awaitable[bytes], commands: int) -> bytes:
        """Wait for an answer, and note how long that took."""
        began = time.perf_counter()
        body = await asked
        self.all_commands += commands
        if self.counts:
            self.commands += commands
            self.latencies.append(time.perf_counter() - began)
            self.any.set()
        return body


async def asked(connection: Connection, head: bytes, key: bytes, body: bytes) -> bytes:
    """One request, which must be done."""
    status, answer = await connection.ask(b"%sIdempotency-Key: %s\r\n\r\n%s" % (head, key, body))
    _must_be_done(status, answer)
    return answer


def _must_be_done(status: int, answer: bytes) -> None:
    if not 200 <= status < 300:  # noqa: PLR2004  # What HTTP calls success.
        raise RuntimeError(f"answered {status}: {answer[:500]!r}")


def milestone_in(answer: bytes) -> bytes:
    """The reference of the milestone that was made."""
    at = answer.index(_FIRST_ID) + len(_FIRST_ID) - len("ms_")
    return answer[at : at + _ID_LENGTH]


def lanes(employers: Sequence[dict[str, Any]]) -> Iterator[tuple[bytes, bytes]]:
    """Tokens and contracts for ever, everybody's first contract before anybody's second."""
    nth = 0
    while True:
        for each in employers:
            contracts = each["contracts"]
            yield each["token"].encode(), contracts[nth % len(contracts)].encode()
        nth += 1


async def one_by_one(
    connection: Connection, employers: Sequence[dict[str, Any]], keys: Keys, count: Count
) -> None:
    """Set aside and release a part, a request each."""
    for token, contract in lanes(employers):
        if count.ends:
            return
        path = b"/v1/contracts/%s/fund" % contract
        head = HEAD % (path, token, b"application/json", len(FUND_BODY))
        funding = asked(connection, head, keys.new(), FUND_BODY)
        path = b"/v1/milestones/%s/release" % milestone_in(await count.timed(funding, 1))
        head = HEAD % (path, token, b"application/json", len(RELEASE_BODY))
        await count.timed(asked(connection, head, keys.new(), RELEASE_BODY), 1)


class Keys:
    """Idempotency keys that nobody had before."""

    def __init__(self, run: str) -> None:
        """For this run of this client."""
        self._run = run.encode()
        self._last = 0

    def new(self) -> bytes:
        """One more."""
        self._last += 1
        return b"%s-%d" % (self._run, self._last)


class Payer:
    """A large employer: each request sets aside in as many contracts as it releases of others."""

    def __init__(self, employer: dict[str, Any], keys: Keys, lines: int) -> None:
        """Nothing is set aside yet."""
        self._lanes = lanes([employer])
        self._token = employer["token"].encode()
        self._keys = keys
        self._half = lines // 2
        self._open: list[bytes] = []

    async def pay(self, connection: Connection) -> bytes:
        """One request; what it set aside is released by the next."""
        lines = [FUND_LINE % (self._keys.new(), next(self._lanes)[1]) for _ in range(self._half)]
        lines += [RELEASE_LINE % (self._keys.new(), each) for each in self._open]
        body = b"".join(lines)
        head = HEAD % (b"/v1/batch", self._token, b"application/x-ndjson", len(body))
        status, answer = await connection.ask(b"%s\r\n%s" % (head, body))
        _must_be_done(status, answer)
        answers = answer.split(b"\n")[: len(lines)]
        assert len(answers) == len(lines), "every line is answered"
        for each in answers:
            if b'"status":2' not in each[:400]:
                raise RuntimeError(f"a line was answered {each[:500]!r}")
        self._open = [milestone_in(each) for each in answers[: self._half]]
        return answer


async def by_the_hundred(
    connection: Connection, payers: Sequence[Payer], lines: int, count: Count
) -> None:
    """One payer after the other."""
    while True:
        for each in payers:
            if count.ends:
                return
            await count.timed(each.pay(connection), lines)


async def run(task: dict[str, Any]) -> None:
    """Connect, warm up, count, and tell."""
    count, keys, many = Count(), Keys(task["run"]), task["connections"]
    connections = [await Connection.to(task["port"]) for _ in range(many)]
    employers, lines = task["employers"], task["lines"]
    working: list[Awaitable[None]] = []
    for n, connection in enumerate(connections):
        if lines == 1:
            working.append(one_by_one(connection, employers[n::many], keys, count))
        else:
            payers = [Payer(each, keys, lines) for each in employers[n::many]]
            for each in payers:
                await each.pay(connection)  # From the second request on it is half and half.
            working.append(by_the_hundred(connection, payers, lines, count))
    together = asyncio.gather(*working)
    await _counting(task, count, together)
    count.ends = True
    await together
    for connection in connections:
        connection.close()


async def _counting(task: dict[str, Any], count: Count, working: asyncio.Future[Any]) -> None:
    """Say when it begins and what came of it; an error of who works ends it at once."""
    await _while(working, task["warm"])
    before = count.all_commands
    _tell({"said": "begin"})
    began, count.counts = time.perf_counter(), True
    await _while(working, task["seconds"])
    first = asyncio.ensure_future(count.any.wait())
    await _while(working, ANSWER_SECONDS, first)  # 500 lines may take longer than it should last.
    count.counts = False
    _tell({
        "said": "end",
        "seconds": time.perf_counter() - began,
        "commands": count.all_commands - before,
        "latencies": count.latencies,
    })  # fmt: skip


async def _while(working: asyncio.Future[Any], seconds: float, *until: asyncio.Future[Any]) -> None:
    waited = [working, *until]
    await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    if working.done():
        working.result()


def _tell(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    uvloop.run(run(json.loads(sys.stdin.read())))
