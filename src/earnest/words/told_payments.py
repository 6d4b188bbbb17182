"""What notices of deposits and withdrawals say: to whose they are, and to operators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.telling import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

_ELSE: Final = "If this was not you, change your password at once and tell whoever runs this site."
_NOTHING_MOVED: Final = "Nothing moved. An operator looks at it, and there is nothing to do."
OWNER: Final[Mapping[str, Words]] = {
    "deposit.settled": Words(
        ("{amount} has arrived in your wallet",),
        ("You can set it aside for a milestone now.",),
        "Look at the deposit",
    ),
    "deposit.failed": Words(
        ("Your deposit of {amount} failed",),
        ("Nothing was paid, and nothing has come in. You can try again.",),
        "Look at the deposit",
    ),
    "deposit.expired": Words(
        ("Your deposit of {amount} was closed as unpaid",),
        ("Nothing has come in. If you paid it, tell whoever runs this site.",),
        "Look at the deposit",
    ),
    "deposit.break_opened": Words(
        ("About your deposit of {amount} something different was reported",),
        (_NOTHING_MOVED,),
        "Look at the deposit",
    ),
    "withdrawal.requested": Words(
        ("A withdrawal of {amount} was asked for",),
        (
            "It has left your wallet and is on its way. Until it is sent you can cancel it.",
            "If no operator approves it by {by}, it returns to your wallet.",
            _ELSE,
        ),
        "Look at the withdrawal",
    ),
    "withdrawal.approved": Words(
        ("Your withdrawal of {amount} was approved",),
        ("It goes out now. There is nothing to do.",),
        "Look at the withdrawal",
    ),
    "withdrawal.paid": Words(
        ("Your withdrawal of {amount} was paid out",),
        ("It is with your bank or card. There is nothing to do.", _ELSE),
        "Look at the withdrawal",
    ),
    "withdrawal.failed": Words(
        ("Your withdrawal of {amount} failed",),
        ("{amount} is back in your wallet. Check the destination before you try again.",),
        "Look at the withdrawal",
    ),
    "withdrawal.returned": Words(
        ("Your withdrawal of {amount} came back",),
        ("{amount} is back in your wallet. Check the destination before you try again.",),
        "Look at the withdrawal",
    ),
    "withdrawal.expired": Words(
        ("Your withdrawal of {amount} was not sent in time",),
        ("{amount} is back in your wallet. You can ask for it again.",),
        "Look at the withdrawal",
    ),
    "withdrawal.break_opened": Words(
        ("About your withdrawal of {amount} something different was reported",),
        (_NOTHING_MOVED,),
        "Look at the withdrawal",
    ),
}

OPERATOR: Final[Mapping[str, Words]] = {
    "withdrawal.requested": Words(
        ("A withdrawal of {amount} waits for approval",),
        (
            "{person} asked for it, and it is above the limit.",
            "If no operator approves it by {by}, it returns to their wallet.",
        ),
        "Look at the withdrawal",
    ),
    "deposit.break_opened": Words(
        ("A gateway reported something different about a deposit of {amount}",),
        ("It is a deposit of {person}. Nothing moved, and nobody asks about it any more.",),
        "Look at the deposit",
    ),
    "withdrawal.break_opened": Words(
        ("A gateway reported something different about a withdrawal of {amount}",),
        ("It is a withdrawal of {person}. Nothing moved, and nobody asks about it any more.",),
        "Look at the withdrawal",
    ),
}
