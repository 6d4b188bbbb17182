"""The app that makes codes, among the settings: set up, turned off; and recovery codes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from earnest.http import asking
from earnest.http.signin import codes, sealing
from earnest.http.signin.proofs import NOT_A_CODE, about
from earnest.http.signin.throttle import SECOND, Throttle
from earnest.http.signin.typed import Wrong, wrong
from earnest.http.web import proving
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.mail.letters import SECURITY
from earnest.store import factors
from earnest.store.account import Change, Changed

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

PLACE: Final = f"{SECURITY}/app"
CODES: Final = f"{SECURITY}/codes"
#: How long a secret that was shown can be confirmed.
OFFERED: Final = timedelta(minutes=30)
#: What carries the secret from the page to its confirmation: sealed, and kept nowhere else.
SEALED: Final = "sealed"


class _Offered(msgspec.Struct):
    """A secret that nobody's codes are made of yet, and until when it can be taken."""

    secret: str
    until: int


@dataclass(frozen=True, slots=True)
class Apps:
    """Of the reader alone."""

    app: App
    throttle: Throttle

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """A secret to put into an app, as a picture and as text; or since when there is one."""
        if not visit.is_fresh:
            return proving.first(visit, PLACE)
        if await self._is_on(visit):
            return redirect(visit, SECURITY)
        return self._page(visit, codes.new_secret())

    async def confirm(self, visit: Visit, request: Request) -> Response:
        """Let it count from the first code on that the app shows."""
        values = await checked_form(visit, request)
        if not visit.is_fresh:
            return proving.first(visit, PLACE)
        if await self._is_on(visit):
            return redirect(visit, SECURITY)
        await self.throttle.count(SECOND, visit.secret)
        secret = self._offered(visit, values.get(SEALED, ""))
        if secret is None:
            return redirect(visit, PLACE)
        step = codes.step_of(secret, values.get("code", ""))
        if step is None:
            return self._page(visit, secret, [wrong("code", NOT_A_CODE)])
        database, me, token = self.app.database, visit.me.id, visit.secret
        change = Change(self.app.node.ids.new(), me, Changed.APP_ADDED)
        kept = sealing.sealed(self.app.config, secret, about(me))
        if not await asking.looking(
            self.app, lambda: factors.add_app(database, change, kept, step, token)
        ):
            return redirect(visit, SECURITY)
        return await codes_of_new(visit)

    async def off(self, visit: Visit, request: Request) -> Response:
        """Let its codes count no more."""
        await checked_form(visit, request)
        if not visit.is_fresh:
            return proving.first(visit, SECURITY)
        database, token = self.app.database, visit.secret
        change = Change(self.app.node.ids.new(), visit.me.id, Changed.APP_REMOVED)
        done = await asking.looking(self.app, lambda: factors.remove_app(database, change, token))
        return redirect(visit, SECURITY, "factor_removed" if done else None)

    async def codes(self, visit: Visit, request: Request) -> Response:
        """Make recovery codes anew, and show them this once."""
        await checked_form(visit, request)
        if not visit.is_fresh:
            return proving.first(visit, SECURITY)
        database, me = self.app.database, visit.me.id
        has = await asking.looking(self.app, lambda: factors.of(database, me))
        if not has.are_any:
            return redirect(visit, SECURITY)
        return await _new_codes(visit, Change(self.app.node.ids.new(), me, Changed.CODES_MADE))

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, SECURITY)

    async def _is_on(self, visit: Visit) -> bool:
        database, me = self.app.database, visit.me.id
        has = await asking.looking(self.app, lambda: factors.of(database, me))
        return has.app_since is not None

    def _page(self, visit: Visit, secret: str, errors: Sequence[Wrong] = ()) -> Response:
        until = int(time.time() + OFFERED.total_seconds())
        offered = msgspec.json.encode(_Offered(secret, until)).decode()
        kept = sealing.sealed(self.app.config, offered, _about(visit))
        return page(
            visit,
            "settings_app.html",
            status=422 if errors else 200,
            section="settings",
            picture=codes.picture(codes.address(secret, visit.me.email)),
            typed_out=codes.grouped(secret),
            sealed=kept.hex(),
            errors=errors,
        )

    def _offered(self, visit: Visit, sent: str) -> str | None:
        """The secret that this person was shown lately."""
        try:
            raw = bytes.fromhex(sent)
        except ValueError:
            return None
        text = sealing.opened(self.app.config, raw, _about(visit))
        if text is None:
            return None
        found = msgspec.json.decode(text, type=_Offered)
        return found.secret if found.until >= time.time() else None


async def codes_of_new(visit: Visit) -> Response:
    """After a factor was added: recovery codes with the first, else back to the settings."""
    database, me = visit.app.database, visit.me.id
    has = await asking.looking(visit.app, lambda: factors.of(database, me))
    if has.codes_left:
        return redirect(visit, SECURITY, "factor_added")
    return await _new_codes(visit)


async def _new_codes(visit: Visit, change: Change | None = None) -> Response:
    database, me, made = visit.app.database, visit.me.id, codes.new_recovery()
    digests = codes.digests(made)
    await asking.looking(visit.app, lambda: factors.renew_codes(database, me, digests, change))
    return page(
        visit, "settings_codes.html", section="settings", codes=made, is_first=change is None
    )


def _about(visit: Visit) -> str:
    """What a secret is sealed as that is only offered: to whom, and in which session."""
    return f"offered {visit.me.id} {visit.secret}"
