"""The pictures that the style guide shows: a year of money, thirty days, and a milestone's life."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from earnest.core.money import Money
from earnest.http.web import coming, lives, pictures
from earnest.http.web.pictures import along
from earnest.store.reads.months import Month, Months, following

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Of each month: what came into the wallet, left it, was set aside, and was paid; in dollars.
_YEAR: Final = (
    *((400, 0, 0, 0), (900, 600, 600, 0), (0, 100, -200, 300), (800, 700, 500, 200)),
    *((0, 0, 0, 0), (0, 200, -300, 500), (600, 500, 400, 100), (900, 300, 200, 100)),
    *((0, 0, -400, 400), (700, 800, 800, 0), (300, 200, -500, 700), (900, 400, 300, 100)),
)
_LINES: Final = (
    (3, "in", "Checkout API: USD 400.00 is final for you on 26 Nov 2026"),
    (11, "out", "Shop photos: USD 95.00 is released to Ana Souza on 4 Dec 2026"),
    (27, "out", "Newsletter: USD 140.00 returns to Rosa Lind on 20 Dec 2026"),
)


def samples(noon: datetime) -> dict[str, Any]:
    """One of each."""
    year = _year()
    purse = {"wallet": 170_000, "held_outgoing": 140_000, "held_incoming": 30_000}
    places = {name: 0 for names in pictures.OF_A_PURSE.values() for name in names}
    life = _life(noon)
    return {
        "year_of_money": pictures.standing(year, {**places, **purse}, "USD", "en"),
        "year_of_work": pictures.paid(year, "USD", "en"),
        "coming": _coming(noon),
        "life": life,
        "life_without_end": replace(
            life, points=[each for each in life.points if not each.is_ahead], is_endless=True
        ),
    }


def _year() -> Months:
    found: list[Month] = []
    month = datetime(2025, 12, 1, tzinfo=UTC)
    held = outgoing = 0
    for place, (came, went, more, paid) in enumerate(_YEAR):
        opening, outgoing = held, outgoing + more
        held += came - went
        found.append(
            Month(
                month,
                *(_usd(opening), _usd(came), _usd(went)),
                moves=3,
                outgoing=_usd(outgoing),
                incoming=_usd(place % 4 * 150),
                on_the_way=_usd(place % 5 * 40),
                earned=_usd(paid // 2),
                spent=_usd(paid),
                is_closed=place < len(_YEAR) - 1,
            )
        )
        month = following(month)
    return Months(found, found[-1].begins, _usd(held))


def _usd(dollars: int) -> Money:
    return Money(dollars * 100, "USD")


def _coming(noon: datetime) -> coming.Drawn:
    ends = noon + timedelta(days=coming.DAYS)
    things = [
        coming.Next(at, Markup(line), "#coming", along(at, noon, ends), tone)  # noqa: S704  # Ours.
        for days, tone, line in _LINES
        for at in [noon + timedelta(days=days)]
    ]
    return coming.Drawn(noon, ends, things, is_cut=True)


def _life(noon: datetime) -> lives.Life:
    return lives.Life(_points(noon), "62.0%", is_endless=False, is_cut=True)


def _points(noon: datetime) -> Sequence[lives.Point]:
    said: tuple[tuple[int, str, str, int | None, str], ...] = (
        (-40, "0.0%", "Milestone funded", 80_000, "Rosa Lind"),
        (-9, "48.0%", "Work submitted", None, "Ana Souza"),
        (-2, "59.0%", "Payment released", 40_000, "Rosa Lind"),
        (5, "81.0%", "USD 400.00 is released to Ana Souza on 28 Nov 2026", None, ""),
    )
    return [
        lives.Point(
            noon + timedelta(days=days),
            place,
            text,
            None if minor is None else Money(minor, "USD"),
            person,
            "#life" if minor else None,
            is_ahead=days > 0,
        )
        for days, place, text, minor, person in said
    ]
