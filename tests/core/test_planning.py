"""What the employer may plan: each mistake is named at its field, and the parts add up exactly."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
import rfc8785
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    NOW,
    WHOLE,
    done,
    held,
    jpy,
    made,
    refused,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.commands import ids_needed
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.planning import Portion
from earnest.core.milestones.plans import DAYS_MAX, as_kept, from_kept
from earnest.core.milestones.row import Milestone, agreement_hash
from earnest.core.milestones.tranches import Tranche
from earnest.core.money import Money
from earnest.core.rows import wire_time
from earnest.core.world import World
from earnest.ids import BLOCK_MAX

DAY: Final = timedelta(days=1)


def shares(*percent: int, every: int = 10) -> tuple[Portion, ...]:
    """So many basis points each, ten days apart."""
    return tuple(Portion(after_days=every * n, percent=each) for n, each in enumerate(percent, 1))


def parts(*amounts: str) -> tuple[Portion, ...]:
    return tuple(Portion(at=NOW + n * DAY, amount=usd(each)) for n, each in enumerate(amounts, 1))


def funding(plan: tuple[Portion, ...] | None, amount: Money = WHOLE) -> FundContract:
    return FundContract(CONTRACT, (Line("In parts", amount, None, plan),))


def planned(books: World, plan: tuple[Portion, ...], amount: Money = WHOLE) -> Milestone:
    return made(done(books, EMPLOYER, funding(plan, amount)), Milestone)


def amounts(milestone: Milestone) -> list[str]:
    assert milestone.plan is not None
    return [each.amount.decimal for each in milestone.plan.tranches]


def test_percent_are_shared_by_the_largest_remainder_and_add_up() -> None:
    assert amounts(planned(world(), shares(4_000, 6_000))) == ["40.00", "60.00"]
    assert amounts(planned(world(), shares(3_333, 3_333, 3_334), usd("100.01"))) == [
        "33.33",
        "33.33",
        "33.35",
    ]
    assert amounts(planned(world(), shares(5_000, 5_000), usd("0.03"))) == ["0.02", "0.01"]


def test_days_are_counted_from_the_funding_and_kept_as_they_are_shown() -> None:
    books = world()
    books.now = NOW + timedelta(microseconds=1_999)
    milestone = planned(books, shares(4_000, 6_000))
    assert milestone.plan is not None
    shown = NOW + timedelta(milliseconds=1)
    assert milestone.plan.dates == (shown + 10 * DAY, shown + 20 * DAY)
    assert milestone.plan_agreed_at is None
    assert milestone.pays_at is None


def test_a_plan_has_a_row_for_each_of_its_tranches() -> None:
    books = world()
    event = done(books, EMPLOYER, funding((*parts("30.00"), *parts("30.00", "70.00")[1:])))
    milestone = made(event, Milestone)
    rows = [row for row in event.rows if isinstance(row, Tranche)]
    assert milestone.plan is not None
    assert [row.id for row in rows] == [each.id for each in milestone.plan.tranches]
    assert [(row.position, row.of, row.amount, row.at) for row in rows] == [
        (1, 2, usd("30.00"), NOW + DAY),
        (2, 2, usd("70.00"), NOW + 2 * DAY),
    ]
    assert event.answer == (milestone,)
    assert held(books, milestone.id) == WHOLE


def test_the_plan_is_a_part_of_what_both_mean() -> None:
    plan = (Portion(after_days=1, percent=5_000), Portion(2, percent=5_000, retention=True))
    milestone = planned(world(), plan)
    price = {"amount": "50.00", "currency": "USD"}
    told: Any = {
        "description": "In parts",
        "amount": {"amount": "100.00", "currency": "USD"},
        "due_at": None,
        "plan": [
            {"at": wire_time(NOW + DAY), "amount": price, "retention": False},
            {"at": wire_time(NOW + 2 * DAY), "amount": price, "retention": True},
        ],
    }
    assert milestone.agreement_hash == hashlib.sha256(rfc8785.dumps(told)).hexdigest()
    assert agreement_hash("In parts", WHOLE, None) != milestone.agreement_hash


def test_a_plan_is_kept_and_read_again() -> None:
    plan = planned(world(), shares(4_000, 6_000)).plan
    assert plan is not None
    assert from_kept(as_kept(plan), "USD") == plan


def test_without_a_plan_there_are_no_tranches() -> None:
    event = done(world(), EMPLOYER, funding(None))
    assert not [row for row in event.rows if isinstance(row, Tranche)]
    assert made(event, Milestone).plan is None


def test_of_several_milestones_each_has_its_own_plan_or_none() -> None:
    lines = (
        Line("One", WHOLE, None, parts("40.00", "60.00")),
        Line("Two", WHOLE),
        Line("Three", WHOLE, None, shares(*[625] * 16)),
    )
    event = done(world(), EMPLOYER, FundContract(CONTRACT, lines))
    plans = [row.plan for row in event.rows if isinstance(row, Milestone)]
    assert [len(each.tranches) if each else 0 for each in plans] == [2, 0, 16]
    assert len({row.id for row in event.rows if isinstance(row, Tranche)}) == 18


def test_fifty_milestones_of_twenty_four_tranches_each_are_numbered_at_once() -> None:
    plan = shares(*[400] * 23, 800, every=1)
    asked = FundContract(CONTRACT, (Line("x", usd("1.00"), None, plan),) * 50)
    assert ids_needed(asked) <= BLOCK_MAX
    assert sum(isinstance(r, Tranche) for r in done(world(), EMPLOYER, asked).rows) == 50 * 24


def at(*days: float) -> tuple[Portion, ...]:
    return tuple(Portion(at=NOW + each * DAY, percent=5_000) for each in days)


ONE: Final = Portion(after_days=1, percent=5_000)
TWO: Final = Portion(after_days=2, percent=5_000)
LATE: Final[datetime] = NOW + (DAYS_MAX + 1) * DAY
#: Each mistake, its reason, and the field that would have to be different.
BAD: Final[dict[str, tuple[tuple[Portion, ...], Reason, str]]] = {
    "percent that are too few": (shares(4_000, 5_999), Reason.DOES_NOT_ADD_UP, ""),
    "percent that are too many": (shares(4_000, 6_001), Reason.DOES_NOT_ADD_UP, ""),
    "nothing at all": (shares(0, 0), Reason.DOES_NOT_ADD_UP, ""),
    "amounts that are too few": (parts("40.00", "59.99"), Reason.DOES_NOT_ADD_UP, ""),
    "amounts that are too many": (parts("40.00", "60.01"), Reason.DOES_NOT_ADD_UP, ""),
    "a share of nothing": (shares(0, 10_000), Reason.AMOUNT_NOT_POSITIVE, "/0/percent"),
    "an amount of nothing": (
        parts("0.00", "100.00"),
        Reason.AMOUNT_NOT_POSITIVE,
        "/0/amount",
    ),
    "a date that is now": (at(0, 1), Reason.DUE_IN_PAST, "/0/at"),
    "a date that falls": (at(2, 1), Reason.NOT_LATER, "/1/at"),
    "the same date twice": (at(1, 1), Reason.NOT_LATER, "/1/at"),
    "days that fall": ((TWO, ONE), Reason.NOT_LATER, "/1/after_days"),
    "a date in six years": (
        (Portion(at=NOW + DAY, percent=5_000), Portion(at=LATE, percent=5_000)),
        Reason.DEADLINE_TOO_FAR,
        "/1/at",
    ),
    "neither days nor a date": (
        (ONE, Portion(percent=5_000)),
        Reason.DAYS_OR_DUE,
        "/1/after_days",
    ),
    "no date at all": ((Portion(percent=5_000), TWO), Reason.DAYS_OR_DUE, "/0/at"),
    "days and a date": (
        (ONE, Portion(after_days=2, at=NOW + DAY, percent=5_000)),
        Reason.DAYS_OR_DUE,
        "/1/at",
    ),
    "days, then a date": (
        (ONE, Portion(at=NOW + 3 * DAY, percent=5_000)),
        Reason.DAYS_OR_DUE,
        "/1/after_days",
    ),
    "neither percent nor an amount": (
        (ONE, Portion(after_days=2)),
        Reason.PERCENT_OR_AMOUNT,
        "/1/percent",
    ),
    "percent and an amount": (
        (ONE, Portion(after_days=2, percent=5_000, amount=usd("50.00"))),
        Reason.PERCENT_OR_AMOUNT,
        "/1/amount",
    ),
    "an amount, then percent": (
        (Portion(after_days=1, amount=usd("50.00")), TWO),
        Reason.PERCENT_OR_AMOUNT,
        "/1/percent",
    ),
    "a retention that is not last": (
        (Portion(1, percent=5_000, retention=True), TWO),
        Reason.RETENTION_NOT_LAST,
        "/0/retention",
    ),
}


@pytest.mark.parametrize("mistake", BAD)
def test_a_plan_that_is_wrong_is_refused_by_name(mistake: str) -> None:
    plan, why, path = BAD[mistake]
    found = refused(world(), EMPLOYER, funding(plan))
    assert (found.reason, found.path) == (why, f"/milestones/0/plan{path}")


def test_a_plan_is_in_the_currency_of_its_contract() -> None:
    plan = (*parts("40.00"), Portion(at=NOW + 2 * DAY, amount=jpy("60")))
    found = refused(world(), EMPLOYER, funding(plan))
    assert (found.reason, found.path) == (
        Reason.WRONG_CURRENCY,
        "/milestones/0/plan/1/amount",
    )


@pytest.mark.parametrize(
    ("plan", "facts"),
    [
        (parts("40.00", "59.99"), {"tranches": usd("99.99"), "milestone": WHOLE}),
        (shares(4_000, 5_999), {"percent": "99.99"}),
        (at(2, 1), {"before": NOW + 2 * DAY}),
    ],
)
def test_what_is_wrong_is_said_with_its_numbers(
    plan: tuple[Portion, ...], facts: dict[str, Any]
) -> None:
    assert refused(world(), EMPLOYER, funding(plan)).facts == facts


def test_only_the_employer_plans() -> None:
    assert refused(world(), FREELANCER, funding(shares(4_000, 6_000))).reason is (
        Reason.NOT_YOUR_PART
    )
