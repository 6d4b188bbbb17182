"""Action to bytes: the one spelling of what was asked, and its hash.

An idempotency key covers this hash, so whoever asks for the same thing in other JSON (a default
spelled out, ``40`` for ``40.00``, another time zone) asks for the same thing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from earnest.core.inputs import Between, Currency, Digest, Percent, Ref, Text
from earnest.core.references import printed
from earnest.core.terms import Terms, as_json
from earnest.wire.fields import (
    Amount,
    Choice,
    ListOf,
    ObjectOf,
    RuleBook,
    Time,
    Whole,
    YesNo,
    input_of,
)

if TYPE_CHECKING:
    from earnest.core.actions import Action
    from earnest.core.money import Money
    from earnest.wire.fields import Field, Kind

Writer: TypeAlias = Callable[[Any], object]

#: The same bytes as ``core.canonical``, in a tenth of the time; a test compares them.
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


def fingerprint(action: Action[Any]) -> bytes:
    """SHA-256 of what is asked, of whom, with which fields; those at their default left out."""
    asked = {
        "action": action.name,
        "fields": fields_of(action),
        "subject": printed(action.kind.prefix, action.subject_id),
    }
    return hashlib.sha256(_ENCODER.encode(asked)).digest()


def fields_of(action: Action[Any]) -> dict[str, object]:
    """The fields that are not at their default, as JSON says them; times to the microsecond."""
    written: dict[str, object] = _compiled(action.name)(action)
    return written


@cache
def _compiled(name: str) -> Callable[[Any], dict[str, object]]:
    return _members(input_of(name).fields)


def _members(fields: tuple[Field, ...]) -> Callable[[Any], dict[str, object]]:
    steps = tuple((f.name, f.wire, f.default, writer_of(f.kind)) for f in fields)

    def write(holder: Any) -> dict[str, object]:
        written: dict[str, object] = {}
        for name, wire, default, writer in steps:
            value = getattr(holder, name)
            if value != default:
                written[wire] = None if value is None else writer(value)
        return written

    return write


def writer_of(kind: Kind) -> Writer:
    """Make the writer of a kind."""
    return WRITERS[type(kind)](kind)


def _as_it_is(_kind: Kind) -> Writer:
    return lambda value: value


def _amount(_kind: Amount) -> Writer:
    def write(value: Money) -> object:
        return {"amount": value.decimal, "currency": value.currency}

    return write


def _reference(kind: Ref) -> Writer:
    return lambda number: printed(kind.prefix, number)


def _time(_kind: Time) -> Writer:
    def write(moment: datetime) -> str:
        return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

    return write


def _rule_book(_kind: RuleBook) -> Writer:
    return lambda chosen: as_json(chosen) if isinstance(chosen, Terms) else chosen


def _percent(_kind: Percent) -> Writer:
    return percent


def percent(bps: int) -> str:
    """So many basis points in percent, as shortly as they can be said."""
    return f"{bps // 100}.{bps % 100:02}".rstrip("0").rstrip(".")


def _choice(_kind: Choice) -> Writer:
    return lambda chosen: chosen.value


def _list(kind: ListOf) -> Writer:
    item = writer_of(kind.item)
    return lambda values: [item(value) for value in values]


def _object(kind: ObjectOf) -> Writer:
    return _members(kind.fields)


WRITERS: Final[dict[type, Callable[[Any], Writer]]] = {
    Text: _as_it_is,
    Ref: _reference,
    Currency: _as_it_is,
    Digest: _as_it_is,
    Amount: _amount,
    Time: _time,
    RuleBook: _rule_book,
    Whole: _as_it_is,
    Between: _as_it_is,
    Percent: _percent,
    YesNo: _as_it_is,
    Choice: _choice,
    ListOf: _list,
    ObjectOf: _object,
}
