"""What a form begins with, and what the buttons of a bid's lines do to it.

A line is added, removed or filled by a button of the form, so none of it needs a script.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.bids.row import PROPOSALS_MAX, Bid
from earnest.core.money import Money
from earnest.core.projects.row import Project
from earnest.http.web import forms, uploading
from earnest.http.web.rendering import number
from earnest.words import amounts, moments

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from earnest.core.bids.row import Proposal
    from earnest.http.web.subjects import About
    from earnest.http.web.visiting import Visit

#: The list of a bid, and the fields of each of its lines.
LINES: Final = "milestones"
FIELDS: Final = ("description", "amount", "days", "due_at")
#: The buttons beside those lines.
ADD: Final = "add"
REMOVE: Final = "remove"
SPLIT: Final = "split"
SUM: Final = "sum"
WITH_LINES: Final = frozenset({"bid.place", "bid.edit"})


def begun(name: str, about: About) -> dict[str, str]:
    """What stands in a form before anybody types: of what is edited, how it is now."""
    row, visit = about.row, about.visit
    if name == "project.edit" and isinstance(row, Project):
        return {
            "title": row.title,
            "description": row.description,
            "budget_min": number(row.budget_min, visit),
            "budget_max": number(row.budget_max, visit),
            **{f"skills.{each.value}": "1" for each in row.skills},
            **uploading.ticked(row, about.seen.around.files),
        }
    if name == "bid.edit" and isinstance(row, Bid):
        return {
            "amount": number(row.amount, visit),
            "period_days": str(row.period_days),
            "proposal": row.proposal,
            **proposed(about.proposals, visit),
            **uploading.ticked(row, about.seen.around.files),
        }
    return {}


def proposed(proposals: Iterable[Proposal], visit: Visit) -> dict[str, str]:
    """Proposed milestones as the lines of a form."""
    values: dict[str, str] = {}
    for place, each in enumerate(proposals):
        values |= {
            f"{LINES}.{place}.description": each.description,
            f"{LINES}.{place}.amount": number(each.amount, visit),
            f"{LINES}.{place}.days": str(each.days or ""),
            f"{LINES}.{place}.due_at": moments.date_of(each.due_at, visit.zone)
            if each.due_at
            else "",
        }
    return values


def pressed(name: str, values: Mapping[str, str], about: About) -> dict[str, str] | None:
    """The form after one of the buttons of its lines; None if none of them was pressed."""
    count = max(1, forms.rows_in(values, LINES))
    if name not in WITH_LINES:
        return {**values, f"{LINES}.{count}.description": ""} if ADD in values else None
    if ADD in values:
        return _with_lines(values, [*range(count)], PROPOSALS_MAX)
    if REMOVE in values:
        return _with_lines(values, [n for n in range(count) if str(n) != values[REMOVE]])
    if SPLIT in values:
        return {**values, **_split(values, count, about)}
    return dict(values) if SUM in values else None


def _with_lines(
    values: Mapping[str, str], kept: Sequence[int], another_below: int = 0
) -> dict[str, str]:
    """These lines in this order, and another empty one while there is room for it."""
    found = {name: text for name, text in values.items() if not name.startswith(f"{LINES}.")}
    for place, old in enumerate(kept):
        for each in FIELDS:
            found[f"{LINES}.{place}.{each}"] = values.get(f"{LINES}.{old}.{each}", "")
    if len(kept) < another_below:
        found[f"{LINES}.{len(kept)}.description"] = ""
    return found


def _split(values: Mapping[str, str], count: int, about: About) -> dict[str, str]:
    """The bid's amount in equal parts; what is left over goes to the first lines."""
    whole = _amount(values.get("amount", ""), about)
    if whole is None or whole.minor < count:
        return {}
    least, over = divmod(whole.minor, count)
    parts = (Money(least + (place < over), whole.currency) for place in range(count))
    return {
        f"{LINES}.{place}.amount": number(part, about.visit) for place, part in enumerate(parts)
    }


@dataclass(frozen=True, slots=True)
class Sum:
    """What the lines of a bid add up to, beside its amount if that can be read."""

    total: Money
    amount: Money | None

    @property
    def missing(self) -> Money | None:
        """What the lines lack; less than nothing if they have too much."""
        return self.amount - self.total if self.amount is not None else None

    @property
    def over(self) -> Money:
        """What they have too much."""
        assert self.amount is not None, "only beside an amount"
        return self.total - self.amount


def added_up(values: Mapping[str, str], about: About) -> Sum:
    """The sum of all lines whose amounts can be read."""
    assert about.currency is not None, "a bid is in the currency of its project"
    lines = range(forms.rows_in(values, LINES))
    read = (_amount(values.get(f"{LINES}.{place}.amount", ""), about) for place in lines)
    total = sum((each for each in read if each is not None), Money.zero(about.currency))
    return Sum(total, _amount(values.get("amount", ""), about))


def _amount(typed: str, about: About) -> Money | None:
    try:
        return amounts.read(typed, about.currency or "", about.visit.locale)
    except amounts.AmountUnread:
        return None


def extras(name: str, values: Mapping[str, str], about: About) -> dict[str, Any]:
    """What the form of a bid shows beside its fields."""
    if name not in WITH_LINES:
        return {}
    return {"sum": added_up(values, about), "lines_most": PROPOSALS_MAX}
