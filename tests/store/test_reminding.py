"""Clocks are told while they run: at each moment once, whoever looks, and never of what is over."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.core.clocked import CLOCKED
from tests.store.disputed import disputed, negotiated, to_be_returned
from tests.store.engine import (
    HOUSE,
    Deal,
    Engine,
    agreed,
    awarded,
    offered,
    person,
    posted,
    rich,
    running,
    usd,
)
from tests.store.mix import BANK
from tests.store.planned import planned

from earnest.core.contracts import Say
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.notices import Mail, Topic
from earnest.core.payments.withdrawing import RequestWithdrawal
from earnest.store import notices, reminding, told
from earnest.store.db import migrations
from earnest.store.documents import Look
from earnest.store.queries import sql

pytestmark = pytest.mark.asyncio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
RUNNING = "SELECT count(*) FROM running_clocks WHERE kind = 'milestone' AND looks_at IS NOT NULL"
REVIEW = "milestone.auto_release"


async def tell(engine: Engine) -> int:
    """Tell of everything by now; of how many moments of clocks somebody was told."""
    reserve = engine.node.ids.reserve
    await notices.catch_up(engine.database, reserve)
    return await reminding.catch_up(engine.database, HOUSE, reserve)


async def after(engine: Engine, time: timedelta) -> int:
    await engine.database.advance(time)
    return await tell(engine)


async def heard(engine: Engine, who: int) -> list[tuple[str, str]]:
    """The moments of clocks that somebody was told of, the oldest first."""
    found = await engine.database.pool.fetch(
        "SELECT name, moment FROM notices WHERE user_id = $1 AND moment IS NOT NULL ORDER BY id",
        who,
    )
    return [(record["name"], record["moment"]) for record in found]


async def facts(engine: Engine, who: int, name: str) -> dict[str, Any]:
    found = await engine.value(
        "SELECT facts FROM notices WHERE user_id = $1 AND name = $2 ORDER BY id DESC LIMIT 1",
        who,
        name,
    )
    kept: dict[str, Any] = json.loads(found)
    return kept


async def handed_in(engine: Engine) -> Deal:
    """Work for 100.00 waits to be looked at, for two weeks."""
    deal = await agreed(engine, "100.00", terms=CLOCKED)
    await engine.one(deal.freelancer, Submit(deal.milestone, "It is done"))
    assert await tell(engine) == 0
    return deal


async def test_a_review_is_told_from_its_start_to_its_last_day(engine: Engine) -> None:
    deal = await handed_in(engine)
    start = await facts(engine, deal.employer, "milestone.submitted")
    ends = await engine.value("SELECT submitted_at + interval '14 days' FROM milestones")
    assert start["by"][:19] == ends.isoformat()[:19]
    assert await after(engine, 7 * DAY - HOUR) == 0
    assert await after(engine, HOUR) == 2
    assert await after(engine, 4 * DAY) == 1
    assert await after(engine, 2 * DAY) == 1
    assert await heard(engine, deal.employer) == [
        (REVIEW, "half"),
        (REVIEW, "three_days"),
        (REVIEW, "day"),
    ]
    assert await heard(engine, deal.freelancer) == [(REVIEW, "half")]
    hundred = {"amount": "100.00", "currency": "USD"}
    mine = await facts(engine, deal.employer, REVIEW)
    assert mine.pop("by")[:19] == ends.isoformat()[:19]
    assert mine == {"person": "frank", "about": "A piece of work", "others": hundred}
    theirs = await facts(engine, deal.freelancer, REVIEW)
    assert (theirs["amount"], theirs["waits"], theirs["person"]) == (hundred, True, "emma")
    assert await after(engine, 2 * DAY) == 0, "it has run out"
    assert await engine.value(RUNNING) == 0


async def test_a_look_again_tells_nothing_and_writes_nothing(engine: Engine) -> None:
    await handed_in(engine)
    assert await after(engine, 8 * DAY) == 2
    before = await engine.value("SELECT array_agg(xmin::text) FROM running_clocks")
    for _ in range(3):
        assert await reminding.look(engine.database, HOUSE, engine.node.ids.reserve) == Look()
    assert await engine.value("SELECT array_agg(xmin::text) FROM running_clocks") == before


async def test_after_an_absence_only_the_last_moment_is_told(engine: Engine) -> None:
    deal = await handed_in(engine)
    assert await after(engine, 13 * DAY + HOUR) == 2
    assert await heard(engine, deal.employer) == [(REVIEW, "day")]
    assert await heard(engine, deal.freelancer) == [(REVIEW, "half")]


async def test_a_clock_that_has_stopped_is_not_told_of(engine: Engine) -> None:
    deal = await handed_in(engine)
    await engine.one(deal.employer, RequestChanges(deal.milestone, "Not yet"))
    assert await after(engine, 13 * DAY) == 0
    await engine.one(deal.freelancer, Submit(deal.milestone, "Again"))
    await engine.done(deal.employer, ReleaseMilestone(deal.milestone))
    assert await after(engine, 13 * DAY) == 0


async def test_one_that_moved_away_is_told_of_where_it_is_now(engine: Engine) -> None:
    """Nothing is written for the clock when somebody says something: it is found to have moved."""
    deal = await agreed(engine, "100.00", terms=CLOCKED)
    await tell(engine)
    lasts = timedelta(seconds=CLOCKED.dormant_seconds)
    await engine.database.advance(lasts // 2 - DAY)
    await engine.one(deal.employer, Say(deal.contract, "Are you there?"))
    assert await after(engine, 2 * DAY) == 0
    assert await after(engine, lasts // 2 - 3 * DAY) == 0
    assert await after(engine, 2 * DAY) == 2
    name = "milestone.return_dormant"
    assert await heard(engine, deal.freelancer) == [(name, "half")]
    assert await heard(engine, deal.employer) == [(name, "half")]


async def test_of_a_contract_that_nobody_touches_one_notice_tells_of_all_it_holds(
    engine: Engine,
) -> None:
    deal = await agreed(engine, "100.00", "50.00", terms=CLOCKED)
    await tell(engine)
    lasts = timedelta(seconds=CLOCKED.dormant_seconds)
    assert await after(engine, lasts // 2 + HOUR) == 2
    kept = await facts(engine, deal.freelancer, "milestone.return_dormant")
    assert (kept["others"]["amount"], kept["count"]) == ("150.00", 2)
    assert "about" not in kept
    subject = "SELECT DISTINCT subject_kind || subject_id FROM notices WHERE moment IS NOT NULL"
    assert await engine.value(subject) == f"contract{deal.contract}"


async def test_what_stopped_is_forgotten_once_nobody_comes_upon_its_event_again(
    engine: Engine,
) -> None:
    deal = await handed_in(engine)
    await engine.done(deal.employer, ReleaseMilestone(deal.milestone))
    stopped = "SELECT count(*) FROM running_clocks WHERE looks_at IS NULL"
    await after(engine, 8 * DAY)
    before = await engine.value("SELECT array_agg(xmin::text || xmax::text) FROM running_clocks")
    for _ in range(3):
        await tell(engine)
    again = await engine.value("SELECT array_agg(xmin::text || xmax::text) FROM running_clocks")
    assert again == before
    assert await engine.value(f"{stopped} AND id = $1", deal.milestone) == 1
    await engine.database.pool.execute("UPDATE noticing SET settled = seen")
    await handed_in(engine)
    assert await engine.value(f"{stopped} AND id = $1", deal.milestone) == 0


async def test_workers_side_by_side_tell_once(engine: Engine, dsn: str) -> None:
    deal = await agreed(engine, *["1.00"] * 40, terms=CLOCKED)
    for milestone in deal.milestones:
        await engine.one(deal.freelancer, Submit(milestone, "It is done"))
    async with running(dsn) as other:
        for days in (8, 3, 2):
            await engine.database.advance(days * DAY)
            await asyncio.gather(tell(engine), tell(other), tell(other))
        await tell(engine)
    assert len(await heard(engine, deal.employer)) == 3 * 40
    assert len(await heard(engine, deal.freelancer)) == 40
    at_once = "SELECT count(*) FROM deliveries JOIN notices USING (id) WHERE moment IS NOT NULL"
    assert await engine.value(at_once) == 4 * 40


async def test_a_worker_that_dies_in_the_middle_has_told_nothing(engine: Engine) -> None:
    await handed_in(engine)

    def dies(_count: int) -> int:
        raise KeyboardInterrupt

    await engine.database.advance(8 * DAY)
    with pytest.raises(KeyboardInterrupt):
        await reminding.look(engine.database, HOUSE, dies)
    assert await engine.value("SELECT count(*) FROM notices WHERE moment IS NOT NULL") == 0
    assert await tell(engine) == 2


async def test_a_withdrawn_dispute_tells_no_moment_twice(engine: Engine) -> None:
    deal = await handed_in(engine)
    assert await after(engine, 8 * DAY) == 2

    claim = DisputeMilestone(deal.milestone, usd("100.00"), usd("0.00"), "It is not.")
    dispute = (await engine.one(deal.employer, claim))["number"]
    await tell(engine)
    assert await engine.value(RUNNING) == 0
    await engine.one(deal.employer, WithdrawDispute(dispute))
    assert await tell(engine) == 0
    assert await after(engine, 4 * DAY) == 1
    assert [moment for _, moment in await heard(engine, deal.employer)] == ["half", "three_days"]


async def test_the_last_one_comes_by_mail_whatever_was_chosen(engine: Engine) -> None:
    deal = await handed_in(engine)
    never = dict.fromkeys(Topic, Mail.NEVER)
    for who in (deal.employer, deal.freelancer):
        await told.choose(engine.database, who, never)
    await after(engine, 8 * DAY)
    await after(engine, 3 * DAY)
    mailed = """
        SELECT user_id, moment, is_last FROM deliveries d JOIN notices USING (id, user_id)
        WHERE moment IS NOT NULL
    """
    assert await engine.database.pool.fetch(mailed) == []
    await told.choose(engine.database, deal.employer, dict.fromkeys(Topic, Mail.DAILY))
    await after(engine, 2 * DAY)
    (record,) = await engine.database.pool.fetch(mailed)
    assert tuple(record) == (deal.employer, "day", True)


async def test_a_tranche_is_told_with_what_it_will_pay(engine: Engine) -> None:
    deal, _ = await planned(engine)
    await tell(engine)
    pays_at = await engine.value("SELECT pays_at FROM milestones")
    due = await engine.value("SELECT amount FROM tranches ORDER BY position LIMIT 1")
    await after(engine, pays_at - await engine.database.now() - HOUR)
    assert [name for name, _ in await heard(engine, deal.employer)] == ["tranche.pay"]
    told_ = await facts(engine, deal.employer, "tranche.pay")
    assert told_["others"]["amount"] == f"{due / 100:.2f}"
    assert (await facts(engine, deal.freelancer, "tranche.pay"))["waits"] is True


async def test_an_offer_is_told_with_what_returns_and_none_of_its_words(engine: Engine) -> None:
    deal, _ = await offered(engine, "10.00", "20.00")
    await tell(engine)
    assert await after(engine, 31 * HOUR) == 2
    thirty = {"amount": "30.00", "currency": "USD"}
    mine = await facts(engine, deal.employer, "contract.lapse")
    assert (mine["amount"], mine["person"], mine["waits"]) == (thirty, "frank", True)
    theirs = await facts(engine, deal.freelancer, "contract.lapse")
    assert theirs.keys() == {"person", "by", "others"}
    assert theirs["others"] == thirty


async def test_an_award_that_waits_is_told_as_any_offer_is(engine: Engine) -> None:
    _, deal = await awarded(engine)
    await tell(engine)
    assert await after(engine, 31 * HOUR) == 2
    name = "contract.lapse"
    assert await heard(engine, deal.freelancer) == [(name, "six_hours")]
    kept = await facts(engine, deal.employer, name)
    assert kept.keys() == {"person", "by", "waits"}, "nothing is funded yet, so nothing returns"


async def test_a_project_is_told_when_bidding_is_over_and_of_what_returns(engine: Engine) -> None:
    made = await posted(engine, "50.00", reserve="60.00")
    await tell(engine)
    closes = await engine.value("SELECT closes_at FROM projects")
    now = await engine.database.now()
    assert await after(engine, closes - now + HOUR) == 1
    assert await heard(engine, made.employer) == [("project.lapse", "start")]
    kept = await facts(engine, made.employer, "project.lapse")
    assert (kept["amount"]["amount"], kept["about"]) == ("60.00", "A project")


async def test_a_withdrawal_that_waits_is_told_to_its_owner_and_to_operators(
    engine: Engine,
) -> None:
    olga = await person(engine, "olga", "operator")
    emma = await person(engine, "emma")
    await rich(engine, emma, usd("5000.00"))
    await engine.one(emma, RequestWithdrawal(emma, "sandbox", usd("2000.00"), BANK))
    await tell(engine)
    ends = await engine.value("SELECT created_at + interval '7 days' FROM withdrawals")
    for who in (olga, emma):
        start = await facts(engine, who, "withdrawal.requested")
        assert start["by"][:19] == ends.isoformat()[:19]
    assert await after(engine, 6 * DAY + HOUR) == 2
    assert await heard(engine, olga) == [("withdrawal.expire", "day")]
    kept = await facts(engine, olga, "withdrawal.expire")
    assert (kept["others"]["amount"], kept["person"]) == ("2000.00", "emma")
    assert (await facts(engine, emma, "withdrawal.expire"))["amount"]["amount"] == "2000.00"


async def test_a_dispute_is_told_to_who_has_to_answer_and_to_who_waits(engine: Engine) -> None:
    deal, _ = await disputed(engine)
    await tell(engine)
    await after(engine, 3 * DAY + 13 * HOUR)
    await after(engine, DAY)
    name = "dispute.default_answer"
    assert await heard(engine, deal.employer) == [(name, "half"), (name, "three_days")]
    assert await heard(engine, deal.freelancer) == [(name, "half")]
    assert (await facts(engine, deal.freelancer, name))["waits"] is True


async def test_rounds_and_the_end_of_a_negotiation_are_told_to_both(engine: Engine) -> None:
    deal, _ = await negotiated(engine)
    await tell(engine)
    assert await after(engine, 2 * DAY + HOUR) == 2
    assert await after(engine, 5 * DAY) == 2
    expected = [("dispute.compare_sealed", "day"), ("dispute.escalate", "half")]
    assert await heard(engine, deal.employer) == await heard(engine, deal.freelancer) == expected
    sealed = await facts(engine, deal.employer, "dispute.compare_sealed")
    assert sealed.keys() == {"person", "about", "by"}


async def test_what_operators_decided_is_told_to_who_can_object(engine: Engine) -> None:
    deal, _ = await to_be_returned(engine)
    await tell(engine)
    await after(engine, 6 * DAY + HOUR)
    assert await heard(engine, deal.freelancer) == [("milestone.staff_return", "day")]
    kept = await facts(engine, deal.freelancer, "milestone.staff_return")
    assert kept["others"]["amount"] == "100.00"


async def test_a_restored_site_tells_of_no_clock_before_it_resumes(engine: Engine) -> None:
    await handed_in(engine)
    await engine.value("INSERT INTO restores (taken_at) VALUES (now()) RETURNING 1")
    assert await after(engine, 8 * DAY) == 0
    assert await reminding.next_look(engine.database) is None


async def test_what_ran_before_an_update_is_told_from_then_on(engine: Engine) -> None:
    deal = await handed_in(engine)
    await engine.database.advance(8 * DAY)
    (update,) = [text for name, text in migrations() if name.endswith("clock_notices.sql")]
    await engine.database.pool.execute("TRUNCATE running_clocks")
    await engine.database.pool.execute(update[update.index("INSERT INTO running_clocks") :])
    assert await tell(engine) == 0
    assert await after(engine, 3 * DAY) == 1
    assert await heard(engine, deal.employer) == [(REVIEW, "three_days")]


async def test_many_are_told_by_as_many_statements_as_one(engine: Engine) -> None:
    async def statements(amounts: int) -> tuple[list[str], int]:
        deal = await agreed(engine, *["1.00"] * amounts, terms=CLOCKED)
        for milestone in deal.milestones:
            await engine.one(deal.freelancer, Submit(milestone, "It is done"))
        await after(engine, HOUR)
        await engine.database.advance(7 * DAY)
        texts: list[str] = []
        async with engine.database.pool.acquire() as db:
            with db.query_logger(lambda record: texts.append(record.query)):
                async with db.transaction():
                    found = await reminding._looked(db, HOUSE, engine.node.ids.reserve)
        return texts, found.written

    one, written = await statements(1)
    assert written == 2
    many, written = await statements(40)
    assert written == 80
    assert many == one
    assert len(one) <= 12


async def test_what_is_to_be_told_is_found_by_its_index(engine: Engine) -> None:
    async with engine.database.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL enable_seqscan = off")
        for text in (reminding._TAKE.replace("$1", "10"), sql("reminding.next")):
            assert "clocks_to_look_at" in str(await connection.fetch(f"EXPLAIN {text}"))
