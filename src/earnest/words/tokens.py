"""The words of tokens: what each is good for, how long it lives, and how it is doing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.actions import Scope
from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: What a token is good for, and what that means.
SCOPES: Final[Mapping[Scope, tuple[str, str]]] = {
    Scope.READ: ("Read", "See everything that you see."),
    Scope.WRITE: ("Write", "Everything that you can do and that moves no money."),
    Scope.MONEY: ("Move money", "Fund, release, give back, deposit and withdraw."),
    Scope.STAFF: ("Staff", "What your role on this site allows."),
}

#: For how many days a token can be made.
DAYS: Final[Mapping[str, str]] = {
    "7": "7 days",
    "30": "30 days",
    "90": "90 days",
    "365": "A year",
}

#: How a token is doing, and the pill that it has.
STATES: Final[Mapping[str, tuple[str, str]]] = {
    "works": ("active", "Works"),
    "ended": ("expired", "Ended"),
    "revoked": ("revoked", "Revoked"),
}

NAME_WRONG: Final = N_("Call it by one line of at most 80 characters, to know it again by.")
NO_SCOPE: Final = N_("Choose at least one thing that it is good for.")
NO_DAYS: Final = N_("Choose how long it works.")
TOO_MANY: Final = N_("You have as many tokens as anybody may. Revoke one first.")
mark(SCOPES, DAYS, STATES)


def good_for(scopes: Collection[Scope]) -> list[str]:
    """What a token can do, in the order of the scopes."""
    return [SCOPES[each][0] for each in Scope if each in scopes]
