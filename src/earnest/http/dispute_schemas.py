"""What answers say of disputes, as JSON Schema."""

from __future__ import annotations

from typing import Final

from earnest.core.disputes.exhibiting import ExhibitKind
from earnest.core.disputes.row import DisputeStatus
from earnest.http.schemas import (
    ACTIONS,
    COUNT,
    HASH,
    MONEY,
    NEXT,
    NUMBER,
    PERSON,
    TEXT,
    TIME,
    Schema,
    one_of,
    or_null,
    ref,
    shape,
)

_SAYS: Final = (
    "What two people disagree about. Every figure is what the freelancer would get of the amount "
    "that is frozen; the rest is the employer's."
)
_DISPUTE: Final[dict[str, Schema]] = {
    "id": ref("DisputeId"),
    "number": NUMBER,
    "contract_id": ref("ContractId"),
    "milestone_id": ref("MilestoneId"),
    "tranche_id": {
        "description": "The tranche that it is an objection to.",
        **or_null(ref("TrancheId")),
    },
    "employer": PERSON,
    "freelancer": PERSON,
    "opener": PERSON,
    "amount": MONEY,
    "status": one_of(DisputeStatus),
    "claim": MONEY,
    "opener_figure": MONEY,
    "opener_offer": ref("OfferId"),
    "other_figure": or_null(MONEY),
    "other_offer": or_null(ref("OfferId")),
    "silence_to": {"type": "string", "enum": ["employer", "freelancer"]},
    "ends_at": {"description": "When the present stage is over.", **or_null(TIME)},
    "deferred_until": {
        "description": "Where that was put off to, because somebody could not be told in time.",
        **or_null(TIME),
    },
    "round": COUNT,
    "closes_at": {
        "description": "When the round of sealed offers is compared.",
        **or_null(TIME),
    },
    "fee": {"description": "The arbitration fee of each side.", **or_null(MONEY)},
    "fee_paid_by": {"type": "array", "items": PERSON},
    "payer_figure": or_null(MONEY),
    "arbiter": or_null(PERSON),
    "named_at": or_null(TIME),
    "taken_at": or_null(TIME),
    "asked_until": or_null(TIME),
    "next_arbiters": COUNT,
    "refused_by_opener": {"type": "boolean"},
    "refused_by_other": {"type": "boolean"},
    "exhibits_shown": COUNT,
    "exhibits_opened": COUNT,
    "to_freelancer": {
        "description": "What the freelancer got, once it is over.",
        **or_null(MONEY),
    },
    "created_at": TIME,
    "updated_at": TIME,
}
_SEALED: Final = shape(
    "Your own sealed offer of the present round; nobody else ever sees it.",
    round=COUNT,
    to_freelancer=MONEY,
    made_at=TIME,
)

SHAPES: Final[dict[str, Schema]] = {
    "Dispute": shape(_SAYS, **_DISPUTE),
    "DisputeListed": shape(f"{_SAYS} In a list.", **_DISPUTE, next=NEXT),
    "DisputeAlone": shape(
        f"{_SAYS} As you see it now.",
        **_DISPUTE,
        next=NEXT,
        offers={"type": "array", "items": ref("Offer")},
        exhibits={"type": "array", "items": ref("Exhibit")},
        extension=or_null(ref("Extension")),
        ruling=or_null(ref("Ruling")),
        sealed_offer=or_null(_SEALED),
        actions=ACTIONS,
    ),
    "Offer": shape(
        "What one side would settle for, openly. The claim and the answer have a statement.",
        id=ref("OfferId"),
        number=NUMBER,
        contract_id=ref("ContractId"),
        dispute_id=ref("DisputeId"),
        maker=PERSON,
        to_freelancer=MONEY,
        statement=TEXT,
        created_at=TIME,
    ),
    "Exhibit": shape(
        "What one side shows. `text` is a text, a link, or the name of the file; to the arbiter "
        "it is null until they open it.",
        dispute_id=ref("DisputeId"),
        position={"type": "integer", "minimum": 1},
        maker=PERSON,
        type=one_of(ExhibitKind),
        text=or_null(TEXT),
        file_id=or_null(ref("FileId")),
        size=COUNT,
        sha256=HASH,
        opened_by=or_null(ref("UserId")),
        created_at=TIME,
    ),
    "Extension": shape(
        "The later end of the present stage that one side proposes.",
        dispute_id=ref("DisputeId"),
        proposer=PERSON,
        until=TIME,
    ),
    "Ruling": shape(
        "What an arbiter decided, why, and by which exhibits.",
        dispute_id=ref("DisputeId"),
        arbiter=PERSON,
        to_freelancer=MONEY,
        reasons=TEXT,
        exhibits={"type": "array", "items": {"type": "integer", "minimum": 1}},
        created_at=TIME,
    ),
}
