"""Releases: the page of one, until when it is on its way, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from earnest.core.milestones.releasing import ON_ITS_WAY, Release
from earnest.http.reading import noted
from earnest.http.web.acting import VIA
from earnest.http.web.contracts import timeline
from earnest.http.web.foretelling import final, foretold
from earnest.http.web.menus import cannot, menu
from earnest.http.web.rendering import page
from earnest.http.web.subjects import address_of, load

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection


@dataclass(frozen=True, slots=True)
class Releases:
    """One release."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """How much, to whom, whether it can be recalled, and its whole history."""

        async def read(db: Connection) -> tuple[Any, ...]:
            about = await load(db, visit, Release, request.path_params["id"])
            lines = await timeline(db, about.row, request, has_receipt=about.is_side)
            return about, await foretold(db, about), lines

        about, fate, lines = await visit.reading(read)
        await noted(self.app, visit.me, about.contract, VIA)
        row: Release = about.row
        milestone = about.milestone
        assert milestone is not None, "a release is paid out of something"
        return page(
            visit,
            "release.html",
            section="finances",
            about=about,
            release=row,
            milestone=milestone,
            milestone_href=address_of(milestone),
            fate=fate,
            final=final(row, about) if row.status in ON_ITS_WAY else None,
            actions=menu(row, about.offered, about.address),
            cannot=cannot(about) if row.status in ON_ITS_WAY else (),
            timeline=lines,
        )
