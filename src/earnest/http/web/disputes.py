"""Disputes: everybody's own list, and the room in which one is argued and decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.disputes.row import OPEN, Dispute, DisputeStatus
from earnest.core.milestones.tranches import Tranche
from earnest.http.reading import noted
from earnest.http.web import foretelling, listing
from earnest.http.web.acting import VIA
from earnest.http.web.contracts import timeline
from earnest.http.web.menus import cannot, menu
from earnest.http.web.positions import position
from earnest.http.web.rendering import page
from earnest.http.web.rooms import (
    exhibits,
    next_step,
    offers,
    refusable,
    rounds,
    ruled,
    stages,
    stakes,
    waits,
)
from earnest.http.web.sheets import new_key
from earnest.http.web.subjects import address_of, load
from earnest.http.web.viewing import views_of
from earnest.store.reads import rooms
from earnest.store.reads.around import names
from earnest.store.reads.collections import DIRECTIONS, DISPUTES
from earnest.words import statuses
from earnest.words.saying import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.milestones.row import Milestone
    from earnest.http.web.listing import Asked
    from earnest.http.web.subjects import About
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

#: In lists: whatever is not over.
UNDER_WAY: Final = "open"
_FILTERS: Final[Mapping[str, Any]] = {
    "dir": listing.one_of(DIRECTIONS),
    "status": listing.statuses(DisputeStatus, {UNDER_WAY: OPEN}),
}
STATUSES: Final = [
    (UNDER_WAY, N_("Not over yet")),
    *((each.value, statuses.called(each)) for each in DisputeStatus),
]
_CHIPS: Final[Mapping[str, Any]] = {"status": dict(STATUSES).__getitem__}


def asked_for(query: Mapping[str, str]) -> Asked:
    """Which of them an address asks for."""
    return listing.asked_of(query, DISPUTES, _FILTERS, "/disputes")


@dataclass(frozen=True, slots=True)
class Disputes:
    """The list of disputes, and the room of one."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """All disputes that the reader is a side of."""
        asked = asked_for(request.query_params)
        me = visit.me.id

        async def read(db: Connection) -> tuple[Any, ...]:
            rows, following = await asked.rows(db, me)
            people = {number for row in rows for number in (row.employer_id, row.freelancer_id)}
            views = await views_of(db, visit, "disputes", asked)
            about = await rooms.milestones_of(db, rows)
            return rows, following, await names(db, people), about, views

        rows, following, people, milestones, views = await visit.reading(read)
        return page(
            visit,
            "disputes/list.html",
            section="disputes",
            asked=asked,
            rows=lines(rows, people, milestones, visit),
            statuses=STATUSES,
            views=views,
            chips=asked.chips(_CHIPS),
            pager=asked.pager(rows, following),
        )

    async def shown(self, visit: Visit, request: Request) -> Response:
        """Both positions, the stage and its clock, and everything that was said and shown."""

        async def read(db: Connection) -> tuple[Any, ...]:
            about = await load(db, visit, Dispute, request.path_params["id"])
            found = await rooms.furnished(db, about.row, visit.me.id)
            lines_of = await timeline(db, about.row, request, has_receipt=about.is_side)
            return about, found, lines_of, await foretelling.foretold(db, about)

        about, found, history, fate = await visit.reading(read)
        await noted(self.app, visit.me, about.contract, VIA)
        row, milestone = about.row, about.milestone
        assert milestone is not None, "a dispute is about something"
        return page(
            visit,
            "disputes/room.html",
            section="disputes",
            about=about,
            dispute=row,
            milestone=milestone,
            sees_contract=about.is_side or visit.is_staff,
            is_arbiter=row.arbiter_id == visit.me.id,
            next=next_step(row, about, found),
            actions=menu(row, about.offered, about.address),
            cannot=cannot(about) if row.status in OPEN else (),
            fate=fate,
            stages=stages(row),
            position=position(row, about),
            rounds=rounds(row, about, found),
            extension=waits(row, about),
            stakes=stakes(row, about),
            offers=offers(found, about),
            exhibits=exhibits(found, about),
            ruling=ruled(found, about),
            arbiter=found.names.get(row.arbiter_id or 0),
            refusable=refusable(row, about),
            key=new_key(),
            tranche=_tranche_of(about),
            timeline=history,
        )


def _tranche_of(about: About) -> Tranche | None:
    """The tranche that it is an objection to, if it is one."""
    number = about.row.tranche_id
    return None if number is None else about.world.find(Tranche, number)


def lines(
    rows: Sequence[Dispute],
    people: Mapping[int, str],
    milestones: Mapping[int, Milestone],
    visit: Visit,
) -> list[dict[str, Any]]:
    """Disputes as a list shows them: what each is about, with whom, how it stands, until when."""
    return [
        {
            "row": row,
            "href": address_of(row),
            "what": milestones[row.milestone_id].description,
            "employer": people[row.employer_id],
            "freelancer": people[row.freelancer_id],
            "person": people[row.other_than(visit.me.id)],
            "part": _part(row, visit.me.id),
            "is_open": row.status in OPEN,
            "ends_at": row.wakes_at,
            "answers": people[row.other_than(row.opener_id)] if _is_unanswered(row) else None,
            "is_mine": visit.me.id == row.other_than(row.opener_id),
        }
        for row in rows
    ]


def _is_unanswered(row: Dispute) -> bool:
    """Whether it waits for the answer of who did not open it."""
    return row.status is DisputeStatus.RESPONSE


def _part(row: Dispute, me: int) -> str:
    """Which part somebody has in it."""
    if me == row.employer_id:
        return "employer"
    return "freelancer" if me == row.freelancer_id else "arbiter"
