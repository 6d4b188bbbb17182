"""What lies beside a milestone, a contract or a dispute: what is proposed, who did what before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.contracts import Contract, ContractStatus
from earnest.core.disputes.extending import Extension
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.withdrawing import Withdrew
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import Milestone
from earnest.core.renewing import TermsOffer
from earnest.core.reviews import Reviewed
from earnest.store.queries import sql
from earnest.store.rulebooks import rulebooks
from earnest.store.tables import BY_KIND

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    found: list[Row] = []
    for kind in _kinds_beside(row):
        table = BY_KIND[kind]
        text = sql("lists.beside").format(columns=table.names, table=table.name, key=table.key[0])
        found += [table.read(record) for record in await db.fetch(text, row.key)]
    return found


async def rules_in(db: Connection, rows: Iterable[Row]) -> dict[str, Terms]:
    """The rule books that somebody proposes among these rows."""
    return await rulebooks(db, {each.terms_hash for each in rows if isinstance(each, TermsOffer)})


def _kinds_beside(row: Row) -> Sequence[type[Row]]:
    if isinstance(row, Contract):
        kind = _OF_CONTRACTS.get(row.status)
        return () if kind is None else (kind,)
    if isinstance(row, Dispute):
        return (Extension,)
    return (Edit, Withdrew) if isinstance(row, Milestone) else ()
