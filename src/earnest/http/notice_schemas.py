"""Notices in the OpenAPI document: their shape, and the two addresses that no registry makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

from earnest.core.actions import Scope
from earnest.core.notices import TOLD, Part, Topic
from earnest.http.notices import PATH, READ_ALL, UNTIL
from earnest.http.schemas import MONEY, NUMBER, TEXT, TIME, one_of, or_null, ref, reference, shape
from earnest.wire.notices import KINDS
from earnest.wire.spelling import reference as spelled

Json: TypeAlias = dict[str, Any]

_SUBJECT: Final = "|".join(kind.prefix for kind in KINDS.values())
SHAPES: Final[dict[str, Json]] = {
    "Notice": shape(
        "What you are told of an event: `title` and `text` in your language and time zone, and the "
        "same as facts. `subject` is where there may be something to do.",
        id=ref("NoticeId"),
        number=NUMBER,
        event_id=reference("evt"),
        name={"type": "string", "enum": sorted(TOLD)},
        part=one_of(Part),
        topic=one_of(Topic),
        is_about_money={"type": "boolean"},
        subject={"type": "string", "pattern": spelled(f"(?:{_SUBJECT})")},
        title=TEXT,
        text=TEXT,
        person=or_null(TEXT),
        amount=or_null(MONEY),
        count=or_null({"type": "integer", "minimum": 1}),
        about=or_null(TEXT),
        words=or_null(TEXT),
        by=or_null(TIME),
        at=TIME,
        read_at=or_null(TIME),
    ),
    "NoticeId": reference("ntc"),
}

_REFUSES: Final = (400, 401, 403, 404, 405, 413, 415, 422, 500, 503)
_NO_KEY: Final = "What is read stays read, so this needs no Idempotency-Key."


def operations(
    answer: Callable[..., Json], refusals: Callable[[Sequence[int]], Json]
) -> Iterable[tuple[str, str, Json]]:
    """Where notices are marked as read."""
    nothing = {"type": "object", "properties": {}, "additionalProperties": False}
    until = {
        "type": "object",
        "properties": {
            UNTIL: {**or_null(ref("NoticeId")), "description": "The newest that you have seen."}
        },
        "additionalProperties": False,
    }
    marked = shape("How many were not read before.", marked={"type": "integer", "minimum": 0})
    for path, name, summary, body, result in (
        (f"{PATH}/{{id}}/read", "readNotice", "Mark a notice as read", nothing, ref("Notice")),
        (READ_ALL, "readAllNotices", "Mark notices as read, up to one or all", until, marked),
    ):
        yield (
            path,
            "post",
            {
                "operationId": name,
                "tags": ["notices"],
                "summary": summary,
                "description": _NO_KEY,
                "security": [{"token": [Scope.WRITE.value]}],
                "requestBody": {
                    "required": False,
                    "content": {"application/json": {"schema": body}},
                },
                "responses": {"200": answer("Done.", result), **refusals(_REFUSES)},
            },
        )
