"""The road from a posted project to a contract, walked over the API so that pages can be seen."""

from __future__ import annotations

from decimal import Decimal

from tests.http.house import Housing, Json, Person, usd

#: One proposed milestone: how many days it takes.
DAYS = 10


async def posted(emma: Person, **more: object) -> Json:
    """A project of somebody."""
    asked = {"title": "A website", "description": "Five pages.", "currency": "USD",
             "budget_min": usd("100.00"), "budget_max": usd("900.00")}  # fmt: skip
    return await emma.done("/v1/projects", {**asked, **more})


async def bid(frank: Person, project: Json, *amounts: str, **more: object) -> Json:
    """A bid that proposes a milestone of each amount."""
    total = sum((Decimal(each) for each in amounts), Decimal())
    lines = [
        {"description": f"Step {place}", "amount": usd(each), "days": DAYS * place}
        for place, each in enumerate(amounts, 1)
    ]
    asked = {"project_id": project["id"], "amount": usd(str(total)), "period_days": 30,
             "proposal": "Like this.", "milestones": lines}  # fmt: skip
    return await frank.done("/v1/bids", {**asked, **more})


async def awarded(
    house: Housing, *amounts: str, purse: str = "500.00", reserved: str = "300.00"
) -> tuple[Person, Person, Json, Json]:
    """Emma has chosen Frank, who has not answered: her, him, the project and the contract."""
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, purse)
    project = await posted(emma)
    await emma.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd(reserved)})
    placed = await bid(frank, project, *amounts)
    award = {"bid_hash": placed["bid_hash"]}
    return emma, frank, project, await emma.done(f"/v1/bids/{placed['id']}/award", award)
