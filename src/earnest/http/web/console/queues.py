"""The lists of the console: payments, returns, rulings, what does not fit, and operators' looks.

A list names people and amounts. What a contract is about is read on its own page, which tells both
sides of the look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from earnest.core.disputes.row import Dispute
from earnest.core.milestones.row import Milestone
from earnest.core.money import AmountError, Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import User
from earnest.core.references import printed
from earnest.http.web.console.frame import Queue
from earnest.http.web.payments import line
from earnest.http.web.subjects import address_of
from earnest.store.reads import console
from earnest.store.reads.around import names
from earnest.store.reads.collections import DEPOSITS, WITHDRAWALS, rows_of
from earnest.store.reads.paging import Part
from earnest.words import console as words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection


async def payments(
    db: Connection, rows: Sequence[Deposit | Withdrawal], visit: Visit
) -> Sequence[Mapping[str, Any]]:
    """Deposits or withdrawals, each with whose it is."""
    people = await names(db, {row.user_id for row in rows})
    return [{**line(row, visit), "owner": people[row.user_id]} for row in rows]


async def _returns(
    _db: Connection, rows: Sequence[console.Return], visit: Visit
) -> Sequence[Mapping[str, Any]]:
    """What operators would return; what the reader may do about it is on the milestone's page."""
    return [
        {
            "row": row,
            "href": f"/milestones/{printed(Milestone.prefix, row.id)}",
            "is_own": row.operator_id == visit.me.id,
        }
        for row in rows
    ]


async def _rulings(
    db: Connection, rows: Sequence[Dispute], _visit: Visit
) -> Sequence[Mapping[str, Any]]:
    """Disputes that wait for a ruling: who has them, and until when."""
    people = {number for row in rows for number in (row.employer_id, row.freelancer_id)}
    arbiters = {row.arbiter_id for row in rows if row.arbiter_id is not None}
    known = await names(db, people | arbiters)
    return [
        {
            "row": row,
            "href": address_of(row),
            "employer": known[row.employer_id],
            "freelancer": known[row.freelancer_id],
            "arbiter": None if row.arbiter_id is None else known[row.arbiter_id],
        }
        for row in rows
    ]


#: Where a payment's page is, by how its reference begins.
_PAYMENTS: Final = {Deposit.prefix: "deposits", Withdrawal.prefix: "withdrawals"}


async def _breaks(
    _db: Connection, rows: Sequence[console.Misfit], _visit: Visit
) -> Sequence[Mapping[str, Any]]:
    """What gateways said; each leads to the payment that it was about."""
    return [
        {
            "row": row,
            "kind": words.BREAKS[row.kind],
            "said": _as_money(row.said),
            "href": f"/{_PAYMENTS[row.payment.partition('_')[0]]}/{row.payment}",
        }
        for row in rows
    ]


def _as_money(said: str) -> Money | None:
    """The amount that a gateway said, if it is one of a currency that there is."""
    amount, _, currency = said.rpartition(" ")
    try:
        return Money.parse(amount, currency)
    except AmountError:
        return None


async def _looks(
    _db: Connection, rows: Sequence[console.Look], _visit: Visit
) -> Sequence[Mapping[str, Any]]:
    """Who looked at whom."""
    return [look_shown(row) for row in rows]


def look_shown(row: console.Look) -> dict[str, Any]:
    """One look; of a person it leads to their page."""
    number = row.person_id
    return {
        "row": row,
        "what": words.LOOKS[row.what],
        "href": None if number is None else f"/staff/people/{printed(User.prefix, number)}",
    }


_WAITING: Final = "waiting"
WITHDRAWN: Final[Queue[Any]] = Queue(
    "/staff/withdrawals",
    "payments.html",
    WITHDRAWALS.source,
    words.WITHDRAWAL_VIEWS,
    {
        _WAITING: (Part("console.withdrawals_to_approve"),),
        "on_the_way": (Part("console.withdrawals_on_their_way"),),
        "came_back": (Part("console.withdrawals_that_came_to_nothing"),),
    },
    payments,
)
DEPOSITED: Final[Queue[Any]] = Queue(
    "/staff/deposits",
    "payments.html",
    DEPOSITS.source,
    words.DEPOSIT_VIEWS,
    {
        _WAITING: (Part("console.deposits_waiting"),),
        "came_to_nothing": (Part("console.deposits_that_came_to_nothing"),),
    },
    payments,
)
RETURNED: Final = Queue(
    "/staff/returns",
    "returns.html",
    console.RETURNS,
    words.RETURN_VIEWS,
    {_WAITING: (Part("console.to_confirm"),), "confirmed": (Part("console.to_object"),)},
    _returns,
)
RULED: Final[Queue[Any]] = Queue(
    "/staff/rulings",
    "rulings.html",
    rows_of(Dispute),
    {},
    {"": (Part("console.of_rulings"),)},
    _rulings,
)
BROKEN: Final = Queue("/staff/breaks", "breaks.html", console.BREAKS, {}, {}, _breaks)
LOOKED: Final = Queue("/staff/audit", "audit.html", console.LOOKS, {}, {}, _looks)
QUEUES: Final = (WITHDRAWN, DEPOSITED, RETURNED, RULED, BROKEN, LOOKED)
