"""The scenes of changes and reviews, as `scenes.py` has those of everything else."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.browser.scenes import Scene, scene, side
from tests.browser.site import Deal, Site
from tests.browser.walking import TICKED
from tests.http.house import usd

from earnest.core.people import Party
from earnest.core.terms import CLASSIC, DAY, as_json, terms_hash

SHORTER: Final = replace(CLASSIC, accept_seconds=DAY)
#: What somebody gives on each of the five criteria, by what a page calls it.
POINTS: Final = {
    "Quality": "5",
    "Communication": "4",
    "Fairness": "5",
    "Punctuality": "3",
    "Would work together again": "5",
}


@scene("contract.propose_terms")
async def proposing_terms(site: Site, party: Party) -> Scene:
    deal = await site.agreed("30.00")
    who, other = side(deal, party)
    return Scene(
        who, deal.page, f"Propose these terms to {other.name}",
        typed={"Own numbers": TICKED, "Answered within, in hours": "24"},
        then={f"/v1{deal.page}": {"terms_hash": terms_hash(CLASSIC)}},
    )  # fmt: skip


@scene("contract.agree_terms")
async def agreeing_to_terms(site: Site, party: Party) -> Scene:
    deal = await site.agreed("30.00")
    who, other = side(deal, party)
    await other.done(f"/v1{deal.page}/propose-terms", {"terms": as_json(SHORTER)})
    return Scene(
        who, deal.page, "Agree to these terms",
        typed={"I have read what changes": TICKED},
        then={f"/v1{deal.page}": {"terms_hash": terms_hash(SHORTER), "proposed_terms": None}},
    )  # fmt: skip


@scene("milestone.propose_edit")
async def proposing(site: Site, party: Party) -> Scene:
    deal = await site.agreed("30.00")
    who, other = side(deal, party)
    return Scene(
        who, deal.milestone, f"Propose USD 45.00 to {other.name}",
        typed={"Amount": "45", "What is to be done": "With a second draft"},
        then={f"/v1{deal.milestone}": {"amount": usd("30.00")}},
        wallets=[(deal.employer, "70.00")],
    )  # fmt: skip


@scene("milestone.agree_edit")
async def agreeing(site: Site, party: Party) -> Scene:
    deal = await site.agreed("30.00")
    who, other = side(deal, party)
    await other.done(f"/v1{deal.milestone}/propose-edit", {"amount": usd("45.00")})
    return Scene(
        who, f"{deal.milestone}/agree-edit", f"Agree with {other.name} to USD 45.00",
        then={f"/v1{deal.milestone}": {"amount": usd("45.00"), "edit": None}},
        wallets=[(deal.employer, "55.00")],
        on_page=True,
    )  # fmt: skip


@scene("milestone.agree")
async def agreeing_to_a_date(site: Site, _: Party) -> Scene:
    deal = await site.agreed()
    line = {"description": "By then", "amount": usd("5.00"), "due_at": "2199-12-31T12:00:00Z"}
    path = f"/v1/contracts/{deal.contract['id']}/fund"
    (made,) = (await deal.employer.done(path, {"milestones": [line]}))["items"]
    return Scene(deal.freelancer, f"/milestones/{made['id']}", "Agree to the dates")


@scene("review.give")
async def reviewing(site: Site, party: Party) -> Scene:
    deal = await ended(site)
    who, other = side(deal, party)
    return Scene(
        who, deal.page, f"Give the review of {other.name}",
        points=POINTS,
        typed={"In your own words": "Clear, on time."},
        listed={f"/v1/reviews?contract={deal.contract['id']}": 1},
    )  # fmt: skip


async def ended(site: Site) -> Deal:
    """A contract that paid and has ended."""
    deal = await site.agreed("30.00")
    await deal.employer.done(f"/v1{deal.milestone}/release")
    await deal.freelancer.done(f"/v1{deal.page}/end")
    return deal
