"""How somebody signs in, on one page: factors, password, sessions, own limits, what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.core.currencies import EXPONENTS
from earnest.http import asking, security
from earnest.http.signin import codes, passwords
from earnest.http.signin.knowing import known
from earnest.http.signin.signing import begin
from earnest.http.signin.throttle import Throttle
from earnest.http.signin.typed import NOT_THIS, Wrong, password_wrong, wrong
from earnest.http.web import forms, proving
from earnest.http.web.places import checked_form, typed_before
from earnest.http.web.rendering import page, pairs, redirect
from earnest.http.web.widgets import currencies
from earnest.mail.letters import SECURITY
from earnest.store import (
    account,
    calendars,
    factors,
    own_limits,
    passkeys,
    people,
    sessions,
    tokens,
)
from earnest.store.account import Change, Changed
from earnest.words import amounts
from earnest.words import security as words
from earnest.words.saying import _

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit

LATELY: Final = 10
#: So many places to be signed in are shown at most.
SESSIONS: Final = 30
#: The fields of a limit.
CURRENCY, AMOUNT = "currency", "amount"


@dataclass(frozen=True, slots=True)
class Guarding:
    """The page, and what is done on it at once."""

    app: App
    throttle: Throttle

    async def shown(self, visit: Visit, request: Request) -> Response:
        """Everything there is, with what was typed before they showed who they are."""
        return await security_page(visit, request, await typed_before(visit) or {})

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, SECURITY)

    async def password(self, visit: Visit, request: Request) -> Response:
        """Change the password: every session ends, and this browser is given a new one.

        Who changes it types the one from before, which is as good as showing who they are.
        """
        values = await checked_form(visit, request)
        old, new = values.get("password", ""), values.get("new_password", "")
        errors = password_wrong("new_password", new)
        if not errors and not await self._replaced(visit.me.id, old, new):
            errors = [wrong("password", NOT_THIS)]
        if errors:
            return await security_page(visit, request, {}, errors)
        database, number = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: sessions.end_all(database, number))
        change = Change(self.app.node.ids.new(), number, Changed.PASSWORD)
        await asking.looking(self.app, lambda: account.tell_alone(database, change))
        return await begin(visit, request, number, SECURITY, flash="password")

    async def end(self, visit: Visit, request: Request) -> Response:
        """End one session; this one as well, if that is the one."""
        await checked_form(visit, request)
        database, me = self.app.database, visit.me.id
        reference = request.path_params["session"]
        done = await asking.looking(self.app, lambda: sessions.end_one(database, me, reference))
        return redirect(visit, SECURITY, "session_ended" if done else None)

    async def end_others(self, visit: Visit, request: Request) -> Response:
        """End every session but this one."""
        await checked_form(visit, request)
        database, me, token = self.app.database, visit.me.id, visit.secret
        await asking.looking(self.app, lambda: sessions.end_others(database, me, token))
        return redirect(visit, SECURITY, "signed_out_others")

    async def end_programs(self, visit: Visit, request: Request) -> Response:
        """End every token and the calendar's address: what goes on without a session."""
        await checked_form(visit, request)
        database, me = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: tokens.revoke_all(database, me))
        await asking.looking(self.app, lambda: calendars.end(database, me))
        return redirect(visit, SECURITY, "programs_ended")

    async def limit(self, visit: Visit, request: Request) -> Response:
        """Set one's own limit in a currency; to raise it they show who they are."""
        values = await checked_form(visit, request)
        currency, text = values.get(CURRENCY, ""), values.get(AMOUNT, "")
        try:
            if currency not in EXPONENTS:
                return await security_page(
                    visit, request, values, [wrong(CURRENCY, _("Choose a currency."))]
                )
            wanted = amounts.read(text, currency, visit.locale)
        except amounts.AmountUnread as unread:
            told = forms.said_of(unread, currency, visit.locale)
            return await security_page(visit, request, values, [wrong(AMOUNT, told)])
        database, me = self.app.database, visit.me.id
        now = (await asking.looking(self.app, lambda: own_limits.of(database, me))).get(currency)
        if now is not None and wanted > now and not visit.is_fresh:
            return await proving.first_of_form(visit, values, SECURITY)
        await asking.looking(self.app, lambda: own_limits.put(database, me, wanted))
        return redirect(visit, SECURITY, "limit")

    async def no_limit(self, visit: Visit, request: Request) -> Response:
        """Remove a limit, having shown who they are."""
        await checked_form(visit, request)
        if not visit.is_fresh:
            return proving.first(visit, SECURITY)
        database, me, currency = self.app.database, visit.me.id, request.path_params[CURRENCY]
        await asking.looking(self.app, lambda: own_limits.remove(database, me, currency))
        return redirect(visit, SECURITY, "limit_removed")

    async def _replaced(self, number: int, old: str, new: str) -> bool:
        """Put the new password in the place of the old one, if that is what it is."""
        database = self.app.database
        kept = await known(self.app, self.throttle, number, old)
        if kept is None:
            return False
        fresh = await asyncio.to_thread(passwords.hashed, new)
        return await asking.looking(
            self.app, lambda: people.replace_password(database, number, kept, fresh)
        )


async def security_page(
    visit: Visit, request: Request, typed: Mapping[str, str], errors: Sequence[Wrong] = ()
) -> Response:
    """All of it, read for its owner alone."""
    app, database, me, token = visit.app, visit.app.database, visit.me.id, visit.secret
    keys = await asking.looking(app, lambda: passkeys.all_of(database, me))
    has = await asking.looking(app, lambda: factors.of(database, me))
    signed_in = await asking.looking(
        app, lambda: sessions.latest_of(database, me, token, SESSIONS + 1)
    )
    limits = await asking.looking(app, lambda: own_limits.of(database, me))
    programs = await asking.looking(app, lambda: tokens.working(database, me))
    calendar = await asking.looking(app, lambda: calendars.since(database, me))
    told = await asking.looking(app, lambda: account.lately(database, me, LATELY))
    return page(
        visit,
        "settings_security.html",
        status=422 if errors else 200,
        section="settings",
        keys=keys,
        has=has,
        can_passkey=security.relying(request, app.config) is not None,
        codes_whole=codes.RECOVERY,
        sessions=[
            {"session": each, "place": words.place(each.agent.browser, each.agent.system)}
            for each in signed_in[:SESSIONS]
        ],
        has_more=len(signed_in) > SESSIONS,
        programs=programs,
        calendar_since=calendar,
        limits=list(limits.values()),
        currencies=pairs(currencies(list(limits))),
        values={CURRENCY: typed.get(CURRENCY, "USD"), AMOUNT: typed.get(AMOUNT, "")},
        lately=[(words.said(each.name, each.about).title, each.at) for each in told],
        minutes=app.config.fresh_minutes,
        errors=errors,
    )
