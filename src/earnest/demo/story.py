"""The story: a shop's website, a comic, a brand; good days, bad days, and what is under way.

The days go on from chapter to chapter; all of them together take a year, to the present.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.people import Role
from earnest.demo.telling import money

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from earnest.demo.telling import Json, Telling

#: How many days it takes.
DAYS: Final = 365
#: In the demo an operator approves what is above these.
APPROVAL_LIMITS: Final = {"USD": "1000.00", "JPY": "200000", "KWD": "500.000"}


async def everybody_joins(story: Telling) -> None:
    """Three who pay, two who work, and one who looks after the site."""
    for name in ("Emma Berg", "Noah Fischer", "Layla Haddad", "Ana Souza", "Kenji Mori"):
        await story.person(name)
    await story.person("Olga Petrova", Role.OPERATOR)


async def a_website(story: Telling) -> None:
    """Emma has a shop's website made by Ana: all of it is paid, and the contract has ended."""
    await story.day(1)
    await story.deposit("emma", "6000.00 USD")
    contract = await story.offer("emma", "ana", "USD")
    milestones = await story.fund(
        "emma",
        contract,
        ("Wireframes of the shop, eight pages", "800.00 USD", 14),
        ("Visual design, desktop and phone", "1600.00 USD", 35),
        ("Front end, ready to be put online", "2400.00 USD", 70),
    )
    wireframes, design, front_end = milestones
    await story.day(2)
    await story.ask("ana", "contract.say", contract, text="Thank you! I begin on Monday.")
    await story.accept("ana", contract, milestones)
    await story.day(12)
    links = ["https://example.com/wireframes.pdf"]
    await story.ask("ana", "milestone.submit", wireframes, note="All eight pages.", links=links)
    await story.day(13, hour=15)
    await story.ask("emma", "milestone.release", wireframes)
    await story.day(33)
    await story.ask("ana", "milestone.submit", design, note="Both sizes.", links=[])
    await story.day(34)
    reason = "The phone's menu hides the search; please bring it back."
    await story.ask("emma", "milestone.request_changes", design, reason=reason)
    await story.day(37)
    await story.ask("ana", "milestone.submit", design, note="The search is back.", links=[])
    await story.day(38)
    await story.ask("emma", "milestone.release", design)
    await _the_website_ends(story, contract, front_end)


async def _the_website_ends(story: Telling, contract: Json, front_end: Json) -> None:
    """The last part is cut short by both, and Ana takes her money out."""
    await story.day(68)
    text = "We do without the blog, so 2,000.00 is fair for the rest."
    await story.ask("emma", "contract.say", contract, text=text)
    await story.ask("emma", "milestone.release", front_end, amount=money("2000.00 USD"))
    await story.day(69)
    await story.ask("ana", "milestone.cancel", front_end, amount=money("400.00 USD"))
    await story.day(75)
    await story.ask("ana", "contract.end", contract)
    await story.withdraw("ana", "500.00 USD", "fail")
    large = await story.withdraw("ana", "3000.00 USD", "DE02120300000000202051")
    await story.day(76)
    await story.ask("olga", "withdrawal.approve", large)


async def an_offer_that_came_to_nothing(story: Telling) -> None:
    """Noah offers Ana a contract; she has no time, and the money is back."""
    await story.day(95)
    await story.deposit("noah", "900.00 USD", "delay")
    await story.day(97)
    contract = await story.offer("noah", "ana", "USD")
    await story.fund("noah", contract, ("A poster for the fair", "650.00 USD", 120))
    await story.day(98)
    text = "I would have loved to, but I am fully booked until June."
    await story.ask("ana", "contract.say", contract, text=text)
    await story.ask("ana", "contract.decline", contract)


async def a_comic(story: Telling) -> None:
    """Noah has a comic drawn by Kenji, in yen: it is in the middle of things."""
    await story.day(120)
    await story.deposit("noah", "600000 JPY")
    contract = await story.offer("noah", "kenji", "JPY")
    milestones = await story.fund(
        "noah",
        contract,
        ("Character sketches, six people", "120000 JPY", 150),
        ("Colour plates of chapter one", "180000 JPY", 372),
        ("Cover", "90000 JPY", 380),
    )
    sketches, plates, cover = milestones
    await story.day(121)
    await story.accept("kenji", contract, milestones)
    await story.day(148)
    await story.ask("kenji", "milestone.submit", sketches, note="Six people, three views each.")
    await story.day(149)
    await story.ask("noah", "milestone.release", sketches)
    await story.day(150)
    poster = await story.ask(
        "kenji", "milestone.request", contract, description="Poster of all six",
        amount=money("70000 JPY"),
    )  # fmt: skip
    await story.day(152)
    await story.ask("noah", "milestone.decline", poster)
    await story.day(330)
    await story.ask("noah", "milestone.release", plates, amount=money("100000 JPY"))
    story.kept |= {"comic": contract, "cover": cover}


async def a_brand(story: Telling) -> None:
    """Layla has a brand made by Ana, in dinars with three decimals."""
    await story.day(335)
    await story.deposit("layla", "2500.000 KWD")
    contract = await story.offer("layla", "ana", "KWD")
    milestones = await story.fund(
        "layla",
        contract,
        ("Brand guide, forty pages", "750.000 KWD", 385),
        ("Signage for two branches", "200.250 KWD", 362),
        ("Photographs of the opening", "300.500 KWD", 345),
    )
    guide, signage, photographs = milestones
    await story.day(336)
    await story.accept("ana", contract, milestones)
    await story.day(346)
    reason = "The opening is put off until next year."
    await story.ask("layla", "milestone.ask_cancel", photographs, reason=reason)
    await story.day(347)
    await story.ask("ana", "milestone.cancel", photographs)
    story.kept |= {"brand": contract, "guide": guide, "signage": signage}


async def the_last_days(story: Telling) -> None:
    """The comic's cover is handed in; of the brand a part is paid, and a part has to be changed."""
    comic, brand = story.kept["comic"], story.kept["brand"]
    await story.day(358)
    await story.ask("kenji", "milestone.submit", story.kept["cover"], note="Front and back.")
    await story.ask(
        "kenji",
        "milestone.request",
        comic,
        description="Chapter two, first ten pages",
        amount=money("150000 JPY"),
        due_at=story.on_day(410),
    )
    await story.day(359)
    signage = story.kept["signage"]
    await story.ask("ana", "milestone.submit", signage, note="Print-ready.", links=[])
    await story.day(360)
    reason = "The Arabic line needs more space; the rest is perfect."
    await story.ask("layla", "milestone.request_changes", signage, reason=reason)
    await story.ask("layla", "contract.say", brand, text="No hurry with the guide.")
    await story.ask("layla", "milestone.release", story.kept["guide"], amount=money("250.000 KWD"))


async def bad_days_of_the_gateway(story: Telling) -> None:
    """What a gateway does on a bad day, and what waits for the operator."""
    await story.day(361)
    await story.deposit("emma", "250.00 USD", "pay_short")
    await story.deposit("emma", "80.00 USD", "fail")
    await story.deposit("noah", "300.00 USD", "pay_twice")
    await story.deposit("layla", "120.00 USD", "lose_answer")
    await story.day(363)
    await story.withdraw("kenji", "210000 JPY", "JP-0001-7654321")
    await story.withdraw("ana", "75.250 KWD", "KW81CBKU0000000000001234560101")


async def an_offer_that_waits(story: Telling) -> None:
    """Emma offers Kenji a contract, with its first milestone funded; he has not answered yet."""
    await story.day(364)
    contract = await story.offer("emma", "kenji", "USD")
    await story.fund("emma", contract, ("A mascot, three poses", "450.00 USD", 390))
    await story.ask("emma", "contract.say", contract, text="Would you draw our mascot?")


CHAPTERS: Final[tuple[Callable[[Telling], Awaitable[None]], ...]] = (
    everybody_joins,
    a_website,
    an_offer_that_came_to_nothing,
    a_comic,
    a_brand,
    the_last_days,
    bad_days_of_the_gateway,
    an_offer_that_waits,
)
