"""What pages read of disputes: all that was offered and shown in one, and an arbiter's desk.

A sealed offer is read for its own maker, and for nobody else.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from earnest.core.disputes.exhibiting import Exhibit
from earnest.core.disputes.row import OPEN, Dispute, DisputeStatus
from earnest.store.reads import disputes
from earnest.store.reads.around import files_at, names
from earnest.store.reads.collections import DISPUTES, MILESTONES
from earnest.store.reads.paging import Branch, Order, Page, Part, Place, items, page

if TYPE_CHECKING:
    from earnest.core.disputes.sealing import SealedOffer
    from earnest.core.files import File
    from earnest.core.milestones.row import Milestone
    from earnest.store.db import Connection

#: What is due first comes first.
DUE: Final = Order("rooms.by_wakes_at", down=False)


@dataclass(frozen=True, slots=True)
class Furnished:
    """A room with what stands around it."""

    room: disputes.Room
    #: What is attached to the exhibits, by their numbers.
    files: Mapping[int, Sequence[File]]
    #: What the reader sealed in the round that is open.
    sealed: SealedOffer | None
    #: What everybody in it is called.
    names: Mapping[int, str]


async def furnished(db: Connection, dispute: Dispute, reader: int) -> Furnished:
    """All that was offered, shown and decided, and what its reader alone has sealed."""
    found = await disputes.room(db, dispute)
    people = {dispute.employer_id, dispute.freelancer_id}
    people |= {each for each in (dispute.arbiter_id, *_others(found)) if each is not None}
    return Furnished(
        found,
        await files_at(db, found.exhibits),
        await disputes.own_sealed_offer(db, dispute, reader),
        await names(db, people),
    )


def _others(room: disputes.Room) -> Sequence[int | None]:
    """Arbiters who had to do with it before."""
    opened = [each.opened_by for each in room.exhibits]
    return [*opened, None if room.ruling is None else room.ruling.arbiter_id]


async def of_milestone(db: Connection, milestone_id: int) -> list[Dispute]:
    """Every dispute that there was about a milestone, the newest first."""
    found = await items(db, DISPUTES.source, Part("disputes.of_milestone", (milestone_id,)))
    return sorted(found, key=lambda each: -each.id)


async def waiting(
    db: Connection, arbiter_id: int, after: Place | None, limit: int
) -> tuple[list[Dispute], bool]:
    """What an arbiter is named for and is not over, what is due first."""
    return await _named(db, arbiter_id, OPEN, Page((), DUE, after, limit))


async def over(
    db: Connection, arbiter_id: int, after: Place | None, limit: int
) -> tuple[list[Dispute], bool]:
    """What an arbiter was named for and is over, the newest first."""
    ended = frozenset(DisputeStatus) - OPEN
    return await _named(db, arbiter_id, ended, Page((), Order(), after, limit))


async def _named(
    db: Connection, arbiter_id: int, statuses: Collection[DisputeStatus], asked: Page
) -> tuple[list[Dispute], bool]:
    mine = Part("rooms.of_arbiter", (arbiter_id,))
    such = Part("lists.with_status", (sorted(statuses),))
    branch = Branch("lists.own", (mine,), (such,))
    return await page(db, DISPUTES.source, replace(asked, branches=(branch,)))


async def milestones_of(db: Connection, found: Sequence[Dispute]) -> Mapping[int, Milestone]:
    """What these are about, by the numbers of the milestones."""
    these = Part("lists.these", (sorted({each.milestone_id for each in found}),))
    rows = await items(db, MILESTONES.source, these) if found else []
    return {each.id: each for each in rows}


async def exhibits_of(db: Connection, dispute: Dispute) -> Sequence[Exhibit]:
    """What both sides have shown, by its numbers."""
    return (await disputes.room(db, dispute)).exhibits
