"""What notices of clocks say: what happens when, to how much, unless who reads it does something.

Of a clock `amount` is what its reader gets by it, and `others` is what somebody else does. Where it
is the other side that has to act, the words are those of who waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.telling import ABOUT, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

#: How the name of a notice ends that somebody gets who can only wait.
WAITS: Final = " waits"

_MILESTONE: Final = "Look at the milestone"
_ROOM: Final = "Look at the dispute"
_SEVERAL: Final = "It is held by {count} milestones of your contract."
_SETTLE: Final = "Until it is decided you can settle, by accepting what {person} offers."

#: The same for both sides of a dispute.
EITHER: Final[Mapping[str, Words]] = {
    "dispute.compare_sealed": Words(
        ("A round of sealed offers closes on {by}",),
        (
            ABOUT,
            "Seal what you would settle for: if your figures meet, you settle at their midpoint.",
            "If they do not, or if somebody seals nothing, nobody learns what was sealed.",
        ),
        _ROOM,
    ),
    "dispute.default_answer": Words(
        (
            "You have not answered: on {by} {others} of your dispute is {person}’s",
            "You have not answered: your dispute is decided on {by}",
        ),
        (
            ABOUT,
            (
                "If you do not answer by {by}, it goes as your terms say: what {person} claims "
                "stands, or an arbiter rules."
            ),
        ),
        "Read and answer",
    ),
    "dispute.default_answer waits": Words(
        (
            "{person} has not answered: on {by} {amount} of your dispute is yours",
            "{person} has not answered: your dispute is decided on {by}",
        ),
        (
            ABOUT,
            (
                "If {person} does not answer by {by}, it goes as your terms say: what you claim "
                "stands, or an arbiter rules. There is nothing to do."
            ),
        ),
        _ROOM,
    ),
    "dispute.escalate": Words(
        ("Your dispute passes to an arbiter on {by}", "Your dispute passes to an arbiter"),
        (
            ABOUT,
            "If it is not over by {by}, it is for somebody else to rule on it.",
            _SETTLE,
        ),
        _ROOM,
    ),
    "dispute.default_fee": Words(
        (
            "Put up the arbitration fee, or on {by} {others} of your dispute is {person}’s",
            "Put up the arbitration fee, or what {person} asks for stands on {by}",
        ),
        (ABOUT, "{person} has put it up. Put it up too by {by}, and an arbiter rules.", _SETTLE),
        _ROOM,
    ),
    "dispute.default_fee waits": Words(
        (
            "On {by} {amount} of your dispute is yours, unless {person} puts up the fee",
            "What you asked for stands on {by}, unless {person} puts up the fee",
        ),
        (ABOUT, "If {person} puts it up too, an arbiter rules. There is nothing to do."),
        _ROOM,
    ),
    "dispute.default_ruling": Words(
        (
            "On {by} your dispute is decided: {amount} for you, {others} for {person}",
            "On {by} your dispute is decided: {amount} is yours",
            "On {by} your dispute is decided: {others} is {person}’s",
            "On {by} your dispute is decided as your terms say",
        ),
        (ABOUT, "So it goes if nobody decides by {by}.", _SETTLE),
        _ROOM,
    ),
}

EMPLOYER: Final[Mapping[str, Words]] = {
    "contract.lapse": Words(
        (
            "{person} has not answered: {amount} returns to you on {by}",
            "{person} has not answered: your offer lapses on {by}",
        ),
        ("Until {by} {person} can accept it, and you can take it back.",),
        "Look at the contract",
    ),
    "milestone.auto_release": Words(
        (
            "{others} is released to {person} on {by}, unless you ask for changes or dispute it",
            "What the milestone holds is released to {person} on {by}",
        ),
        (
            ABOUT,
            (
                "Look at the work before then: release it, ask for changes, or dispute it. If you "
                "do nothing by {by}, the money is {person}’s."
            ),
        ),
        "Look at the work",
    ),
    "tranche.pay": Words(
        (
            "{others} is released to {person} on {by}, as your plan has it",
            "The next part of your plan is released to {person} on {by}",
        ),
        (
            ABOUT,
            (
                "If something is wrong with it, object before {by}: the amount that you name is "
                "frozen, and the rest is released."
            ),
        ),
        "Look at the plan",
    ),
    "milestone.staff_return": Words(
        (
            "{amount} returns to you on {by}, unless {person} objects",
            "What a milestone holds returns to you on {by}, unless {person} objects",
        ),
        (ABOUT, "Two operators decided it. There is nothing to do."),
        _MILESTONE,
    ),
    "milestone.return_overdue": Words(
        (
            "{amount} returns to you on {by}, unless {person} hands in the work",
            "What a milestone holds returns to you on {by}, unless {person} hands in the work",
        ),
        (
            ABOUT,
            (
                "Its due date has passed. There is nothing to do, but if you want to wait longer "
                "you can propose another one."
            ),
        ),
        _MILESTONE,
    ),
    "milestone.return_dormant": Words(
        (
            "{amount} returns to you on {by}, if neither of you does anything",
            "What a milestone holds returns to you on {by}, if neither of you does anything",
        ),
        (ABOUT, _SEVERAL, "Whatever either of you does in the contract begins the time anew."),
        "Look at the contract",
    ),
    "project.lapse": Words(
        (
            "{amount} of your reserve returns to you on {by}",
            "Your project closes on {by}, as you have chosen nobody",
        ),
        (ABOUT, "Award a bid, or fund a milestone from the reserve, before {by}, and it goes on."),
        "Look at the project",
    ),
}

FREELANCER: Final[Mapping[str, Words]] = {
    "contract.lapse": Words(
        ("The offer of {person} lapses on {by}",),
        (
            "Read its terms and what is funded, then accept or decline by {by}.",
            "If you do not answer, {others} that is funded returns to {person}.",
        ),
        "Read the offer",
    ),
    "milestone.auto_release": Words(
        (
            "{amount} is yours on {by}, if {person} does nothing before",
            "What your milestone holds is yours on {by}, if {person} does nothing before",
        ),
        (ABOUT, "Until then {person} can look at your work. There is nothing to do."),
        _MILESTONE,
    ),
    "tranche.pay": Words(
        (
            "{amount} is yours on {by}, as your plan has it",
            "The next part of your plan is yours on {by}",
        ),
        (ABOUT, "There is nothing to do."),
        "Look at the plan",
    ),
    "milestone.staff_return": Words(
        (
            "{others} returns to {person} on {by}, unless you object",
            "What a milestone holds returns to {person} on {by}, unless you object",
        ),
        (ABOUT, "Two operators decided it. Object, and it becomes a dispute instead."),
        "Read and object",
        verb="object",
    ),
    "milestone.return_overdue": Words(
        (
            "{others} returns to {person} on {by}, unless you hand in the work",
            "What a milestone holds returns to {person} on {by}, unless you hand in the work",
        ),
        (
            ABOUT,
            "Its due date has passed. Hand in the work by {by}, and it stays set aside for you.",
        ),
        "Hand in the work",
        verb="submit",
    ),
    "milestone.return_dormant": Words(
        (
            "{others} returns to {person} on {by}, if neither of you does anything",
            "What a milestone holds returns to {person} on {by}, if neither of you does anything",
        ),
        (
            ABOUT,
            _SEVERAL,
            (
                "Hand in the work, or write to {person}: whatever either of you does in the "
                "contract begins the time anew."
            ),
        ),
        "Look at the contract",
    ),
}

OWNER: Final[Mapping[str, Words]] = {
    "deposit.expire": Words(
        (
            "Your deposit of {amount} is closed as unpaid on {by}",
            "Your deposit is closed as unpaid on {by}",
        ),
        ("Nothing has come in yet. Pay it before then, or start another one.",),
        "Look at the deposit",
    ),
    "withdrawal.expire": Words(
        (
            "Your withdrawal was not sent: {amount} returns to your wallet on {by}",
            "Your withdrawal was not sent: it returns to your wallet on {by}",
        ),
        ("It waits for an operator. Until it is sent you can cancel it yourself.",),
        "Look at the withdrawal",
    ),
}

ARBITER: Final[Mapping[str, Words]] = {
    "dispute.escalate": Words(
        ("Your ruling is due by {by}: then somebody else is to rule", "Your ruling is due"),
        (ABOUT, "Open every exhibit, then rule."),
        _ROOM,
    ),
    "dispute.default_ruling": Words(
        ("Your ruling is due by {by}: then the terms decide without one", "Your ruling is due"),
        (ABOUT, "Open every exhibit, then rule."),
        _ROOM,
    ),
}

OPERATOR: Final[Mapping[str, Words]] = {
    "withdrawal.expire": Words(
        (
            "A withdrawal of {others} waits for approval: it returns on {by}",
            "A withdrawal waits for approval: it returns on {by}",
        ),
        ("{person} asked for it. Approve it before {by}, or it returns to their wallet.",),
        "Look at the withdrawal",
    ),
}
