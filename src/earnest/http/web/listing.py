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
from earnest.words.lists import chip_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.responses import Response

    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ROWS: Final = 50
#: How many rows a file is written with at a time.
ROWS_OF_A_FILE: Final = 500
WORDS_MAX: Final = 200
#: A list is never so long that its rows are counted with more.
_DIGITS_MAX: Final = 7


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

    @property
    def query(self) -> str:
        """What is asked for, as the address has it: without the place of a page."""
        return self.address().partition("?")[2]

    @property
    def csv(self) -> str:
        """All of it as a file."""
        return self.address().replace(self.path, f"{self.path}.csv", 1)

    @property
    def after(self) -> Place | None:
        """Where the page before ended, if this is one of its cursors."""
        if not self.cursor:
            return None
        try:
            return place_in(apart(self.cursor)[0], self._sealed, kind_of(self._order))
        except ProblemError:
            return None  # Of another list, or cut off: the first page is what helps.

    def pager(self, rows: Sequence[Any], following: str | None, name: str = "cursor") -> Pager:
        """The pages beside this one; an address with two lists calls their cursors by name."""
        given = self.cursor if self.after is not None else None
        return Pager.of(rows, given, self.address(), following, name)

    def chips(self, said: Mapping[str, Callable[[str], str]]) -> Chips:
        """Each filter with the way to take it away; `said` writes the values of those there are."""
        here = {name: text for name, text in self.filters.items() if name in said}
        chips = [
            Chip(chip_of(name, said[name](text)), self.address(**{name: None}))
            for name, text in here.items()
        ]
        return Chips(chips, self.address(**dict.fromkeys(here)))

    @property
    def _order(self) -> Order:
        return self.collection.order(self.sort)

    @property
    def _sealed(self) -> dict[str, str]:
        of = self.collection.source.table
        return {"list": self.path, "of": of, "sort": self.sort or "", **self.filters}

    async def rows(
        self, db: Connection, user_id: int, limit: int = ROWS
    ) -> tuple[list[Any], str | None]:
        """One page, and the cursor of the next."""
        order = self._order
        branches = self.collection.branches(user_id, self.chosen, everybody=False)
        found, more = await page(
            db, self.collection.source, Page(tuple(branches), order, self.after, limit)
        )
        return found, cursor(place_of(found[-1], order), self._sealed) if more else None


@dataclass(frozen=True, slots=True)
class Chip:
    """One filter of a list in words, and the list without it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Chips:
    """All filters of a list, and the list without any."""

    chips: Sequence[Chip]
    without: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Which rows of a list a page shows, and where the other pages are."""

    newest: str | None = None
    older: str | None = None
    #: The first and the last of its rows, counted from one; None if there is one page only.
    span: tuple[int, int] | None = None

    @classmethod
    def of(
        cls,
        rows: Sequence[Any],
        given: str | None,
        here: str,
        following: str | None,
        name: str = "cursor",
    ) -> Pager:
        """Of the page of this cursor, or the first page, whose address is `here`."""
        first = apart(given)[1] if given else 1
        older = None
        if following is not None:
            mark = "&" if "?" in here else "?"
            older = f"{here}{mark}{name}={_counted(following, first and first + len(rows))}"
        has_more = bool(given) or following is not None
        span = (first, first + len(rows) - 1) if rows and first and has_more else None
        return cls(here if given else None, older, span)


def _counted(place: str, first: int) -> str:
    """A cursor that says which row its page begins with: it is only said, never looked for."""
    return f"{place}~{first}" if first else place


def apart(given: str | None) -> tuple[str, int]:
    """A cursor, and the row that its page begins with; zero if it does not say."""
    place, _, first = (given or "").partition("~")
    known = first.isascii() and first.isdecimal() and len(first) <= _DIGITS_MAX
    return place, int(first) if known else 0


def asked_of(
    given: Mapping[str, str],
    collection: Collection[Any],
    known: Mapping[str, Callable[[str], Any]],
    path: str,
) -> Asked:
    """What an address asks for; `known` reads each filter, or gives None for what is not one."""
    filters: dict[str, str] = {}
    chosen: dict[str, Any] = {}
    for name, read in known.items():
        text = given.get(name, "").strip()[:WORDS_MAX]
        value = read(text) if text and "\0" not in text else None
        if value is not None:
            filters[name] = text
            chosen[_PARTS.get(name, name)] = value
    sort = given.get("sort", "")
    allowed = {f"{way}{each}" for each in collection.orders or {} for way in ("", "-")}
    return Asked(
        collection, filters, chosen, sort if sort in allowed else None,
        given.get("cursor"), path,
    )  # fmt: skip


#: What is called otherwise in a collection than in an address.
_PARTS: Final = {
    "dir": "direction",
    "view": "direction",
    "q": "about",
    "on_the_way": "status",
}


def place(given: str | None, name: str, of: str, order: Order) -> Place | None:
    """Where a part of a page begins; what is no cursor of it is its beginning."""
    try:
        return place_in(apart(given)[0], {name: of}, kind_of(order)) if given else None
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
