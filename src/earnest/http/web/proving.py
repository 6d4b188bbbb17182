"""The one rule of when somebody shows once more who they are, and the way there and back.

It is a rule of pages alone: a session can be stolen, and whoever has it still does not move money
out. The rules of the books know nothing of it, and a token is no session.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from earnest.core.money import Money
from earnest.http import asking
from earnest.http.web import onward
from earnest.http.web.rendering import redirect
from earnest.store import own_limits

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.responses import Response

    from earnest.core.effects import Effect
    from earnest.http.web.visiting import Visit

#: Where they show it.
PLACE: Final = "/signin/again"
#: What money leaves by, and what staff decides about that of others.
ALWAYS: Final = frozenset(
    {
        *("withdrawal.request", "withdrawal.approve"),
        *("dispute.rule", "milestone.staff_cancel", "milestone.staff_confirm"),
    }
)
#: What gives somebody's money to the other side for good: from their own limit on.
ABOVE_OWN_LIMIT: Final = frozenset(
    {"milestone.release", "milestone.cancel", "dispute.accept_offer", "dispute.concede"}
)


async def is_needed(visit: Visit, name: str, *effects: Effect) -> bool:
    """Whether actions of this name wait until their asker has shown who they are.

    Several that are confirmed together count together: else a limit would be a matter of clicks.
    """
    if visit.is_fresh:
        return False
    if name in ALWAYS:
        return True
    if name not in ABOVE_OWN_LIMIT or not effects:
        return False
    database, me = visit.app.database, visit.me.id
    limits = await asking.looking(visit.app, lambda: own_limits.of(database, me))
    return any(moved > limits[moved.currency] for moved in _moved(effects, limits))


def first(visit: Visit, to: str) -> Response:
    """Off to the page that asks who they are, which comes back here."""
    return redirect(visit, f"{PLACE}?next={quote(to, safe='')}")


async def first_of_form(visit: Visit, values: Mapping[str, str], to: str | None = None) -> Response:
    """The same from a form, of this page or of another: what was typed is still there then."""
    to = to or visit.path
    await onward.keep(visit, values, to)
    return first(visit, to)


def _moved(effects: Sequence[Effect], limits: Mapping[str, Money]) -> list[Money]:
    """How much would move, in each currency that has a limit."""
    moved = {currency: Money.zero(currency) for currency in limits}
    for *_, amount, currency in (each for effect in effects for each in effect.transfers):
        if currency in moved:
            moved[currency] += Money.parse(amount, currency)
    return list(moved.values())
