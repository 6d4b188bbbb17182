"""Finding people, as one types: by the beginnings of the words of their name, or by address.

Beside them one's own projects are found, which lead to a contract by an award.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.http.web.listing import reference
from earnest.http.web.rendering import page
from earnest.store.reads import pages
from earnest.store.reads.around import names
from earnest.store.reads.search import own_projects
from earnest.wire.sought import sought

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

FOUND_MAX: Final = 10
PROJECTS_MAX: Final = 5
WORDS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class People:
    """The page of a search; with a script it is shown below the box while one types."""

    app: App

    async def found(self, visit: Visit, request: Request) -> Response:
        """Whom the words find."""
        words = request.query_params.get("q", "")
        chosen = request.query_params.get("freelancer", "")
        return page(
            visit, "people.html", section="contracts", found=await search(visit, words, chosen)
        )


async def search(visit: Visit, words: str, chosen: str) -> dict[str, Any]:
    """Who is found, and who was chosen before."""
    words = words.replace("\0", "")[:WORDS_MAX].strip()
    me = visit.me.id

    async def read(db: Connection) -> tuple[list[tuple[int, str]], dict[int, str], Any]:
        people = await pages.people(db, words, me, FOUND_MAX) if words else []
        kept = reference(User.prefix)(chosen)
        before = dict(await names(db, {kept})) if kept is not None else {}
        own = await own_projects(db, sought(words), me, PROJECTS_MAX) if words else []
        return people, before, own

    people, kept, own = await visit.reading(read)
    found = {number: name for number, name in (*kept.items(), *people) if number != me}
    return {
        "words": words,
        "people": [
            {"reference": printed(User.prefix, number), "name": name}
            for number, name in found.items()
        ],
        "projects": [
            {
                "href": f"/projects/{printed(Project.prefix, number)}",
                "title": title,
                "status": status,
            }
            for number, title, status in own
        ],
        "chosen": chosen if kept else "",
        "is_short": bool(words) and len(words) < pages.SEARCH_LEAST,
    }
