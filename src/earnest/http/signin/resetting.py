"""A forgotten password: a link in a mail, to whoever reads the address.

What is answered is the same whether anybody has that address or not, and nothing of it can be
read from how long it takes: in both cases one statement is sent to the database, and no mail.
Whoever has the new password still signs in with it, and with whatever else that needs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.http import asking
from earnest.http.signin import passwords
from earnest.http.signin.throttle import RESET, RESET_MAILS, Throttle, client_of
from earnest.http.signin.typed import Wrong, email_wrong, line, password_wrong
from earnest.http.signin.verifying import behind, gone
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.mail.letters import SECURITY
from earnest.store import account_mails
from earnest.store.account_mails import Kind

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

ADDRESS: Final = "/reset"
SENT: Final = "/reset/sent"
LINK: Final = "/reset/{token}"


@dataclass(frozen=True, slots=True)
class Resetting:
    """The page that takes an address, and the one that the link leads to."""

    app: App
    throttle: Throttle

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """Ask for the address."""
        return self._page(visit)

    async def sent(self, visit: Visit, request: Request) -> Response:
        """A mail, if anybody has the address and has not had several lately."""
        values = await checked_form(visit, request)
        email = line(values, "email")
        errors = email_wrong(email)
        if errors or self.app.carrier is None:
            return self._page(visit, email, errors)
        await self.throttle.count(RESET, client_of(request))
        if await self.throttle.allows(RESET_MAILS, email.casefold()):
            database, number = self.app.database, self.app.node.ids.new()
            await asking.looking(
                self.app, lambda: account_mails.offer_reset(database, number, email)
            )
        return redirect(visit, SENT)

    async def told(self, visit: Visit, _request: Request) -> Response:
        """Where to look now; the same for every address."""
        return page(visit, "account/reset_sent.html")

    async def opened(self, visit: Visit, request: Request) -> Response:
        """Ask for a password. Looking at it uses nothing up."""
        await behind(self.app, self.throttle, request, Kind.RESET)
        return self._choose(visit, request)

    async def chosen(self, visit: Visit, request: Request) -> Response:
        """That one: every session ends. Who has it signs in, and sees what goes on without one."""
        values = await checked_form(visit, request)
        found = await behind(self.app, self.throttle, request, Kind.RESET)
        new = values.get("new_password", "")
        errors = password_wrong("new_password", new)
        if errors:
            return self._choose(visit, request, errors)
        fresh = await asyncio.to_thread(passwords.hashed, new)
        token, database = request.path_params["token"], self.app.database
        new_id = self.app.node.ids.new
        done = await asking.looking(
            self.app, lambda: account_mails.reset(database, token, fresh, new_id)
        )
        if done is None:
            raise gone()
        await self.throttle.forget(RESET_MAILS, found.email.casefold())
        response = redirect(visit, f"/signin?next={SECURITY}", "reset")
        if visit.user is not None and visit.user.id == found.user_id:
            visit.cookies.take(response, visit.cookies.session)
        return response

    def _page(self, visit: Visit, email: str = "", errors: Sequence[Wrong] = ()) -> Response:
        return page(
            visit,
            "account/reset.html",
            status=422 if errors else 200,
            email=email,
            errors=errors,
            sends_mail=self.app.carrier is not None,
        )

    def _choose(self, visit: Visit, request: Request, errors: Sequence[Wrong] = ()) -> Response:
        return page(
            visit,
            "account/new_password.html",
            status=422 if errors else 200,
            action=request.url.path,
            errors=errors,
        )
