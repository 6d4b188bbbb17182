"""Arrays as PostgreSQL reads them from text: many times as fast to send as element by element.

The driver asks of every element of an array what it is. Numbers, moments and our own words are
written down as JSON instead, in one go, and cast on the other side: between its braces an array
reads like a list of JSON, as long as nothing in it is escaped. What somebody typed may have to be,
and goes the driver's way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Text that is one of our own words, a currency or a hash in hex: there is nothing to escape.
WORD: Final = "word"

_TYPES: Final = {
    "bigint": "bigint",
    "timestamptz": "timestamptz",
    "boolean": "boolean",
    WORD: "text",
}

_encode = msgspec.json.Encoder().encode


def parameter(number: int, kind: str) -> str:
    """A parameter that is an array of this kind."""
    return f"${number}::text::{_TYPES[kind]}[]" if kind in _TYPES else f"${number}::{kind}[]"


def unnested(first: int, names: Iterable[str], kinds: Iterable[str]) -> str:
    """Arrays as rows of `w`. In the SELECT list, as FROM would first make a table of them."""
    columns = (
        f"unnest({parameter(number, kind)}) AS {name}"
        for number, (name, kind) in enumerate(zip(names, kinds, strict=True), first)
    )
    return f"(SELECT {', '.join(columns)}) AS w"


def sent(values: Iterable[Any], kind: str) -> str | list[Any]:
    """The values as the parameter takes them."""
    if kind not in _TYPES:
        return list(values)
    listed = _encode(list(values)).decode()
    assert "\\" not in listed, f"there is something to escape in {listed}"
    return f"{{{listed[1:-1]}}}"
