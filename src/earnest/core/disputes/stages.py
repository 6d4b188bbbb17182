"""Stages: what begins when a stage of a dispute is over."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest.core.disputes.row import Dispute, DisputeStatus
from earnest.core.milestones.row import milestone_of, terms_of

if TYPE_CHECKING:
    from earnest.core.actions import View

#: Whoever is named after an arbiter who stayed silent has so long.
NEXT_WITHIN: Final = timedelta(days=7)


def in_arbitration(dispute: Dispute, world: View) -> Dispute:
    """From now on an arbiter decides, whoever that will be; the time to rule runs."""
    seconds = terms_of(milestone_of(dispute, world), world).ruling_seconds
    return dispute.changed(
        world.now,
        status=DisputeStatus.ARBITRATION,
        closes_at=None,
        ends_at=None if seconds is None else world.now + timedelta(seconds=seconds),
    )


def without_arbiter(dispute: Dispute, world: View, **changes: object) -> Dispute:
    """Somebody else has to be named, who opens every exhibit anew."""
    return dispute.changed(
        world.now, arbiter_id=None, named_at=None, taken_at=None, opened=0, **changes
    )
