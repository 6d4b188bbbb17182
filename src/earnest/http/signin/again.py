"""Showing once more who one is, before what a stolen session must not do; and back to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from earnest.http import asking, security
from earnest.http.signin import ceremonies
from earnest.http.signin.proofs import NOT_A_CODE, NOT_A_PASSKEY, Proofs
from earnest.http.signin.signing import onward
from earnest.http.signin.throttle import AGAIN, PASSKEYS, Throttle, client_of
from earnest.http.signin.typed import NOT_THIS, Wrong, wrong
from earnest.http.web.places import checked_form
from earnest.http.web.proving import PLACE
from earnest.http.web.rendering import page, redirect
from earnest.store import factors, passkeys, sessions
from earnest.store.challenges import Purpose

if TYPE_CHECKING:
    from starlette.requests import Request

    from earnest.app import App
    from earnest.http.web.visiting import Visit

NEXT: Final = "next"


@dataclass(frozen=True, slots=True)
class Again:
    """The page that asks; each of what somebody has is enough."""

    app: App
    throttle: Throttle

    async def shown(self, visit: Visit, request: Request) -> Response:
        """What they can show; who has shown it just now goes on."""
        to = onward(request.query_params.get(NEXT, ""))
        return redirect(visit, to) if visit.is_fresh else await self._page(visit, request, to)

    async def sent(self, visit: Visit, request: Request) -> Response:
        """The password, or a code of the app."""
        values = await checked_form(visit, request)
        to = onward(values.get(NEXT, ""))
        await self._count(visit)
        proofs, me = Proofs(self.app, self.throttle), visit.me.id
        if "code" in values:
            if not await proofs.code(me, values["code"]):
                return await self._page(visit, request, to, [wrong("code", NOT_A_CODE)])
        elif await proofs.password(me, values.get("password", "")) is None:
            return await self._page(visit, request, to, [wrong("password", NOT_THIS)])
        return await self._proved(visit, to)

    async def options(self, visit: Visit, request: Request) -> Response:
        """What one of their passkeys is asked."""
        await checked_form(visit, request)
        await self.throttle.count(PASSKEYS, client_of(request))
        relying = security.relying(request, self.app.config)
        if relying is None:
            raise asking.not_found()
        database, me = self.app.database, visit.me.id
        keys = await asking.looking(self.app, lambda: passkeys.all_of(database, me))
        asked = await ceremonies.known(visit, relying, Purpose.AGAIN, passkeys.usable(keys))
        return Response(asked, media_type=ceremonies.JSON)

    async def passkey(self, visit: Visit, request: Request) -> Response:
        """One of their passkeys."""
        values = await checked_form(visit, request)
        to = onward(values.get(NEXT, ""))
        relying = security.relying(request, self.app.config)
        await self._count(visit)
        shown = None
        if relying is not None:
            answer = values.get("credential", "")
            shown = await ceremonies.shown(visit, relying, Purpose.AGAIN, answer)
        if shown is None or shown.user_id != visit.me.id:
            return await self._page(visit, request, to, [wrong("", NOT_A_PASSKEY)])
        return await self._proved(visit, to)

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, PLACE)

    async def _count(self, visit: Visit) -> None:
        """Tries of one session: its thief gets no more of them, and its owner has others."""
        await self.throttle.count(AGAIN, visit.secret)

    async def _proved(self, visit: Visit, to: str) -> Response:
        await self.throttle.forget(AGAIN, visit.secret)
        database, token = self.app.database, visit.secret
        await asking.looking(self.app, lambda: sessions.prove(database, token))
        return redirect(visit, to, "proved")

    async def _page(
        self, visit: Visit, request: Request, to: str, errors: Sequence[Wrong] = ()
    ) -> Response:
        database, me = self.app.database, visit.me.id
        has = await asking.looking(self.app, lambda: factors.of(database, me))
        can = security.relying(request, self.app.config) is not None
        context: Mapping[str, object] = {
            "has": has,
            "can_passkey": can and has.usable > 0,
            "next": to,
            "errors": errors,
        }
        return page(visit, "signin_again.html", status=422 if errors else 200, **context)
