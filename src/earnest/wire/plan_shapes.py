"""The shapes of plans and of their tranches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.contracts import Contract
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.references import printed
from earnest.wire.surroundings import money, time

if TYPE_CHECKING:
    from earnest.core.milestones.plans import Plan
    from earnest.wire.surroundings import Json, Surroundings


def plan(row: Plan) -> list[Json]:
    """By which dates a milestone is paid in parts, as it was planned."""
    return [
        {
            "tranche_id": printed(Tranche.prefix, each.id),
            "at": time(each.at),
            "amount": money(each.amount),
            "retention": each.retention,
        }
        for each in row.tranches
    ]


def tranche(row: Tranche, _around: Surroundings) -> Json:
    """One tranche, and what became of it."""
    return {
        "id": row.reference,
        "number": row.id,
        "contract_id": printed(Contract.prefix, row.contract_id),
        "milestone_id": printed(Milestone.prefix, row.milestone_id),
        "position": row.position,
        "of": row.of,
        "at": time(row.at),
        "amount": money(row.amount),
        "retention": row.retention,
        "status": row.status,
        "objected": money(row.objected),
        "paid": money(row.paid),
        "paid_at": time(row.paid_at),
        "created_at": time(row.created_at),
    }
