"""The settings of one's calendar: its address is made when it is asked for, shown once, and ended.

Who is suspended has it as everybody has: what happens to their money goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.http import asking, security
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.store import calendars

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

ADDRESS: Final = "/settings/calendar"


@dataclass(frozen=True, slots=True)
class Subscribing:
    """Of the reader alone: every read and every write names them."""

    app: App

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """Since when there is an address, if there is one, and what can be done with it."""
        database, me = self.app.database, visit.me.id
        since = await asking.looking(self.app, lambda: calendars.since(database, me))
        return page(visit, "calendar/settings.html", section="settings", since=since)

    async def renew(self, visit: Visit, request: Request) -> Response:
        """Make an address, and show it this once; the one before ends."""
        await checked_form(visit, request)
        database, me = self.app.database, visit.me.id
        token = await asking.looking(self.app, lambda: calendars.renew(database, me))
        origin = security.public_origin(request, self.app.config)
        link = f"{origin}/calendar/{token}.ics"
        return page(visit, "calendar/made.html", section="settings", link=link)

    async def end(self, visit: Visit, request: Request) -> Response:
        """Let the address lead nowhere any more."""
        await checked_form(visit, request)
        database, me = self.app.database, visit.me.id
        done = await asking.looking(self.app, lambda: calendars.end(database, me))
        return redirect(visit, ADDRESS, "calendar_ended" if done else None)

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, ADDRESS)
