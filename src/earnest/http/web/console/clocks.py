"""Clocks: whether a worker is there, what is overdue, what runs out next, and what was put off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.references import printed
from earnest.http import asking
from earnest.http.answers import ProblemError
from earnest.http.cursors import cursor, place_in
from earnest.http.web.console.frame import SHOWN, address, only_operators, shown
from earnest.http.web.subjects import KINDS
from earnest.store.hearing import MISSED
from earnest.store.reads import console, lookups
from earnest.store.reads.paging import Place
from earnest.words.console import CLOCKS, COUNTED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/staff/clocks"
HEARTS_SHOWN: Final = 5
_LIST: Final = {"list": ADDRESS}


@dataclass(frozen=True, slots=True)
class Clocks:
    """For operators alone; to everybody else it is not there."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """Counts, the next of all clocks in one line, and when processes were there."""
        only_operators(visit)
        given = request.query_params.get("after")
        after = _place(given)

        async def read(db: Connection) -> tuple[Any, ...]:
            found = await console.next_clocks(db, after or console.FIRST, SHOWN + 1)
            hearts = await console.hearts(db, HEARTS_SHOWN)
            return found, await console.clocks(db), hearts

        found, counted, hearts = await visit.reading(read)
        overdue = await asking.looking(self.app, lambda: lookups.overdue_seconds(self.app.database))
        rows, has_more = found[:SHOWN], len(found) > SHOWN
        following = cursor(Place(rows[-1].at, rows[-1].id), _LIST) if has_more else None
        return shown(
            visit,
            "clocks.html",
            ADDRESS,
            rows=[_line(each, visit.as_of) for each in rows],
            counted=_counted(counted),
            hearts=hearts,
            is_beating=bool(hearts) and visit.as_of - hearts[0][1] <= MISSED,
            overdue_minutes=int(overdue) // 60,
            first=ADDRESS if after is not None else None,
            later=address(ADDRESS, after=following) if following else None,
        )


def _place(given: str | None) -> tuple[datetime, int] | None:
    """Where a page begins; what is no cursor of it is its beginning."""
    try:
        found = place_in(given, _LIST, type(console.FIRST[0])) if given else None
    except ProblemError:
        return None
    return None if found is None else (found.value, found.id)  # type: ignore[return-value]


def _line(clock: console.Clock, now: datetime) -> dict[str, Any]:
    """One clock; it leads to what it is of."""
    noun = "contract" if clock.noun == "offer" else clock.noun
    reference = printed(KINDS[f"{noun}s"].prefix, clock.id)
    return {
        "what": CLOCKS[clock.noun],
        "reference": reference,
        "href": f"/{noun}s/{reference}",
        "at": clock.at,
        "is_overdue": clock.at <= now,
    }


def _counted(found: Mapping[str, console.Clocks]) -> list[dict[str, Any]]:
    most = console.CLOCKS_COUNTED_MAX

    def said(count: int) -> str:
        return f"{most}+" if count >= most else str(count)

    return [
        {"title": title, "running": said(found[kind].running), "soon": said(found[kind].soon)}
        for kind, title in COUNTED.items()
    ]
