"""The language switch in the foot of every page: for this browser, and for whose profile it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.http import asking, security
from earnest.http.signin.typed import language_wrong
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import redirect
from earnest.store import people

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

ADDRESS: Final = "/language"
LANGUAGE_DAYS: Final = 365


@dataclass(frozen=True, slots=True)
class Speaking:
    """One form without a page of its own."""

    app: App

    async def chosen(self, visit: Visit, request: Request) -> Response:
        """Keep the language, and go back to the page that it was chosen on."""
        values = await checked_form(visit, request)
        to = security.own_path(request.query_params.get("to", "")) or "/"
        chosen = values.get("language", "")
        if language_wrong(chosen):
            return redirect(visit, to)
        if visit.user is not None:
            database, number = self.app.database, visit.me.id
            await asking.looking(self.app, lambda: people.speak(database, number, chosen))
        response = redirect(visit, to)
        give(visit, response, chosen)
        return response

    async def to_front(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, "/")


def give(visit: Visit, response: Response, language: str) -> None:
    """Let this browser have a language, also when nobody is signed in."""
    seconds = LANGUAGE_DAYS * security.DAY_SECONDS
    visit.cookies.give(response, visit.cookies.language, language, seconds)
