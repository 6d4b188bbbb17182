"""Deposits and withdrawals: the list of both, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.payments.depositing import Deposit, DepositStatus
from earnest.core.payments.withdrawing import Withdrawal
from earnest.http.web import tables, telling
from earnest.http.web.menus import menu
from earnest.http.web.rendering import page
from earnest.http.web.subjects import KINDS, address_of, load
from earnest.store.reads import events
from earnest.store.reads.around import names
from earnest.store.reads.collections import DEPOSITS, EVENTS, WITHDRAWALS, Collection
from earnest.store.reads.paging import Order, Page
from earnest.store.reads.paging import page as rows_of
from earnest.wire.shapes import masked

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Payments:
    """Money on its way in and out."""

    app: App

    async def listed(self, visit: Visit, _request: Request) -> Response:
        """The newest deposits and withdrawals of the reader."""
        me = visit.me.id

        async def read(db: Connection) -> tuple[Any, ...]:
            return await _newest(db, DEPOSITS, me), await _newest(db, WITHDRAWALS, me)

        deposits, withdrawals = await visit.reading(read)
        return page(
            visit,
            "finances/payments.html",
            section="finances",
            tabs=tables.tabs("/finances/payments"),
            deposits=[line(row) for row in deposits],
            withdrawals=[line(row) for row in withdrawals],
        )

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One of them, what may be done with it, and what happened to it."""
        kind = KINDS[request.url.path.split("/")[1]]

        async def read(db: Connection) -> tuple[Any, ...]:
            about = await load(db, visit, kind, request.path_params["id"])
            branches, order = events.about(about.row, {})
            found, _ = await rows_of(db, EVENTS, Page(tuple(branches), order, None, SHOWN))
            people = await names(db, {e.actor_id for e in found} | {about.row.user_id})
            return about, [telling.told(e, people, about_one=True) for e in found], people

        about, lines, people = await visit.reading(read)
        row = about.row
        mine = row.user_id == visit.me.id
        return page(
            visit,
            "payment.html",
            section="finances" if mine else "staff",
            about=about,
            row=row,
            mine=mine,
            owner=people[row.user_id],
            is_deposit=isinstance(row, Deposit),
            is_pending=row.status in WAITING,
            destination=destination(row) if isinstance(row, Withdrawal) else None,
            actions=menu(row, about.offered, about.address),
            timeline=lines,
        )


#: In these there is more to come without anybody's doing.
WAITING: Final = frozenset({DepositStatus.PENDING, "approved", "sent"})


async def _newest(db: Connection, collection: Collection[Any], me: int) -> list[Any]:
    branches = collection.branches(me, {}, everybody=False)
    return (await rows_of(db, collection.source, Page(tuple(branches), Order(), None, SHOWN)))[0]


def destination(row: Withdrawal) -> str:
    """Where it goes; of the account only the end is shown."""
    return f"{row.destination_name} · {masked(row.destination_account)}"


def line(row: Deposit | Withdrawal) -> dict[str, Any]:
    """One of them in a list."""
    about = destination(row) if isinstance(row, Withdrawal) else row.gateway.capitalize()
    return {"row": row, "href": address_of(row), "about": about}
