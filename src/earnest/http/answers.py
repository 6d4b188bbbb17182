"""Answers: JSON bytes as they are, and problems for what cannot be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.http import problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.wire.invalid import FieldError

JSON: Final = "application/json"

_ENCODER: Final = msgspec.json.Encoder()


class _Made(msgspec.Struct):
    """What is asked of a new row."""

    id: str


def id_of(row: bytes) -> str:
    """The reference of a row as it was answered."""
    return msgspec.json.decode(row, type=_Made).id


class ProblemError(Exception):
    """What the edge refuses: raised by whoever finds it, answered in one place."""

    def __init__(
        self,
        code: str,
        detail: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Say the code, and whatever is better than what the code says by itself."""
        super().__init__(code)
        self.errors: Final = tuple(errors)
        self.body: Final = (
            problems.invalid(errors) if errors else problems.problem_for(code, detail)
        )
        self.headers: Final = {**problems.HEADERS.get(code, {}), **(headers or {})}


def answer(body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that is already bytes."""
    return _made(body, status, headers, JSON)


def shown(value: Any, *, status: int = 200) -> Response:
    """JSON of a value."""
    return answer(_ENCODER.encode(value), status=status)


def problem(body: bytes, request: Request, headers: Mapping[str, str] | None = None) -> Response:
    """A problem; its code is kept for the metrics."""
    found = problems.kept(body)
    request.scope["earnest.code"] = found.code
    return _made(body, found.status, headers, problems.MEDIA_TYPE)


def refused(request: Request, error: ProblemError) -> Response:
    """The problem that the edge raised."""
    return problem(error.body, request, error.headers)


def _made(body: bytes, status: int, headers: Mapping[str, str] | None, media_type: str) -> Response:
    """A web server is needed to answer, not to refuse: a command that refuses never loads one."""
    from starlette.responses import Response  # noqa: PLC0415

    return Response(body, status, dict(headers or {}), media_type)
