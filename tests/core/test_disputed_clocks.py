"""The clocks of a dispute, more time, the fee of arbitration, and its fate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from tests.core.clocked import CLOCKED_HASH, STAKED_HASH
from tests.core.test_disputes import (
    S,
    answered,
    dispute,
    disputed,
    got,
    in_account,
    opened,
    staked,
    under,
)
from tests.core.test_fate import happens, told
from tests.core.test_silence import clocked, contract, milestone, wind
from tests.core.worlds import (
    EMPLOYER,
    FREELANCER,
    NOW,
    TERMS_HASH,
    WHOLE,
    batch,
    command,
    done,
    reason,
    refused,
    usd,
)

from earnest.core.actions import Action, Reason
from earnest.core.clocks import clock_of
from earnest.core.commands import Event
from earnest.core.disputes.extending import AgreeExtension, ProposeExtension
from earnest.core.disputes.offering import AcceptOffer, Concede, MakeOffer, Respond
from earnest.core.disputes.sealing import CompareSealed
from earnest.core.disputes.silence import DefaultRuling, Escalate
from earnest.core.disputes.staking import PayFee
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.fate import Fate, Payment, fate
from earnest.core.house import House
from earnest.core.ledger import Account
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.watchman import broken_invariant

DAY: Final = timedelta(days=1)
MICRO: Final = timedelta(microseconds=1)
#: What people can say; less than this is nothing.
MILLI: Final = timedelta(milliseconds=1)


# --- clocks ---------------------------------------------------------------------------------------


def test_each_side_has_its_own_time_to_answer_and_unanswered_the_claim_stands() -> None:
    for who, days, expected in (
        (FREELANCER, 14, ("80.00", "20.00")),
        (EMPLOYER, 4, ("80.00", "20.00")),
    ):
        books = under(clocked(), TERMS_HASH)
        number = opened(books, who=who)
        done(books, who, MakeOffer(number, usd("50.00")))
        assert dispute(books, number).wakes_at == NOW + days * DAY
        books.now += days * DAY
        (event,) = wind(books)
        assert (event.name, event.at) == ("dispute.defaulted", NOW + days * DAY)
        assert got(books) == expected, "what was claimed, not what was offered later"


def test_whoever_answers_in_time_by_a_moment_does_and_at_the_instant_does_not() -> None:
    for early, code in ((MICRO, None), (0 * MICRO, Reason.WRONG_STATUS)):
        books = under(clocked(), TERMS_HASH)
        number = opened(books)
        books.now += 14 * DAY - early
        asked = [
            command(EMPLOYER, Respond(number, usd("0.00"), "No.")),
            command(FREELANCER, WithdrawDispute(number)),
        ]
        outcomes = batch(books, asked)
        assert [getattr(each, "reason", None) for each in outcomes] == [code, code]
        assert len(books.ran_out) == (0 if code is None else 1)


def test_unanswered_it_goes_to_arbitration_and_by_default_as_the_milestone_would_have() -> None:
    for status, expected in (
        (MilestoneStatus.FUNDED, ("0.00", "100.00")),
        (MilestoneStatus.SUBMITTED, ("100.00", "0.00")),
    ):
        books = clocked(status)
        number = opened(books, claim="50.00")
        books.now += 7 * DAY
        assert [event.name for event in wind(books)] == ["dispute.escalated"]
        assert dispute(books, number).ends_at == NOW + 21 * DAY
        books.now = NOW + 35 * DAY
        assert [(event.name, event.at - NOW) for event in wind(books)] == [
            ("dispute.escalated", 21 * DAY),
            ("dispute.escalated", 28 * DAY),
            ("dispute.defaulted", 35 * DAY),
        ]
        assert (got(books), dispute(books, number).status) == (expected, S.DEFAULTED)


@pytest.mark.parametrize(
    ("claim", "answer", "default"),
    [
        ("80.00", "30.00", "30.00"),  # 20.00 from the half, against 30.00.
        ("60.00", "0.00", "60.00"),
        ("80.00", "20.00", "50.00"),
        ("100.00", "0.00", "50.00"),
        ("40.00", "60.00", "50.00"),
        ("70.01", "29.99", "50.00"),
    ],
)
def test_by_default_the_offer_nearer_to_the_half_stands(
    claim: str, answer: str, default: str
) -> None:
    books = clocked()
    answered(books, opened(books, claim=claim), answer)
    books.now += 100 * DAY
    wind(books)
    assert got(books)[0] == default


def test_the_odd_unit_of_a_midpoint_is_the_freelancers() -> None:
    books = clocked()
    answered(books, opened(books, "100.00", "0.01"), "0.00")
    books.now += 100 * DAY
    wind(books)
    assert got(books)[0] == "0.01"
    books = clocked()
    answered(books, opened(books, "50.01", "50.01"), "0.00")
    books.now += 100 * DAY
    wind(books)
    assert got(books)[0] == "25.01"


def test_under_the_original_rules_a_negotiation_has_no_end() -> None:
    books = under(clocked(), TERMS_HASH)
    number = answered(books, opened(books))
    books.now += 1_000 * DAY
    assert [event.name for event in wind(books)] == ["dispute.sealed_compared"] * 3
    assert dispute(books, number).wakes_at is None
    assert reason(books, EMPLOYER, ProposeExtension(number, books.now + DAY)) is (
        Reason.NO_CLOCK_RUNS
    )
    assert not fate(contract(books), books).ends
    assert fate(dispute(books, number), books) == Fate((), ends=False)
    done(books, EMPLOYER, PayFee(number))


def test_no_clock_is_asked_for_before_its_time() -> None:
    books, number = disputed()
    for asked in (CompareSealed(number), Escalate(number), DefaultRuling(number)):
        assert reason(books, 0, asked) is Reason.NOT_YET_DUE


# --- more time ------------------------------------------------------------------------------------


def test_both_together_let_a_stage_last_longer_and_nobody_else_does() -> None:
    books = clocked()
    number = opened(books)
    ends_at, until = NOW + 7 * DAY, NOW + 8 * DAY
    assert refused(books, FREELANCER, ProposeExtension(number, ends_at)).facts == {"now": ends_at}
    far = ProposeExtension(number, NOW + 60 * DAY + MILLI)
    assert reason(books, FREELANCER, far) is Reason.DEADLINE_TOO_FAR
    assert reason(books, EMPLOYER, AgreeExtension(number, until)) is Reason.NOTHING_TO_AGREE
    done(books, FREELANCER, ProposeExtension(number, until))
    assert reason(books, FREELANCER, AgreeExtension(number, until)) is Reason.NOT_YOUR_TURN
    other = AgreeExtension(number, until + DAY)
    assert refused(books, EMPLOYER, other).facts == {"now": until}
    done(books, EMPLOYER, AgreeExtension(number, until))
    assert dispute(books, number).ends_at == dispute(books, number).wakes_at == until
    assert reason(books, EMPLOYER, AgreeExtension(number, until)) is Reason.NOTHING_TO_AGREE
    books.now = until - MICRO
    answered(books, number)


def test_a_later_end_is_as_exact_as_it_is_shown_so_that_the_other_side_can_name_it() -> None:
    books = clocked()
    number = opened(books)
    shown = NOW + 8 * DAY + 5_000 * MICRO
    done(books, FREELANCER, ProposeExtension(number, shown + 999 * MICRO))
    done(books, EMPLOYER, AgreeExtension(number, shown))
    assert dispute(books, number).ends_at == shown
    nothing = ProposeExtension(number, shown + 999 * MICRO)
    assert reason(books, FREELANCER, nothing) is Reason.NOT_LATER


def test_a_proposal_for_a_stage_that_is_over_is_over_with_it() -> None:
    books = clocked()
    number = opened(books)
    until = NOW + 8 * DAY
    done(books, FREELANCER, ProposeExtension(number, until))
    answered(books, number)
    assert reason(books, EMPLOYER, AgreeExtension(number, until)) is Reason.NOTHING_TO_AGREE


def test_a_round_that_the_end_would_cut_short_has_its_time_when_the_end_moves() -> None:
    books = clocked()
    under(books, CLOCKED_HASH, negotiation_seconds=4 * 86_400)
    number = answered(books, opened(books))
    books.now += 3 * DAY
    wind(books)
    assert dispute(books, number).closes_at == NOW + 4 * DAY
    done(books, EMPLOYER, ProposeExtension(number, NOW + 5 * DAY))
    done(books, FREELANCER, AgreeExtension(number, NOW + 5 * DAY))
    assert dispute(books, number).closes_at == NOW + 5 * DAY
    done(books, EMPLOYER, ProposeExtension(number, NOW + 30 * DAY))
    done(books, FREELANCER, AgreeExtension(number, NOW + 30 * DAY))
    assert dispute(books, number).closes_at == NOW + 6 * DAY
    books.now += 8 * DAY
    wind(books)
    done(books, EMPLOYER, ProposeExtension(number, NOW + 31 * DAY))
    done(books, FREELANCER, AgreeExtension(number, NOW + 31 * DAY))
    assert dispute(books, number).closes_at is None


# --- the fee of arbitration -----------------------------------------------------------------------


def test_who_pays_alone_has_what_they_asked_for_then_and_the_fee_back() -> None:
    books, number = staked()
    done(books, FREELANCER, PayFee(number))
    assert in_account(books, "stake", number) == 500
    assert reason(books, FREELANCER, PayFee(number)) is Reason.FEE_ALREADY_PAID
    done(books, FREELANCER, MakeOffer(number, WHOLE))
    assert dispute(books, number).ends_at == NOW + 4 * DAY
    books.now += 4 * DAY
    assert [event.name for event in wind(books)] == ["dispute.defaulted"]
    assert got(books) == ("180.00", "20.00")
    assert in_account(books, "stake", number) == 0


def test_with_both_fees_an_arbiter_decides() -> None:
    books, number = staked()
    done(books, EMPLOYER, PayFee(number))
    done(books, FREELANCER, PayFee(number))
    row = dispute(books, number)
    assert (row.status, row.ends_at, row.staked) == (S.ARBITRATION, NOW + 14 * DAY, usd("10.00"))
    assert in_account(books, "stake", number) == 1_000
    books.now += 100 * DAY
    wind(books)
    assert got(books) == ("150.00", "50.00"), "both have their fees back"


def test_if_neither_pays_it_is_ruled_by_default_when_the_negotiation_is_over() -> None:
    books, number = staked(answer="30.00")
    books.now += 14 * DAY
    assert [event.name for event in wind(books)][-1] == "dispute.defaulted"
    assert got(books) == ("130.00", "70.00")
    assert dispute(books, number).status is S.DEFAULTED


@pytest.mark.parametrize(
    ("who", "asked", "expected"),
    [
        (FREELANCER, WithdrawDispute, ("100.00", "0.00")),
        (EMPLOYER, Concede, ("180.00", "20.00")),
        (FREELANCER, lambda n: AcceptOffer(n, 0), ("120.00", "80.00")),
    ],
)
def test_every_end_but_a_ruling_gives_the_fees_back(
    who: int, asked: Callable[..., Action[Any]], expected: tuple[str, str]
) -> None:
    books, number = staked()
    done(books, EMPLOYER, PayFee(number))
    action = asked(number)
    if isinstance(action, AcceptOffer):
        action = AcceptOffer(number, dispute(books, number).other_offer_id or 0)
    done(books, who, action)
    assert (got(books), in_account(books, "stake", number)) == (expected, 0)


def test_where_no_fee_is_asked_nobody_pays_one_and_who_has_nothing_cannot() -> None:
    books, number = disputed()
    assert reason(books, EMPLOYER, PayFee(number)) is Reason.NO_FEE_ASKED
    books, number = staked()
    books.balances[Account("wallet", FREELANCER, "USD")] = 0
    assert refused(books, FREELANCER, PayFee(number)).facts == {"missing": usd("5.00")}


@pytest.mark.parametrize(
    ("amount", "least", "fee"),
    [("100.00", 0, "5.00"), ("100.00", 800, "8.00"), ("20.00", 800, "5.00"), ("0.03", 800, "0.00")],
)
def test_a_fee_has_a_least_and_is_never_too_much_of_it_all(
    amount: str, least: int, fee: str
) -> None:
    books = under(clocked(), STAKED_HASH)
    books.house = House(arbitration_minimums={"USD": least})
    number = answered(books, opened(books, amount, amount), "0.00")
    assert dispute(books, number).fee == usd(fee)
    done(books, EMPLOYER, PayFee(number))
    assert in_account(books, "stake", number) == usd(fee).minor
    done(books, EMPLOYER, Concede(number))
    assert got(books)[0] == amount


# --- fate -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("payer", [None, EMPLOYER, FREELANCER])
@pytest.mark.parametrize("is_answered", [False, True])
@pytest.mark.parametrize("terms", ["clocked", "staked", "classic"])
@pytest.mark.parametrize("amount", ["100.00", "60.00"])
def test_its_fate_is_what_happens(
    payer: int | None, is_answered: bool, terms: str, amount: str
) -> None:
    books = clocked(MilestoneStatus.SUBMITTED)
    if terms != "clocked":
        under(books, STAKED_HASH if terms == "staked" else TERMS_HASH)
    books.balances[Account("wallet", FREELANCER, "USD")] = 10_000
    number = opened(books, amount, "50.00")
    if is_answered:
        answered(books, number)
        if payer is not None and terms != "clocked":
            done(books, payer, PayFee(number))
    found = fate(contract(books), books)
    assert found.of(dispute(books, number)).steps
    before = dict(books.rows)
    assert told(found) == happens(books)
    assert before != books.rows
    assert found.ends == (milestone(books).status is MilestoneStatus.RELEASED)


def test_a_milestones_fate_has_that_of_its_dispute_in_it() -> None:
    books, number = disputed(MilestoneStatus.SUBMITTED)
    found = fate(contract(books), books)
    assert found.of(milestone(books)).steps == found.steps
    assert found.of(dispute(books, number)).steps == found.steps
    assert found.steps[-1].pays == (
        Payment(FREELANCER, usd("50.00")),
        Payment(EMPLOYER, usd("50.00")),
    )
    assert clock_of(milestone(books), books) is None, "all of it is frozen"
    under(books, CLOCKED_HASH, fee_bps=1_000)
    assert fate(contract(books), books).steps[-1].pays == (
        Payment(FREELANCER, usd("45.00")),
        Payment(EMPLOYER, usd("50.00")),
    )


# --- the watchman ---------------------------------------------------------------------------------


def test_the_watchman_misses_what_a_dispute_should_hold() -> None:
    books, number = disputed()
    assert broken_invariant(books) is None
    row = dispute(books, number)
    books.balances[row.account] -= 1
    assert "in its dispute" in (broken_invariant(books) or "")
    books.balances[row.account] += 1
    books.balances[row.stake] = 1
    assert "in its stake" in (broken_invariant(books) or "")


def test_one_of_several_events_has_the_moment_of_its_clock() -> None:
    books, number = disputed()
    books.now += 14 * DAY
    events: list[Event] = wind(books)
    moments: list[datetime] = [event.at for event in events]
    assert moments == [NOW + 3 * DAY, NOW + 6 * DAY, NOW + 9 * DAY, NOW + 14 * DAY]
    assert dispute(books, number).status is S.ARBITRATION
