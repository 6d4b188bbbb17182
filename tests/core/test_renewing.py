"""Other terms: proposed by one side, in force for what is funded once the other has agreed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.proposed import OTHER_HASH, OTHER_TERMS
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    TERMS_HASH,
    done,
    made,
    reason,
    refused,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.contracts import AgreedTerms, Contract, ContractStatus
from earnest.core.house import House
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.row import Milestone
from earnest.core.renewing import AgreeTerms, ProposeTerms, TermsOffer
from earnest.core.terms import BALANCED, CLASSIC, DAY, UNDISPUTED, with_fee

PROPOSAL = ProposeTerms(CONTRACT, OTHER_TERMS)
MORE = FundContract(CONTRACT, (Line("More work", usd("10.00")),))


def test_what_is_funded_after_the_other_agreed_has_the_new_terms_and_nothing_else_does() -> None:
    books = world()
    event = done(books, FREELANCER, PROPOSAL)
    assert made(event, AgreedTerms).terms == OTHER_TERMS
    before = made(done(books, EMPLOYER, MORE), Milestone)
    assert before.terms_hash == TERMS_HASH, "they were only proposed"
    done(books, EMPLOYER, AgreeTerms(CONTRACT, OTHER_HASH))
    after = made(done(books, EMPLOYER, MORE), Milestone)
    assert after.terms_hash == OTHER_HASH
    assert the(books, Contract, CONTRACT).terms_hash == OTHER_HASH
    assert {the(books, Milestone, n).terms_hash for n in (MILESTONE, before.id)} == {TERMS_HASH}


def test_nobody_agrees_with_themselves_and_nobody_agrees_twice() -> None:
    books = world()
    agree = AgreeTerms(CONTRACT, OTHER_HASH)
    assert reason(books, EMPLOYER, agree) is Reason.NOTHING_TO_AGREE
    done(books, FREELANCER, PROPOSAL)
    assert reason(books, FREELANCER, agree) is Reason.NOT_YOUR_TURN
    done(books, EMPLOYER, agree)
    assert reason(books, EMPLOYER, agree) is Reason.NOTHING_TO_AGREE


def test_the_last_proposal_counts_whoever_made_it() -> None:
    books = world()
    done(books, FREELANCER, PROPOSAL)
    shorter = replace(CLASSIC, accept_seconds=2 * DAY)
    event = done(books, EMPLOYER, ProposeTerms(CONTRACT, shorter))
    now = made(event, TermsOffer).terms_hash
    found = refused(books, FREELANCER, AgreeTerms(CONTRACT, OTHER_HASH))
    assert (found.reason, found.path, found.facts) == (
        Reason.CHANGED,
        "/terms_hash",
        {"now": now},
    )
    done(books, FREELANCER, AgreeTerms(CONTRACT, now))


@pytest.mark.parametrize("terms", ["classic", CLASSIC], ids=["by name", "in full"])
def test_the_same_terms_are_no_proposal(terms: str) -> None:
    found = refused(world(), EMPLOYER, ProposeTerms(CONTRACT, terms))
    assert (found.reason, found.path) == (Reason.NOTHING_CHANGES, "/terms")


@pytest.mark.parametrize("terms", ["balanced", BALANCED], ids=["by name", "in full"])
def test_what_needs_a_clock_that_is_not_wound_is_no_proposal_either(terms: str) -> None:
    books = world(house=House(wound=UNDISPUTED))
    assert reason(books, EMPLOYER, ProposeTerms(CONTRACT, terms)) is Reason.TERMS_NOT_OFFERED


def test_the_fee_of_the_day_is_taken_over_by_proposing_the_preset_anew() -> None:
    books = world(house=House(fee_bps=250))
    agreed = made(done(books, FREELANCER, ProposeTerms(CONTRACT, "classic")), AgreedTerms)
    assert agreed.terms == with_fee(CLASSIC, 250)


def test_an_offer_is_answered_and_not_changed() -> None:
    books = world(ContractStatus.OFFERED)
    assert reason(books, EMPLOYER, PROPOSAL) is Reason.WRONG_STATUS
