"""Disputes of a site that listens: opened, answered, and with an arbiter whom the worker named."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from tests.browser.scenes import side
from tests.browser.site import Deal, Site, Somebody
from tests.http.house import ALL, Json, Person, accepting, usd

from earnest.core.people import Party, Role
from earnest.core.references import parsed


@dataclass(slots=True)
class Quarrel:
    """A deal of which a part is disputed."""

    site: Site
    deal: Deal
    opener: Party
    dispute: Json

    @property
    def room(self) -> str:
        """Its page; its address in the API is the same below /v1."""
        return f"/disputes/{self.dispute['id']}"

    async def answered(self, amount: str) -> None:
        """Who did not open it would settle for so much."""
        _, other = side(self.deal, self.opener)
        said = {"to_freelancer": usd(amount), "statement": "It is as we said."}
        await other.done(f"/v1{self.room}/respond", said)

    async def paid(self) -> None:
        """Both put up the fee."""
        for who in (self.deal.employer, self.deal.freelancer):
            if await who.wallet() == "0.00":
                await self.site.rich(who, "10.00")
            await who.done(f"/v1{self.room}/pay-fee")


async def quarrel(
    site: Site, opener: Party, *, deal: Deal | None = None, amount: str = "60.00"
) -> Quarrel:
    """One side disputes a part, and claims all of it for itself."""
    deal = deal or await site.agreed("100.00")
    who, _ = side(deal, opener)
    claim = "0.00" if opener is Party.EMPLOYER else amount
    said = {"amount": usd(amount), "to_freelancer": usd(claim), "statement": "Look at it."}
    await who.done(f"/v1{deal.milestone}/dispute", said)
    milestone = deal.milestone.rpartition("/")[2]
    (dispute,) = (await who.seen("/v1/disputes", milestone=milestone))["items"]
    return Quarrel(site, deal, opener, dispute)


async def arbiter(site: Site) -> Somebody:
    """The one arbiter of this site."""
    sql = "SELECT id FROM users WHERE 'arbiter' = ANY (roles)"
    if await site.house.value(sql) is None:
        return await site.person("Ada", Role.ARBITER)
    number = await site.house.value(sql)
    name = await site.house.value("SELECT name FROM users WHERE id = $1", number)
    email = await site.house.value("SELECT email FROM users WHERE id = $1", number)
    person = await site.house.again(Person(site.house, number, ""), ALL)
    return Somebody(person, name, email)


async def shown(found: Quarrel) -> None:
    """The employer shows something."""
    said = {"text": "Three drafts were agreed, and one is there."}
    await found.deal.employer.done(f"/v1{found.room}/exhibit", said)


async def nothing_shown(_: Quarrel) -> None:
    """Neither shows anything."""


Before = Callable[[Quarrel], Awaitable[None]]


async def arbitrated(
    site: Site, before: Before = nothing_shown, *, found: Quarrel | None = None
) -> tuple[Quarrel, Somebody]:
    """Both have put up the fee, and the worker has named the arbiter."""
    ada = await arbiter(site)
    if found is None:
        found = await quarrel(site, Party.EMPLOYER)
        await found.answered("60.00")
    await before(found)
    await found.paid()
    sql = "SELECT arbiter_id FROM disputes WHERE id = $1"
    for _ in range(100):
        if await site.house.value(sql, parsed(found.dispute["id"], "dsp")) is not None:
            break
        await asyncio.sleep(0.1)
    return found, ada


async def taken(
    site: Site, before: Before = nothing_shown, *, found: Quarrel | None = None
) -> tuple[Quarrel, Somebody]:
    """The same, and the arbiter has taken it on."""
    found, ada = await arbitrated(site, before, found=found)
    await ada.done(f"/v1{found.room}/take")
    return found, ada


#: What is disputed in each of the disputes that there are pictures of.
WORK: Final = {
    "response": "A map of all stations",
    "negotiation": "An audio guide in two languages",
    "final_offers": "Signs for the platforms",
    "named": "A timetable that can be folded",
    "taken": "A film of thirty seconds for the opening",
    "opened": "A poster for the summer",
    "ruled": "Uniforms: drawings of front and back",
    "staff": "A song",
}


async def quarrels_of(site: Site, emma: Somebody, ana: Somebody) -> dict[str, Quarrel]:
    """One of each stage between the two: what looks different has a picture of its own."""
    offer = {"freelancer": ana.id, "currency": "USD", "terms": "classic"}
    contract = await emma.done("/v1/contracts", offer)
    path = f"/v1/contracts/{contract['id']}"
    await ana.done(f"{path}/accept", accepting(await ana.seen(path)))
    lines = [{"description": each, "amount": usd("100.00")} for each in WORK.values()]
    made = (await emma.done(f"{path}/fund", {"milestones": lines}))["items"]
    found = {}
    for stage, milestone in zip(WORK, made, strict=True):
        deal = Deal(emma, ana, contract, [milestone])
        if stage == "staff":
            await _returned(site, deal)
            found[stage] = Quarrel(site, deal, Party.EMPLOYER, {"id": ""})
        else:
            found[stage] = await _at(site, stage, await quarrel(site, Party.EMPLOYER, deal=deal))
    return found


async def _at(site: Site, stage: str, found: Quarrel) -> Quarrel:
    """From the beginning on to this stage."""
    deal = found.deal
    if stage == "response":
        return found
    await found.answered("60.00")
    await _talked(found)
    if stage == "negotiation":
        return found
    if stage == "final_offers":
        await deal.employer.done(f"/v1{found.room}/pay-fee")
        return found
    if stage == "named":
        await arbitrated(site, found=found)
        return found
    _, ada = await taken(site, found=found)
    await ada.done(f"/v1{found.room}/open-exhibit", {"exhibit": 1})
    for number in (2, 3) if stage != "taken" else ():
        await ada.done(f"/v1{found.room}/open-exhibit", {"exhibit": number})
    if stage == "ruled":
        await ada.done(f"/v1{found.room}/rule", RULING)
    return found


RULING: Final = {
    "to_freelancer": usd("24.00"),
    "reasons": "By the list that both agreed to, two of five points are done.\n"
    "The other three were not asked for before the last message.",
    "exhibits": [1, 3],
}


async def _talked(found: Quarrel) -> None:
    """Open offers, a sealed one, and an exhibit of each kind."""
    emma, ana = found.deal.employer, found.deal.freelancer
    await emma.done(f"/v1{found.room}/offer", {"to_freelancer": usd("12.50")})
    await ana.done(f"/v1{found.room}/sealed-offer", {"to_freelancer": usd("33.00")})
    await ana.done(f"/v1{found.room}/offer", {"to_freelancer": usd("48.00")})
    drawing = await ana.person.file("The list that we agreed on, with what is done ticked.txt")
    await ana.done(f"/v1{found.room}/exhibit", {"file": drawing["id"]})
    await emma.done(f"/v1{found.room}/exhibit", {"link": "https://example.org/what/is/there"})
    said = {"text": "Three of five points are missing:\nthe third, the fourth, and the last."}
    await emma.done(f"/v1{found.room}/exhibit", said)


async def _returned(site: Site, deal: Deal) -> None:
    """Two operators would have it returned."""
    for verb, body in (("staff-cancel", {"reason": "Ana was not found."}), ("staff-confirm", None)):
        operator = await site.person("Otto", Role.OPERATOR)
        await operator.done(f"/v1{deal.milestone}/{verb}", body)
