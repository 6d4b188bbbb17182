"""How a project goes on: what the answer to an offer, and the end of a contract, do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from earnest.core.bids.row import Bid, BidStatus
from earnest.core.projects.posting import returned, unused
from earnest.core.projects.row import Project, ProjectStatus

if TYPE_CHECKING:
    from earnest.core.actions import View
    from earnest.core.contracts import Contract
    from earnest.core.ledger import Account, Transfer
    from earnest.core.rows import Row


def project_of(contract: Contract, world: View) -> Project | None:
    """What it was awarded for; none if it was offered to a person directly."""
    return world.find(Project, contract.project_id) if contract.project_id is not None else None


def reserve_of(contract: Contract, world: View) -> tuple[Account, ...]:
    """What is set aside for its project, if it has one."""
    project = project_of(contract, world)
    return () if project is None else (project.reserve,)


Outcome: TypeAlias = tuple[tuple["Row", ...], tuple["Transfer", ...]]


def accepted(contract: Contract, world: View) -> tuple[Row, ...]:
    """Work begins: the bid is accepted, and its project in progress."""
    bid, project = _awarded(contract, world)
    begun = project.changed(
        world.now,
        status=ProjectStatus.IN_PROGRESS,
        offered=project.offered - 1,
        active=project.active + 1,
    )
    return (
        bid.changed(world.now, status=BidStatus.ACCEPTED),
        begun.changed(world.now, wakes_at=unused(begun, world.now)),
    )


def not_accepted(contract: Contract, world: View) -> Outcome:
    """The bid is live again, and its project goes on without this offer."""
    bid, project = _awarded(contract, world)
    rows, transfers = _gone_on(project.changed(world.now, offered=project.offered - 1), world)
    return (bid.changed(world.now, status=BidStatus.LIVE), *rows), transfers


def ended(contract: Contract, world: View) -> Outcome:
    """One contract fewer: with the last one a project is completed."""
    project = project_of(contract, world)
    if project is None:
        return (), ()
    return _gone_on(project.changed(world.now, active=project.active - 1), world)


def _awarded(contract: Contract, world: View) -> tuple[Bid, Project]:
    assert contract.bid_id is not None, "it was awarded"
    bid, project = world.find(Bid, contract.bid_id), project_of(contract, world)
    assert bid is not None, "the bid is locked with its contract"
    assert project is not None, "and so is the project"
    return bid, project


def _gone_on(project: Project, world: View) -> Outcome:
    """An open project waits for its next lapse; one whose work is all done is completed."""
    if project.status is ProjectStatus.OPEN:
        return (project.changed(world.now, wakes_at=project.lapse_of(world.now)),), ()
    if project.active or project.offered:
        return (project,), ()
    done = returned(project, world, status=ProjectStatus.COMPLETED)
    return done.rows, done.transfers
