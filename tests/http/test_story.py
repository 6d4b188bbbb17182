"""The story of the main job over REST: set aside, released in part, given back."""

from __future__ import annotations

import pytest
from tests.http.house import Housing, Json, Person, accepting, code_of, usd

pytestmark = pytest.mark.asyncio


async def funded(house: Housing, emma: Person, frank: Person) -> Json:
    """100.00 come in and are set aside for one milestone of an active contract."""
    deposit = await house.rich(emma, "100.00")
    assert deposit["status"] == "pending"
    assert (await emma.seen(f"/v1/deposits/{deposit['id']}"))["status"] == "settled"

    offer = {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    contract = await emma.done("/v1/contracts", offer)
    path = f"/v1/contracts/{contract['id']}"
    line = {"description": "A site", "amount": usd("100"), "due_at": "2999-01-01T00:00:00Z"}
    made = await emma.post("/v1/milestones", {"contract_id": contract["id"], **line})
    assert made.status_code == 201
    milestone: Json = made.json()
    assert made.headers["location"] == f"/v1/milestones/{milestone['id']}"
    assert milestone["held"] == usd("100.00")
    await frank.done(f"{path}/accept", accepting(await frank.seen(path)))
    return milestone


async def test_the_main_job(house: Housing) -> None:
    emma, frank, xavier = [await house.person(name) for name in ("emma", "frank", "xavier")]
    milestone = await funded(house, emma, frank)
    at = f"/v1/milestones/{milestone['id']}"
    first = await emma.post(f"{at}/release", {"amount": usd("40.00")}, key="k1")
    assert first.json()["held"] == usd("60.00")
    again = await emma.post(f"{at}/release", {"amount": usd("40")}, key="k1")
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    other = await emma.post(f"{at}/release", {"amount": usd("41.00")}, key="k1")
    assert (other.status_code, code_of(other)) == (422, "key_reused")

    assert await emma.code(f"{at}/cancel") == "not_your_part"
    assert await xavier.code(f"{at}/cancel") == "not_found"
    refused = await emma.post(f"{at}/release", {"amount": usd("60.01")}, key="k2")
    assert (refused.status_code, code_of(refused)) == (422, "more_than_held")
    kept = await emma.post(f"{at}/release", {"amount": usd("60.01")}, key="k2")
    assert kept.content == refused.content
    assert kept.headers["idempotency-replayed"] == "true"

    ended = await frank.done(f"{at}/cancel")
    assert (ended["status"], ended["released"], ended["returned"]) == (
        "released",
        usd("40.00"),
        usd("60.00"),
    )
    for who, amount in ((emma, "60.00"), (frank, "40.00")):
        (balance,) = (await who.seen("/v1/balances"))["items"]
        assert balance.pop("currency") == "USD"
        assert balance.pop("wallet") == usd(amount)
        assert set(map(str, balance.values())) == {str(usd("0.00"))}
