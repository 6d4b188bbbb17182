"""Reviews over REST: nobody but who gave one knows of it before both are in, or for a while."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from tests.http.house import Housing, Json, Person, agreed, code_of

from earnest import worker
from earnest.core.actions import Scope

pytestmark = pytest.mark.asyncio

RATINGS = {"quality": 5, "communication": 4, "fairness": 5, "punctuality": 3, "again": 5}


async def ended(house: Housing) -> tuple[Person, Person, Json]:
    """A contract that paid and has ended."""
    emma, frank, contract, (milestone,) = await agreed(house, "10.00")
    await emma.done(f"/v1/milestones/{milestone['id']}/release")
    await frank.done(f"/v1/contracts/{contract['id']}/end")
    return emma, frank, contract


def review_of(contract: Json, **changed: object) -> Json:
    return {"contract_id": contract["id"], "ratings": RATINGS, "text": "On time.", **changed}


async def test_a_review_is_hidden_until_both_are_in(house: Housing) -> None:
    emma, frank, contract = await ended(house)
    xavier = await house.person("xavier")
    given = await emma.done("/v1/reviews", review_of(contract))
    assert (given["ratings"], given["text"]) == (RATINGS, "On time.")
    assert (given["reviewer"]["id"], given["reviewed"]["id"]) == (emma.id, frank.id)
    path = f"/v1/reviews/{given['id']}"
    assert await emma.ids("/v1/reviews") == [given["id"]]
    for who in (frank, xavier):
        assert code_of(await who.get(path)) == "not_found"
        assert await who.ids("/v1/reviews", user=frank.id) == []
        assert await who.ids("/v1/reviews", contract=contract["id"]) == []
    other = await frank.done("/v1/reviews", review_of(contract, text="Clear."))
    for who in (emma, frank, xavier):
        assert await who.seen(path) == given
        assert await who.ids("/v1/reviews", user=frank.id) == [given["id"]]
        assert await who.ids("/v1/reviews", user=emma.id) == [other["id"]]
        both = await who.ids("/v1/reviews", contract=contract["id"])
        assert both == [other["id"], given["id"]]
    assert await xavier.ids("/v1/reviews") == []
    assert await emma.ids("/v1/reviews") == [other["id"], given["id"]]


async def test_one_review_alone_is_hidden_for_fourteen_days(house: Housing) -> None:
    emma, frank, contract = await ended(house)
    given = await emma.done("/v1/reviews", review_of(contract))
    await worker.advance(house.app, timedelta(days=14, seconds=-30))
    assert code_of(await frank.get(f"/v1/reviews/{given['id']}")) == "not_found"
    await worker.advance(house.app, timedelta(seconds=30))
    assert await frank.seen(f"/v1/reviews/{given['id']}") == given


async def test_nothing_that_the_other_side_reads_tells_of_a_hidden_review(house: Housing) -> None:
    emma, frank, contract = await ended(house)
    at = f"/v1/contracts/{contract['id']}"
    before = await frank.seen(at)
    heard = [await frank.seen(path) for path in ("/v1/events", f"{at}/events")]
    assert "review.give" in before["actions"]
    await emma.done("/v1/reviews", review_of(contract))
    assert await frank.seen(at) == before
    assert [await frank.seen(path) for path in ("/v1/events", f"{at}/events")] == heard
    (told, *_) = (await emma.seen("/v1/events"))["items"]
    assert (told["name"], told["contract_id"], told["seq"]) == ("review.given", None, None)
    assert code_of(await emma.get(f"/v1/events/{told['id']}")) == "ok"
    assert code_of(await frank.get(f"/v1/events/{told['id']}")) == "not_found"
    assert "review.give" not in (await emma.seen(at))["actions"]


async def test_what_is_wrong_with_a_review_is_named(house: Housing) -> None:
    emma, _, contract = await ended(house)
    for ratings, path in (
        ({**RATINGS, "quality": 6}, "/ratings/quality"),
        ({**RATINGS, "again": 0}, "/ratings/again"),
        ({**RATINGS, "fairness": "5"}, "/ratings/fairness"),
        ({"quality": 5}, "/ratings/communication"),
        ({**RATINGS, "looks": 5}, "/ratings/looks"),
    ):
        refused = await emma.post("/v1/reviews", review_of(contract, ratings=ratings))
        assert code_of(refused) == "invalid"
        assert path in [each["path"] for each in refused.json()["errors"]]
    assert await house.value("SELECT count(*) FROM reviews") == 0


async def test_two_tabs_that_review_at_once_give_one(house: Housing) -> None:
    emma, frank, contract = await ended(house)
    asked = [who.post("/v1/reviews", review_of(contract)) for who in (emma, frank) * 10]
    codes = [code_of(answer) for answer in await asyncio.gather(*asked)]
    assert (codes.count("ok"), codes.count("already_reviewed")) == (2, 18)
    assert await house.value("SELECT count(*) FROM reviews") == 2


async def test_a_dry_run_of_a_review_says_that_nothing_moves(house: Housing) -> None:
    emma, _, contract = await ended(house)
    effect = (await emma.post("/v1/reviews?dry_run=true", review_of(contract))).json()
    assert (effect["transfers"], effect["statuses"]) == ([], [])
    assert await house.value("SELECT count(*) FROM reviews") == 0


async def test_reviewing_needs_no_scope_of_money(house: Housing) -> None:
    emma, _, contract = await ended(house)
    writer = await house.again(emma, {Scope.READ, Scope.WRITE})
    assert await writer.code("/v1/reviews", review_of(contract)) == "ok"
    assert await writer.code("/v1/reviews", review_of(contract)) == "already_reviewed"
