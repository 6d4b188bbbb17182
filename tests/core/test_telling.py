"""What a notice of a clock says is what will happen, to its reader and to everybody else."""

from __future__ import annotations

from tests.core.disputed import DISPUTE, About
from tests.core.test_reminding import BOTH, MICRO, in_review
from tests.core.test_silence import clocked, milestone
from tests.core.worlds import (
    DEPOSIT,
    EMPLOYER,
    FREELANCER,
    NOW,
    WHOLE,
    the,
    usd,
    world,
)

from earnest.core.clocks import Clock
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.row import DisputeStatus as D
from earnest.core.fate import outcome
from earnest.core.milestones.row import MilestoneStatus as S
from earnest.core.milestones.silence import AutoRelease
from earnest.core.notices import Concerned
from earnest.core.payments.depositing import Deposit, DepositStatus
from earnest.core.records import replace
from earnest.core.reminding import Reminder, Span, reminders, spans_of, told_about
from earnest.core.rows import Row
from earnest.core.telling import Facts, foretold
from earnest.core.world import World


def said(row: Row, books: World, span: Span, who: int) -> Reminder:
    found = reminders(row, [span], BOTH, None, span.clock.at - MICRO)
    return next(each for each in found if each.user_id == who)


def test_what_is_said_is_what_will_happen() -> None:
    books = in_review()
    row = milestone(books)
    (span,) = spans_of(row, books)
    step = outcome(row, span.clock, books)
    told = foretold(step, said(row, books, span, EMPLOYER), row, "Frank", "A website")
    assert (told.amount, told.others, told.by, told.waits) == (None, WHOLE, span.clock.at, False)
    told = foretold(step, said(row, books, span, FREELANCER), row, "Emma", None)
    assert (told.amount, told.others, told.waits) == (WHOLE, None, True)
    assert milestone(books) == row, "looking changed nothing"


def test_where_the_clock_would_be_refused_no_amount_is_said() -> None:
    books = clocked()
    row = milestone(books)
    refused = outcome(row, Clock(NOW, AutoRelease), books)
    assert refused is None
    (span,) = spans_of(row, books)
    told = foretold(refused, said(row, books, span, FREELANCER), row, "Emma", None)
    assert (told.amount, told.others, told.by) == (None, None, span.clock.at)


def test_of_a_deposit_its_amount_is_said_though_nobody_gets_it() -> None:
    books = world(deposit=DepositStatus.PENDING)
    row = the(books, Deposit, DEPOSIT)
    (span,) = spans_of(row, books)
    owned = Concerned(0, owner_id=EMPLOYER)
    (told,) = reminders(row, [span], owned, None, span.clock.at - MICRO)
    step = outcome(row, span.clock, books)
    assert foretold(step, told, row, None, None).amount == usd("100.00")


def test_what_a_split_leads_to_is_said_to_each_as_theirs_and_the_others() -> None:
    books = world(
        milestone=S.SUBMITTED, clocked=True, dispute=D.ARBITRATION, about=About(last=True)
    )
    row = replace(
        the(books, Dispute, DISPUTE),
        other_figure=usd("40.00"),
        opener_figure=usd("60.00"),
    )
    books.put(row)
    (span,) = spans_of(row, books)
    step = outcome(row, span.clock, books)
    mine = foretold(step, said(row, books, span, FREELANCER), row, None, None)
    assert (mine.amount, mine.others) == (usd("50.00"), usd("50.00"))


def test_of_several_milestones_at_once_the_sum_is_said_and_none_is_named() -> None:
    one = Facts("Emma", usd("1.00"), None, "A website", None, NOW, None, waits=True)
    both = one + replace(one, amount=usd("2.00"), others=usd("0.50"))
    assert both == Facts("Emma", usd("3.00"), 2, None, None, NOW, usd("0.50"), waits=True)
    assert (both + one).count == 3
    assert (one + one).others is None
    assert (replace(both, amount=None) + one).amount == usd("1.00")


def test_that_nobody_touches_a_contract_is_about_the_contract() -> None:
    books = clocked()
    row = milestone(books)
    (span,) = spans_of(row, books)
    assert told_about(row, span.clock) == ("contract", row.contract_id)
    books = in_review()
    row = milestone(books)
    (span,) = spans_of(row, books)
    assert told_about(row, span.clock) == ("milestone", row.id)
