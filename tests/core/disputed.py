"""A dispute of a small world: all of its milestone is frozen, and the freelancer claims all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from earnest.core.commands import Command
from earnest.core.contracts import Contract, ContractStatus
from earnest.core.disputes.exhibiting import Exhibit, ExhibitKind
from earnest.core.disputes.extending import Extension
from earnest.core.disputes.row import ARBITRATION, FINAL_OFFERS, NEGOTIATION, OPEN, Dispute
from earnest.core.disputes.row import DisputeStatus as S
from earnest.core.disputes.sealing import ROUND_LASTS
from earnest.core.milestones.row import Milestone
from earnest.core.money import Money
from earnest.core.people import Party
from earnest.core.rows import Row
from earnest.core.world import World

DISPUTE, OFFER, EXHIBIT = 90, 91, 92
#: When the stage of any of these worlds is over.
LASTS: Final = timedelta(days=14)


@dataclass(frozen=True)
class About:
    """What else is so of it."""

    #: Whether an arbitration fee is asked for, as much as is frozen.
    fee: bool = False
    #: Who was named, and whether they took it on, and asked something.
    arbiter: int | None = None
    taken: bool = False
    asking: bool = False
    #: Whether nobody answered, and nobody else can be named.
    last: bool = False
    exhibit: bool = False
    refused: bool = False
    #: Who would like it to last longer.
    longer: int | None = None


def dispute_in(status: S, milestone: Milestone, about: About) -> Dispute:
    """The freelancer asks for all of it and the employer offers nothing."""
    now, nothing = milestone.created_at, Money.zero(milestone.amount.currency)
    is_open, negotiates = status in OPEN, status in NEGOTIATION
    answered = status is not S.RESPONSE and not about.last
    pays = status in FINAL_OFFERS
    return Dispute(
        id=DISPUTE,
        contract_id=milestone.contract_id,
        milestone_id=milestone.id,
        employer_id=milestone.employer_id,
        freelancer_id=milestone.freelancer_id,
        opener_id=milestone.freelancer_id,
        amount=milestone.amount,
        status=status,
        claim=milestone.amount,
        opener_figure=milestone.amount,
        opener_offer_id=OFFER,
        other_figure=nothing if answered else None,
        other_offer_id=OFFER if answered else None,
        silence_to=Party.EMPLOYER,
        fee=milestone.amount if about.fee or pays else None,
        ends_at=now + LASTS if is_open else None,
        wakes_at=now + (ROUND_LASTS if negotiates else LASTS) if is_open else None,
        next_arbiters=0 if about.last else 1,
        created_at=now,
        updated_at=now,
        payer_id=milestone.freelancer_id if pays else None,
        payer_figure=milestone.amount if pays else None,
        negotiation_at=now if answered else None,
        round=1 if answered else 0,
        closes_at=now + ROUND_LASTS if negotiates else None,
        **_arbitrated(now, about) if status in ARBITRATION else {},
        to_freelancer=None if is_open or status is S.WITHDRAWN else milestone.amount,
    )


def _arbitrated(now: datetime, about: About) -> dict[str, Any]:
    return {
        "arbiter_id": about.arbiter,
        "named_at": None if about.arbiter is None else now,
        "taken_at": now if about.taken else None,
        "asked_until": now + timedelta(hours=48) if about.asking else None,
        "refused_by_opener": about.refused,
        "opener_exhibits": 1 if about.exhibit else 0,
    }


def with_dispute(rows: Sequence[Row], status: S | None, about: About | None) -> list[Row]:
    """All of the milestone among these is frozen, if a dispute is wanted."""
    if status is None:
        return [*rows]
    (work,) = [row for row in rows if isinstance(row, Milestone)]
    return [*(row for row in rows if row is not work), *_disputed(status, work, about or About())]


def _disputed(status: S, milestone: Milestone, about: About) -> Iterator[Row]:
    """The milestone, the dispute about all of it, and what belongs to that."""
    dispute = dispute_in(status, milestone, about)
    yield dispute
    yield replace(milestone, frozen=milestone.amount) if status in OPEN else milestone
    if about.exhibit:
        yield _exhibit(dispute)
    if about.longer is not None and dispute.ends_at is not None:
        until = dispute.ends_at + timedelta(days=1)
        yield Extension(
            dispute.id, dispute.contract_id, about.longer, until, status, dispute.ends_at, True
        )


def _exhibit(dispute: Dispute) -> Exhibit:
    return Exhibit(
        id=EXHIBIT,
        dispute_id=dispute.id,
        position=1,
        contract_id=dispute.contract_id,
        maker_id=dispute.opener_id,
        type=ExhibitKind.TEXT,
        text="See",
        size=3,
        sha256="0" * 64,
        opened_by=None,
        created_at=dispute.created_at,
    )


def acquaintances(commands: Iterable[Command], books: World) -> dict[tuple[int, int], bool]:
    """What the commands ask of two people: whether they ever were in a contract together."""
    found: dict[tuple[int, int], bool] = {}
    for each in commands:
        subject = books.find(each.action.kind, each.action.subject_id)
        for pair in () if subject is None else each.action.pairs(subject, books):
            found[min(pair), max(pair)] = any(
                isinstance(row, Contract)
                and {row.employer_id, row.freelancer_id} == set(pair)
                and row.status in {ContractStatus.ACTIVE, ContractStatus.ENDED}
                for row in books.rows.values()
            )
    return found
