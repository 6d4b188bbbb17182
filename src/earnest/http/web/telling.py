"""Events as people read them: a sentence, who, by which way, and the amount that moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.contracts import Contract, Message
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import Milestone
from earnest.core.money import Money
from earnest.core.payments.row import Break
from earnest.core.people import SYSTEM_ID, User
from earnest.core.references import parsed, printed
from earnest.http.showing import EVENT_PREFIX
from earnest.http.web.rendering import short
from earnest.words.actions import BREAKS, happened
from earnest.words.saying import N_, _, mark

if TYPE_CHECKING:
    from earnest.core.rows import Row
    from earnest.store.reads.collections import Happened

#: How it came, in words; what Earnest does by itself came by no way.
VIAS: Final[Mapping[str, str]] = {
    "rest": "API",
    "cli": "command line",
    "web": N_("web"),
    "worker": "",
    "clock": "",
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

    @property
    def is_disputed(self) -> bool:
        """Whether it went into or out of what a dispute freezes."""
        return "dispute" in {self.debit.kind, self.credit.kind}

    def is_of(self, row: Row, releases: Collection[str]) -> bool:
        """Whether it went into or out of the escrow of this milestone, or of a release of it."""
        return any(
            (each.kind == "escrow" and each.owner == row.reference)
            or (each.kind == "releasing" and each.owner in releases)
            for each in (self.debit, self.credit)
        )


class Body(msgspec.Struct):
    """What an event tells: the rows that its decision wrote, and the transfers."""

    rows: list[dict[str, Any]]
    transfers: list[Leg]

    def of(self, kind: type[Row]) -> list[dict[str, Any]]:
        """Its rows of one kind."""
        return [row for row in self.rows if row.get("id", "").startswith(f"{kind.prefix}_")]


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
    event: Happened, names: Mapping[int, str], *, about: Row | None, has_receipt: bool = True
) -> Told:
    """An event as the timeline of a row tells it, or a receipt, which is about all of it.

    A contract's says which milestone is meant; a milestone's counts only what was its own.
    """
    body = body_of(event)
    milestones = body.of(Milestone)
    title = happened(event.name, to_one=isinstance(about, Milestone) or len(milestones) == 1)
    # The others of a contract are about it as a whole, however few milestones it has.
    is_of_one = event.name == "contract.funded" or not event.name.startswith("contract.")
    if isinstance(about, Contract) and len(milestones) == 1 and is_of_one:
        title = f"{title}: {short(milestones[0]['description'], 80)}"
    # What a dispute froze or paid counts, and not the fees that were put up beside it.
    legs = [leg for leg in body.transfers if leg.is_disputed]
    if not legs and isinstance(about, Milestone):
        own = [r["id"] for r in body.of(Release) if r["milestone_id"] == about.reference]
        legs = [leg for leg in body.transfers if leg.is_of(about, own)]
    elif not legs:
        legs = body.transfers
    return Told(
        title,
        names.get(event.actor_id, "") if event.actor_id != SYSTEM_ID else "Earnest",
        VIAS.get(event.via, event.via),
        event.at,
        total(legs),
        f"/receipts/{printed(EVENT_PREFIX, event.id)}" if body.transfers and has_receipt else None,
        _detail(body),
    )


def _detail(body: Body) -> str | None:
    """What was said with it, or how it does not fit the books."""
    said = [short(row["text"], _DETAIL_MAX) for row in body.of(Message) if row["text"]]
    return next(iter([*said, *(BREAKS[row["kind"]] for row in body.of(Break))]), None)


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
        name = names.get(number, side.owner)
        return _("Your wallet") if number == me else _("Wallet of {name}").format(name=name)
    if side.kind == "escrow":
        row = next((row for row in body.rows if row.get("id") == side.owner), None)
        if row is None:
            return _("Escrow")
        return _("Escrow: {what}").format(what=short(row["description"], 60))
    return _PLACES.get(side.kind, side.kind)


_PLACES: Final[Mapping[str, str]] = {
    "outgoing": "On its way out",
    "reserve": "The reserve of the project",
    "releasing": "A release on its way",
    "dispute": "What a dispute freezes",
    "stake": "Arbitration fees that are put up",
    "clearing": "The payment gateway",
    "fees": "Platform fees",
    "losses": "Losses",
}
mark(VIAS, _PLACES)
