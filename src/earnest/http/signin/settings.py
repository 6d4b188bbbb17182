"""Settings: what somebody is called, and how they are shown things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.http import asking, security
from earnest.http.signin.speaking import give
from earnest.http.signin.typed import (
    Wrong,
    language_wrong,
    line,
    name_wrong,
    wrong,
    zone_wrong,
    zones,
)
from earnest.http.web.places import checked_form, typed_before
from earnest.http.web.rendering import page, redirect
from earnest.http.web.visiting import THEMES
from earnest.store import people
from earnest.words.languages import LANGUAGES
from earnest.words.saying import _

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

ADDRESS: Final = "/settings"
THEME_DAYS: Final = 365
#: Whether a direct contract is offered with the advice that a project protects both better.
ADVICE: Final = "advice"
#: The theme that the reader's system has: no cookie says anything else.
AS_THE_SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True)
class Settings:
    """One page with one form, and ways to the others."""

    app: App

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """The form, with what was typed in it before the session ended."""
        return _page(visit, await typed_before(visit) or {})

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Keep the profile with the person, and the theme with the browser."""
        values = await checked_form(visit, request)
        name, language, zone, theme = (
            line(values, field) for field in ("name", "language", "time_zone", "theme")
        )
        errors = [*name_wrong(name), *zone_wrong(zone), *language_wrong(language)]
        if theme not in {*THEMES, AS_THE_SYSTEM}:
            errors.append(wrong("theme", _("Choose a theme.")))
        if errors:
            return _page(visit, values, errors)
        database, number, advice = self.app.database, visit.me.id, ADVICE in values
        await asking.looking(
            self.app,
            lambda: people.set_profile(database, number, name, language, zone, advice=advice),
        )
        response = redirect(visit, ADDRESS, "saved")
        _wear(visit, response, theme)
        give(visit, response, language)
        return response

    async def to_settings(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, ADDRESS)


def _page(visit: Visit, typed: Mapping[str, str], errors: Sequence[Wrong] = ()) -> Response:
    assert visit.visitor is not None, "only who is signed in has settings"
    now = {
        "name": visit.me.name,
        "language": visit.language,
        "time_zone": visit.visitor.time_zone,
        "theme": visit.theme or AS_THE_SYSTEM,
    }
    return page(
        visit,
        "settings.html",
        status=422 if errors else 200,
        section="settings",
        values={name: typed.get(name, text) for name, text in now.items()},
        advice=ADVICE in typed if typed else visit.visitor.wants_advice,
        zones=zones(),
        languages=list(LANGUAGES.items()),
        errors=errors,
    )


def _wear(visit: Visit, response: Response, theme: str) -> None:
    """Let this browser have a theme; its system's needs no cookie."""
    cookies = visit.cookies
    if theme == AS_THE_SYSTEM:
        cookies.take(response, cookies.theme)
    else:
        cookies.give(response, cookies.theme, theme, THEME_DAYS * security.DAY_SECONDS)
