"""REST v1: every route, made from the registry and the shelves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from earnest.batcher import BrokenCommandError, UnavailableError
from earnest.http import fates
from earnest.http.answers import ProblemError, answer, refused
from earnest.http.batching import Batch
from earnest.http.edge import Edge
from earnest.http.files import PATH as FILES
from earnest.http.files import Files
from earnest.http.finding import Search
from earnest.http.health import Health
from earnest.http.helping import paths as helping
from earnest.http.metrics import Metrics
from earnest.http.notices import CHOICES, READ_ALL, Notices
from earnest.http.notices import PATH as NOTICES
from earnest.http.openapi import document
from earnest.http.own import Own
from earnest.http.reading import SHELVES, EventsOf, Item, Listing
from earnest.http.routes import BATCH, ROOT, writes
from earnest.http.signin.pages import paths as signing_in
from earnest.http.waiting import DEPOSIT_SECONDS
from earnest.http.web.pages import no_such_page, pages
from earnest.http.writing import Acting, ActingOnMilestones
from earnest.words.problems import NO_SUCH_ADDRESS

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from earnest.app import App

Handler: TypeAlias = Callable[[Request], Awaitable[Response]]
Paths: TypeAlias = dict[str, dict[str, Handler]]


@dataclass(frozen=True, slots=True)
class Resource:
    """One address: what each method does there, and every way in which it can be refused."""

    template: str
    handlers: Mapping[str, Handler]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        scope["earnest.route"] = self.template
        response = await self._response(Request(scope, receive))
        await response(scope, receive, send)

    async def _response(self, request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        handler = self.handlers.get(method, self._not_this_method)
        try:
            return await handler(request)
        except ProblemError as error:
            return refused(request, error)
        except UnavailableError as error:
            later = {"Retry-After": str(error.retry_after)}
            return refused(request, ProblemError(error.code, error.detail, headers=later))
        except BrokenCommandError:
            return refused(request, ProblemError("internal"))

    async def _not_this_method(self, _request: Request) -> Response:
        also = ["HEAD"] if "GET" in self.handlers else []
        allowed = ", ".join(sorted([*self.handlers, *also]))
        raise ProblemError("method_not_allowed", headers={"Allow": allowed})


OPENAPI: Final = f"{ROOT}/openapi.json"


def create(app: App, *, deposit_seconds: float = DEPOSIT_SECONDS) -> Starlette:
    """Everything that is served over HTTP."""
    metrics = Metrics(app)
    notices = Notices(app)
    # Before the address of one, which would take them for a notice.
    paths: Paths = {
        READ_ALL: {"POST": notices.read_all},
        CHOICES: {"GET": notices.choices, "PUT": notices.choose},
    }
    _add_reads(paths, app)
    _add_writes(paths, app, deposit_seconds)
    paths[BATCH] = {"POST": Batch(app)}
    files = Files(app)
    paths[FILES]["POST"] = files.added
    paths[f"{FILES}/{{id}}/bytes"] = {"GET": files.bytes}
    paths[f"{NOTICES}/{{id}}/read"] = {"POST": notices.read}
    _add_house(paths, app, metrics)
    public, private = signing_in(app)
    made = Starlette(
        routes=[
            *(Route(path, Resource(path, handlers)) for path, handlers in paths.items()),
            *pages(app, {**public, **helping()}, private),
        ],
        middleware=[Middleware(Edge, metrics=metrics)],
        exception_handlers={HTTPException: _no_such_address(app)},
    )
    made.router.redirect_slashes = False
    return made


def _add_reads(paths: Paths, app: App) -> None:
    for shelf in SHELVES:
        path = f"{ROOT}/{shelf.name}"
        paths[path] = {"GET": Listing(app, shelf)}
        paths[f"{path}/{{id}}"] = {"GET": Item(app, shelf)}
        if shelf.has_events:
            paths[f"{path}/{{id}}/events"] = {"GET": EventsOf(app, shelf)}
        if shelf.has_fate:
            paths[f"{path}/{{id}}/fate"] = {"GET": Item(app, shelf, fates.told)}
    own = Own(app)
    paths |= {
        f"{ROOT}/me": {"GET": own.me},
        f"{ROOT}/balances": {"GET": own.balances},
        f"{ROOT}/skills": {"GET": own.skills},
        f"{ROOT}/users/{{id}}": {"GET": own.person},
        f"{ROOT}/users/{{id}}/events": {"GET": own.person_events},
        f"{ROOT}/users/{{id}}/reputation": {"GET": own.reputation},
        f"{ROOT}/search": {"GET": Search(app)},
        f"{ROOT}/events": {"GET": own.events},
        f"{ROOT}/events/{{id}}": {"GET": own.event},
    }


def _add_writes(paths: Paths, app: App, deposit_seconds: float) -> None:
    for write in writes():
        handlers = paths.setdefault(write.path, {})
        assert "POST" not in handlers, f"{write.path} would mean two actions"
        if write.name == "milestone.request":
            handlers["POST"] = ActingOnMilestones(app, write)
        else:
            handlers["POST"] = Acting(app, write, deposit_seconds)


def _add_house(paths: Paths, app: App, metrics: Metrics) -> None:
    health = Health(app)

    async def openapi(_request: Request) -> Response:
        return answer(_described())

    paths |= {
        OPENAPI: {"GET": openapi},
        "/healthz": {"GET": health.alive},
        "/readyz": {"GET": health.ready},
        "/metrics": {"GET": metrics.shown},
    }


@cache
def _described() -> bytes:
    """The same for as long as the process lives, and made once somebody asks."""
    return msgspec.json.encode(document())


def _no_such_address(app: App) -> Callable[[Request, Exception], Awaitable[Response]]:
    """For programs a problem, for people a page."""
    page = no_such_page(app)

    async def answered(request: Request, _error: Exception) -> Response:
        error = ProblemError("not_found", NO_SUCH_ADDRESS)
        for_people = "text/html" in request.headers.get("accept", "")
        if for_people and not request.url.path.startswith(f"{ROOT}/"):
            return await page(request, error)
        return refused(request, error)

    return answered
