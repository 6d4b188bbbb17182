"""A site on which much has happened, for looking at its pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from tests.browser.quarrels import Quarrel, arbiter, quarrels_of
from tests.browser.scenes_of_plans import Plans, plans_of
from tests.browser.site import Deal, Site, Somebody
from tests.http.house import CLOCKED, Json, accepting, usd

from earnest import notifying
from earnest.core.people import Role
from earnest.core.rows import wire_time
from earnest.store import summing
from earnest.store.verify import verify


@dataclass(slots=True)
class World:
    """Who is there, and what they have with each other."""

    site: Site
    emma: Somebody
    ana: Somebody
    olga: Somebody
    #: Who has nothing yet.
    frank: Somebody
    #: An active contract of many milestones, of which the first is waiting to be released.
    deal: Deal
    deposit: Json
    withdrawal: Json
    #: The event of a release.
    released: str
    #: Ana and Olga bid for Emma's project, for which something is reserved; Olga was awarded
    #: another, and nothing of what she proposed is created yet.
    project: Json
    bids: tuple[Json, Json]
    awarded: Json
    #: Contracts of Emma and Ana that have ended: one that both reviewed, and one that nobody has.
    reviewed: Json
    ended: Json
    #: A release of Emma's that is on its way to Ana.
    releasing: str
    #: Disputes of Emma and Ana by how they stand, and who rules on them.
    quarrels: dict[str, Quarrel]
    ada: Somebody
    #: Milestones of Emma and Ana that are paid in tranches.
    plans: Plans
    #: Of others, so that what is done in it changes no page of theirs.
    spare: Deal

    @property
    def hurried(self) -> Somebody:
        """Who does something while their page is looked at."""
        return self.spare.employer

    async def all_told(self) -> None:
        """Nothing that has happened is still to be told."""
        await notifying.drain(self.emma.person.house.app)

    @property
    def proposed(self) -> str:
        """The page of a milestone of which Ana would like more."""
        return f"/milestones/{self.deal.milestones[4]['id']}"

    @property
    def side_by_side(self) -> str:
        """The project with both bids next to each other."""
        ana, olga = self.bids
        return f"/projects/{self.project['id']}?compare.{ana['id']}=1&compare.{olga['id']}=1"


#: So long a release can be recalled, that nobody sees it become final here.
ONE_DAY = {**CLOCKED, "undo_seconds": 86_400}
WORK = (
    ("Logo, in three drafts", "450.00"),
    ("Letterhead and business cards", "180.00"),
    ("Illustrations for the annual report: twelve pages, two of them double", "2400.00"),
    ("Website, the first five pages", "1200.00"),
    ("Icons", "90.00"),
)


async def filled(site: Site) -> World:
    """Months of work between people, told in a few lines."""
    emma, ana = await site.person("Emma"), await site.person("Ana")
    olga = await site.person("Olga", Role.OPERATOR)
    await site.rich(emma, "10000.00")
    await site.rich(emma, "50000", "JPY")
    deal = await _worked(site, emma, ana)
    await _contract(ana, emma)
    project, bids = await _project(site, emma, ana, olga)
    made = World(
        site, emma, ana, olga, await site.person("Frank"), deal,
        deposit=await site.pending_deposit(emma, "250.00"),
        withdrawal=await _withdrawal(emma),
        project=project,
        bids=bids,
        reviewed=await _reviewed(emma, ana),
        ended=await _ended(emma, ana),
        releasing=await _releasing(emma, ana),
        quarrels=await quarrels_of(site, emma, ana),
        ada=await arbiter(site),
        plans=await plans_of(site, emma, ana),
        awarded=await _awarded(site, emma, olga),
        released=await _receipt(deal),
        spare=await site.submitted("80.00"),
    )  # fmt: skip
    await made.all_told()
    await _told_of_money(site)
    return made


async def _worked(site: Site, emma: Somebody, ana: Somebody) -> Deal:
    """Their contract: of five milestones each stands elsewhere, and one more is asked for."""
    deal = Deal(emma, ana, await _contract(emma, ana), [])
    path = f"/v1{deal.page}"
    soon = wire_time(await site.house.app.database.now() + timedelta(days=30))
    lines = [{"description": d, "amount": usd(a), "due_at": soon} for d, a in WORK]
    deal.milestones = (await emma.done(f"{path}/fund", {"milestones": lines}))["items"]
    await ana.done(f"{path}/accept", accepting(await ana.seen(path)))
    await ana.done(f"{path}/say", {"text": "Nearly done.\nOne question: which green?"})
    await _sketched(emma, path)
    first, second, third, *_ = (f"/v1/milestones/{each['id']}" for each in deal.milestones)
    work = {"note": "All of it, with the sources.", "links": ["https://example.org/drafts"]}
    await ana.done(f"{first}/submit", work)
    await ana.done(f"{second}/submit", work)
    await emma.done(f"{second}/release", {"amount": usd("100.00")})
    await emma.done(f"{third}/ask-cancel", {"reason": "The report is put off until next year."})
    more = {"contract_id": deal.contract["id"], "description": "Posters", "amount": usd("75.00")}
    await ana.done("/v1/milestones", more)
    await _proposed(deal)
    return deal


async def _told_of_money(site: Site) -> None:
    """All that moved is added up and verified: pages draw it, and say that the books balance."""
    await summing.catch_up(site.house.app.database, settled_ms=0)
    await verify(site.house.app.database, lambda _: None)


async def _awarded(site: Site, emma: Somebody, olga: Somebody) -> Json:
    """A bid with many milestones, and a reserve that is too small for them."""
    project = await site.posted(emma, title="Business cards")
    bid = await site.bid(olga, project, *["40.00"] * 9)
    await emma.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd("25.00")})
    return await emma.done(f"/v1/bids/{bid['id']}/award", {"bid_hash": bid["bid_hash"]})


async def _receipt(deal: Deal) -> str:
    """The event of its release."""
    events = (await deal.employer.seen("/v1/events", contract=deal.contract["id"]))["items"]
    return next(str(each["id"]) for each in events if each["name"] == "milestone.released")


async def _sketched(emma: Somebody, path: str) -> None:
    """A message with a file."""
    name = "The green that we mean, the darker one of the two.pdf"
    sketch = await emma.person.file(name, b"%PDF-1.7")
    said = {"text": "The darker one of your last sketch.", "files": [sketch["id"]]}
    await emma.done(f"{path}/say", said)


async def _project(
    site: Site, emma: Somebody, ana: Somebody, olga: Somebody
) -> tuple[Json, tuple[Json, Json]]:
    """A project with everything that its page can show."""
    brief = await emma.person.file("A_brief_" + "without_a_single_blank_" * 4 + ".md")
    project = await site.posted(
        emma, title="A shop for hand-made bicycles", skills=["python", "web_design", "seo"],
        files=[brief["id"], (await emma.person.file("prices.csv"))["id"]],
    )  # fmt: skip
    path = f"/v1/projects/{project['id']}"
    await emma.done(f"{path}/reserve", {"amount": usd("300.00")})
    asked = await ana.done(f"{path}/ask", {"text": "Is there a design already?"})
    await emma.done(f"{path}/answer", {"question": asked["id"], "text": "Only a logo."})
    bids = (
        await site.bid(ana, project, "150.00", "200.00", "100.00"),
        await site.bid(olga, project, *["50.00"] * 10),
    )
    await emma.done(f"/v1/bids/{bids[0]['id']}/shortlist")
    return project, bids


async def _contract(employer: Somebody, freelancer: Somebody, terms: object = "classic") -> Json:
    offer: dict[str, Any] = {"freelancer": freelancer.id, "currency": "USD", "terms": terms}
    return await employer.done("/v1/contracts", offer)


async def _proposed(deal: Deal) -> None:
    """The freelancer would like more for the fifth milestone."""
    changed = {"amount": usd("140.00"), "description": "Icons, in two sizes and for both themes"}
    fifth = deal.milestones[4]["id"]
    await deal.freelancer.done(f"/v1/milestones/{fifth}/propose-edit", changed)


async def _ended(employer: Somebody, freelancer: Somebody) -> Json:
    """A contract that paid, and is over."""
    at = f"/v1/contracts/{(await _contract(employer, freelancer))['id']}"
    line = {"description": "A poster", "amount": usd("60.00")}
    (made,) = (await employer.done(f"{at}/fund", {"milestones": [line]}))["items"]
    await freelancer.done(f"{at}/accept", accepting(await freelancer.seen(at)))
    await employer.done(f"/v1/milestones/{made['id']}/release")
    return await freelancer.done(f"{at}/end")


async def _releasing(employer: Somebody, freelancer: Somebody) -> str:
    """A release that can still be recalled."""
    at = f"/v1/contracts/{(await _contract(employer, freelancer, ONE_DAY))['id']}"
    line = {"description": "A banner", "amount": usd("90.00")}
    (made,) = (await employer.done(f"{at}/fund", {"milestones": [line]}))["items"]
    await freelancer.done(f"{at}/accept", accepting(await freelancer.seen(at)))
    await employer.done(f"/v1/milestones/{made['id']}/release", {"amount": usd("60.00")})
    (release,) = (await employer.seen("/v1/releases", status="releasing"))["items"]
    number: str = release["id"]
    return number


async def _reviewed(employer: Somebody, freelancer: Somebody) -> Json:
    """The same, and each has said how the other was."""
    contract = await _ended(employer, freelancer)
    points = {"quality": 5, "communication": 4, "fairness": 5, "punctuality": 3, "again": 5}
    for who, text in ((employer, "On time, and lovely to look at."), (freelancer, "")):
        said = {"contract_id": contract["id"], "ratings": points, "text": text}
        await who.done("/v1/reviews", said)
    return contract


async def _withdrawal(who: Somebody) -> Json:
    """One that waits for an operator."""
    to = {"type": "sandbox", "account": "settle", "name": who.name}
    asked = {"gateway": "sandbox", "amount": usd("1200.00"), "destination": to}
    return await who.done("/v1/withdrawals", asked)
