"""Arbitration: who may rule, after what, and what becomes of the fees."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

import pytest
from tests.core.test_disputes import S, dispute, disputed, got, in_account, opened, staked
from tests.core.test_silence import clocked, milestone, wind
from tests.core.worlds import (
    ARBITER,
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    NOW,
    OPERATOR,
    STRANGER,
    SYSTEM,
    ask,
    done,
    made,
    person,
    reason,
    refused,
    suspend,
    the,
    usd,
    world,
)

from earnest.core.actions import Action, Reason
from earnest.core.contracts import About, Contract, ContractStatus, Message
from earnest.core.disputes.arbitrating import (
    AskSides,
    NameArbiter,
    Naming,
    RefuseArbiter,
    Rule,
    Ruling,
    Take,
)
from earnest.core.disputes.exhibiting import (
    EXHIBITS_MAX,
    AddExhibit,
    Exhibit,
    ExhibitKind,
    OpenExhibit,
)
from earnest.core.disputes.offering import AcceptOffer, Concede
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.row import Dispute, Offer
from earnest.core.disputes.staking import PayFee
from earnest.core.files import Bytes, File, FileType
from earnest.core.house import House
from earnest.core.milestones.row import Milestone
from earnest.core.people import NOBODY, Party, Role, User, UserStatus
from earnest.core.records import replace
from earnest.core.world import World

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
MICRO: Final = timedelta(microseconds=1)
OTHER: Final = 7


def arbitrated(*, exhibits: int = 0) -> tuple[World, int]:
    """14 days were negotiated, the freelancer for 80.00 and the employer for 20.00."""
    books, number = disputed()
    books.rows[User, OTHER] = person(OTHER, Role.ARBITER)
    for place in range(exhibits):
        done(books, (EMPLOYER, FREELANCER)[place % 2], AddExhibit(number, text="See."))
    books.now = NOW + 14 * DAY
    wind(books)
    return books, number


def taken(*, exhibits: int = 0) -> tuple[World, int]:
    """The same, and somebody was named and has taken it on."""
    books, number = arbitrated(exhibits=exhibits)
    done(books, SYSTEM, NameArbiter(number, ARBITER))
    done(books, ARBITER, Take(number))
    return books, number


def rule(number: int, figure: str = "40.00", exhibits: tuple[int, ...] = ()) -> Rule:
    return Rule(number, usd(figure), "So it is.", exhibits)


# --- who ------------------------------------------------------------------------------------------


def test_only_who_was_named_is_the_arbiter_and_only_of_that_dispute() -> None:
    books, number = arbitrated()
    assert reason(books, ARBITER, Take(number)) is Reason.NOT_FOUND
    event = done(books, SYSTEM, NameArbiter(number, ARBITER))
    assert made(event, Naming).arbiter_id == ARBITER
    assert reason(books, SYSTEM, NameArbiter(number, OTHER)) is Reason.ARBITER_ALREADY_NAMED
    assert reason(books, OTHER, Take(number)) is Reason.NOT_FOUND
    assert reason(books, OPERATOR, Take(number)) is Reason.NOT_YOUR_PART
    for asked in (rule(number), AskSides(number, "Why?"), OpenExhibit(number, 1)):
        assert reason(books, ARBITER, asked) is Reason.NOT_TAKEN
    done(books, ARBITER, Take(number))
    assert reason(books, ARBITER, Take(number)) is Reason.ALREADY_TAKEN
    suspend(books, ARBITER)
    assert reason(books, ARBITER, rule(number)) is Reason.NOT_FOUND


@pytest.mark.parametrize("who", [EMPLOYER, FREELANCER])
def test_a_party_who_is_an_arbiter_elsewhere_rules_on_nothing_of_theirs(who: int) -> None:
    books, number = arbitrated()
    books.rows[User, who] = person(who, Role.ARBITER)
    found = refused(books, SYSTEM, NameArbiter(number, who))
    assert (found.reason, found.path) == (Reason.CONFLICT_OF_INTEREST, "/arbiter")
    books.rows[Dispute, number] = replace(
        dispute(books, number), arbiter_id=who, named_at=books.now, taken_at=books.now
    )
    assert reason(books, who, rule(number)) is Reason.CONFLICT_OF_INTEREST


@pytest.mark.parametrize("side", [EMPLOYER, FREELANCER])
@pytest.mark.parametrize("status", ContractStatus)
def test_who_ever_was_in_a_contract_with_either_side_is_not_named(
    side: int, status: ContractStatus
) -> None:
    books, number = arbitrated()
    _acquaint(books, side, status)
    outcome = ask(books, SYSTEM, NameArbiter(number, ARBITER))
    met = status in {ContractStatus.ACTIVE, ContractStatus.ENDED}
    assert getattr(outcome, "reason", None) == (Reason.CONFLICT_OF_INTEREST if met else None)


def _acquaint(books: World, side: int, status: ContractStatus) -> None:
    other = replace(
        the(books, Contract, CONTRACT),
        id=11,
        employer_id=side,
        freelancer_id=ARBITER,
        status=status,
    )
    books.rows[Contract, 11] = other


def test_who_comes_to_have_one_after_the_naming_neither_takes_it_on_nor_rules() -> None:
    books, number = arbitrated()
    done(books, SYSTEM, NameArbiter(number, ARBITER))
    late = world(people=[])
    late.rows, late.now, late.rulebooks = dict(books.rows), books.now, books.rulebooks
    late.balances = dict(books.balances)
    _acquaint(late, EMPLOYER, ContractStatus.ACTIVE)
    assert reason(late, ARBITER, Take(number)) is Reason.CONFLICT_OF_INTEREST
    done(books, ARBITER, Take(number))
    _acquaint(books, FREELANCER, ContractStatus.ACTIVE)
    assert reason(books, ARBITER, rule(number)) is Reason.CONFLICT_OF_INTEREST


def test_whether_two_people_know_each_other_is_never_guessed() -> None:
    with pytest.raises(AssertionError, match="nobody looked"):
        world().acquainted(ARBITER, EMPLOYER)


@pytest.mark.parametrize("who", [999, STRANGER, "suspended"])
def test_nobody_else_is_named(who: object) -> None:
    books, number = arbitrated()
    if who == "suspended":
        books.rows[User, OTHER] = person(OTHER, Role.ARBITER, status=UserStatus.SUSPENDED)
    number_of = who if isinstance(who, int) else OTHER
    assert reason(books, SYSTEM, NameArbiter(number, number_of)) is Reason.NOT_AN_ARBITER


def test_each_side_refuses_once_within_two_days() -> None:
    books, number = arbitrated()
    assert reason(books, EMPLOYER, RefuseArbiter(number)) is Reason.NO_ARBITER_NAMED
    done(books, SYSTEM, NameArbiter(number, ARBITER))
    done(books, ARBITER, Take(number))
    books.now += 48 * HOUR - MICRO
    done(books, EMPLOYER, RefuseArbiter(number))
    assert reason(books, ARBITER, rule(number)) is Reason.NOT_FOUND
    assert reason(books, SYSTEM, NameArbiter(number, ARBITER)) is Reason.NAMED_BEFORE
    done(books, SYSTEM, NameArbiter(number, OTHER))
    assert reason(books, EMPLOYER, RefuseArbiter(number)) is Reason.REFUSED_BEFORE
    books.now += 48 * HOUR
    assert reason(books, FREELANCER, RefuseArbiter(number)) is Reason.TOO_LATE_TO_REFUSE
    assert dispute(books, number).ends_at == NOW + 28 * DAY, "no clock moves"


def test_an_arbiter_who_stays_silent_is_followed_by_another_who_opens_all_anew() -> None:
    books, number = taken(exhibits=2)
    done(books, ARBITER, OpenExhibit(number, 1))
    done(books, ARBITER, OpenExhibit(number, 2))
    books.now = NOW + 28 * DAY
    assert reason(books, ARBITER, rule(number)) is Reason.NOT_FOUND
    row = dispute(books, number)
    assert (row.arbiter_id, row.opened, row.next_arbiters) == (None, 0, 1)
    assert row.ends_at == NOW + 35 * DAY
    done(books, SYSTEM, NameArbiter(number, OTHER))
    done(books, OTHER, Take(number))
    done(books, OTHER, OpenExhibit(number, 1))
    assert reason(books, OTHER, rule(number)) is Reason.EXHIBIT_UNOPENED
    done(books, OTHER, OpenExhibit(number, 2))
    done(books, OTHER, rule(number))
    assert got(books) == ("40.00", "60.00")


def test_a_ruling_at_the_very_end_is_too_late() -> None:
    for early, code in ((MICRO, None), (0 * MICRO, Reason.NOT_FOUND)):
        books, number = taken()
        books.now = NOW + 28 * DAY - early
        outcome = ask(books, ARBITER, rule(number))
        assert getattr(outcome, "reason", None) == code


# --- what was shown -------------------------------------------------------------------------------


def test_a_ruling_with_one_exhibit_unopened_is_refused() -> None:
    books, number = taken(exhibits=3)
    for place in (1, 2):
        assert reason(books, ARBITER, rule(number)) is Reason.EXHIBIT_UNOPENED
        done(books, ARBITER, OpenExhibit(number, place))
    assert reason(books, ARBITER, OpenExhibit(number, 2)) is Reason.ALREADY_OPENED
    assert reason(books, ARBITER, OpenExhibit(number, 4)) is Reason.EXHIBIT_UNKNOWN
    assert reason(books, ARBITER, rule(number)) is Reason.EXHIBIT_UNOPENED
    done(books, ARBITER, OpenExhibit(number, 3))
    assert reason(books, ARBITER, OpenExhibit(number, 3)) is Reason.ALREADY_OPENED
    found = refused(books, ARBITER, rule(number, exhibits=(3, 4)))
    assert (found.reason, found.path) == (Reason.EXHIBIT_UNKNOWN, "/exhibits/1")
    assert reason(books, ARBITER, rule(number, "100.01")) is Reason.MORE_THAN_FROZEN
    event = done(books, ARBITER, rule(number, exhibits=(3, 1)))
    ruling = made(event, Ruling)
    assert (ruling.arbiter_id, ruling.exhibits, ruling.reasons) == (ARBITER, (3, 1), "So it is.")
    assert (event.name, dispute(books, number).status) == ("dispute.ruled", S.RULED)
    assert got(books) == ("40.00", "60.00")
    assert reason(books, ARBITER, rule(number)) is Reason.WRONG_STATUS


def test_what_is_asked_gives_both_two_days_to_show_more_and_no_ruling_in_them() -> None:
    books, number = taken()
    more = AddExhibit(number, text="See.")
    assert reason(books, EMPLOYER, more) is Reason.EXHIBITS_CLOSED
    said = made(done(books, ARBITER, AskSides(number, "Why?")), Message)
    assert (said.about, said.sender_id) == (About.DISPUTE, ARBITER)
    assert reason(books, ARBITER, AskSides(number, "Why?")) is Reason.EXHIBITS_OPEN
    books.now += 48 * HOUR - MICRO
    done(books, EMPLOYER, more)
    done(books, ARBITER, OpenExhibit(number, 1))
    assert reason(books, ARBITER, rule(number)) is Reason.EXHIBITS_OPEN
    books.now += MICRO
    assert reason(books, FREELANCER, more) is Reason.EXHIBITS_CLOSED
    assert dispute(books, number).ends_at == NOW + 28 * DAY
    done(books, ARBITER, rule(number))


def test_nothing_is_asked_in_the_last_two_days() -> None:
    books, number = taken()
    books.now = NOW + 26 * DAY - MICRO
    done(books, ARBITER, AskSides(number, "Why?"))
    books, number = taken()
    books.now = NOW + 26 * DAY
    assert reason(books, ARBITER, AskSides(number, "Why?")) is Reason.TOO_LATE_TO_ASK


def file_of(books: World, who: int, size: int = 10) -> int:
    row = File(800 + size, who, "a.txt", size, FileType.TEXT, "f" * 64, NOW)
    books.rows[File, row.id] = row
    return row.id


def test_an_exhibit_is_a_file_or_a_link_or_a_text_with_its_digest() -> None:
    books, number = disputed()
    number_of = file_of(books, EMPLOYER)
    event = done(books, EMPLOYER, AddExhibit(number, file=number_of))
    shown = made(event, Exhibit)
    assert (shown.type, shown.text, shown.sha256) == (ExhibitKind.FILE, "a.txt", "f" * 64)
    assert event.files == {shown.id: (the(books, File, number_of),)}
    assert event.answer == (shown,)
    assert shown.key == (number, 1)
    link = made(done(books, FREELANCER, AddExhibit(number, link="https://example.org/é")), Exhibit)
    assert (link.type, link.position) == (ExhibitKind.LINK, 2)
    assert link.sha256 == sha256("https://example.org/é".encode()).hexdigest()
    text = made(done(books, FREELANCER, AddExhibit(number, text="See")), Exhibit)
    assert (text.type, text.size, text.files) == (ExhibitKind.TEXT, 3, 0)
    row = dispute(books, number)
    assert (row.opener_exhibits, row.other_exhibits, row.other_bytes) == (2, 1, 10)
    assert row.opener_bytes == 3 + 22
    for given in ({}, {"text": "x", "link": "y"}, {"text": "x", "file": number_of}):
        asked = AddExhibit(number, **given)
        assert reason(books, EMPLOYER, asked) is Reason.FILE_LINK_OR_TEXT
    found = refused(books, FREELANCER, AddExhibit(number, file=number_of))
    assert (found.reason, found.path) == (Reason.FILE_UNKNOWN, "/file")


def test_each_side_shows_so_many_and_so_much() -> None:
    books, number = disputed()
    books.house = House(exhibits_bytes_max=100)
    done(books, EMPLOYER, AddExhibit(number, file=file_of(books, EMPLOYER, 80)))
    found = refused(books, EMPLOYER, AddExhibit(number, file=file_of(books, EMPLOYER, 21)))
    assert (found.reason, found.facts) == (
        Reason.EXHIBITS_TOO_LARGE,
        {"limit": Bytes(100), "left": Bytes(20)},
    )
    done(books, FREELANCER, AddExhibit(number, file=file_of(books, FREELANCER, 99)))
    for _ in range(EXHIBITS_MAX - 1):
        done(books, EMPLOYER, AddExhibit(number, text="x"))
    assert reason(books, EMPLOYER, AddExhibit(number, text="x")) is Reason.TOO_MANY_EXHIBITS
    done(books, FREELANCER, AddExhibit(number, text="x"))


# --- money ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ruled", "expected", "lost"),
    [
        ("49.99", ("144.99", "50.01"), 500),  # Nearer to the employer's 20.00.
        ("50.01", ("150.01", "44.99"), 500),
        ("50.00", ("150.00", "50.00"), 0),
        ("100.00", ("200.00", "-5.00"), 500),
    ],
)
def test_whose_last_offer_was_further_off_the_ruling_loses_the_fee(
    ruled: str, expected: tuple[str, str], lost: int
) -> None:
    books, number = staked()
    done(books, EMPLOYER, PayFee(number))
    done(books, FREELANCER, PayFee(number))
    done(books, SYSTEM, NameArbiter(number, ARBITER))
    done(books, ARBITER, Take(number))
    done(books, ARBITER, rule(number, ruled))
    assert got(books) == expected
    assert sum(n for a, n in books.deltas.items() if a.kind == "fees") == lost
    assert in_account(books, "stake", number) == in_account(books, "dispute", number) == 0


def test_an_unanswered_dispute_is_ruled_on_without_a_fee() -> None:
    books = clocked()
    number = opened(books)
    books.now += 7 * DAY
    wind(books)
    done(books, SYSTEM, NameArbiter(number, ARBITER))
    done(books, ARBITER, Take(number))
    done(books, ARBITER, rule(number, "0.00"))
    assert got(books) == ("0.00", "100.00")


@pytest.mark.parametrize(
    ("who", "asked", "paid"),
    [
        (EMPLOYER, Concede, "80.00"),
        (EMPLOYER, lambda n: AcceptOffer(n, 1), "80.00"),
        (FREELANCER, lambda n: AcceptOffer(n, 2), "20.00"),
    ],
    ids=["concede", "employer", "freelancer"],
)
def test_until_the_ruling_both_can_still_end_it(
    who: int, asked: Callable[[int], Action[Any]], paid: str
) -> None:
    books, number = taken()
    row = dispute(books, number)
    action = asked(number)
    if isinstance(action, AcceptOffer):
        offers = {1: row.opener_offer_id, 2: row.other_offer_id}
        action = AcceptOffer(number, offers[action.offer] or 0)
    done(books, who, action)
    assert got(books)[0] == paid


def test_what_belongs_to_a_dispute_is_seen_by_its_parties_and_its_arbiter() -> None:
    books, number = taken(exhibits=1)
    offer = next(row for row in books.rows.values() if isinstance(row, Offer))
    exhibit = the(books, Exhibit, (number, 1))
    for row in (dispute(books, number), offer, exhibit):
        asked = {who: row.parties(the(books, User, who), books) for who in (EMPLOYER, ARBITER)}
        assert asked == {EMPLOYER: {Party.EMPLOYER}, ARBITER: {Party.ARBITER}}
        assert row.parties(the(books, User, OTHER), books) == NOBODY
    del books.rows[Contract, CONTRACT]
    assert dispute(books, number).parties(the(books, User, EMPLOYER), books) == NOBODY
    del books.rows[Dispute, number]
    for row in (offer, exhibit):
        assert row.parties(the(books, User, EMPLOYER), books) == NOBODY


def test_two_disputes_of_a_contract_have_each_their_own_arbiter() -> None:
    books, number = taken()
    other = replace(milestone(books), id=21, frozen=usd("0.00"), wakes_at=None)
    books.rows[Milestone, 21] = other
    books.balances[other.escrow] = other.amount.minor
    asked = DisputeMilestone(21, usd("10.00"), usd("10.00"), "Look.")
    second = made(done(books, FREELANCER, asked), Dispute).id
    books.now += 7 * DAY
    wind(books)
    done(books, SYSTEM, NameArbiter(second, OTHER))
    assert reason(books, OTHER, Take(number)) is Reason.NOT_FOUND
    assert reason(books, ARBITER, Take(second)) is Reason.NOT_FOUND
    done(books, OTHER, Take(second))
    done(books, OTHER, rule(second, "4.00"))
    done(books, ARBITER, rule(number, "40.00"))
    assert got(books) == ("44.00", "66.00")
