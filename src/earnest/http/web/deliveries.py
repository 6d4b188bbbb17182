"""Operators' page of the mails: which wait, which went out, which were given up and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.references import printed
from earnest.http import asking
from earnest.http.web import listing
from earnest.http.web.console.frame import SHOWN, only_operators, shown
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import redirect
from earnest.mail.letters import PREFIX
from earnest.store import deliveries
from earnest.store.reads.notices import DELIVERIES, Sent
from earnest.store.reads.paging import Branch, Order, Page, Part
from earnest.store.reads.paging import page as rows_of
from earnest.words.account_pages import ABOUT_ACCOUNT
from earnest.words.actions import happened
from earnest.words.saying import mark, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/staff/mails"
#: What each status is called, and the pill that it has.
STATUSES: Final = {
    "waiting": ("Waiting", "pending"),
    "given_up": ("Given up", "failed"),
    "handed_over": ("Handed over", "sent"),
    "not_needed": ("Not needed", "closed"),
}
mark(STATUSES)


@dataclass(frozen=True, slots=True)
class Deliveries:
    """For operators alone; to everybody else it is not there. What a mail says is not shown."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """Those of one status, the newest first."""
        only_operators(visit)
        status = request.query_params.get("status", "")
        status = status if status in STATUSES else next(iter(STATUSES))
        order = Order()
        after = listing.place(request.query_params.get("older"), ADDRESS, status, order)
        branch = Branch("lists.own", (Part("lists.with_status", ([status],)),))

        async def read(db: Connection) -> tuple[list[Sent], bool, Any]:
            rows, more = await rows_of(db, DELIVERIES, Page((branch,), order, after, SHOWN))
            return rows, more, await deliveries.carried(db, [each.id for each in rows])

        rows, more, carried = await visit.reading(read)
        counts = await asking.looking(self.app, lambda: deliveries.counts(self.app.database))
        here = f"{ADDRESS}?status={status}"
        older = f"{here}&older={listing.following(rows, ADDRESS, status, order)}" if more else None
        return shown(
            visit,
            "mails.html",
            ADDRESS,
            views=_views(status),
            rows=[_shown(each, carried.get(each.id, ())) for each in rows],
            counts=counts,
            has_carrier=self.app.carrier is not None,
            newest=here if after is not None else None,
            older=older,
        )

    async def again(self, visit: Visit, request: Request) -> Response:
        """Send one once more, from its first try on."""
        await checked_form(visit, request)
        only_operators(visit)
        number, database = asking.reference(request, PREFIX), self.app.database
        done = number is not None and await asking.looking(
            self.app, lambda: deliveries.again(database, number)
        )
        return redirect(visit, ADDRESS, "again" if done else None)

    async def to_list(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        only_operators(visit)
        return redirect(visit, ADDRESS)


def _views(status: str) -> list[dict[str, Any]]:
    return [
        {"text": text, "href": f"{ADDRESS}?status={name}", "here": name == status}
        for name, (text, _) in STATUSES.items()
    ]


def _together(count: int) -> str:
    return ngettext("{count} notice", "{count} notices together", count).format(count=count)


def _shown(each: Sent, events: Sequence[str]) -> dict[str, Any]:
    """A mail in the list."""
    about = happened(events[0]) if len(events) == 1 else _together(len(events))
    if not events:
        about = ABOUT_ACCOUNT
    text, pill = STATUSES[each.status]
    return {
        "row": each,
        "reference": printed(PREFIX, each.id),
        "about": about,
        "pill": (pill, text),
        "can_again": each.status in {"waiting", "given_up"},
    }
