"""Contracts: offered within limits, accepted as seen, undone in one breath, ended when empty."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from tests.core.samples import accepted
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    STRANGER,
    TERMS_HASH,
    done,
    empty_world,
    held,
    made,
    milestone_in,
    reason,
    refused,
    spendable,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.contracts import (
    OFFERS_MAX,
    About,
    AgreedTerms,
    Contract,
    ContractStatus,
    Message,
    OfferContract,
    Say,
)
from earnest.core.house import House
from earnest.core.ledger import wallet
from earnest.core.milestones.agreeing import Accept, DeclineContract, End, OfferAction, Revoke
from earnest.core.milestones.row import Milestone, MilestoneStatus, milestones_hash
from earnest.core.people import SYSTEM_ID, OfferCounter
from earnest.core.terms import (
    BALANCED,
    CLASSIC,
    DAY,
    DISPUTED,
    DISPUTES_CHOOSABLE,
    PRESETS,
    UNDISPUTED,
    WOUND,
    Terms,
    not_wound,
    terms_hash,
    with_fee,
)
from earnest.core.world import World

OFFERED = ContractStatus.OFFERED
#: Every field of the terms but the rules and the fee.
ALL: Final = UNDISPUTED | DISPUTED
OFFER = OfferContract(EMPLOYER, FREELANCER, "USD")


def unanswered(books: World) -> int:
    return the(books, OfferCounter, (EMPLOYER, FREELANCER)).unanswered


def test_an_offer_makes_a_contract_its_terms_and_the_accounts_it_will_need() -> None:
    books = empty_world()
    event = done(books, EMPLOYER, OFFER)
    contract = made(event, Contract)
    assert event.answer == (the(books, Contract, contract.id),)
    assert (contract.employer_id, contract.freelancer_id) == (EMPLOYER, FREELANCER)
    assert (contract.currency, contract.status, contract.seq) == ("USD", OFFERED, 1)
    assert made(event, AgreedTerms) == AgreedTerms(terms_hash(CLASSIC), CLASSIC, None)
    assert made(event, AgreedTerms).key == contract.terms_hash
    assert books.moved == {wallet(EMPLOYER, "USD"): 0, wallet(FREELANCER, "USD"): 0}
    assert unanswered(books) == 1


def test_nobody_offers_themselves_a_contract() -> None:
    found = refused(empty_world(), EMPLOYER, replace(OFFER, freelancer=EMPLOYER))
    assert (found.reason, found.path) == (Reason.SAME_PERSON, "/freelancer")


@pytest.mark.parametrize("nobody", [999, SYSTEM_ID])
def test_an_offer_is_to_a_person_who_exists(nobody: int) -> None:
    found = refused(empty_world(), EMPLOYER, replace(OFFER, freelancer=nobody))
    assert (found.reason, found.path) == (Reason.PERSON_UNKNOWN, "/freelancer")


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ("balanced", ""),
        (BALANCED, "/answer_freelancer_seconds"),
        (with_fee(CLASSIC, 100), "/fee_bps"),
        (replace(CLASSIC, next_arbiters=1), "/next_arbiters"),
    ],
    ids=["preset", "balanced", "another fee", "changed"],
)
def test_terms_whose_clocks_are_not_wound_are_not_offered(terms: str | Terms, field: str) -> None:
    house = House(wound=UNDISPUTED)
    found = refused(empty_world(house), EMPLOYER, replace(OFFER, terms=terms))
    assert (found.reason, found.path) == (Reason.TERMS_NOT_OFFERED, f"/terms{field}")


def test_the_rules_of_disputes_can_be_chosen_in_ones_own_numbers() -> None:
    books = empty_world(House(has_arbiter=True))
    chosen = replace(CLASSIC, negotiation_seconds=5 * DAY, ruling_seconds=9 * DAY)
    assert made(done(books, EMPLOYER, replace(OFFER, terms=chosen)), AgreedTerms).terms == chosen


def test_each_preset_of_which_it_is_proved_can_be_chosen_by_its_name() -> None:
    for name, terms in PRESETS.items():
        event = done(empty_world(House(has_arbiter=True)), EMPLOYER, replace(OFFER, terms=name))
        assert made(event, AgreedTerms).terms == terms
    house = House(has_arbiter=True, presets=frozenset({"classic"}))
    found = refused(empty_world(house), EMPLOYER, replace(OFFER, terms="balanced"))
    assert (found.reason, found.path) == (Reason.TERMS_NOT_OFFERED, "/terms")


def test_how_long_an_offer_waits_can_be_chosen() -> None:
    books = empty_world()
    event = done(books, EMPLOYER, replace(OFFER, terms=replace(CLASSIC, accept_seconds=DAY)))
    assert made(event, Contract).wakes_at == books.now + timedelta(days=1)


def test_a_preset_takes_the_operators_fee_of_the_day_and_written_terms_must_name_it() -> None:
    house = House(fee_bps=250)
    event = done(empty_world(house), EMPLOYER, replace(OFFER, terms="classic"))
    assert made(event, AgreedTerms).terms.fee_bps == 250
    assert reason(empty_world(house), EMPLOYER, replace(OFFER, terms=CLASSIC)) is (
        Reason.TERMS_NOT_OFFERED
    )
    done(empty_world(house), EMPLOYER, replace(OFFER, terms=with_fee(CLASSIC, 250)))


def test_what_nobody_says_is_the_operators_preset() -> None:
    house = House(preset="balanced", has_arbiter=True, wound=ALL)
    event = done(empty_world(house), EMPLOYER, OFFER)
    assert made(event, AgreedTerms).terms == BALANCED


def test_where_nobody_can_rule_nobody_agrees_that_somebody_does_in_time() -> None:
    house = House(preset="balanced", wound=ALL, presets=frozenset(PRESETS))
    for terms, path in (("balanced", "/terms"), (BALANCED, "/terms/ruling_seconds")):
        found = refused(empty_world(house), EMPLOYER, replace(OFFER, terms=terms))
        assert (found.reason, found.path) == (Reason.NO_ARBITER, path)
    event = done(empty_world(house), EMPLOYER, OFFER)
    assert made(event, AgreedTerms).terms == CLASSIC


def test_other_rules_of_disputes_are_chosen_by_one_switch() -> None:
    assert (ALL if DISPUTES_CHOOSABLE else UNDISPUTED) == WOUND
    assert not_wound(BALANCED, ALL) == ()
    assert set(not_wound(BALANCED, UNDISPUTED)) <= DISPUTED


def test_the_fourth_unanswered_offer_is_one_too_many() -> None:
    books = empty_world()
    first, *_ = [made(done(books, EMPLOYER, OFFER), Contract).id for _ in range(OFFERS_MAX)]
    found = refused(books, EMPLOYER, OFFER)
    assert (found.reason, found.facts) == (Reason.TOO_MANY_OFFERS, {"limit": 3})
    done(books, EMPLOYER, replace(OFFER, freelancer=STRANGER))
    done(books, STRANGER, OfferContract(STRANGER, FREELANCER, "USD"))
    done(books, FREELANCER, DeclineContract(first))
    done(books, EMPLOYER, OFFER)


@pytest.mark.parametrize("answer", ["accept", "decline", "revoke"])
def test_every_answer_makes_room_for_another_offer(answer: str) -> None:
    books = world(OFFERED)
    who = EMPLOYER if answer == "revoke" else FREELANCER
    asked = {
        "accept": accepted(books),
        "decline": DeclineContract(CONTRACT),
        "revoke": Revoke(CONTRACT),
    }
    done(books, who, asked[answer])
    assert unanswered(books) == 0


@pytest.mark.parametrize(
    ("field", "other"),
    [
        ("terms_hash", terms_hash(BALANCED)),
        ("funded", usd("99.99")),
        ("funded", usd("0.00")),
        ("milestones_hash", milestones_hash([])),
    ],
)
def test_what_the_freelancer_saw_is_what_they_accept(field: str, other: Any) -> None:
    books = world(OFFERED)
    seen = accepted(books)
    found = refused(books, FREELANCER, replace(seen, **{field: other}))
    assert (found.reason, found.path) == (Reason.CHANGED, f"/{field}")
    assert found.facts == {"now": getattr(seen, field)}
    assert the(books, Contract, CONTRACT).status is OFFERED


def test_accepting_moves_no_money() -> None:
    books = world(OFFERED)
    event = done(books, FREELANCER, accepted(books))
    assert event.transfers == ()
    assert event.children == (the(books, Milestone, MILESTONE),)
    assert held(books) == usd("100.00")


def test_an_empty_contract_can_be_accepted() -> None:
    books = world(OFFERED, None)
    nothing = Accept(CONTRACT, TERMS_HASH, usd("0.00"), milestones_hash([]))
    done(books, FREELANCER, nothing)
    assert the(books, Contract, CONTRACT).status is ContractStatus.ACTIVE


def test_the_hash_of_milestones_does_not_depend_on_their_order() -> None:
    one, two = (milestone_in(MilestoneStatus.FUNDED, number=n) for n in (20, 21))
    assert milestones_hash([one, two]) == milestones_hash([two, one])
    assert milestones_hash([one, two]) != milestones_hash([one])
    assert milestones_hash([one]) != milestones_hash([replace(one, agreement_hash="0" * 64)])


@pytest.mark.parametrize(
    ("who", "asked", "status"),
    [
        (FREELANCER, DeclineContract(CONTRACT), ContractStatus.DECLINED),
        (EMPLOYER, Revoke(CONTRACT), ContractStatus.REVOKED),
    ],
    ids=["declined", "revoked"],
)
def test_an_offer_undone_returns_everything_and_declines_what_was_asked_for(
    who: int, asked: OfferAction, status: ContractStatus
) -> None:
    books = world(OFFERED)
    second = milestone_in(MilestoneStatus.FUNDED, number=21)
    books.put(second)
    books.balances[second.escrow] = 10_000
    books.put(milestone_in(MilestoneStatus.REQUESTED, number=22))
    event = done(books, who, asked)
    assert the(books, Contract, CONTRACT).status is status
    ended = [the(books, Milestone, number) for number in (MILESTONE, 21, 22)]
    assert [m.status for m in ended] == ["cancelled", "cancelled", "declined"]
    assert [m.returned for m in ended] == [usd("100.00"), usd("100.00"), usd("0.00")]
    assert len(event.transfers) == 2
    assert spendable(books, EMPLOYER) == usd("1200.00")
    assert held(books) == held(books, 21) == usd("0.00")


@pytest.mark.parametrize("status", [MilestoneStatus.FUNDED, MilestoneStatus.SUBMITTED])
def test_a_contract_does_not_end_while_something_is_held(status: MilestoneStatus) -> None:
    assert reason(world(milestone=status), FREELANCER, End(CONTRACT)) is Reason.STILL_HOLDING


def test_ending_a_contract_declines_what_was_only_asked_for() -> None:
    books = world(milestone=MilestoneStatus.REQUESTED)
    books.put(milestone_in(MilestoneStatus.RELEASED, number=21))
    done(books, EMPLOYER, End(CONTRACT))
    assert the(books, Contract, CONTRACT).status is ContractStatus.ENDED
    assert the(books, Milestone, MILESTONE).status is MilestoneStatus.DECLINED
    assert the(books, Milestone, 21).status is MilestoneStatus.RELEASED


def test_what_is_said_is_kept_as_it_was_said() -> None:
    books = world()
    event = done(books, FREELANCER, Say(CONTRACT, "Tomorrow, I hope."))
    said = made(event, Message)
    assert event.answer == (said,)
    assert (said.sender_id, said.text) == (FREELANCER, "Tomorrow, I hope.")
    assert (said.about, said.milestone_id) == (About.CONVERSATION, None)
