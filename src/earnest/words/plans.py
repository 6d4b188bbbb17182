"""The words of plans: how they are written, what becomes of each tranche, and of an objection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.phrases import Phrases
from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

PHRASES: Final[Mapping[str, Phrases]] = {
    "tranche.pay": Phrases("Pay the tranche"),
    "tranche.object": Phrases(
        "Object to a tranche",
        "Freeze {amount} of what {person} would be paid",
        keep="Let it be paid",
        warning="Only this amount is frozen, and becomes a dispute in which {person} is asked to "
        "answer. The rest of this tranche is released on its date, and so are all others.",
        is_danger=True,
        icon="gavel",
    ),
}

#: What a timeline tells.
HAPPENED: Final[Mapping[str, str]] = {"milestone.tranche_paid": "Tranche released, as planned"}

#: What a form calls a field, and what it says below.
LABELS: Final[Mapping[str, str]] = {
    "plan": "Tranche",
    "plan.how": "How is it paid?",
    "plan.when": "Dates are",
    "plan.share": "Shares are",
    "after_days": "Days after funding",
    "at": "Date",
    "percent": "Percent",
    "retention": "Retention",
    "tranche.object:amount": "How much of it you object to",
    "tranche.object:reason": "Why you object",
    "tranche.object:to_freelancer": "What the freelancer should get of that",
}
HINTS: Final[Mapping[str, str]] = {
    "tranche.object:to_freelancer": "Left empty: nothing, all of it returns to you.",
}
#: How a milestone is paid, and how its plan is written.
CHOICES: Final[Mapping[str, tuple[str, str]]] = {
    "whole": ("When you release it", "All of it or a part, whenever you choose to."),
    "parts": (
        "In tranches, by dates",
        "Each is released on its date by itself, once the freelancer has agreed to the plan.",
    ),
    "days": ("Days after funding", ""),
    "dates": ("Dates", ""),
    "percent": ("Percent", ""),
    "amounts": ("Amounts", ""),
}

#: What becomes of a tranche, as its plan has it now.
BECOMES: Final[Mapping[str, str]] = {
    "paid": "Released",
    "paid in part": "{paid} released, {off} objected to",
    "next": "Next: released on its date",
    "later": "Released on its date",
    "off": "{off} objected to; the rest is released on its date",
    "all off": "All of it was objected to",
    "gone": "Nothing is left for it",
    "unagreed": "Released on its date, once {person} agrees",
    "never": "Never: {person} had not agreed by the first date",
}
mark(PHRASES, HAPPENED, LABELS, HINTS, CHOICES, BECOMES)
KEPT_BACK: Final = N_("Kept back and released last")
