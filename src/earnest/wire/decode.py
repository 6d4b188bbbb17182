"""Bytes to JSON: strict, bounded, and without a float ever existing."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.canonical import INTEGER_MAX
from earnest.wire.invalid import Malformed

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Fifty milestones with the longest descriptions, each character escaped, fit.
BODY_BYTES_MAX: Final = 8 * 2**20


def decode_json(raw: bytes) -> Mapping[str, object]:
    """Read one JSON object; no bytes at all are an empty one. Anything else is Malformed."""
    if not raw:
        return {}
    if len(raw) > BODY_BYTES_MAX:
        raise Malformed(f"A body has at most {BODY_BYTES_MAX} bytes.", "too_large")
    try:
        value = _DECODER.decode(raw)
    except RecursionError:
        raise Malformed("The body is nested too deeply.") from None
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8.") from None
    except msgspec.MsgspecError as error:
        raise Malformed(f"The body cannot be read: {error}.") from None
    if not isinstance(value, dict):
        raise Malformed("The body is not a JSON object.")
    return value


def _exact(text: str) -> Decimal | int:
    """A number with a point or an exponent; ``3.0`` is 3, as JSON Schema has it."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Malformed("The body has a number that nobody could mean.") from None
    if abs(number) <= INTEGER_MAX and number == number.to_integral_value():
        return int(number)
    return number


_DECODER: Final = msgspec.json.Decoder[Any](float_hook=_exact)
