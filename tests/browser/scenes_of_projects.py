"""The scenes of projects and bids, as `scenes.py` has those of everything else."""

from __future__ import annotations

from tests.browser.scenes import Scene, scene
from tests.browser.site import Site, Somebody
from tests.http.house import Json, usd

from earnest.core.people import Party


async def posted(site: Site, reserved: str = "") -> tuple[Somebody, Json]:
    """An employer with a project."""
    emma = await site.person("Emma")
    await site.rich(emma, "100.00")
    project = await site.posted(emma)
    if reserved:
        await emma.done(f"/v1{page_of(project)}/reserve", {"amount": usd(reserved)})
    return emma, project


async def bidding(site: Site, *amounts: str) -> tuple[Somebody, Somebody, Json]:
    """An employer, who bids for their project, and the bid."""
    emma, project = await posted(site)
    frank = await site.person("Frank")
    return emma, frank, await site.bid(frank, project, *amounts)


def page_of(row: Json) -> str:
    return f"/{'projects' if row['id'].startswith('prj') else 'bids'}/{row['id']}"


@scene("project.post")
async def posting(site: Site, _: Party) -> Scene:
    emma = await site.person("Emma")
    return Scene(
        emma, "/projects", "Post the project",
        typed={
            "Title": "A website", "What is to be done": "Five pages.", "Currency": "EUR",
            "Budget, from": "100", "Budget, up to": "200.00",
        },
        listed={"/v1/projects?direction=outgoing": 1},
    )  # fmt: skip


@scene("project.edit")
async def editing(site: Site, _: Party) -> Scene:
    emma, project = await posted(site)
    return Scene(
        emma, page_of(project), "Save the project",
        typed={"Title": "A larger website"},
        then={f"/v1{page_of(project)}": {"title": "A larger website", "skills": []}},
    )  # fmt: skip


@scene("project.reserve")
async def reserving(site: Site, _: Party) -> Scene:
    emma, project = await posted(site)
    return Scene(
        emma, page_of(project), "Reserve USD 30.00",
        typed={"Amount": "30"},
        then={f"/v1{page_of(project)}": {"reserved": usd("30.00")}},
        wallets=[(emma, "70.00")],
    )  # fmt: skip


@scene("project.take_back")
async def taking_back(site: Site, _: Party) -> Scene:
    emma, project = await posted(site, "30.00")
    return Scene(
        emma, page_of(project), "Take USD 30.00 back",
        then={f"/v1{page_of(project)}": {"reserved": usd("0.00")}},
        wallets=[(emma, "100.00")],
    )  # fmt: skip


@scene("project.close")
async def closing(site: Site, _: Party) -> Scene:
    emma, project = await posted(site, "30.00")
    return Scene(
        emma, page_of(project), "Close the project",
        then={f"/v1{page_of(project)}": {"status": "closed"}},
        wallets=[(emma, "100.00")],
    )  # fmt: skip


@scene("project.ask")
async def asking(site: Site, _: Party) -> Scene:
    emma, project = await posted(site)
    return Scene(
        await site.person("Frank"), page_of(project), "Ask",
        typed={f"Your question to {emma.name}": "Is there a design?"}, on_page=True,
        listed={f"/v1/messages?project={project['id']}": 1},
    )  # fmt: skip


@scene("project.answer")
async def answering(site: Site, _: Party) -> Scene:
    emma, project = await posted(site)
    frank = await site.person("Frank")
    asked = await frank.done(f"/v1{page_of(project)}/ask", {"text": "Is there a design?"})
    return Scene(
        emma, f"{page_of(project)}/answer?question={asked['id']}", "Answer",
        typed={"Message": "There is."}, on_page=True,
        listed={f"/v1/messages?project={project['id']}": 2},
    )  # fmt: skip


@scene("bid.place")
async def placing(site: Site, _: Party) -> Scene:
    _emma, project = await posted(site)
    return Scene(
        await site.person("Frank"), page_of(project), "Place the bid",
        typed={
            "Amount": "30", "Days in all": "14", "Your proposal": "Like this.",
            "What is to be done": "All of it", "Its amount": "30.00", "Days from the start": "14",
        },
        listed={"/v1/bids": 1},
    )  # fmt: skip


@scene("bid.edit")
async def changing(site: Site, _: Party) -> Scene:
    _emma, frank, bid = await bidding(site, "30.00")
    return Scene(
        frank, page_of(bid), "Save the bid",
        typed={"Amount": "25", "Its amount": "25"},
        then={f"/v1{page_of(bid)}": {"amount": usd("25.00"), "period_days": 21}},
    )  # fmt: skip


@scene("bid.retract")
async def retracting(site: Site, _: Party) -> Scene:
    _emma, frank, bid = await bidding(site, "30.00")
    return Scene(
        frank, page_of(bid), "Take the bid of USD 30.00 back",
        then={f"/v1{page_of(bid)}": {"status": "retracted"}},
    )  # fmt: skip


@scene("bid.shortlist")
async def shortlisting(site: Site, _: Party) -> Scene:
    emma, frank, bid = await bidding(site, "30.00")
    return Scene(
        emma, page_of(bid), f"Put {frank.name} on your shortlist",
        then={f"/v1{page_of(bid)}": {"shortlisted": True}},
    )  # fmt: skip


@scene("bid.unshortlist")
async def taking_off(site: Site, _: Party) -> Scene:
    emma, frank, bid = await bidding(site, "30.00")
    await emma.done(f"/v1{page_of(bid)}/shortlist")
    return Scene(
        emma, page_of(bid), f"Take {frank.name} off your shortlist",
        then={f"/v1{page_of(bid)}": {"shortlisted": False}},
    )  # fmt: skip


@scene("bid.decline")
async def saying_no(site: Site, _: Party) -> Scene:
    emma, frank, bid = await bidding(site, "30.00")
    return Scene(
        emma, page_of(bid), f"Decline the bid of {frank.name}",
        then={f"/v1{page_of(bid)}": {"status": "declined"}},
    )  # fmt: skip


@scene("bid.award")
async def awarding(site: Site, _: Party) -> Scene:
    emma, frank, bid = await bidding(site, "30.00", "20.00")
    return Scene(
        emma, page_of(bid), f"Award USD 50.00 to {frank.name}",
        typed={"Classic": ""},
        then={f"/v1{page_of(bid)}": {"status": "awarded"}},
        listed={"/v1/contracts?status=offered": 1},
    )  # fmt: skip
