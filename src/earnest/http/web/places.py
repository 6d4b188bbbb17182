"""One address of the web: who may come, from where, and what they see when something is wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote

import msgspec
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from earnest.batcher import BrokenCommandError, UnavailableError
from earnest.core.people import User
from earnest.core.references import printed
from earnest.http import asking, problems, security
from earnest.http.answers import ProblemError
from earnest.http.web import forms, multipart
from earnest.http.web.broken import broken
from earnest.http.web.rendering import page, redirect
from earnest.http.web.visiting import FLASHES, Flash, Visit, begin, wanted
from earnest.store import sessions
from earnest.words import problems as words
from earnest.words.saying import ENGLISH, _, say_in, saying

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from earnest.app import App
    from earnest.http.security import Cookies

log = structlog.get_logger()

Handler: TypeAlias = Callable[[Visit, Request], Awaitable[Response]]

#: What of a form is never kept over a sign-in.
NEVER_KEPT: Final = frozenset(
    {
        *("csrf", "key", "password", "new_password", "ok"),
        *("code", "credential", "recovery", "sealed"),
    }
)
KEPT_CHARACTERS_MAX: Final = 20_000
#: What is kept because money was short, and not because somebody was signed out, says so with this.
SHORT: Final = "short"


class Problem(msgspec.Struct):
    """What an error page says."""

    status: int
    code: str
    title: str
    detail: str
    headers: dict[str, str] = msgspec.field(default_factory=dict)


def problem_in(error: ProblemError) -> Problem:
    """What the edge raised, for a page."""
    found = msgspec.json.decode(error.body, type=Problem)
    found.headers = {**error.headers}
    found.headers.pop("WWW-Authenticate", None)  # A browser would ask for a password of its own.
    return found


@dataclass(frozen=True, slots=True)
class Place:
    """One address of the web."""

    app: App
    cookies: Cookies
    template: str
    handlers: Mapping[str, Handler]
    #: Whether somebody who is not signed in may come.
    is_public: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope["earnest.route"] = self.template
        request = Request(scope, receive)
        with saying(ENGLISH):
            response = await self._response(request)
            await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        visit = stranger(request, self.app, self.cookies)
        try:
            visit = await begin(request, self.app, self.cookies)
            return await self._answer(visit, request)
        except ClientDisconnect:
            raise
        except ProblemError as error:
            return self._problem(visit, request, error)
        except UnavailableError as error:
            later = {"Retry-After": str(error.retry_after)}
            found = ProblemError(error.code, error.detail, headers=later)
            return self._problem(visit, request, found, is_unknown=error.is_unknown)
        except BrokenCommandError:
            return self._problem(visit, request, ProblemError("internal"))
        except Exception:
            log.exception("page_broken", route=self.template)
            is_unknown = request.method == "POST"
            return self._problem(visit, request, ProblemError("internal"), is_unknown=is_unknown)

    def _problem(
        self, visit: Visit, request: Request, error: ProblemError, *, is_unknown: bool = False
    ) -> Response:
        """What happened; the way back is to the page that this was sent from, if it has one."""
        again = request.url.path if "GET" in self.handlers else None
        problem = problem_in(error)
        try:
            return problem_page(visit, request, problem, is_unknown=is_unknown, again=again)
        except Exception:
            log.exception("error_page_broken", route=self.template)
            return broken(request, problem.status, problem.code)

    async def _answer(self, visit: Visit, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        handler = self.handlers.get(method)
        if handler is None:
            allowed = ", ".join(sorted({*self.handlers, "HEAD"}))
            raise ProblemError("method_not_allowed", headers={"Allow": allowed})
        if method != "GET" and security.is_from_elsewhere(request, self.app.config):
            raise ProblemError("cross_site")
        if visit.user is None and not self.is_public:
            return await _sign_in_first(visit, request)
        return await handler(visit, request)


def stranger(request: Request, app: App, cookies: Cookies) -> Visit:
    """A visit of nobody known: for a page that says why no more could be found out."""
    visit = Visit(
        app=app,
        cookies=cookies,
        path=request.url.path,
        secret=security.new_nonce(),
        is_new=False,
        session=None,
        visitor=None,
        nonce=security.new_nonce(),
        theme="",
        wanted=wanted(request, cookies),
        is_read=False,
        demo=app.is_demo,
    )
    say_in(visit.language)
    return visit


async def _sign_in_first(visit: Visit, request: Request) -> Response:
    """A session that ended in the middle of a form returns to it, with what was typed.

    What was typed is given back to whose session it was, and to nobody else who signs in there.
    """
    path = request.url.path
    if request.method in {"GET", "HEAD"}:
        if request.url.query:
            path = f"{path}?{request.url.query}"
        return redirect(visit, f"/signin?next={quote(path, safe='')}")
    typed = await forms.posted(request, visit.app.house.attached_bytes_max)
    kept = {name: value for name, value in typed.items() if name not in NEVER_KEPT}
    token, database = request.cookies.get(visit.cookies.session, ""), visit.app.database
    owner = await asking.looking(visit.app, lambda: sessions.owner_of(database, token))
    if owner is None or sum(map(len, kept.values())) > KEPT_CHARACTERS_MAX:
        kept = {}
    return page(
        visit,
        "signin.html",
        status=401,
        next=path,
        kept=kept,
        owner=printed(User.prefix, owner) if owner is not None else "",
        email="",
        errors=[],
        can_passkey=security.relying(request, visit.app.config) is not None,
        interrupted=True,
    )


async def typed_before(visit: Visit) -> Mapping[str, str] | None:
    """What was typed on this page before the session ended, and a word that it is still here."""
    token, database = visit.session, visit.app.database
    if visit.visitor is None or token is None or not visit.visitor.has_kept:
        return None
    found = await asking.looking(visit.app, lambda: sessions.take_kept(database, token, visit.path))
    if found is None:
        return None
    visit.flash = Flash(*FLASHES["kept" if SHORT in found else "typed"])
    return {name: text for name, text in found.items() if name != SHORT}


async def checked_form(
    visit: Visit, request: Request, take: multipart.Take | None = None
) -> dict[str, str]:
    """The fields of a form of ours, from who has its page open now; and files, if any are taken."""
    most = visit.app.house.attached_bytes_max if take is not None else 0
    values = await forms.posted(request, most, take)
    if not security.is_token_of(values.pop("csrf", ""), visit.secret):
        raise ProblemError("form_too_old")
    return values


def problem_page(
    visit: Visit,
    request: Request,
    problem: Problem,
    *,
    is_unknown: bool = False,
    again: str | None = None,
) -> Response:
    """What happened, whether money moved, and what now."""
    request.scope["earnest.code"] = problem.code
    if again is not None and request.method == "GET" and request.url.query:
        again = f"{again}?{request.url.query}"
    response = page(
        visit,
        "error.html",
        status=problem.status,
        code=problem.code,
        problem=problem,
        title=words.TITLES.get(problem.code) or _(problem.title),
        detail=words.DETAILS.get(problem.code) or _(problem.detail),
        now=words.NOW.get(problem.status, ""),
        reference=structlog.contextvars.get_contextvars().get("trace_id", ""),
        tried=request.method != "GET",
        is_unknown=is_unknown,
        is_intent=request.url.path.startswith("/intents/"),
        again=again,
    )
    response.headers.update(problem.headers)
    return response


def status_of(code: str) -> int:
    """The status of a page that shows this refusal."""
    return problems.status_of(code).value
