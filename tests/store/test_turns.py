"""Batches overlap: who waits for whom, and that nobody waits in a circle."""

from __future__ import annotations

import asyncio
import json
from asyncio import Future
from itertools import pairwise

import pytest
from tests.store.engine import (
    Engine,
    agreed,
    code_of,
    connected,
    person,
    rich,
    running,
    until,
    usd,
)

from earnest.core.actions import Reason
from earnest.core.contracts import OfferContract
from earnest.core.ledger import BALANCE_MAX, Account, wallet
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.store.batch import Answer
from earnest.store.turns import Turns

pytestmark = pytest.mark.asyncio

EMMA, FRANK, GRACE = (wallet(number, "USD") for number in (1, 2, 3))


class Heard(list[str]):
    """What happened, in its order."""


async def batch(
    turns: Turns,
    name: str,
    heard: Heard,
    writes: asyncio.Event,
    *,
    needs: set[Account],
    gaining: set[Account],
) -> None:
    async with turns.turn() as turn:
        async with turn.locking(needs, gaining):
            heard.append(f"{name} locks")
        await turn.to_write()
        heard.append(f"{name} writes")
        await writes.wait()
    heard.append(f"{name} has ended")


async def settled() -> None:
    """Everybody who can go on has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_while_one_writes_the_next_one_locks_and_then_waits_to_write() -> None:
    turns, heard, first, second = Turns(), Heard(), asyncio.Event(), asyncio.Event()
    both = [
        asyncio.create_task(batch(turns, "one", heard, first, needs={EMMA}, gaining={FRANK})),
        asyncio.create_task(batch(turns, "two", heard, second, needs={GRACE}, gaining={FRANK})),
    ]
    await settled()
    assert heard == ["one locks", "one writes", "two locks"]
    first.set()
    second.set()
    await asyncio.gather(*both)
    assert heard[3:] == ["one has ended", "two writes", "two has ended"]
    assert turns.under_way == []


async def test_what_one_will_add_to_the_next_one_does_not_lock_before_it_has_ended() -> None:
    turns, heard, first, second = Turns(), Heard(), asyncio.Event(), asyncio.Event()
    both = [
        asyncio.create_task(batch(turns, "one", heard, first, needs={EMMA}, gaining={FRANK})),
        asyncio.create_task(batch(turns, "two", heard, second, needs={FRANK}, gaining={EMMA})),
    ]
    await settled()
    assert heard == ["one locks", "one writes"]
    first.set()
    second.set()
    await asyncio.gather(*both)
    assert heard[2:] == ["one has ended", "two locks", "two writes", "two has ended"]


async def failing(turns: Turns) -> None:
    async with turns.turn() as turn:
        async with turn.locking({EMMA}, {FRANK}):
            pass
        raise RuntimeError


async def test_one_that_fails_holds_up_nobody() -> None:
    turns = Turns()
    with pytest.raises(RuntimeError):
        async with turns.turn() as turn, turn.locking({EMMA}, {FRANK}):
            raise RuntimeError
    with pytest.raises(RuntimeError):
        await failing(turns)
    async with asyncio.timeout(1), turns.turn() as turn:
        async with turn.locking({FRANK}, set()):
            pass
        await turn.to_write()
    assert turns.under_way == []


async def both_ways(engine: Engine, people: int) -> list[tuple[int, int]]:
    """A ring in which everybody has set money aside for the next one: who pays what."""
    ring = [await person(engine, "ida") for _ in range(people)]
    pays: list[tuple[int, int]] = []
    for pair in pairwise([*ring, ring[0]]):
        deal = await agreed(engine, "100.00", between=pair)
        pays.append((deal.employer, deal.milestone))
    return pays


async def test_whoever_pays_and_is_paid_at_once_waits_for_nobody_in_a_circle(dsn: str) -> None:
    async with running(dsn, commands_max=8) as engine:
        pays = await both_ways(engine, 24)
        cent = usd("0.01")
        answers = await asyncio.gather(
            *(
                engine.ask(who, ReleaseMilestone(what, cent))
                for _ in range(40)
                for who, what in pays
            )
        )
        assert {code_of(each) for each in answers} == {"ok"}
        assert engine.batcher.counts.retries == 0
        for who, _ in pays:
            assert await engine.balance("wallet", who) == 90_000 + 40


async def test_two_processes_that_meet_in_a_circle_ask_again(dsn: str) -> None:
    """Each holds a wallet, to take from it, and adds last to the one that the other holds."""
    async with running(dsn) as one, running(dsn) as two, connected(dsn) as admin:
        ida, jan = await person(one, "ida"), await person(one, "jan")
        there = await agreed(one, "100.00", between=(ida, jan))
        back = await agreed(one, "100.00", between=(jan, ida))
        line = (Line("More", usd("1.00")),)
        await admin.execute("BEGIN")
        await admin.execute("SELECT FROM milestones FOR UPDATE")  # So that both begin together.

        def asks(
            engine: Engine, mine: int, contract: int, milestone: int
        ) -> Future[tuple[Answer, Answer]]:
            fund = engine.command(mine, FundContract(contract, line))
            release = engine.command(mine, ReleaseMilestone(milestone, usd("1.00")))
            return asyncio.gather(engine.batcher.submit(fund), engine.batcher.submit(release))

        asked = asyncio.gather(
            asks(one, ida, there.contract, there.milestone),
            asks(two, jan, back.contract, back.milestone),
        )
        async with connected(dsn) as other:
            await until(lambda: two_wait(other))
        await admin.execute("COMMIT")
        answers = [code_of(each) for pair in await asked for each in pair]
        assert answers == ["ok"] * 4
        assert await one.balance("wallet", ida) == 90_000
        assert await one.balance("wallet", jan) == 90_000


async def two_wait(db: object) -> bool:
    found: int = await db.fetchval(  # type: ignore[attr-defined]
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        " AND datname = current_database()"
    )
    return found >= 2


async def test_a_wallet_that_would_be_too_full_is_looked_at_and_refuses(engine: Engine) -> None:
    deal = await agreed(engine, "100.00")
    before = await engine.balance("wallet", deal.freelancer)
    await engine.database.pool.execute(
        "UPDATE accounts SET balance = $2 WHERE kind = 'wallet' AND owner = $1",
        deal.freelancer,
        BALANCE_MAX - 1,
    )
    answer = await engine.ask(deal.employer, ReleaseMilestone(deal.milestone))
    assert json.loads(answer.problem or b"")["code"] == Reason.BALANCE_TOO_LARGE
    assert engine.batcher.counts.retries == 1
    last_cent = ReleaseMilestone(deal.milestone, usd("0.01"))
    assert await engine.code(deal.employer, last_cent) == "ok"
    assert (before, await engine.balance("wallet", deal.freelancer)) == (0, BALANCE_MAX)


async def test_somebodys_first_money_opens_their_wallet(engine: Engine) -> None:
    """Nobody could lock it before; two that add to it at once both count."""
    newcomer = await person(engine, "nora")
    assert await engine.balance("wallet", newcomer) == 0
    await asyncio.gather(*(rich(engine, newcomer, usd("1.00")) for _ in range(20)))
    assert await engine.balance("wallet", newcomer) == 2_000
    offer = OfferContract(newcomer, await person(engine, "omar"), "USD", "classic")
    assert await engine.code(newcomer, offer) == "ok"
