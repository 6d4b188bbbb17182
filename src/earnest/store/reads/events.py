"""Which events tell of something, and in which order they are read.

Within a contract they are counted without a gap, so that is their order; anywhere else it is the
order of their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from earnest.core.contracts import Contract
from earnest.core.people import User
from earnest.core.rows import Row
from earnest.store.reads.paging import Branch, Order, Part

VISIBLE: Final = "events.visible"

_FILTERS: Final = {"from": "events.happened_from", "to": "events.happened_before"}
_SIDES: Final = ("contracts.where_employer", "contracts.where_freelancer")


def _within(chosen: Mapping[str, Any]) -> tuple[Part, ...]:
    return tuple(Part(part, (chosen[name],)) for name, part in _FILTERS.items() if name in chosen)


def of_person(user_id: int, chosen: Mapping[str, Any]) -> tuple[list[Branch], Order]:
    """All that a person may see, or what happened in one contract of theirs."""
    where = _within(chosen)
    if "contract" in chosen:
        this = Part("contracts.where_this", (chosen["contract"],))
        sides = [(Part(side, (user_id,)), this) for side in _SIDES]
        return [Branch("lists.through_contracts", side, where) for side in sides], IN_CONTRACT
    found = [Branch("lists.through_contracts", (Part(s, (user_id,)),), where) for s in _SIDES]
    found.append(Branch("lists.own", (Part("events.of_own_row", (user_id,)),), where))
    found += (
        Branch(f"events.through_{payments}", (Part("events.where_payer", (user_id,)),), where)
        for payments in ("deposits", "withdrawals")
    )
    return found, Order()


IN_CONTRACT: Final = Order("events.by_seq", down=True)


def about(row: Row, chosen: Mapping[str, Any]) -> tuple[list[Branch], Order]:
    """What happened to a row that its reader may see."""
    where = _within(chosen)
    telling = Part("events.telling_of", (row.reference,))
    if isinstance(row, User):
        return [Branch("lists.own", (Part("events.from_own_row", (row.id,)),), where)], Order()
    contract_id: int | None = getattr(row, "contract_id", None)
    if contract_id is not None:
        side = (Part("events.of_contract", (contract_id,)),)
        also = () if isinstance(row, Contract) else (telling,)
        return [Branch("lists.own", side, (*where, *also))], IN_CONTRACT
    owner: int = row.user_id  # type: ignore[attr-defined]  # Of what is left, all are payments.
    mine = Part("events.of_payment", ((owner, row.id),))
    return [Branch("lists.own", (mine,), (*where, telling))], Order()
