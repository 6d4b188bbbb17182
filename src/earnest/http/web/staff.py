"""The operators' console: what waits for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.payments.depositing import DepositStatus
from earnest.core.payments.withdrawing import WithdrawalStatus
from earnest.http import asking
from earnest.http.web.payments import line
from earnest.http.web.rendering import page
from earnest.store import deliveries
from earnest.store.reads import lookups
from earnest.store.reads.around import names
from earnest.store.reads.collections import DEPOSITS, WITHDRAWALS, Collection
from earnest.store.reads.paging import Order, Page
from earnest.store.reads.paging import page as rows_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Staff:
    """For operators alone; to everybody else it is not there."""

    app: App

    async def home(self, visit: Visit, _request: Request) -> Response:
        """Withdrawals that wait for approval, deposits that nobody paid yet, and the books."""
        if not visit.is_staff:
            raise asking.not_found()

        async def read(db: Connection) -> tuple[Any, ...]:
            wait = await _oldest(db, WITHDRAWALS, WithdrawalStatus.REQUESTED)
            unpaid = await _oldest(db, DEPOSITS, DepositStatus.PENDING)
            people = await names(db, {row.user_id for row in (*wait, *unpaid)})
            return wait, unpaid, people

        wait, unpaid, people = await visit.reading(read)
        halt = await asking.looking(self.app, lambda: lookups.halt(self.app.database))
        return page(
            visit,
            "staff.html",
            section="staff",
            withdrawals=[{**line(row, visit), "owner": people[row.user_id]} for row in wait],
            deposits=[{**line(row, visit), "owner": people[row.user_id]} for row in unpaid],
            halt=halt,
            mails=await asking.looking(self.app, lambda: deliveries.counts(self.app.database)),
        )


async def _oldest(db: Connection, collection: Collection[Any], status: str) -> list[Any]:
    """What has waited in this status the longest."""
    branches = collection.branches(0, {"status": [status]}, everybody=True)
    order = Order("lists.by_number", down=False)
    return (await rows_of(db, collection.source, Page(tuple(branches), order, None, SHOWN)))[0]
