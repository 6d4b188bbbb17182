"""Staff: two operators together, seven days, and a freelancer who can object."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tests.core.test_disputes import dispute, got, opened
from tests.core.test_fate import happens, told
from tests.core.test_silence import clocked, contract, milestone, submitted, wind
from tests.core.worlds import (
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    OPERATOR,
    OTHER_OPERATOR,
    WHOLE,
    ask,
    batch,
    command,
    done,
    later,
    made,
    person,
    reason,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.contracts import About, Message
from earnest.core.disputes.offering import Concede
from earnest.core.disputes.opening import DisputeMilestone, ObjectToReturn
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.fate import fate
from earnest.core.hearing import Heard
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.milestones.silence import DEFERRED_BY
from earnest.core.milestones.staff import StaffCancel, StaffConfirm
from earnest.core.milestones.tranches import TrancheStatus
from earnest.core.people import Role, User
from earnest.core.world import World

DAY: Final = timedelta(days=1)
MICRO: Final = timedelta(microseconds=1)
CANCEL: Final = StaffCancel(MILESTONE, "Neither answers.")
CONFIRM: Final = StaffConfirm(MILESTONE)
OBJECT: Final = ObjectToReturn(MILESTONE, "I do.")


def confirmed() -> World:
    books = clocked()
    done(books, OPERATOR, CANCEL)
    done(books, OTHER_OPERATOR, CONFIRM)
    return books


def test_it_needs_two_operators_and_seven_days() -> None:
    books = clocked()
    assert reason(books, OPERATOR, CONFIRM) is Reason.STAFF_CANCEL_NOT_ASKED
    said = made(done(books, OPERATOR, CANCEL), Message)
    assert (said.about, said.sender_id) == (About.STAFF_CANCEL, OPERATOR)
    assert milestone(books).wakes_at == NOW + 180 * DAY, "one operator starts no clock"
    assert reason(books, OTHER_OPERATOR, CANCEL) is Reason.STAFF_CANCEL_ALREADY_ASKED
    assert reason(books, OPERATOR, CONFIRM) is Reason.SECOND_OPERATOR_NEEDED
    assert reason(books, EMPLOYER, CONFIRM) is Reason.NOT_YOUR_PART
    done(books, OTHER_OPERATOR, CONFIRM)
    assert reason(books, OTHER_OPERATOR, CONFIRM) is Reason.STAFF_CANCEL_ALREADY_CONFIRMED
    books.now += 7 * DAY - MICRO
    assert wind(books) == []
    books.now += MICRO
    (event,) = wind(books)
    assert (event.name, event.at) == ("milestone.staff_returned", NOW + 7 * DAY)
    assert (got(books), milestone(books).status) == (("0.00", "100.00"), MilestoneStatus.CANCELLED)
    assert milestone(books).staff_cancel_by is None


def test_an_operator_who_is_a_party_is_only_that() -> None:
    books = clocked()
    books.rows[User, EMPLOYER] = person(EMPLOYER, Role.OPERATOR)
    assert reason(books, EMPLOYER, CANCEL) is Reason.NOT_YOUR_PART


def test_the_freelancer_objects_until_the_instant_and_it_is_a_dispute_over_all() -> None:
    for early, code in ((MICRO, None), (0 * MICRO, Reason.WRONG_STATUS)):
        books = confirmed()
        books.now += 7 * DAY - early
        outcome = ask(books, FREELANCER, OBJECT)
        assert getattr(outcome, "reason", None) == code
    books = confirmed()
    row = made(done(books, FREELANCER, OBJECT), Dispute)
    assert (row.opener_id, row.amount, row.claim) == (FREELANCER, WHOLE, WHOLE)
    assert (milestone(books).staff_cancel_by, milestone(books).staff_return_at) == (None, None)
    assert reason(books, OPERATOR, CANCEL) is Reason.NOTHING_HELD
    done(books, EMPLOYER, Concede(row.id))
    assert got(books) == ("100.00", "0.00")


def test_only_the_freelancer_objects_and_only_to_what_two_decided() -> None:
    books = clocked()
    done(books, OPERATOR, CANCEL)
    assert reason(books, FREELANCER, OBJECT) is Reason.STAFF_CANCEL_NOT_ASKED
    done(books, OTHER_OPERATOR, CONFIRM)
    assert reason(books, EMPLOYER, OBJECT) is Reason.NOT_YOUR_PART


def test_a_dispute_ends_it_and_while_one_is_open_there_is_none() -> None:
    books = confirmed()
    number = opened(books, "60.00", "0.00", EMPLOYER)
    assert milestone(books).staff_return_at is None
    for asked in (CANCEL, CONFIRM):
        assert reason(books, OPERATOR, asked) is Reason.DISPUTE_OPEN
    done(books, EMPLOYER, WithdrawDispute(number))
    books.now += 8 * DAY
    assert wind(books) == []
    done(books, OPERATOR, CANCEL)


def test_who_withdrew_a_dispute_before_can_still_object() -> None:
    books = clocked()
    done(books, FREELANCER, WithdrawDispute(opened(books)))
    done(books, OPERATOR, CANCEL)
    done(books, OTHER_OPERATOR, CONFIRM)
    again = DisputeMilestone(MILESTONE, WHOLE, WHOLE, "Look.")
    assert reason(books, FREELANCER, again) is Reason.WITHDRAWN_BEFORE
    assert dispute(books, made(done(books, FREELANCER, OBJECT), Dispute).id).claim == WHOLE


def test_work_that_is_released_by_itself_at_the_same_instant_is_released() -> None:
    books = clocked()
    due = submitted(books)
    books.now = due - 7 * DAY
    done(books, OPERATOR, CANCEL)
    done(books, OTHER_OPERATOR, CONFIRM)
    found = fate(contract(books), books)
    assert [step.action for step in found.steps] == ["milestone.auto_release"]
    assert told(found) == happens(books)


def test_a_tranche_that_comes_before_what_is_put_off_is_paid_and_fate_says_until_when() -> None:
    """All that is held is the last tranche's, so staff finds nothing left to return."""
    books = world(tranche=TrancheStatus.WAITING)
    later(books, days=22)
    done(books, OPERATOR, CANCEL)
    done(books, OTHER_OPERATOR, CONFIRM)
    (step,) = fate(contract(books), books).steps
    assert (step.action, step.at - NOW) == ("milestone.staff_return", 29 * DAY)
    assert step.at_latest == step.at + DEFERRED_BY
    books.heard = Heard()
    assert [(action, at) for action, at, _ in happens(books)] == [
        ("clock.defer", 29 * DAY),
        ("tranche.pay", 30 * DAY),
    ]


def test_what_was_returned_is_what_was_left() -> None:
    books = confirmed()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("30.00")))
    books.now += 7 * DAY
    outcomes = batch(books, [command(FREELANCER, OBJECT), command(OPERATOR, CANCEL)])
    assert [getattr(each, "reason", None) for each in outcomes] == [Reason.WRONG_STATUS] * 2
    assert got(books) == ("30.00", "70.00")
    assert milestone(books).status is MilestoneStatus.RELEASED
