"""The search of every page's head: its results, and what it shows while one types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from earnest.core.contracts import Contract
from earnest.core.milestones.row import Milestone
from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.http.answers import ProblemError
from earnest.http.cursors import cursor, place_in
from earnest.http.finding import (
    BY_TYPE,
    Type,
    amount_of,
    kind_of,
    person_of,
    place_of,
    spot_of,
    title_of,
)
from earnest.http.web.marking import excerpt, marked
from earnest.http.web.rendering import page, short
from earnest.store.reads.search import FIRST, Found, Spot, search
from earnest.wire.sought import KINDS, Sought, sought
from earnest.words.saying import _, mark

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.rows import Row
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/search"
ROWS: Final = 20
SUGGESTED: Final = 6
TITLE_LENGTH: Final = 140
NAMES: Final[Mapping[str, str]] = {
    Project.noun: "Project",
    User.noun: "Person",
    Contract.noun: "Contract",
    Milestone.noun: "Milestone",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for; what makes no sense is not in it."""

    wanted: Sought
    type: Type | None
    cursor: str | None

    def address(self, type_: str | None, **more: str | None) -> str:
        """The same words, otherwise."""
        asked = {"q": self.wanted.text, "type": type_, **more}
        return f"{ADDRESS}?{urlencode({name: text for name, text in asked.items() if text})}"

    @property
    def bound(self) -> Mapping[str, str]:
        """What a cursor is bound to."""
        return {"list": ADDRESS, "q": self.wanted.text, "type": self.type or ""}

    @property
    def after(self) -> Spot:
        """Where the page begins; of another list, or cut off, the first page is what helps."""
        try:
            return spot_of(place_in(self.cursor, self.bound, int)) if self.cursor else FIRST
        except ProblemError:
            return FIRST


@dataclass(frozen=True, slots=True)
class Searching:
    """Results, as a page and as a few links below the box."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """What the words find, page by page."""
        asked = _asked(request)
        found = await _found(visit, asked, ROWS)
        following = found.following if found else None
        kind = asked.type.value if asked.type else None
        older = cursor(place_of(following), asked.bound) if following else None
        return page(
            visit,
            "search/page.html",
            section="search",
            asked=asked,
            rows=_lines(visit, found, asked.wanted) if found else [],
            kinds=[
                {"href": asked.address(None), "text": _("All"), "here": kind is None},
                *(
                    {"href": asked.address(each), "text": text, "here": kind == each}
                    for each, text in _PLURALS.items()
                ),
            ],
            newest=asked.address(kind) if asked.after != FIRST else None,
            older=asked.address(kind, cursor=older) if older else None,
        )

    async def suggested(self, visit: Visit, request: Request) -> Response:
        """The first of them, for the box of another page."""
        asked = _asked(request)
        found = await _found(visit, asked, SUGGESTED)
        return page(
            visit,
            "search/suggested.html",
            section="search",
            asked=asked,
            suggesting=True,
            rows=_lines(visit, found, asked.wanted) if found else [],
            more=asked.address(None) if found and found.following else None,
        )


_PLURALS: Final = {
    Project.noun: "Projects",
    User.noun: "People",
    Contract.noun: "Contracts",
    Milestone.noun: "Milestones",
}
mark(NAMES, _PLURALS)


def _asked(request: Request) -> Asked:
    given = request.query_params
    kind = given.get("type", "")
    known = Type(kind) if kind in set(Type) else None
    return Asked(sought(given.get("q", "")), known, given.get("cursor"))


async def _found(visit: Visit, asked: Asked, limit: int) -> Found | None:
    """Nothing is asked of the database for no words."""
    if not asked.wanted.text:
        return None
    me = visit.me.id
    kinds = [BY_TYPE[asked.type]] if asked.type else KINDS

    async def read(db: Connection) -> Found:
        return await search(db, asked.wanted, me, kinds, asked.after, limit)

    return await visit.reading(read)


def _lines(visit: Visit, found: Found, wanted: Sought) -> list[dict[str, Any]]:
    return [_line(visit, row, found, wanted) for row in found.rows]


def _line(visit: Visit, row: Any, found: Found, wanted: Sought) -> dict[str, Any]:
    """Something that was found, as a line says it."""
    kind, me = kind_of(row), visit.me.id
    title = short(title_of(row, found, me), TITLE_LENGTH)
    bits = marked(title, wanted)
    more = ""
    if isinstance(row, Project | Milestone) and not any(bit.marked for bit in bits):
        more = excerpt(row.description, wanted)
    person = person_of(row, me)
    return {
        "kind": NAMES[kind.noun],
        "href": where(kind, row.id),
        "title": bits,
        "excerpt": marked(more, wanted) if more else [],
        "status": getattr(row, "status", None),
        "amount": amount_of(row),
        "is_budget": isinstance(row, Project),
        "person": found.names[person] if person is not None else None,
        "project": found.titles.get(getattr(row, "project_id", None) or 0)
        if isinstance(row, Milestone)
        else None,
        "at": getattr(row, "created_at", None),
    }


def where(kind: type[Row], number: int) -> str:
    """Where the page of something is."""
    folder = "people" if kind is User else f"{kind.noun}s"
    return f"/{folder}/{printed(kind.prefix, number)}"
