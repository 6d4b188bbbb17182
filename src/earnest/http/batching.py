"""POST /v1/batch: many commands in one request, one a line; each stands alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec
from starlette.responses import Response

from earnest.batcher import BrokenCommandError, UnavailableError
from earnest.core.people import User
from earnest.http import asking, problems
from earnest.http.answers import ProblemError
from earnest.http.bodies import WithParent, read
from earnest.http.routes import VIA, Write, writes
from earnest.http.writing import body_of, status_of
from earnest.store.batch import Answer
from earnest.wire.parse import FieldError, Invalid, Malformed, decode_json, parse_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from earnest.app import App
    from earnest.core.actions import Action
    from earnest.store.tokens import Bearer

#: The members of a line that are not fields of its action.
KEY: Final = "key"
ACTION: Final = "action"
ID: Final = "id"

_ENCODER: Final = msgspec.json.Encoder()


@dataclass(slots=True)
class Line:
    """One line: what it asks for, or what is wrong with it; and what it is answered."""

    key: str | None = None
    write: Write | None = None
    answer: asyncio.Future[Answer] | None = None
    problem: bytes | None = None

    def told(self) -> bytes:
        """The line that answers it."""
        status, body = self._answered()
        return b'{"key":%b,"status":%d,"body":%b}\n' % (_ENCODER.encode(self.key), status, body)

    def _answered(self) -> tuple[int, bytes]:
        if self.answer is not None and self.problem is None:
            self.problem = _failed(self.answer.exception()) or self.answer.result().problem
        if self.problem is not None:
            return problems.status_in(self.problem), self.problem
        assert self.answer is not None, "a line is asked for, or it has a problem"
        assert self.write is not None, "what is asked for is an action"
        return status_of(self.write), body_of(self.write, self.answer.result().rows)


@dataclass(frozen=True, slots=True)
class Batch:
    """Many commands of one asker."""

    app: App

    async def __call__(self, request: Request) -> Response:
        """Read each line, ask for all of them, answer each in its place."""
        bearer = await asking.asker(request, self.app)
        asking.no_manner(request)
        lines = [self._asked(raw, bearer) for raw in await asking.lines(request)]
        waiting = [line.answer for line in lines if line.answer is not None]
        await asyncio.gather(*waiting, return_exceptions=True)
        for line in lines:
            if line.answer is not None and line.write is not None:
                self.app.nudge_for(line.write.action)
        return Response(b"".join(line.told() for line in lines), 200, None, asking.LINES)

    def _asked(self, raw: bytes, bearer: Bearer) -> Line:
        """Ask for what a line says; a line that cannot be read is answered with what is wrong."""
        line = Line()
        try:
            action = _read(raw, line, bearer)
            asking.demand_verified(self.app, action.name, is_unverified=bearer.is_unverified)
            assert line.key is not None, "what can be read has a key"
            line.answer = self.app.ask(bearer.user.id, action, key=line.key, via=VIA)
        except ProblemError as wrong:
            line.problem = wrong.body
        except UnavailableError as error:
            line.problem = _failed(error)
        return line


def _read(raw: bytes, line: Line, bearer: Bearer) -> Action[Any]:
    """The action of a line, in the order of every POST: key, scope, fields."""
    try:
        given = dict(decode_json(raw))
    except Malformed as malformed:
        raise ProblemError(malformed.code, malformed.detail) from None
    line.key = _key(given.pop(KEY, None))
    line.write = _write(given)
    asking.demand(bearer, line.write.scope)
    if line.write.action.kind is not User:
        return _with_id(line.write.name).read(given)
    if _is_somebody_else(given, bearer):
        raise asking.not_found()
    return read(line.write.name, bearer.user.id, given)


def _key(given: object) -> str:
    if given is None:
        raise ProblemError("idempotency_key_required", "Every line needs a key of its own.")
    if not isinstance(given, str) or not asking.is_key(given):
        raise ProblemError("idempotency_key_invalid")
    return given


def _write(given: dict[str, Any]) -> Write:
    """Which action a line asks for."""
    if ACTION not in given:
        raise _wrong(FieldError(f"/{ACTION}", "required", "This is required."))
    name = given.pop(ACTION)
    found = _actions().get(name) if isinstance(name, str) else None
    if found is None:
        detail = f"There is no such action. There are: {', '.join(sorted(_actions()))}."
        raise _wrong(FieldError(f"/{ACTION}", "not_a_choice", detail))
    return found


def _is_somebody_else(given: dict[str, Any], bearer: Bearer) -> bool:
    """What is about the asker need not say so; about another it is about nobody."""
    if ID not in given:
        return False
    try:
        return parse_reference(given.pop(ID), User.prefix, f"/{ID}") != bearer.user.id
    except Invalid as invalid:
        raise ProblemError("invalid", errors=invalid.errors) from None


@cache
def _actions() -> Mapping[str, Write]:
    return {write.name: write for write in writes()}


@cache
def _with_id(name: str) -> WithParent:
    return WithParent(name, ID)


def _wrong(error: FieldError) -> ProblemError:
    return ProblemError("invalid", errors=[error])


def _failed(error: BaseException | None) -> bytes | None:
    """The problem of what could not be done at all."""
    if isinstance(error, UnavailableError):
        return problems.problem_for(error.code, error.detail)
    if isinstance(error, BrokenCommandError):
        return problems.problem_for("internal")
    if error is not None:
        raise error
    return None
