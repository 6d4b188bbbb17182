"""When a clock is told while it runs, to whom, and what it says: nothing but what will happen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.core.clocked import CLOCKED, STAKED_HASH
from tests.core.disputed import DISPUTE, LASTS, About
from tests.core.planned import WAITS
from tests.core.proposed import DUE
from tests.core.test_silence import clocked, contract, milestone, submitted
from tests.core.worlds import (
    ARBITER,
    CONTRACT,
    DEPOSIT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    OPERATOR,
    PROJECT,
    WHOLE,
    WITHDRAWAL,
    the,
    world,
)

from earnest.core import batch  # noqa: F401  # It imports every module that has actions.
from earnest.core.actions import ACTIONS
from earnest.core.clocks import RANKS
from earnest.core.contracts import Contract, ContractStatus
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.row import DisputeStatus as D
from earnest.core.fate import outcome
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.milestones.silence import ReturnDormant, ReturnOverdue
from earnest.core.milestones.staff import OBJECTED_WITHIN
from earnest.core.milestones.tranches import TrancheStatus
from earnest.core.notices import OF_STAFF, SILENT, Concerned, Part
from earnest.core.payments.depositing import Deposit, DepositStatus, ExpireDeposit
from earnest.core.payments.withdrawing import (
    ExpireWithdrawal,
    SendWithdrawal,
    Withdrawal,
    WithdrawalStatus,
)
from earnest.core.people import SYSTEM
from earnest.core.projects.row import CHOOSING, UNUSED, Project, ProjectStatus
from earnest.core.records import replace
from earnest.core.reminding import (
    CLOCKS,
    SILENT_CLOCKS,
    WINDS,
    Moment,
    looked_at_next,
    moments,
    reminders,
    spans_of,
)
from earnest.core.rows import Row
from earnest.core.world import World

M, S = Moment, MilestoneStatus
HOUR, DAY, MICRO = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
BOTH = Concerned(0, EMPLOYER, FREELANCER)


def in_review() -> World:
    """Work that was handed in, of which every clock runs."""
    books = clocked()
    submitted(books)
    return books


def told_after(lasts: timedelta) -> list[tuple[Moment, timedelta]]:
    """The moments of a clock that runs so long, and how long before its end each is."""
    return [(each.moment, NOW + lasts - each.at) for each in moments(NOW, NOW + lasts)]


def test_a_week_or_longer_is_told_at_half_time_three_days_and_a_day_before() -> None:
    for lasts in (7 * DAY, 14 * DAY, 180 * DAY):
        assert told_after(lasts) == [
            (M.START, lasts),
            (M.HALF, lasts / 2),
            (M.THREE_DAYS, 3 * DAY),
            (M.DAY, DAY),
        ]


def test_three_days_or_longer_are_told_a_day_before() -> None:
    for lasts in (7 * DAY - MICRO, 4 * DAY, 3 * DAY):
        assert told_after(lasts) == [(M.START, lasts), (M.DAY, DAY)]


def test_what_is_shorter_is_told_six_hours_before_if_that_is_after_its_start() -> None:
    for lasts in (3 * DAY - MICRO, 36 * HOUR, 6 * HOUR + MICRO):
        assert told_after(lasts) == [(M.START, lasts), (M.SIX_HOURS, 6 * HOUR)]
    for lasts in (6 * HOUR, HOUR + MICRO, HOUR, timedelta(minutes=10)):
        assert told_after(lasts) == [(M.START, lasts)]


def test_moments_are_in_their_order_and_an_odd_half_is_rounded_to_the_microsecond() -> None:
    for lasts in (7 * DAY, 7 * DAY + MICRO, 8 * DAY, 730 * DAY, 3 * DAY, HOUR):
        instants = [each.at for each in moments(NOW, NOW + lasts)]
        assert instants == sorted({*instants})
    assert told_after(8 * DAY + MICRO)[1] == (M.HALF, 4 * DAY + MICRO)


def test_a_day_has_24_hours_whatever_clocks_on_walls_do() -> None:
    """Summer time begins in Madrid on 29 March 2026; 2028 has a leap day."""
    madrid = ZoneInfo("Europe/Madrid")
    began = datetime(2026, 3, 25, 9, tzinfo=madrid).astimezone(UTC)
    day = next(each for each in moments(began, began + 5 * DAY) if each.moment is M.DAY)
    assert day.at.astimezone(madrid).hour == 10
    leap = datetime(2028, 2, 20, 12, tzinfo=UTC)
    three = next(each for each in moments(leap, leap + 12 * DAY) if each.moment is M.THREE_DAYS)
    assert three.at == datetime(2028, 2, 29, 12, tzinfo=UTC)


def test_every_clock_of_system_is_told_or_it_is_said_why_not() -> None:
    payments = {ExpireDeposit.name, ExpireWithdrawal.name, SendWithdrawal.name}
    assert {*CLOCKS, *SILENT_CLOCKS} == {action.name for action in RANKS} | payments
    assert CLOCKS.keys().isdisjoint(SILENT_CLOCKS)
    assert all(why.endswith(".") for why in SILENT_CLOCKS.values())
    assert all(ACTIONS[name].by >= SYSTEM for name in CLOCKS)
    assert CLOCKS.keys().isdisjoint({each.event for each in ACTIONS.values()})
    assert SILENT.keys() >= WINDS


def test_nobody_is_in_the_catalogue_of_a_clock_twice_and_only_staff_hears_of_the_site() -> None:
    for tellings in CLOCKS.values():
        parts = [each.part for each in tellings]
        assert len({*parts}) == len(parts)
        assert any(each.acts for each in tellings)
        for each in tellings:
            assert (each.part is Part.OPERATOR) == (each.topic in OF_STAFF)


def told_of(
    row: Row,
    books: World,
    after: timedelta,
    concerned: Concerned = BOTH,
    told_until: datetime | None = None,
) -> list[tuple[int, str, Moment, bool, bool]]:
    """Who is told of a row's clocks so long after the world began."""
    found = reminders(row, spans_of(row, books), concerned, told_until, NOW + after)
    return [(r.user_id, r.span.name, r.moment, r.is_last, r.waits) for r in found]


REVIEW = "milestone.auto_release"


def test_who_can_look_at_work_is_told_at_every_moment_and_who_waits_once() -> None:
    books = in_review()
    row = milestone(books)
    (span,) = spans_of(row, books)
    lasts = span.clock.at - span.since
    assert (span.since, lasts) == (row.submitted_at, 14 * DAY)
    began = span.since - NOW
    assert told_of(row, books, began) == [], "handing it in told of it"
    assert told_of(row, books, began + 7 * DAY) == [
        (EMPLOYER, REVIEW, M.HALF, False, False),
        (FREELANCER, REVIEW, M.HALF, False, True),
    ]
    seven = span.since + 7 * DAY
    assert told_of(row, books, began + 11 * DAY, told_until=seven) == [
        (EMPLOYER, REVIEW, M.THREE_DAYS, False, False)
    ]
    assert told_of(row, books, began + 13 * DAY, told_until=seven) == [
        (EMPLOYER, REVIEW, M.DAY, True, False)
    ]
    assert told_of(row, books, began + 14 * DAY, told_until=seven) == [], "it has run out"


def test_no_moment_comes_a_microsecond_too_soon_or_twice() -> None:
    books = in_review()
    row = milestone(books)
    half = 7 * DAY + (spans_of(row, books)[0].since - NOW)
    assert told_of(row, books, half - MICRO) == []
    assert len(told_of(row, books, half)) == 2
    assert told_of(row, books, half + DAY, told_until=NOW + half) == []


def test_after_an_absence_everybody_is_told_of_the_last_moment_alone() -> None:
    books = in_review()
    row = milestone(books)
    found = told_of(row, books, 13 * DAY + 2 * HOUR)
    assert found == [
        (EMPLOYER, REVIEW, M.DAY, True, False),
        (FREELANCER, REVIEW, M.HALF, False, True),
    ]


def test_it_is_looked_at_next_at_a_moment_or_when_it_may_have_moved_on() -> None:
    books = in_review()
    spans = spans_of(milestone(books), books)
    since, at = spans[0].since, spans[0].clock.at
    looks = []
    now: datetime | None = since
    while now is not None:
        now = looked_at_next(spans, now)
        looks.append(now)
    assert looks == [since + 7 * DAY, at - 3 * DAY, at - DAY, at, None]
    assert looked_at_next((), NOW) is None


def test_a_due_date_that_has_passed_is_told_to_both_as_it_is_nobodys_act() -> None:
    books = clocked()
    row = replace(milestone(books), due_at=DUE, agreed_at=NOW)
    books.put(row)
    (span,) = spans_of(row, books)
    assert (span.clock.action, span.since) == (ReturnOverdue, DUE)
    due = DUE - NOW
    name = "milestone.return_overdue"
    assert told_of(row, books, due - MICRO) == []
    assert told_of(row, books, due) == [
        (FREELANCER, name, M.START, False, False),
        (EMPLOYER, name, M.START, False, True),
    ]
    later = replace(row, changes_asked_at=DUE + 5 * DAY)
    assert spans_of(later, books)[0].since == DUE + 5 * DAY


def test_a_contract_that_nobody_touches_is_told_of_at_half_time_first() -> None:
    """Not at every act, though each begins its clock anew: nobody could read that."""
    books = clocked()
    row, acted = milestone(books), contract(books).last_act_at
    (span,) = spans_of(row, books)
    assert (span.clock.action, span.since) == (ReturnDormant, acted)
    began, name = acted - NOW, "milestone.return_dormant"
    assert told_of(row, books, began) == []
    half = began + timedelta(seconds=CLOCKED.dormant_seconds) / 2
    assert told_of(row, books, half) == [
        (FREELANCER, name, M.HALF, False, False),
        (EMPLOYER, name, M.HALF, False, True),
    ]


def test_a_tranche_is_told_to_who_can_object_and_once_to_who_waits() -> None:
    books = world(clocked=True, tranche=TrancheStatus.WAITING)
    row = milestone(books)
    (span,) = spans_of(row, books)
    assert (span.since, span.clock.at - span.since) == (row.plan_agreed_at, WAITS)
    name = "tranche.pay"
    assert told_of(row, books, WAITS / 2) == [
        (EMPLOYER, name, M.HALF, False, False),
        (FREELANCER, name, M.HALF, False, True),
    ]
    assert told_of(row, books, WAITS - DAY)[0] == (EMPLOYER, name, M.DAY, True, False)
    agreed_before = replace(row, plan_agreed_at=NOW - DAY)
    assert spans_of(agreed_before, books)[0].since == NOW, "since the one before was paid"
    step = outcome(row, span.clock, books)
    assert step is not None
    assert step.paid[0].user_id == FREELANCER


def test_what_two_operators_decided_is_told_within_its_seven_days() -> None:
    books = in_review()
    row = replace(milestone(books), staff_cancel_by=OPERATOR, staff_return_at=NOW + 8 * DAY)
    books.put(row)
    (span,) = spans_of(row, books)
    assert span.clock.at - span.since == OBJECTED_WITHIN
    name = "milestone.staff_return"
    assert told_of(row, books, DAY) == [], "the confirmation told of it"
    assert told_of(row, books, 7 * DAY) == [
        (FREELANCER, name, M.DAY, True, False),
        (EMPLOYER, name, M.HALF, False, True),
    ]


def test_what_holds_nothing_has_no_clock_to_be_told() -> None:
    books = in_review()
    assert spans_of(replace(milestone(books), released=WHOLE), books) == ()
    declined = world(milestone=S.DECLINED, clocked=True)
    assert spans_of(the(declined, Milestone, MILESTONE), declined) == ()


def test_an_offer_is_told_six_hours_before_it_lapses() -> None:
    books = world(contract=ContractStatus.OFFERED)
    row = the(books, Contract, CONTRACT)
    name = "contract.lapse"
    assert told_of(row, books, timedelta()) == [], "offering it told of it"
    assert told_of(row, books, 30 * HOUR) == [
        (FREELANCER, name, M.SIX_HOURS, True, False),
        (EMPLOYER, name, M.SIX_HOURS, False, True),
    ]


@pytest.mark.parametrize(
    ("status", "about", "name", "employer_waits", "freelancer_waits"),
    [
        (D.RESPONSE, About(), "dispute.default_answer", False, True),
        (D.FINAL_OFFERS, About(), "dispute.default_fee", False, True),
        (D.ARBITRATION, About(arbiter=ARBITER), "dispute.escalate", False, False),
        (D.ARBITRATION, About(last=True), "dispute.default_ruling", False, False),
    ],
)
def test_in_a_dispute_who_has_to_act_is_told_each_time_and_who_opened_it_or_paid_waits(
    status: D, about: About, name: str, *, employer_waits: bool, freelancer_waits: bool
) -> None:
    books = world(milestone=S.SUBMITTED, clocked=True, dispute=status, about=about)
    books.put(replace(milestone(books), terms_hash=STAKED_HASH))
    row = the(books, Dispute, DISPUTE)
    concerned = replace(BOTH, arbiter_id=row.arbiter_id)
    found = told_of(row, books, LASTS - DAY, concerned)
    expected = {EMPLOYER: employer_waits, FREELANCER: freelancer_waits}
    if row.arbiter_id is not None:
        expected[ARBITER] = False
    assert {who: waits for who, _, _, _, waits in found} == expected
    assert {each[1] for each in found} == {name}
    assert all(is_last != waits for _, _, _, is_last, waits in found)


def test_of_a_negotiation_its_rounds_and_its_end_are_told() -> None:
    books = world(milestone=S.SUBMITTED, clocked=True, dispute=D.NEGOTIATION)
    row = the(books, Dispute, DISPUTE)
    closing, ending = spans_of(row, books)
    assert (closing.name, ending.name) == ("dispute.compare_sealed", "dispute.escalate")
    assert closing.clock.at - closing.since == 72 * HOUR
    assert ending.clock.at - ending.since == LASTS
    assert [each[1:3] for each in told_of(row, books, 2 * DAY)] == [(closing.name, M.DAY)] * 2
    second = replace(row, round=2, closes_at=NOW + 144 * HOUR)
    assert spans_of(second, books)[0].since == NOW + 72 * HOUR
    endless = replace(row, ends_at=None)
    assert len(spans_of(endless, books)) == 1
    last = replace(row, closes_at=None)
    assert [each.name for each in spans_of(last, books)] == ["dispute.escalate"]


def test_the_time_of_the_next_arbiter_is_a_week() -> None:
    books = world(milestone=S.SUBMITTED, clocked=True, dispute=D.ARBITRATION)
    first = replace(the(books, Dispute, DISPUTE), next_arbiters=CLOCKED.next_arbiters)
    assert spans_of(first, books)[0].since == NOW
    following = replace(first, next_arbiters=1)
    assert spans_of(following, books)[0].since == NOW + LASTS - 7 * DAY


def test_an_open_project_is_told_of_when_its_bidding_is_over() -> None:
    books = world(project=ProjectStatus.OPEN)
    row = replace(the(books, Project, PROJECT), wakes_at=NOW + CHOOSING)
    row = replace(row, closes_at=NOW)
    mine = Concerned(0, EMPLOYER)
    assert told_of(row, books, timedelta(), mine) == [
        (EMPLOYER, "project.lapse", M.START, False, False)
    ]
    going = replace(row, status=ProjectStatus.IN_PROGRESS, wakes_at=NOW + UNUSED)
    assert told_of(going, books, timedelta(), mine) == [], "who reserves it knows"
    assert told_of(going, books, UNUSED / 2, mine)[0][2] is M.HALF


def test_payments_are_told_to_their_owner_and_what_waits_for_approval_to_operators() -> None:
    books = world(deposit=DepositStatus.PENDING)
    deposit = the(books, Deposit, DEPOSIT)
    owned = Concerned(0, owner_id=EMPLOYER)
    assert told_of(deposit, books, 6 * DAY, owned) == [
        (EMPLOYER, "deposit.expire", M.DAY, True, False)
    ]
    broken = replace(deposit, wakes_at=None)
    assert spans_of(broken, books) == (), "something was paid: nobody is to pay once more"
    books = world(withdrawal=WithdrawalStatus.REQUESTED)
    withdrawal = the(books, Withdrawal, WITHDRAWAL)
    waiting = replace(owned, operators=(OPERATOR,))
    assert {each[0] for each in told_of(withdrawal, books, 6 * DAY, waiting)} == {
        EMPLOYER,
        OPERATOR,
    }
    sent = replace(withdrawal, status=WithdrawalStatus.APPROVED, wakes_at=NOW)
    assert spans_of(sent, books) == (), "the worker's next step is nobody's to do"
