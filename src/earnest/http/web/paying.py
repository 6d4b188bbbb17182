"""What a payment is called by wherever it stands: whose it is, and where it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from earnest.core.payments.row import Payment
from earnest.core.payments.withdrawing import Withdrawal
from earnest.http import asking
from earnest.store import looking
from earnest.store.reads.around import names
from earnest.wire.payment_shapes import masked
from earnest.words.actions import choice_of
from earnest.words.turns import held_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.core.rows import Row
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection


async def beside(db: Connection, row: Row, visit: Visit) -> Mapping[str, Any]:
    """What a form about a payment shows: of somebody else's also whose it is."""
    if not isinstance(row, Payment):
        return {}
    mine = row.user_id == visit.me.id
    owner = {} if mine else await names(db, {row.user_id})
    return {
        "payment": {
            "amount": row.amount,
            "owner": owner.get(row.user_id),
            "destination": destination(row) if isinstance(row, Withdrawal) else None,
        }
    }


async def looked(visit: Visit, person: int, what: str = "payment") -> None:
    """An operator's look at something of somebody's is written down before it is shown."""
    database, number, me = visit.app.database, visit.app.node.ids.new(), visit.me.id
    await asking.looking(visit.app, lambda: looking.looked_at(database, number, me, person, what))


def destination(row: Withdrawal) -> str:
    """Where it goes; of the account only the end is shown."""
    return f"{held_in(row.destination_name)} · {end_of(row)}"


def end_of(row: Withdrawal) -> str:
    """The end of the account; one too short to have an end by itself is called by its kind."""
    end = masked(row.destination_account)
    return end if len(end) > 1 else choice_of(row.destination_type.value)[0]
