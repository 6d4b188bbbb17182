"""Silence: each clock at its own instant, however late anybody looks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import pytest
from tests.core.clocked import CLOCKED_HASH
from tests.core.proposed import DUE
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    RULEBOOKS,
    SYSTEM,
    WHOLE,
    ask,
    batch,
    command,
    done,
    held,
    made,
    reason,
    refused,
    spendable,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.clocks import aimed, clock_of, winding
from earnest.core.commands import Event
from earnest.core.contracts import Contract, ContractStatus, Say
from earnest.core.ledger import BALANCE_MAX, wallet
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.recalling import Recall
from earnest.core.milestones.releasing import Release, ReleaseMilestone, ReleaseStatus
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.revising import Agree, AgreeEdit, Edit, ProposeEdit
from earnest.core.milestones.row import Milestone, MilestoneStatus, milestones_hash
from earnest.core.milestones.silence import ReturnDormant, SilentAction
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.records import replace
from earnest.core.world import World

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MICRO: Final = timedelta(microseconds=1)
TEN_MINUTES: Final = timedelta(minutes=10)
S = MilestoneStatus


def clocked(status: MilestoneStatus = S.FUNDED, **about: object) -> World:
    """One milestone of 100.00 where every clock runs, as the engine would have left it."""
    books = world(milestone=status, clocked=True, **about)  # type: ignore[arg-type]
    done(books, EMPLOYER, Say(CONTRACT, "Hello."))
    row = aimed(the(books, Milestone, MILESTONE), None, books)
    assert isinstance(row, Milestone)
    books.rows[Milestone, MILESTONE] = row
    books.rows[Contract, CONTRACT] = the(books, Contract, CONTRACT).waking(row.wakes_at)
    return books


def wind(books: World) -> list[Event]:
    """What the worker asks for, and what came of it."""
    before = len(books.ran_out)
    assert batch(books, [winding(CONTRACT)]) == []
    return [event for _, event in books.ran_out[before:]]


def milestone(books: World) -> Milestone:
    return the(books, Milestone, MILESTONE)


def contract(books: World) -> Contract:
    return the(books, Contract, CONTRACT)


def submitted(books: World) -> datetime:
    """The freelancer hands in; when it would be released by itself."""
    done(books, FREELANCER, Submit(MILESTONE))
    wakes_at = milestone(books).wakes_at
    assert wakes_at is not None
    return wakes_at


def changes(books: World) -> Event:
    return done(books, EMPLOYER, RequestChanges(MILESTONE, "More."))


def test_work_that_nobody_looks_at_is_released_at_its_instant_however_late_it_is_seen() -> None:
    books = clocked()
    due = submitted(books)
    assert due == NOW + 14 * DAY
    books.now = due + 100 * DAY
    (event,) = wind(books)
    assert (event.name, event.at, event.via) == ("milestone.auto_released", due, "clock")
    assert (event.actor_id, event.seq) == (SYSTEM, contract(books).seq)
    assert milestone(books).status is S.RELEASED
    assert made(event, Release).status is ReleaseStatus.FINAL
    assert spendable(books, FREELANCER) == WHOLE
    assert contract(books).wakes_at is None
    assert contract(books).paid_at == due
    assert wind(books) == []


def test_whoever_is_a_moment_late_is_judged_after_the_clock() -> None:
    for early, code in ((MICRO, None), (0 * MICRO, Reason.WRONG_STATUS)):
        books = clocked()
        books.now = submitted(books) - early
        outcome = ask(books, FREELANCER, Cancel(MILESTONE))
        assert getattr(outcome, "reason", None) == code
        assert spendable(books, FREELANCER) == (WHOLE if code else usd("0.00"))


def test_both_act_in_the_same_batch_as_the_clock_and_it_comes_first() -> None:
    books = clocked()
    books.now = submitted(books)
    asked = [command(EMPLOYER, ReleaseMilestone(MILESTONE)), command(FREELANCER, Cancel(MILESTONE))]
    outcomes = batch(books, asked)
    assert [each.reason for each in outcomes if not isinstance(each, Event)] == [
        Reason.WRONG_STATUS,
        Reason.WRONG_STATUS,
    ]
    assert [event.name for _, event in books.ran_out] == ["milestone.auto_released"]


def test_asking_for_changes_stops_the_budget_and_does_not_fill_it_up() -> None:
    books = clocked()
    submitted(books)
    books.now += 10 * DAY
    changes(books)
    clock = clock_of(milestone(books), books)
    assert clock == (books.now + 180 * DAY, ReturnDormant)
    books.now += 20 * DAY
    assert submitted(books) == books.now + 4 * DAY
    books.now += DAY
    changes(books)
    assert submitted(books) == books.now + 3 * DAY


def test_nobody_has_less_than_three_days_to_look_and_in_them_cannot_ask_for_more() -> None:
    books = clocked()
    submitted(books)
    books.now += 13 * DAY
    changes(books)
    due = submitted(books)
    assert due == books.now + 3 * DAY
    books.now += DAY - MICRO
    assert done(books, EMPLOYER, Say(CONTRACT, "Still looking.")).at == books.now
    books.now += MICRO
    assert reason(books, EMPLOYER, RequestChanges(MILESTONE, "More.")) is Reason.BUDGET_SPENT
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("1.00")))
    books.now = due
    assert [event.at for event in wind(books)][-1] == due


def test_a_fourth_request_for_changes_is_refused_where_there_are_three_rounds() -> None:
    books = clocked()
    for _ in range(3):
        submitted(books)
        books.now += HOUR
        changes(books)
    submitted(books)
    assert reason(books, EMPLOYER, RequestChanges(MILESTONE, "More.")) is Reason.NO_ROUNDS_LEFT


def test_twenty_requests_for_changes_end_within_the_budget_and_the_floor() -> None:
    books = clocked()
    terms = replace(RULEBOOKS[CLOCKED_HASH], change_rounds=None)
    books.rulebooks[CLOCKED_HASH] = terms
    for _ in range(20):
        due = submitted(books)
        books.now += 14 * DAY / 21
        changes(books)
    due = submitted(books)
    assert due <= NOW + 14 * DAY + 72 * HOUR
    books.now = due
    assert [event.name for event in wind(books)] == ["milestone.auto_released"]


def test_an_agreed_date_that_is_long_past_returns_what_is_held() -> None:
    books = clocked(agreed=True)
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")))
    assert milestone(books).wakes_at == DUE + 30 * DAY
    books.now = DUE + 31 * DAY
    final, event = wind(books)
    assert (final.name, final.at) == ("milestone.released", NOW + TEN_MINUTES)
    assert (event.name, event.at) == ("milestone.returned_overdue", DUE + 30 * DAY)
    assert milestone(books).status is S.RELEASED  # Something reached the freelancer.
    assert (milestone(books).released, milestone(books).returned) == (usd("40.00"), usd("60.00"))


def test_changes_asked_for_after_the_date_give_the_time_anew() -> None:
    books = clocked(agreed=True)
    books.now = DUE + 10 * DAY
    submitted(books)
    books.now += DAY
    changes(books)
    assert milestone(books).wakes_at == DUE + 41 * DAY


def test_a_date_that_only_the_employer_set_returns_nothing() -> None:
    books = clocked()
    done(books, FREELANCER, ProposeEdit(MILESTONE, description="Other"))
    assert milestone(books).wakes_at == NOW + 180 * DAY


def test_a_date_that_has_passed_is_not_agreed_to_any_more() -> None:
    books = clocked()
    seen = milestone(books).agreement_hash
    books.now = DUE
    assert reason(books, FREELANCER, Agree(MILESTONE, seen)) is Reason.DATE_PASSED


def test_accepting_does_not_bind_to_a_date_that_passed_while_nobody_answered() -> None:
    for late, agreed in ((-MICRO, True), (MICRO, False)):
        books = world(ContractStatus.OFFERED, clocked=True)
        far = books.now + 400 * DAY
        books.rows[Contract, CONTRACT] = contract(books).waking(far)
        books.now = DUE + late
        terms, seen = contract(books).terms_hash, milestones_hash([milestone(books)])
        done(books, FREELANCER, Accept(CONTRACT, terms, WHOLE, seen))
        assert (milestone(books).agreed_at is not None) == agreed
        assert contract(books).wakes_at == (DUE + 30 * DAY if agreed else None)


def test_whatever_either_side_does_puts_off_the_dormant_clock_and_is_only_looked_at_then() -> None:
    books = clocked()
    books.now = NOW + 100 * DAY
    done(books, FREELANCER, Say(CONTRACT, "I am at it."))
    assert milestone(books).wakes_at == NOW + 180 * DAY
    books.now = NOW + 180 * DAY
    assert wind(books) == []
    assert milestone(books).wakes_at == contract(books).wakes_at == NOW + 280 * DAY
    books.now = NOW + 300 * DAY
    (event,) = wind(books)
    assert (event.name, event.at) == ("milestone.returned_dormant", NOW + 280 * DAY)
    assert milestone(books).status is S.CANCELLED


def test_what_wakes_later_is_remembered_while_only_what_is_due_was_locked() -> None:
    books = clocked()
    books.now = submitted(books)
    books.later = {CONTRACT: books.now + 7 * DAY}
    wind(books)
    assert contract(books).wakes_at == books.now + 7 * DAY


def test_where_clocks_are_paused_nothing_is_decided_and_nothing_forgotten() -> None:
    books = clocked()
    books.now, books.is_paused = submitted(books), True
    assert wind(books) == []
    assert contract(books).wakes_at == books.now
    books.is_paused = False
    assert [event.name for event in wind(books)] == ["milestone.auto_released"]


def test_a_contract_of_which_nothing_was_locked_wakes_when_it_did() -> None:
    books = clocked()
    del books.rows[Milestone, MILESTONE]
    done(books, EMPLOYER, Say(CONTRACT, "Hello."))
    assert contract(books).wakes_at == NOW + 180 * DAY


def test_a_release_is_on_its_way_and_then_final_and_nothing_brings_it_back() -> None:
    books = clocked()
    event = done(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    release = made(event, Release)
    assert event.name == "milestone.release_started"
    assert release.status is ReleaseStatus.RELEASING
    assert release.wakes_at == contract(books).wakes_at == NOW + TEN_MINUTES
    assert (held(books), milestone(books).releasing) == (usd("0.00"), WHOLE)
    assert milestone(books).status is S.FUNDED
    assert spendable(books, FREELANCER) == usd("0.00")
    assert reason(books, FREELANCER, Submit(MILESTONE)) is Reason.NOTHING_HELD
    assert reason(books, EMPLOYER, ReleaseMilestone(MILESTONE)) is Reason.NOTHING_HELD
    books.now = NOW + TEN_MINUTES
    assert reason(books, EMPLOYER, Recall(release.id)) is Reason.WRONG_STATUS
    assert (milestone(books).status, milestone(books).released) == (S.RELEASED, WHOLE)
    assert spendable(books, FREELANCER) == WHOLE


def test_on_a_restored_site_too_what_is_past_its_window_is_not_recalled() -> None:
    books = clocked()
    release = made(done(books, EMPLOYER, ReleaseMilestone(MILESTONE)), Release)
    books.is_paused = True
    books.now = NOW + TEN_MINUTES
    assert reason(books, EMPLOYER, Recall(release.id)) is Reason.WRONG_STATUS
    books.now -= MICRO
    done(books, EMPLOYER, Recall(release.id))
    assert held(books) == WHOLE


def test_a_release_that_is_recalled_is_held_again() -> None:
    books = clocked(S.SUBMITTED)
    release = made(done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("30.00"))), Release)
    assert held(books) == usd("70.00")
    books.now += TEN_MINUTES - MICRO
    done(books, EMPLOYER, Recall(release.id))
    assert the(books, Release, release.id).status is ReleaseStatus.RECALLED
    assert (held(books), milestone(books).releasing) == (WHOLE, usd("0.00"))
    assert milestone(books).wakes_at == NOW + 14 * DAY
    books.now += DAY
    assert wind(books) == []


def test_a_part_that_becomes_final_leaves_the_rest_as_it_is() -> None:
    books = clocked(S.SUBMITTED)
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("30.00")))
    books.now += TEN_MINUTES
    wind(books)
    assert milestone(books).status is S.SUBMITTED
    assert (milestone(books).released, held(books)) == (usd("30.00"), usd("70.00"))


def test_nobody_recalls_what_a_clock_would_have_released_or_returned_meanwhile() -> None:
    books = clocked(S.SUBMITTED)
    books.now = NOW + 14 * DAY - MICRO
    release = made(done(books, EMPLOYER, ReleaseMilestone(MILESTONE)), Release)
    books.now += MICRO
    assert reason(books, EMPLOYER, Recall(release.id)) is Reason.BUDGET_SPENT
    books = clocked(agreed=True)
    books.now = DUE + 30 * DAY - MICRO
    release = made(done(books, EMPLOYER, ReleaseMilestone(MILESTONE)), Release)
    books.now += MICRO
    assert reason(books, EMPLOYER, Recall(release.id)) is Reason.DATE_PASSED


def test_while_something_is_on_its_way_nobody_changes_what_was_agreed() -> None:
    books = clocked(edit=EMPLOYER)
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("30.00")))
    proposal = ProposeEdit(MILESTONE, amount=usd("200.00"))
    assert reason(books, FREELANCER, proposal) is Reason.STILL_RELEASING
    agreeing = AgreeEdit(MILESTONE, the(books, Edit, MILESTONE).hash)
    assert reason(books, FREELANCER, agreeing) is Reason.NO_EDIT_OPEN


def test_a_clock_that_is_refused_is_an_alarm_and_keeps_nobody_from_going_on() -> None:
    books = clocked()
    books.now = submitted(books)
    books.balances[wallet(FREELANCER, "USD")] = BALANCE_MAX
    done(books, EMPLOYER, Say(CONTRACT, "Hello?"))
    name, why = books.alarms[MILESTONE]
    assert (name, why.reason) == ("milestone.auto_release", Reason.BALANCE_TOO_LARGE)
    wakes_at = contract(books).wakes_at
    assert wakes_at is not None
    assert wakes_at <= books.now, "it is asked for again"
    assert books.ran_out == []


@pytest.mark.parametrize("status", [S.FUNDED, S.SUBMITTED])
def test_no_clock_of_a_milestone_runs_before_its_contract_is_accepted(status: S) -> None:
    books = clocked(status)
    books.rows[Contract, CONTRACT] = replace(
        contract(books), status=ContractStatus.OFFERED, wakes_at=NOW + 400 * DAY
    )
    books.now = NOW + 300 * DAY
    assert wind(books) == []


def test_what_has_ended_or_was_not_accepted_has_no_clock() -> None:
    books = world(milestone=S.RELEASED)
    assert clock_of(milestone(books), books) is None
    books = world(ContractStatus.OFFERED)
    assert clock_of(milestone(books), books) is None
    with pytest.raises(NotImplementedError):
        SilentAction.due(milestone(books), books)
    with pytest.raises(NotImplementedError):
        SilentAction.since(milestone(books), NOW, books)


def test_winding_finds_numbers_only_where_somebody_makes_them() -> None:
    books = world()
    with pytest.raises(AssertionError, match="nobody makes any"):
        books.reserve(12)
    assert refused(books, EMPLOYER, Recall(999)).reason is Reason.NOT_FOUND
