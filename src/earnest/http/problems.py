"""Refusals over HTTP: RFC 9457 problems, and the only meeting of reasons and statuses.

A problem is bytes, because the bytes of the first answer are kept and given again.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, get_args

import msgspec

from earnest.core.actions import Reason
from earnest.core.effects import Effect
from earnest.core.money import AmountCode
from earnest.wire.invalid import FieldError
from earnest.words.reasons import SENTENCES, detail_of, sentence, title_of
from earnest.words.saying import ENGLISH, saying

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from earnest.core.actions import Refused

MEDIA_TYPE: Final = "application/problem+json"

#: A URI reference, relative to where Earnest is served: the bytes that are kept for ever do not
#: change when the public address does.
TYPE_PREFIX: Final = "/docs/problems#"

STATUS: Final[Mapping[Reason, HTTPStatus]] = {
    Reason.KEY_REUSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.SUSPENDED: HTTPStatus.FORBIDDEN,
    Reason.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Reason.NOT_YOUR_PART: HTTPStatus.FORBIDDEN,
    Reason.WRONG_STATUS: HTTPStatus.CONFLICT,
    Reason.CONTRACT_NOT_ACTIVE: HTTPStatus.CONFLICT,
    Reason.CONTRACT_NOT_OFFERED: HTTPStatus.CONFLICT,
    Reason.PROJECT_ENDED: HTTPStatus.CONFLICT,
    Reason.BIDDING_CLOSED: HTTPStatus.CONFLICT,
    Reason.ALREADY_BID: HTTPStatus.CONFLICT,
    Reason.ALREADY_SHORTLISTED: HTTPStatus.CONFLICT,
    Reason.NOT_SHORTLISTED: HTTPStatus.CONFLICT,
    Reason.OFFER_WAITING: HTTPStatus.CONFLICT,
    Reason.STILL_HOLDING: HTTPStatus.CONFLICT,
    Reason.NOTHING_HELD: HTTPStatus.CONFLICT,
    Reason.NOTHING_RESERVED: HTTPStatus.CONFLICT,
    Reason.NOTHING_PAID: HTTPStatus.CONFLICT,
    Reason.STILL_RELEASING: HTTPStatus.CONFLICT,
    Reason.NO_ROUNDS_LEFT: HTTPStatus.CONFLICT,
    Reason.BUDGET_SPENT: HTTPStatus.CONFLICT,
    Reason.DATE_PASSED: HTTPStatus.CONFLICT,
    Reason.REVIEW_TOO_LATE: HTTPStatus.CONFLICT,
    Reason.ALREADY_REVIEWED: HTTPStatus.CONFLICT,
    Reason.CANCEL_ALREADY_ASKED: HTTPStatus.CONFLICT,
    Reason.CANCEL_NOT_ASKED: HTTPStatus.CONFLICT,
    Reason.DISPUTE_OPEN: HTTPStatus.CONFLICT,
    Reason.WITHDRAWN_BEFORE: HTTPStatus.CONFLICT,
    Reason.STAFF_CANCEL_ALREADY_ASKED: HTTPStatus.CONFLICT,
    Reason.STAFF_CANCEL_NOT_ASKED: HTTPStatus.CONFLICT,
    Reason.STAFF_CANCEL_ALREADY_CONFIRMED: HTTPStatus.CONFLICT,
    Reason.SECOND_OPERATOR_NEEDED: HTTPStatus.CONFLICT,
    Reason.NOT_THE_OPENER: HTTPStatus.CONFLICT,
    Reason.NOT_ANSWERED: HTTPStatus.CONFLICT,
    Reason.NO_OFFER_OPEN: HTTPStatus.CONFLICT,
    Reason.NO_ROUND_OPEN: HTTPStatus.CONFLICT,
    Reason.NO_FEE_ASKED: HTTPStatus.CONFLICT,
    Reason.FEE_ALREADY_PAID: HTTPStatus.CONFLICT,
    Reason.NO_CLOCK_RUNS: HTTPStatus.CONFLICT,
    Reason.NO_ARBITER_NAMED: HTTPStatus.CONFLICT,
    Reason.ARBITER_ALREADY_NAMED: HTTPStatus.CONFLICT,
    Reason.REFUSED_BEFORE: HTTPStatus.CONFLICT,
    Reason.TOO_LATE_TO_REFUSE: HTTPStatus.CONFLICT,
    Reason.NOT_TAKEN: HTTPStatus.CONFLICT,
    Reason.ALREADY_TAKEN: HTTPStatus.CONFLICT,
    Reason.EXHIBITS_CLOSED: HTTPStatus.CONFLICT,
    Reason.EXHIBITS_OPEN: HTTPStatus.CONFLICT,
    Reason.TOO_MANY_EXHIBITS: HTTPStatus.CONFLICT,
    Reason.TOO_LATE_TO_ASK: HTTPStatus.CONFLICT,
    Reason.EXHIBIT_UNOPENED: HTTPStatus.CONFLICT,
    Reason.ALREADY_OPENED: HTTPStatus.CONFLICT,
    Reason.NO_EDIT_OPEN: HTTPStatus.CONFLICT,
    Reason.NOTHING_TO_AGREE: HTTPStatus.CONFLICT,
    Reason.PLAN_NOT_AGREED: HTTPStatus.CONFLICT,
    Reason.NOT_YOUR_TURN: HTTPStatus.CONFLICT,
    Reason.NOT_YET_DUE: HTTPStatus.CONFLICT,
    Reason.WRONG_CURRENCY: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.AMOUNT_NOT_POSITIVE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.GATEWAY_NOT_OFFERED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NOT_AN_IBAN: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.PERSON_UNKNOWN: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.SAME_PERSON: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.TERMS_NOT_OFFERED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NO_ARBITER: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.TOO_MANY_OFFERS: HTTPStatus.CONFLICT,
    Reason.TOO_MANY_MILESTONES: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.DUE_IN_PAST: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.DAYS_OR_DUE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.PERCENT_OR_AMOUNT: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.RETENTION_NOT_LAST: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NOT_LATER: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.DEADLINE_TOO_FAR: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.BUDGET_REVERSED: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.DOES_NOT_ADD_UP: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.QUESTION_UNKNOWN: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.LESS_THAN_GONE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.ONLY_ADDING: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NO_LIMIT_HERE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.BEYOND_BOUNDS: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NOTHING_CHANGES: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.FILE_UNKNOWN: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.FILE_TWICE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.FILES_TOO_LARGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.FILE_TOO_LARGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NO_ROOM_LEFT: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.FILE_LINK_OR_TEXT: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.EXHIBITS_TOO_LARGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.EXHIBIT_UNKNOWN: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NOT_AN_ARBITER: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NAMED_BEFORE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.CONFLICT_OF_INTEREST: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.CHANGED: HTTPStatus.CONFLICT,
    Reason.MORE_THAN_HELD: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.MORE_THAN_TRANCHE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.MORE_THAN_FROZEN: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NOT_ENOUGH_MONEY: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.BALANCE_TOO_LARGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.NOT_PREVIEWABLE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Reason.EFFECT_CHANGED: HTTPStatus.CONFLICT,
}

#: What the edge itself refuses, before or instead of the rules. None of these claims a key.
EDGE_STATUS: Final[Mapping[str, HTTPStatus]] = {
    "malformed": HTTPStatus.BAD_REQUEST,
    "idempotency_key_required": HTTPStatus.BAD_REQUEST,
    "idempotency_key_invalid": HTTPStatus.BAD_REQUEST,
    "cursor_invalid": HTTPStatus.BAD_REQUEST,
    "unauthorized": HTTPStatus.UNAUTHORIZED,
    "scope_missing": HTTPStatus.FORBIDDEN,
    "cross_site": HTTPStatus.FORBIDDEN,
    "form_too_old": HTTPStatus.FORBIDDEN,
    "signup_closed": HTTPStatus.FORBIDDEN,
    "address_unverified": HTTPStatus.FORBIDDEN,
    "method_not_allowed": HTTPStatus.METHOD_NOT_ALLOWED,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "unsupported_media_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "invalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    **dict.fromkeys(get_args(AmountCode), HTTPStatus.UNPROCESSABLE_ENTITY),
    "too_many_requests": HTTPStatus.TOO_MANY_REQUESTS,
    "books_do_not_balance": HTTPStatus.SERVICE_UNAVAILABLE,
    "database_gone": HTTPStatus.SERVICE_UNAVAILABLE,
    "busy": HTTPStatus.SERVICE_UNAVAILABLE,
    "disk_full": HTTPStatus.SERVICE_UNAVAILABLE,
    "internal": HTTPStatus.INTERNAL_SERVER_ERROR,
}

#: What goes with a code as headers. Whoever knows a better time to come back says that instead.
HEADERS: Final[Mapping[str, Mapping[str, str]]] = {
    "unauthorized": {"WWW-Authenticate": "Bearer"},
    "too_many_requests": {"Retry-After": "60"},
    "books_do_not_balance": {"Retry-After": "60"},
    "database_gone": {"Retry-After": "1"},
    "busy": {"Retry-After": "1"},
    "disk_full": {"Retry-After": "60"},
}

#: If all fields are wrong in one of these ways, the problem itself says so.
_SAYS_IT_ALL: Final = frozenset({*Reason, *get_args(AmountCode)})


def problem_of(refused: Refused) -> bytes:
    """The problem for what the rules refused; it is kept, and is for programs: in English."""
    with saying(ENGLISH):
        detail = sentence(refused)
        code = refused.reason.value
        errors = (FieldError(refused.path, code, detail),) if refused.path else ()
        return problem_for(code, detail, errors, refused.facts.get("effect"))


def problem_for(
    code: str,
    detail: str | None = None,
    errors: Sequence[FieldError] = (),
    effect: object = None,
) -> bytes:
    """The problem for a code, the edge's or a Reason's; an effect is what would happen instead."""
    problem: dict[str, object] = {
        "type": TYPE_PREFIX + code,
        "title": str(title_of(code)),
        "status": status_of(code).value,
        "detail": str(detail_of(code) if detail is None else detail),
        "code": code,
    }
    if errors:
        problem["errors"] = errors
    if isinstance(effect, Effect):
        problem["effect"] = effect_shown(effect)
    return msgspec.json.encode(problem)


def effect_shown(effect: Effect) -> dict[str, object]:
    """What would happen, and the hash by which it can be asked for."""
    return {**effect.told, "effect_hash": effect.hash}


def invalid(errors: Sequence[FieldError]) -> bytes:
    """The problem for a body with wrong fields; a single code that says it all is its code."""
    first = errors[0]
    if first.code in _SAYS_IT_ALL and all(error.code == first.code for error in errors):
        return problem_for(first.code, first.detail, errors)
    return problem_for("invalid", None, errors)


def status_of(code: str) -> HTTPStatus:
    """The status of a code, the edge's or a Reason's."""
    return EDGE_STATUS[code] if code in EDGE_STATUS else STATUS[Reason(code)]


def status_in(problem: bytes) -> int:
    """The status that a kept problem was answered with."""
    return kept(problem).status


class Kept(msgspec.Struct):
    """What is asked of a kept problem."""

    status: int
    code: str


def kept(problem: bytes) -> Kept:
    """Read what was kept."""
    return _KEPT.decode(problem)


_KEPT: Final = msgspec.json.Decoder(Kept)


@dataclass(frozen=True, slots=True)
class Code:
    """One code, as the `type` of a problem leads to it."""

    code: str
    status: int
    title: str
    #: What is said; where that depends, in each way that there is.
    details: Sequence[str]


def codes() -> list[Code]:
    """All of them."""
    edge = [Code(c, int(s), title_of(c), (detail_of(c),)) for c, s in EDGE_STATUS.items()]
    rules = [Code(r.value, int(s), title_of(r.value), SENTENCES[r]) for r, s in STATUS.items()]
    return sorted([*edge, *rules], key=lambda each: each.code)
