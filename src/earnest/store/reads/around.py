"""What a shape says beside its own row: names, balances and rule books, one statement each."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from earnest.core.contracts import Contract
from earnest.core.ledger import Account
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.store.db import CONNECTION_SECONDS
from earnest.store.lock import read_rulebooks
from earnest.store.queries import sql
from earnest.store.reads.collections import MILESTONES
from earnest.wire.shapes import Surroundings

if TYPE_CHECKING:
    from earnest.core.terms import Terms
    from earnest.store.db import Connection, Database


_PEOPLE = ("employer_id", "freelancer_id", "sender_id", "actor_id")


@dataclass(slots=True)
class Seen:
    """Everything that is needed to show some rows."""

    around: Surroundings
    #: The live milestones of each contract among them.
    milestones: Mapping[int, Sequence[Milestone]]


@contextlib.asynccontextmanager
async def snapshot(database: Database) -> AsyncIterator[Connection]:
    """A connection on which every statement sees the same moment: rows and balances agree."""
    async with (
        database.pool.acquire(timeout=CONNECTION_SECONDS) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        yield connection


async def seen(db: Connection, rows: Sequence[Any]) -> Seen:
    """Read what these rows are shown with; as many statements for one row as for a hundred."""
    contracts = [row for row in rows if isinstance(row, Contract)]
    live = await live_milestones(db, [contract.id for contract in contracts])
    milestones = [row for row in (*rows, *live) if isinstance(row, Milestone)]
    people = {getattr(row, each) for row in rows for each in _PEOPLE if hasattr(row, each)}
    around = Surroundings(
        names=await names(db, people),
        balances=await balances(db, {m.escrow for m in milestones if m.status in HOLDING}),
        rulebooks=await rulebooks(db, {each.terms_hash for each in contracts}),
    )
    by_contract: dict[int, list[Milestone]] = {contract.id: [] for contract in contracts}
    for milestone in live:
        by_contract[milestone.contract_id].append(milestone)
    return Seen(around, by_contract)


async def live_milestones(db: Connection, contract_ids: Sequence[int]) -> list[Milestone]:
    """The milestones of these contracts that have not ended, oldest first."""
    if not contract_ids:
        return []
    text = sql("milestones.live_of_contracts").format(columns=MILESTONES.source.names)
    return [MILESTONES.source.read(r) for r in await db.fetch(text, sorted(contract_ids))]


async def names(db: Connection, people: Iterable[int]) -> Mapping[int, str]:
    """What these people are called."""
    wanted = sorted(people)
    if not wanted:
        return {}
    return {record[0]: record[1] for record in await db.fetch(sql("people.names"), wanted)}


async def balances(db: Connection, accounts: Iterable[Account]) -> Mapping[Account, int]:
    """What these accounts hold."""
    wanted = sorted(accounts)
    if not wanted:
        return {}
    columns = (list(column) for column in zip(*wanted, strict=True))
    found = await db.fetch(sql("accounts.balances"), *columns)
    return {Account(r[0], r[1], r[2]): r[3] for r in found}


#: Rule books never change, so one that was read once is known for ever.
_KNOWN: dict[str, Terms] = {}


async def rulebooks(db: Connection, hashes: set[str]) -> Mapping[str, Terms]:
    """The rule books of these hashes, and perhaps others."""
    unknown = sorted(hashes - _KNOWN.keys())
    if unknown:
        _KNOWN.update(await read_rulebooks(db, unknown))
    return _KNOWN


async def now(db: Connection) -> datetime:
    """The clock that decides."""
    moment: datetime = await db.fetchval(sql("site.now"))
    return moment
