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
    there = Counter((each.description, each.amount) for each in made)
    for place, each in enumerate(about.proposals):
        if each.days is not None:
            due = visit.as_of + timedelta(days=each.days)
            values[f"{filling.LINES}.{place}.due_at"] = moments.date_of(due, visit.zone)
        if there[each.description, each.amount]:
            there[each.description, each.amount] -= 1
        else:
            values[f"{TAKE}.{place}"] = "1"
    return values


def uncreated(about: About, made: Iterable[Milestone]) -> int:
    """How many of the proposed milestones were not made yet."""
    return sum(name.startswith(f"{TAKE}.") for name in begun(about, made))
