"""A dispute that is let go leaves everybody with exactly what they had without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.test_silence import wind
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    NOW,
    done,
    held,
    made,
    spendable,
    the,
    world,
)

from earnest.core.contracts import ContractStatus
from earnest.core.disputes.objecting import ObjectToTranche
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.row import Dispute
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.planning import Portion
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.revising import Agree
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.tranches import Tranche, TrancheStatus
from earnest.core.money import Money
from earnest.core.watchman import broken_invariant
from earnest.core.world import World

HALF_A_DAY: Final = timedelta(hours=12)
#: From the opening to the withdrawal both still move some of what is held.
MOVES: Final = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from((ReleaseMilestone, Cancel)), st.integers(1, 15)),
    max_size=3,
)


class Deal:
    """A milestone in an active contract whose parts are paid half a day after the other."""

    def __init__(self, parts: list[int]) -> None:
        self.books: World = world(ContractStatus.ACTIVE, None)
        plan = tuple(
            Portion(at=NOW + place * HALF_A_DAY, amount=Money(part, "USD"))
            for place, part in enumerate(parts, 1)
        )
        line = Line("In parts", Money(sum(parts), "USD"), None, plan)
        self.made = made(done(self.books, EMPLOYER, FundContract(CONTRACT, (line,))), Milestone)
        done(self.books, FREELANCER, Agree(self.made.id, self.made.agreement_hash))

    def until(self, day: float) -> None:
        self.books.now = NOW + timedelta(days=day)
        wind(self.books)

    @property
    def row(self) -> Milestone:
        return the(self.books, Milestone, self.made.id)

    @property
    def held(self) -> int:
        return held(self.books, self.made.id).minor

    @property
    def figures(self) -> tuple[Any, ...]:
        """Who has how much, what is held, and what each tranche has paid and will."""
        assert self.made.plan is not None
        parts = [the(self.books, Tranche, each.id) for each in self.made.plan.tranches]
        return (
            spendable(self.books, FREELANCER).minor,
            spendable(self.books, EMPLOYER).minor,
            self.held,
            self.row.status,
            [(each.paid.minor, each.objected.minor) for each in parts],
            [each.status is TrancheStatus.PAID for each in parts],
            self.row.pays_at if self.held else None,
        )


def moved(deal: Deal, kind: Callable[..., Any], amount: int) -> None:
    who = EMPLOYER if kind is ReleaseMilestone else FREELANCER
    done(deal.books, who, kind(deal.made.id, Money(amount, "USD")))


@settings(max_examples=300, deadline=None)
@given(
    parts=st.lists(st.integers(1, 20), min_size=2, max_size=5),
    before=st.integers(0, 20),
    opened=st.sampled_from((0.0, 0.25, 0.75, 1.25)),
    lasts=st.integers(0, 6),
    moves=MOVES,
    data=st.data(),
)
def test_let_go_everybody_has_what_they_had_without_it(
    parts: list[int], before: int, opened: float, lasts: int, moves: Any, data: st.DataObject
) -> None:
    disputed, plain = Deal(parts), Deal(parts)
    for each in (disputed, plain):
        if 0 < before < sum(parts):
            moved(each, Cancel, before)
        each.until(opened)
    dispute = opening(disputed, data) if disputed.held else None
    if dispute is None:
        return
    for day, kind, amount in sorted(moves, key=lambda each: each[0]):
        both_move((disputed, plain), opened + min(day, lasts) / 2, kind, amount)
    for each in (disputed, plain):
        each.until(opened + lasts / 2)
    done(disputed.books, EMPLOYER, WithdrawDispute(dispute.id))
    assert broken_invariant(disputed.books) is None
    assert disputed.figures == plain.figures
    for each in (disputed, plain):
        each.until(opened + 100)
    assert disputed.figures == plain.figures


def both_move(deals: Sequence[Deal], day: float, kind: Callable[..., Any], amount: int) -> None:
    """The same in both worlds, unless it is frozen in one: then nobody moves it."""
    for each in deals:
        each.until(day)
    if amount <= min(each.held for each in deals):
        for each in deals:
            moved(each, kind, amount)


def opening(deal: Deal, data: st.DataObject) -> Dispute | None:
    """Somebody disputes a part of it, or objects to a part of one tranche."""
    figure, nothing = Money(data.draw(st.integers(1, deal.held), "amount"), "USD"), Money(0, "USD")
    if data.draw(st.booleans(), "of all"):
        asked: Any = DisputeMilestone(deal.made.id, figure, nothing, "No.")
        return made(done(deal.books, EMPLOYER, asked), Dispute)
    assert deal.made.plan is not None
    rows = [the(deal.books, Tranche, each.id) for each in deal.made.plan.tranches]
    waiting = [each for each in rows if deal.books.now < each.at]
    part = data.draw(st.sampled_from(waiting), "tranche")
    left = deal.held
    for each in waiting:
        pays = each.due(Money(left, "USD")).minor
        if each.id == part.id:
            if not pays:
                return None
            figure = Money(data.draw(st.integers(1, pays), "of it"), "USD")
            break
        left -= pays
    asked = ObjectToTranche(part.id, figure, "No.")
    return made(done(deal.books, EMPLOYER, asked), Dispute)
