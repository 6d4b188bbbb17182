"""Saved views: the present filter of a list under a name, as links above it.

What is saved is the query as the list itself writes it, never an address: where a view leads is
the list's own page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from earnest.core.references import printed
from earnest.http import asking
from earnest.http.web.forms import FormError
from earnest.http.web.lists import LISTS
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.store import views
from earnest.store.views import MOST, NAME_LONGEST, View
from earnest.words import lists as words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.listing import Asked
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/views"
#: What no list writes is not read to its end.
QUERY_LONGEST: Final = 4_000


@dataclass(frozen=True, slots=True)
class Saving:
    """The views of the reader alone: every read and every write names them."""

    app: App

    async def listed(self, visit: Visit, _request: Request) -> Response:
        """All of them, to be called otherwise or taken away."""
        return await self._page(visit)

    async def save(self, visit: Visit, request: Request) -> Response:
        """Keep a filter under a name, and go back to its list."""
        values = await checked_form(visit, request)
        asked = _asked(values.get("list", ""), values.get("query", ""))
        if asked is None:
            raise asking.not_found()
        name, database, me = _line(values.get("name", "")), self.app.database, visit.me.id
        wrong = _wrong(name)
        if not wrong:
            view = View(self.app.node.ids.new(), values["list"], name, asked.query)
            if await asking.looking(self.app, lambda: views.save(database, me, view)):
                return redirect(visit, asked.address(), "view_saved")
            is_named = await asking.looking(
                self.app, lambda: views.is_named(database, me, view.list, name)
            )
            wrong = words.NAME_TAKEN if is_named else words.FULL.format(most=MOST)
        begun = {"list": values["list"], "query": asked.query, "name": values.get("name", "")}
        return await self._page(visit, FormError("name", wrong, wrong), begun=begun)

    async def rename(self, visit: Visit, request: Request) -> Response:
        """Call one otherwise."""
        values = await checked_form(visit, request)
        number, database, me = self._number(request), self.app.database, visit.me.id
        name = _line(values.get("name", ""))
        wrong = _wrong(name)
        if not wrong:
            done = await asking.looking(self.app, lambda: views.rename(database, me, number, name))
            if done is False:
                raise asking.not_found()
            if done:
                return redirect(visit, ADDRESS, "saved")
            wrong = words.NAME_TAKEN
        field = f"name-{printed(views.PREFIX, number)}"
        return await self._page(
            visit, FormError(field, wrong, wrong), renamed={field: values.get("name", "")}
        )

    async def remove(self, visit: Visit, request: Request) -> Response:
        """Take one away; nothing but a link is lost."""
        await checked_form(visit, request)
        number, database, me = self._number(request), self.app.database, visit.me.id
        if not await asking.looking(self.app, lambda: views.remove(database, me, number)):
            raise asking.not_found()
        return redirect(visit, ADDRESS, "view_removed")

    async def to_list(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, ADDRESS)

    def _number(self, request: Request) -> int:
        number = asking.reference(request, views.PREFIX)
        if number is None:
            raise asking.not_found()
        return number

    async def _page(
        self,
        visit: Visit,
        wrong: FormError | None = None,
        *,
        begun: Mapping[str, str] | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> Response:
        """All views; with what is wrong with a name, which is kept as it was typed."""

        async def read(db: Connection) -> list[View]:
            return await views.of_person(db, visit.me.id)

        found = await visit.reading(read)
        return page(
            visit,
            "views/list.html",
            status=422 if wrong is not None else 200,
            errors=[{"field": wrong.field, "text": wrong.summary}] if wrong is not None else [],
            begun=begun,
            views=[_shown(each, renamed or {}) for each in found],
            most=MOST,
            longest=NAME_LONGEST,
        )


def _asked(name: str, query: str) -> Asked | None:
    """What a query asks of a list, without what makes no sense to it; None of no such list."""
    found = LISTS.get(name)
    if found is None or not found.has_views:
        return None
    return found.asked(dict(parse_qsl(query[:QUERY_LONGEST])))


def _shown(view: View, renamed: Mapping[str, str]) -> dict[str, str]:
    field = f"name-{printed(views.PREFIX, view.id)}"
    asked = _asked(view.list, view.query)
    assert asked is not None, "only what can be asked for is saved"
    return {
        "reference": printed(views.PREFIX, view.id),
        "field": field,
        "name": view.name,
        "typed": renamed.get(field, view.name),
        "list": words.TITLES[view.list],
        "href": asked.address(),
    }


def _line(text: str) -> str:
    """A name in one line."""
    return " ".join(text.replace("\0", " ").split())


def _wrong(name: str) -> str:
    if not name:
        return words.NAME_MISSING
    return words.NAME_LONG.format(most=NAME_LONGEST) if len(name) > NAME_LONGEST else ""
