"""Signing up: open to all, to who was invited, or to nobody, as the operator has it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.batcher import BrokenCommandError, UnavailableError
from earnest.http import asking
from earnest.http.answers import ProblemError
from earnest.http.signin import passwords
from earnest.http.signin.inviting import contract_of, offered
from earnest.http.signin.signing import HOME, begin
from earnest.http.signin.throttle import SIGN_UP, Throttle, client_of
from earnest.http.signin.typed import (
    Wrong,
    email_wrong,
    line,
    name_wrong,
    password_wrong,
    wrong,
    zone_wrong,
    zones,
)
from earnest.http.signin.verifying import send
from earnest.http.web.beginning import ADDRESS as WELCOME
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import page, redirect
from earnest.store import invitations, people
from earnest.store.invitations import NotOpenError
from earnest.store.people import Newcomer
from earnest.words.saying import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.people import User
    from earnest.http.web.visiting import Visit
    from earnest.store.invitations import Invitation

INVITED_ONLY: Final = N_(
    "Here one needs an invitation: the link of somebody who has an account. It works once."
)
TAKEN: Final = N_("Somebody has this address already. Sign in instead.")


@dataclass(frozen=True, slots=True)
class Joining:
    """The sign-up page."""

    app: App
    throttle: Throttle

    async def shown(self, visit: Visit, request: Request) -> Response:
        """The form; who is signed in already goes on."""
        token = request.query_params.get("invitation", "")
        if visit.user is not None:
            return redirect(visit, _back_to(token))
        invitation = await self._invitation(token)
        self._must_be_open(invitation)
        name = invitation.name if invitation is not None else ""
        return _page(visit, {"name": name, "invitation": token}, invitation)

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Make an account, and sign in to it; an invitation is taken at once."""
        values = await checked_form(visit, request)
        token = values.get("invitation", "")
        if visit.user is not None:
            return redirect(visit, _back_to(token))
        invitation = await self._invitation(token)
        self._must_be_open(invitation)
        errors = _errors(values)
        if errors:
            return _page(visit, values, invitation, errors)
        await self.throttle.count(SIGN_UP, client_of(request))
        newcomer = await self._newcomer(values, visit.language)
        try:
            user, taken = await self._added(newcomer, token if invitation else None)
        except NotOpenError:  # Somebody else was faster with the same link.
            self._must_be_open(None)
            user, taken = await self._added(newcomer, None)
        if user is None:
            return _page(visit, values, invitation, [wrong("email", TAKEN)])
        await send(self.app, user.id)
        to = WELCOME if taken is None else await self._offered(taken, user, token)
        return await begin(visit, request, user.id, to, flash="welcome")

    async def _invitation(self, token: str) -> Invitation | None:
        """The invitation, if it is open."""
        database = self.app.database
        found = await asking.looking(self.app, lambda: invitations.by_token(database, token))
        return found if found is not None and found.state == "open" else None

    def _must_be_open(self, invitation: Invitation | None) -> None:
        mode = self.app.config.signup
        if mode == "open" or (mode == "invite" and invitation is not None):
            return
        raise ProblemError("signup_closed", INVITED_ONLY if mode == "invite" else None)

    async def _newcomer(self, values: Mapping[str, str], language: str) -> Newcomer:
        return Newcomer(
            self.app.node.ids.new(),
            line(values, "name"),
            line(values, "email"),
            await asyncio.to_thread(passwords.hashed, values["password"]),
            time_zone=values["time_zone"],
            language=language,
            is_unverified=True,
        )

    async def _added(
        self, newcomer: Newcomer, token: str | None
    ) -> tuple[User | None, Invitation | None]:
        """Add them, together with what they take if they were invited."""
        database = self.app.database
        if token is None:
            return await asking.looking(self.app, lambda: people.enter(database, newcomer)), None
        joined = await asking.looking(self.app, lambda: invitations.join(database, token, newcomer))
        return joined or (None, None)

    async def _offered(self, taken: Invitation, user: User, token: str) -> str:
        """Where to go on: to the contract; or, if there is none yet, to the page that says why."""
        try:
            answer = await offered(self.app, taken, user.id)
        except (UnavailableError, BrokenCommandError):
            return f"/invitations/{token}"
        return contract_of(answer) if answer.problem is None else f"/invitations/{token}"


def _errors(values: Mapping[str, str]) -> list[Wrong]:
    return [
        *name_wrong(line(values, "name")),
        *email_wrong(line(values, "email")),
        *password_wrong("password", values.get("password", "")),
        *zone_wrong(values.get("time_zone", "")),
    ]


def _back_to(token: str) -> str:
    """Where somebody goes who has an account already."""
    return f"/invitations/{token}" if invitations.TOKEN.fullmatch(token) else HOME


def _page(
    visit: Visit,
    values: Mapping[str, str],
    invitation: Invitation | None,
    errors: Sequence[Wrong] = (),
) -> Response:
    kept = {"name": "", "email": "", "time_zone": "UTC", "invitation": "", **values}
    kept.pop("password", None)
    return page(
        visit,
        "signup.html",
        status=422 if errors else 200,
        values=kept,
        invitation=invitation,
        zones=zones(),
        errors=errors,
    )
