"""Deposits and withdrawals: the list of both, and the page of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.currencies import EXPONENTS
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.row import EXPIRES_AFTER
from earnest.core.payments.withdrawing import SENT, UNSENT, Withdrawal
from earnest.http.web import foretelling, listing, tables
from earnest.http.web.contracts import timeline
from earnest.http.web.menus import menu
from earnest.http.web.paying import destination, looked
from earnest.http.web.rendering import page, redirect, said
from earnest.http.web.subjects import KINDS, address_of, load
from earnest.store.reads import pages
from earnest.store.reads.around import names
from earnest.store.reads.collections import DEPOSITS, WITHDRAWALS, Collection
from earnest.words.gateways import gateway_of
from earnest.words.saying import _

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.listing import Asked
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

PATH: Final = "/finances/payments"
#: A withdrawal that has left the wallet and is not paid yet.
ON_THE_WAY: Final = UNSENT | SENT
_FILTERS: Final[Mapping[str, Any]] = {
    "currency": listing.one_of(EXPONENTS),
    "on_the_way": lambda text: sorted(ON_THE_WAY) if text == "1" else None,
}


@dataclass(frozen=True, slots=True)
class Payments:
    """Money on its way in and out."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """Deposits and withdrawals of the reader; or only what is on its way out."""
        asked = request.query_params
        out, into = asked_for(asked, WITHDRAWALS), asked_for(asked, DEPOSITS)

        async def read(db: Connection) -> tuple[Any, ...]:
            wallets = await pages.wallets(db, visit.me.id)
            return await _some(db, visit, out), await _some(db, visit, into), wallets

        withdrawals, deposits, wallets = await visit.reading(read)
        return page(
            visit,
            "finances/payments.html",
            section="finances",
            tabs=tables.tabs("/finances/payments"),
            purses=[_purse(each, visit) for each in wallets],
            days=EXPIRES_AFTER.days,
            chips=out.chips({"currency": str, "on_the_way": str}),
            on_the_way="on_the_way" in out.filters,
            deposits=deposits,
            withdrawals=withdrawals,
        )

    async def to_list(self, visit: Visit, _request: Request) -> Response:
        """Withdrawals alone are a part of that list."""
        return redirect(visit, f"{PATH}#withdrawals")

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One of them, what may be done with it, and what happened to it."""
        kind = KINDS[request.url.path.split("/")[1]]

        async def read(db: Connection) -> tuple[Any, ...]:
            about = await load(db, visit, kind, request.path_params["id"])
            mine = about.row.user_id == visit.me.id
            lines = await timeline(db, about.row, request, has_receipt=mine)
            owner = await names(db, {about.row.user_id})
            fate = await foretelling.foretold(db, about, owner)
            return about, mine, lines, fate, owner[about.row.user_id]

        about, mine, lines, fate, owner = await visit.reading(read)
        row = about.row
        if not mine:
            await looked(visit, row.user_id)
        return page(
            visit,
            "payment.html",
            section="finances" if mine else "staff",
            about=about,
            row=row,
            mine=mine,
            owner=owner,
            fate=fate,
            is_deposit=isinstance(row, Deposit),
            is_pending=row.goes_on,
            is_broken=row.is_broken,
            destination=destination(row) if isinstance(row, Withdrawal) else None,
            actions=menu(row, about.offered, about.address),
            timeline=lines,
        )


def _purse(held: Money, visit: Visit) -> dict[str, Any]:
    """What can be taken out in one currency, and above how much somebody looks at it first."""
    limit = visit.app.house.approval_limits.get(held.currency)
    return {
        "held": held,
        "least": Money(1, held.currency),
        "limit": None if limit is None else Money(limit, held.currency),
    }


def asked_for(query: Mapping[str, str], of: Collection[Any]) -> Asked:
    """Deposits or withdrawals as an address asks for them; each has a place of its own in it."""
    cursor = query.get(of.source.table, "")
    known = _FILTERS if of is WITHDRAWALS else {"currency": _FILTERS["currency"]}
    return listing.asked_of({**query, "cursor": cursor}, of, known, PATH)


async def _some(db: Connection, visit: Visit, asked: Asked) -> dict[str, Any]:
    """One page of either, the newest first."""
    rows, following = await asked.rows(db, visit.me.id)
    name = asked.collection.source.table
    return {
        "rows": [line(row, visit) for row in rows],
        "pager": asked.pager(rows, following, name),
        "csv": asked.address().replace(PATH, f"/finances/{name}.csv", 1),
    }


def line(row: Deposit | Withdrawal, visit: Visit) -> dict[str, Any]:
    """One of them in a list. All deposits come from one place, so each is called by its amount."""
    if isinstance(row, Withdrawal):
        return {"row": row, "href": address_of(row), "about": destination(row), "title": ""}
    title = _("Deposit of {amount}").format(amount=said(row.amount, visit))
    return {"row": row, "href": address_of(row), "about": gateway_of(row.gateway), "title": title}
