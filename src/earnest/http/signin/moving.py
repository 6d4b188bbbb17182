"""Another address: asked for with the password, made by who reads the new one.

Whether somebody else has the new address is told to nobody but whoever reads it. Whoever reads the
old one can stop it, and for a week undo it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.http import asking
from earnest.http.signin.knowing import known
from earnest.http.signin.throttle import CHANGE_ADDRESS, Throttle
from earnest.http.signin.typed import NOT_THIS, Wrong, email_wrong, line, wrong
from earnest.http.signin.verifying import behind, gone
from earnest.http.web.places import checked_form, typed_before
from earnest.http.web.rendering import page, redirect
from earnest.store import address_changes
from earnest.store.account_mails import STOPPING, Kind
from earnest.store.address_changes import TakenError
from earnest.words import account_pages as words

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.account_mails import Linked

ADDRESS: Final = "/settings/address"
#: Where the links lead, of who reads the new address and of who reads the old one.
LINK: Final = "/address/{token}"
#: What is said of it once it is undone, to whoever is then signed in nowhere.
STOPPED: Final = "/address/stopped"
_EITHER: Final = (Kind.CHANGE, *STOPPING)
_CONFLICT: Final = 409


@dataclass(frozen=True, slots=True)
class Moving:
    """The settings of one's address, and where the links in the mails lead."""

    app: App
    throttle: Throttle

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """The address now, what waits, and the form."""
        return await self._page(visit, await typed_before(visit) or {})

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Ask for another; what is said does not depend on whether somebody has it."""
        values = await checked_form(visit, request)
        if self.app.carrier is None:
            return await self._page(visit, values)
        email, me = line(values, "email"), visit.me
        errors = email_wrong(email)
        if not errors and email.casefold() == me.email.casefold():
            errors = [wrong("email", words.SAME)]
        given = values.get("password", "")
        if not errors and await known(self.app, self.throttle, me.id, given) is None:
            errors = [wrong("password", NOT_THIS)]
        if errors:
            return await self._page(visit, values, errors)
        await self.throttle.count(CHANGE_ADDRESS, str(me.id))
        database, new = self.app.database, self.app.node.ids.new
        await asking.looking(self.app, lambda: address_changes.ask(database, new, me.id, email))
        return redirect(visit, ADDRESS, "address_asked")

    async def withdrawn(self, visit: Visit, request: Request) -> Response:
        """Leave it as it is."""
        await checked_form(visit, request)
        database, me = self.app.database, visit.me.id
        done = await asking.looking(self.app, lambda: address_changes.withdraw(database, me))
        return redirect(visit, ADDRESS, "address_withdrawn" if done else None)

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, ADDRESS)

    async def opened(self, visit: Visit, request: Request) -> Response:
        """What the link would do, and a button that does it."""
        found = await behind(self.app, self.throttle, request, *_EITHER)
        return page(visit, "account/link.html", link=found, action=request.url.path)

    async def done(self, visit: Visit, request: Request) -> Response:
        """Do what the link says: make the change, or undo all of it."""
        await checked_form(visit, request)
        found = await behind(self.app, self.throttle, request, *_EITHER)
        if found.kind is Kind.CHANGE:
            return await self._made(visit, request, found)
        database, number = self.app.database, self.app.node.ids.new()
        token = request.path_params["token"]
        stopped = await asking.looking(
            self.app, lambda: address_changes.stop(database, token, number)
        )
        if stopped is None:
            raise gone()
        return redirect(visit, STOPPED)

    async def told(self, visit: Visit, _request: Request) -> Response:
        """What was undone, and what there is to do now."""
        return page(visit, "account/stopped.html")

    async def _made(self, visit: Visit, request: Request, found: Linked) -> Response:
        token = request.path_params["token"]
        database, new = self.app.database, self.app.node.ids.new
        try:
            made = await asking.looking(
                self.app, lambda: address_changes.make(database, token, new)
            )
        except TakenError:
            errors = [wrong("", words.TAKEN)]
            return page(
                visit,
                "account/link.html",
                status=_CONFLICT,
                link=found,
                action=request.url.path,
                errors=errors,
            )
        if made is None:
            raise gone()
        return redirect(visit, ADDRESS if visit.user else "/signin", "address_changed")

    async def _page(
        self, visit: Visit, typed: Mapping[str, str], errors: Sequence[Wrong] = ()
    ) -> Response:
        database, me = self.app.database, visit.me.id
        waiting = await asking.looking(self.app, lambda: address_changes.waiting(database, me))
        made = await asking.looking(self.app, lambda: address_changes.made(database, me))
        return page(
            visit,
            "account/address.html",
            status=422 if errors else 200,
            section="settings",
            email=typed.get("email", ""),
            waiting=waiting,
            made=made,
            errors=errors,
            sends_mail=self.app.carrier is not None,
        )
