"""What answers say of what lies beside a milestone or a contract: changes, and reviews."""

from __future__ import annotations

from typing import Final

from earnest.core.reviews import CRITERIA
from earnest.http.schemas import (
    COUNT,
    HASH,
    MONEY,
    NUMBER,
    PERSON,
    TEXT,
    TIME,
    Schema,
    or_null,
    ref,
    shape,
)

_STARS: Final[Schema] = {"type": "integer", "minimum": 1, "maximum": 5}

AGREEMENTS: Final[dict[str, Schema]] = {
    "Edit": shape(
        "What one side would like a milestone to be; until the other agrees it is as it was.",
        milestone_id=ref("MilestoneId"),
        proposer=PERSON,
        description=TEXT,
        amount=MONEY,
        due_at=or_null(TIME),
        rounds=COUNT,
        review_days=COUNT,
        edit_hash=HASH,
        expires_at=TIME,
    ),
    "TermsOffer": shape(
        "The terms that one side would like for what is funded once the other has agreed.",
        proposer=PERSON,
        terms=ref("Terms"),
        terms_hash=HASH,
        proposed_at=TIME,
    ),
    "Review": shape(
        "What one side of a contract says of the other.",
        id=ref("ReviewId"),
        number=NUMBER,
        contract_id=ref("ContractId"),
        reviewer=PERSON,
        reviewed=PERSON,
        ratings=shape("From 1 to 5 on each criterion.", **dict.fromkeys(CRITERIA, _STARS)),
        text=TEXT,
        created_at=TIME,
    ),
}
