"""Tokens of one's programs: made by who has shown who they are, shown once, replaced, revoked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.actions import Scope
from earnest.http import asking, security
from earnest.http.signin.typed import Wrong, is_line, line, wrong
from earnest.http.web import proving
from earnest.http.web.places import checked_form, typed_before
from earnest.http.web.rendering import page, redirect
from earnest.store import tokens
from earnest.words import tokens as words

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.tokens import Token

ADDRESS: Final = "/settings/tokens"
#: What a form begins with: enough to look around, and not for ever.
USUAL_DAYS: Final = "90"
USUAL_SCOPES: Final = frozenset({Scope.READ})


@dataclass(frozen=True, slots=True)
class Tokens:
    """Of the reader alone: every read and every write names them."""

    app: App

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """All of them, and the form that makes one."""
        typed = await typed_before(visit)
        if typed is None:
            return await self._page(visit, {"days": USUAL_DAYS}, USUAL_SCOPES)
        return await self._page(visit, typed, _ticked(visit, typed))

    async def make(self, visit: Visit, request: Request) -> Response:
        """Make one, and show it this once."""
        values = await checked_form(visit, request)
        scopes = _ticked(visit, values)
        errors = _wrong(values, scopes) or await self._too_many(visit)
        if errors:
            return await self._page(visit, values, scopes, errors)
        if not visit.is_fresh:
            return await proving.first_of_form(visit, values)
        database, number, me = self.app.database, self.app.node.ids.new(), visit.me.id
        name, days = line(values, "name"), int(values["days"])
        token = await asking.looking(
            self.app,
            lambda: tokens.create(database, number, me, scopes, name=name, days=days),
        )
        return self._made(visit, request, token, scopes)

    async def replacing(self, visit: Visit, request: Request) -> Response:
        """The form that makes another in the place of one."""
        return _replacing(visit, await self._found(visit, request))

    async def replace(self, visit: Visit, request: Request) -> Response:
        """Make one as good, and let the old one work a day longer."""
        await checked_form(visit, request)
        old = await self._found(visit, request)
        if not visit.is_fresh:
            return proving.first(visit, visit.path)
        database, number = self.app.database, self.app.node.ids.new()
        token = await asking.looking(self.app, lambda: tokens.replace(database, old, number))
        if token is None:
            raise asking.not_found()
        return self._made(visit, request, token, old.scopes, replaced=old)

    async def revoke(self, visit: Visit, request: Request) -> Response:
        """End one at once."""
        await checked_form(visit, request)
        number, database, me = (
            asking.reference(request, tokens.PREFIX),
            self.app.database,
            visit.me.id,
        )
        done = number is not None and await asking.looking(
            self.app, lambda: tokens.revoke(database, number, me)
        )
        return redirect(visit, ADDRESS, "token_revoked" if done else None)

    async def to_page(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led back."""
        return redirect(visit, ADDRESS)

    async def _all(self, visit: Visit) -> list[Token]:
        database, me = self.app.database, visit.me.id
        return await asking.looking(self.app, lambda: tokens.all_of(database, me))

    async def _found(self, visit: Visit, request: Request) -> Token:
        """One of theirs that works."""
        number = asking.reference(request, tokens.PREFIX)
        for each in await self._all(visit):
            if each.id == number and _state(each, self._now(visit)) == "works":
                return each
        raise asking.not_found()

    @staticmethod
    def _now(visit: Visit) -> datetime:
        """The database's own clock, which tokens live by."""
        assert visit.visitor is not None, "only who is signed in has tokens"
        return visit.visitor.now

    async def _too_many(self, visit: Visit) -> list[Wrong]:
        """What keeps them from making another."""
        database, me = self.app.database, visit.me.id
        count = await asking.looking(self.app, lambda: tokens.in_force(database, me))
        return [wrong("", words.TOO_MANY)] if count >= tokens.MOST else []

    async def _page(
        self,
        visit: Visit,
        values: Mapping[str, str],
        scopes: Collection[Scope],
        errors: Sequence[Wrong] = (),
    ) -> Response:
        return page(
            visit,
            "tokens/list.html",
            status=422 if errors else 200,
            section="settings",
            rows=[_line(each, self._now(visit)) for each in await self._all(visit)],
            values={"name": "", "days": "", **values},
            scopes=[
                {"name": each.value, "text": words.SCOPES[each][0], "meta": words.SCOPES[each][1],
                 "ticked": each in scopes}
                for each in Scope
                if each in tokens.scopes_of(visit.me)
            ],
            days=list(words.DAYS.items()),
            errors=errors,
        )  # fmt: skip

    def _made(
        self,
        visit: Visit,
        request: Request,
        token: str,
        scopes: Collection[Scope],
        replaced: Token | None = None,
    ) -> Response:
        """The only page that ever shows it, with a request that works."""
        origin = security.public_origin(request, self.app.config)
        return page(
            visit,
            "tokens/made.html",
            section="settings",
            token=token,
            replaced=replaced,
            curl=f'curl {origin}/v1/me -H "Authorization: Bearer {token}"',
            can_read=Scope.READ in scopes,
        )


def _replacing(visit: Visit, old: Token) -> Response:
    return page(visit, "tokens/replace.html", section="settings", old=old)


def _ticked(visit: Visit, values: Mapping[str, str]) -> frozenset[Scope]:
    """What it is to be good for, of what they may do."""
    return frozenset(s for s in tokens.scopes_of(visit.me) if f"scopes.{s.value}" in values)


def _wrong(values: Mapping[str, str], scopes: Collection[Scope]) -> list[Wrong]:
    found: list[Wrong] = []
    if not is_line(line(values, "name")):
        found.append(wrong("name", words.NAME_WRONG))
    if not scopes:
        found.append(wrong("scopes", words.NO_SCOPE))
    if values.get("days") not in words.DAYS:
        found.append(wrong("days", words.NO_DAYS))
    return found


def _state(token: Token, now: datetime) -> str:
    if token.revoked_at is not None:
        return "revoked"
    return "works" if token.expires_at > now else "ended"


def _line(token: Token, now: datetime) -> dict[str, Any]:
    """A token in the list."""
    state = _state(token, now)
    return {
        "row": token,
        "good_for": words.good_for(token.scopes),
        "pill": words.STATES[state],
        "works": state == "works",
    }
