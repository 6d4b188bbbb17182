"""Choosing among bids: the employer's list of them, and a few of them side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlencode

from earnest.core.actions import standing
from earnest.core.bids.row import Bid
from earnest.core.world import World
from earnest.http.web import listing, records, uploading
from earnest.http.web.menus import menu
from earnest.http.web.rendering import page
from earnest.http.web.subjects import address_of, load
from earnest.store.reads import projects as reads
from earnest.store.reads.around import names, proposals
from earnest.store.reads.paging import Part, items
from earnest.store.reads.projects import BIDS
from earnest.words.saying import N_

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.bids.row import Proposal
    from earnest.http.web.listing import Asked
    from earnest.http.web.subjects import About
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ROWS: Final = 20
#: What a tick at a bid is called: this and its reference, since no two fields share a name.
COMPARE: Final = "compare."
#: So many bids fit side by side.
COMPARED_MAX: Final = 4
COMPARED_LEAST: Final = 2
SORTS: Final = (
    ("", N_("Newest first")),
    ("amount", N_("Lowest amount first")),
    ("-amount", N_("Highest amount first")),
    ("days", N_("Fewest days first")),
    ("-days", N_("Most days first")),
)

_FILTERS: Final[Mapping[str, Any]] = {
    "shortlisted": lambda text: True if text == "1" else None,
}


async def bids_of(db: Connection, about: About, request: Request) -> dict[str, Any]:
    """The bids for a project that are not over, as its employer asked for them."""
    asked = asked_for(request.query_params, about)
    rows, following = await asked.rows(db, about.visit.me.id, ROWS)
    chosen = await _compared(db, about, request)
    every = {row.id: row for row in (*rows, *chosen)}
    proposed = await proposals(db, sorted(every))
    bidders = {row.bidder_id for row in every.values()}
    people = await names(db, bidders)
    known = await records.of_bidders(db, about.visit, bidders)

    def line(row: Bid) -> dict[str, Any]:
        shown = _line(row, about, people[row.bidder_id], proposed[row.id])
        return {**shown, "record": known[row.bidder_id]}

    marked = [row.reference for row in chosen]
    return {
        "asked": asked,
        "sorts": SORTS,
        "rows": [line(row) for row in rows],
        "compared": [line(row) for row in chosen] if len(chosen) >= COMPARED_LEAST else [],
        "marked": marked,
        "here": asked.address(cursor=asked.cursor).partition("?")[2],
        "too_few": 0 < len(marked) < COMPARED_LEAST,
        "pager": asked.pager(rows, following),
        "csv": asked.address().replace(about.address, f"{about.address}/bids.csv", 1),
    }


def asked_for(query: Mapping[str, str], about: About) -> Asked:
    """Which bids for a project an address asks for."""
    asked = listing.asked_of(query, BIDS, _FILTERS, about.address)
    return replace(asked, chosen={"project": about.row.id, **asked.chosen})


async def _compared(db: Connection, about: About, request: Request) -> list[Bid]:
    """Those that are to stand side by side, in the order in which they were ticked."""
    read = listing.reference(Bid.prefix)
    ticked = (name for name in request.query_params if name.startswith(COMPARE))
    wanted = (read(name.removeprefix(COMPARE)) for name in ticked)
    numbers = [*dict.fromkeys(number for number in wanted if number is not None)][:COMPARED_MAX]
    if not numbers:
        return []
    these = Part("lists.these", (numbers,))
    found = await items(db, BIDS.source, these, Part("bids_shown.for_project", (about.row.id,)))
    return sorted(found, key=lambda row: numbers.index(row.id))


def list_of(about: About, query: str) -> str:
    """Where the list of bids is that an employer came from."""
    assert about.project is not None, "a bid is for a project"
    known = [(name, text) for name, text in parse_qsl(query) if name in _OF_THE_LIST]
    address = address_of(about.project)
    return f"{address}?{urlencode(known)}#bids" if known else f"{address}#bids"


_OF_THE_LIST: Final = frozenset({"sort", "shortlisted", "cursor"})


def _line(row: Bid, about: About, person: str, proposed: Sequence[Proposal]) -> dict[str, Any]:
    """A bid as its employer sees it, with what can be done with it now."""
    visit = about.visit
    rows = {(type(each), each.key): each for each in (row, about.row, visit.me)}
    world = World(visit.as_of, visit.app.house, rows, {}, {})
    may = {name for name, no in standing(row, visit.me, world).items() if no is None}
    return {
        "row": row,
        "href": address_of(row),
        "person": person,
        "proposals": proposed,
        "can_award": "bid.award" in may,
        "can_decline": "bid.decline" in may,
        "mark": next((n for n in ("shortlist", "unshortlist") if f"bid.{n}" in may), None),
    }


@dataclass(frozen=True, slots=True)
class Bids:
    """The page of one bid, for its two sides."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """What is offered, for how much, in which steps."""

        async def read(db: Connection) -> tuple[Any, ...]:
            about = await load(db, visit, Bid, request.path_params["id"])
            bidder = about.row.bidder_id
            known = await records.of_bidders(db, visit, [bidder])
            agreed = await reads.contracts(db, about.row.project_id, visit.me.id, ROWS)
            return about, known[bidder], agreed

        about, record, agreed = await visit.reading(read)
        row: Bid = about.row
        came = [each for each in agreed if each.bid_id == row.id]
        return page(
            visit,
            "bids/detail.html",
            section="projects",
            about=about,
            bid=row,
            project=about.project,
            record=record,
            standing=row.status_with(about.project.status),
            actions=menu(row, about.offered, about.address),
            files=uploading.shown(about.seen.around.files.get(row.id, ())),
            contracts=[{"row": each, "href": address_of(each)} for each in came],
        )
