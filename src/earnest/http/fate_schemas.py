"""What answers say of releases, and of what happens if nobody does anything, as JSON Schema."""

from __future__ import annotations

import inspect
from typing import Final

from earnest.core.milestones.releasing import ReleaseStatus
from earnest.http.schemas import (
    ACTIONS,
    MONEY,
    NEXT,
    NUMBER,
    TEXT,
    TIME,
    Schema,
    one_of,
    or_null,
    ref,
    shape,
)
from earnest.store.reads.fates import MOST

_RELEASE_SAYS: Final = "One payment out of a milestone, and the fee in it."
_RELEASE: Final[dict[str, Schema]] = {
    "id": ref("ReleaseId"),
    "number": NUMBER,
    "contract_id": ref("ContractId"),
    "milestone_id": ref("MilestoneId"),
    "amount": MONEY,
    "fee": MONEY,
    "status": one_of(ReleaseStatus),
    "final_at": {
        "description": "While it is on its way: when nobody can recall it any more.",
        **or_null(TIME),
    },
    "created_at": TIME,
}
_PAYS: Final = shape("Who is paid how much into their wallet.", to=ref("UserId"), amount=MONEY)
_FATE: Final = shape(
    "What happens if nobody does anything, the first first.",
    items={
        "type": "array",
        "items": shape(
            "What a clock does.",
            at=TIME,
            at_latest={
                "description": "When it does that if nobody who loses by it can be told in time.",
                **TIME,
            },
            subject=TEXT,
            action=TEXT,
            pays={"type": "array", "items": _PAYS},
        ),
    },
    ends={
        "type": "boolean",
        "description": "Whether nothing is held any more once all of it has happened.",
    },
)

FATES: Final[dict[str, Schema]] = {
    "Release": shape(_RELEASE_SAYS, **_RELEASE),
    "ReleaseListed": shape(f"{_RELEASE_SAYS} In a list.", **_RELEASE, next=NEXT),
    "ReleaseAlone": shape(
        f"{_RELEASE_SAYS} As you see it now.", **_RELEASE, next=NEXT, actions=ACTIONS
    ),
    "Fate": _FATE,
}

#: What is said of asking for one.
EXPLAINED: Final = inspect.cleandoc(f"""
    Every clock that runs out, with what is paid by it and when, found with the rules that the
    clock itself follows; and whether nothing is held any more once all of it has happened. Of a
    contract with more than {MOST} milestones that hold money, the items are those whose clocks
    run out first; `ends` is of all of them.
""")
