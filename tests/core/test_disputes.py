"""Disputes: what is frozen, what is said of it, and how it ends. The freelancer opens most."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
from tests.core.clocked import STAKED_HASH
from tests.core.test_silence import clocked, milestone, submitted, wind
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    RULEBOOKS,
    STRANGER,
    TERMS_HASH,
    WHOLE,
    done,
    held,
    made,
    reason,
    refused,
    spendable,
    the,
    usd,
)

from earnest.core.actions import Action, Reason
from earnest.core.contracts import Contract
from earnest.core.disputes.offering import AcceptOffer, Concede, MakeOffer, Respond
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.row import Dispute, DisputeStatus, Offer
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.ledger import Account
from earnest.core.milestones.agreeing import End
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.revising import AgreeEdit, Edit, ProposeEdit
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.money import Money
from earnest.core.records import replace
from earnest.core.world import World

DAY: Final = timedelta(days=1)
MICRO: Final = timedelta(microseconds=1)
NOTHING: Final = usd("0.00")
S = DisputeStatus


def opened(
    books: World, amount: str = "100.00", claim: str = "80.00", who: int = FREELANCER
) -> int:
    """Somebody opens a dispute; its number."""
    asked = DisputeMilestone(MILESTONE, usd(amount), usd(claim), "Look.")
    return made(done(books, who, asked), Dispute).id


def answered(books: World, number: int, figure: str = "20.00") -> int:
    """The other side answers."""
    row = the(books, Dispute, number)
    done(books, row.other_than(row.opener_id), Respond(number, usd(figure), "No."))
    return number


def disputed(status: MilestoneStatus = MilestoneStatus.FUNDED) -> tuple[World, int]:
    """All of it, where the freelancer claims 80.00 and the employer offers 20.00."""
    books = clocked(status)
    return books, answered(books, opened(books))


def dispute(books: World, number: int) -> Dispute:
    return the(books, Dispute, number)


def under(books: World, terms_hash: str, **changes: Any) -> World:
    """The same world under other terms."""
    terms = replace(RULEBOOKS[terms_hash], **changes)
    books.rulebooks[terms_hash] = terms
    for kind, number in ((Contract, CONTRACT), (Milestone, MILESTONE)):
        row = replace(the(books, kind, number), terms_hash=terms_hash)  # type: ignore[type-var]
        books.rows[kind, number] = row
    return books


def got(books: World) -> tuple[str, str]:
    """What the freelancer has, and what came back to the employer."""
    back = spendable(books, EMPLOYER) - usd("1000.00")
    return spendable(books, FREELANCER).decimal, back.decimal


def in_account(books: World, kind: str, number: int) -> int:
    return books.balances.get(Account(kind, number, "USD"), 0)


def staked(claim: str = "80.00", answer: str = "20.00") -> tuple[World, int]:
    """Where each side puts up 5.00, and the freelancer has something too."""
    books = under(clocked(), STAKED_HASH)
    books.balances[Account("wallet", FREELANCER, "USD")] = 10_000
    return books, answered(books, opened(books, claim=claim), answer)


# --- figures ---


@pytest.mark.parametrize("figure", ["-0.01", "-80.00"])
def test_a_figure_may_be_nothing_but_not_less(figure: str) -> None:
    minor = Money(int(figure.replace(".", "")), "USD")
    asked = DisputeMilestone(MILESTONE, usd("80.00"), minor, "Look.")
    found = refused(clocked(), FREELANCER, asked)
    assert (found.reason, found.path) == (Reason.AMOUNT_NOT_POSITIVE, "/to_freelancer")


# --- opening --------------------------------------------------------------------------------------


def test_what_is_disputed_is_frozen_and_the_rest_goes_on() -> None:
    books = clocked()
    number = opened(books, "60.00", "50.00")
    assert (in_account(books, "dispute", number), held(books)) == (6_000, usd("40.00"))
    assert (milestone(books).frozen, milestone(books).left) == (usd("60.00"), usd("40.00"))
    done(books, FREELANCER, Submit(MILESTONE))
    done(books, FREELANCER, Cancel(MILESTONE))
    assert milestone(books).status is MilestoneStatus.SUBMITTED, "60.00 of it is frozen"
    assert reason(books, EMPLOYER, ReleaseMilestone(MILESTONE)) is Reason.NOTHING_HELD
    assert reason(books, EMPLOYER, End(CONTRACT)) is Reason.STILL_HOLDING
    done(books, EMPLOYER, Concede(number))
    assert milestone(books).status is MilestoneStatus.RELEASED
    assert got(books) == ("50.00", "50.00")
    done(books, EMPLOYER, End(CONTRACT))


def test_one_at_a_time_and_no_more_than_is_held() -> None:
    books = clocked()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("30.00")))
    asked = DisputeMilestone(MILESTONE, usd("70.01"), NOTHING, "Look.")
    assert refused(books, EMPLOYER, asked).facts == {"held": usd("70.00")}
    above = DisputeMilestone(MILESTONE, usd("70.00"), usd("70.01"), "Look.")
    assert reason(books, EMPLOYER, above) is Reason.MORE_THAN_FROZEN
    number = opened(books, "60.00", "0.00", EMPLOYER)
    again = DisputeMilestone(MILESTONE, usd("1.00"), NOTHING, "Look.")
    assert reason(books, FREELANCER, again) is Reason.DISPUTE_OPEN
    books.now += timedelta(minutes=10)
    wind(books)
    assert dispute(books, number).status is S.RESPONSE
    done(books, FREELANCER, Concede(number))
    assert got(books) == ("30.00", "60.00")
    assert (held(books), milestone(books).status) == (usd("10.00"), MilestoneStatus.FUNDED)


def test_a_release_on_its_way_is_not_touched_and_ends_the_milestone_with_the_dispute() -> None:
    books = clocked()
    opened(books, "70.00", "0.00", EMPLOYER)
    books.now += DAY
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    number = milestone(books)
    assert (number.releasing, number.frozen, number.left) == (usd("30.00"), usd("70.00"), NOTHING)
    books.now += timedelta(minutes=10)
    wind(books)
    assert milestone(books).status is MilestoneStatus.FUNDED


def test_nothing_that_was_agreed_changes_while_a_part_is_frozen() -> None:
    books = clocked(edit=EMPLOYER)
    opened(books, "60.00", "60.00")
    proposal = ProposeEdit(MILESTONE, amount=usd("200.00"))
    assert reason(books, FREELANCER, proposal) is Reason.DISPUTE_OPEN
    agreeing = AgreeEdit(MILESTONE, the(books, Edit, MILESTONE).hash)
    assert reason(books, FREELANCER, agreeing) is Reason.NO_EDIT_OPEN


# --- what each side says --------------------------------------------------------------------------


def test_the_other_answers_first_and_the_last_offer_of_each_stands() -> None:
    books = clocked()
    number = opened(books)
    assert reason(books, EMPLOYER, MakeOffer(number, usd("10.00"))) is Reason.NOT_ANSWERED
    answer = Respond(number, usd("20.00"), "No.")
    assert reason(books, FREELANCER, answer) is Reason.NOT_YOUR_TURN
    first = dispute(books, number).opener_offer_id
    assert reason(books, FREELANCER, AcceptOffer(number, first)) is Reason.NO_OFFER_OPEN
    assert reason(books, STRANGER, answer) is Reason.NOT_FOUND
    second = made(done(books, FREELANCER, MakeOffer(number, usd("70.00"))), Offer).id
    done(books, EMPLOYER, answer)
    found = refused(books, EMPLOYER, AcceptOffer(number, first))
    assert (found.reason, found.facts) == (Reason.CHANGED, {"now": usd("70.00")})
    assert refused(books, EMPLOYER, AcceptOffer(number, 12_345)).path == "/offer"
    event = done(books, EMPLOYER, AcceptOffer(number, second))
    assert (event.name, got(books)) == ("dispute.settled", ("70.00", "30.00"))
    assert dispute(books, number).to_freelancer == usd("70.00")
    assert dispute(books, number).wakes_at is None


@pytest.mark.parametrize("asked", [lambda n, f: Respond(n, f, "No."), MakeOffer], ids=["r", "o"])
def test_nobody_offers_more_than_is_frozen(asked: Callable[..., Action[Any]]) -> None:
    books = clocked()
    number = opened(books, "60.00", "60.00")
    who = FREELANCER if isinstance(asked(number, NOTHING), MakeOffer) else EMPLOYER
    found = refused(books, who, asked(number, usd("60.01")))
    assert (found.reason, found.path) == (Reason.MORE_THAN_FROZEN, "/to_freelancer")
    assert found.facts == {"frozen": usd("60.00")}
    assert reason(books, who, asked(number, replace(usd("1.00"), currency="EUR"))) is (
        Reason.WRONG_CURRENCY
    )
    done(books, who, asked(number, usd("60.00")))
    assert reason(books, who, asked(999, NOTHING)) is Reason.NOT_FOUND


def test_who_concedes_gives_what_the_opener_now_asks_for() -> None:
    books, number = disputed()
    done(books, FREELANCER, MakeOffer(number, usd("65.00")))
    assert reason(books, FREELANCER, Concede(number)) is Reason.NOT_YOUR_TURN
    done(books, EMPLOYER, Concede(number))
    assert (got(books), dispute(books, number).status) == (("65.00", "35.00"), S.CONCEDED)


def test_the_platforms_fee_is_on_what_reaches_the_freelancer_and_on_nothing_else() -> None:
    books = under(clocked(), TERMS_HASH, fee_bps=1_000)
    event = done(books, EMPLOYER, Concede(opened(books)))
    assert made(event, Release).fee == usd("8.00")
    assert got(books) == ("72.00", "20.00")
    books = under(clocked(), TERMS_HASH, fee_bps=1_000)
    event = done(books, FREELANCER, Concede(opened(books, claim="0.00", who=EMPLOYER)))
    assert not [row for row in event.rows if isinstance(row, Release)]
    assert (got(books), milestone(books).status) == (("0.00", "100.00"), MilestoneStatus.CANCELLED)


# --- withdrawing ----------------------------------------------------------------------------------


def test_who_withdraws_cannot_open_another_on_that_milestone_but_the_other_can() -> None:
    books, number = disputed()
    assert reason(books, EMPLOYER, WithdrawDispute(number)) is Reason.NOT_THE_OPENER
    done(books, FREELANCER, WithdrawDispute(number))
    assert (held(books), milestone(books).frozen) == (WHOLE, NOTHING)
    assert dispute(books, number).to_freelancer is None
    again = DisputeMilestone(MILESTONE, WHOLE, WHOLE, "Look.")
    assert reason(books, FREELANCER, again) is Reason.WITHDRAWN_BEFORE
    assert milestone(books).wakes_at == NOW + 180 * DAY
    opened(books, who=EMPLOYER)


def test_who_concedes_gives_what_they_saw_and_no_more() -> None:
    books = clocked()
    number = answered(books, opened(books, claim="10.00"), "0.00")
    seen = dispute(books, number).opener_offer_id
    done(books, FREELANCER, MakeOffer(number, WHOLE))
    found = refused(books, EMPLOYER, Concede(number, seen))
    assert (found.reason, found.path) == (Reason.CHANGED, "/offer")
    assert found.facts == {"now": WHOLE}
    done(books, EMPLOYER, Concede(number, dispute(books, number).opener_offer_id))
    assert spendable(books, FREELANCER) == WHOLE


@pytest.mark.parametrize("amount", ["100.00", "60.00"])
@pytest.mark.parametrize(("late", "paid"), [(MICRO, True), (-MICRO, False)])
def test_withdrawn_after_the_review_budget_it_is_released_at_once(
    amount: str, late: timedelta, paid: bool
) -> None:
    books = clocked()
    due = submitted(books)
    books.now = due - 5 * DAY
    number = answered(books, opened(books, amount, "0.00", EMPLOYER))
    books.now = due + late
    event = done(books, EMPLOYER, WithdrawDispute(number))
    assert event.name == "dispute.withdrawn"
    expected = WHOLE if paid else NOTHING
    assert spendable(books, FREELANCER) == expected
    assert held(books) == WHOLE - expected
    assert milestone(books).status is (
        MilestoneStatus.RELEASED if paid else MilestoneStatus.SUBMITTED
    )


def test_withdrawn_after_the_date_that_returns_it_it_returns_at_once() -> None:
    books = clocked(agreed=True)
    due = milestone(books).due_at
    assert due is not None
    books.now = due + 30 * DAY - MICRO
    number = opened(books)
    books.now += MICRO
    done(books, FREELANCER, WithdrawDispute(number))
    assert (got(books), milestone(books).status) == (("0.00", "100.00"), MilestoneStatus.CANCELLED)


@pytest.mark.parametrize("after", [-DAY, DAY])
def test_work_is_handed_in_while_all_is_frozen_so_no_withdrawal_takes_the_money_back(
    after: timedelta,
) -> None:
    """Else an employer would freeze all of it, wait for the overdue clock, and let go."""
    books = clocked(agreed=True)
    due = milestone(books).due_at
    assert due is not None
    books.now = due + 29 * DAY
    number = opened(books, who=EMPLOYER)
    books.now = due + 30 * DAY + after
    done(books, FREELANCER, Submit(MILESTONE))
    books.now = due + 32 * DAY
    done(books, EMPLOYER, WithdrawDispute(number))
    assert (held(books), got(books)) == (WHOLE, ("0.00", "0.00"))
    assert milestone(books).wakes_at == due + (43 * DAY if after < timedelta() else 45 * DAY)


def test_changes_are_asked_for_while_all_is_frozen_so_no_withdrawal_releases_the_money() -> None:
    """Else a freelancer would freeze all of it, wait for the review clock, and let go."""
    books = clocked()
    due = submitted(books)
    books.now = due - 5 * DAY
    number = answered(books, opened(books))
    books.now = due - DAY
    done(books, EMPLOYER, RequestChanges(MILESTONE, "The second half."))
    books.now = due + DAY
    assert reason(books, EMPLOYER, ReleaseMilestone(MILESTONE)) is Reason.NOTHING_HELD
    done(books, FREELANCER, WithdrawDispute(number))
    assert (held(books), got(books)) == (WHOLE, ("0.00", "0.00"))
    assert milestone(books).status is MilestoneStatus.FUNDED


def test_withdrawn_after_half_a_year_it_is_held_again_as_somebody_acts() -> None:
    books = under(clocked(), TERMS_HASH)
    number = answered(books, opened(books))
    books.now += 200 * DAY
    done(books, FREELANCER, WithdrawDispute(number))
    assert (held(books), got(books)) == (WHOLE, ("0.00", "0.00"))
    wind(books)
    assert milestone(books).wakes_at == NOW + 380 * DAY
