"""Signing in and out. A session is always a new one, and a wrong password tells nothing more."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.responses import Response

from earnest.core.people import User
from earnest.core.references import printed
from earnest.http import asking, security
from earnest.http.signin import ceremonies, passwords
from earnest.http.signin.agents import agent_of
from earnest.http.signin.proofs import NOT_A_PASSKEY
from earnest.http.signin.throttle import (
    PASSKEYS,
    SIGN_IN,
    SIGN_IN_ANYWHERE,
    Throttle,
    client_of,
)
from earnest.http.signin.typed import Wrong, is_email, line, wrong
from earnest.http.web import forms
from earnest.http.web.places import KEPT_CHARACTERS_MAX, checked_form
from earnest.http.web.rendering import page, redirect
from earnest.store import begun, factors, people, sessions
from earnest.store.challenges import Purpose
from earnest.store.sessions import Kept
from earnest.words.saying import N_

if TYPE_CHECKING:
    from starlette.requests import Request

    from earnest.app import App
    from earnest.http.web.visiting import Visit

#: Where one is after signing in, unless one was on the way to somewhere.
HOME: Final = "/finances"
#: What had been typed when a session ended comes along in fields of this prefix.
KEPT: Final = "kept."
#: Whose session it was in which that was typed.
OWNER: Final = "owner"


@dataclass(frozen=True, slots=True)
class Held:
    """What was typed before the session ended, and by whom."""

    kept: Mapping[str, str]
    owner: str


#: The same whoever has the address, and if nobody does.
NOBODY: Final = N_("This address and password belong to nobody here.")
DEMO_MAX: Final = 20
_ADDRESS_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class Signing:
    """The sign-in page, and the two ways out."""

    app: App
    throttle: Throttle

    async def shown(self, visit: Visit, request: Request) -> Response:
        """The sign-in page; who is signed in already goes on."""
        to = onward(request.query_params.get("next", ""))
        if visit.user is not None:
            return redirect(visit, to)
        return await self._page(
            visit, request, to, request.query_params.get("email", "")[: people.EMAIL_LONGEST]
        )

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Sign in, and go on to where one was going, with what one had typed there."""
        if visit.user is not None:  # From another tab: nothing is done, so no token is asked for.
            return redirect(visit, onward((await forms.posted(request)).get("next", "")))
        values = await checked_form(visit, request)
        to, kept = onward(values.get("next", "")), kept_in(values)
        email = line(values, "email")
        user = await self._recognised(request, email, values.get("password", ""))
        if user is None:
            held = Held(kept, values.get(OWNER, ""))
            return await self._page(visit, request, to, email, held, [wrong("email", NOBODY)])
        typed = typed_by(values, user.reference, to)
        database = self.app.database
        has = await asking.looking(self.app, lambda: factors.of(database, user.id))
        if has.are_any:
            return await _wait(visit, user.id, to, typed)
        return await begin(visit, request, user.id, to, kept=typed)

    async def options(self, visit: Visit, request: Request) -> Response:
        """What any passkey of this site is asked."""
        await checked_form(visit, request)
        await self.throttle.count(PASSKEYS, client_of(request))
        relying = security.relying(request, self.app.config)
        if relying is None:
            raise asking.not_found()
        asked = await ceremonies.known(visit, relying, Purpose.SIGN_IN)
        return Response(asked, media_type=ceremonies.JSON)

    async def passkey(self, visit: Visit, request: Request) -> Response:
        """Sign in with a passkey alone: it knows who holds it, so no more is asked."""
        values = await checked_form(visit, request)
        to, kept = onward(values.get("next", "")), kept_in(values)
        if visit.user is not None:
            return redirect(visit, to)
        relying = security.relying(request, self.app.config)
        shown = None
        if relying is not None:
            answer = values.get("credential", "")
            shown = await ceremonies.shown(visit, relying, Purpose.SIGN_IN, answer)
        if shown is None:
            held = Held(kept, values.get(OWNER, ""))
            return await self._page(visit, request, to, "", held, [wrong("", NOT_A_PASSKEY)])
        typed = typed_by(values, printed(User.prefix, shown.user_id), to)
        return await begin(visit, request, shown.user_id, to, kept=typed)

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led to the form."""
        return redirect(visit, "/signin")

    async def out(self, visit: Visit, request: Request) -> Response:
        """End this session."""
        if visit.session is not None:
            await checked_form(visit, request)
            await end(visit, visit.session)
        return left(visit, "signed_out")

    async def out_everywhere(self, visit: Visit, request: Request) -> Response:
        """End every session of this person."""
        await checked_form(visit, request)
        number = visit.me.id
        await asking.looking(self.app, lambda: sessions.end_all(self.app.database, number))
        return left(visit, "signed_out_everywhere")

    async def to_front(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, "/")

    async def _recognised(self, request: Request, email: str, password: str) -> User | None:
        """Whom address and password belong to; takes as long if nobody."""
        client, database = client_of(request), self.app.database
        who = (client, email.casefold())
        await self.throttle.count(SIGN_IN_ANYWHERE, client)
        await self.throttle.count(SIGN_IN, *who)
        found = None
        if is_email(email):
            found = await asking.looking(self.app, lambda: people.credentials(database, email))
        user, kept = found or (None, None)
        # One that is too long is nobody's, and costs no more to look at than any other.
        given = password if len(password) <= passwords.MOST else ""
        if not await asyncio.to_thread(passwords.matches, kept, given) or user is None:
            return None
        await self.throttle.forget(SIGN_IN, *who)
        await self.throttle.give_back(SIGN_IN_ANYWHERE, client)
        if kept is not None and passwords.is_outdated(kept):
            await self._rehash(user.id, kept, given)
        return user

    async def _rehash(self, number: int, kept: str, password: str) -> None:
        """Keep the same password with the parameters of today."""
        fresh = await asyncio.to_thread(passwords.hashed, password)
        await asking.looking(
            self.app, lambda: people.replace_password(self.app.database, number, kept, fresh)
        )

    async def _page(
        self,
        visit: Visit,
        request: Request,
        to: str,
        email: str = "",
        held: Held | None = None,
        errors: Sequence[Wrong] = (),
    ) -> Response:
        return page(
            visit,
            "signin.html",
            status=422 if errors else 200,
            next=to,
            email=email,
            kept=held.kept if held is not None else {},
            owner=held.owner if held is not None else "",
            errors=errors,
            interrupted=held is not None and bool(held.kept),
            can_passkey=security.relying(request, self.app.config) is not None,
            known=await self._known(visit),
            password=self.app.demo_password,
        )

    async def _known(self, visit: Visit) -> Sequence[tuple[str, str]]:
        """Who there is in a demo: everybody has the same password there, and it is no secret."""
        if not visit.demo or not self.app.demo_password:
            return ()
        database = self.app.database
        return await asking.looking(self.app, lambda: people.first_who_sign_in(database, DEMO_MAX))


def onward(given: str) -> str:
    """Where to go after signing in: within this site, or home."""
    path = security.own_path(given) if len(given) <= _ADDRESS_MAX else None
    return path or HOME


def kept_in(values: Mapping[str, str]) -> dict[str, str]:
    """What had been typed when a session ended; too much of it is nothing."""
    kept = {
        name.removeprefix(KEPT): text.replace("\0", "")
        for name, text in values.items()
        if name.startswith(KEPT) and "\0" not in name
    }
    size = sum(len(name) + len(text) for name, text in kept.items())
    return kept if size <= 2 * KEPT_CHARACTERS_MAX else {}


def typed_by(values: Mapping[str, str], reference: str, to: str) -> Kept | None:
    """What comes along of a form, if it was this person who typed it."""
    kept = kept_in(values)
    is_theirs = bool(kept) and values.get(OWNER) == reference
    return Kept(urlsplit(to).path, kept) if is_theirs else None


async def _wait(visit: Visit, number: int, to: str, kept: Kept | None) -> Response:
    """Ask for the second factor: nobody is signed in yet."""
    database = visit.app.database
    token = await asking.looking(visit.app, lambda: begun.begin(database, number, to, kept))
    response = redirect(visit, "/signin/second")
    visit.cookies.give(response, visit.cookies.second, token, int(begun.LIVES.total_seconds()))
    return response


async def begin(
    visit: Visit,
    request: Request,
    number: int,
    to: str,
    *,
    flash: str | None = None,
    kept: Kept | None = None,
) -> Response:
    """Sign somebody in under a secret that nobody knew before, and go on.

    Whatever session the browser brought ends: who planted it is signed in to nothing.
    """
    database, agent = visit.app.database, agent_of(request)
    token = await asking.looking(visit.app, lambda: sessions.create(database, number, kept, agent))
    brought = request.cookies.get(visit.cookies.session)
    if brought:
        await end(visit, brought)
    response = redirect(visit, to, flash)
    seconds = security.SESSION_DAYS * security.DAY_SECONDS
    visit.cookies.give(response, visit.cookies.session, token, seconds)
    return response


async def end(visit: Visit, token: str) -> None:
    """End one session."""
    await asking.looking(visit.app, lambda: sessions.end(visit.app.database, token))


def left(visit: Visit, flash: str) -> Response:
    """The front page, for somebody who is not signed in any more."""
    response = redirect(visit, "/", flash)
    visit.cookies.take(response, visit.cookies.session)
    return response
