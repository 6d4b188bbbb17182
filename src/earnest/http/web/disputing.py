"""What a form about a dispute begins with, carries unseen, and shows beside its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from earnest.core.disputes.exhibiting import Exhibit
from earnest.core.disputes.extending import open_extension
from earnest.core.disputes.row import Dispute, Offer
from earnest.core.references import printed
from earnest.core.rows import wire_time
from earnest.http.web.positions import position
from earnest.http.web.rendering import number, short
from earnest.store.reads.rooms import exhibits_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from earnest.http.web.subjects import About
    from earnest.store.db import Connection

#: The forms before which somebody reads what was said.
AFTER_TALK: Final = frozenset(
    {
        *("milestone.dispute", "milestone.object"),
        *("milestone.staff_confirm", "tranche.object"),
    }
)
#: What is named exactly as it was seen, and not typed.
_UNSEEN: Final[Mapping[str, frozenset[str]]] = {
    "dispute.accept_offer": frozenset({"offer"}),
    "dispute.concede": frozenset({"offer"}),
    "dispute.agree_extension": frozenset({"until"}),
}


def unseen(name: str) -> frozenset[str]:
    """The fields that a form carries without showing them."""
    return _UNSEEN.get(name, frozenset())


def begun(name: str, about: About) -> dict[str, str]:
    """What stands in a form before anybody types: all that is held, or would be paid."""
    if name not in {"milestone.dispute", "tranche.object"}:
        return {}
    return {"amount": number(about.held, about.visit)}


def named(name: str, about: About) -> dict[str, str]:
    """The offer that is accepted, or the end that is agreed to, as they are now."""
    row = about.row
    if not isinstance(row, Dispute):
        return {}
    if name in {"dispute.accept_offer", "dispute.concede"}:
        offer = row.offer_of(row.other_than(about.visit.me.id))
        return {} if offer is None else {"offer": printed(Offer.prefix, offer)}
    extension = open_extension(row, about.world)
    if name == "dispute.agree_extension" and extension is not None:
        return {"until": wire_time(extension.until)}
    return {}


async def look(db: Connection, name: str, about: About) -> None:
    """Read what a form needs to know beside its row: what can be cited in a ruling."""
    if name == "dispute.rule":
        shown = await exhibits_of(db, about.row)
        about.world.rows |= {(Exhibit, each.key): each for each in shown}


def beside(name: str, about: About) -> dict[str, Any]:
    """What a form about a dispute shows beside its fields: where both stand."""
    row = about.row
    if not isinstance(row, Dispute):
        return {"position": None}
    extension = open_extension(row, about.world)
    until = None if extension is None else extension.until
    return {
        "position": position(row, about),
        "until": until if name == "dispute.agree_extension" else None,
        "fee": row.fee if name == "dispute.pay_fee" else None,
    }


def exhibits(about: About) -> Sequence[tuple[int, str]]:
    """What can be cited: every exhibit by its number, and how it begins."""
    row: Dispute = about.row
    found = {
        each.position: each.text
        for each in about.world.rows.values()
        if isinstance(each, Exhibit) and each.dispute_id == row.id
    }
    return [(n, short(found.get(n, ""), 60)) for n in range(1, row.exhibits + 1)]
