"""Funding: the employer's money is set aside before the work starts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from typing_extensions import override

from earnest.core.actions import Action, Decision, Refused, Scope, action
from earnest.core.bids.going import project_of, reserve_of
from earnest.core.contracts import MILESTONES_WHILE_OFFERED_MAX, RUNNING, Contract
from earnest.core.inputs import Description, Many
from earnest.core.ledger import Account, Transfer
from earnest.core.milestones.asking import new_milestone, no_room, past
from earnest.core.milestones.planning import Draft, Portions, drafted, plan_of
from earnest.core.milestones.row import (
    REQUESTED,
    Milestone,
    MilestoneAction,
    MilestoneStatus,
    contract_of,
)
from earnest.core.milestones.tranches import new_tranches
from earnest.core.money import Money
from earnest.core.people import EMPLOYER
from earnest.core.projects.reserving import used
from earnest.core.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from earnest.core.actions import View
    from earnest.core.rows import Row


@record(frozen=True, slots=True)
class Line:
    """One milestone to be funded."""

    description: Description
    amount: Money
    due_at: datetime | None = None
    #: In which parts it is paid by time alone, once the freelancer has agreed to it.
    plan: Portions = None


@action
class FundContract(Action[Contract]):
    """Make new milestones and set their money aside, all of them or none.

    From the acceptance of the contract on, only the freelancer can give it back. A milestone may
    have a plan: dates on which a part of it is released by time alone, once the freelancer has
    agreed to it.
    """

    name = "contract.fund"
    kind = Contract
    by = EMPLOYER
    when = RUNNING
    event = "contract.funded"
    scope = Scope.MONEY
    makes = Milestone
    answers = True
    opens = True
    with_project = True

    subject_id: int
    milestones: Annotated[tuple[Line, ...], Many(MILESTONES_WHILE_OFFERED_MAX, least=1)]

    @override
    def items(self) -> int:
        return len(self.milestones)

    @override
    def parts(self) -> int:
        return sum(len(each.plan or ()) for each in self.milestones)

    @override
    def accounts(self, subject: Contract, world: View) -> Iterable[Account]:
        return (subject.employer_wallet, *reserve_of(subject, world))

    @override
    def decide(self, subject: Contract, world: View) -> Decision | Refused:
        refused = no_room(subject, len(self.milestones))
        plans: list[tuple[Draft, ...]] = []
        for index, line in enumerate(self.milestones):
            path = f"/milestones/{index}"
            refused = refused or past(line.due_at, world, f"{path}/due_at")
            plan = drafted(line.plan, line.amount, world, f"{path}/plan")
            if refused or isinstance(plan, Refused):
                return refused or plan  # type: ignore[return-value]
            plans.append(plan)
        funding = _funding(subject, world)
        made = [
            new_milestone(subject, world, line, plan=plan_of(plan, world), **funding)
            for line, plan in zip(self.milestones, plans, strict=True)
        ]
        project, transfers = paid(subject, [(m.escrow, m.amount) for m in made], world)
        counted = replace(subject, milestones=subject.milestones + len(made))
        tranches = new_tranches(made, world)
        return Decision(rows=(*made, counted, *project, *tranches), transfers=transfers)


@action
class Fund(MilestoneAction):
    """Set money aside for a milestone that the freelancer asked for, exactly as requested."""

    name = "milestone.fund"
    by = EMPLOYER
    when = REQUESTED
    during = RUNNING
    event = "milestone.funded"
    scope = Scope.MONEY
    opens = True
    with_project = True

    subject_id: int

    @override
    def accounts(self, subject: Milestone, world: View) -> Iterable[Account]:
        contract = contract_of(subject, world)
        return (contract.employer_wallet, subject.escrow, *reserve_of(contract, world))

    @override
    def decide(self, subject: Milestone, world: View) -> Decision:
        contract = contract_of(subject, world)
        funded = subject.changed(world.now, **_funding(contract, world))
        funded = funded.without_late_date(world.now)
        project, transfers = paid(contract, [(subject.escrow, subject.amount)], world)
        return Decision(rows=(funded, *project), transfers=transfers)


def paid(
    contract: Contract, due: Sequence[tuple[Account, Money]], world: View
) -> tuple[tuple[Row, ...], tuple[Transfer, ...]]:
    """What pays for these: what is reserved for the project first, then the employer's wallet."""
    wallet, project = contract.employer_wallet, project_of(contract, world)
    if project is None:
        return (), tuple([Transfer(wallet, escrow, amount) for escrow, amount in due])
    reserved = left = world.balance(project.reserve)
    transfers: list[Transfer] = []
    for escrow, amount in due:
        first = min(left, amount)
        parts = ((project.reserve, first), (wallet, amount - first))
        transfers += (Transfer(payer, escrow, part) for payer, part in parts if part.is_positive)
        left -= first
    return () if left == reserved else (used(project, left, world),), tuple(transfers)


def _funding(contract: Contract, world: View) -> dict[str, Any]:
    """What money makes of a milestone. It keeps the terms of that moment, whatever comes later."""
    return {
        "status": MilestoneStatus.FUNDED,
        "terms_hash": contract.terms_hash,
        "funded_at": world.now,
    }
