"""Many at once on the same rows: nobody is paid twice, nothing is lost, nobody sees a deadlock."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator

import pytest
from tests.store.books import wrong
from tests.store.engine import Engine, agreed, person, rich, running, usd
from tests.store.mix import BANK
from tests.store.processes import told

from earnest.core.actions import Reason
from earnest.core.contracts import OfferContract
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.payments.withdrawing import RequestWithdrawal
from earnest.http.problems import STATUS

pytestmark = pytest.mark.asyncio

SEED = 20_260_101
PROCESSES = 4
COMMANDS = 10_000
PEOPLE = 8
CONTRACTS = 24


@contextlib.asynccontextmanager
async def two(dsn: str) -> AsyncIterator[tuple[Engine, Engine]]:
    """Two processes' engines, with small batches, so that many of them meet."""
    async with running(dsn, commands_max=3) as one, running(dsn, commands_max=3) as other:
        yield one, other


async def test_a_hundred_releases_of_everything_pay_it_once(dsn: str) -> None:
    async with two(dsn) as engines:
        deal = await agreed(engines[0], "100.00")
        release = ReleaseMilestone(deal.milestone)
        codes = await asyncio.gather(
            *(engine.code(deal.employer, release) for _ in range(50) for engine in engines)
        )
        assert Counter(codes) == {"ok": 1, "wrong_status": 99}
        assert await engines[0].balance("wallet", deal.freelancer) == 10_000
        assert await wrong(engines[0].database.pool) == {}


async def test_a_hundred_partial_releases_pay_no_more_than_was_held(dsn: str) -> None:
    async with two(dsn) as engines:
        deal = await agreed(engines[0], "100.00")
        part = ReleaseMilestone(deal.milestone, usd("3.00"))
        codes = await asyncio.gather(
            *(engine.code(deal.employer, part) for _ in range(50) for engine in engines)
        )
        assert Counter(codes) == {"ok": 33, "more_than_held": 67}
        assert await engines[0].balance("wallet", deal.freelancer) == 9_900
        assert await engines[0].balance("escrow", deal.milestone) == 100
        assert await wrong(engines[0].database.pool) == {}


async def test_of_releasing_and_cancelling_at_once_one_wins(dsn: str) -> None:
    async with two(dsn) as engines:
        deal = await agreed(engines[0], *["10.00"] * 30)
        turns = itertools.cycle([engines, engines[::-1]])
        for milestone, (one, other) in zip(deal.milestones, turns, strict=False):
            codes = await asyncio.gather(
                one.code(deal.employer, ReleaseMilestone(milestone)),
                other.code(deal.freelancer, Cancel(milestone)),
            )
            (refusal,) = set(codes) - {"ok"}
            assert sorted(codes) == ["ok", refusal]
            assert STATUS[Reason(refusal)] == 409
        paid = await engines[0].balance("wallet", deal.freelancer)
        back = await engines[0].balance("wallet", deal.employer)
        assert paid + back == 100_000
        assert await wrong(engines[0].database.pool) == {}


async def test_of_many_withdrawals_with_money_for_one_one_is_made(dsn: str) -> None:
    async with two(dsn) as engines:
        emma = await person(engines[0], "emma")
        await rich(engines[0], emma, usd("15.00"))
        out = RequestWithdrawal(emma, "sandbox", usd("10.00"), BANK)
        codes = await asyncio.gather(
            *(engine.code(emma, out) for _ in range(20) for engine in engines)
        )
        assert Counter(codes) == {"ok": 1, "not_enough_money": 39}
        assert await engines[0].balance("wallet", emma) == 500
        assert await wrong(engines[0].database.pool) == {}


async def test_two_who_pay_each_other_at_once_never_deadlock(dsn: str) -> None:
    """A thousand times each way: A releases to B while B releases to A."""
    async with two(dsn) as engines:
        there = await agreed(engines[0], "1000.00")
        back = await agreed(engines[0], "1000.00", between=(there.freelancer, there.employer))
        cent = usd("0.01")
        asked = [
            (engine, deal.employer, ReleaseMilestone(deal.milestone, cent))
            for _ in range(500)
            for engine, deal in itertools.product(engines, (there, back))
        ]
        codes = await asyncio.gather(*(engine.code(who, what) for engine, who, what in asked))
        assert Counter(codes) == {"ok": 2_000}
        for milestone in (there.milestone, back.milestone):
            assert await engines[0].balance("escrow", milestone) == 100_000 - 1_000
        assert [engine.batcher.counts.retries for engine in engines] == [0, 0]
        assert await wrong(engines[0].database.pool) == {}


async def test_a_wallet_that_two_open_at_once_is_one(dsn: str) -> None:
    """The first contracts in a currency: nobody has locked what is not there yet."""
    async with two(dsn) as engines:
        frank = await person(engines[0], "frank")
        others = [await person(engines[0], f"emma{n}") for n in range(20)]
        codes = await asyncio.gather(
            *(
                engine.code(emma, OfferContract(emma, frank, "CHF", "classic"))
                for emma in others
                for engine in engines
            )
        )
        assert Counter(codes) == {"ok": 40}
        opened = "SELECT count(*) FROM accounts WHERE currency = 'CHF'"
        assert await engines[0].value(opened) == 21
        assert await wrong(engines[0].database.pool) == {}


async def test_ten_thousand_random_commands_from_four_processes(dsn: str) -> None:
    print(f"seed {SEED}")  # noqa: T201  # Shown when it fails.
    async with running(dsn) as engine:
        people = [await person(engine, f"p{n}") for n in range(PEOPLE)]
        between = list(itertools.permutations(people, 2))[:CONTRACTS]
        deals = [
            await agreed(engine, *["25.00"] * 3, between=each, purse="200.00") for each in between
        ]
        stage = {
            "people": people,
            "contracts": [deal.contract for deal in deals],
            "milestones": [number for deal in deals for number in deal.milestones],
        }
        each = COMMANDS // PROCESSES
        tasks = [
            {"dsn": dsn, "seed": SEED + n, "commands": each, "stage": stage}
            for n in range(PROCESSES)
        ]
        ends = await asyncio.gather(*(told("tests.store.hammer", task) for task in tasks))
        assert [end["errors"] for end in ends] == [[]] * PROCESSES
        heard = sum((Counter(end["heard"]) for end in ends), Counter[str]())
        assert heard.total() == COMMANDS
        assert heard["ok"] > COMMANDS // 10, heard
        missing = {"not_found", "not_your_part", "wrong_status", "more_than_held"} - set(heard)
        assert missing == set(), heard
        assert await wrong(engine.database.pool) == {}
