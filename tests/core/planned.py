"""A plan in a small world: its first tranche was paid, and the last one waits for its date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from earnest.core.milestones.plans import Plan, Planned
from earnest.core.milestones.row import ENDED, Milestone, agreement_hash
from earnest.core.milestones.tranches import Tranche, TrancheStatus
from earnest.core.money import Money
from earnest.core.records import replace
from earnest.core.rows import Row

#: The tranche that is asked about, and the one before it.
TRANCHE, FIRST = 91, 90
#: The date of the last one, from the day on which all of it begins.
WAITS: Final = timedelta(days=30)
BEFORE: Final = Money.parse("60.00", "USD")


def with_plan(
    rows: Iterable[Row], status: TrancheStatus | None, *, agreed: bool = True
) -> list[Row]:
    """The same rows; a milestone has 60.00 more, which were paid, and what is held is the last."""
    found: list[Row] = []
    for row in rows:
        is_planned = isinstance(row, Milestone) and status is not None
        found += _planned(row, status, agreed=agreed) if is_planned else [row]  # type: ignore[arg-type]
    return found


def _planned(row: Milestone, status: TrancheStatus, *, agreed: bool) -> Iterable[Row]:
    begun = row.created_at
    last = row.amount
    plan = Plan((
        Planned(FIRST, begun, BEFORE, retention=False),
        Planned(TRANCHE, begun + WAITS, last, retention=True),
    ))  # fmt: skip
    amount = BEFORE + last
    yield replace(
        row,
        amount=amount,
        released=row.released if row.status in ENDED else row.released + BEFORE,
        plan=plan,
        plan_agreed_at=begun if agreed else None,
        pays_at=begun + WAITS if agreed else None,
        agreement_hash=agreement_hash(row.description, amount, row.due_at, plan),
    )
    for position, each in enumerate(plan.tranches, 1):
        is_paid = each.id == FIRST or status is TrancheStatus.PAID
        yield Tranche(
            id=each.id,
            contract_id=row.contract_id,
            milestone_id=row.id,
            position=position,
            of=2,
            amount=each.amount,
            at=each.at,
            retention=each.retention,
            status=TrancheStatus.PAID if is_paid else TrancheStatus.WAITING,
            objected=Money.zero(amount.currency),
            paid=each.amount if is_paid else Money.zero(amount.currency),
            paid_at=each.at if is_paid else None,
            created_at=begun,
        )
