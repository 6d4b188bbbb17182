"""People: which part somebody has in what, and that nobody has two."""

from __future__ import annotations

import pytest
from tests.core.worlds import (
    ARBITER,
    CONTRACT,
    DEPOSIT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    OPERATOR,
    PROJECT,
    QUESTION,
    STRANGER,
    SYSTEM,
    later,
    person,
    reason,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason, parties_of
from earnest.core.contracts import About, Contract, Message, OfferContract
from earnest.core.milestones.releasing import Release, ReleaseMilestone, ReleaseStatus
from earnest.core.milestones.row import Milestone
from earnest.core.payments.depositing import Deposit, ExpireDeposit
from earnest.core.people import OfferCounter, Party, Role, User, sorted_roles, staff
from earnest.core.projects.row import Project
from earnest.core.rows import Row
from earnest.core.world import World

FINAL = ReleaseStatus.FINAL
RELEASE = Release(50, CONTRACT, MILESTONE, usd("1.00"), usd("0.00"), FINAL, None, NOW)
MESSAGE = Message(51, CONTRACT, None, None, None, EMPLOYER, About.CONVERSATION, "Hello.", (), NOW)


def parts(books: World, row: Row, who: int) -> set[str]:
    return {party.value for party in parties_of(row, the(books, User, who), books)}


@pytest.mark.parametrize("kind", [Contract, Milestone, Release, Message])
def test_everything_of_a_contract_has_the_parties_of_the_contract(kind: type[Row]) -> None:
    books = world()
    rows = {Release: RELEASE, Message: MESSAGE}
    found = {Contract: CONTRACT, Milestone: MILESTONE}
    row = rows[kind] if kind in rows else the(books, kind, found[kind])
    assert parts(books, row, EMPLOYER) == {"employer"}
    assert parts(books, row, FREELANCER) == {"freelancer"}
    assert parts(books, row, OPERATOR) == {"operator"}
    assert parts(books, row, SYSTEM) == {"system"}
    assert parts(books, row, STRANGER) == set()
    assert parts(books, row, ARBITER) == set()


def test_what_has_lost_its_contract_is_nobodys() -> None:
    books = world()
    milestone = the(books, Milestone, MILESTONE)
    del books.rows[Contract, CONTRACT]
    for row in (milestone, RELEASE, MESSAGE):
        assert parts(books, row, EMPLOYER) == set()


def test_what_is_said_about_a_project_and_the_project_itself_are_public() -> None:
    books = world()
    assert parts(books, the(books, Project, PROJECT), EMPLOYER) == {"employer"}
    assert parts(books, the(books, Project, PROJECT), STRANGER) == {"anyone"}
    assert parts(books, the(books, Project, PROJECT), OPERATOR) == {"anyone", "operator"}
    for who in (EMPLOYER, STRANGER, FREELANCER):
        assert parts(books, the(books, Message, QUESTION), who) == {"anyone"}


def test_an_operator_who_is_a_party_has_no_operators_part() -> None:
    books = world(people=[person(EMPLOYER, Role.OPERATOR)])
    later(books, days=8)
    assert parts(books, the(books, Contract, CONTRACT), EMPLOYER) == {"employer"}
    assert parts(books, the(books, Deposit, DEPOSIT), EMPLOYER) == {"anyone"}
    assert reason(books, EMPLOYER, ExpireDeposit(DEPOSIT)) is Reason.NOT_YOUR_PART


def test_on_their_own_row_a_person_is_anyone_and_an_employer() -> None:
    books = world()
    own = the(books, User, EMPLOYER)
    assert parts(books, own, EMPLOYER) == {"anyone", "employer"}
    assert parts(books, own, OPERATOR) == {"operator"}
    assert parts(books, own, FREELANCER) == set()


def test_nobody_offers_in_the_name_of_another() -> None:
    offer = OfferContract(EMPLOYER, STRANGER, "USD")
    assert reason(world(), FREELANCER, offer) is Reason.NOT_FOUND
    assert reason(world(), OPERATOR, offer) is Reason.NOT_YOUR_PART


def test_the_clock_has_no_part_in_a_release() -> None:
    assert reason(world(), SYSTEM, ReleaseMilestone(MILESTONE)) is Reason.NOT_YOUR_PART


def test_only_the_operators_role_makes_a_part() -> None:
    assert staff(person(OPERATOR)) == {Party.OPERATOR}
    assert staff(person(ARBITER)) == set()
    assert staff(person(STRANGER, Role.ARBITER, Role.OPERATOR)) == {Party.OPERATOR}


def test_only_number_zero_is_the_system() -> None:
    assert person(SYSTEM).is_system
    assert not person(EMPLOYER).is_system


def test_roles_are_shown_by_name() -> None:
    assert sorted_roles({Role.OPERATOR, Role.ARBITER}) == ["arbiter", "operator"]


def test_rows_are_found_by_their_key_and_shown_by_their_reference() -> None:
    assert OfferCounter(1, 2, 0).key == (1, 2)
    assert person(EMPLOYER).key == EMPLOYER
    assert person(EMPLOYER).reference == "usr_0000000000001"
