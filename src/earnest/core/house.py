"""The house: what whoever hosts Earnest has set, as far as the rules read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from earnest.core.records import record
from earnest.core.terms import OFFERED, WOUND


@record(frozen=True, slots=True)
class House:
    """The operator's settings that the rules read."""

    sandbox: bool = True
    preset: str = "classic"
    fee_bps: int = 0
    #: Above this a withdrawal waits for an operator: minor units by currency; none, no limit.
    approval_limits: Mapping[str, int] = field(default_factory=dict)
    gateways: frozenset[str] = frozenset({"sandbox"})
    #: Of files, in bytes: of one, of all that one action attaches, of all that a person has here.
    file_bytes_max: int = 10_000_000
    attached_bytes_max: int = 25_000_000
    person_bytes_max: int = 1_000_000_000
    #: Of all exhibits of one side of a dispute.
    exhibits_bytes_max: int = 50_000_000
    #: What an arbitration fee is at least, in minor units by currency; and at most, of the frozen.
    arbitration_minimums: Mapping[str, int] = field(default_factory=dict)
    arbitration_most_bps: int = 2_500
    #: Whether people are told by mail, so that a clock may wait for what tells of it.
    mails: bool = False
    #: Whether anybody here can rule on a dispute: else nobody may agree that one does in time.
    has_arbiter: bool = False
    #: The fields of terms of which other values than those of `classic` may be agreed to.
    wound: frozenset[str] = WOUND
    #: The presets that may be agreed to by their name.
    presets: frozenset[str] = OFFERED
