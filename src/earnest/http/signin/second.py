"""The second step of signing in: the password was right, and now a passkey or a code is asked for.

Who has come so far is known by a cookie of its own, which is good for nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from starlette.responses import Response

from earnest.http import asking, security
from earnest.http.signin import ceremonies
from earnest.http.signin.proofs import NOT_A_CODE, NOT_A_PASSKEY, NOT_RECOVERY, Proofs
from earnest.http.signin.signing import begin, onward
from earnest.http.signin.throttle import PASSKEYS, SECOND, Throttle, client_of
from earnest.http.signin.typed import Wrong, wrong
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.mail.letters import SECURITY
from earnest.store import begun, factors, passkeys
from earnest.store.challenges import Purpose

if TYPE_CHECKING:
    from starlette.requests import Request

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.begun import Begun

PLACE: Final = "/signin/second"
#: What a form says that brings a recovery code.
RECOVERY: Final = "recovery"


@dataclass(frozen=True, slots=True)
class Second:
    """The page after the password; without the cookie it leads back to the first."""

    app: App
    throttle: Throttle

    async def shown(self, visit: Visit, request: Request) -> Response:
        """What can be shown beside the password."""
        found = await self._begun(visit, request)
        return (
            redirect(visit, "/signin") if found is None else await self._page(visit, request, found)
        )

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Sign in with a code of the app, or use a recovery code up."""
        values = await checked_form(visit, request)
        found = await self._begun(visit, request)
        if found is None:
            return redirect(visit, "/signin")
        await self._count(request, found)
        proofs, number = Proofs(self.app, self.throttle), found.user_id
        if RECOVERY in values:
            if not await proofs.recovery(number, values[RECOVERY]):
                return await self._page(visit, request, found, [wrong(RECOVERY, NOT_RECOVERY)])
            return await self._in(visit, request, "recovered")
        if not await proofs.code(number, values.get("code", "")):
            return await self._page(visit, request, found, [wrong("code", NOT_A_CODE)])
        return await self._in(visit, request)

    async def options(self, visit: Visit, request: Request) -> Response:
        """What one of their passkeys is asked."""
        await checked_form(visit, request)
        await self.throttle.count(PASSKEYS, client_of(request))
        found = await self._begun(visit, request)
        relying = security.relying(request, self.app.config)
        if found is None or relying is None:
            raise asking.not_found()
        database = self.app.database
        keys = await asking.looking(self.app, lambda: passkeys.all_of(database, found.user_id))
        usable = passkeys.usable(keys)
        asked = await ceremonies.known(visit, relying, Purpose.SECOND, usable)
        return Response(asked, media_type=ceremonies.JSON)

    async def passkey(self, visit: Visit, request: Request) -> Response:
        """Sign in with one of their passkeys."""
        values = await checked_form(visit, request)
        found = await self._begun(visit, request)
        relying = security.relying(request, self.app.config)
        if found is None or relying is None:
            return redirect(visit, "/signin")
        await self._count(request, found)
        answer = values.get("credential", "")
        shown = await ceremonies.shown(visit, relying, Purpose.SECOND, answer)
        if shown is None or shown.user_id != found.user_id:
            return await self._page(visit, request, found, [wrong("", NOT_A_PASSKEY)])
        return await self._in(visit, request)

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, PLACE)

    async def _count(self, request: Request, found: Begun) -> None:
        await self.throttle.count(SECOND, client_of(request), str(found.user_id))

    async def _begun(self, visit: Visit, request: Request) -> Begun | None:
        token = request.cookies.get(visit.cookies.second, "")
        return await asking.looking(self.app, lambda: begun.find(self.app.database, token))

    async def _in(self, visit: Visit, request: Request, flash: str | None = None) -> Response:
        """What was begun is over; of two right answers at once one signs in."""
        token = request.cookies.get(visit.cookies.second, "")
        found = await asking.looking(self.app, lambda: begun.finish(self.app.database, token))
        if found is None:
            return redirect(visit, "/signin")
        await self.throttle.forget(SECOND, client_of(request), str(found.user_id))
        to = SECURITY if flash is not None else onward(found.onward)
        response = await begin(visit, request, found.user_id, to, flash=flash, kept=found.kept)
        visit.cookies.take(response, visit.cookies.second)
        return response

    async def _page(
        self, visit: Visit, request: Request, found: Begun, errors: Sequence[Wrong] = ()
    ) -> Response:
        database = self.app.database
        has = await asking.looking(self.app, lambda: factors.of(database, found.user_id))
        can = security.relying(request, self.app.config) is not None
        return page(
            visit,
            "signin_second.html",
            status=422 if errors else 200,
            has=has,
            can_passkey=can and has.usable > 0,
            errors=errors,
        )
