"""Figures: Łukasz cleans up what others have collected over the years."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.demo.dealing import offer

if TYPE_CHECKING:
    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days

_CUSTOMERS: Final = """\
One list of customers out of five: the till, the old shop, the new shop, the newsletter, and \
Birgit's notebook.

About 14,000 rows, of which I guess that a third are the same people. Nobody may be lost who has \
bought something within three years; nobody may be kept who asked to be forgotten (that list \
is the notebook's last page).

What I would like to have at the end: one file, a second one with everything you were not sure \
about, and a page that says how you decided, so that we can do it again without you."""


async def the_customers(story: Telling) -> Days:
    """Five lists of Emma's become one: paid, and ended."""
    yield 90
    await story.deposit("emma", "2200.00 USD")
    lists = await offer(story, "emma", "lukasz", "USD")
    sample, whole, doubts, again = await lists.fund(
        ("A sample of 500 rows, to see whether it can be done", "150.00 USD", 98),
        (_CUSTOMERS, "1250.00 USD", 125),
        ("The rows that you were not sure about, decided together on the phone", "180.00 USD", 132),
        ("The same once more, three months later", "300.00 USD", 225),
    )
    yield 91
    await lists.accept()
    yield 97
    await lists.submit(sample, "It can. 31 % are doubles; Birgit's handwriting is fine.")
    yield 98
    await lists.release(sample)
    yield 122
    await lists.submit(whole, "9,412 people, 211 doubts.", "https://example.com/how-decided.pdf")
    yield 124
    await lists.release(whole)
    yield 130
    await lists.submit(doubts, "All 211. Thank you for the patience, and the cake by post.")
    yield 131
    await lists.release(doubts)
    yield 220
    await lists.say("lukasz", "Your José did it with my page alone, so I give the last part back.")
    await lists.cancel(again)
    yield 222
    await lists.end("emma")


async def the_sales(story: Telling) -> Days:
    """Ten years of a publisher's sales in one table: ended; what was only requested is declined."""
    yield 55
    await story.deposit("noah", "1200.00 USD")
    sales = await offer(story, "noah", "lukasz", "USD")
    (table,) = await sales.fund(("Ten years of sales in one table", "975.25 USD", 85))
    yield 56
    await sales.accept()
    yield 84
    await sales.submit(table, "118,340 rows. In one year, rain sold better than love.")
    yield 86
    await sales.release(table)
    await sales.request("A page that draws it, for the wall in the hall", "240.00 USD")
    yield 95
    await sales.end("noah")


async def the_import(story: Telling) -> Days:
    """Hanako's teas go into a new shop system, which she no longer wants: Łukasz is to answer."""
    yield 285
    await story.deposit("hanako", "300000 JPY")
    teas = await offer(story, "hanako", "lukasz", "JPY")
    goods, prices, orders = await teas.fund(
        ("Import of 340 goods with pictures", "110000 JPY", 320),
        ("Import of prices, of three kinds of customers", "35000 JPY", 340),
        ("Import of the orders of five years", "95000 JPY", 370),
    )
    yield 286
    await teas.accept()
    yield 318
    await teas.submit(goods, "340, and 12 pictures that show a cat instead. I left those out.")
    yield 319
    await teas.release(goods)
    yield 338
    await teas.submit(prices, "All three kinds, and a check that nobody pays less than nothing.")
    yield 341
    await teas.ask_changes(prices, "Restaurants pay without tax; it is the second column.")
    yield 350
    await teas.submit(prices, "The second column it is.")
    yield 353
    await teas.ask_cancel(orders, "We stay with the old system for orders. Would you give it back?")
    await teas.say("hanako", "I am sorry: I know that you had kept two weeks free for it.")


async def the_archive(story: Telling) -> Days:
    """Kenji, who is a freelancer elsewhere, has his drawings sorted."""
    yield 160
    await story.deposit("kenji", "150000 JPY")
    files = await offer(story, "kenji", "lukasz", "JPY")
    names, copies = await files.fund(
        ("Names for 22,000 scans: year, book, page", "64000 JPY", 200),
        ("A second copy of everything, and a way to check it", "38000 JPY", 376),
    )
    yield 161
    await files.accept()
    yield 198
    await files.submit(names, "21,988 have one. Twelve are of your lunch.")
    yield 199
    await files.release(names)
    yield 349
    preview = await files.request("Small previews of all scans", "20000 JPY")
    yield 350
    await files.withdraw(preview)
    await files.say("lukasz", "The scanner had made previews all along, so forget that request.")
    yield 360
    await files.release(copies, "12000 JPY")


FIGURES: Final = (the_customers, the_sales, the_import, the_archive)
