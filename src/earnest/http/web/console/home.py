"""The console's first page: every queue with its age, the health of the books, and halts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.payments.withdrawing import WithdrawalStatus
from earnest.http import asking
from earnest.http.web.console.frame import only_operators, shown
from earnest.http.web.console.queues import payments
from earnest.store import deliveries
from earnest.store.reads import console, lookups
from earnest.store.reads.collections import WITHDRAWALS
from earnest.store.reads.paging import Order, Page
from earnest.store.reads.paging import page as rows_of
from earnest.words.console import QUEUES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/staff"
#: How many withdrawals and how many halts are shown here; the rest has pages of its own.
FEW: Final = 10
HALTS_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Home:
    """For operators alone; to everybody else it is not there."""

    app: App

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """What waits, the books, and the withdrawals that have waited the longest."""
        only_operators(visit)

        async def read(db: Connection) -> tuple[Any, ...]:
            branches = WITHDRAWALS.branches(
                0, {"status": [WithdrawalStatus.REQUESTED]}, everybody=True
            )
            order = Order("lists.by_number", down=False)
            oldest, _ = await rows_of(
                db, WITHDRAWALS.source, Page(tuple(branches), order, None, FEW)
            )
            waiting = await payments(db, oldest, visit)
            return await console.queues(db), waiting, await console.halts(db, HALTS_SHOWN)

        queues, waiting, halts = await visit.reading(read)
        database = self.app.database
        return shown(
            visit,
            "home.html",
            ADDRESS,
            queues=[_queue(name, queues) for name in QUEUES],
            withdrawals=waiting,
            halts=halts,
            halt=await asking.looking(self.app, lambda: lookups.halt(database)),
            mails=await asking.looking(self.app, lambda: deliveries.counts(database)),
        )


def _queue(name: str, found: Mapping[str, console.Queue]) -> dict[str, Any]:
    queue, said = found[name], QUEUES[name]
    count = f"{console.COUNTED_MAX - 1}+" if queue.has_more else str(queue.count)
    return {"name": name, "is_empty": not queue.count, "count": count, "at": queue.at, "said": said}
