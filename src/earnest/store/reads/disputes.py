"""What belongs to one dispute: offers, exhibits, a later end that is proposed, and the ruling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.disputes.arbitrating import Ruling
from earnest.core.disputes.exhibiting import Exhibit
from earnest.core.disputes.extending import Extension
from earnest.core.disputes.row import Dispute, Offer
from earnest.core.disputes.sealing import SealedOffer
from earnest.store.reads.collections import rows_of
from earnest.store.reads.paging import Part, Source, item, items

if TYPE_CHECKING:
    from earnest.core.rows import Row
    from earnest.store.db import Connection

_OFFERS: Final[Source[Offer]] = rows_of(Offer)
_EXHIBITS: Final[Source[Exhibit]] = rows_of(Exhibit)
_EXTENSIONS: Final[Source[Any]] = rows_of(Extension)
_RULINGS: Final[Source[Any]] = rows_of(Ruling)
_SEALED: Final[Source[SealedOffer]] = rows_of(SealedOffer)


@dataclass(frozen=True, slots=True)
class Room:
    """Everything of a dispute that both sides and its arbiter see."""

    #: From the claim to the last one.
    offers: Sequence[Offer]
    exhibits: Sequence[Exhibit]
    #: The last that was proposed, whether or not it still waits.
    extension: Extension | None
    ruling: Ruling | None

    @property
    def rows(self) -> list[Row]:
        """All of it."""
        others = (self.extension, self.ruling)
        return [*self.offers, *self.exhibits, *(each for each in others if each is not None)]


async def room(db: Connection, dispute: Dispute) -> Room:
    """Read it."""
    this = Part("disputes.of_this", (dispute.id,))
    offers = await items(db, _OFFERS, this)
    exhibits = await items(db, _EXHIBITS, this)
    return Room(
        sorted(offers, key=lambda each: each.id),
        sorted(exhibits, key=lambda each: each.position),
        await item(db, _EXTENSIONS, this),
        await item(db, _RULINGS, this),
    )


async def own_sealed_offer(db: Connection, dispute: Dispute, reader: int) -> SealedOffer | None:
    """What its reader has sealed in the present round; of the other side nobody reads anything."""
    mine = Part("disputes.of_this_by", (dispute.id, reader))
    found = await item(db, _SEALED, mine)
    return found if found is not None and found.round == dispute.round else None
