"""Something for every action of a dispute: somebody who may, where it can happen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Final

from tests.core.clocked import STAKED
from tests.store.disputed import arbitrated, disputed, negotiated, rich_enough, to_be_returned
from tests.store.engine import Engine, agreed, person, usd
from tests.store.planned import planned

from earnest.core.actions import Action
from earnest.core.disputes.arbitrating import AskSides, RefuseArbiter, Rule, Take
from earnest.core.disputes.exhibiting import AddExhibit, OpenExhibit
from earnest.core.disputes.extending import AgreeExtension, ProposeExtension
from earnest.core.disputes.objecting import ObjectToTranche
from earnest.core.disputes.offering import AcceptOffer, Concede, MakeOffer, Respond
from earnest.core.disputes.opening import DisputeMilestone, ObjectToReturn
from earnest.core.disputes.sealing import MakeSealedOffer
from earnest.core.disputes.staking import PayFee
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.milestones.staff import StaffCancel, StaffConfirm

Asked = tuple[int, Action[Any]]
ENDS: Final = "SELECT ends_at FROM disputes WHERE id = $1"
LATER: Final = timedelta(days=1)
OFFER: Final = "SELECT opener_offer_id FROM disputes WHERE id = $1"


async def _dispute(engine: Engine) -> Asked:
    deal = await agreed(engine, "100.00")
    return deal.employer, DisputeMilestone(deal.milestone, usd("60.00"), usd("10.00"), "Late.")


async def _object(engine: Engine) -> Asked:
    deal, _ = await to_be_returned(engine)
    return deal.freelancer, ObjectToReturn(deal.milestone, "I am at work on it.")


async def _object_to_tranche(engine: Engine) -> Asked:
    deal, parts = await planned(engine)
    return deal.employer, ObjectToTranche(parts[1], usd("12.00"), "Late.")


async def _staff_cancel(engine: Engine) -> Asked:
    deal = await agreed(engine, "100.00")
    return await person(engine, "olga", "operator"), StaffCancel(deal.milestone, "Because.")


async def _staff_confirm(engine: Engine) -> Asked:
    deal, otto = await to_be_returned(engine, confirmed=False)
    return otto, StaffConfirm(deal.milestone)


async def _respond(engine: Engine) -> Asked:
    deal, dispute = await disputed(engine)
    return deal.employer, Respond(dispute, usd("30.00"), "A third of it works.")


async def _concede(engine: Engine) -> Asked:
    deal, dispute = await disputed(engine)
    return deal.employer, Concede(dispute)


async def _offer(engine: Engine) -> Asked:
    deal, dispute = await negotiated(engine)
    return deal.employer, MakeOffer(dispute, usd("40.00"))


async def _accept_offer(engine: Engine) -> Asked:
    deal, dispute = await negotiated(engine)
    return deal.employer, AcceptOffer(dispute, await engine.value(OFFER, dispute))


async def _sealed_offer(engine: Engine) -> Asked:
    """Another one takes the place of the first."""
    deal, dispute = await negotiated(engine)
    await engine.one(deal.freelancer, MakeSealedOffer(dispute, usd("90.00")))
    return deal.freelancer, MakeSealedOffer(dispute, usd("70.00"))


async def _exhibit(engine: Engine) -> Asked:
    deal, dispute = await disputed(engine)
    return deal.freelancer, AddExhibit(dispute, link="https://a.example/log")


async def _withdraw(engine: Engine) -> Asked:
    deal, dispute = await disputed(engine)
    return deal.freelancer, WithdrawDispute(dispute)


async def _pay_fee(engine: Engine) -> Asked:
    deal, dispute = await negotiated(engine, terms=STAKED)
    await rich_enough(engine, deal.freelancer)
    return deal.freelancer, PayFee(dispute)


async def _propose_extension(engine: Engine) -> Asked:
    """Another one was proposed before, so that the row is there and changes."""
    deal, dispute = await disputed(engine)
    ends_at = await engine.value(ENDS, dispute)
    await engine.one(deal.employer, ProposeExtension(dispute, ends_at + 2 * LATER))
    return deal.freelancer, ProposeExtension(dispute, ends_at + LATER)


async def _agree_extension(engine: Engine) -> Asked:
    deal, dispute = await disputed(engine)
    until = await engine.value(ENDS, dispute) + LATER
    await engine.one(deal.employer, ProposeExtension(dispute, until))
    return deal.freelancer, AgreeExtension(dispute, until)


async def _refuse_arbiter(engine: Engine) -> Asked:
    deal, dispute, _ = await arbitrated(engine)
    return deal.employer, RefuseArbiter(dispute)


async def _take(engine: Engine) -> Asked:
    _, dispute, arbiter = await arbitrated(engine, taken=False)
    return arbiter, Take(dispute)


async def _ask(engine: Engine) -> Asked:
    _, dispute, arbiter = await arbitrated(engine)
    return arbiter, AskSides(dispute, "What was agreed?")


async def _open_exhibit(engine: Engine) -> Asked:
    deal, dispute, arbiter = await arbitrated(engine)
    await engine.one(arbiter, AskSides(dispute, "What was agreed?"))
    await engine.one(deal.employer, AddExhibit(dispute, text="This."))
    return arbiter, OpenExhibit(dispute, 1)


async def _rule(engine: Engine) -> Asked:
    _, dispute, arbiter = await arbitrated(engine)
    return arbiter, Rule(dispute, usd("60.00"), "Most of it works.")


DISPUTED: Final[dict[str, Callable[[Engine], Awaitable[Asked]]]] = {
    "milestone.dispute": _dispute,
    "milestone.object": _object,
    "tranche.object": _object_to_tranche,
    "milestone.staff_cancel": _staff_cancel,
    "milestone.staff_confirm": _staff_confirm,
    "dispute.respond": _respond,
    "dispute.concede": _concede,
    "dispute.offer": _offer,
    "dispute.accept_offer": _accept_offer,
    "dispute.sealed_offer": _sealed_offer,
    "dispute.exhibit": _exhibit,
    "dispute.withdraw": _withdraw,
    "dispute.pay_fee": _pay_fee,
    "dispute.propose_extension": _propose_extension,
    "dispute.agree_extension": _agree_extension,
    "dispute.refuse_arbiter": _refuse_arbiter,
    "dispute.take": _take,
    "dispute.ask": _ask,
    "dispute.open_exhibit": _open_exhibit,
    "dispute.rule": _rule,
}
