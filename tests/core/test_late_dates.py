"""Due dates that were over before anybody could work towards them: they bind nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.core.proposed import DUE
from tests.core.test_silence import DAY, MICRO, S, clocked, contract, milestone, wind
from tests.core.worlds import CONTRACT, EMPLOYER, FREELANCER, MILESTONE, NOW, WHOLE, done, world

from earnest.core.contracts import ContractStatus
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.funding import Fund
from earnest.core.milestones.row import milestones_hash
from earnest.core.records import replace


@pytest.mark.parametrize(("late", "binds"), [(-MICRO, True), (0 * MICRO, False)])
def test_a_date_that_passed_before_it_was_funded_returns_nothing_whoever_set_it(
    late: timedelta, binds: bool
) -> None:
    """Else what is funded would return at once: nobody could have worked towards it."""
    books = clocked(S.REQUESTED)
    books.put(replace(milestone(books), agreed_at=NOW))
    books.now = DUE + late
    done(books, EMPLOYER, Fund(MILESTONE))
    assert (milestone(books).agreed_at is not None) is binds
    books.now = DUE + 31 * DAY
    wind(books)
    assert milestone(books).status is (S.CANCELLED if binds else S.FUNDED)


@pytest.mark.parametrize(("late", "binds"), [(-MICRO, True), (0 * MICRO, False)])
def test_a_date_that_passed_before_the_contract_began_returns_nothing_whoever_set_it(
    late: timedelta, binds: bool
) -> None:
    books = world(ContractStatus.OFFERED, clocked=True)
    books.put(replace(milestone(books), agreed_at=NOW))
    books.put(contract(books).waking(books.now + 400 * DAY))
    books.now = DUE + late
    terms, seen = contract(books).terms_hash, milestones_hash([milestone(books)])
    done(books, FREELANCER, Accept(CONTRACT, terms, WHOLE, seen))
    assert (milestone(books).agreed_at is not None) is binds
    assert milestone(books).status is S.FUNDED
