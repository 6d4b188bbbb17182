"""Who asks, whether their token may, under which key, and with which body; in this order."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import structlog

from earnest.batcher import UnavailableError
from earnest.core.actions import Reason, Refused, Scope
from earnest.core.effects import Condition
from earnest.core.references import NotAReferenceError, parsed
from earnest.http.answers import ProblemError
from earnest.store.db import GONE
from earnest.wire.decode import BODY_BYTES_MAX
from earnest.wire.fingerprint import fields_of
from earnest.wire.invalid import FieldError
from earnest.wire.parse import Malformed, decode_json
from earnest.wire.spelling import DIGEST
from earnest.words.reasons import sentence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request

    from earnest.app import App
    from earnest.core.actions import Action
    from earnest.store.tokens import Bearer

T = TypeVar("T")
#: What nobody may do before they have shown that their address is theirs.
NEED_ADDRESS: Final = frozenset({"withdrawal.request"})
log = structlog.get_logger()

#: Whoever sends slower than this holds a connection for nothing.
BODY_SECONDS: Final = 30
KEY_LENGTH_MAX: Final = 255
_DIGITS_MAX: Final = 12

_BEARER: Final = re.compile(r"(?i:bearer) +(\S+)")
_KEY: Final = re.compile(rf"[ -~]{{1,{KEY_LENGTH_MAX}}}")
#: Newline-delimited JSON; it has no registered name, and goes by these.
LINES: Final = "application/x-ndjson"
LINES_MAX: Final = 1_000
_LINES: Final = re.compile(
    r'application/(?:x-ndjson|jsonl) *(?:; *charset="?utf-8"? *)?', re.IGNORECASE
)
_HASH: Final = re.compile(DIGEST)
_YES_NO: Final = {"true": True, "false": False}
DRY_RUN: Final = "dry_run"
IF_EFFECT: Final = "If-Effect"
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
    found = await looking(app, lambda: app.bearers.of(token))
    if found is None:
        raise ProblemError("unauthorized")
    return found


def demand(bearer: Bearer, scope: Scope) -> None:
    """The token must be good for this; asked before anything is looked up."""
    if scope not in bearer.scopes:
        raise ProblemError("scope_missing", f"This token lacks the scope {scope.value}.")


def demand_verified(app: App, action: str, *, is_unverified: bool) -> None:
    """Money leaves for people whose address is known to be theirs; where mails go out at all."""
    if action in NEED_ADDRESS and is_unverified and app.carrier is not None:
        raise ProblemError("address_unverified")


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
    if len(given) > 1 or not is_key(given[0]):
        raise ProblemError("idempotency_key_invalid")
    return given[0]


def is_key(text: str) -> bool:
    """Whether this can be an idempotency key."""
    return _KEY.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Manner:
    """How a POST is meant: done or only looked at, and on which condition."""

    is_dry_run: bool = False
    effect_hash: str | None = None

    def condition(self, action: Action[Any]) -> Condition | None:
        """Only if exactly this would happen."""
        return None if self.effect_hash is None else Condition(fields_of(action), self.effect_hash)


PLAINLY: Final = Manner()
NOT_A_HASH: Final = "This is the effect_hash of a dry run: 64 hexadecimal digits."


def is_effect_hash(text: str) -> bool:
    """Whether this can be the hash of an effect."""
    return _HASH.fullmatch(text) is not None


def no_manner(request: Request, but: str = "") -> None:
    """Nothing that changes what a POST does may stand where nobody looks at it."""
    only = f"There is only {but}." if but else "There is none here."
    errors = _unknown(request, (but,) if but else (), only)
    if IF_EFFECT in request.headers:
        errors.append(FieldError(IF_EFFECT, "unknown_header", "There is no condition here."))
    if errors:
        raise ProblemError("invalid", errors=errors)


def _unknown(request: Request, known: Sequence[str], detail: str) -> list[FieldError]:
    names = dict.fromkeys(request.query_params)
    return [FieldError(f"?{n}", "unknown_parameter", detail) for n in names if n not in known]


def manner(request: Request) -> Manner:
    """Read `?dry_run=` and If-Effect; nothing else may stand in the address, unread."""
    if not request.scope["query_string"] and IF_EFFECT not in request.headers:
        return PLAINLY
    errors = _unknown(request, (DRY_RUN,), f"There is only {DRY_RUN}.")
    dry = request.query_params.getlist(DRY_RUN) or ["false"]
    if len(dry) > 1 or dry[0] not in _YES_NO:
        errors.append(FieldError(f"?{DRY_RUN}", "not_a_choice", "This is true or false."))
    hashes = request.headers.getlist(IF_EFFECT)
    if len(hashes) > 1 or not all(map(is_effect_hash, hashes)):
        errors.append(FieldError(IF_EFFECT, "not_a_hash", NOT_A_HASH))
    if errors:
        raise ProblemError("invalid", errors=errors)
    return Manner(_YES_NO[dry[0]], hashes[0] if hashes else None)


async def body(request: Request) -> Mapping[str, Any]:
    """The JSON object that was sent; nothing at all is an empty one."""
    raw = await _of_type(request, _JSON, None)
    try:
        return decode_json(raw)
    except Malformed as malformed:
        raise ProblemError(malformed.code, malformed.detail) from None


async def lines(request: Request) -> list[bytes]:
    """The lines that were sent, without the empty ones: JSON, one object a line."""
    raw = await _of_type(request, _LINES, f"The body must be {LINES}.")
    found = [line for line in raw.split(b"\n") if line.strip()]
    if not found:
        raise ProblemError("malformed", "There is no line in the body.")
    if len(found) > LINES_MAX:
        raise ProblemError("too_large", f"There are {len(found)} lines; {LINES_MAX} are taken.")
    return found


async def _of_type(request: Request, wanted: re.Pattern[str], detail: str | None) -> bytes:
    """The body, if it says that it is what is wanted."""
    media_type = request.headers.get("content-type")
    if media_type is not None and not wanted.fullmatch(media_type):
        raise ProblemError("unsupported_media_type", detail)
    raw = await raw_body(request)
    if raw and media_type is None:
        raise ProblemError("unsupported_media_type", detail)
    return raw


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
