"""Something for every action that people can ask for: somebody who may, where it can happen."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from tests.core.proposed import OTHER_HASH, OTHER_TERMS
from tests.core.samples import filled
from tests.store.engine import (
    Engine,
    accepting,
    agreed,
    bidding,
    offered,
    person,
    posted,
    usd,
)
from tests.store.mix_of_disputes import DISPUTED

from earnest.core.actions import ACTIONS, Action
from earnest.core.bids.bidding import EditBid, Retract, Step
from earnest.core.bids.choosing import Award, DeclineBid, Shortlist, Unshortlist
from earnest.core.contracts import OfferContract, Say
from earnest.core.milestones.agreeing import DeclineContract, End, Revoke
from earnest.core.milestones.asking import Decline, RequestMilestone, Withdraw
from earnest.core.milestones.funding import Fund, FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import AskCancel, Cancel, RefuseCancel, TakeBack
from earnest.core.milestones.revising import Agree, AgreeEdit, ProposeEdit
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.payments.depositing import ExpireDeposit, StartDeposit
from earnest.core.payments.withdrawing import (
    ApproveWithdrawal,
    CancelWithdrawal,
    Destination,
    DestinationType,
    ExpireWithdrawal,
    RequestWithdrawal,
)
from earnest.core.people import SYSTEM, Party
from earnest.core.projects.asking import Answer, Ask
from earnest.core.projects.posting import Close, Edit, Post
from earnest.core.projects.reserving import Reserve, TakeReserveBack
from earnest.core.renewing import AgreeTerms, ProposeTerms
from earnest.core.reviews import GiveReview, Ratings
from earnest.core.terms import DAY
from earnest.store.rulebooks import rulebooks

#: Who asks, and what.
Asked = tuple[int, Action[Any]]

BANK: Final = Destination(DestinationType.SANDBOX, "settle", "Emma")
LARGE: Final = usd("1000.01")
GOOD: Final = Ratings(5, 4, 5, 3, 5)
SOON: Final = datetime(2999, 1, 1, tzinfo=UTC)


async def _offer(engine: Engine) -> Asked:
    emma, frank = await person(engine, "emma"), await person(engine, "frank")
    return emma, OfferContract(emma, frank, "USD", "classic")


async def _accept(engine: Engine) -> Asked:
    deal, milestones = await offered(engine, "100.00")
    return deal.freelancer, accepting(deal.contract, milestones)


async def _decline_contract(engine: Engine) -> Asked:
    deal, _ = await offered(engine, "100.00")
    return deal.freelancer, DeclineContract(deal.contract)


async def _revoke(engine: Engine) -> Asked:
    deal, _ = await offered(engine, "100.00", "50.00")
    return deal.employer, Revoke(deal.contract)


async def _end(engine: Engine) -> Asked:
    deal = await agreed(engine)
    return deal.employer, End(deal.contract)


async def _say(engine: Engine) -> Asked:
    deal = await agreed(engine)
    return deal.freelancer, Say(deal.contract, "Hello.")


async def _fund_contract(engine: Engine) -> Asked:
    deal = await agreed(engine)
    return deal.employer, FundContract(deal.contract, (Line("One", usd("1.00")),) * 2)


async def _request(engine: Engine) -> Asked:
    deal = await agreed(engine)
    return deal.freelancer, RequestMilestone(deal.contract, "More", usd("10.00"))


async def _requested(engine: Engine) -> tuple[int, int, int]:
    deal = await agreed(engine)
    asked = RequestMilestone(deal.contract, "More", usd("10.00"))
    milestone = await engine.one(deal.freelancer, asked)
    return deal.employer, deal.freelancer, milestone["number"]


async def _fund(engine: Engine) -> Asked:
    employer, _, milestone = await _requested(engine)
    return employer, Fund(milestone)


async def _decline(engine: Engine) -> Asked:
    employer, _, milestone = await _requested(engine)
    return employer, Decline(milestone)


async def _withdraw(engine: Engine) -> Asked:
    _, freelancer, milestone = await _requested(engine)
    return freelancer, Withdraw(milestone)


async def _submit(engine: Engine) -> Asked:
    deal = await agreed(engine, "100.00")
    return deal.freelancer, Submit(deal.milestone, "Done.", ("https://a.example",))


async def _request_changes(engine: Engine) -> Asked:
    deal = await agreed(engine, "100.00")
    await engine.one(deal.freelancer, Submit(deal.milestone))
    return deal.employer, RequestChanges(deal.milestone, "The colour.")


async def _release(engine: Engine) -> Asked:
    deal = await agreed(engine, "100.00")
    return deal.employer, ReleaseMilestone(deal.milestone, usd("40.00"))


async def _cancel(engine: Engine) -> Asked:
    deal = await agreed(engine, "100.00")
    return deal.freelancer, Cancel(deal.milestone)


async def _ask_cancel(engine: Engine) -> Asked:
    deal = await agreed(engine, "100.00")
    return deal.employer, AskCancel(deal.milestone, "Plans have changed.")


async def _refuse_cancel(engine: Engine) -> Asked:
    deal = await agreed(engine, "100.00")
    await engine.one(deal.employer, AskCancel(deal.milestone, "Plans have changed."))
    return deal.freelancer, RefuseCancel(deal.milestone)


async def _propose_edit(engine: Engine) -> Asked:
    deal = await agreed(engine, "100.00")
    return deal.freelancer, ProposeEdit(deal.milestone, "More of it", usd("120.00"))


async def _propose_terms(engine: Engine) -> Asked:
    deal = await agreed(engine)
    return deal.freelancer, ProposeTerms(deal.contract, OTHER_TERMS)


async def _agree_terms(engine: Engine) -> Asked:
    """Others were proposed before, so that the row is there and changes."""
    deal = await agreed(engine)
    third = ProposeTerms(deal.contract, replace(OTHER_TERMS, accept_seconds=2 * DAY))
    await engine.one(deal.employer, third)
    await engine.one(deal.freelancer, ProposeTerms(deal.contract, OTHER_TERMS))
    async with engine.database.pool.acquire() as db:
        await rulebooks(db, {OTHER_HASH})  # Known, as what is in force soon is.
    return deal.employer, AgreeTerms(deal.contract, OTHER_HASH)


async def _agree_edit(engine: Engine) -> Asked:
    """Another one was proposed before, so that the row is there and changes."""
    deal = await agreed(engine, "100.00")
    await engine.one(deal.employer, ProposeEdit(deal.milestone, amount=usd("90.00")))
    await engine.one(deal.freelancer, ProposeEdit(deal.milestone, "More", usd("120.00")))
    return deal.employer, AgreeEdit(deal.milestone, await engine.proposed(deal.milestone))


async def _agree(engine: Engine) -> Asked:
    deal = await agreed(engine)
    line = Line("By then", usd("10.00"), SOON)
    (made,) = await engine.done(deal.employer, FundContract(deal.contract, (line,)))
    return deal.freelancer, Agree(made["number"], made["agreement_hash"])


async def _review(engine: Engine) -> Asked:
    """The other has given theirs."""
    deal = await agreed(engine, "100.00")
    await engine.one(deal.employer, ReleaseMilestone(deal.milestone))
    await engine.one(deal.employer, End(deal.contract))
    await engine.one(deal.employer, GiveReview(deal.contract, GOOD))
    return deal.freelancer, GiveReview(deal.contract, GOOD, "Clear, and paid at once.")


async def _take_back(engine: Engine) -> Asked:
    deal, _ = await offered(engine, "100.00")
    return deal.employer, TakeBack(deal.milestone)


async def _deposit(engine: Engine) -> Asked:
    emma = await person(engine, "emma")
    return emma, StartDeposit(emma, "sandbox", usd("10.00"))


async def _expire_deposit(engine: Engine) -> Asked:
    """Not yet due, so refused: what an operator hears is kept like any answer."""
    emma, olga = await person(engine, "emma"), await person(engine, "olga", "operator")
    deposit = await engine.one(emma, StartDeposit(emma, "sandbox", usd("10.00")))
    return olga, ExpireDeposit(deposit["number"])


async def _take_out(engine: Engine) -> Asked:
    deal = await agreed(engine)
    return deal.employer, RequestWithdrawal(deal.employer, "sandbox", usd("10.00"), BANK)


async def _large_withdrawal(engine: Engine) -> tuple[int, int]:
    deal = await agreed(engine, purse="2000.00")
    asked = RequestWithdrawal(deal.employer, "sandbox", LARGE, BANK)
    return deal.employer, (await engine.one(deal.employer, asked))["number"]


async def _approve(engine: Engine) -> Asked:
    olga = await person(engine, "olga", "operator")
    return olga, ApproveWithdrawal((await _large_withdrawal(engine))[1])


async def _cancel_withdrawal(engine: Engine) -> Asked:
    owner, number = await _large_withdrawal(engine)
    return owner, CancelWithdrawal(number)


async def _expire_withdrawal(engine: Engine) -> Asked:
    olga = await person(engine, "olga", "operator")
    return olga, ExpireWithdrawal((await _large_withdrawal(engine))[1])


async def _post(engine: Engine) -> Asked:
    emma = await person(engine, "emma")
    return emma, Post(emma, "A site", "All of it", "USD", usd("1.00"), usd("2.00"))


async def _edit(engine: Engine) -> Asked:
    made = await posted(engine)
    return made.employer, Edit(made.project, title="Another title")


async def _close(engine: Engine) -> Asked:
    made = await posted(engine, reserve="10.00")
    return made.employer, Close(made.project)


async def _reserve(engine: Engine) -> Asked:
    made = await posted(engine)
    return made.employer, Reserve(made.project, usd("10.00"))


async def _take_reserve_back(engine: Engine) -> Asked:
    made = await posted(engine, reserve="10.00")
    return made.employer, TakeReserveBack(made.project, usd("4.00"))


async def _ask(engine: Engine) -> Asked:
    made = await posted(engine)
    return await person(engine, "xavier"), Ask(made.project, "How many pages?")


async def _answer(engine: Engine) -> Asked:
    made = await posted(engine)
    question = await engine.one(await person(engine, "xavier"), Ask(made.project, "How many?"))
    return made.employer, Answer(made.project, question["number"], "Seven.")


async def _bid(engine: Engine) -> Asked:
    made = await posted(engine)
    return await person(engine, "frank"), bidding(made.project, "10.00")


async def _edit_bid(engine: Engine) -> Asked:
    made = await posted(engine, "10.00")
    steps = (Step("One", usd("4.00"), 3), Step("Two", usd("5.00"), 4))
    return made.bidders[0], EditBid(made.bids[0]["number"], usd("9.00"), 7, "Cheaper", steps)


async def _retract(engine: Engine) -> Asked:
    made = await posted(engine, "10.00")
    return made.bidders[0], Retract(made.bids[0]["number"])


async def _shortlist(engine: Engine) -> Asked:
    made = await posted(engine, "10.00")
    return made.employer, Shortlist(made.bids[0]["number"])


async def _unshortlist(engine: Engine) -> Asked:
    employer, asked = await _shortlist(engine)
    await engine.one(employer, asked)
    return employer, Unshortlist(asked.subject_id)


async def _decline_bid(engine: Engine) -> Asked:
    made = await posted(engine, "10.00")
    return made.employer, DeclineBid(made.bids[0]["number"])


async def _award(engine: Engine) -> Asked:
    made = await posted(engine, "10.00")
    return made.employer, Award(made.bids[0]["number"], made.bids[0]["bid_hash"])


MIX: Final[dict[str, Callable[[Engine], Awaitable[Asked]]]] = {
    "contract.offer": _offer,
    "contract.accept": _accept,
    "contract.decline": _decline_contract,
    "contract.revoke": _revoke,
    "contract.end": _end,
    "contract.say": _say,
    "contract.fund": _fund_contract,
    "milestone.request": _request,
    "milestone.fund": _fund,
    "milestone.decline": _decline,
    "milestone.withdraw": _withdraw,
    "milestone.submit": _submit,
    "milestone.request_changes": _request_changes,
    "milestone.release": _release,
    "milestone.cancel": _cancel,
    "milestone.ask_cancel": _ask_cancel,
    "milestone.refuse_cancel": _refuse_cancel,
    "milestone.take_back": _take_back,
    "milestone.propose_edit": _propose_edit,
    "contract.propose_terms": _propose_terms,
    "contract.agree_terms": _agree_terms,
    "milestone.agree_edit": _agree_edit,
    "milestone.agree": _agree,
    "review.give": _review,
    "project.post": _post,
    "project.edit": _edit,
    "project.close": _close,
    "project.reserve": _reserve,
    "project.take_back": _take_reserve_back,
    "project.ask": _ask,
    "project.answer": _answer,
    "bid.place": _bid,
    "bid.edit": _edit_bid,
    "bid.retract": _retract,
    "bid.shortlist": _shortlist,
    "bid.unshortlist": _unshortlist,
    "bid.decline": _decline_bid,
    "bid.award": _award,
    "deposit.start": _deposit,
    "deposit.expire": _expire_deposit,
    "withdrawal.request": _take_out,
    "withdrawal.approve": _approve,
    "withdrawal.cancel": _cancel_withdrawal,
    "withdrawal.expire": _expire_withdrawal,
    **DISPUTED,
}


def askable(but: Collection[str] = ()) -> list[str]:
    """Every action that people can ask for, but for these."""
    return [name for name, each in ACTIONS.items() if each.by != SYSTEM and name not in but]


async def _anything(engine: Engine, name: str) -> Asked:
    """An action that nobody has said more about: asked where things are as they mostly are."""
    kind = ACTIONS[name]
    deal = await agreed(engine, "100.00")
    askers = {
        Party.EMPLOYER: deal.employer,
        Party.FREELANCER: deal.freelancer,
        Party.ANYONE: deal.employer,
    }
    who = next((askers[party] for party in sorted(kind.by) if party in askers), None)
    if who is None:
        who = await person(engine, "olga", "operator", "arbiter")
    subjects = {"user": who, "contract": deal.contract, "milestone": deal.milestone}
    asked = filled(kind, subject_id=subjects.get(kind.kind.noun, 1))
    assert isinstance(asked, Action)
    return who, asked


async def mixed(engine: Engine, each: int, but: Collection[str] = ()) -> list[Asked]:
    """So many of each, in the order of the registry again and again."""
    made = [
        MIX[name](engine) if name in MIX else _anything(engine, name)
        for _ in range(each)
        for name in askable(but)
    ]
    return list(await asyncio.gather(*made))
