"""A clock that costs somebody money waits for its notice: once, by 72 hours, and no longer."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tests.core.clocked import CLOCKED_HASH, STAKED_HASH
from tests.core.proposed import DUE
from tests.core.test_disputes import answered, dispute, opened, under
from tests.core.test_silence import clocked, contract, milestone, submitted, wind
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    OPERATOR,
    SYSTEM,
    WHOLE,
    done,
    reason,
    spendable,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.clocks import aimed, clock_of
from earnest.core.contracts import Contract
from earnest.core.deferring import Defer
from earnest.core.disputes.extending import AgreeExtension, ProposeExtension
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.row import DisputeStatus
from earnest.core.disputes.staking import PayFee
from earnest.core.fate import fate
from earnest.core.hearing import Heard, LastNotice
from earnest.core.house import House
from earnest.core.ledger import wallet
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.silence import AutoRelease
from earnest.core.milestones.tranches import TrancheStatus
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.notices import Concerned
from earnest.core.records import replace
from earnest.core.reminding import Moment, reminders, spans_of
from earnest.core.terms import DAY as A_DAY
from earnest.core.world import World

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
BY: Final = timedelta(hours=72)
MICRO: Final = timedelta(microseconds=1)
#: Somebody was there all the time.
ALWAYS: Final = ((NOW - DAY, NOW + 1_000 * DAY),)


def unheard(books: World, *notices: LastNotice, awake: tuple[object, ...] = ALWAYS) -> World:
    """The same world where people are told by mail, and were told this much in time."""
    books.house = replace(books.house, mails=True)
    books.heard = Heard(frozenset(notices), awake)  # type: ignore[arg-type]
    return books


def review(at: datetime, user_id: int = EMPLOYER) -> LastNotice:
    return LastNotice(MILESTONE, "milestone.auto_release", at, user_id)


def names(books: World) -> list[tuple[str, datetime]]:
    """What has happened by now."""
    return [(event.name, event.at) for event in wind(books)]


# --- whether it waits -----------------------------------------------------------------------------


def test_what_nobody_was_told_of_waits_72_hours_once_and_then_happens() -> None:
    books = unheard(clocked())
    due = submitted(books)
    books.now = due + HOUR
    assert names(books) == [("milestone.deferred", due)]
    assert milestone(books).deferred_until == milestone(books).wakes_at == due + BY
    assert contract(books).wakes_at == due + BY
    assert spendable(books, FREELANCER) == usd("0.00")
    books.now = due + BY - MICRO
    assert names(books) == []
    books.now = due + 100 * DAY
    assert names(books) == [("milestone.auto_released", due + BY)]
    assert spendable(books, FREELANCER) == WHOLE


def test_however_late_anybody_looks_both_happen_at_their_instants() -> None:
    books = unheard(clocked())
    due = submitted(books)
    books.now = due + 100 * DAY
    assert names(books) == [("milestone.deferred", due), ("milestone.auto_released", due + BY)]


def test_what_who_loses_by_it_was_told_of_does_not_wait() -> None:
    books = clocked()
    due = submitted(books)
    unheard(books, review(due))
    books.now = due
    assert names(books) == [("milestone.auto_released", due)]


def test_that_somebody_else_was_told_or_of_another_clock_is_not_enough() -> None:
    for wrong in (
        review(NOW + 14 * DAY, FREELANCER),
        review(NOW + 14 * DAY + MICRO),
        LastNotice(MILESTONE, "milestone.return_overdue", NOW + 14 * DAY, EMPLOYER),
        LastNotice(CONTRACT, "milestone.auto_release", NOW + 14 * DAY, EMPLOYER),
    ):
        books = clocked()
        due = submitted(books)
        unheard(books, wrong)
        books.now = due
        assert names(books) == [("milestone.deferred", due)]


def test_what_goes_back_waits_for_the_freelancer_and_dormant_for_one_notice_of_the_contract() -> (
    None
):
    overdue = clocked(agreed=True)
    due = DUE + 30 * DAY
    unheard(overdue, LastNotice(MILESTONE, "milestone.return_overdue", due, FREELANCER))
    overdue.now = due
    assert names(overdue) == [("milestone.returned_overdue", due)]
    for told, expected in ((CONTRACT, "milestone.returned_dormant"), (9, "milestone.deferred")):
        books = clocked()
        due = NOW + 180 * DAY
        unheard(books, LastNotice(told, "milestone.return_dormant", due, FREELANCER))
        books.now = due
        assert names(books) == [(expected, due)]


def test_while_no_process_is_there_nobody_can_act_so_it_waits_though_all_were_told() -> None:
    for awake, expected in (
        (((NOW, NOW + 14 * DAY),), "milestone.auto_released"),
        (((NOW, NOW + 14 * DAY - MICRO),), "milestone.deferred"),
        (((NOW + 14 * DAY + MICRO, NOW + 15 * DAY),), "milestone.deferred"),
        ((), "milestone.deferred"),
    ):
        books = clocked()
        due = submitted(books)
        unheard(books, review(due), awake=awake)
        books.now = due + DAY
        assert names(books) == [(expected, due)]


def test_where_nobody_is_told_by_mail_only_a_site_that_was_away_puts_it_off() -> None:
    for awake, expected in ((ALWAYS, "milestone.auto_released"), ((), "milestone.deferred")):
        books = unheard(clocked(), awake=awake)
        books.house = House()
        due = submitted(books)
        books.now = due
        assert names(books) == [(expected, due)]


def test_a_clock_shorter_than_72_hours_never_waits() -> None:
    for days, expected in ((3, "milestone.deferred"), (2, "milestone.auto_released")):
        terms = {"review_seconds": days * A_DAY, "review_floor_seconds": A_DAY}
        books = unheard(under(clocked(), CLOCKED_HASH, **terms))
        due = submitted(books)
        books.now = due
        assert names(books) == [(expected, due)]


def planned() -> World:
    """Its last tranche waits for its date."""
    books = world(tranche=TrancheStatus.WAITING)
    row = aimed(milestone(books), None, books)
    assert isinstance(row, Milestone)
    books.rows[Milestone, MILESTONE] = row
    books.rows[Contract, CONTRACT] = contract(books).waking(row.wakes_at)
    return books


def test_a_plan_that_both_agreed_to_is_paid_on_its_dates() -> None:
    books = unheard(planned(), awake=())
    due = milestone(books).pays_at
    assert due is not None
    books.now = due + DAY
    assert names(books) == [("milestone.tranche_paid", due)]


def test_nobody_asks_for_it_while_nothing_is_to_be_put_off() -> None:
    books = clocked()
    assert reason(books, SYSTEM, Defer(MILESTONE)) is Reason.NOT_YET_DUE
    assert reason(unheard(books), SYSTEM, Defer(MILESTONE)) is Reason.NOT_YET_DUE
    assert reason(books, OPERATOR, Defer(MILESTONE)) is Reason.NOT_YOUR_PART
    assert reason(books, EMPLOYER, Defer(MILESTONE)) is Reason.NOT_YOUR_PART


# --- while it waits -------------------------------------------------------------------------------


def test_meanwhile_who_loses_by_it_can_do_what_they_could_before() -> None:
    books = unheard(clocked())
    due = submitted(books)
    books.now = due + 71 * HOUR
    done(books, EMPLOYER, DisputeMilestone(MILESTONE, WHOLE, usd("0.00"), "It does not open."))
    assert milestone(books).frozen == WHOLE
    overdue = unheard(clocked(agreed=True))
    overdue.now = DUE + 30 * DAY + 71 * HOUR
    done(overdue, FREELANCER, Submit(MILESTONE))
    assert clock_of(milestone(overdue), overdue) == (overdue.now + 14 * DAY, AutoRelease)


def test_the_budget_to_look_is_not_longer_by_it() -> None:
    books = unheard(clocked())
    due = submitted(books)
    books.now = due + HOUR
    assert reason(books, EMPLOYER, RequestChanges(MILESTONE, "More.")) is Reason.BUDGET_SPENT


def test_another_clock_that_would_run_out_meanwhile_waits_with_it_and_comes_after_it() -> None:
    for gap in (0 * HOUR, 71 * HOUR):
        books = clocked()
        due = submitted(books)
        returns_at = due + gap
        row = replace(milestone(books), staff_cancel_by=OPERATOR, staff_return_at=returns_at)
        books.rows[Milestone, MILESTONE] = row
        unheard(books)
        books.now = due + 100 * DAY
        expected = [("milestone.deferred", due), ("milestone.auto_released", due + BY)]
        assert names(books) == expected


def test_what_was_first_stays_first_though_the_other_one_alone_would_not_wait() -> None:
    terms = {"review_seconds": 2 * A_DAY, "review_floor_seconds": A_DAY}
    books = under(clocked(), CLOCKED_HASH, **terms)
    due = submitted(books)
    returns_at = due - HOUR
    row = replace(milestone(books), staff_cancel_by=OPERATOR, staff_return_at=returns_at)
    books.rows[Milestone, MILESTONE] = row
    books.rows[Contract, CONTRACT] = contract(books).waking(returns_at)
    unheard(books)
    books.now = due + 100 * DAY
    assert names(books) == [
        ("milestone.deferred", returns_at),
        ("milestone.staff_returned", returns_at + BY),
    ]


def test_a_clock_that_began_afterwards_has_its_own_time() -> None:
    terms = {"review_seconds": 2 * A_DAY, "review_floor_seconds": A_DAY}
    books = unheard(under(clocked(agreed=True), CLOCKED_HASH, **terms))
    deferred_at = DUE + 30 * DAY
    books.now = deferred_at + HOUR
    done(books, FREELANCER, Submit(MILESTONE))
    books.now = deferred_at + 100 * DAY
    assert names(books) == [("milestone.auto_released", deferred_at + HOUR + 2 * DAY)]


def test_once_it_was_put_off_it_is_told_of_anew_but_for_its_beginning() -> None:
    books = unheard(clocked())
    due = submitted(books)
    books.now = due
    wind(books)
    row = milestone(books)
    (span,) = spans_of(row, books)
    assert (span.since, span.clock.at, span.tells_start) == (due, due + BY, False)
    concerned = Concerned(SYSTEM, EMPLOYER, FREELANCER)

    def told(now: datetime) -> list[tuple[int, Moment, bool]]:
        found = reminders(row, [span], concerned, due - DAY, now)
        return [(each.user_id, each.moment, each.is_last) for each in found]

    assert told(due + 47 * HOUR) == []
    assert told(due + 48 * HOUR) == [
        (EMPLOYER, Moment.DAY, True),
        (FREELANCER, Moment.DAY, False),
    ]


# --- disputes -------------------------------------------------------------------------------------


def test_an_answer_has_72_hours_more_once() -> None:
    books = unheard(clocked())
    number = opened(books)
    due = NOW + 7 * DAY
    books.now = due + HOUR
    assert names(books) == [("dispute.deferred", due)]
    row = dispute(books, number)
    assert (row.status, row.ends_at, row.wakes_at) == (DisputeStatus.RESPONSE, due + BY, due + BY)
    assert milestone(books).deferred_until is None
    answered(books, number)
    assert dispute(books, number).status is DisputeStatus.NEGOTIATION


def test_of_an_answer_only_who_has_to_give_it_is_to_be_told() -> None:
    for user_id, expected in (
        (EMPLOYER, "dispute.escalated"),
        (FREELANCER, "dispute.deferred"),
    ):
        books = clocked()
        number = opened(books)
        due = NOW + 7 * DAY
        unheard(books, LastNotice(number, "dispute.default_answer", due, user_id))
        books.now = due
        assert names(books) == [(expected, due)]


def test_an_arbiter_who_has_to_rule_does_not_wait_but_what_stands_without_a_ruling_does() -> None:
    books = unheard(clocked(), awake=())
    opened(books, claim="50.00")
    books.now = NOW + 1_000 * DAY
    assert [(name, at - NOW) for name, at in names(books)] == [
        ("dispute.deferred", 7 * DAY),
        ("dispute.escalated", 10 * DAY),
        ("dispute.escalated", 24 * DAY),
        ("dispute.escalated", 31 * DAY),
        ("dispute.deferred", 38 * DAY),
        ("dispute.defaulted", 41 * DAY),
    ]


def test_the_fee_waits_for_who_has_not_put_it_up_and_what_was_proposed_is_over() -> None:
    books = under(clocked(), STAKED_HASH)
    books.balances[wallet(FREELANCER, "USD")] = 10_000
    number = answered(books, opened(books))
    done(books, FREELANCER, PayFee(number))
    due = dispute(books, number).ends_at
    assert due is not None
    done(books, FREELANCER, ProposeExtension(number, due + 10 * DAY))
    unheard(books)
    books.now = due
    assert names(books) == [("dispute.deferred", due)]
    agreed = AgreeExtension(number, due + 10 * DAY)
    assert reason(books, EMPLOYER, agreed) is Reason.NOTHING_TO_AGREE
    books.now = due + BY
    assert names(books) == [("dispute.defaulted", due + BY)]


def test_a_negotiation_that_goes_on_keeps_its_rounds() -> None:
    books = under(clocked(), STAKED_HASH, negotiation_seconds=4 * A_DAY)
    number = answered(books, opened(books))
    unheard(books)
    books.now = NOW + 4 * DAY
    assert names(books) == [
        ("dispute.sealed_compared", NOW + 3 * DAY),
        ("dispute.sealed_compared", NOW + 4 * DAY),
        ("dispute.deferred", NOW + 4 * DAY),
    ]
    row = dispute(books, number)
    assert (row.ends_at, row.closes_at) == (NOW + 7 * DAY, None)


# --- fate -----------------------------------------------------------------------------------------


def test_fate_says_when_it_happens_and_when_at_the_latest() -> None:
    books = clocked()
    due = submitted(books)
    (step,) = fate(contract(books), books).steps
    assert (step.action, step.at, step.at_latest) == ("milestone.auto_release", due, due + BY)
    unheard(books, awake=())
    books.now = due
    wind(books)
    (step,) = fate(contract(books), books).steps
    assert (step.at, step.at_latest) == (due + BY, due + BY), "once, and that was it"


def test_what_counts_from_a_clock_that_waits_is_as_much_later_at_the_latest() -> None:
    books = clocked()
    opened(books, claim="50.00")
    steps = fate(contract(books), books).steps
    assert [(each.action, each.at - NOW, each.at_latest - NOW) for each in steps] == [
        ("dispute.default_answer", 7 * DAY, 10 * DAY),
        ("dispute.escalate", 21 * DAY, 24 * DAY),
        ("dispute.escalate", 28 * DAY, 31 * DAY),
        ("dispute.default_ruling", 35 * DAY, 41 * DAY),
    ]


def test_a_step_that_waits_for_nothing_is_at_its_latest() -> None:
    books = planned()
    steps = fate(contract(books), books).steps
    assert steps
    assert all(each.at_latest == each.at for each in steps)
