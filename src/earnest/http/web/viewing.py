"""Saved views as they stand above their list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from earnest.store import views
from earnest.store.views import NAME_LONGEST

if TYPE_CHECKING:
    from earnest.http.web.listing import Asked
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection


async def views_of(db: Connection, visit: Visit, name: str, asked: Asked) -> dict[str, Any]:
    """The saved views of a list, and what the list shows now, for another one."""
    found = await views.of_list(db, visit.me.id, name)
    here = asked.query
    return {
        "list": name,
        "query": here,
        "saved": [
            {
                "text": each.name,
                "href": f"{asked.path}?{each.query}" if each.query else asked.path,
                "here": each.query == here,
            }
            for each in found
        ],
        "longest": NAME_LONGEST,
    }
