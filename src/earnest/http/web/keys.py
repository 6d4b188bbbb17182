"""The keys of the keyboard that lead somewhere: their help, and the switch that ends them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.http import asking
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.store import people

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

HELP: Final = "/help/keys"
ADDRESS: Final = "/settings/keys"
#: What the form says that turns them on.
WANTED: Final = "keys"


@dataclass(frozen=True, slots=True)
class Keys:
    """What every page has from `keys.html`, here as a page of its own."""

    app: App

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """All of them; who is signed in can turn the single ones off."""
        return page(visit, "help/keys.html")

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Whether single keys lead somewhere (WCAG 2.1.4)."""
        wanted = WANTED in await checked_form(visit, request)
        database, me = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: people.set_keys(database, me, wanted=wanted))
        return redirect(visit, HELP, "keys_on" if wanted else "keys_off")

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of the button by hand is led to the page."""
        return redirect(visit, HELP)
