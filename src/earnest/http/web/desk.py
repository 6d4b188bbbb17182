"""The arbiter's desk: the disputes that somebody is named for, and what each of them waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.disputes.row import Dispute, may_arbitrate
from earnest.http import asking
from earnest.http.web import listing
from earnest.http.web.disputes import lines
from earnest.http.web.rendering import page
from earnest.store.reads import rooms
from earnest.store.reads.around import names
from earnest.store.reads.paging import Order
from earnest.words.disputes import TASKS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/desk"
SHOWN: Final = 50
#: The two lists, and what their cursors are called.
WAITING: Final = "waiting"
OVER: Final = "over"


@dataclass(frozen=True, slots=True)
class Desk:
    """For arbiters alone; to everybody else it is not there."""

    app: App

    async def home(self, visit: Visit, request: Request) -> Response:
        """What waits for a ruling, what is due first; and what is over."""
        me, asked = visit.me, request.query_params
        if not may_arbitrate(me):
            raise asking.not_found()

        async def read(db: Connection) -> tuple[Any, ...]:
            due = listing.place(asked.get(WAITING), WAITING, str(me.id), rooms.DUE)
            ended = listing.place(asked.get(OVER), OVER, str(me.id), Order())
            waiting, more = await rooms.waiting(db, me.id, due, SHOWN)
            over, older = await rooms.over(db, me.id, ended, SHOWN)
            pagers = {
                WAITING: _pager(
                    me.id, WAITING, asked.get(WAITING) if due else None, waiting, has_more=more
                ),
                OVER: _pager(me.id, OVER, asked.get(OVER) if ended else None, over, has_more=older),
            }
            rows = (*waiting, *over)
            people = {number for row in rows for number in (row.employer_id, row.freelancer_id)}
            milestones = await rooms.milestones_of(db, rows)
            return waiting, over, await names(db, people), milestones, pagers

        waiting, over, people, milestones, pagers = await visit.reading(read)
        found = lines(waiting, people, milestones, visit)
        return page(
            visit,
            "disputes/desk.html",
            section="desk",
            waiting=[
                {**line, "task": task(row, visit.as_of), "left": row.exhibits - row.opened}
                for line, row in zip(found, waiting, strict=True)
            ],
            over=lines(over, people, milestones, visit),
            pagers=pagers,
        )


def _pager(
    me: int, name: str, given: str | None, rows: Sequence[Dispute], *, has_more: bool
) -> listing.Pager:
    """The pages of one of the two lists."""
    order = rooms.DUE if name == WAITING else Order()
    following = listing.following(rows, name, str(me), order) if has_more else None
    return listing.Pager.of(rows, given, ADDRESS, following, name)


def task(row: Dispute, now: datetime) -> str:
    """What the named arbiter has to do about it next."""
    if row.taken_at is None:
        return TASKS["take"]
    if row.asked_until is not None and now < row.asked_until:
        return TASKS["wait"]
    return TASKS["open"] if row.opened < row.exhibits else TASKS["rule"]
