"""A person's page: what the books say of them on both sides, and how each figure is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.money import Money
from earnest.core.people import User
from earnest.core.references import printed
from earnest.core.reputation import MEASURES
from earnest.core.rows import wire_time
from earnest.http import asking
from earnest.http.web import listing
from earnest.http.web.listing import reference
from earnest.http.web.records import review, told
from earnest.http.web.rendering import page
from earnest.http.web.subjects import address_of
from earnest.store.reads import reputation as reads
from earnest.store.reads.around import balances
from earnest.store.reads.lookups import card_of
from earnest.store.reads.paging import Order
from earnest.store.reads.projects import open_of
from earnest.words import reputation as words
from earnest.words.moments import month

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.reputation import Record
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

PROJECTS_SHOWN: Final = 10
REVIEWS_SHOWN: Final = 10
#: How high the bar of the busiest month is.
BAR_PIXELS: Final = 64


@dataclass(frozen=True, slots=True)
class Profiles:
    """What everybody signed in may read of a person."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """Both records, the history by month, and the projects that are open."""
        number = reference(User.prefix)(request.path_params["id"])

        async def read(db: Connection) -> tuple[Any, ...]:
            card = None if number is None else await card_of(db, number)
            if number is None or card is None:
                raise asking.not_found()
            records = await reads.both_sides(db, number)
            months = await reads.months(db, number)
            reviews = await _reviews(db, request, number)
            return number, card, records, months, reviews, await _projects(db, number)

        number, (name, since), records, months, reviews, projects = await visit.reading(read)
        return page(
            visit,
            "people/profile.html",
            section="",
            person={"reference": printed(User.prefix, number), "name": name, "since": since},
            reviews=reviews,
            is_me=number == visit.me.id,
            sides=[
                _side(each, months[each.side], visit.locale)
                for each in sorted(records, key=lambda each: each.is_empty)
            ],
            counted=words.COUNTED,
            projects=projects,
        )


async def _reviews(db: Connection, request: Request, person: int) -> dict[str, Any]:
    """What others said of them, the newest first."""
    path, order = request.url.path, Order()
    after = listing.place(request.query_params.get("reviews"), "reviews", path, order)
    found, more = await reads.reviews(db, person, after, REVIEWS_SHOWN)
    rows = [each.row for each in found]
    following = listing.following(rows, "reviews", path, order) if more else None
    return {
        "rows": [review(each.row, each.name, is_by_employer=each.is_by_employer) for each in found],
        "newest": f"{path}#reviews" if after else None,
        "older": f"{path}?reviews={following}#reviews" if following else None,
    }


async def _projects(db: Connection, employer: int) -> list[dict[str, Any]]:
    """What they want done and have not chosen anybody for, with what is reserved for it."""
    rows = await open_of(db, employer, PROJECTS_SHOWN)
    reserved = await balances(db, {row.reserve for row in rows if row.reserved_since})
    return [
        {
            "row": row,
            "href": address_of(row),
            "reserved": Money(reserved.get(row.reserve, 0), row.currency),
        }
        for row in rows
    ]


def _side(record: Record, months: Sequence[tuple[datetime, int]], locale: str) -> dict[str, Any]:
    most = max(count for _, count in months)
    return {
        "side": record.side.value,
        "is_empty": record.is_empty,
        "figures": told(record, MEASURES[record.side], locale),
        "months": [
            {
                "month": wire_time(at)[:7],
                "said": month(at, locale),
                "count": count,
                "height": _height(count, most),
            }
            for at, count in months
        ]
        if most
        else [],
    }


def _height(count: int, most: int) -> int:
    """How high a bar is; a month in which anything happened has one that can be seen."""
    return max(count * BAR_PIXELS // most, 2 if count else 0)
