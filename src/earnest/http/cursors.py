"""Cursors: the place where a page ended, sealed together with what was asked.

The seal is no secret: a place in a list is nothing that anybody could gain by. It is there so that
a cursor with other filters, or one that was cut off, is refused instead of skipping rows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import msgspec

from earnest.core.references import NUMBER_MAX
from earnest.http.answers import ProblemError
from earnest.store.reads.paging import Place

_SEAL_BYTES: Final = 12
_ENCODER: Final = msgspec.json.Encoder(order="deterministic")


class _Kept(msgspec.Struct, array_like=True):
    """What a cursor holds."""

    time: Annotated[datetime, msgspec.Meta(tz=True)] | None
    number: int | None
    id: int


_DECODER: Final = msgspec.json.Decoder(_Kept)


def cursor(place: Place, asked: Mapping[str, Any]) -> str:
    """Write down where a page ended."""
    time = place.value if isinstance(place.value, datetime) else None
    number = place.value if isinstance(place.value, int) else None
    kept = _ENCODER.encode(_Kept(time, number, place.id))
    return base64.urlsafe_b64encode(_seal(kept, asked) + kept).rstrip(b"=").decode()


def place_in(text: str, asked: Mapping[str, Any], kind: type[object]) -> Place:
    """Where the page before ended, if this is its cursor and the same is asked.

    `kind` is what the list is sorted by: nothing else may reach the database.
    """
    try:
        raw = base64.b64decode(text.encode() + b"=" * (-len(text) % 4), b"-_", validate=True)
        kept = _DECODER.decode(raw[_SEAL_BYTES:])
    except (binascii.Error, UnicodeEncodeError, ValueError):
        raise ProblemError("cursor_invalid") from None
    if raw[:_SEAL_BYTES] != _seal(raw[_SEAL_BYTES:], asked) or not 0 <= kept.id <= NUMBER_MAX:
        raise ProblemError("cursor_invalid")
    try:
        value = kept.time.astimezone(UTC) if kept.time is not None else kept.number
    except OverflowError:
        raise ProblemError("cursor_invalid") from None
    if not isinstance(value, kind) or abs(kept.number or 0) > NUMBER_MAX:
        raise ProblemError("cursor_invalid")
    return Place(value, kept.id)


def _seal(kept: bytes, asked: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(_ENCODER.encode(asked) + kept).digest()[:_SEAL_BYTES]
