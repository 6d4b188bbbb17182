"""How one tranche is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.http.showing import offered_in, row, world_of
from earnest.store.reads.around import seen
from earnest.store.reads.collections import CONTRACTS, MILESTONES
from earnest.store.reads.paging import Part, item

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.core.milestones.tranches import Tranche
    from earnest.http.showing import Json
    from earnest.store.db import Connection
    from earnest.store.tokens import Bearer


async def one_tranche(db: Connection, each: Tranche, app: App, bearer: Bearer) -> Json:
    """A tranche alone: also what its reader may do."""
    milestone = await item(db, MILESTONES.source, Part("lists.this", (each.milestone_id,)))
    contract = await item(db, CONTRACTS.source, Part("lists.this", (each.contract_id,)))
    assert milestone is not None, "a tranche is a part of something"
    assert contract is not None, "and that is of a contract"
    around = await seen(db, [milestone, contract])
    world = await world_of(db, [each, milestone, contract, bearer.user], around, app)
    return {**row(each, around), "actions": offered_in(each, world, bearer)}
