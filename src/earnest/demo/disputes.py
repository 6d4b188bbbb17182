"""Disputes: some that ended, each in another way, and some in which it is somebody's turn today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest.core.rows import wire_time
from earnest.demo.dealing import Deal, offer
from earnest.demo.telling import money

if TYPE_CHECKING:
    from earnest.demo.telling import Json, Telling
    from earnest.demo.timeline import Days

#: Who is named first: of those who may, and have ruled on as little, who joined first.
ARBITER: Final = "grace"


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A dispute of the story, and who its two sides are."""

    story: Telling
    opener: str
    other: str
    dispute: Json

    async def do(self, who: str, verb: str, **body: object) -> Json:
        """One of them, or the arbiter, does something about it."""
        return await self.story.ask(who, f"dispute.{verb}", self.dispute, **body)

    async def answer(self, amount: str, text: str) -> None:
        """The other side says what the freelancer should get, and why."""
        await self.do(self.other, "respond", to_freelancer=money(amount), statement=text)

    async def offer(self, who: str, amount: str) -> Json:
        """One side would settle for so much."""
        return await self.do(who, "offer", to_freelancer=money(amount))

    async def seal(self, who: str, amount: str) -> None:
        """One side says, for nobody to read, what it would settle for."""
        await self.do(who, "sealed_offer", to_freelancer=money(amount))

    async def show(self, who: str, text: str) -> None:
        """One side shows something."""
        await self.do(who, "exhibit", text=text)

    async def pay(self, who: str) -> None:
        """One side puts up the fee; once both have, somebody is named."""
        await self.do(who, "pay_fee")


async def disputed(
    deal: Deal, milestone: Json, who: str, amount: str, claim: str, text: str
) -> Quarrel:
    """One of the two freezes an amount, and says what the freelancer should get of it."""
    opened = await deal.story.ask(
        who, "milestone.dispute", milestone,
        amount=money(amount), to_freelancer=money(claim), statement=text,
    )  # fmt: skip
    other = deal.freelancer if who == deal.employer else deal.employer
    return Quarrel(deal.story, who, other, opened)


async def a_menu(story: Telling) -> Days:
    """A dispute that went all the way: Grace Adeyemi looked at everything, and split it."""
    yield 180
    await story.deposit("hanako", "420.00 USD")
    await story.deposit("ana", "20.00 USD")
    deal = await offer(story, "hanako", "ana", "USD")
    (menu,) = await deal.fund(("A menu in two languages, to be printed", "400.00 USD", 190))
    yield 181
    await deal.accept()
    yield 189
    await deal.submit(menu, "Ready for the printer.", "https://example.com/menu.pdf")
    yield 191
    text = "The prices are last year’s, and half of the pages have no Japanese."
    found = await disputed(deal, menu, "hanako", "300.00 USD", "60.00 USD", text)
    yield 193
    await found.answer("240.00 USD", "The prices are those that I was given. Pages 3 to 6 lack it.")
    await found.show("ana", "Your message of the 3rd: “please take the prices of the old menu”.")
    await found.offer("hanako", "90.00 USD")
    await found.show("hanako", "Pages 3 to 6 as they were delivered: in one language.")
    yield 196
    await found.pay("hanako")
    yield 196
    await found.pay("ana")
    yield 197
    await found.do(ARBITER, "take")
    await found.do(ARBITER, "ask", text="Was the translation of pages 3 to 6 part of it?")
    yield 198
    await found.show("hanako", "The milestone says “in two languages”, and no page is excepted.")
    yield 200
    for number in (1, 2, 3):
        await found.do(ARBITER, "open_exhibit", exhibit=number)
    reasons = (
        "The prices were asked for as they are, so those are right. Four of ten pages lack one of "
        "two languages, which the milestone asks for without exception."
    )
    await found.do(
        ARBITER, "rule", to_freelancer=money("180.00 USD"), reasons=reasons, exhibits=[1, 3]
    )


async def ended_sooner(story: Telling) -> Days:
    """Settled by sealed offers, conceded, withdrawn, and left without an answer."""
    yield 210
    await story.deposit("emma", "600.00 USD")
    deal = await offer(story, "emma", "lukasz", "USD")
    prices, scans, names, dates = await deal.fund(
        ("Prices of all suppliers in one table", "150.00 USD", 225),
        ("Receipts of the spring, scanned and sorted", "120.00 USD", 228),
        ("Names of customers without doubles", "180.00 USD", 230),
        ("Dates of all fairs until next summer", "90.00 USD", 232),
    )
    yield 211
    await deal.accept()
    yield 226
    sealed = await disputed(deal, prices, "emma", "150.00 USD", "0.00 USD", "Two are missing.")
    conceded = await disputed(deal, scans, "emma", "40.00 USD", "0.00 USD", "March is not there.")
    withdrawn = await disputed(deal, names, "lukasz", "180.00 USD", "180.00 USD", "It is done.")
    yield 227
    await sealed.answer("130.00 USD", "Two of forty-one: they never answered me.")
    await sealed.seal("emma", "120.00 USD")
    await sealed.seal("lukasz", "110.00 USD")
    await conceded.do("lukasz", "concede")
    await deal.say("lukasz", "March was in my other folder, sorry. And you pay for the names?")
    await withdrawn.do("lukasz", "withdraw")
    yield 228
    await disputed(deal, dates, "emma", "30.00 USD", "0.00 USD", "Only half of the year.")


async def in_negotiation(story: Telling) -> Days:
    """Today: an answer that is waited for, an open sealed round, and a fee to be matched."""
    yield 340
    await story.deposit("noah", "900.00 USD")
    deal = await offer(story, "noah", "ana", "USD")
    cover, spine, poster = await deal.fund(
        ("Cover of the winter catalogue", "300.00 USD", 360),
        ("Spines of six paperbacks", "180.00 USD", 361),
        ("A poster for the reading", "240.00 USD", 362),
    )
    yield 341
    await deal.accept()
    yield 359
    await deal.submit(cover, "With and without the award.", "https://example.com/cover.pdf")
    await deal.submit(poster, "A2, ready for the printer.")
    yield 363
    text = "I handed it in, and hear nothing of it."
    poster_one = await disputed(deal, poster, "ana", "240.00 USD", "240.00 USD", text)
    text = "The award is misspelt on both."
    cover_one = await disputed(deal, cover, "noah", "200.00 USD", "80.00 USD", text)
    spine_one = await disputed(deal, spine, "noah", "180.00 USD", "0.00 USD", "Where are they?")
    yield 364
    until = wire_time(await story.app.database.now() + timedelta(days=21))
    await poster_one.do("noah", "propose_extension", until=until)
    await cover_one.answer("170.00 USD", "A letter. I mend that today.")
    await cover_one.offer("noah", "110.00 USD")
    mended = await story.file("ana", "cover-mended.txt", "Award, with a d.\n")
    await cover_one.do("ana", "exhibit", file=mended)
    await cover_one.do("noah", "exhibit", link="https://example.com/cover.pdf")
    await cover_one.seal("ana", "140.00 USD")
    await spine_one.answer("90.00 USD", "Three of six are drawn.")
    await spine_one.pay("noah")


async def on_the_desk(story: Telling) -> Days:
    """Today: one that nobody has taken on, one to look at, and one to rule on."""
    yield 345
    await story.deposit("emma", "700.00 USD")
    await story.deposit("siobhan", "50.00 USD")
    deal = await offer(story, "emma", "siobhan", "USD")
    letters, recipes, labels = await deal.fund(
        ("Twelve letters to customers", "240.00 USD", 355),
        ("Recipes for a booklet, edited", "200.00 USD", 356),
        ("Texts of the new labels", "160.00 USD", 357),
    )
    yield 346
    await deal.accept()
    yield 356
    found = [
        await disputed(deal, letters, "emma", "120.00 USD", "40.00 USD", "Six of twelve."),
        await disputed(deal, recipes, "siobhan", "200.00 USD", "200.00 USD", "All are edited."),
        await disputed(deal, labels, "emma", "160.00 USD", "60.00 USD", "They do not fit."),
    ]
    yield 357
    for each, amount in zip(found, ("100.00 USD", "120.00 USD", "140.00 USD"), strict=True):
        await each.answer(amount, "This is how I see it.")
        await each.show("siobhan", "The last draft, with the changes marked.")
        await each.show("emma", "What we agreed on the telephone, as I wrote it down.")
    for who in ("siobhan", "emma"):
        for each in found[1:]:
            yield 357
            await each.pay(who)
    yield 359
    for each in found[1:]:
        await each.do(ARBITER, "take")
    for number in (1, 2):
        await found[2].do(ARBITER, "open_exhibit", exhibit=number)
    yield 364
    await found[0].pay("siobhan")
    yield 364
    await found[0].pay("emma")
    yield 365
    await found[0].do("siobhan", "refuse_arbiter")


async def what_staff_decides(story: Telling) -> Days:
    """Two operators would return what nobody works for; the freelancer can still object."""
    yield 350
    await story.deposit("omar", "200.00 KWD")
    deal = await offer(story, "omar", "lukasz", "KWD")
    first, second = await deal.fund(
        ("Addresses of all workshops", "60.000 KWD", 358),
        ("The same as a map", "45.500 KWD", 359),
    )
    yield 351
    await deal.accept()
    yield 362
    reason = "The employer cannot be reached by us, nor by the freelancer, and asked before."
    await story.ask("olga", "milestone.staff_cancel", first, reason=reason)
    await story.ask("olga", "milestone.staff_cancel", second, reason=reason)
    yield 363
    await story.ask("tomas", "milestone.staff_confirm", first)


DISPUTES: Final = (a_menu, ended_sooner, in_negotiation, on_the_desk, what_staff_decides)
