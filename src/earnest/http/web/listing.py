"""Pages of rows: filters from the address, a cursor, and the addresses of other pages and files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from starlette.responses import StreamingResponse

from earnest.core.references import NotAReferenceError, parsed
from earnest.http.answers import ProblemError
from earnest.http.cursors import cursor, place_in
from earnest.store.reads.collections import Collection, kind_of, place_of
from earnest.store.reads.paging import Order, Page, Place, page

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ROWS: Final = 50
#: How many rows a file is written with at a time.
ROWS_OF_A_FILE: Final = 500
WORDS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """Which rows of a collection are wanted, in which order, from where on."""

    collection: Collection[Any]
    #: As they stand in the address; what makes no sense is not in it.
    filters: Mapping[str, str]
    #: As the collection takes them.
    chosen: Mapping[str, Any]
    sort: str | None
    cursor: str | None
    path: str

    def address(self, **changes: str | None) -> str:
        """The same list with something else about it."""
        asked: dict[str, str | None] = {**self.filters, "sort": self.sort, **changes}
        query = urlencode({name: text for name, text in asked.items() if text})
        return f"{self.path}?{query}" if query else self.path

    async def rows(
        self, db: Connection, user_id: int, limit: int = ROWS
    ) -> tuple[list[Any], str | None]:
        """One page, and the cursor of the next."""
        order = self.collection.order(self.sort)
        asked = {"list": self.path, "sort": self.sort or "", **self.filters}
        try:
            after = place_in(self.cursor, asked, kind_of(order)) if self.cursor else None
        except ProblemError:
            after = None  # Of another list, or cut off: the first page is what helps.
        branches = self.collection.branches(user_id, self.chosen, everybody=False)
        found, more = await page(
            db, self.collection.source, Page(tuple(branches), order, after, limit)
        )
        return found, cursor(place_of(found[-1], order), asked) if more else None


def asked_of(
    request: Request,
    collection: Collection[Any],
    known: Mapping[str, Callable[[str], Any]],
    path: str,
) -> Asked:
    """What an address asks for; `known` reads each filter, or gives None for what is not one."""
    filters: dict[str, str] = {}
    chosen: dict[str, Any] = {}
    for name, read in known.items():
        text = request.query_params.get(name, "").strip()[:WORDS_MAX]
        value = read(text) if text and "\0" not in text else None
        if value is not None:
            filters[name] = text
            chosen[_PARTS.get(name, name)] = value
    sort = request.query_params.get("sort", "")
    allowed = {f"{way}{each}" for each in collection.orders or {} for way in ("", "-")}
    return Asked(
        collection, filters, chosen, sort if sort in allowed else None,
        request.query_params.get("cursor"), path,
    )  # fmt: skip


#: What is called otherwise in a collection than in an address.
_PARTS: Final = {"dir": "direction", "view": "direction", "q": "about"}


def place(given: str | None, name: str, of: str, order: Order) -> Place | None:
    """Where a part of a page begins; what is no cursor of it is its beginning."""
    try:
        return place_in(given, {name: of}, kind_of(order)) if given else None
    except ProblemError:
        return None


def following(rows: Sequence[Any], name: str, of: str, order: Order) -> str:
    """The cursor of what follows these rows."""
    return cursor(place_of(rows[-1], order), {name: of})


def reference(prefix: str) -> Callable[[str], int | None]:
    """Reads the reference of a row."""

    def read(text: str) -> int | None:
        try:
            return parsed(text, prefix)
        except NotAReferenceError:
            return None

    return read


def one_of(values: Iterable[str]) -> Callable[[str], str | None]:
    """Reads one of these."""
    known = frozenset(values)
    return lambda text: text if text in known else None


def statuses(
    values: Iterable[str], several: Mapping[str, Iterable[str]] | None = None
) -> Callable[[str], list[str] | None]:
    """Reads one of these statuses, or a word that means several."""
    known = {text: [text] for text in values}
    known |= {text: sorted(meant) for text, meant in (several or {}).items()}
    return known.get


def pattern(text: str) -> str:
    """Words as ILIKE takes them: what means something to it means itself."""
    for each in ("\\", "%", "_"):
        text = text.replace(each, f"\\{each}")
    return f"%{text}%"


def csv_line(cells: Sequence[object]) -> str:
    """One line of a file. A text that a spreadsheet would run as a formula is kept from it."""
    line = io.StringIO()
    csv.writer(line).writerow(_cell(each) for each in cells)
    return line.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    if text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    return text[0] == "-" and text[1:].replace(".", "", 1).isdecimal() and text.isascii()


def download(lines: AsyncIterator[str], name: str) -> Response:
    """A file of such lines, to be saved and not kept by anybody in between."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return StreamingResponse(lines, 200, headers, "text/csv; charset=utf-8")


async def file_of(
    visit: Visit,
    head: Sequence[str],
    read: Callable[[Connection, Asked], Any],
    asked: Asked,
) -> AsyncIterator[str]:
    """A file of all rows that are asked for, read and sent a piece at a time."""
    yield csv_line(head)
    place: Asked | None = asked
    while place is not None:
        current = place

        async def piece(db: Connection, now: Asked = current) -> Any:
            return await read(db, now)

        lines, following = await visit.reading(piece)
        for line in lines:
            yield csv_line(line)
        place = replace(current, cursor=following) if following else None
