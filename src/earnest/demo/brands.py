"""Brands: what a café and a shop look like, on paper and on the wall. All of it is Ana's work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.demo.dealing import offer

if TYPE_CHECKING:
    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days

_GUIDE: Final = """\
Brand guide of the coffee house, about forty pages, in Arabic and English side by side.

Contents: the sign in three sizes and one colour; the two typefaces and how they stand next to \
each other; colours for print, paint and screen; the menu, the cup, the paper bag, the apron; \
how photographs are to look; the words we use and those we do not.

It is for people who have never met us: the printer in Salmiya, the painter, whoever opens the \
third branch one day. Short sentences, many pictures, no philosophy."""


async def a_coffee_house(story: Telling) -> Days:
    """Omar has a brand made by Ana, in dinars with three decimals."""
    yield 325
    await story.deposit("omar", "2500.000 KWD")
    brand = await offer(story, "omar", "ana", "KWD")
    guide, signs, photographs = await brand.fund(
        (_GUIDE, "750.000 KWD", 385),
        ("Signs for two branches", "200.250 KWD", 362),
        ("Photographs of the opening", "300.500 KWD", 345),
    )
    yield 326
    await brand.accept()
    yield 336
    await brand.ask_cancel(photographs, "The opening is put off until next year.")
    yield 337
    await brand.cancel(photographs)
    await brand.request("Menu boards in chalk, by hand, two branches", "145.750 KWD", 395)
    yield 359
    await brand.submit(signs, "Ready to print.", "https://example.com/signs.pdf")
    yield 360
    await brand.ask_changes(signs, "The Arabic line needs more space; the rest is perfect.")
    await brand.say("omar", "No hurry with the guide.")
    await brand.release(guide, "525.000 KWD")


async def the_packaging(story: Telling) -> Days:
    """Boxes and labels for Emma's soaps: one part after the other, one of them just handed in."""
    yield 200
    await story.deposit("emma", "3200.00 USD")
    boxes = await offer(story, "emma", "ana", "USD")
    labels, box = await boxes.fund(
        ("Labels of eleven soaps", "880.00 USD", 225),
        ("The gift box for three, folded from one sheet without glue", "740.00 USD", 250),
    )
    yield 201
    await boxes.accept()
    yield 224
    await boxes.submit(labels, "Eleven, and an empty one for next year's.")
    yield 226
    await boxes.release(labels)
    yield 262
    await boxes.ask_cancel(box, "The printer has stopped making that paper. Can we stop here?")
    yield 263
    await boxes.refuse_cancel(box)
    text = "I have folded forty of them already; another printer has the paper. I sent you one."
    await boxes.say("ana", text)
    yield 266
    await boxes.say("emma", "It has arrived, and it is lovely. I take my question back.")
    yield 270
    await boxes.submit(box, "Final drawing, with the second printer's margins.")
    yield 271
    await boxes.release(box)
    yield 345
    await boxes.fund(("Paper for wrapping, one pattern in two colours", "420.00 USD", 388))
    await boxes.request("Stamp for the wax seal", "12.50 USD", 370)
    yield 364
    await boxes.request("Labels of next season's soaps, four of them", "320.00 USD", 400)


async def some_icons(story: Telling) -> Days:
    """José, who is a freelancer elsewhere, has icons drawn by Ana."""
    yield 290
    await story.deposit("jose", "400.00 USD")
    icons = await offer(story, "jose", "ana", "USD")
    first, second = await icons.fund(
        ("Twenty icons for the loyalty card", "260.00 USD", 310),
        ("The same twenty, filled", "90.00 USD", 372),
    )
    yield 291
    await icons.accept()
    yield 308
    await icons.submit(first, "Twenty, on a grid of 24.", "https://example.com/icons.svg")
    yield 309
    await icons.release(first)
    yield 358
    await icons.submit(second, "Filled.")


BRANDS: Final = (a_coffee_house, the_packaging, some_icons)
