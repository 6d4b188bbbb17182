"""Passkeys among the settings: added, called otherwise, removed. A password there always is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from earnest.core.references import NotAReferenceError, parsed
from earnest.http import asking, security
from earnest.http.signin import ceremonies
from earnest.http.signin.apps import codes_of_new
from earnest.http.signin.throttle import PASSKEYS, Throttle
from earnest.http.signin.typed import Wrong, line, wrong
from earnest.http.web import proving
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.mail.letters import SECURITY
from earnest.store import passkeys
from earnest.store.account import Change, Changed
from earnest.words.saying import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.passkeys import Passkey

PLACE: Final = f"{SECURITY}/passkeys"
NEW: Final = f"{PLACE}/new"
NOT_MADE: Final = N_(
    "No passkey was made: the device said no, it took too long, or it has one for this account"
    " already. Try again."
)
NAME: Final = N_("A name has from 1 to {most} characters.")


@dataclass(frozen=True, slots=True)
class Keys:
    """Of the reader alone: every read and every write names them."""

    app: App
    throttle: Throttle

    async def new(self, visit: Visit, request: Request) -> Response:
        """The page on which one is made; nothing but a browser with scripts can."""
        if security.relying(request, self.app.config) is None:
            raise asking.not_found()
        if not visit.is_fresh:
            return proving.first(visit, NEW)
        return _new_page(visit)

    async def options(self, visit: Visit, request: Request) -> Response:
        """What the authenticator is asked that is to have one."""
        await checked_form(visit, request)
        await self.throttle.count(PASSKEYS, visit.secret)
        relying = security.relying(request, self.app.config)
        if relying is None or not visit.is_fresh:
            raise asking.not_found()
        known = await self._all(visit)
        return Response(await ceremonies.new(visit, relying, known), media_type=ceremonies.JSON)

    async def add(self, visit: Visit, request: Request) -> Response:
        """Keep what the authenticator has made; with the first factor there are recovery codes."""
        values = await checked_form(visit, request)
        relying = security.relying(request, self.app.config)
        if relying is None:
            raise asking.not_found()
        if not visit.is_fresh:
            return proving.first(visit, NEW)
        name = line(values, "name")
        if not _is_name(name):
            return _new_page(visit, name, [_misnamed()])
        made = await ceremonies.made(visit, relying, values.get("credential", ""), name)
        if made is None:
            return _new_page(visit, name, [wrong("", NOT_MADE)])
        database, token = self.app.database, visit.secret
        change = Change(self.app.node.ids.new(), visit.me.id, Changed.PASSKEY_ADDED, name)
        if not await asking.looking(self.app, lambda: passkeys.add(database, change, made, token)):
            return _new_page(visit, name, [wrong("", NOT_MADE)])
        return await codes_of_new(visit)

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One of them: its name to change, and its end."""
        return _key_page(visit, await self._this(visit, request))

    async def rename(self, visit: Visit, request: Request) -> Response:
        """Call it otherwise."""
        values = await checked_form(visit, request)
        key, name = await self._this(visit, request), line(values, "name")
        if not _is_name(name):
            return _key_page(visit, key, name, [_misnamed()])
        database, me = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: passkeys.rename(database, key.id, me, name))
        return redirect(visit, SECURITY, "saved")

    async def remove(self, visit: Visit, request: Request) -> Response:
        """Let it sign in nobody any more."""
        await checked_form(visit, request)
        key = await self._this(visit, request)
        if not visit.is_fresh:
            return proving.first(visit, f"{PLACE}/{key.reference}")
        database, token = self.app.database, visit.secret
        change = Change(self.app.node.ids.new(), visit.me.id, Changed.PASSKEY_REMOVED)
        await asking.looking(self.app, lambda: passkeys.remove(database, change, key.id, token))
        return redirect(visit, SECURITY, "factor_removed")

    async def to_key(self, visit: Visit, request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        key = await self._this(visit, request)
        return redirect(visit, f"{PLACE}/{key.reference}")

    async def _all(self, visit: Visit) -> Sequence[Passkey]:
        database, me = self.app.database, visit.me.id
        return await asking.looking(self.app, lambda: passkeys.all_of(database, me))

    async def _this(self, visit: Visit, request: Request) -> Passkey:
        try:
            number = parsed(request.path_params["id"], passkeys.PREFIX)
        except NotAReferenceError:
            raise asking.not_found() from None
        found = next((each for each in await self._all(visit) if each.id == number), None)
        if found is None:
            raise asking.not_found()
        return found


def _is_name(text: str) -> bool:
    return 0 < len(text) <= passkeys.NAME_LONGEST and text.isprintable()


def _new_page(visit: Visit, name: str = "", errors: Sequence[Wrong] = ()) -> Response:
    context: Mapping[str, object] = {"name": name, "errors": errors}
    return page(
        visit, "passkeys/new.html", status=422 if errors else 200, section="settings", **context
    )


def _key_page(
    visit: Visit, key: Passkey, name: str | None = None, errors: Sequence[Wrong] = ()
) -> Response:
    return page(
        visit,
        "passkeys/detail.html",
        status=422 if errors else 200,
        section="settings",
        key=key,
        name=key.name if name is None else name,
        errors=errors,
    )


def _misnamed() -> Wrong:
    return wrong("name", NAME.format(most=passkeys.NAME_LONGEST))
