"""What an action class says of itself: the registry, its amounts, its accounts, its buttons."""

from __future__ import annotations

from typing import Any

import pytest
from tests.core.disputed import DISPUTE
from tests.core.samples import sample
from tests.core.worlds import (
    ARBITER,
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    STRANGER,
    reason,
    refused,
    suspend,
    the,
    usd,
    world,
)

from earnest.core.actions import ACTIONS, Action, Reason, action, offered
from earnest.core.contracts import Contract, ContractStatus, OfferContract
from earnest.core.disputes.arbitrating import NameArbiter
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.milestones.working import Submit
from earnest.core.money import Money
from earnest.core.people import EMPLOYER as BY_EMPLOYER
from earnest.core.people import SYSTEM_ID, Party, User
from earnest.core.projects.row import Project
from earnest.core.world import World

#: What is asked of a part of a milestone and told of all of it.
OF_ITS_MILESTONE = {"release.finalize", "tranche.pay", "tranche.object"}
#: The clock that is put off is a milestone's, or its dispute's.
OF_A_CLOCK = {"clock.defer"}


def test_every_name_is_the_noun_and_the_verb() -> None:
    for name, each in ACTIONS.items():
        noun, _, verb = name.partition(".")
        nouns = {each.kind.noun, each.makes.noun if each.makes else ""}
        assert noun in nouns or name in OF_A_CLOCK
        # What is paid or disputed is told of its milestone, whichever way it came about.
        assert each.event.startswith(f"{noun}.") or name in OF_ITS_MILESTONE | OF_A_CLOCK
        assert verb


def test_the_registry_has_each_name_once() -> None:
    with pytest.raises(AssertionError, match=r"milestone\.release is there twice"):

        @action
        class Again(Action[Milestone]):
            """Say the same again."""

            name = "milestone.release"
            kind = Milestone
            by = BY_EMPLOYER
            when = frozenset(MilestoneStatus)
            event = "milestone.released"

            subject_id: int

    assert ACTIONS["milestone.release"] is ReleaseMilestone


def test_an_action_that_decides_nothing_is_a_bug() -> None:
    with pytest.raises(NotImplementedError):
        Action[Any]().decide(the(world(), Milestone, MILESTONE), world())


def test_what_an_action_says_unless_it_says_otherwise() -> None:
    books = world()
    plain = OfferContract(EMPLOYER, FREELANCER, "USD")
    assert list(Submit(MILESTONE).people()) == []
    assert list(plain.people()) == [FREELANCER]
    assert list(NameArbiter(DISPUTE, ARBITER).people()) == [ARBITER]
    assert list(plain.accounts(the(books, User, EMPLOYER), books)) == []
    assert plain.items() == 1


def test_amounts_are_found_with_their_pointers() -> None:
    lines = (Line("a", usd("1.00")), Line("b", usd("2.00")))
    assert list(FundContract(CONTRACT, lines).amounts()) == [
        ("/milestones/0/amount", usd("1.00"), False),
        ("/milestones/1/amount", usd("2.00"), False),
    ]
    assert list(Accept(CONTRACT, "", usd("0.00"), "").amounts()) == [("/funded", usd("0.00"), True)]
    assert list(ReleaseMilestone(MILESTONE).amounts()) == []
    assert list(Submit(MILESTONE, "done", ("https://example.org",)).amounts()) == []


def test_a_wrong_amount_is_refused_before_what_it_would_do() -> None:
    books = world()
    negative = refused(books, EMPLOYER, ReleaseMilestone(MILESTONE, Money(-1, "USD")))
    assert (negative.reason, negative.path) == (Reason.AMOUNT_NOT_POSITIVE, "/amount")


def test_a_suspended_person_is_not_offered_what_opens_something() -> None:
    books = world(ContractStatus.ACTIVE, MilestoneStatus.REQUESTED)
    milestone = the(books, Milestone, MILESTONE)
    before = offered(milestone, the(books, User, EMPLOYER), books)
    suspend(books, EMPLOYER)
    after = offered(milestone, the(books, User, EMPLOYER), books)
    assert set(before) - set(after) == {"milestone.fund"}


def test_a_stranger_is_offered_nothing() -> None:
    books = world()
    stranger = the(books, User, STRANGER)
    assert offered(the(books, Milestone, MILESTONE), stranger, books) == ()
    assert offered(the(books, Contract, CONTRACT), stranger, books) == ()


def test_system_is_offered_nothing() -> None:
    books = world()
    for row in list(books.rows.values()):
        if type(row) in {each.kind for each in ACTIONS.values()}:
            assert offered(row, books.rows[User, SYSTEM_ID], books) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(ACTIONS))
def test_a_refused_action_leaves_no_trace(name: str) -> None:
    books = world()
    before = state(books)
    kind, by = ACTIONS[name].kind, ACTIONS[name].by
    who = {User: FREELANCER, Project: EMPLOYER if Party.ANYONE in by else STRANGER}
    expected = Reason.NOT_YOUR_PART if kind is Project else Reason.NOT_FOUND
    assert reason(books, who.get(kind, STRANGER), sample(name, books)) is expected
    assert state(books) == before


def test_what_is_refused_for_want_of_money_leaves_no_trace_either() -> None:
    """It was decided, and only then was there not enough."""
    books = world()
    before = state(books)
    lines = (Line("there is enough", usd("1.00")), Line("and not for this", usd("1000.00")))
    assert reason(books, EMPLOYER, FundContract(CONTRACT, lines)) is Reason.NOT_ENOUGH_MONEY
    assert state(books) == before


def state(books: World) -> tuple[object, ...]:
    """All that a command could leave behind, but for its outcome."""
    held = {account: minor for account, minor in books.balances.items() if minor}
    return (dict(books.rows), held, dict(books.deltas), dict(books.moved), dict(books.written))
