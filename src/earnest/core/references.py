"""Printed references of rows: ``ms_0DXH3K8ZQ2Y7A`` is a milestone, and which one.

A prefix, then the row's 63-bit number in Crockford's base32: thirteen characters, upper case,
sorting as the numbers do. Reading is strict, so that one row has one name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

NUMBER_MAX: Final = 2**63 - 1
"""The largest number a row can have; the database keeps it as a ``bigint``."""

_LENGTH: Final = 13
_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Two characters at a time halve the work; the first stands alone and carries three bits only.
_PAIRS: Final = tuple(high + low for high in _DIGITS for low in _DIGITS)
_PAIR_VALUES: Final = {pair: value for value, pair in enumerate(_PAIRS)}
_FIRST_VALUES: Final = {digit: value for value, digit in enumerate(_DIGITS[:8])}


class NotAReferenceError(ValueError):
    """A text that we never printed for a row of this kind."""


def printed(prefix: str, number: int) -> str:
    """Print the reference of a row."""
    return f"{_began(prefix, number >> 20)}{_PAIRS[number >> 10 & 1023]}{_PAIRS[number & 1023]}"


@lru_cache(maxsize=1_024)
def _began(prefix: str, high: int) -> str:
    """All but the last four characters: the same for all rows that one millisecond made."""
    assert 0 <= high <= NUMBER_MAX >> 20, "a row's number has 63 bits"
    return (
        f"{prefix}_{_DIGITS[high >> 40]}"
        f"{_PAIRS[high >> 30 & 1023]}{_PAIRS[high >> 20 & 1023]}"
        f"{_PAIRS[high >> 10 & 1023]}{_PAIRS[high & 1023]}"
    )


def parsed(text: str, prefix: str) -> int:
    """Read back exactly what ``printed`` prints; anything else is a NotAReferenceError."""
    if not text.startswith(f"{prefix}_"):
        raise NotAReferenceError(f"this is not a reference that begins with {prefix}_")
    body = text[len(prefix) + 1 :]
    if len(body) != _LENGTH:
        raise NotAReferenceError(f"a reference has {_LENGTH} characters after {prefix}_")
    try:
        return (
            _FIRST_VALUES[body[0]] << 60
            | _PAIR_VALUES[body[1:3]] << 50
            | _PAIR_VALUES[body[3:5]] << 40
            | _PAIR_VALUES[body[5:7]] << 30
            | _PAIR_VALUES[body[7:9]] << 20
            | _PAIR_VALUES[body[9:11]] << 10
            | _PAIR_VALUES[body[11:13]]
        )
    except KeyError:
        raise NotAReferenceError("this is not a number we could have printed") from None
