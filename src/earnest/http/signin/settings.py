"""Settings: what somebody is called, how they are shown things, and their password."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.http import asking, security
from earnest.http.signin import passwords
from earnest.http.signin.signing import begin
from earnest.http.signin.speaking import give
from earnest.http.signin.throttle import CHANGE_PASSWORD, Throttle
from earnest.http.signin.typed import (
    Wrong,
    language_wrong,
    line,
    name_wrong,
    password_wrong,
    wrong,
    zone_wrong,
    zones,
)
from earnest.http.web.places import checked_form, typed_before
from earnest.http.web.rendering import page, redirect
from earnest.http.web.visiting import THEMES
from earnest.store import people, sessions
from earnest.words.languages import LANGUAGES
from earnest.words.saying import N_, _

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

ADDRESS: Final = "/settings"
NOT_THIS: Final = N_("This is not your password.")
THEME_DAYS: Final = 365
#: Whether a direct contract is offered with the advice that a project protects both better.
ADVICE: Final = "advice"
#: The theme that the reader's system has: no cookie says anything else.
AS_THE_SYSTEM: Final = "system"


@dataclass(frozen=True, slots=True)
class Settings:
    """One page with two forms."""

    app: App
    throttle: Throttle

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """Both forms, with what was typed in them before the session ended."""
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

    async def password(self, visit: Visit, request: Request) -> Response:
        """Change the password: every session ends, and this browser is given a new one."""
        values = await checked_form(visit, request)
        old, new = values.get("password", ""), values.get("new_password", "")
        errors = password_wrong("new_password", new)
        if not errors and not await self._replaced(visit.me.id, old, new):
            errors = [wrong("password", NOT_THIS)]
        if errors:
            return _page(visit, {}, errors)
        database, number = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: sessions.end_all(database, number))
        return await begin(visit, request, number, ADDRESS, flash="password")

    async def to_settings(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, ADDRESS)

    async def _replaced(self, number: int, old: str, new: str) -> bool:
        """Put the new password in the place of the old one, if that is what it is."""
        database = self.app.database
        await self.throttle.count(CHANGE_PASSWORD, str(number))
        kept = await asking.looking(self.app, lambda: people.password_of(database, number))
        given = old if len(old) <= passwords.MOST else ""
        if not await asyncio.to_thread(passwords.matches, kept, given) or kept is None:
            return False
        await self.throttle.forget(CHANGE_PASSWORD, str(number))
        fresh = await asyncio.to_thread(passwords.hashed, new)
        return await asking.looking(
            self.app, lambda: people.replace_password(database, number, kept, fresh)
        )


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
