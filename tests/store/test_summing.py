"""What is added up by month is what the transfers say, however they were taken, each taken once."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from tests.store.engine import Engine, agreed, connected, usd
from tests.store.mix import mixed
from tests.store.test_reputation import Town

from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.money import Money
from earnest.core.payments.withdrawing import (
    Destination,
    DestinationType,
    RequestWithdrawal,
)
from earnest.store import summing
from earnest.store.documents import Look
from earnest.store.reads.months import (
    FIRST,
    LAST,
    Months,
    balance_at,
    following,
    month_of,
    months,
    statement,
)
from earnest.store.reads.purse import PLACES, purse
from earnest.store.summing import catch_up, look, rebuild

pytestmark = pytest.mark.asyncio

HELD = {"escrow", "releasing", "dispute"}
OUTGOING = ("reserved", "held_outgoing", "releasing_outgoing", "frozen_outgoing")
INCOMING = ("held_incoming", "releasing_incoming", "frozen_incoming")
KEPT = "SELECT * FROM monthly_sums WHERE user_id <> 0"
MONTH = timedelta(days=31)
BANK = Destination(DestinationType.SANDBOX, "settle", "Emma")

Sums = dict[tuple[int, str, datetime], dict[str, int]]


async def recounted(engine: Engine) -> Sums:
    """The same from every transfer, one by one, as the words of the table put it."""
    pool = engine.database.pool
    sides = {r["id"]: (r[1], r[2]) for r in await pool.fetch(
        "SELECT id, employer_id, freelancer_id FROM contracts"
    )}  # fmt: skip
    owners = {"reserve": dict(await pool.fetch("SELECT id, employer_id FROM projects"))}
    owners["outgoing"] = dict(await pool.fetch("SELECT id, user_id FROM withdrawals"))
    found: Sums = defaultdict(lambda: defaultdict(int))
    for t in await pool.fetch("SELECT * FROM transfers"):
        employer, freelancer = sides.get(t["contract_id"], (0, 0))
        to_freelancer = t["credit_kind"] == "wallet" and t["credit_owner"] == freelancer
        for kind, owner, way in (
            (t["debit_kind"], t["debit_owner"], -1),
            (t["credit_kind"], t["credit_owner"], 1),
        ):
            month, change = (t["currency"], month_of(t["at"])), way * t["amount"]
            if kind == "wallet":
                found[owner, *month]["came" if way > 0 else "went"] += t["amount"]
                found[owner, *month]["moves"] += 1
            elif kind in HELD:
                found[employer, *month]["outgoing"] += change
                found[freelancer, *month]["incoming"] += change
            elif kind == "reserve":
                found[owners[kind][owner], *month]["outgoing"] += change
            elif kind == "outgoing":
                found[owners[kind][owner], *month]["on_the_way"] += change
        if t["debit_kind"] in HELD and (to_freelancer or t["credit_kind"] == "fees"):
            month = (t["currency"], month_of(t["at"]))
            found[employer, *month]["spent"] += t["amount"]
            if to_freelancer:
                found[freelancer, *month]["earned"] += t["amount"]
    return found


async def kept(engine: Engine) -> Sums:
    rows = [dict(row) for row in await engine.database.pool.fetch(KEPT)]
    return {
        (row.pop("user_id"), row.pop("currency"), row.pop("month")): {
            name: value for name, value in row.items() if value
        }
        for row in rows
    }


def meant(sums: Sums) -> Sums:
    """Without what is nothing: a month may have a line though its parts add up to nothing."""
    plain = {k: {name: value for name, value in v.items() if value} for k, v in sums.items()}
    return {k: v for k, v in plain.items() if v}


async def of(engine: Engine, who: int, currency: str = "USD") -> Months:
    async with engine.database.pool.acquire() as db:
        return await months(db, who, currency, await engine.database.now())


@pytest.mark.parametrize("seed", range(2))
async def test_every_sum_is_what_the_transfers_make(
    engine: Engine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summing, "TAKEN_MAX", 7)
    town = Town(engine, random.Random(seed))
    await town.settle()
    for _ in range(3):
        await town.live()
        await engine.database.advance(timedelta(days=20))
        await catch_up(engine.database, settled_ms=0)
        assert meant(await kept(engine)) == meant(await recounted(engine))
    async with engine.database.pool.acquire() as db:
        for who in town.people:
            for currency, places in (await purse(db, who)).items():
                assert set(places) == set(PLACES)
                last = (await of(engine, who, currency)).months[-1]
                for total, names in ((last.outgoing, OUTGOING), (last.incoming, INCOMING)):
                    assert total.minor == sum(places[name] for name in names)
                assert last.closing.minor == places["wallet"]


@pytest.mark.parametrize("is_added", [True, False])
async def test_each_month_begins_with_what_the_one_before_left(
    engine: Engine, *, is_added: bool
) -> None:
    """Added up or not: as long as it is not, the transfers themselves are asked."""
    deal = await agreed(engine, "10.00", "20.00")
    for milestone in deal.milestones:
        await engine.database.advance(2 * MONTH)
        await engine.one(deal.employer, ReleaseMilestone(milestone))
    if is_added:
        await catch_up(engine.database, settled_ms=0)
    found = await of(engine, deal.freelancer)
    assert found.adds_up
    assert [each.came for each in found.months if each.moves] == [usd("10.00"), usd("20.00")]
    for before, after in zip(found.months, found.months[1:], strict=False):
        assert (after.begins, after.opening) == (following(before.begins), before.closing)
    closed = [each.is_closed for each in found.months]
    assert closed == [is_added] * (len(closed) - 1) + [False], "the present one is not over"
    assert (found.until is not None) == is_added


async def test_a_statement_is_the_balances_and_what_moved_in_between(engine: Engine) -> None:
    deal = await agreed(engine, "10.00", "20.00")
    began = await engine.database.now()
    await engine.one(deal.employer, ReleaseMilestone(deal.milestones[0]))
    await engine.database.advance(3 * MONTH)
    await catch_up(engine.database, settled_ms=0)
    await engine.one(deal.employer, ReleaseMilestone(deal.milestones[1]))
    middle = began + MONTH
    async with engine.database.pool.acquire() as db:
        for begins, ends, opening, moves in (
            (FIRST, LAST, "0.00", 2),
            (FIRST, middle, "0.00", 1),
            (middle, LAST, "10.00", 1),
            (middle, middle, "10.00", 0),
        ):
            found = await statement(db, deal.freelancer, "USD", begins, ends)
            assert (found.opening, found.moves, found.adds_up) == (usd(opening), moves, True)
        await db.execute("UPDATE monthly_sums SET came = came + 1 WHERE came > 0")
        broken = await statement(db, deal.freelancer, "USD", month_of(began), month_of(LAST))
        assert broken.adds_up, "nothing kept is asked for before the first or after the last"
        assert (await balance_at(db, deal.freelancer, "USD", middle)).minor != 1_000
    assert not (await of(engine, deal.freelancer)).adds_up


async def test_what_may_still_be_written_closes_no_month(engine: Engine) -> None:
    """A test clock that is set forward leaves behind what moved just before."""
    deal = await agreed(engine, "10.00")
    assert await catch_up(engine.database) == 0, "it may not be the last yet"
    await engine.one(deal.employer, ReleaseMilestone(deal.milestone))
    await engine.database.advance(3 * MONTH)
    await engine.database.pool.execute("DELETE FROM summing")
    await catch_up(engine.database)
    found = await of(engine, deal.freelancer)
    assert [each.is_closed for each in found.months] == [False] * len(found.months)
    assert found.adds_up
    assert found.months[0].came == usd("10.00")


async def test_what_is_on_its_way_out_stands_apart(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    asked = RequestWithdrawal(deal.employer, "sandbox", usd("1.50"), BANK)
    await engine.one(deal.employer, asked)
    await catch_up(engine.database, settled_ms=0)
    last = (await of(engine, deal.employer)).months[-1]
    assert (last.on_the_way, last.outgoing) == (usd("1.50"), usd("10.00"))
    assert last.spent == Money.zero("USD")


async def test_whatever_people_can_ask_for_is_added_up(engine: Engine) -> None:
    for who, asked in await mixed(engine, 1):
        await engine.code(who, asked)
    await catch_up(engine.database, settled_ms=0)
    found = meant(await kept(engine))
    assert found == meant(await recounted(engine))
    assert {name for sums in found.values() for name in sums} == {
        *("came", "went", "moves", "outgoing", "incoming", "on_the_way", "earned", "spent")
    }


async def test_rebuilding_adds_up_again_what_was_wrong(engine: Engine) -> None:
    await agreed(engine, "10.00")
    await catch_up(engine.database, settled_ms=0)
    right = await kept(engine)
    await engine.database.pool.execute("UPDATE monthly_sums SET came = came + 77")
    await catch_up(engine.database, settled_ms=0)
    assert await kept(engine) != right
    await rebuild(engine.database)
    await catch_up(engine.database, settled_ms=0)
    assert await kept(engine) == right


async def test_one_at_a_time_adds_up_and_the_others_go_on(engine: Engine, dsn: str) -> None:
    await agreed(engine, "10.00")
    async with connected(dsn) as other, other.transaction():
        await other.execute("SELECT pg_advisory_xact_lock(20200116)")
        assert await look(engine.database, settled_ms=0) == Look()
    await asyncio.gather(*(catch_up(engine.database, settled_ms=0) for _ in range(4)))
    assert meant(await kept(engine)) == meant(await recounted(engine))


async def test_the_months_of_a_year_follow_each_other() -> None:
    month = datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(12):
        month = following(month)
    assert month == datetime(2027, 1, 1, tzinfo=UTC)
    assert month_of(datetime(2026, 12, 31, 23, 59, tzinfo=UTC)) == datetime(2026, 12, 1, tzinfo=UTC)
