"""The arbiter's desk: the disputes that somebody is named for, and what each of them waits for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.disputes.row import Dispute, may_arbitrate
from earnest.http import asking
from earnest.http.web.disputes import lines
from earnest.http.web.rendering import page
from earnest.store.reads import rooms
from earnest.store.reads.around import names
from earnest.words.disputes import TASKS

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/desk"
SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Desk:
    """For arbiters alone; to everybody else it is not there."""

    app: App

    async def home(self, visit: Visit, _request: Request) -> Response:
        """What waits for a ruling, what is due first; and what is over."""
        me = visit.me
        if not may_arbitrate(me):
            raise asking.not_found()

        async def read(db: Connection) -> tuple[Any, ...]:
            waiting, over = await rooms.desk(db, me.id, SHOWN)
            rows = (*waiting, *over)
            people = {number for row in rows for number in (row.employer_id, row.freelancer_id)}
            return waiting, over, await names(db, people), await rooms.milestones_of(db, rows)

        waiting, over, people, milestones = await visit.reading(read)
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
        )


def task(row: Dispute, now: datetime) -> str:
    """What the named arbiter has to do about it next."""
    if row.taken_at is None:
        return TASKS["take"]
    if row.asked_until is not None and now < row.asked_until:
        return TASKS["wait"]
    return TASKS["open"] if row.opened < row.exhibits else TASKS["rule"]
