"""Planning: what the employer says of a staggered release, and what a plan of it is.

Each mistake is named at the field that would have to be different.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple, TypeAlias

from earnest.core.actions import Reason, Refused
from earnest.core.inputs import Between, Many, Percent
from earnest.core.milestones.plans import DAYS_MAX, TRANCHES_MAX, TRANCHES_MIN, Plan, Planned
from earnest.core.money import BPS_WHOLE, Money
from earnest.core.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.core.actions import View

LATEST: Final = timedelta(days=DAYS_MAX)


@record(frozen=True, slots=True)
class Portion:
    """One tranche of a plan: when, as days after the funding or a date; and how much.

    All tranches of a plan say their percent, which add up to 100, or all say their amount.
    """

    after_days: Annotated[int, Between(1, DAYS_MAX)] | None = None
    at: datetime | None = None
    percent: Annotated[int, Percent()] | None = None
    amount: Money | None = None
    #: Kept back and paid last: only the last tranche can be.
    retention: bool = False


#: What is said of a plan; none is one payment of all.
Portions: TypeAlias = Annotated[tuple[Portion, ...] | None, Many(TRANCHES_MAX, least=TRANCHES_MIN)]


class Draft(NamedTuple):
    """One tranche of a plan that is in order, before it has a number."""

    at: datetime
    amount: Money
    retention: bool


def drafted(
    portions: Sequence[Portion] | None, whole: Money, world: View, path: str
) -> tuple[Draft, ...] | Refused:
    """The tranches that this is to be paid in, or what is wrong with them; none without a plan."""
    if portions is None:
        return ()
    for index, each in enumerate(portions):
        refused = _wrong_form(each, portions[0], f"{path}/{index}")
        if refused:
            return refused
        if each.retention and index != len(portions) - 1:
            return Refused(Reason.RETENTION_NOT_LAST, path=f"{path}/{index}/retention")
    dates = [_date(each, world) for each in portions]
    amounts = _amounts(portions, whole)
    refused = _wrong_dates(portions, dates, world, path) or _wrong_sum(portions, whole, path)
    if refused:
        return refused
    for index, amount in enumerate(amounts):
        if not amount.is_positive:
            return Refused(Reason.AMOUNT_NOT_POSITIVE, path=f"{path}/{index}/percent")
    kept_back = [each.retention for each in portions]
    return tuple(map(Draft, dates, amounts, kept_back))


def _wrong_form(portion: Portion, first: Portion, path: str) -> Refused | None:
    """Days or a date, percent or an amount; of each the one that the first tranche has."""
    in_days = first.after_days is not None
    for name, is_said in (("after_days", in_days), ("at", not in_days)):
        if (getattr(portion, name) is not None) is not is_said:
            return Refused(Reason.DAYS_OR_DUE, path=f"{path}/{name}")
    in_percent = first.percent is not None
    for name, is_said in (("percent", in_percent), ("amount", not in_percent)):
        if (getattr(portion, name) is not None) is not is_said:
            return Refused(Reason.PERCENT_OR_AMOUNT, path=f"{path}/{name}")
    return None


def _date(portion: Portion, world: View) -> datetime:
    """When it is paid, as exactly as it is shown to whoever agrees to it."""
    if portion.at is None:
        assert portion.after_days is not None, "days or a date"
        return _shown(world.now + timedelta(days=portion.after_days))
    return _shown(portion.at)


def _shown(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1_000 * 1_000)


def _wrong_dates(
    portions: Sequence[Portion], dates: Sequence[datetime], world: View, path: str
) -> Refused | None:
    """Each lies ahead, later than the one before, and none too far away."""
    before = world.now
    for index, (portion, at) in enumerate(zip(portions, dates, strict=True)):
        where = f"{path}/{index}/{'at' if portion.after_days is None else 'after_days'}"
        if at <= world.now:
            return Refused(Reason.DUE_IN_PAST, path=where)
        if at <= before:
            return Refused(Reason.NOT_LATER, {"before": before}, where)
        if world.now + LATEST < at:
            return Refused(Reason.DEADLINE_TOO_FAR, {"days": DAYS_MAX}, where)
        before = at
    return None


def _amounts(portions: Sequence[Portion], whole: Money) -> Sequence[Money]:
    """What each is: as it was said, or its share of the whole by the largest remainder."""
    if portions[0].percent is None:
        return [each.amount for each in portions if each.amount is not None]
    weights = [each.percent or 0 for each in portions]
    return whole.share(weights) if any(weights) else [Money.zero(whole.currency) for _ in weights]


def _wrong_sum(portions: Sequence[Portion], whole: Money, path: str) -> Refused | None:
    if portions[0].percent is None:
        total = sum(_amounts(portions, whole), Money.zero(whole.currency))
        facts: dict[str, object] = {"tranches": total, "milestone": whole}
        return None if total == whole else Refused(Reason.DOES_NOT_ADD_UP, facts, path)
    percent = sum(each.percent or 0 for each in portions)
    if percent == BPS_WHOLE:
        return None
    facts = {"percent": f"{percent // 100}.{percent % 100:02}"}
    return Refused(Reason.DOES_NOT_ADD_UP, facts, path)


def plan_of(drafts: Sequence[Draft], world: View) -> Plan | None:
    """The plan, each of its tranches with a number of its own."""
    return Plan(tuple(Planned(world.new_id(), *each) for each in drafts)) if drafts else None
