"""What a bid proposed, as the lines of a form: those that were made already are not ticked."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from earnest.http.web import filling
from earnest.words import moments

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.milestones.row import Milestone
    from earnest.http.web.subjects import About

#: Where its page is, below the contract.
VERB: Final = "create-milestones"
#: Whether a line is wanted: this and its number.
TAKE: Final = "take"


def begun(about: About, made: Iterable[Milestone]) -> dict[str, str]:
    """Every proposed milestone as a line; its days are counted from now."""
    visit = about.visit
    values = filling.proposed(about.proposals, visit)
    for place, (each, is_made) in enumerate(
        zip(about.proposals, made_of(about, made), strict=True)
    ):
        if each.days is not None:
            due = visit.as_of + timedelta(days=each.days)
            values[f"{filling.LINES}.{place}.due_at"] = moments.date_of(due, visit.zone)
        if not is_made:
            values[f"{TAKE}.{place}"] = "1"
    return values


def made_of(about: About, made: Iterable[Milestone]) -> list[bool]:
    """Of each proposed milestone whether there is one of the same words and amount."""
    there = Counter((each.description, each.amount) for each in made)
    found = []
    for each in about.proposals:
        found.append(there[each.description, each.amount] > 0)
        there[each.description, each.amount] -= 1
    return found


def uncreated(about: About, made: Iterable[Milestone]) -> int:
    """How many of the proposed milestones were not made yet."""
    return made_of(about, made).count(False)
