"""Changing what was agreed: proposed by one side, and nothing changes unless the other agrees."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.core.clocked import CLOCKED
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
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.ledger import Transfer, reserve, wallet
from earnest.core.milestones.asking import RequestMilestone
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.recalling import Recall
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.core.milestones.revising import (
    DAYS_MOST,
    OPEN_FOR,
    ROUNDS_MOST,
    Agree,
    AgreeEdit,
    Edit,
    ProposeEdit,
)
from earnest.core.milestones.row import Milestone, MilestoneStatus, agreement_hash
from earnest.core.milestones.working import RequestChanges, Submit, review_left, rounds_most
from earnest.core.records import replace
from earnest.core.terms import BOUNDS, DAY
from earnest.core.world import World


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


def more_of(milestone: MilestoneStatus = MilestoneStatus.SUBMITTED) -> World:
    """Work under terms that give 14 days to look and three rounds of changes."""
    return world(milestone=milestone, clocked=True)


@pytest.mark.parametrize("milestone", [MilestoneStatus.FUNDED, MilestoneStatus.SUBMITTED])
def test_rounds_and_days_are_added_by_both(milestone: MilestoneStatus) -> None:
    books = more_of(milestone)
    done(books, FREELANCER, ProposeEdit(MILESTONE, rounds=2, review_days=5))
    assert the(books, Milestone, MILESTONE).extra_rounds == 0
    done(books, EMPLOYER, edited(books))
    row = the(books, Milestone, MILESTONE)
    assert (row.extra_rounds, row.extra_review_days, row.amount) == (2, 5, WHOLE)
    assert rounds_most(row, CLOCKED) == 5
    assert review_left(row, CLOCKED) == timedelta(days=19)


def test_a_running_clock_gets_longer_and_nothing_sooner_is_told() -> None:
    books = more_of()
    done(books, EMPLOYER, ProposeEdit(MILESTONE, review_days=5))
    before = the(books, Milestone, MILESTONE).wakes_at
    done(books, FREELANCER, edited(books))
    assert the(books, Milestone, MILESTONE).wakes_at == NOW + timedelta(days=19)
    assert before != NOW + timedelta(days=19)


def test_changes_can_be_asked_for_as_often_as_both_agreed() -> None:
    books = more_of()
    used = replace(the(books, Milestone, MILESTONE), rounds=3)
    books.rows[Milestone, MILESTONE] = used
    assert reason(books, EMPLOYER, RequestChanges(MILESTONE, "More.")) is Reason.NO_ROUNDS_LEFT
    done(books, FREELANCER, ProposeEdit(MILESTONE, rounds=1))
    done(books, EMPLOYER, edited(books))
    done(books, EMPLOYER, RequestChanges(MILESTONE, "More."))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"rounds": 8}, (Reason.BEYOND_BOUNDS, {"most": 10}, "/rounds")),
        ({"review_days": 47}, (Reason.BEYOND_BOUNDS, {"most": 60}, "/review_days")),
        ({"rounds": 7, "review_days": 46}, None),
        ({"rounds": 1, "amount": usd("1.00")}, (Reason.ONLY_ADDING, {}, "/amount")),
        ({"rounds": 1, "description": "Else"}, (Reason.ONLY_ADDING, {}, "/description")),
        ({"due_at": DUE + timedelta(days=1)}, (Reason.ONLY_ADDING, {}, "/due_at")),
        ({"rounds": 1, "amount": WHOLE, "description": "A piece of work"}, None),
        ({}, (Reason.NOTHING_CHANGES, {}, "")),
    ],
)
def test_what_is_submitted_gets_more_time_and_nothing_else(
    asked: dict[str, Any], found: tuple[Reason, dict[str, int], str] | None
) -> None:
    proposal = ProposeEdit(MILESTONE, **asked)
    if found is None:
        done(more_of(), EMPLOYER, proposal)
    else:
        told = refused(more_of(), EMPLOYER, proposal)
        assert (told.reason, told.facts, told.path) == found


def test_where_there_is_no_limit_there_is_nothing_to_add_to() -> None:
    for asked, path in (
        (ProposeEdit(MILESTONE, rounds=1), "/rounds"),
        (ProposeEdit(MILESTONE, review_days=1), "/review_days"),
    ):
        told = refused(world(), FREELANCER, asked)
        assert (told.reason, told.path) == (Reason.NO_LIMIT_HERE, path)


def test_both_together_give_no_more_than_any_terms_do() -> None:
    assert BOUNDS["change_rounds"].high == ROUNDS_MOST
    assert BOUNDS["review_seconds"].high == DAYS_MOST * DAY


def test_a_change_of_the_work_waits_while_it_is_looked_at_and_time_does_not() -> None:
    books = more_of(MilestoneStatus.FUNDED)
    done(books, EMPLOYER, ProposeEdit(MILESTONE, amount=usd("70.00")))
    done(books, FREELANCER, Submit(MILESTONE))
    assert reason(books, FREELANCER, edited(books)) is Reason.NO_EDIT_OPEN
    done(books, EMPLOYER, RequestChanges(MILESTONE, "More."))
    done(books, FREELANCER, edited(books))


def test_a_release_ends_a_proposal_also_when_it_is_recalled() -> None:
    books = more_of(MilestoneStatus.FUNDED)
    done(books, FREELANCER, ProposeEdit(MILESTONE, amount=usd("150.00")))
    release = made(done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("10.00"))), Release)
    done(books, EMPLOYER, Recall(release.id))
    assert the(books, Milestone, MILESTONE).gone == usd("0.00")
    assert reason(books, EMPLOYER, edited(books)) is Reason.NO_EDIT_OPEN


def test_a_dispute_ends_a_proposal_also_when_it_is_withdrawn() -> None:
    books = more_of(MilestoneStatus.FUNDED)
    done(books, FREELANCER, ProposeEdit(MILESTONE, amount=usd("150.00")))
    asked = DisputeMilestone(MILESTONE, usd("10.00"), usd("10.00"), "Look.")
    dispute = made(done(books, FREELANCER, asked), Dispute)
    done(books, FREELANCER, WithdrawDispute(dispute.id))
    assert reason(books, EMPLOYER, edited(books)) is Reason.NO_EDIT_OPEN
