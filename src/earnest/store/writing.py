"""Writing a batch down: one statement for all of it, and one for what everybody adds to."""

from __future__ import annotations

import functools
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.ledger import BALANCE_MAX, FREE
from earnest.store.arrays import WORD, parameter, sent, unnested
from earnest.store.tables import BY_KIND, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from earnest.core.commands import Event
    from earnest.core.ledger import Account
    from earnest.core.rows import Row
    from earnest.core.world import World
    from earnest.store.db import Connection

#: What the arrays are of, column by column.
_ACCOUNTS = (WORD, "bigint", WORD, "bigint")
_TRANSFERS = (
    "bigint", "bigint", "bigint", WORD, "bigint", WORD, "bigint", WORD, "bigint", "timestamptz",
)  # fmt: skip
_EVENTS = (
    "bigint", WORD, WORD, "bigint", "bigint", "bigint", "bigint", WORD, "json", "timestamptz",
)  # fmt: skip
_KEPT = ("bigint", "text", "bytea", "bigint", "text")

#: The columns of what is written beside the rows of the tables; each happens at a moment too.
ACCOUNT_COLUMNS = ("kind", "owner", "currency", "balance")
TRANSFER_COLUMNS = (
    "id", "event_id", "contract_id", "debit_kind", "debit_owner", "credit_kind", "credit_owner",
    "currency", "amount", "at",
)  # fmt: skip
EVENT_COLUMNS = (
    "id", "name", "subject_kind", "subject_id", "contract_id", "seq", "actor_id", "via", "body",
    "at",
)  # fmt: skip
COMMAND_COLUMNS = ("actor_id", "key", "hash", "event_id", "problem")

#: The hottest come last: in the order of the arrays, which is the same for everybody.
_ADD = f"""
WITH added AS (
INSERT INTO accounts (kind, owner, currency, balance)
SELECT w.kind, w.owner, w.currency, w.delta
FROM unnest({", ".join(parameter(i, each) for i, each in enumerate(_ACCOUNTS, 1))})
    WITH ORDINALITY AS w (kind, owner, currency, delta, place)
ORDER BY w.place
ON CONFLICT (kind, owner, currency) DO UPDATE SET balance = accounts.balance + EXCLUDED.balance
RETURNING balance > {BALANCE_MAX} AND kind <> ALL ('{{{",".join(sorted(FREE))}}}') AS is_full)
SELECT count(*) FROM added WHERE is_full
"""

#: What every batch writes beside the rows of its tables, from which columns of which types. Answers
#: are given at the moment that is the first parameter; what a clock led to happened at its instant.
_ALWAYS = (
    (
        """moved AS (
UPDATE accounts a SET balance = a.balance + w.delta FROM {rows}
WHERE a.kind = w.kind AND a.owner = w.owner AND a.currency = w.currency
RETURNING a.balance = w.expected AS is_right)""",
        ("kind", "owner", "currency", "delta", "expected"),
        (*_ACCOUNTS, "bigint"),
    ),
    (
        """opened AS (
INSERT INTO accounts ({names}) SELECT * FROM {rows} ORDER BY 1, 2, 3
ON CONFLICT (kind, owner, currency) DO UPDATE SET balance = accounts.balance + EXCLUDED.balance
WHERE EXCLUDED.balance <> 0)""",
        ACCOUNT_COLUMNS,
        _ACCOUNTS,
    ),
    (
        """transfers_w AS (
INSERT INTO transfers ({names}) SELECT * FROM {rows})""",
        TRANSFER_COLUMNS,
        _TRANSFERS,
    ),
    (
        """events_w AS (
INSERT INTO events ({names}) SELECT * FROM {rows})""",
        EVENT_COLUMNS,
        _EVENTS,
    ),
    (
        """kept AS (
INSERT INTO commands ({names}, at) SELECT *, $1 FROM {rows} ORDER BY 1, 2
ON CONFLICT DO NOTHING
RETURNING 1)""",
        COMMAND_COLUMNS,
        _KEPT,
    ),
)  # fmt: skip

_COUNTED = """
SELECT count(*), count(*) FILTER (WHERE is_right), (SELECT count(*) FROM kept) FROM moved"""


class OffBalanceError(Exception):
    """The watchman found something; nothing of the batch is kept."""


class FullError(Exception):
    """An account that only gains would pass what any may hold; looked at before, it is refused."""


class KeyTakenError(Exception):
    """Another batch answered one of these commands meanwhile; asking again finds its answer."""


async def write(
    db: Connection,
    world: World,
    events: Sequence[Event],
    bodies: Iterable[str],
    kept: Sequence[Sequence[Any]],
) -> None:
    """Rows, balances, transfers and events, and the keys with their answers.

    Nobody else can be waiting for any of it.
    """
    parts: dict[_Part, list[Row]] = {}
    for place, row in world.written.items():
        parts.setdefault((place[0], _way(world.found.get(place), row)), []).append(row)
    touched = tuple(part for part in _PARTS if part in parts)
    arguments: list[Any] = [world.now]
    for kind, way in touched:
        table, rows = BY_KIND[kind], parts[kind, way]
        is_new = way is _Way.MADE
        arguments += table.arrays(rows) if is_new else table.changes(rows, whole=way is _Way.WHOLE)
    known = sorted(a for a in world.moved if a in world.locked)
    new = sorted(a for a in world.moved if a not in world.locked)
    arguments += [*_moves(world.moved, known), sent(_of(world.balances, known), "bigint")]
    arguments += [*_moves(world.moved, new), *_transfers(events), *_events(events, bodies)]
    arguments += _columns(kept, _KEPT)
    counts = await db.fetchrow(_statement(touched), *arguments)
    moved, right, claimed = counts  # type: ignore[misc]  # A count is a row.
    assert moved == len(known), "every locked account is there"
    if moved != right:
        raise OffBalanceError("a balance in the books is not what it was under our lock")
    if claimed != len(kept):
        raise KeyTakenError


def _moves(amounts: Mapping[Account, int], accounts: Sequence[Account]) -> list[Any]:
    """What is to be added to each of these accounts."""
    return _columns([(*account, amounts[account]) for account in accounts], _ACCOUNTS)


def _columns(rows: Sequence[Sequence[Any]], kinds: Sequence[str]) -> list[Any]:
    """One array a column."""
    columns = zip(*rows, strict=True) if rows else [()] * len(kinds)
    return [sent(values, kind) for values, kind in zip(columns, kinds, strict=True)]


def _of(amounts: Mapping[Account, int], accounts: Iterable[Account]) -> list[int]:
    return [amounts[account] for account in accounts]


def _transfers(events: Iterable[Event]) -> list[Any]:
    return _columns([row for event in events for row in transfer_rows(event)], _TRANSFERS)


def transfer_rows(event: Event) -> Iterable[tuple[Any, ...]]:
    """The transfers of an event, column by column."""
    for number, t in enumerate(event.transfers, event.first_transfer_id):
        yield (number, event.id, event.contract_id, *t.debit[:2], *t.credit[:2],
               t.amount.currency, t.amount.minor, event.at)  # fmt: skip


def _events(events: Iterable[Event], bodies: Iterable[str]) -> list[Any]:
    told = zip(events, bodies, strict=True)
    return _columns([event_row(event, body) for event, body in told], _EVENTS)


def event_row(event: Event, body: str) -> tuple[Any, ...]:
    """An event, column by column."""
    return (event.id, event.name, event.subject.noun, event.subject.id, event.contract_id,
            event.seq, event.actor_id, event.via, body, event.at)  # fmt: skip


class _Way(StrEnum):
    """How a row is written: for the first time, what often changes of it, or all that ever does."""

    MADE = "made"
    CHANGED = "changed"
    WHOLE = "whole"


_Part: TypeAlias = "tuple[type[Row], _Way]"
#: What can be written of each table.
_PARTS: Final = tuple((table.kind, way) for table in TABLES for way in _Way)


def _way(before: Row | None, after: Row) -> _Way:
    if before is None:
        return _Way.MADE
    return _Way.WHOLE if BY_KIND[type(after)].is_whole(before, after) else _Way.CHANGED


@functools.cache
def _statement(touched: tuple[_Part, ...]) -> str:
    """The one writing statement for these parts; the same parts have the same statement."""
    parts: list[str] = []
    at = 2
    for kind, way in touched:
        table = BY_KIND[kind]
        is_new, whole = way is _Way.MADE, way is _Way.WHOLE
        text = table.insert(at) if is_new else table.update(at, whole=whole)
        parts.append(f"{table.name}_{way} AS ({text})")
        at += len(table.columns if is_new else table.changing(whole=whole))
    for template, names, types in _ALWAYS:
        rows = unnested(at, names, types)
        parts.append(template.format(names=", ".join(names), rows=rows))
        at += len(types)
    return f"WITH {', '.join(parts)} {_COUNTED}"  # Table names of our own.


async def add(db: Connection, deltas: Mapping[Account, int]) -> None:
    """What only gains, and what has no floor; the latter last, since everybody adds to it."""
    accounts = sorted(deltas, key=lambda account: (account.kind in FREE, account))
    if await db.fetchval(_ADD, *_moves(deltas, accounts)):
        raise FullError
