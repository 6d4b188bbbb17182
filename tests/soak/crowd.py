"""People under load: they set money aside, release it, ask for too much and give it back."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from tests.soak.asking import Answers, Heard
from tests.store.engine import agreed, running

from earnest.core.actions import Scope
from earnest.core.references import printed
from earnest.store import tokens

VISITORS: Final = 16
DEALS: Final = 6
PATIENCE_SECONDS: Final = 120


class StoppedError(Exception):
    """The load has been told to end."""


@dataclass(frozen=True, slots=True)
class Deal:
    """Two people, their tokens and their contract."""

    employer: str
    freelancer: str
    contract: str


async def deals(dsn: str, count: int = DEALS) -> list[Deal]:
    """People with plenty of money, who have agreed."""
    made = []
    async with running(dsn) as engine:
        for _ in range(count):
            deal = await agreed(engine, purse="1000000.00")
            both = [
                await tokens.create(engine.database, engine.node.ids.new(), who, frozenset(Scope))
                for who in (deal.employer, deal.freelancer)
            ]
            made.append(Deal(both[0], both[1], printed("ctr", deal.contract)))
    return made


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


@dataclass(slots=True)
class Crowd:
    """Visitors who go on until they are told to stop; without an answer they ask again."""

    answers: Answers
    deals: list[Deal]
    visitors: int = VISITORS
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        self._tasks = [asyncio.create_task(self._visit(n)) for n in range(self.visitors)]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop.set()
        await asyncio.gather(*self._tasks)

    _tasks: list[asyncio.Task[None]] = field(default_factory=list)

    async def load(self, seconds: float, answers: int = 30) -> None:
        """Until it has gone on so long, and so many more commands were answered."""
        end = time.monotonic() + seconds
        wanted = self.answers.counts["answered"] + answers
        await until(
            lambda: time.monotonic() >= end and self.answers.counts["answered"] >= wanted, self
        )

    async def answered_again(self) -> float:
        """How long until something that is asked from now on is answered."""
        began = time.monotonic()
        await self.say("Is anybody there?")
        return time.monotonic() - began

    async def say(self, text: str) -> str:
        """Ask until it is answered; the reference of what that made."""
        deal = self.deals[0]
        path = f"/v1/contracts/{deal.contract}/say"
        (row,) = (await self._insist(deal.employer, path, {"text": text})).rows
        reference: str = row["id"]
        return reference

    def broken(self) -> bool:
        return any(task.done() for task in self._tasks)

    async def _insist(self, token: str, path: str, body: Mapping[str, Any]) -> Heard:
        asked = self.answers.command(token, path, body)
        while True:
            heard = await self.answers.ask(asked)
            if self._stop.is_set():
                raise StoppedError
            if heard is not None:
                return heard
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), 0.1)

    async def _visit(self, number: int) -> None:
        deal = self.deals[number % len(self.deals)]
        with contextlib.suppress(StoppedError):
            while True:
                await self._work(deal)
                if number % 4 == 0:
                    await self._pay(deal)

    async def _work(self, deal: Deal) -> None:
        lines = [{"description": "A piece of work", "amount": usd(a)} for a in ("1.00", "2.00")]
        body = {"contract_id": deal.contract, "items": lines}
        funded = await self._insist(deal.employer, "/v1/milestones", body)
        for row in funded.rows:
            at = f"/v1/milestones/{row['id']}"
            await self._insist(deal.employer, f"{at}/release", {"amount": usd("0.40")})
            await self._insist(deal.employer, f"{at}/release", {"amount": usd("1000.00")})
            await self._insist(deal.freelancer, f"{at}/cancel", {})

    async def _pay(self, deal: Deal) -> None:
        """Money comes in and goes out: then the worker and the gateway take part."""
        body = {"gateway": "sandbox", "amount": usd("0.10")}
        await self._insist(deal.employer, "/v1/deposits", body)
        there = {"type": "sandbox", "account": "settle", "name": "Frank"}
        await self._insist(deal.freelancer, "/v1/withdrawals", {**body, "destination": there})


async def until(holds: Callable[[], object], crowd: Crowd | None = None) -> None:
    """Wait for a condition, as long as everybody who was to go on does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():  # Other processes' doing: no event tells.
        assert time.monotonic() < end, "waited in vain"
        assert crowd is None or not crowd.broken(), "somebody of the crowd has given up"
        await asyncio.sleep(0.02)
