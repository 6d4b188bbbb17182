"""Notices in the OpenAPI document: their shapes, and the addresses that no registry makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

from earnest.core.actions import Scope
from earnest.core.notices import OF_STAFF, TOLD, Mail, Part, Topic
from earnest.core.reminding import CLOCKS, Moment
from earnest.http.notices import CHOICES, MAIL, PATH, READ_ALL, UNTIL
from earnest.http.schemas import MONEY, NUMBER, TEXT, TIME, one_of, or_null, ref, reference, shape
from earnest.wire.notices import KINDS
from earnest.wire.spelling import reference as spelled
from earnest.words.notices import TOPICS

Json: TypeAlias = dict[str, Any]

_SUBJECT: Final = "|".join(kind.prefix for kind in KINDS.values())
_TOPICS: Final[dict[str, Json]] = {
    topic.value: {
        "description": TOPICS[topic][1] + (" Only operators." if topic in OF_STAFF else ""),
        **one_of(Mail),
    }
    for topic in Topic
}
SHAPES: Final[dict[str, Json]] = {
    "Notice": shape(
        "What you are told of an event, or at a `moment` of a clock that runs: `title` and `text` "
        "in your language and time zone, and the same as facts. `subject` is where there may be "
        "something to do. A clock runs out at `by`; `amount` is what you get by it, `others` what "
        "somebody else does, and you can do nothing about it if you are who `waits`. The last one "
        "that you can still do something about (`is_last`) comes by mail whatever you chose.",
        id=ref("NoticeId"),
        number=NUMBER,
        event_id=or_null(reference("evt")),
        name={"type": "string", "enum": sorted({*TOLD, *CLOCKS})},
        part=one_of(Part),
        topic=one_of(Topic),
        moment=or_null(one_of(Moment)),
        is_last={"type": "boolean"},
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
        others=or_null(MONEY),
        waits={"type": "boolean"},
        at=TIME,
        read_at=or_null(TIME),
    ),
    "NoticeId": reference("ntc"),
    "NoticeChoices": shape(
        "How you are told. On the site you are told of everything at once.",
        **{MAIL: shape("When you want each topic by mail.", **_TOPICS)},
    ),
}

_REFUSES: Final = (400, 401, 403, 404, 405, 413, 415, 422, 500, 503)
_READ: Final = (401, 403, 405, 422, 500, 503)
_NO_KEY: Final = "What is read stays read, so this needs no Idempotency-Key."
_CHOOSING: Final = (
    "What is not named stays as it is. The same request has the same effect however often it is "
    "sent, so this needs no Idempotency-Key."
)


def operations(
    answer: Callable[..., Json], refusals: Callable[[Sequence[int]], Json]
) -> Iterable[tuple[str, str, Json]]:
    """Where notices are marked as read, and where somebody chooses how they are told."""
    yield from _choices(answer, refusals)
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


def _choices(
    answer: Callable[..., Json], refusals: Callable[[Sequence[int]], Json]
) -> Iterable[tuple[str, str, Json]]:
    whole = SHAPES["NoticeChoices"]
    some = {MAIL: {**whole["properties"][MAIL], "required": []}}
    body = {**whole, "properties": some}
    chosen = answer("Done.", ref("NoticeChoices"))
    yield (
        CHOICES,
        "get",
        {
            "operationId": "getNoticeChoices",
            "tags": ["notices"],
            "summary": "How you are told",
            "security": [{"token": [Scope.READ.value]}],
            "responses": {"200": chosen, **refusals(_READ)},
        },
    )
    yield (
        CHOICES,
        "put",
        {
            "operationId": "chooseNotices",
            "tags": ["notices"],
            "summary": "Choose how you are told",
            "description": _CHOOSING,
            "security": [{"token": [Scope.WRITE.value]}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": {"200": chosen, **refusals(_REFUSES)},
        },
    )
