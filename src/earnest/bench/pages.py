"""How fast pages and lists are: asked for over HTTP, and looked into, statement by statement."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from earnest.bench import serving
from earnest.bench.figures import BenchError
from earnest.bench.installation import existing
from earnest.bench.visitors import visits
from earnest.bench.wire import Connection
from earnest.http.api import create
from earnest.store.measuring import asked_of, plans_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from earnest.bench.installation import Installation
    from earnest.bench.serving import Server
    from earnest.bench.visitors import Visit
    from earnest.store.measuring import Asked

#: What every page needs at p95, in milliseconds.
LIMIT_MS: Final = 50
#: What is over this, too, is too slow on any machine, however busy.
SLOW_MS: Final = 100
#: Each page is asked for so often a round; whoever only looks whether it can be measured, once.
ASKED_EACH: Final = 8
ASKED_ONCE: Final = 1
#: What is slower than this is told with its plan.
_PLAN_MS: Final = 15
_OK: Final = 200
_SHARE: Final = 0.95


@dataclass(slots=True)
class Measured:
    """One page: how long it took, and what it asked of the database."""

    visit: Visit
    seconds: list[float] = field(default_factory=list)
    #: Processor time of the server and of PostgreSQL: what else the machine does is not in it.
    used: float = 0
    bytes: int = 0
    statements: int = 0
    slowest: Asked | None = None
    plan: str = ""

    @property
    def p95_ms(self) -> float:
        """What 95 of 100 are not slower than."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(_SHARE * len(ordered)))] * 1e3

    @property
    def cpu_ms(self) -> float:
        """Processor time of one request."""
        return self.used / len(self.seconds) * 1e3

    @property
    def is_met(self) -> bool:
        """Whether it is fast enough."""
        return self.p95_ms <= LIMIT_MS

    @property
    def is_slow(self) -> bool:
        """Whether it is far from that."""
        return self.p95_ms > SLOW_MS

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        address, slowest = self.visit.address, self.slowest
        return {
            "path": address.path, "who": address.who, "pages_on": address.pages_on,
            "p50_ms": statistics.median(self.seconds) * 1e3, "p95_ms": self.p95_ms,
            "max_ms": max(self.seconds) * 1e3, "cpu_ms": self.cpu_ms, "met": self.is_met,
            "bytes": self.bytes,
            "statements": self.statements,
            "slowest_ms": slowest.seconds * 1e3 if slowest else None,
            "slowest": " ".join(slowest.text.split()) if slowest else None, "plan": self.plan,
        }  # fmt: skip


async def measure(
    where: Path,
    postgres: Path | None,
    say: Callable[[str], None],
    *,
    rounds: int,
    asked_each: int,
) -> list[Measured]:
    """All pages of a sandbox that is there already."""
    async with existing(where, postgres, say) as installation:
        async with serving.served(installation) as server:
            connection = await Connection.to(server.port)
            found = [Measured(each) for each in await visits(installation.app, connection)]
            say("every page once, so that it is warm")
            for each in found:
                each.bytes = await _ask(each, connection)
            for number in range(rounds):
                say(f"round {number + 1} of {rounds}")
                await _ask_for(found, server, connection, asked_each)
            connection.close()
        say("statements, and the plans of the slowest")
        await _look_into(found, installation)
        return found


async def _ask_for(
    found: Sequence[Measured], server: Server, connection: Connection, times: int
) -> None:
    """In turn, so that what the machine does in the meantime falls on all alike."""
    for each in found:
        before = server.used()
        for _ in range(times):
            began = time.perf_counter()
            await _ask(each, connection)
            each.seconds.append(time.perf_counter() - began)
        each.used += sum(
            now - then
            for then, now in zip(before, server.used(), strict=True)
            if then is not None and now is not None
        )


async def _ask(each: Measured, connection: Connection) -> int:
    """Ask for a page; how long the answer is."""
    status, body = await connection.ask(each.visit.request)
    if status != _OK:
        raise BenchError("refused", f"{each.visit.path} was answered {status}.")
    return len(body)


async def _look_into(found: Sequence[Measured], installation: Installation) -> None:
    """In this process, so that every statement can be noted."""
    api = create(installation.app)
    async with asked_of(installation.app.database) as asked:
        for each in found:
            for _ in range(2):  # Once so that plans are made, once to be noted.
                asked.clear()
                await _answered(api, each.visit)
            each.statements = len(asked)
            each.slowest = max(asked, key=lambda one: one.seconds, default=None)
    async with plans_of(installation.held.dsn) as (db, plans):
        for each in found:
            if each.slowest is not None and each.slowest.seconds * 1e3 > _PLAN_MS:
                plans.clear()
                await db.fetch(each.slowest.text, *each.slowest.values)
                each.plan = plans[-1]


async def _answered(api: Callable[..., Awaitable[None]], visit: Visit) -> None:
    head, *fields = visit.request.decode().strip().split("\r\n")
    path, _, query = head.split(" ")[1].partition("?")
    parts = [each.partition(": ") for each in fields]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
        "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(n.lower().encode(), v.encode()) for n, _, v in parts],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "root_path": "",
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start" and message["status"] != _OK:
            raise BenchError("refused", f"{visit.path} was answered {message['status']}.")

    await api(scope, receive, send)
