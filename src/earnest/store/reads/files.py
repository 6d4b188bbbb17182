"""What is asked of files beside their rows: which bytes some row names, and where one was said."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Final

from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Connection, Database

AT_ONCE: Final = 1_000


async def named(database: Database, digests: Sequence[str]) -> set[str]:
    """Which of these digests some row names."""
    found = await database.pool.fetch(sql("files.kept"), list(digests))
    return {record[0] for record in found}


async def digests(database: Database) -> AsyncIterator[tuple[str, int]]:
    """Every digest that some row names, and how many bytes it is of."""
    after = ""
    while records := await database.pool.fetch(sql("files.digests"), after, AT_ONCE):
        for record in records:
            yield record[0], record[1]
        after = records[-1][0]


async def contract_of(db: Connection, file_id: int) -> int | None:
    """The contract in which a file was said or shown, if it was in one."""
    found: int | None = await db.fetchval(sql("files.contract_of"), file_id)
    return found
