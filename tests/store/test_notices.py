"""Notices follow the events: once each, whoever looks, however late an event is committed."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from tests.store.engine import (
    Engine,
    agreed,
    awarded,
    bidding,
    connected,
    offered,
    person,
    posted,
    rich,
    running,
    usd,
)
from tests.store.mix import BANK

from earnest.core.bids.choosing import DeclineBid
from earnest.core.contracts import Say
from earnest.core.milestones.agreeing import DeclineContract
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.working import Submit
from earnest.core.notices import Mail, Topic
from earnest.core.payments.withdrawing import RequestWithdrawal
from earnest.core.projects.asking import Answer, Ask
from earnest.core.projects.posting import Close
from earnest.core.projects.posting import Edit as EditProject
from earnest.ids import first_of
from earnest.store import told
from earnest.store.documents import Look
from earnest.store.notices import TAKEN_MAX, catch_up, look, skip

pytestmark = pytest.mark.asyncio

MINUTE_MS = 60_000
#: The same event so many times more, under numbers of their own.
COPY = """
INSERT INTO events
SELECT i, name, subject_kind, subject_id, contract_id,
    CASE WHEN contract_id IS NOT NULL THEN i END, actor_id, via, at, body
FROM (SELECT * FROM events WHERE name = $1 ORDER BY id LIMIT 1) e,
    generate_series($2::bigint, $2::bigint + $3::bigint - 1) i
"""


def made(minutes_ago: int) -> int:
    """A number that was made so long ago."""
    return first_of(time.time_ns() // 1_000_000 - minutes_ago * MINUTE_MS)


async def tell(engine: Engine) -> int:
    return await catch_up(engine.database, engine.node.ids.reserve)


async def once(engine: Engine) -> Look:
    return await look(engine.database, engine.node.ids.reserve)


async def heard(engine: Engine, who: int) -> list[tuple[str, str]]:
    """What somebody was told, the oldest first, and as what."""
    found = await engine.database.pool.fetch(
        "SELECT name, part FROM notices WHERE user_id = $1 ORDER BY event_id", who
    )
    return [(record["name"], record["part"]) for record in found]


async def facts(engine: Engine, who: int, name: str) -> dict[str, Any]:
    found = await engine.value(
        "SELECT facts FROM notices WHERE user_id = $1 AND name = $2 ORDER BY id DESC LIMIT 1",
        who,
        name,
    )
    kept: dict[str, Any] = json.loads(found)
    return kept


async def test_each_side_is_told_what_the_other_did_and_nothing_twice(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    await engine.one(deal.freelancer, Submit(deal.milestone, "It is done"))
    await engine.one(deal.employer, ReleaseMilestone(deal.milestone))
    assert await tell(engine) == 6
    assert await heard(engine, deal.employer) == [
        ("deposit.settled", "owner"),
        ("contract.accepted", "employer"),
        ("milestone.submitted", "employer"),
    ]
    assert await heard(engine, deal.freelancer) == [
        ("contract.offered", "freelancer"),
        ("contract.funded", "freelancer"),
        ("milestone.released", "freelancer"),
    ]
    before = await engine.value("SELECT xmin::text FROM noticing")
    for _ in range(3):
        assert await once(engine) == Look()
    assert await engine.value("SELECT xmin::text FROM noticing") == before
    assert await engine.value("SELECT count(*) FROM deliveries WHERE status = 'waiting'") == 6


async def test_before_a_contract_is_accepted_nobody_is_told_the_others_words(
    engine: Engine,
) -> None:
    deal, _ = await offered(engine, "10.00", "20.00")
    await engine.one(deal.employer, Say(deal.contract, "Read this: http://example.org"))
    await tell(engine)
    kept = await facts(engine, deal.freelancer, "contract.funded")
    assert kept == {"person": "emma", "amount": {"amount": "30.00", "currency": "USD"}, "count": 2}
    assert await facts(engine, deal.freelancer, "contract.said") == {"person": "emma"}
    made = await posted(engine, "50.00")
    await engine.one(made.bidders[0], Ask(made.project, "Buy at http://example.org"))
    await tell(engine)
    assert await facts(engine, made.employer, "project.asked") == {
        "person": "frank",
        "about": "A project",  # The employer's own words.
    }


async def test_once_it_is_accepted_they_are_told_them(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    await engine.one(deal.freelancer, Submit(deal.milestone, "Line one\n\nline two " + "x" * 300))
    await tell(engine)
    kept = await facts(engine, deal.employer, "milestone.submitted")
    assert kept["about"] == "A piece of work"
    assert kept["words"].startswith("Line one line two xxx")
    assert len(kept["words"]) == 200


async def test_amounts_are_what_came_to_the_reader(engine: Engine) -> None:
    deal, _ = await offered(engine, "10.00", "20.00")
    await engine.one(deal.freelancer, DeclineContract(deal.contract))
    await tell(engine)
    kept = await facts(engine, deal.employer, "contract.declined")
    assert kept["amount"] == {"amount": "30.00", "currency": "USD"}


async def test_bids_and_projects_tell_who_has_to_do_with_them(engine: Engine) -> None:
    made = await posted(engine, "50.00", "60.00", "70.00")
    ann, bob, cid = made.bidders
    await engine.one(made.employer, DeclineBid(made.bids[2]["number"]))
    question = await engine.one(bob, Ask(made.project, "When?"))
    await engine.one(made.employer, Answer(made.project, question["number"], "Now"))
    await engine.one(made.employer, EditProject(made.project, title="Another"))
    await engine.one(made.employer, Close(made.project))
    await tell(engine)
    closing = [("project.edited", "bidder"), ("project.closed", "bidder")]
    assert await heard(engine, ann) == closing
    assert await heard(engine, bob) == [("project.answered", "asker"), *closing]
    assert await heard(engine, cid) == [("bid.declined", "freelancer")]
    employer = [name for name, _ in await heard(engine, made.employer)]
    assert employer == ["deposit.settled", *["bid.placed"] * 3, "project.asked"]


async def test_an_award_leads_to_the_contract_and_says_until_when(engine: Engine) -> None:
    _, deal = await awarded(engine)
    await tell(engine)
    kept = await facts(engine, deal.freelancer, "bid.awarded")
    assert kept["by"]
    subject = await engine.value(
        "SELECT subject_kind || subject_id FROM notices WHERE name = 'bid.awarded'"
    )
    assert subject == f"contract{deal.contract}"


async def test_operators_are_told_what_waits_for_them_and_not_of_their_own(engine: Engine) -> None:
    olga, omar = [await person(engine, name, "operator") for name in ("olga", "omar")]
    emma = await person(engine, "emma")
    for who in (emma, olga):
        await rich(engine, who, usd("5000.00"))
        await engine.one(who, RequestWithdrawal(who, "sandbox", usd("2000.00"), BANK))
    await engine.one(emma, RequestWithdrawal(emma, "sandbox", usd("2.00"), BANK))
    await tell(engine)
    asked = ("withdrawal.requested", "operator")
    mine = ("withdrawal.requested", "owner")
    assert await heard(engine, omar) == [asked, asked]
    assert await heard(engine, olga) == [asked, ("deposit.settled", "owner"), mine]
    assert await heard(engine, emma) == [("deposit.settled", "owner"), mine, mine]


async def test_what_is_committed_after_higher_numbers_were_looked_at_is_told(
    engine: Engine, dsn: str
) -> None:
    deal = await agreed(engine, "10.00")
    async with connected(dsn) as slow, slow.transaction():
        await slow.execute(COPY, "contract.funded", engine.node.ids.new(), 1)
        await engine.one(deal.employer, Say(deal.contract, "Later"))
        await tell(engine)
    assert await tell(engine) == 1
    told_of = [name for name, _ in await heard(engine, deal.freelancer)]
    assert sorted(told_of) == [*["contract.funded"] * 2, "contract.offered", "contract.said"]


async def test_what_is_committed_minutes_late_is_told_by_the_second_look(engine: Engine) -> None:
    await agreed(engine, "10.00")
    await tell(engine)
    await engine.database.pool.execute("UPDATE noticing SET settled = $1", made(20))
    await engine.database.pool.execute(COPY, "contract.funded", made(minutes_ago=2), 1)
    await engine.database.pool.execute(COPY, "contract.funded", made(minutes_ago=10), 1)
    assert await tell(engine) == 1
    assert await engine.value("SELECT settled FROM noticing") < made(2), "it comes by later"


async def test_an_absence_loses_nothing(engine: Engine) -> None:
    await agreed(engine, "10.00")
    many = TAKEN_MAX + 10
    await engine.database.pool.execute(COPY, "contract.funded", made(100_000), many)
    await engine.database.pool.execute(
        "UPDATE noticing SET (seen, settled) = ($1, $1)", made(200_000)
    )
    assert (await once(engine)).more
    await tell(engine)
    assert await engine.value("SELECT count(*) FROM notices") == many + 4


async def test_any_number_of_events_that_concern_nobody_hold_up_no_other(engine: Engine) -> None:
    made_ = await posted(engine)
    await engine.one(made_.employer, EditProject(made_.project, title="Another"))
    await tell(engine)
    first = engine.node.ids.reserve(TAKEN_MAX + 10)
    await engine.database.pool.execute(COPY, "project.edited", first, TAKEN_MAX + 10)
    await tell(engine)
    bidder = await person(engine, "frank")
    await engine.one(bidder, bidding(made_.project, "10.00"))
    await once(engine)
    assert ("bid.placed", "employer") in await heard(engine, made_.employer)


async def test_workers_side_by_side_tell_once(engine: Engine, dsn: str) -> None:
    deal = await agreed(engine, "10.00")
    async with running(dsn) as other:
        for _ in range(20):
            await engine.one(deal.employer, Say(deal.contract, "Hello"))
            await asyncio.gather(tell(engine), tell(other), tell(other))
        await tell(engine)
    assert await engine.value("SELECT count(*) FROM notices WHERE name = 'contract.said'") == 20
    assert await engine.value("SELECT count(*) FROM deliveries d JOIN notices n USING (id)") == 24


async def test_a_worker_that_dies_in_the_middle_has_told_nothing(engine: Engine, dsn: str) -> None:
    await agreed(engine, "10.00")

    def dies(_count: int) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await look(engine.database, dies)
    assert await engine.value("SELECT count(*) FROM notices") == 0
    assert await tell(engine) == 4


async def test_what_was_skipped_is_told_to_nobody(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    await skip(engine.database)
    await engine.database.pool.execute("UPDATE events SET id = id - $1", made(0) - made(10))
    await engine.one(deal.employer, Say(deal.contract, "Hello"))
    await tell(engine)
    assert await heard(engine, deal.freelancer) == [("contract.said", "freelancer")]


async def test_where_everything_was_emptied_it_begins_at_the_beginning(engine: Engine) -> None:
    await agreed(engine, "10.00")
    await engine.database.pool.execute("TRUNCATE noticing")
    assert await tell(engine) == 4


async def test_each_is_told_as_they_chose(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    await tell(engine)
    await engine.database.pool.execute("TRUNCATE deliveries")
    chosen = {Topic.MESSAGES: Mail.DAILY, Topic.WORK: Mail.NEVER}
    await told.choose(engine.database, deal.freelancer, chosen)
    for text in ("One", "Two"):
        await engine.one(deal.employer, Say(deal.contract, text))
        await tell(engine)
    found = await engine.database.pool.fetch("SELECT * FROM deliveries")
    assert [(each["is_digest"], each["is_open"]) for each in found] == [(True, True)]
    assert found[0]["due_at"].hour == 8
    carried = "SELECT count(*) FROM notices WHERE delivery_id = $1"
    assert await engine.value(carried, found[0]["id"]) == 2
    now = await told.choices(engine.database, deal.freelancer)
    assert now == {**dict.fromkeys(Topic, Mail.AT_ONCE), **chosen}


async def test_what_is_read_stays_read_and_only_ones_own(engine: Engine) -> None:
    deal = await agreed(engine, "10.00")
    await tell(engine)
    database, me = engine.database, deal.freelancer
    numbers = await database.pool.fetchval(
        "SELECT array_agg(id ORDER BY id) FROM notices WHERE user_id = $1", me
    )
    assert not await told.mark_read(database, deal.employer, numbers[0])
    assert await told.mark_read(database, me, numbers[0])
    at = "SELECT read_at FROM notices WHERE id = $1"
    first = await engine.value(at, numbers[0])
    assert await told.mark_read(database, me, numbers[0])
    assert await engine.value(at, numbers[0]) == first
    assert await told.mark_all_read(database, me, numbers[0]) == 0
    assert await told.mark_all_read(database, me, numbers[-1]) == 1
    unread = "SELECT count(*) FROM notices WHERE user_id = $1 AND read_at IS NULL"
    assert await engine.value(unread, deal.employer) == 2
