"""Changing what was agreed: proposed by one side, and nothing changes unless the other agrees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.core.proposed import DUE
from tests.core.samples import accepted, edited
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    PROJECT,
    RICH,
    WHOLE,
    done,
    held,
    later,
    made,
    reason,
    refused,
    spendable,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.contracts import ContractStatus
from earnest.core.ledger import Transfer, reserve, wallet
from earnest.core.milestones.asking import RequestMilestone
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.revising import OPEN_FOR, Agree, AgreeEdit, Edit, ProposeEdit
from earnest.core.milestones.row import Milestone, MilestoneStatus, agreement_hash


def test_what_both_want_is_what_the_milestone_says() -> None:
    books = world()
    later_still = DUE + timedelta(days=7)
    proposal = ProposeEdit(MILESTONE, "More work", usd("130.00"), later_still)
    edit = made(done(books, FREELANCER, proposal), Edit)
    assert the(books, Milestone, MILESTONE).amount == WHOLE, "it was only proposed"
    done(books, EMPLOYER, AgreeEdit(MILESTONE, edit.hash))
    after = the(books, Milestone, MILESTONE)
    assert (after.description, after.amount, after.due_at) == (
        "More work",
        usd("130.00"),
        later_still,
    )
    assert after.agreement_hash == agreement_hash("More work", usd("130.00"), later_still)
    assert after.agreed_at == NOW, "a date that both want binds"
    assert held(books) == usd("130.00")
    assert spendable(books, EMPLOYER) == RICH - usd("30.00")


@pytest.mark.parametrize("agreed", [False, True])
@pytest.mark.parametrize("proposer", [EMPLOYER, FREELANCER])
def test_a_date_that_stays_binds_as_it_did_before(agreed: bool, proposer: int) -> None:
    """Agreeing to another amount is not agreeing to a date that the employer set alone."""
    books = world(agreed=agreed)
    before = the(books, Milestone, MILESTONE)
    later(books, days=200)
    assert before.due_at is not None
    assert before.due_at < books.now
    done(books, proposer, ProposeEdit(MILESTONE, amount=usd("70.00")))
    done(books, EMPLOYER if proposer == FREELANCER else FREELANCER, edited(books))
    after = the(books, Milestone, MILESTONE)
    assert (after.due_at, after.agreed_at) == (before.due_at, before.agreed_at)
    assert (after.agreed_at is not None) is agreed


def test_a_smaller_amount_returns_the_difference() -> None:
    books = world()
    done(books, EMPLOYER, ProposeEdit(MILESTONE, amount=usd("70.00")))
    done(books, FREELANCER, edited(books))
    assert (held(books), spendable(books, EMPLOYER)) == (usd("70.00"), RICH + usd("30.00"))


def test_what_has_gone_cannot_be_edited_away() -> None:
    books = world()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")))
    found = refused(books, EMPLOYER, ProposeEdit(MILESTONE, amount=usd("39.99")))
    assert (found.reason, found.facts) == (Reason.LESS_THAN_GONE, {"gone": usd("40.00")})
    done(books, EMPLOYER, ProposeEdit(MILESTONE, amount=usd("40.00")))
    done(books, FREELANCER, edited(books))
    after = the(books, Milestone, MILESTONE)
    assert (after.status, held(books)) == (MilestoneStatus.RELEASED, usd("0.00"))


def test_the_reserve_of_its_project_pays_first() -> None:
    books = world(awarded=True)
    row = the(books, Milestone, MILESTONE)
    done(books, FREELANCER, ProposeEdit(MILESTONE, amount=usd("250.00")))
    event = done(books, EMPLOYER, edited(books))
    assert event.transfers == (
        Transfer(reserve(PROJECT, "USD"), row.escrow, usd("100.00")),
        Transfer(wallet(EMPLOYER, "USD"), row.escrow, usd("50.00")),
    )


def test_who_proposed_it_does_not_answer_it() -> None:
    for proposer, other in ((EMPLOYER, FREELANCER), (FREELANCER, EMPLOYER)):
        books = world()
        done(books, proposer, ProposeEdit(MILESTONE, amount=usd("1.00")))
        assert reason(books, proposer, edited(books)) is Reason.NOT_YOUR_TURN
        done(books, other, edited(books))
        assert reason(books, other, edited(books)) is Reason.NO_EDIT_OPEN


def test_the_last_proposal_counts_whoever_made_it() -> None:
    books = world()
    first = made(done(books, EMPLOYER, ProposeEdit(MILESTONE, amount=usd("1.00"))), Edit)
    done(books, FREELANCER, ProposeEdit(MILESTONE, amount=usd("2.00")))
    found = refused(books, EMPLOYER, AgreeEdit(MILESTONE, first.hash))
    assert (found.reason, found.path) == (Reason.CHANGED, "/edit_hash")
    done(books, EMPLOYER, edited(books))
    assert held(books) == usd("2.00")


@pytest.mark.parametrize("in_time", [True, False])
def test_a_proposal_is_over_after_seven_days(in_time: bool) -> None:
    books = world()
    done(books, EMPLOYER, ProposeEdit(MILESTONE, amount=usd("1.00")))
    books.now += OPEN_FOR - timedelta(microseconds=1 if in_time else 0)
    if in_time:
        done(books, FREELANCER, edited(books))
    else:
        assert reason(books, FREELANCER, edited(books)) is Reason.NO_EDIT_OPEN


def test_a_proposal_is_over_once_money_has_moved() -> None:
    books = world()
    done(books, FREELANCER, ProposeEdit(MILESTONE, amount=usd("150.00")))
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("0.01")))
    assert reason(books, EMPLOYER, edited(books)) is Reason.NO_EDIT_OPEN


def test_what_changes_nothing_is_no_proposal() -> None:
    books = world()
    same = ProposeEdit(MILESTONE, "A piece of work", WHOLE, DUE)
    assert reason(books, EMPLOYER, same) is Reason.NOTHING_CHANGES
    past = refused(books, EMPLOYER, ProposeEdit(MILESTONE, due_at=NOW))
    assert (past.reason, past.path) == (Reason.DUE_IN_PAST, "/due_at")


def test_a_date_that_has_been_is_not_agreed_to() -> None:
    books = world()
    done(books, EMPLOYER, ProposeEdit(MILESTONE, due_at=NOW + timedelta(days=1)))
    later(books, days=1)
    assert reason(books, FREELANCER, edited(books)) is Reason.DUE_IN_PAST


def test_who_accepts_a_contract_agrees_to_its_dates() -> None:
    books = world(ContractStatus.OFFERED)
    later(books, hours=1)
    event = done(books, FREELANCER, accepted(books))
    assert made(event, Milestone).agreed_at == books.now
    agreed = Agree(MILESTONE, the(books, Milestone, MILESTONE).agreement_hash)
    assert reason(books, FREELANCER, agreed) is Reason.NOTHING_TO_AGREE


def test_who_asks_for_a_milestone_agrees_to_its_date() -> None:
    books = world()
    for who, asked in (
        (FREELANCER, RequestMilestone(CONTRACT, "More", usd("1.00"), DUE)),
        (EMPLOYER, FundContract(CONTRACT, (Line("More", usd("1.00"), DUE),))),
    ):
        agreed_at = made(done(books, who, asked), Milestone).agreed_at
        assert agreed_at == (NOW if who == FREELANCER else None)


def test_a_date_that_the_employer_set_binds_once_it_is_agreed() -> None:
    books = world()
    agreed = Agree(MILESTONE, the(books, Milestone, MILESTONE).agreement_hash)
    assert reason(books, FREELANCER, Agree(MILESTONE, "0" * 64)) is Reason.CHANGED
    later(books, days=1)
    done(books, FREELANCER, agreed)
    assert the(books, Milestone, MILESTONE).agreed_at == books.now
    assert reason(books, FREELANCER, agreed) is Reason.NOTHING_TO_AGREE
