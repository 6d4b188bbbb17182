"""What is answered: kept for ever, byte for byte, once, and to nobody else."""

from __future__ import annotations

import asyncio
import json

import pytest
from tests.store.books import wrong
from tests.store.engine import Engine, agreed, person, running, usd
from tests.store.mix import Asked

from earnest.core.contracts import OfferContract, Say
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.working import Submit
from earnest.core.payments.depositing import FailDeposit, StartDeposit
from earnest.core.people import SYSTEM_ID

pytestmark = pytest.mark.asyncio

#: Everything that a command may leave behind.
COUNTED = "users offer_counters contracts milestones releases messages deposits withdrawals breaks"
_EVERYTHING = "SELECT " + " || ' ' || ".join(
    f"(SELECT count(*) || coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') FROM {t} t)"
    for t in (*COUNTED.split(), "accounts", "transfers", "events", "terms")
)


async def test_a_refused_command_leaves_nothing_but_its_answer(engine: Engine) -> None:
    deal = await agreed(engine, "100.00")
    before = await engine.value(_EVERYTHING)
    kept = await engine.value("SELECT count(*) FROM commands")
    answer = await engine.ask(deal.employer, ReleaseMilestone(deal.milestone, usd("100.01")), "k1")
    assert await engine.value(_EVERYTHING) == before
    assert await engine.value("SELECT count(*) FROM commands") == kept + 1
    problem = await engine.value("SELECT problem FROM commands WHERE key = 'k1'")
    assert problem.encode() == answer.problem


async def test_what_does_not_exist_for_the_asker_claims_no_key(engine: Engine) -> None:
    """Else somebody's typing error would burn the key that they try again with."""
    deal = await agreed(engine, "100.00")
    stranger = await person(engine, "xavier")
    assert await engine.code(stranger, Cancel(deal.milestone), "k1") == "not_found"
    assert await engine.code(deal.freelancer, Cancel(1), "k1") == "not_found"
    assert await engine.value("SELECT count(*) FROM commands WHERE key = 'k1'") == 0
    assert await engine.code(deal.freelancer, Cancel(deal.milestone), "k1") == "ok"


async def test_a_replay_answers_the_same_bytes_after_more_has_happened(engine: Engine) -> None:
    deal = await agreed(engine, "100.00")
    part = ReleaseMilestone(deal.milestone, usd("40.00"))
    first = await engine.ask(deal.employer, part, "k1")
    await engine.one(deal.freelancer, Cancel(deal.milestone))
    again = await engine.ask(deal.employer, part, "k1")
    assert first.rows == again.rows
    assert (first.replayed, again.replayed) == (False, True)
    assert await engine.balance("wallet", deal.freelancer) == 4000


async def test_a_replayed_refusal_stays_refused_when_it_would_now_happen(engine: Engine) -> None:
    deal = await agreed(engine, "100.00")
    cancel = Cancel(deal.milestone)
    refused = await engine.ask(deal.employer, cancel, "k1")
    assert json.loads(refused.problem or b"")["code"] == "not_your_part"
    await engine.one(deal.freelancer, cancel)
    again = await engine.ask(deal.employer, cancel, "k1")
    assert (again.problem, again.replayed) == (refused.problem, True)


async def test_a_replay_is_the_same_in_another_process(engine: Engine, dsn: str) -> None:
    deal = await agreed(engine, "100.00")
    asked: list[Asked] = [
        (deal.employer, ReleaseMilestone(deal.milestone, usd("40.00"))),
        (deal.employer, ReleaseMilestone(deal.milestone, usd("60.01"))),
        (deal.freelancer, Say(deal.contract, "Grüße \N{SNOWMAN} 'quoted' \\ \"both\" \x01")),
    ]
    first = [await engine.ask(who, what, f"k{n}") for n, (who, what) in enumerate(asked)]
    async with running(dsn) as other:
        again = [await other.ask(who, what, f"k{n}") for n, (who, what) in enumerate(asked)]
        assert other.node.number != engine.node.number
    assert [(a.rows, a.problem) for a in again] == [(a.rows, a.problem) for a in first]
    assert [a.problem is None for a in first] == [True, False, True]


async def test_a_key_used_for_something_else_is_told_so(engine: Engine) -> None:
    deal = await agreed(engine, "100.00")
    part = ReleaseMilestone(deal.milestone, usd("40.00"))
    await engine.ask(deal.employer, part, "k1")
    for other in (
        ReleaseMilestone(deal.milestone, usd("40.01")),
        ReleaseMilestone(deal.milestone),
        Cancel(deal.milestone),
        Say(deal.contract, "40.00"),
    ):
        assert await engine.code(deal.employer, other, "k1") == "key_reused"
    assert await engine.balance("wallet", deal.freelancer) == 4000
    assert (await engine.ask(deal.employer, part, "k1")).replayed


async def test_two_peoples_same_key_are_two_commands(engine: Engine) -> None:
    deal = await agreed(engine)
    answers = [
        await engine.ask(who, Say(deal.contract, "Hello."), "k1")
        for who in (deal.employer, deal.freelancer)
    ]
    senders = [json.loads(answer.rows[0])["sender"]["name"] for answer in answers]
    assert senders == ["emma", "frank"]
    assert await engine.value("SELECT count(*) FROM commands WHERE key = 'k1'") == 2


async def test_fifty_at_once_under_one_key_are_one_effect_and_one_answer(
    engine: Engine, dsn: str
) -> None:
    """Half of them in another process: whoever comes second finds the first answer."""
    deal = await agreed(engine, "100.00")
    part = ReleaseMilestone(deal.milestone, usd("1.00"))
    async with running(dsn) as other:
        answers = await asyncio.gather(
            *(each.ask(deal.employer, part, "k1") for each in (engine, other) for _ in range(25))
        )
    assert len({answer.rows for answer in answers}) == 1
    assert answers[0].rows
    assert sum(not answer.replayed for answer in answers) == 1
    assert await engine.balance("wallet", deal.freelancer) == 100
    assert await engine.value("SELECT count(*) FROM releases") == 1


async def test_fifty_keys_raced_by_two_processes_are_fifty_effects(
    engine: Engine, dsn: str
) -> None:
    deal = await agreed(engine, "100.00")
    part = ReleaseMilestone(deal.milestone, usd("1.00"))
    async with running(dsn) as other:
        answers = await asyncio.gather(
            *(
                each.ask(deal.employer, part, f"k{number}")
                for number in range(50)
                for each in (engine, other)
            )
        )
    assert len({answer.rows for answer in answers}) == 50
    assert await engine.balance("wallet", deal.freelancer) == 5000
    assert await wrong(engine.database.pool) == {}


async def test_a_refusal_of_the_systems_is_not_kept(engine: Engine) -> None:
    """It is an alarm: what the gateway or the clock said is asked again until it can happen."""
    emma = await person(engine, "emma")
    deposit = await engine.one(emma, StartDeposit(emma, "sandbox", usd("5.00")))
    fail = FailDeposit(deposit["number"])
    assert await engine.code(SYSTEM_ID, FailDeposit(1), "k1") == "not_found"
    assert await engine.code(SYSTEM_ID, fail, "k2") == "ok"
    assert await engine.code(SYSTEM_ID, fail, "k3") == "wrong_status"
    kept = "SELECT array_agg(key) FROM commands WHERE actor_id = 0"
    assert await engine.value(kept) == ["k2"]


async def test_events_hold_the_answer_and_are_counted_without_a_gap(engine: Engine) -> None:
    deal = await agreed(engine, "100.00", "50.00")
    milestone = deal.milestones[0]
    answer = await engine.ask(deal.freelancer, Submit(milestone, "Done.", ("https://a.example",)))
    await engine.code(deal.freelancer, Submit(milestone))
    record = await engine.database.pool.fetchrow(
        "SELECT name, seq, actor_id, via, body FROM events ORDER BY id DESC LIMIT 1"
    )
    assert record is not None
    name, seq, actor, via, body = record
    assert (name, seq, actor, via) == ("milestone.submitted", 4, deal.freelancer, "test")
    assert answer.rows[0].decode() in body
    kinds = [row["id"].partition("_")[0] for row in json.loads(body)["rows"]]
    assert kinds == ["ms", "msg"]
    counted = "SELECT array_agg(seq ORDER BY seq) FROM events WHERE contract_id = $1"
    assert await engine.value(counted, deal.contract) == [1, 2, 3, 4]


async def test_many_in_one_batch_are_each_told_their_own_moment(engine: Engine) -> None:
    """Ten partial releases decided together: each answer says what was left after it."""
    deal = await agreed(engine, "100.00")
    part = ReleaseMilestone(deal.milestone, usd("10.00"))
    batches = engine.batcher.counts.batches
    answers = await asyncio.gather(*(engine.ask(deal.employer, part) for _ in range(10)))
    assert engine.batcher.counts.batches == batches + 1
    held = [json.loads(answer.rows[0])["held"]["amount"] for answer in answers]
    assert held == [f"{left}0.00" if left else "0.00" for left in range(9, -1, -1)]


async def test_the_limit_of_unanswered_offers_holds_in_parallel(engine: Engine) -> None:
    emma, frank = await person(engine, "emma"), await person(engine, "frank")
    offer = OfferContract(emma, frank, "USD", "classic")
    codes = await asyncio.gather(*(engine.code(emma, offer) for _ in range(10)))
    assert sorted(codes) == ["ok"] * 3 + ["too_many_offers"] * 7
