"""The clocks: what SYSTEM asks for when nobody else did anything in time.

A row that has clocks says in its `wakes_at` before when none of them runs out. Which one is next,
and exactly when, follows from the row, its contract and its terms: here, and only here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from earnest.core.actions import Action
from earnest.core.commands import NO_HASH, Command
from earnest.core.contracts import Contract
from earnest.core.disputes import silence as disputed
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.sealing import CompareSealed
from earnest.core.disputes.silence import DefaultAnswer, DefaultRuling, Escalate
from earnest.core.disputes.staking import DefaultFee
from earnest.core.milestones import silence
from earnest.core.milestones.agreeing import LapseContract
from earnest.core.milestones.releasing import FinalizeRelease, Release
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.silence import (
    AutoRelease,
    ReturnDormant,
    ReturnOverdue,
    StaffReturn,
)
from earnest.core.milestones.tranches import PayTranche
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.silence import clock_of as clock_of_payment
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM_ID
from earnest.core.projects.posting import LapseProject
from earnest.core.projects.row import Project
from earnest.core.records import record
from earnest.core.references import printed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from earnest.core.actions import View
    from earnest.core.rows import Row, Waking

#: What a clock leads to, of which kind of row, in the order in which it is decided where two are
#: due at one instant.
RANKS: Final[Mapping[type[Action[Any]], int]] = {
    FinalizeRelease: 1,
    PayTranche: 2,
    AutoRelease: 3,
    StaffReturn: 4,
    CompareSealed: 5,
    DefaultAnswer: 6,
    Escalate: 7,
    DefaultFee: 8,
    DefaultRuling: 9,
    LapseContract: 10,
    LapseProject: 11,
    ReturnOverdue: 12,
    ReturnDormant: 13,
}

#: What belongs to a contract and has clocks of its own.
WITHIN: Final = (Milestone, Release, Dispute)


@record(frozen=True, slots=True)
class Wind(Action[Contract]):
    """Ask for nothing but what is due in a contract. It is in no registry: nobody else can."""

    name = "contract.wind"
    kind = Contract

    subject_id: int


def winding(contract_id: int) -> Command:
    """Ask for what is due in a contract; nothing of it is kept, but what it led to."""
    key = f"{printed(Contract.prefix, contract_id)} {Wind.name}"
    return Command(SYSTEM_ID, key, Wind(contract_id), 0, NO_HASH, "worker")


def leads_to(row: Waking) -> Sequence[Action[Any]]:
    """Whatever a clock of this row may lead to, so that its accounts are locked before.

    What a tranche is paid from and into is what the release of all of it is.
    """
    kinds: Sequence[type[Action[Any]]] = silence.SILENT
    if isinstance(row, Release):
        kinds = (FinalizeRelease,)
    elif isinstance(row, Dispute):
        kinds = disputed.SILENT
    return [each(row.id) for each in kinds]  # type: ignore[call-arg]


class Clock(NamedTuple):
    """What happens to a row if nobody does anything, and at which instant."""

    at: datetime
    action: type[Action[Any]]


def asked_by(clock: Clock, row: Row) -> Action[Any]:
    """What SYSTEM asks for when a clock of this row has run out; of a plan, its next tranche."""
    number = row.id
    if clock.action is PayTranche:
        assert isinstance(row, Milestone), "a plan is a milestone's"
        assert row.plan is not None, "only what has a plan pays by it"
        number = row.plan.at(clock.at).id
    return clock.action(number)  # type: ignore[call-arg]


def clock_of(row: Row, world: View) -> Clock | None:
    """The next clock of a row; None: nothing ever happens to it by itself."""
    if isinstance(row, Milestone):
        found = silence.clock_of(row, world)
        return None if found is None else Clock(*found)
    if isinstance(row, Deposit | Withdrawal):
        next_of = clock_of_payment(row)
        return None if next_of is None else Clock(*next_of)
    if isinstance(row, Release):
        return None if row.wakes_at is None else Clock(row.wakes_at, FinalizeRelease)
    if isinstance(row, Dispute):
        next_one = disputed.clock_of(row)
        return None if next_one is None else Clock(*next_one)
    if isinstance(row, Contract):
        return None if row.accept_by is None else Clock(row.accept_by, LapseContract)
    assert isinstance(row, Project), "no other rows have clocks"
    return None if row.wakes_at is None else Clock(row.wakes_at, LapseProject)


def aimed(row: Row, before: Row | None, world: View) -> Row:
    """The row with its `wakes_at` set by what has become of it.

    While its contract is only offered no clock of a milestone runs, but none can run out sooner
    than it would. What only moves further away is left: an index less to write.
    """
    if not isinstance(row, Milestone):
        return row
    if isinstance(before, Milestone) and row.holds and _runs_on(row, before):
        return row
    first = silence.soonest(row, world) if row.holds else None
    wakes_at = None if first is None else first[0]
    return row if wakes_at == row.wakes_at else row.waking(wakes_at)


def _runs_on(row: Milestone, before: Milestone) -> bool:
    """Whether nothing that its clocks follow from has changed, but that somebody acted."""
    return (
        before.wakes_at is not None
        and row.status is before.status
        and row.submitted_at is before.submitted_at
        and row.due_at is before.due_at
        and row.agreed_at is before.agreed_at
        and row.pays_at is before.pays_at
        and row.changes_asked_at is before.changes_asked_at
        and row.staff_return_at is before.staff_return_at
        and row.deferred_until is before.deferred_until
        and row.extra_review_days == before.extra_review_days
    )
