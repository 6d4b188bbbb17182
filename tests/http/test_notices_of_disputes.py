"""Both sides and the arbiter are told of a dispute, and nobody of what is sealed."""

from __future__ import annotations

import pytest
from tests.http.house import Housing, Person, agreed, usd
from tests.web.disputing import arbitrated, quarrel

from earnest import notifying

pytestmark = pytest.mark.asyncio


async def told(house: Housing, who: Person) -> list[str]:
    """Every title, the oldest first."""
    await notifying.drain(house.app)
    found = (await who.seen("/v1/notices"))["items"]
    return [each["title"].replace("\u00a0", " ") for each in reversed(found)]


async def test_both_sides_are_told_of_each_step_of_the_other_s(house: Housing) -> None:
    found = await quarrel(house)
    assert (await told(house, found.frank))[-1] == "emma disputes USD 80.00"
    await found.answered("50.00")
    (*_, last) = await told(house, found.emma)
    assert last == "frank answered your dispute: USD 50.00 for the freelancer"
    await found.emma.done(f"/v1{found.room}/offer", {"to_freelancer": usd("10.00")})
    (*_, last) = await told(house, found.frank)
    assert last == "emma offers to settle: USD 10.00 for the freelancer"
    await house.rich(found.emma, "10.00")
    await found.emma.done(f"/v1{found.room}/pay-fee")
    (*_, last) = await told(house, found.frank)
    assert last == "emma put up the arbitration fee of USD 4.00"
    (notice, *_) = (await found.frank.seen("/v1/notices"))["items"]
    assert "If you do not put it up too by" in notice["text"]
    assert "what emma asks for stands" in notice["text"]


async def test_an_arbiter_is_told_of_the_naming_and_both_of_the_ruling(house: Housing) -> None:
    found, ada = await arbitrated(house)
    assert await told(house, ada) == ["You are to rule on a dispute about USD 80.00"]
    for side in (found.emma, found.frank):
        assert "An arbiter was named for your dispute" in await told(house, side)
    await ada.done(f"/v1{found.room}/take")
    for number in (1, 2):
        await ada.done(f"/v1{found.room}/open-exhibit", {"exhibit": number})
    ruling = {"to_freelancer": usd("32.00"), "reasons": "Two fifths."}
    await ada.done(f"/v1{found.room}/rule", ruling)
    # Emma offered nothing and Frank 50.00, so he was nearer, and his fee of 4.00 is back.
    assert (await told(house, found.frank))[-1] == "The arbiter ruled: USD 36.00 is yours"
    assert (await told(house, found.emma))[-1] == "The arbiter ruled: USD 48.00 is yours"


async def test_of_a_sealed_offer_nobody_is_told(house: Housing) -> None:
    found = await quarrel(house)
    await found.answered("50.00")
    before = [await told(house, each) for each in (found.emma, found.frank)]
    for who, amount in ((found.emma, "12.34"), (found.frank, "43.21")):
        await who.done(f"/v1{found.room}/sealed-offer", {"to_freelancer": usd(amount)})
    assert [await told(house, each) for each in (found.emma, found.frank)] == before
    assert await house.value("SELECT count(*) FROM notices WHERE facts::text ~ '12.34|43.21'") == 0


async def test_what_two_operators_decide_is_told_to_both_and_to_a_second_one(
    house: Housing,
) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "100.00")
    olga, omar = [await house.person(each, "operator") for each in ("olga", "omar")]
    path = f"/v1/milestones/{milestone['id']}"
    await olga.done(f"{path}/staff-cancel", {"reason": "It is a fraud"})
    for side in (emma, frank):
        (*_, last) = await told(house, side)
        assert last == "An operator asks that USD 100.00 is returned to the employer"
    (*_, last) = await told(house, omar)
    assert last == "An operator asks that USD 100.00 is returned: a second one is needed"
    assert await told(house, olga) == []
    await omar.done(f"{path}/staff-confirm")
    (*_, last) = await told(house, frank)
    assert last.startswith("USD 100.00 returns to emma on ")
    assert last.endswith(", unless you object")
