"""Milestones: only the employer releases, only the freelancer gives back, to the last cent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    TERMS_HASH,
    done,
    held,
    jpy,
    later,
    made,
    reason,
    refused,
    spendable,
    suspend,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.canonical import digest
from earnest.core.contracts import About, Contract, ContractStatus, Message
from earnest.core.currencies import EXPONENTS
from earnest.core.ledger import fees
from earnest.core.milestones.asking import Decline, RequestMilestone, Withdraw
from earnest.core.milestones.funding import Fund, FundContract, Line
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.core.milestones.returning import AskCancel, Cancel, RefuseCancel, TakeBack
from earnest.core.milestones.row import Milestone, MilestoneStatus, agreement_hash
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.money import MINOR_MAX, Money
from earnest.core.rows import wire_time
from earnest.core.terms import CLASSIC, with_fee
from earnest.core.watchman import broken_invariant
from earnest.core.world import World

OFFERED = ContractStatus.OFFERED
REQUESTED = MilestoneStatus.REQUESTED
TOMORROW = NOW + timedelta(days=1)


def milestone(books: World) -> Milestone:
    return the(books, Milestone, MILESTONE)


def with_terms_fee(bps: int) -> World:
    books = world()
    books.rulebooks[TERMS_HASH] = with_fee(CLASSIC, bps)
    return books


def test_a_request_is_a_wish_and_moves_nothing() -> None:
    books = world(milestone=None)
    event = done(books, FREELANCER, RequestMilestone(CONTRACT, "The roof", usd("20.00"), TOMORROW))
    asked = made(event, Milestone)
    assert event.answer == (asked,)
    assert event.transfers == ()
    assert (asked.status, asked.amount, asked.due_at) == (REQUESTED, usd("20.00"), TOMORROW)
    assert asked.agreement_hash == agreement_hash("The roof", usd("20.00"), TOMORROW)
    assert (asked.employer_id, asked.freelancer_id) == (EMPLOYER, FREELANCER)
    assert the(books, Contract, CONTRACT).milestones == 1


def test_the_agreement_hash_names_each_of_its_parts() -> None:
    one = agreement_hash("The roof", usd("20.00"), TOMORROW)
    others = {
        agreement_hash("The wall", usd("20.00"), TOMORROW),
        agreement_hash("The roof", usd("20.01"), TOMORROW),
        agreement_hash("The roof", usd("20.00"), None),
        agreement_hash("The roof", usd("20.00"), TOMORROW + timedelta(milliseconds=1)),
    }
    assert len({one, *others}) == 5


@given(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.builds(Money, st.integers(0, MINOR_MAX), st.sampled_from(sorted(EXPONENTS))),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)
def test_the_agreement_hash_is_of_canonical_json(
    description: str, amount: Money, due_at: datetime | None
) -> None:
    assert agreement_hash(description, amount, due_at) == digest({
        "description": description,
        "amount": {"amount": amount.decimal, "currency": amount.currency},
        "due_at": wire_time(due_at) if due_at else None,
        "plan": None,
    })  # fmt: skip


def test_a_due_date_is_ahead() -> None:
    books = world()
    past = refused(books, FREELANCER, RequestMilestone(CONTRACT, "x", usd("1.00"), NOW))
    assert (past.reason, past.path) == (Reason.DUE_IN_PAST, "/due_at")
    lines = (Line("a", usd("1.00"), TOMORROW), Line("b", usd("1.00"), NOW - timedelta(days=1)))
    second = refused(books, EMPLOYER, FundContract(CONTRACT, lines))
    assert (second.reason, second.path) == (Reason.DUE_IN_PAST, "/milestones/1/due_at")
    soon = NOW + timedelta(microseconds=1)
    done(books, FREELANCER, RequestMilestone(CONTRACT, "x", usd("1.00"), soon))


def test_funding_sets_aside_what_was_asked_for_under_the_terms_of_the_contract() -> None:
    books = world(milestone=REQUESTED)
    later(books, hours=1)
    done(books, EMPLOYER, Fund(MILESTONE))
    funded = milestone(books)
    assert (funded.terms_hash, funded.funded_at) == (TERMS_HASH, books.now)
    assert (spendable(books, EMPLOYER), held(books)) == (usd("900.00"), usd("100.00"))


def test_funding_is_all_or_nothing() -> None:
    books = world(milestone=None)
    lines = (Line("a", usd("999.99")), Line("b", usd("0.02")))
    assert reason(books, EMPLOYER, FundContract(CONTRACT, lines)) is Reason.NOT_ENOUGH_MONEY
    assert the(books, Contract, CONTRACT).milestones == 0
    assert spendable(books, EMPLOYER) == usd("1000.00")
    event = done(books, EMPLOYER, FundContract(CONTRACT, (lines[0], Line("b", usd("0.01")))))
    assert [row.reference for row in event.answer] == [
        row.reference for row in event.rows if isinstance(row, Milestone)
    ]
    assert spendable(books, EMPLOYER) == usd("0.00")


def test_a_line_names_what_is_wrong_with_it() -> None:
    books = world()
    for wrong, why in ((jpy("1"), "wrong_currency"), (usd("0.00"), "amount_not_positive")):
        lines = (Line("a", usd("1.00")), Line("b", wrong))
        found = refused(books, EMPLOYER, FundContract(CONTRACT, lines))
        assert (found.reason, found.path) == (Reason(why), "/milestones/1/amount")


def fifty() -> FundContract:
    return FundContract(CONTRACT, tuple(Line("x", usd("1.00")) for _ in range(50)))


def test_a_contract_has_at_most_fifty_milestones_while_offered() -> None:
    books = world(OFFERED, None)
    done(books, EMPLOYER, fifty())
    request = RequestMilestone(CONTRACT, "x", usd("1.00"))
    found = refused(books, FREELANCER, request)
    assert (found.reason, found.facts) == (Reason.TOO_MANY_MILESTONES, {"limit": 50})
    one = FundContract(CONTRACT, (Line("x", usd("1.00")),))
    assert reason(books, EMPLOYER, one) is Reason.TOO_MANY_MILESTONES


def test_an_active_contract_has_as_many_as_it_needs() -> None:
    books = world(milestone=None)
    done(books, EMPLOYER, fifty())
    done(books, EMPLOYER, fifty())
    assert the(books, Contract, CONTRACT).milestones == 100


def test_release_of_the_last_cent_closes_it() -> None:
    books = world()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("99.99")))
    assert (milestone(books).status, held(books)) == (MilestoneStatus.FUNDED, usd("0.01"))
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("0.01")))
    assert (milestone(books).status, held(books)) == (MilestoneStatus.RELEASED, usd("0.00"))
    assert milestone(books).released == usd("100.00")
    assert spendable(books, FREELANCER) == usd("100.00")


def test_a_partial_release_leaves_submitted_work_submitted() -> None:
    books = world(milestone=MilestoneStatus.SUBMITTED)
    event = done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("1.00")))
    assert milestone(books).status is MilestoneStatus.SUBMITTED
    payment = made(event, Release)
    assert (payment.milestone_id, payment.amount) == (MILESTONE, usd("1.00"))


def test_nobody_moves_more_than_is_held() -> None:
    books = world()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")))
    over = usd("60.01")
    for who, asked in (
        (EMPLOYER, ReleaseMilestone(MILESTONE, over)),
        (FREELANCER, Cancel(MILESTONE, over)),
    ):
        found = refused(books, who, asked)
        assert (found.reason, found.path) == (Reason.MORE_THAN_HELD, "/amount")
        assert found.facts == {"held": usd("60.00")}


def test_a_cancel_after_a_partial_release_ends_released() -> None:
    books = world()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("0.01")))
    done(books, FREELANCER, Cancel(MILESTONE))
    assert milestone(books).status is MilestoneStatus.RELEASED
    assert milestone(books).returned == usd("99.99")


def test_money_back_goes_to_the_employers_wallet_in_parts_too() -> None:
    books = world()
    done(books, FREELANCER, Cancel(MILESTONE, usd("30.00")))
    assert milestone(books).status is MilestoneStatus.FUNDED
    done(books, FREELANCER, Cancel(MILESTONE))
    assert milestone(books).status is MilestoneStatus.CANCELLED
    assert spendable(books, EMPLOYER) == usd("1100.00")
    assert spendable(books, FREELANCER) == usd("0.00")


def test_money_is_taken_back_only_while_the_contract_is_offered() -> None:
    books = world(OFFERED)
    done(books, EMPLOYER, TakeBack(MILESTONE))
    assert milestone(books).status is MilestoneStatus.CANCELLED
    assert spendable(books, EMPLOYER) == usd("1100.00")
    assert reason(world(), EMPLOYER, TakeBack(MILESTONE)) is Reason.CONTRACT_NOT_OFFERED


def test_while_offered_nothing_is_released_or_given_back() -> None:
    books = world(OFFERED)
    assert reason(books, EMPLOYER, ReleaseMilestone(MILESTONE)) is Reason.CONTRACT_NOT_ACTIVE
    assert reason(books, FREELANCER, Cancel(MILESTONE)) is Reason.CONTRACT_NOT_ACTIVE
    ended = world(ContractStatus.ENDED, REQUESTED)
    assert reason(ended, EMPLOYER, Fund(MILESTONE)) is Reason.CONTRACT_NOT_ACTIVE


@pytest.mark.parametrize(
    ("bps", "amount", "fee"),
    [
        (500, "10.19", "0.50"),
        (500, "0.19", "0.00"),
        (9_999, "0.01", "0.00"),
        (10_000, "5.00", "5.00"),
    ],
)
def test_a_fee_is_taken_from_what_reaches_the_freelancer_and_rounds_down(
    bps: int, amount: str, fee: str
) -> None:
    books = with_terms_fee(bps)
    event = done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd(amount)))
    assert made(event, Release).fee == usd(fee)
    assert spendable(books, FREELANCER) == usd(amount) - usd(fee)
    assert books.deltas.get(fees("USD"), 0) == usd(fee).minor
    assert held(books) == usd("100.00") - usd(amount)
    assert broken_invariant(books) is None


def test_no_fee_is_taken_from_money_given_back() -> None:
    books = with_terms_fee(500)
    done(books, FREELANCER, Cancel(MILESTONE))
    assert books.deltas == {}
    assert spendable(books, EMPLOYER) == usd("1100.00")


def test_a_milestone_keeps_the_terms_it_was_funded_under() -> None:
    books = with_terms_fee(500)
    later_terms = replace(the(books, Contract, CONTRACT), terms_hash="f" * 64)
    books.rulebooks["f" * 64] = CLASSIC
    books.put(later_terms)
    event = done(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    assert made(event, Release).fee == usd("5.00")


def test_submitting_says_so_and_asks_for_the_release() -> None:
    books = world()
    links = ("https://example.org/1", "https://example.org/2")
    event = done(books, FREELANCER, Submit(MILESTONE, "It is done.", links))
    assert milestone(books).submitted_at == NOW
    said = made(event, Message)
    assert (said.about, said.milestone_id) == (About.SUBMISSION, MILESTONE)
    assert (said.text, said.links, said.sender_id) == ("It is done.", links, FREELANCER)
    assert event.answer == (milestone(books),)


def test_asking_for_changes_counts_the_rounds() -> None:
    books = world()
    for round_ in (1, 2):
        done(books, FREELANCER, Submit(MILESTONE))
        event = done(books, EMPLOYER, RequestChanges(MILESTONE, "Not yet."))
        assert milestone(books).rounds == round_
        assert made(event, Message).about is About.CHANGES


def test_asking_for_the_money_back_moves_nothing_and_is_asked_once() -> None:
    books = world()
    event = done(books, EMPLOYER, AskCancel(MILESTONE, "Plans changed."))
    assert made(event, Message).about is About.CANCEL
    assert (held(books), milestone(books).cancel_asked_at) == (usd("100.00"), NOW)
    again = AskCancel(MILESTONE, "Really.")
    assert reason(books, EMPLOYER, again) is Reason.CANCEL_ALREADY_ASKED
    done(books, FREELANCER, RefuseCancel(MILESTONE))
    assert reason(books, FREELANCER, RefuseCancel(MILESTONE)) is Reason.CANCEL_NOT_ASKED
    done(books, EMPLOYER, again)
    done(books, FREELANCER, Cancel(MILESTONE))
    assert milestone(books).cancel_asked_at is None


def test_a_request_ends_declined_whoever_lets_it_go() -> None:
    for who, asked in ((EMPLOYER, Decline(MILESTONE)), (FREELANCER, Withdraw(MILESTONE))):
        books = world(milestone=REQUESTED)
        done(books, who, asked)
        assert milestone(books).status is MilestoneStatus.DECLINED


def test_a_suspended_employer_opens_nothing_new_but_can_release() -> None:
    books = world()
    suspend(books, EMPLOYER)
    more = FundContract(CONTRACT, (Line("more", usd("1.00")),))
    assert reason(books, EMPLOYER, more) is Reason.SUSPENDED
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    assert spendable(books, FREELANCER) == usd("100.00")
