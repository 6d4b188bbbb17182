"""What answers say of plans and their tranches, as JSON Schema."""

from __future__ import annotations

from typing import Final

from earnest.core.milestones.plans import TRANCHES_MAX, TRANCHES_MIN
from earnest.core.milestones.tranches import TrancheStatus
from earnest.http.schemas import (
    ACTIONS,
    MONEY,
    NUMBER,
    TIME,
    Schema,
    one_of,
    or_null,
    ref,
    shape,
)

_PLANNED: Final = shape(
    "One tranche as it was planned; its row says what became of it.",
    tranche_id=ref("TrancheId"),
    at=TIME,
    amount=MONEY,
    retention={"type": "boolean", "description": "Kept back, and paid last."},
)
_SAYS: Final = (
    "A part of a milestone that is released on its date, once the freelancer has agreed to the "
    "plan. It pays its amount or what is held, whichever is less; the last one all that is held."
)
_TRANCHE: Final[dict[str, Schema]] = {
    "id": ref("TrancheId"),
    "number": NUMBER,
    "contract_id": ref("ContractId"),
    "milestone_id": ref("MilestoneId"),
    "position": {"type": "integer", "minimum": 1, "maximum": TRANCHES_MAX},
    "of": {"type": "integer", "minimum": TRANCHES_MIN, "maximum": TRANCHES_MAX},
    "at": TIME,
    "amount": MONEY,
    "retention": {"type": "boolean"},
    "status": one_of(TrancheStatus),
    "objected": {"description": "What came off it by objections.", **MONEY},
    "paid": MONEY,
    "paid_at": or_null(TIME),
    "created_at": TIME,
}

PLANS: Final[dict[str, Schema]] = {
    "Plan": {
        "type": "array",
        "description": "By which dates a milestone is released in parts by time alone. It binds "
        "from plan_agreed_at on.",
        "items": _PLANNED,
        "minItems": TRANCHES_MIN,
        "maxItems": TRANCHES_MAX,
    },
    "TrancheListed": shape(f"{_SAYS} In a list.", **_TRANCHE),
    "TrancheAlone": shape(f"{_SAYS} As you see it now.", **_TRANCHE, actions=ACTIONS),
}
