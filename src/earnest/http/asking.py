"""Who asks, whether their token may, under which key, and with which body; in this order."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog

from earnest.batcher import UnavailableError
from earnest.core.actions import Reason, Refused, Scope
from earnest.core.references import NotAReferenceError, parsed
from earnest.http.answers import ProblemError
from earnest.store import tokens
from earnest.store.db import GONE
from earnest.wire.decode import BODY_BYTES_MAX
from earnest.wire.invalid import FieldError
from earnest.wire.parse import Malformed, decode_json
from earnest.words.reasons import sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request

    from earnest.app import App
    from earnest.store.tokens import Bearer

T = TypeVar("T")
log = structlog.get_logger()

#: Whoever sends slower than this holds a connection for nothing.
BODY_SECONDS: Final = 30
KEY_LENGTH_MAX: Final = 255
_DIGITS_MAX: Final = 12

_BEARER: Final = re.compile(r"(?i:bearer) +(\S+)")
_KEY: Final = re.compile(rf"[ -~]{{1,{KEY_LENGTH_MAX}}}")
_JSON: Final = re.compile(r'application/json *(?:; *charset="?utf-8"? *)?', re.IGNORECASE)


async def looking(app: App, read: Callable[[], Awaitable[T]]) -> T:
    """Read, once more if the database was gone meanwhile; a private one is started again."""
    try:
        return await read()
    except TimeoutError:
        raise UnavailableError("busy", "The database is busy.", 1) from None
    except GONE as gone:
        log.warning("database_gone", error=type(gone).__name__)
    try:
        await app.database.revive()
        return await read()
    except GONE as gone:
        log.warning("database_gone", error=type(gone).__name__)
        raise UnavailableError("database_gone", "The database does not answer.", 2) from None


async def asker(request: Request, app: App) -> Bearer:
    """Who the token signs in. One read."""
    given = _BEARER.fullmatch(request.headers.get("authorization", ""))
    token = given[1] if given else ""
    found = await looking(app, lambda: tokens.bearer_of(app.database, token))
    if found is None:
        raise ProblemError("unauthorized")
    return found


def demand(bearer: Bearer, scope: Scope) -> None:
    """The token must be good for this; asked before anything is looked up."""
    if scope not in bearer.scopes:
        raise ProblemError("scope_missing", f"This token lacks the scope {scope.value}.")


async def reader(request: Request, app: App) -> Bearer:
    """Who asks to read, with a token that is good for it."""
    bearer = await asker(request, app)
    demand(bearer, Scope.READ)
    return bearer


def key(request: Request) -> str:
    """The idempotency key."""
    given = request.headers.getlist("idempotency-key")
    if not given:
        raise ProblemError("idempotency_key_required")
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise ProblemError("idempotency_key_invalid")
    return given[0]


def no_parameters(request: Request) -> None:
    """Nothing in the address changes what a POST does, so nothing may stand there unread.

    Nor is a condition taken that nobody looks at: the money would move without it.
    """
    if "if-effect" in request.headers:
        raise ProblemError("invalid", "If-Effect is not known here yet.")
    names = dict.fromkeys(request.query_params)
    if names:
        raise ProblemError(
            "invalid",
            errors=[FieldError(f"?{n}", "unknown_parameter", "There is none here.") for n in names],
        )


async def body(request: Request) -> Mapping[str, Any]:
    """The JSON object that was sent; nothing at all is an empty one."""
    media_type = request.headers.get("content-type")
    if media_type is not None and not _JSON.fullmatch(media_type):
        raise ProblemError("unsupported_media_type")
    raw = await raw_body(request)
    if raw and media_type is None:
        raise ProblemError("unsupported_media_type")
    try:
        return decode_json(raw)
    except Malformed as malformed:
        raise ProblemError(malformed.code, malformed.detail) from None


async def raw_body(request: Request) -> bytes:
    """The bytes of the body: no more than fit, and no later than they should be here."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and (len(length) > _DIGITS_MAX or int(length) > BODY_BYTES_MAX):
        raise ProblemError("too_large")
    raw = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                raw += chunk
                if len(raw) > BODY_BYTES_MAX:
                    raise ProblemError("too_large")
    except TimeoutError:
        detail = f"The body was not here within {BODY_SECONDS} seconds."
        raise ProblemError("malformed", detail, headers={"Connection": "close"}) from None
    return bytes(raw)


def reference(request: Request, prefix: str) -> int | None:
    """The number in the path; none for what we never printed."""
    try:
        return parsed(request.path_params["id"], prefix)
    except NotAReferenceError:
        return None


def not_found() -> ProblemError:
    """What is not there, not theirs, or never was: nobody can tell which."""
    return ProblemError("not_found", sentence(Refused(Reason.NOT_FOUND)))
