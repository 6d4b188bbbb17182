"""Fate: what becomes of a row if nobody does anything, as it is and as a dry run would leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from earnest.core.contracts import Contract
from earnest.core.disputes.row import OPEN, Dispute
from earnest.core.disputes.silence import DefaultRuling
from earnest.core.fate import Fate, fate
from earnest.core.milestones.releasing import ON_ITS_WAY, Release
from earnest.core.milestones.row import ENDED, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.projects.row import Project
from earnest.store.reads.fates import silence
from earnest.wire import fates as wire

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.app import App, Preview
    from earnest.core.house import House
    from earnest.core.rows import Row
    from earnest.core.world import World
    from earnest.store.db import Connection
    from earnest.store.tokens import Bearer


async def told(db: Connection, row: Row, app: App, _bearer: Bearer) -> dict[str, Any]:
    """What becomes of a row, as an answer says it."""
    return wire.fate(await fate_of(db, row, app.house))


async def fate_of(db: Connection, row: Row, house: House) -> Fate:
    """What becomes of it if nobody acts: of a contract all of it, of a milestone its own part."""
    return fate_in(await silence(db, row, house), row)


async def fate_after(db: Connection, preview: Preview, house: House) -> dict[str, Any] | None:
    """The fate of what a dry run is about, as it would leave it; None where there is none."""
    found = await after(db, preview, house)
    return None if found is None else wire.fate(fate_in(*found), preview.new)


async def after(db: Connection, preview: Preview, house: House) -> tuple[World, Row] | None:
    """What a dry run is about, in a world as it would leave it; None: nothing becomes of it."""
    row = _about(preview)
    if row is None:
        return None
    world = await silence(db, row, house)
    left = preview.world
    world.rows |= {place: each for place, each in left.rows.items() if _is_left(each, row)}
    world.balances |= left.balances
    world.rulebooks = {**left.rulebooks, **world.rulebooks}
    return world, row


def _about(preview: Preview) -> Row | None:
    """The milestone of what is done to one or to a part of it, else what has a fate of its own."""
    subject = preview.event.subject
    made = [each for each in preview.event.rows if isinstance(each, Contract)]
    wanted: Iterable[Row] = (subject, *made, *preview.event.rows)
    if isinstance(subject, Release | Dispute | Tranche):
        whose = preview.world.find(Milestone, subject.milestone_id)
        wanted = () if whose is None else (whose,)
    kinds = (Milestone, Contract, Project, Deposit, Withdrawal)
    found = next((each for each in wanted if isinstance(each, kinds)), None)
    return None if found is None else preview.world.rows[type(found), found.key]


def _is_left(each: Row, row: Row) -> bool:
    """Of a milestone's fate the other milestones of its contract are no part."""
    if isinstance(row, Milestone) and isinstance(each, Milestone):
        return each.id == row.id
    return True


def fate_in(world: World, row: Row) -> Fate:
    """What becomes of it in a world that holds all that decides it."""
    if isinstance(row, Milestone) and row.status in ENDED:
        return Fate((), ends=True)
    if isinstance(row, Release):
        steps = fate(row, world).steps if row.status in ON_ITS_WAY else ()
        return Fate(steps, ends=True)
    if not isinstance(row, Milestone | Dispute | Tranche):
        return fate(row, world)
    contract = world.find(Contract, row.contract_id)
    assert contract is not None, "a milestone is read with its contract"
    found = fate(contract, world)
    if isinstance(row, Tranche):
        return found.of(row)
    return _of_dispute(found, row) if isinstance(row, Dispute) else found


def _of_dispute(found: Fate, dispute: Dispute) -> Fate:
    """What becomes of it alone; it ends if that pays out what it froze."""
    steps = found.of(dispute).steps
    ends = dispute.status not in OPEN or any(each.event == DefaultRuling.event for each in steps)
    return Fate(steps, ends)
