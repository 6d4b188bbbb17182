"""Plans: milestones that are paid in tranches, by dates that both sides agreed to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.milestones.tranches import Tranche
from earnest.core.references import parsed
from earnest.demo.dealing import offer
from earnest.demo.silence import CLOCKED
from earnest.demo.telling import money

if TYPE_CHECKING:
    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days


async def a_customer_list(story: Telling) -> Days:
    """Łukasz is paid every month; Emma objects to a part of what comes next."""
    yield 290
    await story.deposit("emma", "1200.00 USD")
    deal = await offer(story, "emma", "lukasz", "USD", CLOCKED)
    made = await deal.plan(
        "Ten years of customers as one clean list, in four deliveries", "1200.00 USD",
        {"after_days": 30, "percent": "25"}, {"after_days": 60, "percent": "25"},
        {"after_days": 90, "percent": "25"}, {"after_days": 120, "percent": "25"},
    )  # fmt: skip
    yield 291
    await deal.accept()
    yield 318
    await deal.say("lukasz", "2016 to 2018 are with you: 41,200 rows, no doubles.")
    yield 360
    await deal.say("emma", "2021 is not there yet, and most of 2020 has no postcodes.")
    await deal.say("lukasz", "The postcodes never came, I am waiting for your export.")
    yield 363  # Today it is still to be answered.
    third = parsed(made["plan"][2]["tranche_id"], Tranche.prefix)
    await story.ask(
        "emma", "tranche.object", {"number": third}, amount=money("120.00 USD"),
        reason="2021 was to be part of the third delivery, and there is nothing of it.",
    )  # fmt: skip
    yield 364
    await deal.say("lukasz", "I answer your objection on Monday, with a list of what I sent.")


async def a_reading_room(story: Telling) -> Days:
    """Noah keeps a tenth back until the shelves have stood a season; another plan is new."""
    yield 300
    await story.deposit("noah", "1600.00 USD")
    room = await offer(story, "noah", "jose", "USD", CLOCKED)
    yield 301
    await room.accept()
    yield 302
    shelves = await room.plan(
        "A reading room on the website: shelves, search, a lamp that can be switched on",
        "980.00 USD",
        {"after_days": 21, "amount": money("441.00 USD")},
        {"after_days": 42, "amount": money("441.00 USD")},
        {"after_days": 90, "amount": money("98.00 USD"), "retention": True},
    )  # fmt: skip
    yield 303
    await room.agree_to(shelves)
    yield 322
    await room.say("jose", "The shelves stand; the lamp needs another week.")
    yield 345
    await room.say("noah", "It is lovely. What is kept back comes in spring, if nothing falls.")
    yield 363
    await room.plan(
        "The same for the children’s books, with a ladder", "600.00 USD",
        {"after_days": 21, "percent": "50"}, {"after_days": 42, "percent": "40"},
        {"after_days": 120, "percent": "10", "retention": True},
    )  # fmt: skip


PLANS: Final = (a_customer_list, a_reading_room)
