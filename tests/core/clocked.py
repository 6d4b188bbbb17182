"""Clocks in a small world: terms under which every one of them runs, and a release on its way."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from earnest.core.actions import Action
from earnest.core.clocks import WITHIN, leads_to
from earnest.core.contracts import Contract
from earnest.core.milestones.releasing import Release, ReleaseStatus
from earnest.core.milestones.row import Milestone
from earnest.core.money import Money
from earnest.core.records import replace
from earnest.core.rows import Row, Waking
from earnest.core.terms import CLASSIC, DAY, Terms, terms_hash
from earnest.core.world import World

RELEASE: Final = 80
UNDO: Final = timedelta(minutes=10)
#: Every clock that there is runs, and a release can be recalled for ten minutes.
CLOCKED: Final[Terms] = replace(
    CLASSIC,
    review_seconds=14 * DAY,
    review_floor_seconds=3 * DAY,
    change_rounds=3,
    overdue_seconds=30 * DAY,
    undo_seconds=600,
    answer_freelancer_seconds=7 * DAY,
    answer_employer_seconds=7 * DAY,
    unanswered="arbitration",
    negotiation_seconds=14 * DAY,
    arbitration_bps=0,
    match_seconds=None,
    ruling_seconds=14 * DAY,
    next_arbiters=2,
)
CLOCKED_HASH: Final = terms_hash(CLOCKED)
#: The same, where arbitration costs a fee of 5 % each.
STAKED: Final = replace(CLOCKED, arbitration_bps=500, match_seconds=4 * DAY)
STAKED_HASH: Final = terms_hash(STAKED)


def wound(rows: Iterable[Row], release: ReleaseStatus | None, *, clocked: bool) -> list[Row]:
    """The same rows under these terms, with all of the milestone on its way, or not any more."""
    found: list[Row] = []
    for row in rows:
        found.append(_clocked(row) if clocked else row)
        if isinstance(row, Milestone) and release is not None:
            found[-1:] = _released(found[-1], release)
    return found


def due_in(books: World) -> Iterable[tuple[Waking, Action[Any]]]:
    """Whatever the clocks that have run out may lead to, as the store locks it."""
    for row in books.rows.values():
        if isinstance(row, WITHIN) and row.wakes_at is not None and row.wakes_at <= books.now:
            yield from ((row, each) for each in leads_to(row))


def _released(row: Row, status: ReleaseStatus) -> list[Row]:
    assert isinstance(row, Milestone), "it is one"
    is_under_way = status is ReleaseStatus.RELEASING
    made = Release(
        id=RELEASE,
        contract_id=row.contract_id,
        milestone_id=row.id,
        amount=row.amount,
        fee=Money.zero(row.amount.currency),
        status=status,
        wakes_at=row.created_at + UNDO if is_under_way else None,
        created_at=row.created_at,
    )
    return [replace(row, releasing=row.amount) if is_under_way else row, made]


def _clocked(row: Row) -> Row:
    if isinstance(row, Contract) or (isinstance(row, Milestone) and row.terms_hash is not None):
        return replace(row, terms_hash=CLOCKED_HASH)
    return row
