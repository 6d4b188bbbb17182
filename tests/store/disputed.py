"""Short stories that end in a dispute, for tests that begin there."""

from __future__ import annotations

from typing import Final

from tests.core.clocked import CLOCKED, STAKED
from tests.store.engine import Deal, Engine, agreed, an_arbiter, person, rich, usd

from earnest.core.disputes.arbitrating import NameArbiter, Take
from earnest.core.disputes.offering import Respond
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.staking import PayFee
from earnest.core.milestones.staff import StaffCancel, StaffConfirm
from earnest.core.people import SYSTEM_ID
from earnest.core.terms import Terms

DISPUTE: Final = "SELECT max(id) FROM disputes"


async def disputed(
    engine: Engine, *, terms: Terms = CLOCKED, amount: str = "100.00"
) -> tuple[Deal, int]:
    """The freelancer claims all of it, and nobody has answered."""
    deal = await agreed(engine, "100.00", terms=terms)
    asked = DisputeMilestone(deal.milestone, usd(amount), usd(amount), "It is done.")
    dispute = await engine.one(deal.freelancer, asked)
    return deal, dispute["number"]


async def negotiated(engine: Engine, *, terms: Terms = CLOCKED) -> tuple[Deal, int]:
    """The employer has answered that they would give nothing."""
    deal, dispute = await disputed(engine, terms=terms)
    await engine.one(deal.employer, Respond(dispute, usd("0.00"), "It is not."))
    return deal, dispute


async def arbitrated(engine: Engine, *, taken: bool = True) -> tuple[Deal, int, int]:
    """Both have put up the fee, and an arbiter is named."""
    deal, dispute = await negotiated(engine, terms=STAKED)
    await rich_enough(engine, deal.freelancer)
    await engine.one(deal.employer, PayFee(dispute))
    await engine.one(deal.freelancer, PayFee(dispute))
    arbiter = await an_arbiter(engine)
    await engine.one(SYSTEM_ID, NameArbiter(dispute, arbiter))
    if taken:
        await engine.one(arbiter, Take(dispute))
    return deal, dispute, arbiter


async def rich_enough(engine: Engine, who: int) -> None:
    """Whoever is paid nothing yet can still put up a fee."""
    await rich(engine, who, usd("10.00"))


async def to_be_returned(engine: Engine, *, confirmed: bool = True) -> tuple[Deal, int]:
    """Operators would have all of it returned; who could confirm that."""
    deal = await agreed(engine, "100.00")
    olga, otto = [await person(engine, name, "operator") for name in ("olga", "otto")]
    await engine.one(olga, StaffCancel(deal.milestone, "Nobody answers us."))
    if confirmed:
        await engine.one(otto, StaffConfirm(deal.milestone))
    return deal, otto
