"""Verification: every rule of the books, checked over all rows; each broken one names the first.

One snapshot for all checks, so that what happens meanwhile disturbs nothing. Balances of the
tables are compared with transfers, and the tables with what the events said. What was found is
kept, so that whoever asks how the books are does not wait for all rows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.core.references import printed
from earnest.store.queries import names, sql

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from earnest.store.db import Connection, Database

#: The longest that one check may take.
CHECK_SECONDS: Final = 3600
PREFIX: Final = "ledger."
_COUNTS: Final = "ledger.counts"

#: Millions of rows are sorted and joined; in four megabytes that happens on the disk.
_ROOM: Final = "SET LOCAL work_mem = '64MB'"
#: What a body prints, as numbers: a reference, or the bare owner of clearing and fees.
_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def _number(text: str) -> str:
    """SQL that reads a printed reference back; thirteen digits of five bits."""
    digits = " | ".join(
        f"((strpos('{_DIGITS}', substr({text}, length({text}) - {12 - i}, 1)) - 1)::bigint"
        f" << {60 - 5 * i})"
        for i in range(13)
    )
    return f"CASE WHEN strpos({text}, '_') = 0 THEN ({text})::bigint ELSE {digits} END"


_KEEP = """
INSERT INTO verifications (transfers, currencies, accounts, totals, broken, firsts)
VALUES ($1, $2, $3, $4, $5, $6)
"""
_CLEAR = """
UPDATE halts SET cleared_at = clock_timestamp(), cleared_because = $1 WHERE cleared_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Broken:
    """A rule that does not hold: the first row that breaks it, and how many there are."""

    rule: str
    first: str
    rows: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What verification found, and over how much."""

    transfers: int
    #: By currency: how many accounts there are, and what all of them add up to.
    sums: Mapping[str, tuple[int, int]]
    broken: tuple[Broken, ...]

    @property
    def accounts(self) -> int:
        """How many accounts there are."""
        return sum(count for count, _ in self.sums.values())

    @property
    def ok(self) -> bool:
        """Whether every rule holds."""
        return not self.broken


def rules() -> list[str]:
    """The rules that are checked, by name."""
    return [name for name in names() if name.startswith(PREFIX) and name != _COUNTS]


async def verify(database: Database, say: Callable[[str], None]) -> Findings:
    """Check every rule, and keep what was found."""
    async with database.pool.acquire() as connection:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            findings = await _checked(connection, say)
        await _keep(connection, findings)
    return findings


async def verify_if_due(database: Database, after: timedelta) -> Findings | None:
    """The same, unless somebody is at it or did it so short a time ago."""
    async with database.pool.acquire() as connection:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            if not await connection.fetchval(sql("proof.is_due"), after):
                return None
            findings = await _checked(connection, _silently)
        await _keep(connection, findings)
    return findings


def _silently(_: str) -> None:
    pass


async def resume(
    database: Database, reason: str, say: Callable[[str], None]
) -> tuple[Findings, int]:
    """Check every rule, and if all hold, take commands again; how many halts were in force."""
    async with database.pool.acquire() as connection:
        async with connection.transaction(isolation="repeatable_read"):
            findings = await _checked(connection, say)
            cleared = await connection.execute(_CLEAR, reason) if findings.ok else "UPDATE 0"
        await _keep(connection, findings)
    return findings, int(cleared.split()[-1])


async def _checked(connection: Connection, say: Callable[[str], None]) -> Findings:
    await connection.execute(_ROOM)
    transfers = await connection.fetchval(sql(_COUNTS), timeout=CHECK_SECONDS)
    sums = await connection.fetch(sql("proof.by_currency"), timeout=CHECK_SECONDS)
    broken: list[Broken] = []
    for rule in rules():
        say(f"checking: {rule.removeprefix(PREFIX).replace('_', ' ')}")
        found = await connection.fetchrow(_text(rule), timeout=CHECK_SECONDS)
        if found is not None:
            first, rows = found
            broken.append(Broken(rule.removeprefix(PREFIX), _as_printed(first), rows))
    kept = {currency: (accounts, int(total)) for currency, accounts, total in sums}
    return Findings(transfers, kept, tuple(broken))


async def _keep(connection: Connection, found: Findings) -> None:
    await connection.execute(
        _KEEP,
        found.transfers,
        [*found.sums],
        [accounts for accounts, _ in found.sums.values()],
        [total for _, total in found.sums.values()],
        [each.rule for each in found.broken],
        [each.first for each in found.broken],
    )


#: What a finding is about, and how references of it begin.
_PREFIXES: Final = {
    "bid": "bid",
    "bidder": "usr",
    "contract": "ctr",
    "deposit": "dep",
    "dispute": "dsp",
    "escrow": "ms",
    "event": "evt",
    "message": "msg",
    "milestone": "ms",
    "offer": "off",
    "outgoing": "wdr",
    "owner": "usr",
    "project": "prj",
    "proposal": "prp",
    "release": "rel",
    "reserve": "prj",
    "review": "rev",
    "stake": "dsp",
    "tranche": "trn",
    "transfer": "tfr",
    "wallet": "usr",
    "withdrawal": "wdr",
}
_NAMED: Final = re.compile(rf"\b({'|'.join(_PREFIXES)}) ([0-9]+)\b")


def _as_printed(first: str) -> str:
    """The finding with references in place of bare numbers."""
    return _NAMED.sub(lambda m: f"{m[1]} {printed(_PREFIXES[m[1]], int(m[2]))}", first)


def _text(rule: str) -> str:
    """The check; where it reads references that an event prints, with what reads them back."""
    text = sql(rule)
    for name in ("id", "debit_owner", "credit_owner"):
        text = text.replace(f"{{{name}}}", _number(name))
    return text
