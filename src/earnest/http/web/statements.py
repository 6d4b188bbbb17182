"""Statements: a wallet month by month, and one month or any number of days with all that moved.

Months and days are those of UTC, so that a statement is the same whoever reads it, and where.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from earnest.http.web import listing, tables
from earnest.http.web.rendering import page
from earnest.store.reads import months as reads
from earnest.store.reads import pages
from earnest.words import moments
from earnest.words import statements as words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.money import Money
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.store.reads.months import Month, Statement

PATH: Final = "/finances/statements"
ONE: Final = f"{PATH}/one"
#: So many movements stand on one page; all of them are in its file.
LINES: Final = 300
_MONTH: Final = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """What a statement is asked for: a whole month, or days."""

    begins: datetime
    ends: datetime
    #: As an address has them.
    asked: Mapping[str, str]

    @property
    def is_month(self) -> bool:
        """Whether it is a month, which has a name."""
        return "month" in self.asked

    @property
    def last_day(self) -> datetime:
        """Its last day, as people say it."""
        return self.ends - _DAY


@dataclass(frozen=True, slots=True)
class Statements:
    """The list of them, and one."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """Each month of one wallet: what it held before, what moved, what it held after."""
        return await self._list(visit, request, {})

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One statement, as it is printed."""
        period = _period(request)
        if not isinstance(period, Period):
            return await self._list(visit, request, period)

        async def read(db: Connection) -> tuple[Any, ...]:
            currency = tables.chosen(request, await pages.wallets(db, visit.me.id))
            return currency, *(await _one(db, visit, currency, period) if currency else (None,) * 3)

        currency, found, rows, until = await visit.reading(read)
        if found is None:
            return await self._list(visit, request, {})
        query = urlencode({"currency": currency, **period.asked})
        return page(
            visit,
            "finances/statement.html",
            section="finances",
            period=period,
            title=words.month(period.begins, visit.locale) if period.is_month else None,
            currency=currency,
            statement=found,
            rows=rows,
            is_closed=until is not None and period.ends <= until,
            now=moments.moment(visit.as_of, visit.locale, "UTC"),
            back=f"{PATH}?currency={currency}",
            csv=f"{ONE}.csv?{query}",
        )

    async def file(self, visit: Visit, request: Request) -> Response:
        """The movements of one statement as a file; without a period all that there are."""
        period = _period(request)

        async def read(db: Connection) -> list[Money]:
            return await pages.wallets(db, visit.me.id)

        currency = tables.chosen(request, await visit.reading(read))
        if not isinstance(period, Period):
            period = Period(reads.FIRST, reads.LAST, {})
        lines = tables.movements_file(visit, currency, period.begins, period.ends)
        name = "-".join(["statement", currency or "none", *period.asked.values()])
        return listing.download(lines, f"{name}.csv")

    async def _list(self, visit: Visit, request: Request, errors: Mapping[str, str]) -> Response:
        async def read(db: Connection) -> tuple[Any, ...]:
            wallets = await pages.wallets(db, visit.me.id)
            currency = tables.chosen(request, wallets)
            if currency is None:
                return wallets, None, None
            return wallets, currency, await reads.months(db, visit.me.id, currency, visit.as_of)

        wallets, currency, found = await visit.reading(read)
        return page(
            visit,
            "finances/statements.html",
            status=422 if errors else 200,
            section="finances",
            tabs=tables.tabs(PATH),
            currency=currency,
            currencies=[
                {"href": f"{PATH}?currency={each}", "text": each, "here": each == currency}
                for each in (wallet.currency for wallet in wallets)
            ],
            rows=[_line(each, currency, visit) for each in reversed(found.months)] if found else [],
            adds_up=found is None or found.adds_up,
            errors=[{"field": name, "text": text} for name, text in errors.items()],
            values={name: request.query_params.get(name, "")[:10] for name in ("from", "to")},
        )


def _line(month: Month, currency: str, visit: Visit) -> dict[str, Any]:
    name = month.begins.strftime("%Y-%m")
    return {
        "month": month,
        "said": words.month(month.begins, visit.locale),
        "href": f"{ONE}?currency={currency}&month={name}",
        "csv": f"{ONE}.csv?currency={currency}&month={name}",
    }


async def _one(
    db: Connection, visit: Visit, currency: str, period: Period
) -> tuple[Statement, Sequence[Mapping[str, Any]], datetime | None]:
    """What it says, its movements with the oldest first, and until when months are closed."""
    me = visit.me.id
    found = await reads.statement(db, me, currency, period.begins, period.ends)
    most = min(found.moves, LINES)
    moved = await pages.movements(db, me, [currency], (period.ends, 0), most) if most else []
    rows, _ = tables.running(moved, found.closing, most)
    for row in rows:
        row["when"] = moments.moment(row["at"], visit.locale, "UTC")
    return found, rows[::-1], await reads.closed_until(db)


def _period(request: Request) -> Period | dict[str, str]:
    """What is asked for, or what is wrong with each field."""
    month = request.query_params.get("month", "")
    if _MONTH.fullmatch(month):
        begins = datetime.strptime(f"{month}-01", "%Y-%m-%d").replace(tzinfo=UTC)
        return Period(begins, reads.following(begins), {"month": month})
    errors: dict[str, str] = {}
    days: dict[str, datetime] = {}
    for name in ("from", "to"):
        try:
            days[name] = _day(request.query_params.get(name, ""))
        except ValueError:
            errors[name] = words.NO_DAY
    if not errors and days["to"] < days["from"]:
        errors["to"] = words.BEFORE
    if errors:
        return errors
    asked = {name: at.date().isoformat() for name, at in days.items()}
    return Period(days["from"], days["to"] + _DAY, asked)


def _day(text: str) -> datetime:
    """A day as a form has it; before there was anything, or after all, there is none."""
    at = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    if not reads.FIRST <= at < reads.LAST - _DAY:
        raise ValueError(text)
    return at
