"""A milestone of 100.00 that is paid in three parts, for tests that begin there."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.core.clocked import CLOCKED
from tests.store.engine import Deal, Engine, agreed, offered, usd

from earnest.core.disputes.objecting import ObjectToTranche
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.planning import Portion
from earnest.core.milestones.revising import Agree

#: 40.00 after ten days, 30.00 after twenty, and 30.00 kept back until the thirtieth.
PLAN: Final = (
    Portion(after_days=10, percent=4_000),
    Portion(after_days=20, percent=3_000),
    Portion(after_days=30, percent=3_000, retention=True),
)
LINE: Final = Line("In parts", usd("100.00"), None, PLAN)


async def planned(engine: Engine, *, agreed_to: bool = True) -> tuple[Deal, list[int]]:
    """The freelancer has agreed to the plan, or not; its milestone and its tranches."""
    deal = await agreed(engine, terms=CLOCKED)
    (made,) = await engine.done(deal.employer, FundContract(deal.contract, (LINE,)))
    deal = replace(deal, milestones=[made["number"]])
    if agreed_to:
        await engine.one(deal.freelancer, Agree(deal.milestone, made["agreement_hash"]))
    return deal, await tranches(engine, deal.milestone)


async def offered_planned(engine: Engine) -> tuple[Deal, list[dict[str, object]]]:
    """The same in a contract that waits for its answer."""
    deal, _ = await offered(engine, terms=CLOCKED)
    made = await engine.done(deal.employer, FundContract(deal.contract, (LINE,)))
    return replace(deal, milestones=[made[0]["number"]]), made


async def tranches(engine: Engine, milestone: int) -> list[int]:
    found = await engine.database.pool.fetch(
        "SELECT id FROM tranches WHERE milestone_id = $1 ORDER BY position", milestone
    )
    return [record[0] for record in found]


async def objected(engine: Engine, amount: str = "15.00") -> tuple[Deal, list[int], int]:
    """The employer objects to so much of the first tranche; with the dispute."""
    deal, parts = await planned(engine)
    asked = ObjectToTranche(parts[0], usd(amount), "It does not run.")
    dispute = await engine.one(deal.employer, asked)
    return deal, parts, dispute["number"]
