"""Reviews: one's own are hidden from everybody else at first, and then everybody may read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from typing_extensions import override

from earnest.core.reviews import Review
from earnest.store.reads.collections import Collection, rows_of
from earnest.store.reads.paging import Branch, Part

_FILTERS: Final = {
    "user": "reviews.about_person",
    "contract": "lists.in_contract",
    "from": "lists.created_from",
    "to": "lists.created_before",
}


@dataclass(frozen=True, slots=True)
class Reviews(Collection[Review]):
    """Those of one person or contract, if one is asked for; else what one gave and was given."""

    @override
    def branches(self, user_id: int, chosen: Mapping[str, Any], *, everybody: bool) -> list[Branch]:
        where = [Part(part, (chosen[name],)) for name, part in _FILTERS.items() if name in chosen]
        if everybody:
            return [Branch("lists.own", (Part("lists.anybodys"),), tuple(where))]
        seen = (*where, *self.seen_by(user_id))
        if "user" in chosen or "contract" in chosen:
            return [Branch("lists.own", (seen[0],), seen[1:])]
        sides = ("reviews.by_person", "reviews.about_person")
        return [Branch("lists.own", (Part(side, (user_id,)),), seen) for side in sides]


REVIEWS: Final = Reviews(rows_of(Review), "reviews.visible", ())
