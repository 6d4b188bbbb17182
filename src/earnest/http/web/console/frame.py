"""What all pages of the console have: they are there for operators alone, and their lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar
from urllib.parse import urlencode

from earnest.http import asking
from earnest.http.web import listing
from earnest.http.web.rendering import page
from earnest.store.reads.paging import Branch, Order, Page, Part
from earnest.store.reads.paging import page as rows_of
from earnest.words.console import TABS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.store.reads.paging import Source

T = TypeVar("T")
SHOWN: Final = 50
_ORDER: Final = Order()


def only_operators(visit: Visit) -> None:
    """To everybody else none of it is there."""
    if not visit.is_staff:
        raise asking.not_found()


def shown(visit: Visit, template: str, address: str, **context: Any) -> Response:
    """A page of the console, below its tabs."""
    tabs = [{"href": href, "text": text, "here": href == address} for href, text in TABS]
    return page(visit, f"staff/{template}", section="staff", tabs=tabs, **context)


def address(path: str, **asked: str | None) -> str:
    """The same page with something else about it."""
    query = urlencode({name: text for name, text in asked.items() if text})
    return f"{path}?{query}" if query else path


@dataclass(frozen=True, slots=True)
class Queue(Generic[T]):
    """A list of the console: its views, each with the conditions on its rows."""

    path: str
    template: str
    source: Source[T]
    views: Mapping[str, str]
    where: Mapping[str, tuple[Part, ...]]
    lines: Callable[[Connection, Sequence[T], Visit], Awaitable[Sequence[Mapping[str, Any]]]]

    async def listed(self, visit: Visit, request: Request) -> Response:
        """One page of one view, the newest first."""
        only_operators(visit)
        view = request.query_params.get("view", "")
        view = view if view in self.views else next(iter(self.views), "")
        given = request.query_params.get("older")

        async def read(db: Connection) -> tuple[Sequence[Mapping[str, Any]], str | None]:
            rows, older = await self.rows(db, view, given, self.where.get(view, ()))
            return await self.lines(db, rows, visit), older

        rows, older = await visit.reading(read)
        return shown(visit, self.template, self.path, **self.around(view, given, older), rows=rows)

    async def rows(
        self, db: Connection, view: str, given: str | None, where: tuple[Part, ...]
    ) -> tuple[list[T], str | None]:
        """The rows of a page, and the cursor of the next."""
        after = listing.place(given, self.path, view, _ORDER)
        branch = Branch("lists.own", (Part("lists.anybodys"),), where)
        rows, more = await rows_of(db, self.source, Page((branch,), _ORDER, after, SHOWN))
        return rows, listing.following(rows, self.path, view, _ORDER) if more else None

    def around(self, view: str, given: str | None, older: str | None) -> dict[str, Any]:
        """The views, and the pages before and after this one."""
        here = address(self.path, view=view if view != next(iter(self.views), "") else None)
        return {
            "view": view,
            "views": [
                {"text": text, "href": address(self.path, view=name), "here": name == view}
                for name, text in self.views.items()
            ],
            "newest": here if given else None,
            "older": address(self.path, view=view, older=older) if older else None,
        }
