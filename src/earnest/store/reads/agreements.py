"""What lies beside a milestone or a contract: what is proposed, and who has reviewed whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.contracts import Contract, ContractStatus
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import Milestone
from earnest.core.renewing import TermsOffer
from earnest.core.reviews import Reviewed
from earnest.store.queries import sql
from earnest.store.rulebooks import rulebooks
from earnest.store.tables import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from earnest.core.rows import Row
    from earnest.core.terms import Terms
    from earnest.store.db import Connection

#: Terms are proposed while it is active, and reviews are given once it has ended.
_OF_CONTRACTS: Final[Mapping[ContractStatus, type[Row]]] = {
    ContractStatus.ACTIVE: TermsOffer,
    ContractStatus.ENDED: Reviewed,
}


async def lying_beside(db: Connection, row: Row) -> list[Row]:
    """What the rules look at beside this row under its own number."""
    kind = _kind_beside(row)
    if kind is None:
        return []
    table = BY_KIND[kind]
    text = sql("lists.beside").format(columns=table.names, table=table.name, key=table.key[0])
    return [table.read(record) for record in await db.fetch(text, row.key)]


async def rules_in(db: Connection, rows: Iterable[Row]) -> dict[str, Terms]:
    """The rule books that somebody proposes among these rows."""
    return await rulebooks(db, {each.terms_hash for each in rows if isinstance(each, TermsOffer)})


def _kind_beside(row: Row) -> type[Row] | None:
    if isinstance(row, Contract):
        return _OF_CONTRACTS.get(row.status)
    return Edit if isinstance(row, Milestone) else None
