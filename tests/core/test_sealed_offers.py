"""Sealed offers: only a settlement ever shows that there were any."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from typing import Any, Final

import pytest
from tests.core.clocked import CLOCKED_HASH
from tests.core.test_disputes import S, answered, dispute, disputed, got, opened, staked, under
from tests.core.test_silence import clocked, contract, wind
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    NOW,
    STRANGER,
    ask,
    done,
    reason,
    refused,
    the,
    usd,
)

from earnest.core.actions import ACTIONS, Reason
from earnest.core.commands import Event
from earnest.core.contracts import Contract
from earnest.core.disputes.offering import MakeOffer
from earnest.core.disputes.sealing import MakeSealedOffer, SealedOffer
from earnest.core.disputes.staking import PayFee
from earnest.core.disputes.withdrawing import WithdrawDispute
from earnest.core.fate import fate
from earnest.core.rows import Row
from earnest.core.world import World

HOUR: Final = timedelta(hours=1)
MICRO: Final = timedelta(microseconds=1)


def seal(books: World, number: int, who: int, figure: str) -> Event:
    return done(books, who, MakeSealedOffer(number, usd(figure)))


def both(books: World, number: int, offered: str | None, asked: str | None) -> None:
    """What the employer would give, and what the freelancer would take."""
    for who, figure in ((EMPLOYER, offered), (FREELANCER, asked)):
        if figure is not None:
            seal(books, number, who, figure)


def seen(books: World) -> dict[Any, Row]:
    """Every row but what is sealed."""
    return {place: row for place, row in books.rows.items() if place[0] is not SealedOffer}


def test_sixty_and_fifty_settle_at_fifty_five_when_the_round_closes() -> None:
    books, number = disputed()
    both(books, number, "60.00", "50.00")
    books.now += 72 * HOUR - MICRO
    assert wind(books) == []
    books.now += MICRO
    (event,) = wind(books)
    assert (event.name, event.at) == ("dispute.settled", NOW + 72 * HOUR)
    assert got(books) == ("55.00", "45.00")
    assert dispute(books, number).status is S.SETTLED
    assert reason(books, EMPLOYER, MakeSealedOffer(number, usd("1.00"))) is Reason.WRONG_STATUS


def test_the_odd_unit_of_the_midpoint_is_the_freelancers() -> None:
    for offered, asked, paid in (("60.01", "50.00", "55.01"), ("50.00", "50.00", "50.00")):
        books, number = disputed()
        both(books, number, offered, asked)
        books.now += 72 * HOUR
        wind(books)
        assert got(books)[0] == paid


def test_forty_and_sixty_and_one_sided_rounds_and_none_at_all_look_the_same() -> None:
    found = []
    for offered, asked in (("40.00", "60.00"), ("40.00", None), (None, "60.00"), (None, None)):
        books, number = disputed()
        before = seen(books)
        both(books, number, offered, asked)
        assert list(seen(books).items()) == list(before.items()), "nobody sees that there is one"
        told = [step for step in fate(contract(books), books).steps if step.at < NOW + 300 * HOUR]
        books.now += 72 * HOUR
        (event,) = wind(books)
        shown = (event.name, event.at, event.seq, event.transfers, [type(r) for r in event.rows])
        rounds = (dispute(books, number).round, dispute(books, number).closes_at)
        found.append((shown, rounds, [(s.at, s.action, s.pays) for s in told]))
    assert all(each == found[0] for each in found)
    assert found[0][1] == (2, NOW + 144 * HOUR)


def test_the_event_of_a_sealed_offer_is_its_makers_alone() -> None:
    books, number = disputed()
    before = the(books, Contract, CONTRACT)
    event = seal(books, number, EMPLOYER, "60.00")
    assert (event.contract_id, event.seq, event.transfers) == (None, None, ())
    assert [type(row) for row in event.rows] == [SealedOffer]
    assert event.answer == (dispute(books, number),)
    assert the(books, Contract, CONTRACT) == before
    assert reason(books, STRANGER, MakeSealedOffer(number, usd("1.00"))) is Reason.NOT_FOUND


def test_figures_are_in_no_fate_and_no_dry_run() -> None:
    books, number = disputed()
    silent = fate(contract(books), books)
    both(books, number, "60.00", "50.00")
    assert fate(contract(books), books) == silent
    assert not ACTIONS["dispute.sealed_offer"].previewable
    for asked in (MakeOffer(number, usd("1.00")), WithdrawDispute(number)):
        looks = [deepcopy(books) for _ in range(2)]
        looks[1].rows = seen(looks[1])
        first, second = (ask(each, FREELANCER, asked) for each in looks)
        assert isinstance(first, Event)
        assert isinstance(second, Event)
        assert first.transfers == second.transfers
        assert [type(row) for row in first.rows] == [type(row) for row in second.rows]


def test_a_figure_can_be_changed_until_the_round_closes_and_counts_in_no_other() -> None:
    books, number = disputed()
    both(books, number, "10.00", "50.00")
    seal(books, number, EMPLOYER, "40.00")
    books.now += 72 * HOUR
    seal(books, number, EMPLOYER, "60.00")
    assert [event.name for _, event in books.ran_out] == ["dispute.sealed_compared"]
    books.now += 72 * HOUR
    wind(books)
    assert dispute(books, number).status is S.NEGOTIATION, "the freelancer's was for the first"
    both(books, number, "60.00", "50.00")
    books.now += 72 * HOUR
    wind(books)
    assert got(books) == ("55.00", "45.00")


def test_after_three_rounds_there_is_none() -> None:
    books, number = disputed()
    books.now += 216 * HOUR - MICRO
    seal(books, number, EMPLOYER, "60.00")
    books.now += MICRO
    sealed = MakeSealedOffer(number, usd("60.00"))
    assert reason(books, EMPLOYER, sealed) is Reason.NO_ROUND_OPEN
    assert dispute(books, number).status is S.NEGOTIATION
    assert dispute(books, number).closes_at is None


def test_one_that_is_open_when_the_negotiation_ends_is_compared_first() -> None:
    books = clocked()
    under(books, CLOCKED_HASH, negotiation_seconds=4 * 86_400)
    number = answered(books, opened(books))
    books.now += 96 * HOUR - MICRO
    both(books, number, "60.00", "50.00")
    assert dispute(books, number).closes_at == NOW + 96 * HOUR
    unsettled = deepcopy(books)
    books.now += MICRO
    assert [event.name for event in wind(books)] == ["dispute.settled"]
    seal(unsettled, number, EMPLOYER, "10.00")
    unsettled.now += MICRO
    names = [event.name for event in wind(unsettled)]
    assert names == ["dispute.sealed_compared", "dispute.escalated"]


@pytest.mark.parametrize(("offered", "is_settled"), [("60.00", True), ("40.00", False)])
def test_one_that_is_open_when_a_fee_is_paid_is_compared_then(
    offered: str, is_settled: bool
) -> None:
    """By SYSTEM and at that instant: looking at what paying would do shows nothing of it."""
    books, number = staked()
    both(books, number, offered, "50.00")
    event = done(books, EMPLOYER, PayFee(number))
    assert event.name == "dispute.fee_paid"
    names = [event.name for event in wind(books)]
    if is_settled:
        assert names == ["dispute.settled"]
        assert got(books) == ("155.00", "45.00")
    else:
        assert names == ["dispute.sealed_compared"]
        assert dispute(books, number).closes_at is None
        assert refused(books, FREELANCER, MakeSealedOffer(number, usd("1.00"))).reason is (
            Reason.WRONG_STATUS
        )


def test_a_fee_that_is_paid_between_rounds_leaves_none_open() -> None:
    books, number = staked()
    books.now += 300 * HOUR
    wind(books)
    done(books, EMPLOYER, PayFee(number))
    assert dispute(books, number).closes_at is None
    assert wind(books) == []


def test_nobody_seals_more_than_is_frozen() -> None:
    books, number = disputed()
    found = refused(books, EMPLOYER, MakeSealedOffer(number, usd("100.01")))
    assert (found.reason, found.path) == (Reason.MORE_THAN_FROZEN, "/to_freelancer")
