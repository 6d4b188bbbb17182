"""The lists that people have: how the address of each is read, and its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from earnest.core.projects.row import Project
from earnest.http import asking
from earnest.http.web import (
    choosing,
    contracts,
    disputes,
    exporting,
    finances,
    listing,
    notices,
    payments,
    projects,
    tables,
)
from earnest.http.web.subjects import About, load
from earnest.store.reads import pages
from earnest.store.reads.collections import DEPOSITS, WITHDRAWALS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.money import Money
    from earnest.http.web.exporting import File
    from earnest.http.web.listing import Asked
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection


@dataclass(frozen=True, slots=True)
class List:
    """One list of somebody's own."""

    asked: Callable[[Mapping[str, str]], Asked]
    file: File
    #: Whether what it is filtered by can be saved.
    has_views: bool = False


LISTS: Final[Mapping[str, List]] = {
    "milestones": List(finances.asked_for, exporting.MILESTONES, has_views=True),
    "contracts": List(contracts.asked_for, exporting.CONTRACTS, has_views=True),
    "disputes": List(disputes.asked_for, exporting.DISPUTES, has_views=True),
    "projects": List(projects.asked_for, exporting.PROJECTS, has_views=True),
    "notices": List(notices.asked_for, exporting.NOTICES),
    "deposits": List(partial(payments.asked_for, of=DEPOSITS), exporting.DEPOSITS),
    "withdrawals": List(partial(payments.asked_for, of=WITHDRAWALS), exporting.WITHDRAWALS),
}


@dataclass(frozen=True, slots=True)
class Files:
    """Lists as files, each with the filter that its page has."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """One of the lists, by the name of the file. Of projects only one's own are a file."""
        name = request.url.path.rpartition("/")[2].removesuffix(".csv")
        query = dict(request.query_params)
        if name == "projects" and query.get("view") != "bid":
            query["view"] = "posted"
        found = LISTS[name]
        return found.file.of(visit, found.asked(query))

    async def transactions(self, visit: Visit, request: Request) -> Response:
        """All movements of one wallet."""
        me = visit.me.id

        async def read(db: Connection) -> list[Money]:
            return await pages.wallets(db, me)

        currency = tables.chosen(request, await visit.reading(read))
        lines = tables.movements_file(visit, currency)
        return listing.download(lines, f"transactions-{currency or 'none'}.csv")

    async def bids(self, visit: Visit, request: Request) -> Response:
        """The bids for a project, for its employer alone."""

        async def read(db: Connection) -> About:
            return await load(db, visit, Project, request.path_params["id"])

        about = await visit.reading(read)
        if not about.is_employer:
            raise asking.not_found()
        return exporting.BIDS.of(visit, choosing.asked_for(request.query_params, about))


#: Where each file is.
FILES: Final = {
    **{name: f"/finances/{name}.csv" for name in ("milestones", "deposits", "withdrawals")},
    **{name: f"/{name}.csv" for name in ("contracts", "disputes", "projects", "notices")},
}
