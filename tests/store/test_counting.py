"""What a contract's milestones add up to is taken as counted only as long as it is still so."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import pytest
from tests.store.engine import Deal, Engine, agreed, connected, offered, usd

from earnest.core.milestones.agreeing import End
from earnest.core.milestones.asking import RequestMilestone
from earnest.core.milestones.funding import Fund
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.people import Party
from earnest.core.references import NUMBER_MAX
from earnest.core.reputation import Measure, Tally
from earnest.ids import first_of
from earnest.store import counting
from earnest.store.counting import TAKEN_MAX, catch_up, look, rebuild
from earnest.store.documents import Look
from earnest.store.reads.reputation import records

pytestmark = pytest.mark.asyncio

MINUTE_MS = 60_000
#: A count that nothing could come to, to see whether it is read.
ABSURD = "UPDATE contract_counts SET funded = 77"
COUNTED = "SELECT count(*) FROM contract_counts"
RIGHT = "SELECT funded FROM contract_counts WHERE contract_id = $1"
REACHED = """
INSERT INTO counting (settled, unfilled) VALUES ($1, 0)
ON CONFLICT (id) DO UPDATE SET (settled, unfilled) = ($1, 0)
"""
#: All events of the contracts so far, as if they had happened an hour ago.
LONG_AGO = "UPDATE events SET id = id - $1::bigint"
HOUR = first_of(60 * MINUTE_MS) - first_of(0)


async def funded(engine: Engine, employer: int) -> int:
    """How many milestones of an employer count."""
    async with engine.database.pool.acquire() as db:
        found = await records(db, employers=[employer])
    return found[Party.EMPLOYER, employer].of(Measure.PAID_UP_FRONT).whole


async def counted(engine: Engine, deal: Deal) -> None:
    async with engine.database.pool.acquire() as db:
        assert await counting.count(db, [deal.contract], NUMBER_MAX) == 1
        await db.execute(ABSURD)


async def test_a_count_is_read_until_something_happens_in_its_contract(engine: Engine) -> None:
    deal = await agreed(engine, "10.00", "20.00")
    await counted(engine, deal)
    assert await funded(engine, deal.employer) == 77
    await engine.one(deal.employer, ReleaseMilestone(deal.milestones[0], usd("1.00")))
    assert await funded(engine, deal.employer) == 2


async def test_a_count_is_read_until_an_agreed_date_passes(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    due = (await engine.database.now()).replace(microsecond=0) + timedelta(days=2)
    asked = RequestMilestone(deal.contract, "More", usd("5.00"), due)
    more = await engine.one(deal.freelancer, asked)
    await engine.one(deal.employer, Fund(more["number"]))
    await counted(engine, deal)
    await engine.database.advance(timedelta(days=1))
    assert await funded(engine, deal.employer) == 77
    await engine.database.advance(timedelta(days=1))
    assert await funded(engine, deal.employer) == 2
    assert (await look(engine.database)).written == 0, "its last event may not be the last yet"
    await engine.database.pool.execute(LONG_AGO, HOUR)
    assert (await look(engine.database)).written == 1
    async with engine.database.pool.acquire() as db:
        record = (await records(db, freelancers=[deal.freelancer]))[
            Party.FREELANCER, deal.freelancer
        ]
    assert record.of(Measure.ON_TIME) == Tally(0, 1, 1)


async def test_a_clock_set_back_makes_no_count_of_the_future_hold(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    await counted(engine, deal)
    await engine.database.pool.execute(
        "UPDATE contract_counts SET counted_at = counted_at + interval '1 hour'"
    )
    assert await funded(engine, deal.employer) == 1


async def test_what_has_come_to_rest_is_counted_and_what_has_not_is_left(engine: Engine) -> None:
    quiet = await agreed(engine, "10.00")
    await engine.database.pool.execute(LONG_AGO, HOUR)
    await agreed(engine, "10.00")
    late = first_of(time.time_ns() // 1_000_000 - 2 * 60 * MINUTE_MS)
    await engine.database.pool.execute(REACHED, late)
    assert await catch_up(engine.database) == 1
    assert await engine.value(RIGHT, quiet.contract) == 1
    assert await engine.value(COUNTED) == 1
    before = await engine.value("SELECT xmin::text FROM counting")
    assert await look(engine.database) == Look()
    assert await engine.value("SELECT xmin::text FROM counting") == before


async def test_an_offer_is_not_counted_and_an_ended_contract_is(engine: Engine) -> None:
    await offered(engine, "10.00")
    deal = await agreed(engine, "10.00")
    await engine.one(deal.employer, ReleaseMilestone(deal.milestone))
    await engine.one(deal.employer, End(deal.contract))
    await engine.database.pool.execute(LONG_AGO, HOUR)
    assert await catch_up(engine.database) == 1
    assert await engine.value(RIGHT, deal.contract) == 1


async def test_contracts_from_before_the_counting_are_counted_from_the_newest_down(
    engine: Engine,
) -> None:
    deal = await agreed(engine, "10.00")
    await engine.database.pool.execute(
        """
        INSERT INTO contracts SELECT r.* FROM contracts c, generate_series(1, $2::int) i,
            jsonb_populate_record(c, jsonb_build_object('id', c.id - i)) r
        WHERE c.id = $1
        """,
        deal.contract, TAKEN_MAX,
    )  # fmt: skip
    await engine.database.pool.execute(LONG_AGO, HOUR)
    assert await look(engine.database) == Look(more=True, written=1)
    assert await look(engine.database) == Look()


async def test_rebuilding_counts_again_what_was_counted_wrongly(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    await engine.database.pool.execute(LONG_AGO, HOUR)
    await catch_up(engine.database)
    await engine.database.pool.execute(ABSURD)
    assert await catch_up(engine.database) == 0
    await rebuild(engine.database)
    assert await catch_up(engine.database) == 1
    assert await funded(engine, deal.employer) == 1


async def test_one_at_a_time_counts_and_the_others_go_on(engine: Engine, dsn: str) -> None:
    await agreed(engine, "10.00")
    await engine.database.pool.execute(LONG_AGO, HOUR)
    async with connected(dsn) as other, other.transaction():
        await other.execute("SELECT pg_advisory_xact_lock(20200115)")
        assert await look(engine.database) == Look()
    assert sum(await asyncio.gather(*(catch_up(engine.database) for _ in range(4)))) == 1
