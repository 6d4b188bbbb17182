"""Plans in the books: paid by the clock, objected to beside it, read only where there is one."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any, Final

import asyncpg
import pytest
from tests.store.books import wrong
from tests.store.engine import HOUSE, Deal, Engine, accepting, agreed, code_of, running, usd
from tests.store.planned import LINE, objected, offered_planned, planned, tranches
from tests.store.test_waking import WALLET, wind

from earnest.core.clocks import winding
from earnest.core.disputes.objecting import ObjectToTranche
from earnest.core.disputes.offering import Concede, Respond
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.milestones.funding import FundContract
from earnest.core.milestones.recalling import Recall
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.revising import AgreeEdit, ProposeEdit
from earnest.core.milestones.working import Submit
from earnest.http.problems import problem_of
from earnest.store.batch import execute
from earnest.store.turns import Turns

pytestmark = pytest.mark.asyncio

DAYS: Final = timedelta(days=1)
PAID: Final = "SELECT paid FROM tranches WHERE milestone_id = $1 ORDER BY position"
STATUS: Final = "SELECT status FROM milestones WHERE id = $1"


async def paid(engine: Engine, deal: Deal) -> list[int]:
    return [r[0] for r in await engine.database.pool.fetch(PAID, deal.milestone)]


async def test_each_tranche_is_paid_at_its_instant_however_late_it_is_written_down(
    engine: Engine,
) -> None:
    deal, parts = await planned(engine)
    dates = await engine.database.pool.fetch("SELECT at FROM tranches ORDER BY position")
    await engine.database.advance(100 * DAYS)
    assert await wind(engine, deal.contract) == 3
    told = await engine.database.pool.fetch(
        "SELECT subject_id, at FROM events WHERE name = 'milestone.tranche_paid' ORDER BY seq"
    )
    assert [tuple(each) for each in told] == [
        (part, at["at"]) for part, at in zip(parts, dates, strict=True)
    ]
    assert await paid(engine, deal) == [4_000, 3_000, 3_000]
    assert await engine.value(WALLET, deal.freelancer) == 10_000
    assert await engine.value(STATUS, deal.milestone) == "released"
    keys = await engine.database.pool.fetch("SELECT key FROM commands WHERE key LIKE 'trn_%'")
    assert len(keys) == 3
    assert await wrong(engine.database.pool) == {}


async def test_who_accepts_a_contract_agrees_to_its_plan(engine: Engine) -> None:
    from tests.core.clocked import CLOCKED  # noqa: PLC0415

    deal, made = await offered_planned(engine)
    assert await wrong(engine.database.pool) == {}
    await engine.one(deal.freelancer, accepting(deal.contract, made, CLOCKED))
    await engine.database.advance(10 * DAYS)
    assert await wind(engine, deal.contract) == 1
    assert await paid(engine, deal) == [4_000, 0, 0]
    assert await wrong(engine.database.pool) == {}


async def test_a_plan_that_nobody_agreed_to_pays_nothing(engine: Engine) -> None:
    deal, _ = await planned(engine, agreed_to=False)
    await engine.database.advance(40 * DAYS)
    assert await wind(engine, deal.contract) == 0
    assert await engine.value(STATUS, deal.milestone) == "funded"


async def test_an_objection_is_paid_around_and_ends_both_ways(engine: Engine) -> None:
    deal, parts, dispute = await objected(engine)
    assert await wrong(engine.database.pool) == {}
    await engine.database.advance(10 * DAYS)
    assert await paid(engine, deal) == [0, 0, 0], "nobody looked yet"
    await engine.one(deal.freelancer, Concede(dispute))
    assert await paid(engine, deal) == [2_500, 0, 0]
    again = ObjectToTranche(parts[1], usd("30.00"), "Nor does this.")
    dispute = (await engine.one(deal.employer, again))["number"]
    await engine.one(deal.freelancer, Respond(dispute, usd("30.00"), "It does."))
    await engine.database.advance(12 * DAYS)
    await engine.one(deal.employer, WithdrawDispute(dispute))
    assert await paid(engine, deal) == [2_500, 3_000, 0]
    assert await engine.value(WALLET, deal.freelancer) == 5_500
    assert await wrong(engine.database.pool) == {}
    await engine.database.advance(100 * DAYS)
    assert await wind(engine, deal.contract) == 1
    assert await paid(engine, deal) == [2_500, 3_000, 3_000]
    assert await engine.value(STATUS, deal.milestone) == "released"
    assert await wrong(engine.database.pool) == {}


async def test_a_dispute_that_is_let_go_after_all_dates_pays_everything(engine: Engine) -> None:
    deal, _ = await planned(engine)
    asked = DisputeMilestone(deal.milestone, usd("100.00"), usd("0.00"), "No.")
    dispute = (await engine.one(deal.employer, asked))["number"]
    await engine.one(deal.freelancer, Respond(dispute, usd("100.00"), "Yes."))
    await engine.database.advance(13 * DAYS)
    await engine.one(deal.employer, WithdrawDispute(dispute))
    assert await paid(engine, deal) == [4_000, 0, 0]
    await engine.database.advance(100 * DAYS)
    assert await wind(engine, deal.contract) == 2
    assert await wrong(engine.database.pool) == {}


async def test_what_both_change_keeps_its_plan(engine: Engine) -> None:
    deal, _ = await planned(engine)
    await engine.one(deal.employer, ProposeEdit(deal.milestone, "More", usd("120.00")))
    agree = AgreeEdit(deal.milestone, await engine.proposed(deal.milestone))
    changed = await engine.one(deal.freelancer, agree)
    assert len(changed["plan"]) == 3
    assert changed["plan_agreed_at"]
    await engine.database.advance(100 * DAYS)
    assert await wind(engine, deal.contract) == 3
    assert await paid(engine, deal) == [4_000, 3_000, 5_000]
    assert await wrong(engine.database.pool) == {}


async def test_two_objections_in_two_processes_at_once_are_one(engine: Engine, dsn: str) -> None:
    async with running(dsn) as other:
        for _ in range(6):
            deal, parts = await planned(engine)
            asked = [ObjectToTranche(each, usd("10.00"), "No.") for each in parts[:2]]
            heard = await asyncio.gather(
                engine.code(deal.employer, asked[0]), other.code(deal.employer, asked[1])
            )
            assert sorted(heard) == ["dispute_open", "ok"]
    assert await wrong(engine.database.pool) == {}


@pytest.mark.parametrize("act", ["object", "recall"])
async def test_beside_the_clock_in_two_processes_at_once_the_clock_comes_first(
    engine: Engine, dsn: str, act: str
) -> None:
    async with running(dsn) as other:
        for _ in range(6):
            deal, parts = await planned(engine)
            await engine.database.pool.execute(
                "UPDATE site SET clock_offset = clock_offset + interval '10 days'"
                " - interval '5 minutes'"
            )
            asked: Any = ObjectToTranche(parts[0], usd("10.00"), "No.")
            if act == "recall":
                await engine.one(deal.employer, ReleaseMilestone(deal.milestone, usd("80.00")))
                asked = Recall(await engine.value("SELECT max(id) FROM releases"))
            await engine.database.pool.execute(
                "UPDATE site SET clock_offset = clock_offset + interval '5 minutes'"
            )
            heard, *_ = await asyncio.gather(
                engine.code(deal.employer, asked),
                wind(other, deal.contract),
                wind(engine, deal.contract),
            )
            assert heard == ("wrong_status" if act == "object" else "date_passed")
            assert (await paid(engine, deal))[0] == (4_000 if act == "object" else 2_000)
    assert await wrong(engine.database.pool) == {}


async def statements(engine: Engine, who: int, asked: Any) -> list[str]:
    texts: list[str] = []
    async with engine.database.pool.acquire() as connection:
        with connection.query_logger(lambda record: texts.append(record.query)):
            command = winding(asked) if isinstance(asked, int) else engine.command(who, asked)
            answers = await execute(
                connection, [command], HOUSE, problem_of, Turns(), engine.node.ids.reserve
            )
    assert code_of(answers[command.id]) == "ok"
    return [text for text in texts if "FROM tranches" in text and "FROM contracts" not in text]


async def test_tranches_are_read_only_with_a_plan(engine: Engine) -> None:
    deal, _ = await planned(engine)
    plain = await agreed(engine, "100.00")
    assert await statements(engine, plain.freelancer, Submit(plain.milestone)) == []
    assert len(await statements(engine, deal.freelancer, Cancel(deal.milestone, usd("1.00")))) == 1
    more = FundContract(deal.contract, (LINE, LINE))
    assert await statements(engine, deal.employer, more) == []
    await engine.database.advance(100 * DAYS)
    assert len(await statements(engine, 0, deal.contract)) == 1


async def test_a_tranche_is_one_of_its_plan(engine: Engine) -> None:
    """The row is written with its milestone, all of them or none."""
    deal, parts = await planned(engine)
    assert parts == await tranches(engine, deal.milestone)
    with pytest.raises(asyncpg.UniqueViolationError, match="tranches_of_a_milestone"):
        await engine.database.pool.execute("UPDATE tranches SET position = 1 WHERE position = 2")
