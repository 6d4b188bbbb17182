"""The words of changes and reviews: what both sides agree to, and say of each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.phrases import Phrases
from earnest.words.saying import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

PHRASES: Final[Mapping[str, Phrases]] = {
    "contract.propose_terms": Phrases(
        "Propose other terms",
        "Propose these terms to {person}",
        keep="Leave them as they are",
        warning="Nothing changes unless {person} agrees, and never for what is funded already.",
        icon="scale",
    ),
    "contract.agree_terms": Phrases(
        "Agree to other terms",
        "Agree to these terms",
        keep="Leave them as they are",
        warning="They are in force for milestones that are funded from now on. What is funded "
        "already keeps the terms it was funded under.",
        confirm="I have read what changes",
        icon="handshake",
    ),
    "milestone.propose_edit": Phrases(
        "Propose a change",
        "Propose {amount} to {person}",
        keep="Leave it as it is",
        warning="Nothing changes unless {person} agrees within 7 days. What the amounts differ by "
        "moves then, and not before.",
        icon="pencil",
    ),
    "milestone.agree_edit": Phrases(
        "Agree to the change",
        "Agree with {person} to {amount}",
        keep="Leave it as it is",
        warning="To change it again, both of you have to agree again.",
        icon="handshake",
    ),
    "milestone.agree": Phrases(
        "Agree to the dates",
        "Agree to the dates",
        keep="Decide later",
        warning="From here on the dates that {person} set bind you both. Until then they bind "
        "nobody.",
        icon="calendar",
    ),
    "review.give": Phrases(
        "Write a review",
        "Give the review of {person}",
        keep="Decide later",
        warning="It cannot be changed afterwards. {person} and everybody else see it once both "
        "reviews are in, or 14 days after the end.",
        icon="pencil",
    ),
}

#: What a timeline tells.
HAPPENED: Final[Mapping[str, str]] = {
    "contract.terms_proposed": "Other terms proposed",
    "contract.terms_agreed": "Other terms agreed",
    "milestone.edit_proposed": "Change proposed",
    "milestone.edited": "Changed, as both agreed",
    "milestone.agreed": "Dates agreed",
    "review.given": "Review given",
}

#: What their forms call a field.
LABELS: Final[Mapping[str, str]] = {
    "ratings": "From 1, poor, to 5, excellent",
    "ratings.quality": "Quality",
    "ratings.communication": "Communication",
    "ratings.fairness": "Fairness",
    "ratings.punctuality": "Punctuality",
    "ratings.again": "Would work together again",
    "milestone.propose_edit:rounds": "More rounds of changes",
    "milestone.propose_edit:review_days": "More days to review",
    "all_rounds": "Rounds of changes",
    "all_review_days": "Time to review",
    "review.give:text": "In your own words",
}
mark(PHRASES, HAPPENED, LABELS)
