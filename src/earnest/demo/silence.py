"""Silence: what the clocks did where somebody forgot, and what they are about to do."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from earnest.core.terms import CLASSIC, DAY, as_json
from earnest.demo.dealing import offer

if TYPE_CHECKING:
    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days

#: The original rules, with an end for everything: and a day to take a release back.
CLOCKED: Final = as_json(
    replace(
        CLASSIC,
        review_seconds=14 * DAY,
        review_floor_seconds=3 * DAY,
        change_rounds=3,
        overdue_seconds=30 * DAY,
        dormant_seconds=90 * DAY,
        undo_seconds=DAY,
    )
)


async def a_catalogue(story: Telling) -> Days:
    """Noah forgets to look, so the clock pays Siobhán; what she forgets returns to him."""
    yield 150
    await story.deposit("noah", "1900.00 USD")
    book = await offer(story, "noah", "siobhan", "USD", CLOCKED)
    texts, _index, _cards = await book.fund(
        ("Texts of the autumn catalogue, 48 titles", "960.00 USD", 175),
        ("An index of names and titles", "240.00 USD", 185),
        ("A card for each author, for the fair", "180.00 USD", None),
    )
    yield 151
    await book.accept()
    yield 160
    await book.submit(texts, "All 48 of them.", "https://example.com/catalogue.docx")
    yield 166
    await book.ask_changes(texts, "Titles 30 to 34 still have last year’s prices.")
    yield 170
    await book.submit(texts, "The prices are this year’s now.")
    yield 181  # Eight of the fourteen days were left: they are over by now.
    await book.say("noah", "I was at the fair, and nobody reminded me. All is well, and paid!")
    yield 216  # The index was due on day 185, and nothing was submitted: it has returned.
    await book.say("siobhan", "The index slipped my mind, sorry. I understand that it went back.")


async def labels(story: Telling) -> Days:
    """Emma takes a release back in time; today another is on its way, and work waits to be seen."""
    yield 330
    await story.deposit("emma", "900.00 USD")
    deal = await offer(story, "emma", "hanako", "USD", CLOCKED)
    soaps, boxes, leaflet = await deal.fund(
        ("Labels of six soaps in Japanese", "210.00 USD", 350),
        ("The same for the gift boxes", "140.00 USD", 362),
        ("A leaflet: how to use a konjac sponge", "95.00 USD", 380),
    )
    yield 331
    await deal.accept()
    yield 345
    await deal.submit(soaps, "Six labels, with the readings beside them.")
    yield 346
    await deal.release(boxes)
    yield 346
    await deal.recall(boxes)
    await deal.say("emma", "That was the wrong one; I took it back and release the labels.")
    await deal.release(soaps)
    yield 354
    await deal.submit(leaflet, "Both sides of an A6 card.")
    yield 365
    await deal.submit(boxes, "The boxes too.")
    yield 365
    await deal.release(boxes)


SILENCE: Final = (a_catalogue, labels)
