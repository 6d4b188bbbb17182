"""The financial dashboard: what somebody has, what waits for them, and every list behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from earnest.core.actions import offered
from earnest.core.contracts import Contract
from earnest.core.currencies import EXPONENTS
from earnest.core.milestones.row import HOLDING, Milestone, MilestoneStatus
from earnest.core.money import Money
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.core.world import World
from earnest.http.web import coming, foretelling, listing, pictures, tables
from earnest.http.web.beginning import steps
from earnest.http.web.menus import menu
from earnest.http.web.rendering import page
from earnest.http.web.subjects import address_of, other_side
from earnest.http.web.viewing import views_of
from earnest.store.beginnings import beginning
from earnest.store.reads import pages, projects
from earnest.store.reads.around import Seen, seen
from earnest.store.reads.collections import CONTRACTS, DIRECTIONS, MILESTONES
from earnest.store.reads.months import months
from earnest.store.reads.paging import Part, items
from earnest.store.reads.proof import proof
from earnest.store.reads.purse import purse
from earnest.words import statuses
from earnest.words.saying import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.listing import Asked
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

#: How many movements and how many things to do the overview shows.
FEW: Final = 8
DIRECTION: Final = "outgoing"
PATH: Final = "/finances/milestones"
#: What a tick at a milestone is called: this and its reference, since no two fields share a name.
PICK: Final = "pick."

STATUSES: Final = [
    (tables.HELD, N_("In escrow")),
    *((each.value, statuses.called(each)) for each in MilestoneStatus),
]
_FILTERS: Final[Mapping[str, Any]] = {
    "dir": listing.one_of(DIRECTIONS),
    "status": listing.statuses(MilestoneStatus, {tables.HELD: HOLDING}),
    "currency": listing.one_of(EXPONENTS),
    "contract": listing.reference(Contract.prefix),
    "q": listing.pattern,
}
_CHIPS: Final[Mapping[str, Any]] = {
    "status": dict(STATUSES).__getitem__,
    "currency": str,
    "contract": str,
    "q": str,
}


@dataclass(frozen=True, slots=True)
class Finances:
    """The tabs of the dashboard."""

    app: App

    async def overview(self, visit: Visit, request: Request) -> Response:
        """Balances by currency, what waits for the reader, what is coming, and what moved."""
        me = visit.me.id

        async def read(db: Connection) -> tuple[Any, ...]:
            money = await purse(db, me)
            moved = await pages.movements(db, me, list(money), pages.NEWEST, FEW)
            waiting = await pages.waiting(db, me, FEW + 1)
            next_ = await coming.of_reader(db, visit)
            pictured = await _pictured(db, visit, request, money)
            pictured["steps"] = steps(await beginning(db, me))
            return money, moved, waiting, next_, pictured, await proof(db)

        money, moved, waiting, next_, pictured, known = await visit.reading(read)
        return page(
            visit,
            "finances/overview.html",
            section="finances",
            tabs=tables.tabs("/finances"),
            purses=[tables.balances(currency, found) for currency, found in money.items()],
            todo=[tables.todo(each, visit) for each in waiting[:FEW]],
            has_more=len(waiting) > FEW,
            coming=coming.drawn(next_, visit),
            movements=[tables.movement(each) for each in moved],
            proof=known,
            **pictured,
        )

    async def milestones(self, visit: Visit, request: Request) -> Response:
        """The milestones that one pays for, or works on."""
        asked = asked_for(request.query_params)
        me = visit.me.id

        async def read(db: Connection) -> tuple[Any, ...]:
            rows, following = await asked.rows(db, me)
            found = await _around(db, visit, rows)
            titles = await projects.titles(db, {r.project_id for r in rows if r.project_id})
            return rows, following, found, titles, await views_of(db, visit, "milestones", asked)

        rows, following, (around, world), titles, views = await visit.reading(read)
        return page(
            visit,
            "finances/milestones.html",
            section="finances",
            tabs=tables.tabs("/finances/milestones"),
            asked=asked,
            shows_held=asked.filters.get("status") == tables.HELD,
            outgoing=asked.filters["dir"] == "outgoing",
            rows=[
                {
                    **_line(row, around, world, visit),
                    "project": titles.get(row.project_id or 0),
                    "project_href": f"/projects/{printed(Project.prefix, row.project_id or 0)}",
                }
                for row in rows
            ],
            statuses=STATUSES,
            views=views,
            chips=asked.chips(_CHIPS),
            picks_all=request.query_params.get("pick") == "all",
            pager=asked.pager(rows, following),
        )

    async def transactions(self, visit: Visit, request: Request) -> Response:
        """What came into and went out of one wallet, with what it held after each."""
        me = visit.me.id
        given = request.query_params.get("cursor")

        async def read(db: Connection) -> tuple[Any, ...]:
            wallets = await pages.wallets(db, me)
            currency = tables.chosen(request, wallets)
            if currency is None:
                return wallets, None, [], None
            start = tables.place_of(listing.apart(given)[0], currency) or tables.newest(
                wallets, currency
            )
            moved = await pages.movements(db, me, [currency], start.before, listing.ROWS + 1)
            return wallets, currency, *tables.running(moved, start.balance, listing.ROWS)

        wallets, currency, rows, following = await visit.reading(read)
        path = "/finances/transactions"
        return page(
            visit,
            "finances/transactions.html",
            section="finances",
            tabs=tables.tabs(path),
            currencies=[
                {"href": f"{path}?currency={each}", "text": each, "here": each == currency}
                for each in (wallet.currency for wallet in wallets)
            ],
            currency=currency,
            rows=rows,
            pager=listing.Pager.of(rows, given, f"{path}?currency={currency}", following),
            csv=f"{path}.csv?currency={currency}",
        )


async def _pictured(
    db: Connection, visit: Visit, request: Request, money: Mapping[str, Mapping[str, int]]
) -> dict[str, Any]:
    """The pictures of one currency: the one that is asked for, else that of which there is most."""
    sums = [Money(sum(found.values()), currency) for currency, found in money.items()]
    currency = tables.chosen(request, sums)
    shown: dict[str, Any] = {"standing": None, "paid": None, "is_counting": False}
    if currency is not None:
        held = Money(money[currency]["wallet"], currency)
        found = await months(db, visit.me.id, currency, visit.as_of, held)
        shown |= {
            "standing": pictures.standing(found, money[currency], currency, visit.locale),
            "paid": pictures.paid(found, currency, visit.locale),
            "is_counting": found.until is None and bool(found.months),
            "counted_until": found.until,
        }
    return {
        **shown,
        "currency": currency,
        "currencies": [
            {"href": f"/finances?currency={each}#pictures", "text": each, "here": each == currency}
            for each in money
        ],
    }


def asked_for(query: Mapping[str, str]) -> Asked:
    """Without a direction the reader sees what they pay for."""
    asked = listing.asked_of(query, MILESTONES, _FILTERS, PATH)
    if "dir" in asked.filters:
        return asked
    return replace(
        asked,
        filters={"dir": DIRECTION, **asked.filters},
        chosen={"direction": DIRECTION, **asked.chosen},
    )


async def _around(db: Connection, visit: Visit, rows: Sequence[Milestone]) -> tuple[Seen, World]:
    """What the rows of a list are shown with: as many statements for one as for fifty."""
    these = Part("lists.these", (sorted({row.contract_id for row in rows}),))
    contracts: list[Contract] = await items(db, CONTRACTS.source, these)
    around = await seen(db, rows)
    found = {(type(row), row.key): row for row in (*rows, *contracts, visit.me)}
    world = World(visit.as_of, visit.app.house, found, dict(around.around.balances), {})
    world.rulebooks = around.known.rulebooks
    return around, world


def _line(row: Milestone, around: Seen, world: World, visit: Visit) -> dict[str, Any]:
    names = offered(row, visit.me, world)
    return {
        "row": row,
        "href": address_of(row),
        "person": around.around.names[other_side(row, visit.me.id)],
        "held": around.around.balance(row.escrow) if row.status in HOLDING else None,
        "next": foretelling.next_of(row, around, visit),
        "pill": foretelling.pill_of(row),
        "menu": menu(row, names, address_of(row)),
        "pick": f"{PICK}{row.reference}" if "milestone.release" in names else None,
    }
