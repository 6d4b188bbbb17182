"""First steps: the page that asks what somebody came to do, and the list that follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.http import asking
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.store import beginnings
from earnest.store.beginnings import Aim
from earnest.words import beginnings as words

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.beginnings import Beginning

ADDRESS: Final = "/welcome"
HIDE: Final = f"{ADDRESS}/hide"
HOME: Final = "/finances"


@dataclass(frozen=True, slots=True)
class Welcome:
    """Whoever comes here chooses once, and can again."""

    app: App

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """The question."""
        return _page(visit)

    async def chosen(self, visit: Visit, request: Request) -> Response:
        """Keep it, and go on to the first steps."""
        values = await checked_form(visit, request)
        aim = values.get("aim", "")
        if aim not in words.AIMS:
            return _page(visit, [{"field": "aim", "text": words.CHOOSE}])
        database, me = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: beginnings.choose(database, me, Aim(aim)))
        return redirect(visit, HOME)

    async def hidden(self, visit: Visit, request: Request) -> Response:
        """Put the list away."""
        await checked_form(visit, request)
        database, me = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: beginnings.hide(database, me))
        return redirect(visit, HOME, "steps_hidden")

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, HOME)


def _page(visit: Visit, errors: list[dict[str, str]] | None = None) -> Response:
    return page(
        visit,
        "welcome.html",
        status=422 if errors else 200,
        aims=[
            {"value": aim, "text": text, "meta": meta} for aim, (text, meta) in words.AIMS.items()
        ],
        errors=errors or [],
    )


def steps(found: Beginning | None) -> list[dict[str, Any]]:
    """The list on the dashboard; none once all of it is done. The first that is not comes next."""
    if found is None or found.is_over:
        return []
    following = next(each for each in found.steps if each not in found.done)
    return [
        {"said": words.STEPS[each], "is_done": each in found.done, "is_next": each == following}
        for each in found.steps
    ]
