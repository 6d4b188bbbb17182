"""A world in which an action happens, for each of them: in what status, and asked by whom."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any, Final

from tests.core.copies import again
from tests.core.disputed import About
from tests.core.samples import sample
from tests.core.worlds import (
    ARBITER,
    EMPLOYER,
    FREELANCER,
    OPERATOR,
    STRANGER,
    SYSTEM,
    batch,
    command,
    later,
    world,
)

from earnest.core.actions import ACTIONS, Action
from earnest.core.bids.row import BidStatus
from earnest.core.commands import Event
from earnest.core.contracts import ContractStatus
from earnest.core.disputes.row import OPEN
from earnest.core.milestones.releasing import ReleaseStatus
from earnest.core.milestones.row import HOLDING, MilestoneStatus
from earnest.core.milestones.tranches import TrancheStatus
from earnest.core.payments.depositing import DepositStatus
from earnest.core.payments.withdrawing import WithdrawalStatus
from earnest.core.projects.row import ProjectStatus
from earnest.core.world import World

#: What may be so of a dispute.
ABOUT: Final = (
    About(longer=STRANGER),
    About(fee=True),
    About(last=True),
    About(arbiter=ARBITER),
    About(arbiter=ARBITER, taken=True),
    About(arbiter=ARBITER, taken=True, exhibit=True),
)


def asked_of(name: str) -> Iterator[tuple[World, int]]:
    """Worlds in every status, and who might ask for this there."""
    noun = ACTIONS[name].kind.noun
    statuses: dict[str, list[dict[str, Any]]] = {
        "user": [{}],
        "contract": [{"contract": s, "milestone": None, "terms": STRANGER} for s in ContractStatus],
        "milestone": [
            {"contract": c, "milestone": s, "cancel_asked": asked, "edit": STRANGER}
            for c, s, asked in product(ContractStatus, MilestoneStatus, (False, True))
        ]
        + [{"milestone": s, "clocked": True, "agreed": True} for s in HOLDING]
        + [{"staff": STRANGER, "confirmed": each} for each in (False, True)]
        + [{"unheard": True}],
        "dispute": [{"dispute": s, "about": a} for s, a in product(OPEN, ABOUT)],
        "release": [{"release": s, "clocked": True} for s in ReleaseStatus],
        "tranche": [{"tranche": s} for s in TrancheStatus],
        "deposit": [{"deposit": s} for s in DepositStatus],
        "withdrawal": [{"withdrawal": s} for s in WithdrawalStatus],
        "project": [{"project": s} for s in ProjectStatus],
        "bid": [{"bid": s, "shortlisted": c} for s, c in product(BidStatus, (False, True))],
    }
    people = (EMPLOYER, FREELANCER, STRANGER, OPERATOR, ARBITER, SYSTEM)
    for given, who, days in product(statuses[noun], people, (0, 8, 45, 181)):
        books = world(**given)
        later(books, days=days)
        yield books, who


def happening(name: str) -> tuple[World, int, Action[Any]]:
    """A world in which this action happens, and who asks."""
    books, who, action = _happening(name)
    return again(books), who, action


@cache
def _happening(name: str) -> tuple[World, int, Action[Any]]:
    for books, who in asked_of(name):
        action = sample(name, books)
        (outcome,) = batch(again(books), [command(who, action)])
        if isinstance(outcome, Event):
            return books, who, action
    raise AssertionError(f"{name} never happens")
