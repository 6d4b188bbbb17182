"""Websites: a shop's, which Ana makes and José keeps, and what else he builds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.demo.dealing import Deal, offer

if TYPE_CHECKING:
    from earnest.demo.telling import Json, Telling
    from earnest.demo.timeline import Days

_SHOP: Final = """\
Visual design of the whole shop, for a large screen and for a phone.

It covers: the front page with room for two campaigns; a category page with filters; the page of \
a product with up to twelve photographs; basket, checkout in three steps, and the confirmation; \
search with suggestions; the story of the house; and the pages nobody likes to design, which are \
the terms, the imprint, an empty basket and the page for what was not found.

Handed over as one file with named layers, colours and type sizes in a table, and every icon as \
SVG. Two rounds of smaller wishes are part of it. Photographs come from us."""


async def the_shop(story: Telling) -> Days:
    """Emma has a shop's website made by Ana: all of it is paid, and the contract has ended."""
    yield 1
    await story.deposit("emma", "6000.00 USD")
    shop = await offer(story, "emma", "ana", "USD")
    wireframes, design, front_end = await shop.fund(
        ("Wireframes of the shop, eight pages", "800.00 USD", 14),
        (_SHOP, "1600.00 USD", 35),
        ("Front end, ready to be put online", "2400.00 USD", 70),
    )
    yield 2
    await shop.say("ana", "Thank you! I begin on Monday.")
    await shop.accept()
    yield 12
    await shop.submit(wireframes, "All eight pages.", "https://example.com/wireframes.pdf")
    yield 13
    await shop.release(wireframes)
    yield 33
    await shop.submit(design, "Both sizes.")
    yield 34
    await shop.ask_changes(design, "The phone's menu hides the search; please bring it back.")
    yield 37
    await shop.submit(design, "The search is back.", "https://example.com/shop-design-2.fig")
    yield 38
    await shop.release(design)
    yield _the_shop_opens(story, shop, front_end)


async def _the_shop_opens(story: Telling, shop: Deal, front_end: Json) -> Days:
    """The last part is cut short by both, and Ana takes her money out."""
    yield 68
    await shop.say("emma", "We do without the blog, so 2,000.00 is fair for the rest.")
    await shop.release(front_end, "2000.00 USD")
    yield 69
    await shop.cancel(front_end, "400.00 USD")
    yield 75
    await shop.end("ana")
    await story.withdraw("ana", "500.00 USD", "fail")
    large = await story.withdraw("ana", "3000.00 USD", "DE02120300000000202051")
    yield 76
    await story.ask("olga", "withdrawal.approve", large)


#: A fortnight of keeping the shop: what is asked for, how much, and what is said when it is done.
FORTNIGHTS: Final = (
    ("Move the shop to the new server", "320.00", "Moved at night; nobody lost a basket."),
    ("Gift cards at the checkout", "280.00", "Sold the first one to myself."),
    ("Search that forgives typing errors", "240.00", "“Lavneder soap” finds lavender soap now."),
    ("Pages load in under a second", "260.00", "From 2.8 s to 0.7 s on my old phone."),
    ("Postage by weight instead of by piece", "180.00", "The table is in the settings."),
    ("Returns form with a label to print", "210.00", "Tried with three orders of last week."),
    (
        "A banner, and a countdown to the last post before the holidays",
        "95.00",
        "It ends by itself.",
    ),
    ("Stock figures from the warehouse every ten minutes", "340.00", "It reports when it fails."),
    ("Invoices as PDF, with the tax numbers of companies", "230.00", "Checked by your tax office."),
    ("Fix: the basket was empty after signing in", "60.00", "It was a cookie, as always."),
    ("Reviews of products, shown once you have read them", "270.00", "Eleven are waiting."),
    ("Second language: the shop in Danish", "380.00", "Texts by Siobhán are in."),
    ("Second currency on the price tags", "150.00", "Rounded as you wished."),
    ("Keyboard and screen reader, all the way to paying", "310.00", "Went through it blindfolded."),
    ("Newsletter: sign up, confirm, leave", "160.00", "Leaving takes one click."),
    ("Fix: two people bought the last candle", "75.00", "It is held for ten minutes now."),
    ("Statistics without cookies", "190.00", "No banner needed."),
    ("A sale: prices that change at midnight", "120.00", "In the time zone of the shop."),
    ("Backup, and a rehearsal of bringing it back", "250.00", "Back after 14 minutes."),
    ("Certificates and parts brought up to date", "110.00", "Everything is of this month."),
)


async def the_upkeep(story: Telling) -> Days:
    """José keeps the shop, fortnight by fortnight: the longest contract."""
    yield 78
    await story.deposit("emma", "5000.00 USD")
    upkeep = await offer(story, "emma", "jose", "USD")
    text = "Ana gave me your name. Would you look after the shop, a fortnight at a time?"
    await upkeep.say("emma", text)
    yield 79
    await upkeep.say("jose", "With pleasure. I propose each fortnight here, and you decide.")
    await upkeep.accept()
    for number, (work, amount, note) in enumerate(FORTNIGHTS):
        day = 80 + 13 * number
        yield day
        milestone = await upkeep.request(work, f"{amount} USD", day + 14)
        yield day + 1
        await upkeep.agree(milestone)
        yield day + 11
        await upkeep.submit(milestone, note)
        yield day + 12
        await upkeep.release(milestone)
    yield _the_upkeep_goes_on(upkeep)


async def _the_upkeep_goes_on(upkeep: Deal) -> Days:
    """One fortnight is to be released, one is worked on, one was declined, one is to be decided."""
    yield 341
    (winter,) = await upkeep.fund(("Move the pictures to a faster place", "290.00 USD", 362))
    game = await upkeep.request("A game with falling soap for the waiting room page", "900.00 USD")
    yield 343
    await upkeep.say("emma", "I laughed, but no: nobody should have to wait that long.")
    await upkeep.turn_down(game)
    yield 351
    await upkeep.request("Gift wrapping as a choice at the checkout", "170.00 USD", 380)
    await upkeep.fund(("Text messages when a parcel is late", "220.00 USD", 374))
    yield 361
    await upkeep.submit(winter, "All 1,900 pictures are there.", "https://example.com/pictures.csv")
    yield 362
    await upkeep.say("jose", "If the wrapping is to be ready for the holidays, I need a yes soon.")


_CARD: Final = """\
The loyalty card as an app for both kinds of phone: scan at the till, see your points, get a \
soap for every tenth one.

What it must do:
– work without a network in the cellar of the old town branch, and catch up later;
– never ask for more than an e-mail address;
– read the old paper cards, of which about 2,300 are around;
– show the points in letters that my mother can read without her glasses.

What it must not do: send messages that nobody asked for, track anybody, or need a new phone.

It is done when five customers of our choice have used it for a week without calling us."""


async def the_loyalty_card(story: Telling) -> Days:
    """Emma's largest contract: an app by José, of which the first part has been paid."""
    yield 255
    await story.deposit("emma", "32000.00 USD")
    app = await offer(story, "emma", "jose", "USD")
    prototype, card, till = await app.fund(
        ("Prototype to click through, tried with five customers", "4500.00 USD", 285),
        (_CARD, "18500.00 USD", 375),
        ("The till's side of it: a scanner, and a page for corrections", "6250.00 USD", 392),
    )
    yield 256
    await app.accept()
    yield 283
    await app.submit(prototype, "Four of five found everything.", "https://example.com/card")
    yield 286
    await app.release(prototype)
    yield 330
    await app.say("jose", "Half of the card works. Could a third of it be released, as a sign?")
    yield 331
    await app.release(card, "6000.00 USD")
    yield 335
    large = await story.withdraw("jose", "9000.00 USD", "ES9121000418450200051332")
    yield 336
    await story.ask("tomas", "withdrawal.approve", large)
    yield 363
    await app.submit(card, "All on the list; your mother says “finally”.")
    more = "The till's side of it: a scanner, a page for corrections, and one for the accountant"
    await app.propose(till, "6900.00 USD", more)
    await app.propose_hours(72)


async def a_booking_page(story: Telling) -> Days:
    """Omar's tables can be booked online; all of it is paid, and the contract could be ended."""
    yield 140
    await story.deposit("omar", "620.000 KWD")
    page = await offer(story, "omar", "jose", "KWD")
    first, second = await page.fund(
        ("Booking of tables, in Arabic and English", "380.500 KWD", 165),
        ("Reminder by e-mail on the day before", "95.250 KWD", 180),
    )
    yield 141
    await page.accept()
    yield 160
    await page.submit(first, "Right to left and left to right.", "https://example.com/tables")
    yield 161
    await page.release(first)
    yield 177
    await page.submit(second, "The first reminders went out today.")
    yield 178
    await page.release(second, "80.000 KWD")
    await page.say("omar", "The reminders came without the table's number. Shall we say 80?")
    yield 180
    await page.cancel(second)
    await page.say("jose", "Fair. The number is in now, as a present.")


async def a_portfolio(story: Telling) -> Days:
    """Ana, who is a freelancer elsewhere, has her own site made by José."""
    yield 100
    await story.deposit("ana", "900.00 USD")
    site = await offer(story, "ana", "jose", "USD")
    (pages,) = await site.fund(("My portfolio: twelve works on one page", "650.00 USD", 130))
    yield 101
    await site.accept()
    yield 126
    await site.submit(pages, "It even looks good without pictures.")
    yield 127
    await site.release(pages)
    await site.end("ana")


WEBSITES: Final = (the_shop, the_upkeep, the_loyalty_card, a_booking_page, a_portfolio)
