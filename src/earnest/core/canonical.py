"""Canonical JSON (RFC 8785): one value has one spelling, so one value has one hash.

Only what Earnest puts into hashes is accepted. A float, a set or a key outside ASCII is a bug.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

INTEGER_MAX: Final = 2**53 - 1
"""The largest integer of which RFC 8785 has one spelling. Ids are larger: print them."""

_ENCODER: Final = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, sort_keys=True, separators=(",", ":")
)


def canonical(value: object) -> bytes:
    """Spell a value in the only way: keys sorted, no spaces, UTF-8.

    A lone surrogate has no UTF-8 and is refused with a ValueError.
    """
    _check(value)
    return _ENCODER.encode(value).encode()


def digest(value: object) -> str:
    """Name a value by the SHA-256 of its canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _check(value: object) -> None:
    """Refuse what the encoder would accept although it has no canonical spelling."""
    if value is None or isinstance(value, str):
        return
    if isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise ValueError("an integer past 53 bits has no canonical spelling")
    elif isinstance(value, dict):
        for key, item in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise TypeError("a key is ASCII text")  # Beyond it, sorting is another order.
            _check(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _check(item)
    else:
        raise TypeError(f"{type(value).__name__} has no canonical spelling")
