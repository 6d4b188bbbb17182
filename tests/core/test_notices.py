"""Every event tells somebody, or it is said why it tells nobody; and who is told, as what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from earnest.core import batch  # noqa: F401  # It imports every module that has actions.
from earnest.core.actions import ACTIONS
from earnest.core.notices import (
    MONEY,
    OF_STAFF,
    SILENT,
    TOLD,
    Concerned,
    Part,
    Topic,
    told,
)
from earnest.core.payments.row import Payment
from earnest.core.telling import Facts, Notice, topic_of

EMMA, FRANK, OLGA, OMAR, IDA = 11, 12, 13, 14, 15
NOW = datetime(2026, 11, 23, tzinfo=UTC)

#: What an action's event can also be: a gateway that says what does not fit, or a release that
#: can be recalled.
ALSO = {
    f"{each.kind.noun}.break_opened" for each in ACTIONS.values() if issubclass(each.kind, Payment)
} | {"milestone.release_started", "dispute.deferred"}


def test_every_event_is_told_to_somebody_or_it_is_said_why_not() -> None:
    events = {each.event for each in ACTIONS.values()} | ALSO
    assert {*TOLD, *SILENT} == events
    assert TOLD.keys().isdisjoint(SILENT)
    assert all(why.endswith(".") for why in SILENT.values())


def test_what_is_sealed_tells_nobody() -> None:
    sealed = {each.event for each in ACTIONS.values() if each.sealed}
    assert sealed
    assert sealed <= SILENT.keys()


def test_only_staff_is_told_of_the_site() -> None:
    for tellings in TOLD.values():
        for each in tellings:
            assert (each.part is Part.OPERATOR) == (each.topic in OF_STAFF)


def test_nobody_is_told_twice_of_one_event_in_the_catalogue() -> None:
    for tellings in TOLD.values():
        parts = [each.part for each in tellings]
        assert len({*parts}) == len(parts)


def parts(event: str, concerned: Concerned, status: str = "") -> dict[int, Part]:
    return {who: telling.part for who, telling in told(event, concerned, status).items()}


def test_of_two_sides_the_other_is_told_and_of_what_a_clock_did_both() -> None:
    said = Concerned(EMMA, EMMA, FRANK)
    assert parts("contract.said", said) == {FRANK: Part.FREELANCER}
    assert parts("contract.said", Concerned(FRANK, EMMA, FRANK)) == {EMMA: Part.EMPLOYER}
    lapsed = Concerned(0, EMMA, FRANK)
    assert parts("contract.lapsed", lapsed) == {EMMA: Part.EMPLOYER, FRANK: Part.FREELANCER}


def test_an_owner_hears_of_a_withdrawal_in_their_name_and_operators_of_what_waits() -> None:
    asked = Concerned(EMMA, owner_id=EMMA, operators=(OLGA, OMAR))
    assert parts("withdrawal.requested", asked, "approved") == {EMMA: Part.OWNER}
    everybody = {EMMA: Part.OWNER, OLGA: Part.OPERATOR, OMAR: Part.OPERATOR}
    assert parts("withdrawal.requested", asked, "requested") == everybody
    own = Concerned(OLGA, owner_id=OLGA, operators=(OLGA,))
    assert parts("withdrawal.requested", own, "requested") == {OLGA: Part.OWNER}


def test_bidders_hear_of_a_lapsed_project_only_if_it_closed() -> None:
    lapsed = Concerned(0, EMMA, bidders=(FRANK, IDA))
    assert parts("project.lapsed", lapsed, "in_progress") == {EMMA: Part.EMPLOYER}
    assert parts("project.lapsed", lapsed, "closed").keys() == {EMMA, FRANK, IDA}


def test_the_named_arbiter_is_told_with_both_sides_and_nobody_is_told_before_a_naming() -> None:
    named = Concerned(0, EMMA, FRANK, arbiter_id=IDA)
    sides = {EMMA: Part.EMPLOYER, FRANK: Part.FREELANCER}
    assert parts("dispute.arbiter_named", named) == {**sides, IDA: Part.ARBITER}
    assert parts("dispute.exhibited", Concerned(EMMA, EMMA, FRANK)) == {FRANK: Part.FREELANCER}


def test_who_asked_is_told_of_the_answer_if_anybody_did() -> None:
    assert parts("project.answered", Concerned(EMMA, EMMA, asker_id=IDA)) == {IDA: Part.ASKER}
    assert parts("project.answered", Concerned(EMMA, EMMA)) == {}


@pytest.mark.parametrize(
    ("part", "reader", "other"),
    [
        (Part.EMPLOYER, EMMA, FRANK),
        (Part.FREELANCER, FRANK, EMMA),
        (Part.BIDDER, IDA, EMMA),
        (Part.ASKER, IDA, EMMA),
        (Part.OPERATOR, OLGA, OMAR),
        (Part.OWNER, OMAR, None),
        (Part.ARBITER, IDA, None),
    ],
)
def test_each_is_told_who_the_other_one_is(part: Part, reader: int, other: int | None) -> None:
    assert Concerned(0, EMMA, FRANK, OMAR).other_of(part, reader) == other


def test_where_there_is_no_freelancer_yet_the_other_one_is_who_did_it() -> None:
    assert Concerned(IDA, EMMA).other_of(Part.EMPLOYER, EMMA) == IDA
    assert Concerned(0, EMMA).other_of(Part.EMPLOYER, EMMA) is None


def test_a_notice_knows_its_topic_and_whether_it_is_about_money() -> None:
    assert topic_of("contract.lapsed", Part.FREELANCER) is Topic.OFFERS

    def notice(name: str, part: Part) -> Notice:
        return Notice(1, 2, EMMA, name, part, "contract", 3, Facts(), NOW, None)

    assert notice("contract.lapsed", Part.EMPLOYER).is_about_money
    assert not notice("contract.lapsed", Part.FREELANCER).is_about_money
    assert notice("contract.said", Part.EMPLOYER).topic is Topic.MESSAGES
    assert Topic.MESSAGES not in MONEY
    assert notice("contract.said", Part.EMPLOYER).reference.startswith("ntc_")
