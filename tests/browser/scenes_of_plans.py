"""The scenes of plans, as `scenes.py` has those of everything else; and plans to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tests.browser.scenes import Scene, scene
from tests.browser.site import Deal, Site, Somebody
from tests.http.house import Json, accepting, usd

from earnest.core.people import Party
from earnest.core.rows import wire_time

#: 40.00 of 100.00 after ten days, 30.00 after twenty, and 30.00 kept back until the thirtieth.
PLAN: Final = [
    {"after_days": 10, "percent": "40"},
    {"after_days": 20, "percent": "30"},
    {"after_days": 30, "percent": "30", "retention": True},
]


async def planned(site: Site) -> tuple[Deal, Json]:
    """A milestone that both agreed to be paid by a plan."""
    deal = await site.agreed(purse="200.00")
    return deal, await bound(deal.employer, deal.freelancer, deal.contract)


async def bound(employer: Somebody, freelancer: Somebody, contract: Json) -> Json:
    """A milestone of 100.00 with a plan that binds both."""
    made = await funded(employer, contract, "100.00", PLAN)
    await agreed_to(freelancer, made)
    return made


async def funded(who: Somebody, contract: Json, amount: str, plan: object) -> Json:
    """A milestone with a plan that nobody has agreed to yet."""
    line = {"description": "Paid in tranches", "amount": usd(amount), "plan": plan}
    path = f"/v1/contracts/{contract['id']}/fund"
    (made,) = (await who.done(path, {"milestones": [line]}))["items"]
    found: Json = made
    return found


async def agreed_to(who: Somebody, made: Json) -> None:
    await who.done(f"/v1/milestones/{made['id']}/agree", {"hash": made["agreement_hash"]})


async def long_planned(site: Site, emma: Somebody, ana: Somebody, contract: Json) -> Json:
    """Eight tranches: one is paid in a moment, one is objected to, the last is kept back."""
    now = await site.house.app.database.now()
    dates = [
        now + timedelta(seconds=3),
        *(now + timedelta(days=20 * month) for month in range(1, 8)),
    ]
    amounts = ["150.00", "80.00", "80.00", "100.00", "40.00", "40.00", "60.00", "50.00"]
    plan = [
        {"at": wire_time(at), "amount": usd(amount), "retention": at == dates[-1]}
        for at, amount in zip(dates, amounts, strict=True)
    ]
    made = await funded(emma, contract, "600.00", plan)
    await agreed_to(ana, made)
    second = made["plan"][1]["tranche_id"]
    asked = {"amount": usd("30.00"), "reason": "The second floor is not even begun."}
    await emma.done(f"/v1/tranches/{second}/object", asked)
    return made


@dataclass(frozen=True, slots=True)
class Plans:
    """Pages of milestones with plans."""

    #: One of eight tranches that both agreed to, and one that waits for that.
    long: str
    offered: str
    #: A tranche that can be objected to.
    tranche: str
    #: A contract that waits for its answer, and the room of an objection.
    accept: str
    room: str


async def plans_of(site: Site, emma: Somebody, ana: Somebody) -> Plans:
    """One contract of them, with a plan of each kind."""
    offer = {"freelancer": ana.id, "currency": "USD"}
    contract = await emma.done("/v1/contracts", offer)
    path = f"/v1/contracts/{contract['id']}"
    await ana.done(f"{path}/accept", accepting(await ana.seen(path)))
    long = await long_planned(site, emma, ana, contract)
    short = await funded(emma, contract, "300.00", PLAN)
    both = await bound(emma, ana, contract)
    waiting = await emma.done("/v1/contracts", offer)
    await funded(emma, waiting, "150.00", PLAN)
    (dispute,) = (await emma.seen("/v1/disputes", contract=contract["id"]))["items"]
    return Plans(
        f"/milestones/{long['id']}",
        f"/milestones/{short['id']}",
        f"/tranches/{both['plan'][0]['tranche_id']}",
        f"/contracts/{waiting['id']}/accept",
        f"/disputes/{dispute['id']}",
    )


@scene("tranche.object")
async def objecting(site: Site, _: Party) -> Scene:
    deal, made = await planned(site)
    at = f"/milestones/{made['id']}"
    return Scene(
        deal.employer, at, f"Freeze USD 15.00 of what {deal.freelancer.name} would be paid",
        link="Object to tranche 1",
        typed={"How much of it you object to": "15", "Why you object": "A third is missing."},
        then={
            f"/v1{at}": {"frozen": usd("15.00"), "held": usd("85.00")},
            f"/v1/tranches/{made['plan'][0]['tranche_id']}": {"objected": usd("15.00")},
        },
        listed={"/v1/disputes?status=response": 1},
    )  # fmt: skip
