"""The shapes of disputes, and of what is offered, shown, proposed and ruled in them.

A sealed offer has none here: whoever made it sees it beside the dispute, and nobody else anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute, Offer
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.people import User
from earnest.core.references import printed
from earnest.wire.surroundings import money, reference, time

if TYPE_CHECKING:
    import msgspec

    from earnest.core.disputes.arbitrating import Ruling
    from earnest.core.disputes.exhibiting import Exhibit
    from earnest.core.disputes.extending import Extension
    from earnest.core.disputes.sealing import SealedOffer
    from earnest.core.money import Money
    from earnest.wire.surroundings import Json, Surroundings


def dispute(row: Dispute, around: Surroundings) -> Json:
    """A dispute: figures are what the freelancer would get of the amount that is frozen."""
    return {
        "id": row.reference,
        "number": row.id,
        "contract_id": printed(Contract.prefix, row.contract_id),
        "milestone_id": printed(Milestone.prefix, row.milestone_id),
        "tranche_id": reference(Tranche, row.tranche_id),
        "employer": around.person(row.employer_id),
        "freelancer": around.person(row.freelancer_id),
        "opener": around.person(row.opener_id),
        "amount": money(row.amount),
        "status": row.status,
        "claim": money(row.claim),
        "opener_figure": money(row.opener_figure),
        "opener_offer": printed(Offer.prefix, row.opener_offer_id),
        "other_figure": _perhaps(row.other_figure),
        "other_offer": reference(Offer, row.other_offer_id),
        "silence_to": row.silence_to,
        "ends_at": time(row.ends_at),
        "deferred_until": time(row.deferred_until),
        "round": row.round,
        "closes_at": time(row.closes_at),
        "fee": _perhaps(row.fee),
        "fee_paid_by": [around.person(each) for each in row.payers],
        "payer_figure": _perhaps(row.payer_figure),
        "arbiter": None if row.arbiter_id is None else around.person(row.arbiter_id),
        "named_at": time(row.named_at),
        "taken_at": time(row.taken_at),
        "asked_until": time(row.asked_until),
        "next_arbiters": row.next_arbiters,
        "refused_by_opener": row.refused_by_opener,
        "refused_by_other": row.refused_by_other,
        "exhibits_shown": row.exhibits,
        "exhibits_opened": row.opened,
        "to_freelancer": _perhaps(row.to_freelancer),
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
    }


def _perhaps(amount: Money | None) -> msgspec.Raw | None:
    return None if amount is None else money(amount)


def offer(row: Offer, around: Surroundings) -> Json:
    """What one side would settle for, openly; the claim and the answer have a statement."""
    return {
        "id": row.reference,
        "number": row.id,
        "contract_id": printed(Contract.prefix, row.contract_id),
        "dispute_id": printed(Dispute.prefix, row.dispute_id),
        "maker": around.person(row.maker_id),
        "to_freelancer": money(row.to_freelancer),
        "statement": row.statement,
        "created_at": time(row.created_at),
    }


def exhibit(row: Exhibit, around: Surroundings, *, is_closed: bool = False) -> Json:
    """What one side shows: a file, a link or a text, with the digest of what it is.

    One that is closed to its reader has its size and digest alone.
    """
    files = around.files[row.id] if row.files and not is_closed else ()
    return {
        "dispute_id": printed(Dispute.prefix, row.dispute_id),
        "position": row.position,
        "maker": around.person(row.maker_id),
        "type": row.type,
        "text": None if is_closed else row.text,
        "file_id": next((each.reference for each in files), None),
        "size": row.size,
        "sha256": row.sha256,
        # Of the arbiter who last did.
        "opened_by": reference(User, row.opened_by),
        "created_at": time(row.created_at),
    }


def extension(row: Extension, around: Surroundings) -> Json:
    """The later end of the present stage that one side would like."""
    return {
        "dispute_id": printed(Dispute.prefix, row.dispute_id),
        "proposer": around.person(row.proposer_id),
        "until": time(row.until),
    }


def ruling(row: Ruling, around: Surroundings) -> Json:
    """What an arbiter decided, why, and by which exhibits."""
    return {
        "dispute_id": printed(Dispute.prefix, row.dispute_id),
        "arbiter": around.person(row.arbiter_id),
        "to_freelancer": money(row.to_freelancer),
        "reasons": row.reasons,
        "exhibits": list(row.exhibits),
        "created_at": time(row.created_at),
    }


def sealed_offer(row: SealedOffer) -> Json:
    """One's own sealed offer: in which round, and how much."""
    return {
        "round": row.round,
        "to_freelancer": money(row.to_freelancer),
        "made_at": time(row.made_at),
    }
