"""The amount box: what may be taken a part of, quarters of it, and what stays.

A quarter is a button of the form, so it needs no script; amounts are reckoned here alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.milestones.row import Milestone
from earnest.core.money import BPS_WHOLE, Money
from earnest.core.payments.withdrawing import RequestWithdrawal
from earnest.core.projects.row import Project
from earnest.http.web.forms import CURRENCY, HOW
from earnest.http.web.rendering import number
from earnest.words.terms import percent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from earnest.http.web.subjects import About

#: What a button for a part is called; its value is how many quarters.
SHARE: Final = "quarters"
QUARTERS: Final = (1, 2, 3, 4)


def whole(
    name: str, about: About, values: Mapping[str, str], wallets: Sequence[Money]
) -> Money | None:
    """All that an amount of this form can be a part of; None if it is a part of nothing."""
    if name == RequestWithdrawal.name:
        richest = sorted(wallets, key=lambda each: -each.minor)
        code = values.get(CURRENCY) or next((each.currency for each in richest), "")
        return next((each for each in wallets if each.currency == code), None)
    return about.held if isinstance(about.row, Milestone | Project) else None


def buttons() -> list[tuple[int, str]]:
    """How many quarters each button fills in, and what it is called; all of it by a word."""
    shares = [(each, percent(BPS_WHOLE * each // len(QUARTERS))) for each in QUARTERS[:-1]]
    return [*shares, (len(QUARTERS), "")]


def part(of: Money, quarters: int) -> Money:
    """So many quarters, rounded down; of the smallest amounts at least the smallest unit."""
    return Money(max(min(of.minor, 1), of.minor * quarters // len(QUARTERS)), of.currency)


def pressed(
    name: str, about: About, values: Mapping[str, str], wallets: Sequence[Money]
) -> dict[str, str] | None:
    """The form after one of these buttons; None if none of them was pressed."""
    if SHARE not in values:
        return None
    of, chosen = whole(name, about, values, wallets), values[SHARE]
    typed = {each: text for each, text in values.items() if each != SHARE}
    if of is None or chosen not in {str(each) for each in QUARTERS}:
        return typed
    return {**typed, "amount": number(part(of, int(chosen)), about.visit)}


def meant(about: About, values: Mapping[str, str]) -> Mapping[str, str]:
    """Who leaves all of it in the box means all that is held, however much that is by then."""
    if values.get(HOW) != "part" or not isinstance(about.row, Milestone | Project):
        return values
    is_all = values.get("amount", "").strip() == number(about.held, about.visit)
    return {**values, HOW: "full"} if is_all else values
