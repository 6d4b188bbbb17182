"""A process under load, to be killed, as `python -m tests.store.load`.

It asks without end, and writes a line for each command as soon as it was answered: whose, its key,
and the SHA-256 of the answer. What could not be answered it asks again under the same key.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import structlog
from tests.store.engine import Engine, running, usd

from earnest.batcher import UnavailableError
from earnest.core.actions import Action
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.store import embedded
from earnest.store.batch import Answer

AT_ONCE: Final = 24


def digest(rows: Iterable[bytes], problem: bytes | None) -> str:
    """What is compared afterwards."""
    return hashlib.sha256(b"\n".join(rows) + b"|" + (problem or b"")).hexdigest()


async def asked(engine: Engine, who: int, action: Action[Any]) -> Answer:
    """Ask until there is an answer, and write down that there was."""
    command = engine.command(who, action)
    while True:
        try:
            answer = await engine.batcher.submit(command)
        except UnavailableError:
            await asyncio.sleep(0.01)
        else:
            line = f"{who} {command.key} {digest(answer.rows, answer.problem)}\n"
            os.write(1, line.encode())
            return answer


async def work(engine: Engine, deal: dict[str, int]) -> None:
    """Set aside, release a part, ask for too much, and give the rest back; for ever."""
    employer, freelancer = deal["employer"], deal["freelancer"]
    lines = (Line("A piece of work", usd("1.00")), Line("Another", usd("2.00")))
    while True:
        funded = await asked(engine, employer, FundContract(deal["contract"], lines))
        for number in (json.loads(row)["number"] for row in funded.rows):
            await asked(engine, employer, ReleaseMilestone(number, usd("0.40")))
            await asked(engine, employer, ReleaseMilestone(number, usd("1000.00")))
            await asked(engine, freelancer, Cancel(number))


async def load(data_dir: Path, deals: list[dict[str, int]]) -> None:
    """Hold the server as every process does, and start it again when it has died."""
    with embedded.hold(data_dir) as held:
        async with running(held.dsn, revive=lambda: embedded.ensure_running(held)) as engine:
            await asyncio.gather(*(work(engine, deals[n % len(deals)]) for n in range(AT_ONCE)))


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=sys.stderr))
    task = json.loads(sys.stdin.read())
    asyncio.run(load(Path(task["data_dir"]), task["deals"]))
