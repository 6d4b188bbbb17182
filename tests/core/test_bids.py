"""Bids: what they must be, what an award agrees to, and what their hash names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.core.samples import STEPS
from tests.core.worlds import (
    BID,
    BIDS_TAKEN,
    EMPLOYER,
    NOW,
    PROJECT,
    STRANGER,
    WHOLE,
    bid_in,
    done,
    made,
    project_in,
    proposals,
    refused,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.bids.bidding import EditBid, PlaceBid, Step
from earnest.core.bids.choosing import Award
from earnest.core.bids.row import Bid, BidStatus, Proposal, as_json, bid_hash
from earnest.core.contracts import AgreedTerms, Contract, ContractStatus
from earnest.core.projects.reserving import TakeReserveBack
from earnest.core.projects.row import CHOOSING, ProjectStatus
from earnest.core.terms import CLASSIC, terms_hash, with_fee


def test_a_step_has_its_days_or_its_date() -> None:
    for step in (Step("x", WHOLE), Step("x", WHOLE, days=1, due_at=NOW + timedelta(days=1))):
        found = refused(world(), STRANGER, PlaceBid(PROJECT, WHOLE, 7, "Mine", (step,)))
        assert (found.reason, found.path) == (Reason.DAYS_OR_DUE, "/milestones/0/due_at")


def test_a_date_that_has_been_is_refused_by_its_place() -> None:
    steps = (Step("x", usd("60.00"), days=1), Step("y", usd("40.00"), due_at=NOW))
    found = refused(world(), STRANGER, PlaceBid(PROJECT, WHOLE, 7, "Mine", steps))
    assert (found.reason, found.path) == (Reason.DUE_IN_PAST, "/milestones/1/due_at")


def test_what_does_not_add_up_says_both_sums() -> None:
    steps = (Step("x", usd("60.00"), days=1), Step("y", usd("39.99"), days=1))
    found = refused(world(), STRANGER, PlaceBid(PROJECT, WHOLE, 7, "Mine", steps))
    assert found.facts == {"total": usd("99.99"), "amount": WHOLE}
    assert found.path == "/milestones"


def test_a_bid_keeps_what_it_proposes_at_its_places() -> None:
    books = world()
    steps = tuple(Step(f"part {n}", usd("10.00"), days=n) for n in range(1, 11))
    event = done(books, STRANGER, PlaceBid(PROJECT, WHOLE, 30, "Mine", steps))
    bid = made(event, Bid)
    kept = [the(books, Proposal, (bid.id, place)) for place in range(1, 11)]
    assert [each.description for each in kept] == [f"part {n}" for n in range(1, 11)]
    assert bid.hash == bid_hash(WHOLE, 30, kept)
    assert bid.milestones == 10


def test_a_shorter_bid_no_longer_counts_the_places_behind() -> None:
    books = world()
    done(books, 2, EditBid(BID, WHOLE, 7, "All at once", STEPS))
    bid = the(books, Bid, BID)
    assert (bid.milestones, the(books, Proposal, (BID, 1)).description) == (1, "All of it")
    award = made(done(books, EMPLOYER, Award(BID, bid.hash)), AgreedTerms)
    assert award.bid == as_json(WHOLE, [the(books, Proposal, (BID, 1))])


def test_when_the_time_to_choose_is_over_nobody_is_chosen_whether_or_not_a_worker_ran() -> None:
    books = world()
    books.now += BIDS_TAKEN + CHOOSING
    award = Award(BID, bid_in(BidStatus.LIVE).hash)
    assert refused(books, EMPLOYER, award).reason is Reason.PROJECT_ENDED
    closed = refused(books, EMPLOYER, TakeReserveBack(PROJECT))
    assert (closed.reason, closed.facts["status"]) == (Reason.WRONG_STATUS, ProjectStatus.CLOSED)


def test_a_project_does_not_lapse_while_somebody_has_an_offer_to_answer() -> None:
    assert project_in(ProjectStatus.OPEN, ContractStatus.OFFERED).lapse_of(NOW) is None
    assert project_in(ProjectStatus.OPEN).lapse_of(NOW) == NOW + BIDS_TAKEN + CHOOSING


def test_an_award_agrees_to_the_terms_and_the_bid() -> None:
    books = world()
    event = done(books, EMPLOYER, Award(BID, bid_in(BidStatus.LIVE).hash))
    contract, agreed = made(event, Contract), made(event, AgreedTerms)
    offered = as_json(WHOLE, proposals())
    assert contract.terms_hash == agreed.hash == terms_hash(CLASSIC, offered)
    assert (contract.project_id, contract.bid_id) == (PROJECT, BID)
    assert contract.wakes_at == NOW + timedelta(seconds=CLASSIC.accept_seconds)


def test_a_bid_is_not_awarded_under_terms_that_are_not_offered() -> None:
    other_fee = with_fee(CLASSIC, 100)
    found = refused(world(), EMPLOYER, Award(BID, bid_in(BidStatus.LIVE).hash, other_fee))
    assert (found.reason, found.path) == (Reason.TERMS_NOT_OFFERED, "/terms/fee_bps")


def test_the_hash_of_a_bid_names_all_that_is_awarded() -> None:
    whole = bid_hash(WHOLE, 14, proposals())
    first, second = proposals()
    assert whole != bid_hash(WHOLE, 15, proposals())
    assert whole != bid_hash(usd("100.01"), 14, proposals())
    assert whole != bid_hash(WHOLE, 14, (second, first))
    assert whole != bid_hash(WHOLE, 14, (replace(first, days=6), second))
    assert whole != bid_hash(WHOLE, 14, (replace(first, description="Else"), second))
    assert whole == bid_hash(WHOLE, 14, (replace(first, id=1), replace(second, id=2)))
