"""The outermost layer: a trace id, headers that keep browsers away, a log line, no bug let out."""

from __future__ import annotations

import re
import secrets
import time
from typing import TYPE_CHECKING, Final

import structlog
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request

from earnest.http.answers import ProblemError, refused
from earnest.http.web.broken import broken, is_for_people

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from earnest.http.metrics import Metrics

log = structlog.get_logger()

#: An answer is for a program that asked with a token: nothing keeps it, frames it or runs it.
#: What is for people (pages and what they are made of) says its own.
SECURITY_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
_SECURITY_HEADERS: Final = [(n.lower().encode(), v.encode()) for n, v in SECURITY_HEADERS.items()]
#: As other servers log who went away before the answer.
GONE_AWAY: Final = 499

_TRACEPARENT: Final = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_TRACE_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


def trace_id_of(headers: Headers) -> str:
    """The id under which whoever asks can find this again: theirs if they have one."""
    parent = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    if parent:
        return parent[1]
    own = headers.get("x-trace-id", "")
    return own if _TRACE_ID.fullmatch(own) else secrets.token_hex(16)


class Edge:
    """What happens around every request."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        """Stand around an application."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let one request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace_id = trace_id_of(Headers(scope=scope))
        started = time.perf_counter()
        status = 0

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = message["headers"]
                said = {name for name, _ in headers}
                headers += [each for each in _SECURITY_HEADERS if each[0] not in said]
                headers.append((b"x-trace-id", trace_id.encode()))
            await send(message)

        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            try:
                await self._app(scope, receive, sending)
            except ClientDisconnect:
                status = GONE_AWAY
            except Exception:
                log.exception("request_broken", route=scope.get("earnest.route"))
                if status == 0:
                    await _last_word(Request(scope))(scope, receive, sending)
            finally:
                self._told(scope, status, time.perf_counter() - started)

    def _told(self, scope: Scope, status: int, seconds: float) -> None:
        """One line and one count a request; neither says what was in it."""
        route = scope.get("earnest.route", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.count(method, route, status, seconds, scope.get("earnest.code"))
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def _last_word(request: Request) -> Response:
    """For people a page that asks nothing of anybody, for programs a problem."""
    return broken(request) if is_for_people(request) else refused(request, ProblemError("internal"))


METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
