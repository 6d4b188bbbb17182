"""Reviews: once each way, once it has ended, once somebody was paid, and not for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    STRANGER,
    ask,
    done,
    later,
    made,
    reason,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.commands import Event
from earnest.core.contracts import Contract, ContractStatus
from earnest.core.milestones.agreeing import End
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.reviews import GIVEN_WITHIN, HIDDEN_FOR, GiveReview, Ratings, Review, Reviewed
from earnest.core.world import World

GOOD = Ratings(5, 4, 5, 3, 5)
REVIEW = GiveReview(CONTRACT, GOOD, "Would work with them again.")


def ended() -> World:
    return world(ContractStatus.ENDED, None)


def test_each_side_reviews_the_other_once() -> None:
    books = ended()
    for who, other in ((EMPLOYER, FREELANCER), (FREELANCER, EMPLOYER)):
        review = made(done(books, who, REVIEW), Review)
        assert (review.reviewer_id, review.reviewed_id) == (who, other)
        assert (review.quality, review.punctuality, review.text) == (5, 3, REVIEW.text)
        assert reason(books, who, REVIEW) is Reason.ALREADY_REVIEWED
    assert reason(books, STRANGER, REVIEW) is Reason.NOT_FOUND


def test_the_other_side_is_not_told_yet() -> None:
    """What is counted in the contract both sides see; so this is not."""
    books = ended()
    before = the(books, Contract, CONTRACT)
    event = done(books, EMPLOYER, REVIEW)
    assert (event.contract_id, event.seq) == (None, None)
    assert the(books, Contract, CONTRACT) == before


def test_others_see_a_review_once_both_are_in_or_so_long_after_the_end() -> None:
    books = ended()
    later(books, days=3)
    assert made(done(books, EMPLOYER, REVIEW), Reviewed).shown_at == NOW + HIDDEN_FOR
    assert made(done(books, FREELANCER, REVIEW), Reviewed).shown_at == books.now
    late = ended()
    later(late, days=20)
    for who in (EMPLOYER, FREELANCER):
        assert made(done(late, who, REVIEW), Reviewed).shown_at == NOW + HIDDEN_FOR


def test_only_a_contract_that_paid_somebody_is_reviewed() -> None:
    books = world()
    done(books, FREELANCER, Cancel(MILESTONE))
    done(books, EMPLOYER, End(CONTRACT))
    assert reason(books, EMPLOYER, REVIEW) is Reason.NOTHING_PAID


def test_a_contract_remembers_when_it_first_paid() -> None:
    books = world()
    assert the(books, Contract, CONTRACT).paid_at is None
    later(books, days=1)
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("1.00")))
    first = books.now
    later(books, days=1)
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    assert the(books, Contract, CONTRACT).paid_at == first
    done(books, EMPLOYER, End(CONTRACT))
    assert isinstance(ask(books, EMPLOYER, REVIEW), Event)


@pytest.mark.parametrize("in_time", [True, False])
def test_a_review_can_be_given_for_ninety_days(in_time: bool) -> None:
    books = ended()
    books.now = NOW + GIVEN_WITHIN - timedelta(microseconds=1 if in_time else 0)
    if in_time:
        done(books, EMPLOYER, REVIEW)
    else:
        assert reason(books, EMPLOYER, REVIEW) is Reason.REVIEW_TOO_LATE
