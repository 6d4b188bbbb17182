"""Many at once: one effect, and everybody hears something true."""

from __future__ import annotations

import asyncio

import pytest
from tests.http.house import Housing, agreed, code_of, usd

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
