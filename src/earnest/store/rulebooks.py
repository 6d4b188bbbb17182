"""Rule books by their hash. What was agreed never changes, so what was read once is kept.

Every award has a hash of its own, as its bid is part of it; so only so many are kept, and equal
ones once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import msgspec

from earnest.core.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.store.db import Connection

KEPT_MAX: Final = 16_384
#: The one that was asked for longest ago comes first.
_kept: Final[dict[str, Terms]] = {}


async def rulebooks(db: Connection, hashes: Iterable[str]) -> dict[str, Terms]:
    """The rule books of these hashes; those that are not there yet are left out.

    What was agreed stays as it was, also if the bounds for new ones have become narrower.
    """
    found: dict[str, Terms] = {}
    unknown: list[str] = []
    for each in hashes:
        terms = _kept.pop(each, None)
        if terms is None:
            unknown.append(each)
        else:
            found[each] = _kept[each] = terms
    if unknown:
        text = "SELECT hash, body FROM terms WHERE hash = ANY($1)"
        for known, body in await db.fetch(text, sorted(unknown)):
            found[known] = _kept[known] = _the_one(Terms(**msgspec.json.decode(body)))
        while len(_kept) > KEPT_MAX:
            del _kept[next(iter(_kept))]
    return found


@lru_cache(maxsize=1_024)
def _the_one(terms: Terms) -> Terms:
    """Of equal ones always the same."""
    return terms
