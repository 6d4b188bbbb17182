"""A scene for each action that a person can ask for: before it, what is typed, and after it.

A new action needs one here, and the test that goes through all of them says so.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.browser.site import Deal, Site, Somebody
from tests.browser.walking import TICKED

from earnest.core.actions import ACTIONS
from earnest.core.people import Party, Role


@dataclass(slots=True)
class Scene:
    """Who is where, and what they will have done."""

    who: Somebody
    #: The page with the button.
    at: str
    #: What stands on the button that does it, in the end.
    button: str
    #: What the link to its form says, where that is not what the action is called.
    link: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    #: Which of a few points is chosen, by what they are for.
    points: Mapping[str, str] = field(default_factory=dict)
    #: Whom to search for; only where somebody is offered a contract.
    person: str | None = None
    #: What the API says afterwards: an address, and some of what is there.
    then: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: And what people have in their wallets.
    wallets: list[tuple[Somebody, str]] = field(default_factory=list)
    #: How many rows a list of theirs has.
    listed: Mapping[str, int] = field(default_factory=dict)
    #: What heads the receipt, where that is not what happened but what has become of it.
    headed: re.Pattern[str] | None = None
    #: Whether its form is on that page already.
    on_page: bool = False
    #: Where it leads: to a receipt, unless it is somebody's who is told of it elsewhere.
    lands: str = "/receipts/evt_"


Make = Callable[[Site, Party], Awaitable[Scene]]
SCENES: dict[str, Make] = {}


#: What the worker of a site does before anybody can press its button: stories that have no worker
#: for a while tell what operators may do then (tests/scenarios/deposits.txt).
BY_THE_CLOCK = frozenset({"deposit.expire", "withdrawal.expire"})


def asked_by_people() -> list[tuple[str, Party]]:
    """Every action with each part that may ask for it, but for what happens by itself."""
    return [
        (name, party)
        for name, each in ACTIONS.items()
        for party in sorted(each.by)
        if party is not Party.SYSTEM and name != "contract.inspect" and not each.takes_bytes
        if name not in BY_THE_CLOCK
    ]


def scene(name: str) -> Callable[[Make], Make]:
    def entered(make: Make) -> Make:
        assert name in ACTIONS, f"there is no action called {name}"
        SCENES[name] = make
        return make

    return entered


def side(deal: Deal, party: Party) -> tuple[Somebody, Somebody]:
    """Who acts, and the other one."""
    both = (deal.employer, deal.freelancer)
    return both if party is Party.EMPLOYER else (both[1], both[0])


@scene("contract.offer")
async def offering(site: Site, _: Party) -> Scene:
    emma, frank = await site.person("Emma"), await site.person("Frank")
    return Scene(
        emma, "/contracts", "Offer the contract",
        typed={"Currency": "EUR", "Classic": TICKED}, person=frank.name,
        listed={"/v1/contracts?status=offered": 1},
    )  # fmt: skip


@scene("contract.accept")
async def accepting(site: Site, _: Party) -> Scene:
    deal = await site.offered("50.00")
    return Scene(
        deal.freelancer, deal.page, f"Accept the contract with {deal.employer.name}",
        typed={"I have read the terms": TICKED},
        then={f"/v1{deal.page}": {"status": "active"}},
    )  # fmt: skip


@scene("contract.decline")
async def declining(site: Site, _: Party) -> Scene:
    deal = await site.offered("30.00", "20.00")
    return Scene(
        deal.freelancer, deal.page, f"Decline, and return USD 50.00 to {deal.employer.name}",
        then={f"/v1{deal.page}": {"status": "declined"}},
        wallets=[(deal.employer, "100.00")],
    )  # fmt: skip


@scene("contract.revoke")
async def revoking(site: Site, _: Party) -> Scene:
    deal = await site.offered("50.00")
    return Scene(
        deal.employer, deal.page, f"Take the offer to {deal.freelancer.name} back",
        then={f"/v1{deal.page}": {"status": "revoked"}},
        wallets=[(deal.employer, "100.00")],
    )  # fmt: skip


@scene("contract.end")
async def ending(site: Site, party: Party) -> Scene:
    deal = await site.agreed()
    who, other = side(deal, party)
    return Scene(
        who, deal.page, f"End the contract with {other.name}",
        then={f"/v1{deal.page}": {"status": "ended"}},
    )  # fmt: skip


@scene("contract.say")
async def saying(site: Site, party: Party) -> Scene:
    deal = await site.offered()
    who, other = side(deal, party)
    return Scene(
        who, deal.page, "Send",
        typed={f"Message to {other.name}": "When can it begin?"}, on_page=True,
        listed={f"/v1/messages?contract={deal.contract['id']}": 1},
    )  # fmt: skip


@scene("contract.fund")
async def funding_several(site: Site, _: Party) -> Scene:
    deal = await site.agreed()
    return Scene(
        deal.employer, deal.page, f"Set USD 30.00 aside for {deal.freelancer.name}",
        typed={"What is to be done": "A logo", "Amount": "30", "Due": "2090-12-24"},
        listed={f"/v1/milestones?contract={deal.contract['id']}&status=funded": 1},
        headed=re.compile("^Milestone funded$"),
        wallets=[(deal.employer, "70.00")],
    )  # fmt: skip


@scene("milestone.request")
async def requesting(site: Site, _: Party) -> Scene:
    deal = await site.agreed()
    return Scene(
        deal.freelancer, deal.page, f"Ask {deal.employer.name} for this amount",
        typed={"What is to be done": "A logo", "Amount": "30.00"},
        listed={f"/v1/milestones?contract={deal.contract['id']}&status=requested": 1},
    )  # fmt: skip


@scene("milestone.decline")
async def declining_a_request(site: Site, _: Party) -> Scene:
    deal = await site.requested("30.00")
    return Scene(
        deal.employer, deal.milestone, "Decline the request",
        then={f"/v1{deal.milestone}": {"status": "declined"}},
    )  # fmt: skip


@scene("milestone.withdraw")
async def withdrawing_a_request(site: Site, _: Party) -> Scene:
    deal = await site.requested("30.00")
    return Scene(
        deal.freelancer, deal.milestone, "Withdraw the request",
        then={f"/v1{deal.milestone}": {"status": "declined"}},
    )  # fmt: skip


@scene("milestone.fund")
async def funding(site: Site, _: Party) -> Scene:
    deal = await site.requested("30.00")
    return Scene(
        deal.employer, deal.milestone, f"Set USD 30.00 aside for {deal.freelancer.name}",
        then={f"/v1{deal.milestone}": {"status": "funded"}},
        wallets=[(deal.employer, "70.00")],
    )  # fmt: skip


@scene("milestone.take_back")
async def taking_back(site: Site, _: Party) -> Scene:
    deal = await site.offered("30.00")
    return Scene(
        deal.employer, deal.milestone, "Take USD 30.00 back",
        then={f"/v1{deal.milestone}": {"status": "cancelled"}},
        wallets=[(deal.employer, "100.00")],
    )  # fmt: skip


@scene("milestone.submit")
async def submitting(site: Site, _: Party) -> Scene:
    deal = await site.agreed("30.00")
    return Scene(
        deal.freelancer, deal.milestone, "Submit, and ask for the release",
        typed={"What you hand in": "Three drafts", "Links": "https://example.org/drafts"},
        then={f"/v1{deal.milestone}": {"status": "submitted"}},
    )  # fmt: skip


@scene("milestone.request_changes")
async def requesting_changes(site: Site, _: Party) -> Scene:
    deal = await site.submitted("30.00")
    return Scene(
        deal.employer, deal.milestone, "Request changes",
        typed={"Reason": "The second draft is missing"},
        then={f"/v1{deal.milestone}": {"status": "funded"}},
    )  # fmt: skip


@scene("milestone.release")
async def releasing(site: Site, _: Party) -> Scene:
    deal = await site.submitted("100.00")
    return Scene(
        deal.employer, deal.milestone, f"Release USD 40.00 to {deal.freelancer.name}",
        typed={"Amount": "40"},
        then={f"/v1{deal.milestone}": {"status": "submitted"}},
        wallets=[(deal.employer, "0.00"), (deal.freelancer, "40.00")],
    )  # fmt: skip


@scene("milestone.cancel")
async def cancelling(site: Site, _: Party) -> Scene:
    deal = await site.agreed("100.00")
    return Scene(
        deal.freelancer, deal.milestone, f"Give USD 100.00 back to {deal.employer.name}",
        then={f"/v1{deal.milestone}": {"status": "cancelled"}},
        wallets=[(deal.employer, "100.00"), (deal.freelancer, "0.00")],
    )  # fmt: skip


@scene("milestone.ask_cancel")
async def asking_to_cancel(site: Site, _: Party) -> Scene:
    deal = await site.agreed("30.00")
    return Scene(
        deal.employer, deal.milestone, f"Ask {deal.freelancer.name} to give the money back",
        typed={"Reason": "We do not need it any more"},
        then={f"/v1{deal.milestone}": {"status": "funded"}},
        listed={f"/v1/messages?contract={deal.contract['id']}": 1},
    )  # fmt: skip


@scene("milestone.refuse_cancel")
async def refusing_to_cancel(site: Site, _: Party) -> Scene:
    deal = await site.agreed("30.00")
    await deal.employer.done(f"/v1{deal.milestone}/ask-cancel", {"reason": "Not needed"})
    return Scene(
        deal.freelancer, deal.milestone, "Refuse, and keep working",
        then={f"/v1{deal.milestone}": {"status": "funded"}},
    )  # fmt: skip


@scene("deposit.start")
async def depositing(site: Site, _: Party) -> Scene:
    emma = await site.person("Emma")
    return Scene(
        emma, "/finances", "Deposit USD 100.00",
        typed={"Amount": "100", "Currency": "USD", "A good day": TICKED},
        listed={"/v1/deposits?status=settled": 1},
        headed=re.compile("^Deposit (started|arrived)$"),
        wallets=[(emma, "100.00")],
    )  # fmt: skip


@scene("withdrawal.request")
async def withdrawing(site: Site, _: Party) -> Scene:
    frank = await site.person("Frank")
    await site.rich(frank, "100.00")
    return Scene(
        frank, "/finances", "Withdraw USD 60.00",
        typed={
            "Amount": "60", "Currency": "USD", "Sandbox account": TICKED,
            "A good day": TICKED, "Name on the account": frank.name,
        },
        headed=re.compile("^Withdrawal (requested|sent|paid out)$"),
        listed={"/v1/withdrawals": 1},
        wallets=[(frank, "40.00")],
    )  # fmt: skip


@scene("withdrawal.approve")
async def approving(site: Site, _: Party) -> Scene:
    olga, frank = await site.person("Olga", Role.OPERATOR), await site.person("Frank")
    address = f"/withdrawals/{(await site.waiting_withdrawal(frank))['id']}"
    button = "Approve the withdrawal of USD 1,500.00"
    return Scene(olga, address, button, wallets=[(frank, "0.00")])


@scene("withdrawal.cancel")
async def cancelling_a_withdrawal(site: Site, _: Party) -> Scene:
    frank = await site.person("Frank")
    address = f"/withdrawals/{(await site.waiting_withdrawal(frank))['id']}"
    return Scene(
        frank, address, "Cancel, and put USD 1,500.00 back into the wallet",
        then={f"/v1{address}": {"status": "cancelled"}},
        wallets=[(frank, "1500.00")],
    )  # fmt: skip
