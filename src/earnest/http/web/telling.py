"""Events as people read them: a sentence, who, by which way, and the amount that moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.money import Money
from earnest.core.people import SYSTEM_ID, User
from earnest.core.references import parsed, printed
from earnest.http.showing import EVENT_PREFIX
from earnest.http.web.rendering import short
from earnest.words.actions import happened

if TYPE_CHECKING:
    from earnest.store.reads.collections import Happened

#: How it came, in words.
VIAS: Final[Mapping[str, str]] = {
    "rest": "API",
    "cli": "command line",
    "web": "web",
    "worker": "Earnest itself",
    "demo": "demo story",
}
#: How much of a text a timeline shows.
_DETAIL_MAX: Final = 300


class _Side(msgspec.Struct):
    kind: str
    owner: str


class Leg(msgspec.Struct):
    """One transfer, as its event tells it."""

    id: str
    debit: _Side
    credit: _Side
    amount: dict[str, str]

    @property
    def money(self) -> Money:
        """The amount."""
        return Money.parse(self.amount["amount"], self.amount["currency"])


class Body(msgspec.Struct):
    """What an event tells: the rows that its decision wrote, and the transfers."""

    rows: list[dict[str, Any]]
    transfers: list[Leg]


_BODY: Final = msgspec.json.Decoder(Body)


def body_of(event: Happened) -> Body:
    """Read what an event tells."""
    return _BODY.decode(event.body)


@dataclass(frozen=True, slots=True)
class Told:
    """One line of a timeline."""

    title: str
    actor: str
    via: str
    at: datetime
    amount: Money | None
    href: str | None
    detail: str | None


def told(
    event: Happened, names: Mapping[int, str], *, about_one: bool, has_receipt: bool = True
) -> Told:
    """An event as a timeline tells it; in a contract's it says which milestone is meant."""
    body = body_of(event)
    title = happened(event.name)
    milestone = next((row for row in body.rows if row["id"].startswith("ms_")), None)
    if milestone is not None and not about_one and not event.name.startswith("contract."):
        title = f"{title}: {short(milestone['description'], 80)}"
    said = next((row["text"] for row in body.rows if row["id"].startswith("msg_")), None)
    return Told(
        title,
        names.get(event.actor_id, "") if event.actor_id != SYSTEM_ID else "Earnest",
        VIAS.get(event.via, event.via),
        event.at,
        total(body.transfers),
        f"/receipts/{printed(EVENT_PREFIX, event.id)}" if body.transfers and has_receipt else None,
        short(said, _DETAIL_MAX) if said else None,
    )


def total(legs: Sequence[Leg]) -> Money | None:
    """All that moved."""
    amounts = [each.money for each in legs]
    return sum(amounts[1:], amounts[0]) if amounts else None


def people_in(legs: Sequence[Leg]) -> set[int]:
    """Whose wallets are in it."""
    sides = [side for leg in legs for side in (leg.debit, leg.credit) if side.kind == "wallet"]
    return {parsed(side.owner, User.prefix) for side in sides}


def place(side: _Side, body: Body, names: Mapping[int, str], me: int) -> str:
    """What an account is called: whose wallet, which milestone's escrow."""
    if side.kind == "wallet":
        number = parsed(side.owner, User.prefix)
        return "Your wallet" if number == me else f"Wallet of {names.get(number, side.owner)}"
    if side.kind == "escrow":
        row = next((row for row in body.rows if row["id"] == side.owner), None)
        return f"Escrow: {short(row['description'], 60)}" if row else "Escrow"
    return _PLACES.get(side.kind, side.kind)


_PLACES: Final[Mapping[str, str]] = {
    "outgoing": "On its way out",
    "clearing": "The payment gateway",
    "fees": "Platform fees",
    "losses": "Losses",
}
