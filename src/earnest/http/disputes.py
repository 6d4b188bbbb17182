"""How one dispute is shown: with all that was offered, shown, proposed and ruled in it.

Of sealed offers nobody sees any but their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.disputes.extending import open_extension
from earnest.core.house import House
from earnest.core.world import World
from earnest.http.showing import dispute, offered_in, world_of
from earnest.store.reads.around import now, seen
from earnest.store.reads.collections import CONTRACTS, MILESTONES
from earnest.store.reads.disputes import own_sealed_offer, room
from earnest.store.reads.paging import Part, item
from earnest.wire import dispute_shapes as shapes

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.core.disputes.exhibiting import Exhibit
    from earnest.core.disputes.row import Dispute
    from earnest.http.showing import Json
    from earnest.store.db import Connection
    from earnest.store.reads.around import Seen
    from earnest.store.reads.disputes import Room
    from earnest.store.tokens import Bearer


async def one_dispute(db: Connection, each: Dispute, app: App, bearer: Bearer) -> Json:
    """A dispute alone: also one's own sealed offer, and what its reader may do."""
    milestone = await item(db, MILESTONES.source, Part("lists.this", (each.milestone_id,)))
    contract = await item(db, CONTRACTS.source, Part("lists.this", (each.contract_id,)))
    assert milestone is not None, "a dispute is about something"
    assert contract is not None, "and that is of a contract"
    found = await room(db, each)
    around = await seen(db, [each, milestone, contract, *found.rows])
    beside = [] if found.extension is None else [found.extension]
    world = await world_of(db, [each, milestone, contract, *beside, bearer.user], around, app)
    sealed = await own_sealed_offer(db, each, bearer.user.id)
    return {
        **dispute(each, around),
        **_room(each, found, world, around, bearer.user.id),
        "sealed_offer": None if sealed is None else shapes.sealed_offer(sealed),
        "actions": offered_in(each, world, bearer),
    }


async def all_of_it(db: Connection, each: Dispute, _around: Seen) -> Json:
    """What is said of a dispute alone whoever reads it."""
    found = await room(db, each)
    rows = {(type(row), row.key): row for row in (each, *found.rows)}
    also = await seen(db, found.rows)
    return _room(each, found, World(await now(db), House(), rows, {}, {}), also)


def _room(
    each: Dispute, found: Room, world: World, around: Seen, reader_id: int | None = None
) -> Json:
    about = around.around
    extension = open_extension(each, world)
    return {
        "offers": [shapes.offer(offer, about) for offer in found.offers],
        "exhibits": [
            shapes.exhibit(exhibit, about, is_closed=_is_closed(exhibit, each, reader_id))
            for exhibit in found.exhibits
        ],
        "extension": None if extension is None else shapes.extension(extension, about),
        "ruling": None if found.ruling is None else shapes.ruling(found.ruling, about),
    }


def _is_closed(exhibit: Exhibit, of: Dispute, reader_id: int | None) -> bool:
    """An arbiter reads what is in an exhibit once they have opened it."""
    is_arbiter = reader_id is not None and reader_id == of.arbiter_id
    return is_arbiter and exhibit.opened_by != reader_id
