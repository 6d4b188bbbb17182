"""People as operators see them. Whom they look at and look for is written down before it is shown.

What can be done about somebody is done on the command line: nobody's account changes by a click.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.money import Money
from earnest.core.people import User
from earnest.core.references import printed
from earnest.http import asking
from earnest.http.web import listing
from earnest.http.web.console.frame import Queue, only_operators, shown
from earnest.http.web.console.queues import look_shown
from earnest.http.web.paying import looked
from earnest.store import looking, tokens
from earnest.store.reads import console, pages
from earnest.store.reads.paging import Branch, Order, Page, Part
from earnest.store.reads.paging import page as rows_of
from earnest.store.reads.purse import purse
from earnest.words.console import PEOPLE_VIEWS, ROLES
from earnest.words.tokens import good_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/staff/people"
FOUND_MAX: Final = 50
WORDS_MAX: Final = 100
LOOKS_SHOWN: Final = 10
#: Whom a search leaves out: nobody has this number.
NOBODY: Final = 0


async def _lines(
    _db: Connection, rows: Sequence[console.Listed], _visit: Visit
) -> Sequence[Mapping[str, Any]]:
    return [_line(row) for row in rows]


def _line(row: console.Listed) -> dict[str, Any]:
    return {
        "row": row,
        "reference": printed(User.prefix, row.id),
        "roles": _roles(row.roles),
        "href": f"{ADDRESS}/{printed(User.prefix, row.id)}",
    }


def _roles(roles: Iterable[str]) -> list[str]:
    return [ROLES[each] for each in sorted(roles)]


EVERYBODY: Final = Queue(
    ADDRESS,
    "people.html",
    console.PEOPLE,
    PEOPLE_VIEWS,
    {"roles": (Part("console.with_a_role"),), "suspended": (Part("console.suspended"),)},
    _lines,
)


@dataclass(frozen=True, slots=True)
class People:
    """For operators alone; to everybody else it is not there."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """Everybody, the newest first; or whom some words find."""
        only_operators(visit)
        query = request.query_params
        words = query.get("q", "").replace("\0", "")[:WORDS_MAX].strip()
        if words:
            return await self._found(visit, words)
        view = query.get("view", "")
        view = view if view in PEOPLE_VIEWS else next(iter(PEOPLE_VIEWS))
        given = query.get("older")

        async def read(db: Connection) -> tuple[Sequence[Mapping[str, Any]], str | None]:
            where = EVERYBODY.where.get(view, ())
            rows, older = await EVERYBODY.rows(db, view, given, where)
            return await _lines(db, rows, visit), older

        rows, older = await visit.reading(read)
        around = EVERYBODY.around(view, given, older)
        return shown(visit, "people.html", ADDRESS, words="", rows=rows, **around)

    async def _found(self, visit: Visit, words: str) -> Response:
        """By a reference, by exactly an address, or by the beginnings of the words of a name."""
        database, number = self.app.database, self.app.node.ids.new()
        me = visit.me.id
        await asking.looking(self.app, lambda: looking.looked_for(database, number, me, words))

        async def read(db: Connection) -> list[console.Listed]:
            known = listing.reference(User.prefix)(words)
            found = await pages.people(db, words, NOBODY, FOUND_MAX) if known is None else []
            numbers = [known] if known is not None else [each for each, _ in found]
            branch = Branch("lists.own", (Part("lists.these", (numbers,)),))
            rows, _ = await rows_of(db, console.PEOPLE, Page((branch,), Order(), None, FOUND_MAX))
            return rows

        rows = [_line(row) for row in await visit.reading(read)]
        around = {**EVERYBODY.around("", None, None), "newest": None, "older": None}
        return shown(visit, "people.html", ADDRESS, words=words, rows=rows, **around)

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One person: what they are here, what they have, and who of the staff looked at them."""
        only_operators(visit)
        number = asking.reference(request, User.prefix)

        async def read(db: Connection) -> tuple[Any, ...]:
            person = None if number is None else await console.person(db, number)
            if number is None or person is None:
                raise asking.not_found()
            branch = Branch("lists.own", (Part("console.looks_at", (number,)),))
            looks, _ = await rows_of(db, console.LOOKS, Page((branch,), Order(), None, LOOKS_SHOWN))
            return person, await purse(db, number), looks

        person, money, looks = await visit.reading(read)
        await looked(visit, person.id, "person")
        database = self.app.database
        held = await asking.looking(self.app, lambda: tokens.all_of(database, person.id))
        return shown(
            visit,
            "person.html",
            ADDRESS,
            person=person,
            reference=printed(User.prefix, person.id),
            roles=_roles(person.roles),
            purses=_purses(money),
            tokens=[(each, good_for(each.scopes)) for each in held],
            looks=[look_shown(each) for each in looks],
            counted_max=console.COUNTED_MAX,
        )


def _purses(money: Mapping[str, Mapping[str, int]]) -> list[dict[str, Money]]:
    """In each currency: what they can spend, and where all else of theirs is."""
    return [
        {
            "wallet": Money(places["wallet"], currency),
            "reserved": Money(places["reserved"], currency),
            "outgoing": _sum(places, currency, "_outgoing"),
            "incoming": _sum(places, currency, "_incoming"),
            "on_the_way": Money(places["on_the_way"], currency),
        }
        for currency, places in money.items()
    ]


def _sum(places: Mapping[str, int], currency: str, end: str) -> Money:
    return Money(sum(each for place, each in places.items() if place.endswith(end)), currency)
