"""A person's money: by currency, and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Connection

#: Every place, in the order in which it is shown.
PLACES: Final = (
    "wallet",
    "reserved",
    "held_outgoing",
    "held_incoming",
    "releasing_outgoing",
    "releasing_incoming",
    "frozen_outgoing",
    "frozen_incoming",
    "on_the_way",
)


async def purse(db: Connection, user_id: int) -> dict[str, dict[str, int]]:
    """Minor units by currency and place; a currency that was never used is not there."""
    found: dict[str, dict[str, int]] = {}
    text = sql("accounts.of_person").format(left=sql("milestones.left"))
    for currency, place, balance in await db.fetch(text, user_id):
        found.setdefault(currency, dict.fromkeys(PLACES, 0))[place] = balance
    return dict(sorted(found.items()))
