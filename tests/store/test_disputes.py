"""Disputes in the books: locked with what they are about, wound before whatever meets them."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from tests.core.clocked import CLOCKED, STAKED
from tests.store.books import wrong
from tests.store.disputed import arbitrated, disputed, negotiated, rich_enough
from tests.store.engine import HOUSE, Engine, agreed, an_arbiter, person, running, usd

from earnest.core.clocks import winding
from earnest.core.contracts import OfferContract, Say
from earnest.core.disputes.arbitrating import NameArbiter, RefuseArbiter, Rule, Take
from earnest.core.disputes.exhibiting import AddExhibit, OpenExhibit
from earnest.core.disputes.offering import MakeOffer, Respond
from earnest.core.disputes.opening import DisputeMilestone, ObjectToReturn
from earnest.core.disputes.sealing import MakeSealedOffer
from earnest.core.disputes.staking import PayFee
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.files import AddFile, FileType
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.staff import StaffCancel, StaffConfirm
from earnest.core.people import SYSTEM_ID
from earnest.store.batch import preview
from earnest.store.reads.around import snapshot

pytestmark = pytest.mark.asyncio

DAYS = timedelta(days=1)
STATUS = "SELECT status FROM disputes WHERE id = $1"
WALLET = "SELECT balance FROM accounts WHERE kind = 'wallet' AND owner = $1"
NAMES = "SELECT name FROM events WHERE contract_id = $1 ORDER BY seq DESC LIMIT 3"


async def wind(engine: Engine, contract: int) -> int:
    return (await engine.batcher.submit(winding(contract))).ran_out


async def test_whoever_meets_a_round_that_is_over_is_judged_after_it(engine: Engine) -> None:
    deal, dispute = await negotiated(engine)
    await engine.one(deal.employer, MakeSealedOffer(dispute, usd("60.00")))
    await engine.one(deal.freelancer, MakeSealedOffer(dispute, usd("50.00")))
    closes_at = await engine.value("SELECT closes_at FROM disputes WHERE id = $1", dispute)
    await engine.database.advance(3 * DAYS)
    offer = MakeOffer(dispute, usd("90.00"))
    assert await engine.code(deal.freelancer, offer) == "wrong_status"
    settled = "SELECT at FROM events WHERE name = 'dispute.settled'"
    assert await engine.value(settled) == closes_at
    assert await engine.value(WALLET, deal.freelancer) == 5_500
    assert await wrong(engine.database.pool) == {}


async def test_a_command_of_the_milestone_or_the_contract_meets_it_too(engine: Engine) -> None:
    for asked in (
        lambda deal: Say(deal.contract, "Well?"),
        lambda deal: ReleaseMilestone(deal.milestone),
    ):
        deal, dispute = await disputed(engine, amount="40.00")
        await engine.database.advance(7 * DAYS)
        await engine.code(deal.employer, asked(deal))
        assert await engine.value(STATUS, dispute) == "arbitration"
    assert await wrong(engine.database.pool) == {}


async def test_all_that_is_due_of_a_dispute_is_decided_at_once_and_in_order(
    engine: Engine,
) -> None:
    deal, dispute = await negotiated(engine)
    await engine.database.advance(90 * DAYS)
    assert await wind(engine, deal.contract) == 7  # Three rounds, then four ends of stages.
    assert await engine.value(STATUS, dispute) == "defaulted"
    assert await engine.value(WALLET, deal.freelancer) == 5_000  # Both offers were as near.
    times = "SELECT at - lag(at) OVER (ORDER BY seq) FROM events WHERE via = 'clock' ORDER BY seq"
    gaps = [each[0] for each in await engine.database.pool.fetch(times)][1:]
    assert gaps == [3 * DAYS, 3 * DAYS, 5 * DAYS, 14 * DAYS, 7 * DAYS, 7 * DAYS]
    assert await wrong(engine.database.pool) == {}


async def test_who_comes_in_the_same_batch_as_a_fee_meets_the_round_that_it_closed(
    engine: Engine,
) -> None:
    deal, dispute = await negotiated(engine, terms=STAKED)
    await rich_enough(engine, deal.freelancer)
    await engine.one(deal.employer, MakeSealedOffer(dispute, usd("60.00")))
    await engine.one(deal.freelancer, MakeSealedOffer(dispute, usd("50.00")))
    both = (
        engine.ask(deal.freelancer, PayFee(dispute)),
        engine.ask(deal.employer, Say(deal.contract, "Well?")),
    )
    first, second = await asyncio.gather(*both)
    assert (first.problem, second.problem) == (None, None)
    await wind(engine, deal.contract)
    assert await engine.value(STATUS, dispute) == "settled"
    assert await engine.value(WALLET, deal.freelancer) == 5_500 + 1_000
    assert await wrong(engine.database.pool) == {}


async def test_a_sealed_offer_takes_the_place_of_the_first_also_in_one_batch(
    engine: Engine,
) -> None:
    deal, dispute = await negotiated(engine)
    asked = [MakeSealedOffer(dispute, usd(f"{figure}.00")) for figure in (10, 20, 30)]
    await asyncio.gather(*(engine.one(deal.employer, each) for each in asked))
    await engine.one(deal.employer, asked[1])
    rows = await engine.database.pool.fetch("SELECT maker_id, to_freelancer FROM sealed_offers")
    assert [tuple(each) for each in rows] == [(deal.employer, 2_000)]


async def test_a_second_withdrawal_by_the_same_side_is_as_final_as_the_first(
    engine: Engine,
) -> None:
    """Objecting is open to who withdrew before, so one side may let go twice."""
    deal, dispute = await disputed(engine)
    olga, otto = [await person(engine, name, "operator") for name in ("olga", "otto")]
    await engine.one(deal.freelancer, WithdrawDispute(dispute))
    await engine.one(olga, StaffCancel(deal.milestone, "Nobody answers."))
    await engine.one(otto, StaffConfirm(deal.milestone))
    again = await engine.one(deal.freelancer, ObjectToReturn(deal.milestone))
    await engine.one(deal.freelancer, WithdrawDispute(again["number"]))
    once = DisputeMilestone(deal.milestone, usd("1.00"), usd("0.00"), "Look.")
    assert await engine.code(deal.freelancer, once) == "withdrawn_before"
    assert await engine.code(deal.employer, once) == "ok"
    assert await wrong(engine.database.pool) == {}


async def test_an_exhibit_that_is_a_file_is_told_with_it_when_it_is_opened(
    engine: Engine,
) -> None:
    deal, dispute = await disputed(engine)
    added = AddFile(deal.employer, "a.txt", 1, FileType.TEXT, "0" * 64)
    file = await engine.one(deal.employer, added)
    shown = await engine.one(deal.employer, AddExhibit(dispute, file=file["number"]))
    assert (shown["file_id"], shown["text"]) == (file["id"], "a.txt")
    await engine.database.advance(7 * DAYS)
    await wind(engine, deal.contract)
    ada = await an_arbiter(engine)
    await engine.one(SYSTEM_ID, NameArbiter(dispute, ada))
    await engine.one(ada, Take(dispute))
    await engine.one(ada, OpenExhibit(dispute, 1))
    told = "SELECT body::text FROM events WHERE name = 'dispute.exhibit_opened'"
    assert f'"file_id":"{file["id"]}"' in await engine.value(told)
    ruled = await engine.one(ada, Rule(dispute, usd("60.00"), "So it is.", (1,)))
    assert ruled["to_freelancer"]["amount"] == "60.00"
    assert await wrong(engine.database.pool) == {}


async def test_who_was_in_a_contract_with_either_side_is_not_named(engine: Engine) -> None:
    deal, dispute = await disputed(engine)
    ada, eve = await an_arbiter(engine), await person(engine, "eve", "arbiter")
    await agreed(engine, between=(ada, deal.freelancer))
    await engine.one(deal.employer, OfferContract(deal.employer, eve, "USD", "classic"))
    await engine.database.advance(7 * DAYS)
    await wind(engine, deal.contract)
    assert await engine.code(SYSTEM_ID, NameArbiter(dispute, ada)) == "conflict_of_interest"
    assert await engine.code(SYSTEM_ID, NameArbiter(dispute, deal.employer)) == "not_an_arbiter"
    assert await engine.code(SYSTEM_ID, NameArbiter(dispute, eve)) == "ok"
    await engine.one(deal.employer, RefuseArbiter(dispute))
    assert await engine.code(SYSTEM_ID, NameArbiter(dispute, eve)) == "named_before"


async def test_an_acquaintance_made_after_the_naming_ends_it(engine: Engine) -> None:
    deal, dispute, ada = await arbitrated(engine)
    await agreed(engine, between=(deal.employer, ada))
    ruling = Rule(dispute, usd("60.00"), "Because.")
    assert await engine.code(ada, ruling) == "conflict_of_interest"


async def test_looking_at_what_meets_a_due_dispute_decides_it_in_the_copy_alone(
    engine: Engine,
) -> None:
    deal, dispute = await disputed(engine)
    await engine.database.advance(7 * DAYS)
    async with snapshot(engine.database) as db:
        answer = engine.command(deal.employer, Respond(dispute, usd("1.00"), "Late."))
        found, world = await preview(db, answer, HOUSE)
    assert [event.name for _, event in world.ran_out] == ["dispute.escalated"]
    assert "wrong_status" in str(found)
    assert await engine.value(STATUS, dispute) == "response"


async def test_the_clock_and_both_sides_in_two_processes_at_once_end_it_once(
    engine: Engine, dsn: str
) -> None:
    async with running(dsn) as other:
        for _ in range(6):
            deal, dispute = await negotiated(engine, terms=CLOCKED)
            await engine.one(deal.employer, MakeSealedOffer(dispute, usd("60.00")))
            await engine.one(deal.freelancer, MakeSealedOffer(dispute, usd("50.00")))
            await engine.database.pool.execute(
                "UPDATE site SET clock_offset = clock_offset + interval '72 hours'"
            )
            await asyncio.gather(
                engine.code(deal.freelancer, WithdrawDispute(dispute)),
                other.code(deal.employer, MakeOffer(dispute, usd("1.00"))),
                wind(other, deal.contract),
                wind(engine, deal.contract),
            )
            assert await engine.value(STATUS, dispute) == "settled"
            assert await engine.value(WALLET, deal.freelancer) == 5_500
    assert await wrong(engine.database.pool) == {}
