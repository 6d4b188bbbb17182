"""Offers: some came to nothing, and some wait for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.demo.dealing import offer

if TYPE_CHECKING:
    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days


async def a_poster(story: Telling) -> Days:
    """Noah offers Ana a contract; she has no time, and the money is back."""
    yield 95
    await story.deposit("noah", "900.00 USD", "delay")
    yield 97
    poster = await offer(story, "noah", "ana", "USD")
    await poster.fund(("A poster for the fair", "650.00 USD", 120))
    yield 98
    await poster.say("ana", "I would have loved to, but I am fully booked for two months.")
    await poster.decline()


async def a_wall(story: Telling) -> Days:
    """Omar offers Kenji a wall; he does not fly."""
    yield 240
    await story.deposit("omar", "800.000 KWD")
    wall = await offer(story, "omar", "kenji", "KWD")
    await wall.fund(("A painting of 4 by 3 metres on our wall", "640.000 KWD", 300))
    yield 241
    await wall.say("kenji", "What a wall! But I do not fly, and the sea takes three weeks.")
    await wall.decline()


async def names_of_soaps(story: Telling) -> Days:
    """Emma asks Hanako for Japanese names; she declines."""
    yield 180
    names = await offer(story, "emma", "hanako", "USD")
    await names.fund(("Japanese names of six soaps", "150.00 USD", 200))
    yield 181
    await names.say("hanako", "石鹸 is soap. More I would have to invent, and that would be wrong.")
    await names.decline()


async def two_without_an_answer(story: Telling) -> Days:
    """Emma takes her offer back, and Noah's lapses: the money of both is back."""
    yield 265
    portraits = await offer(story, "noah", "viktor", "USD")
    await portraits.fund(("Portraits of three authors", "540.00 USD", 290))
    consulting = await offer(story, "emma", "omar", "USD")
    await consulting.fund(
        ("A day in your café, to learn how you serve", "300.00 USD", 300),
        ("A second day, to see whether I learned it", "300.00 USD", 320),
    )
    yield 266
    await consulting.say("emma", "We have found a café next door. Thank you all the same!")
    await consulting.revoke()
    yield 279
    await portraits.say("noah", "Two weeks without a word: I take it that you are travelling.")


async def a_kitchen(story: Telling) -> Days:
    """Omar's offer to Łukasz waits: smaller than it was, and with a request of his."""
    yield 365
    kitchen = await offer(story, "omar", "lukasz", "KWD")
    _stock, waste = await kitchen.fund(
        ("A table of what we buy, use and throw away, of two years", "310.000 KWD", 395),
        ("The same for the second branch", "120.000 KWD", 400),
    )
    yield 365
    await kitchen.say("omar", "The second branch closes for repairs, so only the first, please.")
    await kitchen.take_back(waste)
    yield 365
    await kitchen.request("A scale that writes into the table by itself", "85.500 KWD", 410)
    await kitchen.say("lukasz", "May I think until tomorrow? I asked for one more thing.")


async def a_mascot(story: Telling) -> Days:
    """Emma offers Kenji a contract with money in it; he has not answered yet."""
    yield 365
    mascot = await offer(story, "emma", "kenji", "USD")
    await mascot.fund(
        ("A mascot, three poses", "450.00 USD", 390),
        ("The mascot as a stamp for parcels", "80.00 USD", 395),
    )
    await mascot.say("emma", "Would you draw our mascot? It is an otter. It has to be an otter.")


async def a_tea_room(story: Telling) -> Days:
    """Hanako offers Ana a contract on the last day, before she has set money aside."""
    yield 365
    room = await offer(story, "hanako", "ana", "JPY")
    text = "A sign for our tea room: small, of wood. What would you need to begin? 山田"
    await room.say("hanako", text)


OFFERS: Final = (
    a_poster,
    a_wall,
    names_of_soaps,
    two_without_an_answer,
    a_kitchen,
    a_mascot,
    a_tea_room,
)
