"""A visit: who looks at a page, in which language and time zone, and what their forms carry."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from earnest.core.disputes.row import may_arbitrate
from earnest.core.people import staff
from earnest.http import asking, security
from earnest.http.answers import ProblemError
from earnest.http.reading import reading
from earnest.store import sessions
from earnest.words.languages import LANGUAGES, best_of, direction_of
from earnest.words.saying import ENGLISH, mark, say_in

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.house import House
    from earnest.core.people import User
    from earnest.http.security import Cookies
    from earnest.store.db import Connection
    from earnest.store.sessions import Visitor

T = TypeVar("T")

THEMES: Final = ("light", "dark")
#: More than this is only said to be more.
UNREAD_SHOWN: Final = 99

#: What is said once after a redirect. Only these can be: a cookie brings a name, never words.
FLASHES: Final[Mapping[str, tuple[str, str]]] = {
    "saved": ("ok", "Saved."),
    "done": ("ok", "Done."),
    "said": ("ok", "Your message is sent."),
    "offered": ("ok", "The contract is offered. Now set the money aside for its first milestone."),
    "posted": ("ok", "The project is posted. Everybody can see it now, and bid for it."),
    "asked": ("ok", "Your question stands below, for everybody to read."),
    "answered": ("ok", "Your answer stands below, for everybody to read."),
    "bid": ("ok", "Your bid is placed. Only you and the employer see it."),
    "awarded": (
        "ok",
        "The contract is offered. Create its milestones now: so the money is there to be seen.",
    ),
    "accepted": ("ok", "The contract is accepted. Work can begin on what is funded."),
    "submitted": ("ok", "The work is submitted, and its release asked for."),
    "password": ("ok", "Your password is changed. Everywhere else you are signed out."),
    "reset": ("ok", "Your password is changed. Sign in with the new one."),
    "verified": ("ok", "Thank you. Your address is verified."),
    "mailed": ("ok", "The mail is on its way. It can take a minute."),
    "address_asked": ("ok", "A mail is on its way to the new address. Open the link in it."),
    "address_withdrawn": ("info", "Your address stays as it is."),
    "address_changed": ("ok", "Your address is changed."),
    "signed_out": ("info", "You are signed out."),
    "signed_out_everywhere": ("info", "You are signed out everywhere."),
    "welcome": ("ok", "Welcome. Your account is ready."),
    "steps_hidden": ("info", "Your first steps are put away. The help has all of it."),
    "typed": (
        "warn",
        "You had been signed out. What you typed is still here; nothing was sent.",
    ),
    "kept": ("info", "What you typed before is still here. Nothing was sent."),
    "invited": ("ok", "The invitation is ready. Pass its link on."),
    "revoked": ("info", "The link does not work any more."),
    "signed_out_others": ("ok", "Everywhere else you are signed out."),
    "session_ended": ("ok", "That session has ended."),
    "proved": ("ok", "Thank you: it is you. Now go on."),
    "factor_added": ("ok", "It is added. Everywhere else you are signed out."),
    "factor_removed": ("ok", "It is removed. Everywhere else you are signed out."),
    "limit": ("ok", "Your limit is kept."),
    "limit_removed": ("ok", "Your limit is removed."),
    "recovered": ("warn", "You used a recovery code up. Below stands how many are left."),
    "programs_ended": ("ok", "No token and no address of a calendar works any more."),
    "token_revoked": ("info", "The token does not work any more."),
    "calendar_ended": ("info", "The address does not work any more."),
    "read": ("ok", "Marked as read."),
    "again": ("ok", "It is sent again within a moment."),
    "sealed": ("ok", "Your figure is sealed. Nobody reads it; you can change it until then."),
    "exhibited": ("ok", "The exhibit is added. Everybody who may see the dispute sees it."),
    "taken": ("ok", "The dispute is yours. Open every exhibit before you rule."),
    "opened": ("ok", "The exhibit is open below."),
    "view_saved": ("ok", "The view is saved. Its link stands above the list."),
    "view_removed": ("ok", "The view is removed. The list is as it was."),
    "none_picked": ("warn", "Tick what you want to release first."),
    "too_many_picked": ("warn", "Tick fifty at most. Nothing was released."),
    "keys_on": ("ok", "Single keys lead on again."),
    "keys_off": ("ok", "Single keys do nothing any more."),
}
mark(FLASHES)


class Flash(NamedTuple):
    """Something said once, above the page."""

    tone: str
    text: str


@dataclass(slots=True)
class Visit:
    """What every page knows of whoever looks at it."""

    app: App
    cookies: Cookies
    path: str
    #: The secret that the tokens of forms are made of: the session's, or the visit's cookie.
    secret: str
    #: Whether the secret is new and its cookie has still to be set.
    is_new: bool
    session: str | None
    visitor: Visitor | None
    nonce: str
    theme: str
    #: What this browser asks for, where nobody's profile says otherwise.
    wanted: str = ENGLISH
    query: str = ""
    flash: Flash | None = None
    demo: bool = False
    #: Whether it could be found out who visits; if not, a page says nothing about it.
    is_read: bool = True

    @property
    def user(self) -> User | None:
        """Who is signed in."""
        return self.visitor.user if self.visitor is not None else None

    @property
    def me(self) -> User:
        """Who is signed in, on pages that nobody else reaches."""
        if self.visitor is None:
            raise ProblemError("unauthorized")
        return self.visitor.user

    @property
    def house(self) -> House:
        """What this installation allows, as it is for whoever looks at it."""
        has_arbiter = self.visitor is not None and self.visitor.has_arbiter
        return replace(self.app.house, has_arbiter=has_arbiter)

    @property
    def language(self) -> str:
        """The language as HTML has it: pt-BR."""
        if self.visitor is not None and self.visitor.language in LANGUAGES:
            return self.visitor.language
        return self.wanted

    @property
    def locale(self) -> str:
        """The same as formats have it: pt_BR."""
        return self.language.replace("-", "_")

    @property
    def address(self) -> str:
        """Where its reader is, with what they asked for."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def direction(self) -> str:
        """Which way lines run."""
        return direction_of(self.language)

    @property
    def zone(self) -> str:
        """Where the reader's clock stands."""
        return self.visitor.time_zone if self.visitor is not None else "UTC"

    @property
    def is_staff(self) -> bool:
        """Whether staff's pages are theirs."""
        return self.user is not None and bool(staff(self.user))

    @property
    def is_arbiter(self) -> bool:
        """Whether an arbiter's desk is theirs."""
        return self.user is not None and may_arbitrate(self.user)

    @property
    def is_halted(self) -> bool:
        """Whether no money moves, as who is signed in is told."""
        return self.visitor is not None and self.visitor.is_halted

    @property
    def is_unverified(self) -> bool:
        """Whether they have still to show that their address is theirs."""
        return self.visitor is not None and self.visitor.is_unverified

    @property
    def is_to_verify(self) -> bool:
        """Whether they are asked to: where no mail goes out nobody is."""
        return self.is_unverified and self.app.carrier is not None

    @property
    def wants_advice(self) -> bool:
        """Whether its reader wants to be told that a project protects both better."""
        return self.visitor is not None and self.visitor.wants_advice

    @property
    def wants_keys(self) -> bool:
        """Whether single keys lead somewhere for its reader."""
        return self.visitor is not None and self.visitor.wants_keys

    @property
    def unread(self) -> str:
        """How many notices its reader has not read, as there is room for; empty for none."""
        count = self.visitor.unread if self.visitor is not None else 0
        return f"{UNREAD_SHOWN}+" if count > UNREAD_SHOWN else str(count or "")

    @property
    def is_fresh(self) -> bool:
        """Whether its reader has shown lately who they are."""
        if self.visitor is None or self.visitor.proved_at is None:
            return False
        lasts = timedelta(minutes=self.app.config.fresh_minutes)
        return self.visitor.now - self.visitor.proved_at <= lasts

    @property
    def csrf(self) -> str:
        """The token of a form of this page."""
        return security.masked_token(self.secret)

    @property
    def as_of(self) -> datetime:
        """The clock that decides, when the page was asked for."""
        assert self.visitor is not None, "only who is signed in is told"
        return self.visitor.site_now

    async def reading(self, read: Callable[[Connection], Awaitable[T]]) -> T:
        """Read from one moment of the database."""
        return await reading(self.app, read)


async def begin(request: Request, app: App, cookies: Cookies) -> Visit:
    """Find out who visits. At most one read, none for who brings no session."""
    session = request.cookies.get(cookies.session, "")
    visitor = await _visitor(app, session) if session else None
    secret, is_new = (session, False) if visitor is not None else _secret_of(request, cookies)
    theme = request.cookies.get(cookies.theme, "")
    said = FLASHES.get(request.cookies.get(cookies.flash, ""))
    visit = Visit(
        app=app,
        cookies=cookies,
        path=request.url.path,
        secret=secret,
        is_new=is_new,
        session=session if visitor is not None else None,
        visitor=visitor,
        nonce=security.new_nonce(),
        theme=theme if theme in THEMES else "",
        wanted=wanted(request, cookies),
        query=request.url.query,
        flash=Flash(*said) if said is not None else None,
        demo=app.is_demo,
    )
    say_in(visit.language)
    return visit


def wanted(request: Request, cookies: Cookies) -> str:
    """The language that was chosen in this browser, or else the one that it asks for."""
    chosen = request.cookies.get(cookies.language, "")
    return chosen if chosen in LANGUAGES else best_of(request.headers.get("accept-language", ""))


async def _visitor(app: App, session: str) -> Visitor | None:
    found = await asking.looking(app, lambda: sessions.visitor(app.database, session))
    if found is not None and found.is_stale:
        await asking.looking(app, lambda: sessions.touch(app.database, session))
    return found


def _secret_of(request: Request, cookies: Cookies) -> tuple[str, bool]:
    kept = request.cookies.get(cookies.visit, "")
    if sessions.TOKEN.fullmatch(kept):
        return kept, False
    return secrets.token_urlsafe(32), True


def finish(visit: Visit, response: Response, *, shown: bool) -> None:
    """Set the cookies that the answer needs; what was said once is not said again."""
    cookies = visit.cookies
    if visit.is_new and shown:
        seconds = security.VISIT_DAYS * security.DAY_SECONDS
        cookies.give(response, cookies.visit, visit.secret, seconds)
    if shown and visit.visitor is not None and visit.visitor.is_stale and visit.session is not None:
        # It lives on from now, and so does the cookie.
        seconds = security.SESSION_DAYS * security.DAY_SECONDS
        cookies.give(response, cookies.session, visit.session, seconds)
    if visit.flash is not None and shown:
        cookies.take(response, cookies.flash)
