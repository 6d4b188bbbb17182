"""Tranches: paid on their dates, however late anybody looks, and used up from the last."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest
from tests.core.samples import accepted
from tests.core.test_fate import happens, told
from tests.core.test_planning import parts, shares
from tests.core.test_silence import clocked, wind
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    NOW,
    RICH,
    WHOLE,
    ask,
    done,
    held,
    made,
    reason,
    spendable,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.clocks import clock_of
from earnest.core.commands import Event
from earnest.core.contracts import Contract, ContractStatus
from earnest.core.disputes.objecting import ObjectToTranche
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.fate import Payment, fate
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.planning import Portion
from earnest.core.milestones.recalling import Recall
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.revising import Agree, AgreeEdit, ProposeEdit
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.milestones.silence import ReturnDormant
from earnest.core.milestones.tranches import PayTranche, Tranche, TrancheStatus
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.watchman import broken_invariant
from earnest.core.world import World

DAY: Final = timedelta(days=1)
MICRO: Final = timedelta(microseconds=1)
S = MilestoneStatus


class Plan:
    """A milestone of 100.00 that is paid in parts, a day after the other unless it says so."""

    def __init__(self, plan: tuple[Portion, ...], *, agreed: bool = True) -> None:
        self.books: World = clocked(S.RELEASED)
        line = Line("In parts", WHOLE, None, plan)
        self.id = made(done(self.books, EMPLOYER, FundContract(CONTRACT, (line,))), Milestone).id
        if agreed:
            self.agree()

    def agree(self) -> Event:
        return done(self.books, FREELANCER, Agree(self.id, self.row.agreement_hash))

    @property
    def row(self) -> Milestone:
        return the(self.books, Milestone, self.id)

    @property
    def tranches(self) -> list[Tranche]:
        assert self.row.plan is not None
        return [the(self.books, Tranche, each.id) for each in self.row.plan.tranches]

    def after(self, days: float) -> list[tuple[str, float]]:
        """What the clock has done by so many days: what, and on which day."""
        self.books.now = NOW + days * DAY
        return [(event.name, (event.at - NOW) / DAY) for event in wind(self.books)]

    @property
    def got(self) -> str:
        return spendable(self.books, FREELANCER).decimal

    @property
    def back(self) -> str:
        return (spendable(self.books, EMPLOYER) - (RICH - WHOLE)).decimal

    @property
    def held(self) -> str:
        return held(self.books, self.id).decimal

    def object(self, place: int, amount: str, claim: str | None = None) -> Dispute:
        figure = None if claim is None else usd(claim)
        asked = ObjectToTranche(self.tranches[place].id, usd(amount), "Not like this.", figure)
        return made(done(self.books, EMPLOYER, asked), Dispute)

    def dispute(self, amount: str, who: int = EMPLOYER) -> Dispute:
        asked = DisputeMilestone(self.id, usd(amount), usd("0.00"), "No.")
        return made(done(self.books, who, asked), Dispute)

    def withdraw(self, dispute: Dispute) -> Event:
        event = done(self.books, dispute.opener_id, WithdrawDispute(dispute.id))
        assert broken_invariant(self.books) is None
        return event

    def paid(self) -> list[str]:
        return [each.paid.decimal for each in self.tranches]


THREE: Final = ("40.00", "30.00", "30.00")
PAID: Final = "milestone.tranche_paid"


def three() -> Plan:
    return Plan(parts(*THREE))


# --- agreed ---------------------------------------------------------------------------------------


def test_a_plan_that_nobody_agreed_to_runs_as_if_there_were_none() -> None:
    plan = Plan(parts(*THREE), agreed=False)
    clock = clock_of(plan.row, plan.books)
    assert clock is not None
    assert clock.action is ReturnDormant
    assert plan.after(5) == []
    assert reason(plan.books, FREELANCER, Agree(plan.id, plan.row.agreement_hash)) is (
        Reason.DATE_PASSED
    )


def test_agreed_to_it_is_the_only_clock_of_its_milestone() -> None:
    plan = three()
    assert clock_of(plan.row, plan.books) == (NOW + DAY, PayTranche)
    assert (plan.row.wakes_at, plan.row.pays_at) == (NOW + DAY, NOW + DAY)
    done(plan.books, FREELANCER, Submit(plan.id))
    assert clock_of(plan.row, plan.books) == (NOW + DAY, PayTranche)
    assert the(plan.books, Contract, CONTRACT).wakes_at == NOW + DAY


def test_until_the_first_date_it_can_be_agreed_to_and_at_that_instant_not() -> None:
    for early, code in ((MICRO, None), (0 * MICRO, Reason.DATE_PASSED)):
        plan = Plan(parts(*THREE), agreed=False)
        plan.books.now = NOW + DAY - early
        outcome = ask(plan.books, FREELANCER, Agree(plan.id, plan.row.agreement_hash))
        assert getattr(outcome, "reason", None) == code


def test_there_is_no_end_to_the_time_to_look_at_work_that_a_plan_pays() -> None:
    plan = Plan((*parts("40.00", "60.00")[:1], Portion(at=NOW + 90 * DAY, amount=usd("60.00"))))
    done(plan.books, FREELANCER, Submit(plan.id))
    plan.after(80)
    done(plan.books, EMPLOYER, RequestChanges(plan.id, "More."))


# --- paid -----------------------------------------------------------------------------------------


def test_each_is_paid_at_its_instant_however_late_anybody_looks() -> None:
    plan = three()
    assert plan.after(100) == [(PAID, 1), (PAID, 2), (PAID, 3)]
    assert (plan.got, plan.held, plan.row.status) == ("100.00", "0.00", S.RELEASED)
    assert plan.paid() == [*THREE]
    assert [each.paid_at for each in plan.tranches] == [NOW + n * DAY for n in (1, 2, 3)]
    assert plan.row.pays_at is None


def test_a_tranche_is_a_release_like_any_other() -> None:
    plan = three()
    plan.after(1)
    (_, event) = plan.books.ran_out[-1]
    release = made(event, Release)
    assert (release.amount, release.milestone_id) == (usd("40.00"), plan.id)
    assert (plan.got, plan.held, plan.row.status) == ("40.00", "60.00", S.FUNDED)
    assert event.subject == plan.tranches[0]


@pytest.mark.parametrize("act", [ReleaseMilestone, Cancel])
def test_what_leaves_it_otherwise_uses_up_the_last_tranches(
    act: type[ReleaseMilestone | Cancel],
) -> None:
    plan = three()
    who = EMPLOYER if act is ReleaseMilestone else FREELANCER
    done(plan.books, who, act(plan.id, usd("45.00")))
    plan.books.now += timedelta(minutes=10)
    plan.after(100)
    assert plan.paid() == ["40.00", "15.00", "0.00"]
    assert plan.tranches[2].status is TrancheStatus.WAITING
    assert plan.row.status is S.RELEASED


def test_the_last_pays_all_that_is_held_also_if_both_made_it_more() -> None:
    plan = three()
    done(plan.books, EMPLOYER, ProposeEdit(plan.id, amount=usd("120.00")))
    edit_hash = next(r.hash for (k, _), r in plan.books.rows.items() if k.__name__ == "Edit")  # type: ignore[attr-defined]
    done(plan.books, FREELANCER, AgreeEdit(plan.id, edit_hash))
    assert plan.row.plan_agreed_at is not None
    plan.after(100)
    assert plan.paid() == ["40.00", "30.00", "50.00"]


def test_the_fate_line_of_a_plan_is_what_happens() -> None:
    plan = three()
    done(plan.books, FREELANCER, Cancel(plan.id, usd("25.00")))
    found = fate(the(plan.books, Contract, CONTRACT), plan.books)
    ana = [(Payment(FREELANCER, usd(each)),) for each in ("40.00", "30.00", "5.00")]
    assert told(found) == [("tranche.pay", n * DAY, pays) for n, pays in enumerate(ana, 1)]
    assert found.ends
    assert found.of(plan.row).steps == found.steps
    assert found.of(plan.tranches[1]).steps == found.steps[1:2]
    assert happens(plan.books) == told(found)


# --- recalled -------------------------------------------------------------------------------------


def test_a_release_is_recalled_only_if_no_date_of_the_plan_has_passed_since() -> None:
    for amount in ("80.00", "100.00"):
        for minutes, code in ((1, None), (2, Reason.DATE_PASSED)):
            plan = three()
            plan.books.now = NOW + DAY - timedelta(minutes=2)
            asked = ReleaseMilestone(plan.id, usd(amount))
            release = made(done(plan.books, EMPLOYER, asked), Release)
            plan.books.now += timedelta(minutes=minutes)
            outcome = ask(plan.books, EMPLOYER, Recall(release.id))
            assert getattr(outcome, "reason", None) == code


def test_what_was_recalled_is_paid_by_the_plan() -> None:
    plan = three()
    release = made(done(plan.books, EMPLOYER, ReleaseMilestone(plan.id)), Release)
    assert plan.row.wakes_at is None
    done(plan.books, EMPLOYER, Recall(release.id))
    assert plan.after(3) == [(PAID, 1), (PAID, 2), (PAID, 3)]


# --- accepted -------------------------------------------------------------------------------------


def test_a_plan_in_percent_is_paid_as_it_was_shared() -> None:
    plan = Plan(shares(3_333, 3_333, 3_334))
    plan.after(100)
    assert plan.paid() == ["33.33", "33.33", "33.34"]


def test_who_accepts_a_contract_agrees_to_its_plans_unless_a_date_has_passed() -> None:
    for hours, agreed in ((23, True), (24, False)):
        books = world(ContractStatus.OFFERED, None)
        line = Line("In parts", WHOLE, None, parts("40.00", "60.00"))
        number = made(done(books, EMPLOYER, FundContract(CONTRACT, (line,))), Milestone).id
        books.now = NOW + timedelta(hours=hours)
        done(books, FREELANCER, accepted(books))
        row = the(books, Milestone, number)
        assert (row.plan_agreed_at, row.pays_at) == (
            (books.now, NOW + DAY) if agreed else (None, None)
        )
        assert the(books, Contract, CONTRACT).wakes_at == row.wakes_at
        assert row.wakes_at is not None
        assert (row.wakes_at == NOW + DAY) is agreed
