"""Many at once: one effect, and everybody hears something true."""

from __future__ import annotations

import asyncio

import pytest
from tests.http.house import Housing, agreed, bid_for, code_of, posted, usd

pytestmark = pytest.mark.asyncio


async def test_the_same_key_fifty_times_at_once_is_done_once(house: Housing) -> None:
    emma, _, _, (milestone,) = await agreed(house, "100.00")
    path = f"/v1/milestones/{milestone['id']}/release"
    answers = await asyncio.gather(
        *(emma.post(path, {"amount": usd("1.00")}, key="once") for _ in range(50))
    )
    assert {answer.content for answer in answers} == {answers[0].content}
    fresh = [a for a in answers if "idempotency-replayed" not in a.headers]
    assert len(fresh) == 1
    assert (await emma.seen(f"/v1/milestones/{milestone['id']}"))["held"] == usd("99.00")


async def test_a_hundred_releases_of_everything_pay_once(house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "100.00")
    path = f"/v1/milestones/{milestone['id']}/release"
    answers = await asyncio.gather(*(emma.post(path) for _ in range(100)))
    codes = sorted(map(code_of, answers))
    assert codes == ["ok"] + ["wrong_status"] * 99
    (balance,) = (await frank.seen("/v1/balances"))["items"]
    assert balance["wallet"] == usd("100.00")


async def test_partial_releases_never_pay_more_than_was_held(house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "100.00")
    path = f"/v1/milestones/{milestone['id']}/release"
    answers = await asyncio.gather(*(emma.post(path, {"amount": usd("3.00")}) for _ in range(100)))
    codes = [code_of(answer) for answer in answers]
    assert codes.count("ok") == 33
    assert set(codes) == {"ok", "more_than_held"}
    (balance,) = (await frank.seen("/v1/balances"))["items"]
    assert balance["wallet"] == usd("99.00")


async def test_release_and_cancel_at_once_have_one_winner(house: Housing) -> None:
    emma, frank, _, made = await agreed(house, *["1.00"] * 20)
    for milestone in made:
        at = f"/v1/milestones/{milestone['id']}"
        answers = await asyncio.gather(emma.post(f"{at}/release"), frank.post(f"{at}/cancel"))
        assert sorted(map(code_of, answers)) == ["ok", "wrong_status"]
        assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_reserving_from_many_tabs_never_takes_more_than_there_is(house: Housing) -> None:
    emma, project, _, _ = await posted(house, purse="100.00")
    path = f"/v1/projects/{project['id']}"
    answers = await asyncio.gather(
        *(emma.post(f"{path}/reserve", {"amount": usd("3.00")}) for _ in range(50))
    )
    codes = [code_of(answer) for answer in answers]
    assert (codes.count("ok"), set(codes)) == (33, {"ok", "not_enough_money"})
    assert (await emma.seen(path))["reserved"] == usd("99.00")
    answers = await asyncio.gather(
        *(emma.post(f"{path}/take-back", {"amount": usd("4.00")}) for _ in range(50))
    )
    codes = [code_of(answer) for answer in answers]
    assert (codes.count("ok"), set(codes)) == (24, {"ok", "more_than_held"})
    (balance,) = (await emma.seen("/v1/balances"))["items"]
    assert (balance["wallet"], balance["reserved"]) == (usd("97.00"), usd("3.00"))


async def test_closing_a_project_from_many_tabs_returns_its_reserve_once(house: Housing) -> None:
    emma, project, _, _ = await posted(house, purse="100.00")
    path = f"/v1/projects/{project['id']}"
    await emma.done(f"{path}/reserve", {"amount": usd("40.00")})
    asked = [emma.post(f"{path}/{verb}") for _ in range(20) for verb in ("close", "take-back")]
    codes = [code_of(answer) for answer in await asyncio.gather(*asked)]
    assert codes.count("ok") in {1, 2}  # One takes it back, another one closes.
    (balance,) = (await emma.seen("/v1/balances"))["items"]
    assert (balance["wallet"], balance["reserved"]) == (usd("100.00"), usd("0.00"))


async def test_two_tabs_that_award_make_one_contract(house: Housing) -> None:
    emma, _, _, bids = await posted(house, *["10.00"] * 10)
    for bid in bids:
        path, body = f"/v1/bids/{bid['id']}/award", {"bid_hash": bid["bid_hash"]}
        answers = await asyncio.gather(emma.post(path, body), emma.post(path, body))
        assert sorted(map(code_of, answers)) == ["ok", "wrong_status"]
    assert len(await emma.ids("/v1/contracts")) == len(bids)


async def test_an_award_and_a_retraction_at_once_have_one_winner(house: Housing) -> None:
    emma, project, people, bids = await posted(house, *["10.00"] * 10)
    for frank, bid in zip(people, bids, strict=True):
        path = f"/v1/bids/{bid['id']}"
        answers = await asyncio.gather(
            emma.post(f"{path}/award", {"bid_hash": bid["bid_hash"]}),
            frank.post(f"{path}/retract"),
        )
        assert sorted(map(code_of, answers)) == ["ok", "wrong_status"]
    left = len(await emma.ids("/v1/contracts"))
    assert (await emma.seen(f"/v1/projects/{project['id']}"))["bids"] == left


async def test_bids_of_one_person_at_once_are_one_bid(house: Housing) -> None:
    _, project, _, _ = await posted(house)
    frank = await house.person("frank")
    answers = await asyncio.gather(
        *(frank.post("/v1/bids", bid_for(project, "10.00")) for _ in range(20))
    )
    codes = [code_of(answer) for answer in answers]
    assert (codes.count("ok"), set(codes)) == (1, {"ok", "already_bid"})
    assert (await frank.seen(f"/v1/projects/{project['id']}"))["bids"] == 1
