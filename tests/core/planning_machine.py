"""Plans for whoever asks anything at random, and what must be true of them afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, Final

from hypothesis import strategies as st

from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute, DisputeStatus
from earnest.core.milestones.funding import Line
from earnest.core.milestones.planning import Portion
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche, TrancheStatus
from earnest.core.money import Money
from earnest.core.rows import Row

#: None more often than any; of the others one is not in order.
PLANS: Final = (
    None,
    None,
    (Portion(after_days=2, percent=5_000), Portion(after_days=9, percent=5_000, retention=True)),
    tuple(Portion(after_days=n, percent=each) for n, each in ((3, 3_333), (6, 3_333), (9, 3_334))),
    (Portion(after_days=1, percent=4_000), Portion(after_days=2, percent=5_999)),
)  # fmt: skip


def lines(draw: Callable[..., Any], amounts: Iterable[Money]) -> tuple[Line, ...]:
    """Milestones to fund, some of them paid in parts."""
    return tuple(Line("x", each, None, draw(st.sampled_from(PLANS), "plan")) for each in amounts)


def planned(amount: Money) -> Line:
    """A milestone that is paid in three parts within three weeks."""
    days, shares = (3, 9, 20), (3_000, 3_000, 4_000)
    plan = tuple(
        Portion(after_days=each, percent=share) for each, share in zip(days, shares, strict=True)
    )
    return Line("In parts", amount, None, plan)


def must_hold(rows: Iterable[Row]) -> None:
    """What is so of every plan, whatever was done to it."""
    tranches: dict[int, list[Tranche]] = {}
    objected: Counter[int] = Counter()
    milestones: list[Milestone] = []
    for row in rows:
        if isinstance(row, Tranche):
            tranches.setdefault(row.milestone_id, []).append(row)
        elif isinstance(row, Milestone) and row.plan is not None:
            milestones.append(row)
        elif isinstance(row, Dispute) and row.tranche_id is not None:
            withdrawn = row.status is DisputeStatus.WITHDRAWN
            objected[row.tranche_id] += 0 if withdrawn else row.amount.minor
    for milestone in milestones:
        of = sorted(tranches[milestone.id], key=lambda each: each.position)
        for each in of:
            assert each.objected.minor == objected[each.id], each
            assert (each.status is TrancheStatus.PAID) == each.paid.is_positive, each
            assert each.is_last or each.paid + each.objected <= each.amount, each
        assert sum(each.paid.minor for each in of) <= milestone.released.minor, milestone
        if milestone.status in HOLDING and milestone.holds and milestone.plan_agreed_at:
            waits = [
                each.at
                for each in of
                if each.status is TrancheStatus.WAITING and (each.is_last or each.left.is_positive)
            ]
            assert milestone.pays_at == min(waits), milestone


def may_be_overtaken(contract: Contract, rows: Iterable[Row]) -> bool:
    """Whether a tranche may come before what staff decided, should that have to wait."""
    milestones = (row for row in rows if isinstance(row, Milestone))
    return any(
        row.contract_id == contract.id and row.staff_return_at and row.pays_at for row in milestones
    )
