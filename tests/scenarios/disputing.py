"""What a story says of disputes in a word: figures, the other's offer, a later end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from tests.scenarios.agreeing import SPAN, span
from tests.scenarios.amounts import Amount

#: What opens one has an amount first, and then what the freelancer should get of it.
OPENING: Final = frozenset({"milestone.dispute", "tranche.object"})
NAMING: Final = "dispute.name_arbiter"
#: What names what was seen of a dispute, by the action that asks it back.
SEEN: Final = {"dispute.accept_offer": "offer", "dispute.agree_extension": "until"}
#: What was never offered, and a moment at which nothing ends.
NO_OFFER: Final = "off_0000000000001"
NEVER_ENDS: Final = "2999-01-01T00:00:00Z"
STALE: Final = {"offer": NO_OFFER, "until": NEVER_ENDS}


def place(amount: Amount, action: str, given: dict[str, Any]) -> bool:
    """Whether this amount is one of a dispute; then it is in its place."""
    if action in OPENING and "amount" not in given:
        given["amount"] = amount.wire
    elif action in OPENING or action.startswith("dispute."):
        given["to_freelancer"] = amount.wire
    else:
        return False
    return True


def until(now: datetime, said: str) -> str:
    """So much later, to the microsecond."""
    found = SPAN.fullmatch(said)
    assert found, said
    return later_by(now, span(found))


def later_by(now: datetime, time: timedelta) -> str:
    return (now + time).isoformat().replace("+00:00", "Z")


def last_offer(seen: Mapping[str, Any], is_opener: bool) -> str:
    """The other side's last offer, as REST shows a dispute."""
    return str(seen["other_offer" if is_opener else "opener_offer"] or NO_OFFER)


def proposed_end(seen: Mapping[str, Any]) -> str:
    """The later end that somebody proposes."""
    return str(seen["extension"]["until"] if seen["extension"] else NEVER_ENDS)
