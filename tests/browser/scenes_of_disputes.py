"""The scenes of disputes, as `scenes.py` has those of everything else."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.browser.quarrels import Quarrel, arbitrated, quarrel, shown, taken
from tests.browser.scenes import Scene, scene, side
from tests.browser.site import Site
from tests.browser.walking import TICKED
from tests.http.house import usd

from earnest.core.people import Party, Role
from earnest.core.rows import wire_time


def other_than(party: Party) -> Party:
    return Party.FREELANCER if party is Party.EMPLOYER else Party.EMPLOYER


@scene("milestone.dispute")
async def disputing(site: Site, party: Party) -> Scene:
    deal = await site.agreed("100.00")
    who, other = side(deal, party)
    return Scene(
        who, deal.milestone, f"Freeze USD 60.00 and dispute it with {other.name}",
        typed={
            "How much of it you dispute": "60", "What the freelancer should get": "20",
            "What happened": "Only a third is there",
        },
        then={f"/v1{deal.milestone}": {"frozen": usd("60.00"), "held": usd("40.00")}},
        listed={"/v1/disputes?status=response": 1},
    )  # fmt: skip


@scene("milestone.object")
async def objecting(site: Site, _: Party) -> Scene:
    deal = await site.agreed("60.00")
    olga, omar = [await site.person(name, Role.OPERATOR) for name in ("Olga", "Omar")]
    await olga.done(f"/v1{deal.milestone}/staff-cancel", {"reason": "A fraud, it seems"})
    await omar.done(f"/v1{deal.milestone}/staff-confirm")
    return Scene(
        deal.freelancer, deal.milestone, "Object, and dispute USD 60.00",
        typed={"Why you object": "Half of it is done"},
        then={f"/v1{deal.milestone}": {"frozen": usd("60.00"), "staff_return": None}},
    )  # fmt: skip


@scene("milestone.staff_cancel")
async def asking_for_a_return(site: Site, _: Party) -> Scene:
    deal = await site.agreed("60.00")
    olga = await site.person("Olga", Role.OPERATOR)
    return Scene(
        olga, deal.milestone, "Ask to return it to the employer",
        typed={"Reason": "A fraud, it seems"},
        then={f"/v1{deal.milestone}": {"held": usd("60.00")}},
    )  # fmt: skip


@scene("milestone.staff_confirm")
async def confirming_a_return(site: Site, _: Party) -> Scene:
    deal = await site.agreed("60.00")
    olga, omar = [await site.person(name, Role.OPERATOR) for name in ("Olga", "Omar")]
    await olga.done(f"/v1{deal.milestone}/staff-cancel", {"reason": "A fraud, it seems"})
    return Scene(
        omar, deal.milestone, "Confirm, and return it in 7 days",
        typed={"I have read the reason": TICKED},
        then={f"/v1{deal.milestone}": {"held": usd("60.00")}},
    )  # fmt: skip


@scene("dispute.respond")
async def responding(site: Site, party: Party) -> Scene:
    found = await quarrel(site, other_than(party))
    who, other = side(found.deal, party)
    return Scene(
        who, found.room, f"Answer {other.name} with USD 45.00",
        typed={"What the freelancer should get": "45", "What happened": "It is all there"},
        then={f"/v1{found.room}": {"status": "negotiation"}},
    )  # fmt: skip


async def negotiated(site: Site, opener: Party) -> Quarrel:
    """The freelancer asks for 60.00, and the employer would give nothing."""
    found = await quarrel(site, opener)
    await found.answered("0.00" if opener is Party.FREELANCER else "60.00")
    return found


@scene("dispute.offer")
async def offering(site: Site, party: Party) -> Scene:
    found = await negotiated(site, Party.EMPLOYER)
    who, _ = side(found.deal, party)
    return Scene(
        who, found.room, "Offer to settle at USD 30.00",
        typed={"What the freelancer would get": "30"},
        then={f"/v1{found.room}": {"status": "negotiation"}},
        listed={"/v1/offers": 3},
    )  # fmt: skip


@scene("dispute.accept_offer")
async def accepting(site: Site, party: Party) -> Scene:
    found = await negotiated(site, Party.EMPLOYER)
    who, other = side(found.deal, party)
    await other.done(f"/v1{found.room}/offer", {"to_freelancer": usd("30.00")})
    return Scene(
        who, found.room, f"Settle with {other.name}, and pay both",
        then={f"/v1{found.room}": {"status": "settled", "to_freelancer": usd("30.00")}},
        wallets=[(found.deal.freelancer, "30.00"), (found.deal.employer, "30.00")],
    )  # fmt: skip


@scene("dispute.concede")
async def conceding(site: Site, party: Party) -> Scene:
    found = await quarrel(site, other_than(party))
    who, other = side(found.deal, party)
    return Scene(
        who, found.room, f"Give {other.name} what they ask for",
        then={f"/v1{found.room}": {"status": "conceded"}},
        wallets=[(other, "60.00")],
    )  # fmt: skip


@scene("dispute.withdraw")
async def withdrawing(site: Site, party: Party) -> Scene:
    found = await quarrel(site, party)
    who, _ = side(found.deal, party)
    return Scene(
        who, found.room, "Withdraw the dispute",
        then={
            f"/v1{found.room}": {"status": "withdrawn"},
            f"/v1{found.deal.milestone}": {"held": usd("100.00"), "frozen": usd("0.00")},
        },
    )  # fmt: skip


@scene("dispute.sealed_offer")
async def sealing(site: Site, party: Party) -> Scene:
    found = await negotiated(site, Party.EMPLOYER)
    who, _ = side(found.deal, party)
    return Scene(
        who, found.room, "Seal it",
        typed={"What the freelancer would get": "33"},
        then={f"/v1{found.room}": {"status": "negotiation"}},
    )  # fmt: skip


@scene("dispute.pay_fee")
async def paying(site: Site, party: Party) -> Scene:
    found = await negotiated(site, Party.EMPLOYER)
    who, _ = side(found.deal, party)
    await site.rich(who, "5.00")
    return Scene(
        who, found.room, "Put up USD 3.00",
        then={f"/v1{found.room}": {"status": "final_offers"}},
        wallets=[(who, "2.00")],
    )  # fmt: skip


@scene("dispute.propose_extension")
async def proposing_more_time(site: Site, party: Party) -> Scene:
    found = await quarrel(site, Party.EMPLOYER)
    who, other = side(found.deal, party)
    until = await site.house.app.database.now() + timedelta(days=30)
    return Scene(
        who, found.room, f"Propose it to {other.name}",
        typed={"Until": until.date().isoformat()},
        then={f"/v1{found.room}": {"status": "response"}},
    )  # fmt: skip


@scene("dispute.agree_extension")
async def agreeing_to_more_time(site: Site, party: Party) -> Scene:
    found = await quarrel(site, Party.EMPLOYER)
    who, other = side(found.deal, party)
    until = wire_time(await site.house.app.database.now() + timedelta(days=30))
    await other.done(f"/v1{found.room}/propose-extension", {"until": until})
    return Scene(
        who, found.room, "Agree to more time", on_page=True,
        then={f"/v1{found.room}": {"ends_at": until, "extension": None}},
    )  # fmt: skip


@scene("dispute.exhibit")
async def exhibiting(site: Site, party: Party) -> Scene:
    found = await quarrel(site, Party.EMPLOYER)
    who, _ = side(found.deal, party)
    return Scene(
        who, found.room, "Add it for all to see",
        typed={"A text": "On Monday we agreed on three drafts."},
        then={f"/v1{found.room}": {"exhibits_shown": 1}},
    )  # fmt: skip


@scene("dispute.refuse_arbiter")
async def refusing(site: Site, party: Party) -> Scene:
    found, _ = await arbitrated(site)
    who, _ = side(found.deal, party)
    return Scene(
        who, found.room, "Refuse the arbiter",
        typed={"I want somebody else": TICKED},
        then={f"/v1{found.room}": {"arbiter": None}},
    )  # fmt: skip


@scene("dispute.take")
async def taking(site: Site, _: Party) -> Scene:
    found, ada = await arbitrated(site)
    return Scene(ada, found.room, "Take the dispute on", then={f"/v1{found.room}": {}})


@scene("dispute.ask")
async def asking(site: Site, _: Party) -> Scene:
    found, ada = await taken(site)
    return Scene(
        ada, found.room, "Ask both sides",
        typed={"What you ask both of them": "What was agreed on Monday?"},
        then={f"/v1{found.room}": {"status": "arbitration"}},
    )  # fmt: skip


@scene("dispute.open_exhibit")
async def opening(site: Site, _: Party) -> Scene:
    found, ada = await taken(site, shown)
    return Scene(
        ada, found.room, "Open it exhibit 1", on_page=True,
        then={f"/v1{found.room}": {"exhibits_opened": 1}},
    )  # fmt: skip


@scene("dispute.rule")
async def ruling(site: Site, _: Party) -> Scene:
    found, ada = await taken(site)
    return Scene(
        ada, found.room, "Rule, and pay both",
        typed={"What the freelancer gets": "24", "Your reasons": "Two fifths are there."},
        then={f"/v1{found.room}": {"status": "ruled", "to_freelancer": usd("24.00")}},
        headed=re.compile("^Dispute: "), lands=found.room,
    )  # fmt: skip
