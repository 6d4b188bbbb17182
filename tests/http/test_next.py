"""What happens first in each contract of a list: the first of all its clocks, or nothing said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.http.house import CLOCKED, Housing, accepting, agreed, usd
from tests.http.test_lists import DRIVERS_OWN, counted

from earnest import worker
from earnest.store.reads import soonest

pytestmark = pytest.mark.asyncio

LINE = {"description": "A piece of work", "amount": usd("5.00")}


async def test_it_is_the_first_of_all_the_clocks_of_a_contract(house: Housing) -> None:
    emma, frank, contract, (first, second) = await agreed(house, "80.00", "20.00", terms=CLOCKED)
    path = f"/v1/contracts/{contract['id']}"

    async def told() -> list[object]:
        (listed,) = (await emma.seen("/v1/contracts"))["items"]
        alone = await frank.seen(path)
        fate = (await frank.seen(f"{path}/fate"))["items"]
        one = {"at": fate[0]["at"], "action": fate[0]["action"]} if fate else None
        assert listed["next"] == alone["next"] == one
        return [one["action"] if one else None]

    assert await told() == ["milestone.return_dormant"]
    await frank.done(f"/v1/milestones/{second['id']}/submit")
    assert await told() == ["milestone.auto_release"]
    await emma.done(f"/v1/milestones/{first['id']}/release", {"amount": usd("30.00")})
    assert await told() == ["release.finalize"]
    await worker.advance(house.app, timedelta(days=15))
    assert await told() == ["milestone.return_dormant"]
    await frank.done(f"{path}/say", {"text": "Soon."})  # Now its rows wake before any clock is due.
    assert await told() == ["milestone.return_dormant"]
    await worker.advance(house.app, timedelta(days=400))
    assert await told() == [None]


async def test_an_offer_has_its_own(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    contract = await emma.done("/v1/contracts", offer)
    (listed,) = (await frank.seen("/v1/contracts"))["items"]
    assert listed["next"] == {"at": listed["accept_by"], "action": "contract.lapse"}
    path = f"/v1/contracts/{contract['id']}"
    await frank.done(f"{path}/accept", accepting(await frank.seen(path)))
    assert (await frank.seen(path))["next"] is None


async def test_those_that_wait_only_for_somebody_are_one(house: Housing) -> None:
    emma, frank, contract, made = await agreed(house, *["1.00"] * 40, terms=CLOCKED)
    path = f"/v1/contracts/{contract['id']}"
    await frank.done(f"{path}/say", {"text": "Soon."})
    assert (await emma.seen(path))["next"]["action"] == "milestone.return_dormant"
    await frank.done(f"/v1/milestones/{made[-1]['id']}/submit")
    assert (await emma.seen(path))["next"]["action"] == "milestone.auto_release"


async def test_nothing_is_said_where_what_was_not_read_may_come_first(
    house: Housing, monkeypatch: pytest.MonkeyPatch
) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    path = f"/v1/contracts/{(await emma.done('/v1/contracts', offer))['id']}"
    due = datetime.now(UTC) + timedelta(days=170)
    lines = [{**LINE, "due_at": due.isoformat()}] * 4
    made = (await emma.done(f"{path}/fund", {"milestones": lines}))["items"]
    await frank.done(f"{path}/accept", accepting(await frank.seen(path)))
    await worker.advance(house.app, timedelta(days=100))
    # Each would have woken before it was overdue; now that somebody acts none of them will.
    await frank.done(f"{path}/say", {"text": "Soon."})
    assert (await emma.seen(path))["next"]["action"] == "milestone.return_overdue"
    monkeypatch.setattr(soonest, "EACH", 3)
    assert (await emma.seen(path))["next"] is None
    assert (await emma.seen(f"{path}/fate"))["items"]
    await frank.done(f"/v1/milestones/{made[3]['id']}/submit")
    assert (await emma.seen(path))["next"]["action"] == "milestone.auto_release"


async def test_a_page_of_contracts_costs_as_many_statements_for_many(house: Housing) -> None:
    emma, _, _, _ = await agreed(house, "1.00", terms=CLOCKED)
    costs = []
    for more in (0, 6):
        for _ in range(more):
            gina = await house.person("gina")
            offer = {"freelancer": gina.id, "currency": "USD", "terms": CLOCKED}
            path = f"/v1/contracts/{(await emma.done('/v1/contracts', offer))['id']}"
            await emma.done(f"{path}/fund", {"milestones": [LINE, LINE]})
            await gina.done(f"{path}/accept", accepting(await gina.seen(path)))
        await emma.seen("/v1/contracts")
        async with counted(house) as said:
            items = (await emma.seen("/v1/contracts"))["items"]
            costs.append(len([each for each in said if not DRIVERS_OWN.search(each)]))
        assert len(items) == more + 1
        assert all(each["next"] for each in items)
    assert costs[0] == costs[1], costs
