"""The proof itself: each preset is searched once, and then looked at from every side."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from earnest.core.actions import ACTIONS
from earnest.core.deferring import COSTLY
from earnest.core.disputes.arbitrating import NameArbiter
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.fate import fate
from earnest.core.milestones.working import Submit
from earnest.core.people import SYSTEM
from earnest.core.terms import BALANCED, DAY, PRESETS, with_fee
from earnest.prove.claims import (
    CREDITS,
    PUT_OFF,
    claims,
    impossible,
    judge_credits,
    preset_named,
    table_of,
)
from earnest.prove.keys import Key, key_of
from earnest.prove.moves import CONCERNED, LEFT_OUT
from earnest.prove.needing import differences, without
from earnest.prove.searching import Found, everything, search
from earnest.prove.silence import lines, silences
from earnest.prove.world import EMPLOYER, FREELANCER, START, Happened, Place, State

if TYPE_CHECKING:
    from earnest.core.terms import Terms

#: Of the states that were come to a second time, each so manieth is looked at.
EACH: Final = 101


class Proved(NamedTuple):
    """A search, and some of the states that it took for others."""

    found: Found
    again: list[State]


def proved(terms: Terms) -> Proved:
    returns, again, count = judge_credits(Place(terms)), list[State](), Counter[Key]()

    def judge(state: State, happened: Happened) -> str | None:
        count["edges",] += 1
        if count["edges",] % EACH == 0:
            again.append(happened.state)
        return returns(state, happened)

    return Proved(search(terms, judge), again)


def steps(state: State, place: Place, terms: Terms) -> Counter[Any]:
    """What can happen next: who does what, and where that leads to."""
    return Counter(
        (who, None if action is None else action.name, happened.pays, key_of(happened.state, terms))
        for who, action, happened in everything(state, place)
    )


@pytest.mark.parametrize("preset", list(PRESETS))
def test_a_preset_keeps_what_is_said_of_it(preset: str) -> None:
    """One test, so that nobody searches a world that another process searches too."""
    world = proved(PRESETS[preset])
    for fact in (*OF_EACH, *OF_ONE[preset]):
        fact(world)


def every_claim_is_met(world: Proved) -> None:
    assert [(each.name, each.detail) for each in claims(world.found) if not each.met] == []


def what_the_table_says_is_what_the_clocks_lead_to(world: Proved) -> None:
    found = world.found
    for line, worst in lines(found).items():
        silence = without(found.states[worst.key], found.place, NameArbiter)
        assert silence == worst.silence, line


def two_states_of_one_key_are_the_same(world: Proved) -> None:
    """Whatever can happen in one can happen in the other, and leads to the same."""
    found, looked = world.found, 0
    for state in world.again:
        first = found.states[key_of(state, found.terms)]
        if first.rows != state.rows:
            looked += 1
            one, other = (steps(each, found.place, found.terms) for each in (first, state))
            assert one == other
    assert looked > 50


def no_action_of_system_could_be_left_out(world: Proved) -> None:
    table = lines(world.found)
    for missing in CONCERNED:
        if missing.by == SYSTEM and missing.name not in impossible(world.found.terms):
            told = differences(world.found, table, missing)
            assert any(each.startswith(f"{NEEDED[missing.name]} | ") for each in told), told


#: A state that would fare otherwise without it.
NEEDED: Final = {
    "clock.defer": "funded",
    "contract.lapse": "offered, funded",
    "milestone.auto_release": "submitted",
    "milestone.staff_return": "funded, to be returned by staff",
    "milestone.return_overdue": "funded, date agreed",
    "milestone.return_dormant": "funded",
    "release.finalize": "funded, a release on its way",
    "tranche.pay": "funded, plan agreed",
    "dispute.default_answer": "funded, all disputed, response, opened by the freelancer",
    "dispute.compare_sealed": "funded, all disputed, negotiation",
    "dispute.escalate": "funded, all disputed, negotiation",
    "dispute.name_arbiter": "all disputed, arbitration, answered, arbiter named",
    "dispute.default_fee": "funded, all disputed, final offers",
    "dispute.default_ruling": "all disputed, arbitration, unanswered, no arbiter",
}


def whoever_takes_accepted_money_back_alone_is_found_out(world: Proved) -> None:
    """The same money, but the employer asked for what only the freelancer may."""
    found = world.found
    edge = next(each for each in found.edges if "milestone.cancel" in each.done)
    state = found.states[edge.source]
    assert edge.action is not None
    happened = found.place.asked(state, FREELANCER, edge.action)
    assert happened is not None
    judge = judge_credits(found.place)
    assert judge(state, happened) is None
    ((command, event),) = happened.events
    forged = happened._replace(events=((replace(command, actor_id=EMPLOYER), event),))
    assert judge(state, forged) == "milestone.cancel returns money to the employer"


def people_act_a_moment_before_each_clock_that_something_is_compared_with(world: Proved) -> None:
    found = world.found
    acted = {edge.source for edge in found.edges if edge.action is not None}
    met = {
        name
        for key, edge in found.silent.items()
        if edge.seconds == 1 and key in acted
        for name in edge.done
    }
    assert {
        "contract.lapse",
        "milestone.auto_release",
        "milestone.staff_return",
        "milestone.return_overdue",
        "milestone.return_dormant",
        "tranche.pay",
        "dispute.default_ruling",
        "dispute.escalate",
    } <= met


def what_a_withdrawal_returns_to_the_employer_was_overdue_while_it_was_frozen(
    world: Proved,
) -> None:
    found = world.found
    judge = judge_credits(found.place)
    late = [each for each in found.edges if each.who == EMPLOYER and RETURNED in each.pays]
    assert late
    for edge in late:
        assert edge.action is not None
        state = found.states[edge.source]
        happened = found.place.asked(state, EMPLOYER, edge.action)
        assert happened is not None
        assert judge(state, happened) is None
        (command, event), *_ = happened.events
        early = happened._replace(events=((command, replace(event, at=START)),))
        assert judge(state, early) == "dispute.withdraw returns money to the employer"


#: The employer lets a dispute go, and gets something by it.
RETURNED: Final = ("dispute.withdraw", frozenset({EMPLOYER}))


def nobody_is_overdue_who_cannot_hand_in_work(world: Proved) -> None:
    """As it was before work could be handed in while all of its money is frozen."""
    found = world.found
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Submit, "is_of_work", False)
        (claim,) = [each for each in claims(found) if each.name == CREDITS]
    assert not claim.met
    assert claim.detail == "the overdue clock runs, and the freelancer cannot hand in work"
    assert claim.path[-1].startswith("the employer: milestone.dispute (amount 3")


def each_clock_is_put_off_once_and_fate_says_the_same_of_it(world: Proved) -> None:
    found = world.found
    costly = {each.name for each in COSTLY}
    told = silences(found)
    for line, worst in lines(found).items():
        key, late = worst.key, worst.silence
        state = found.states[key]
        assert late.steps.count("clock.defer") <= sum(each in costly for each in late.steps), line
        sealed = any(isinstance(row, SealedOffer) for row in state.rows.values())
        if sealed or line.state.startswith("offered") or told[key].gains != late.gains:
            continue
        assert state.contract is not None
        steps = fate(state.contract, found.place.world(state)).steps
        waits = [max(each.at for each in steps), max(each.at_latest for each in steps)]
        assert [int((at - state.now).total_seconds()) for at in waits] == [
            told[key].seconds,
            late.seconds,
        ], line


def what_would_be_otherwise_for_who_was_not_told_is_found_out(world: Proved) -> None:
    found = world.found
    key = next(key for key, each in found.silent.items() if each.done == (RETURNED_DORMANT,))
    edge = found.put_off[key]
    for wrong, said in FORGED:
        forged = replace(found, put_off={key: edge._replace(**wrong)})
        (claim,) = [each for each in claims(forged) if each.name == PUT_OFF]
        assert (claim.met, claim.detail) == (False, said)
        assert claim.path[-1].startswith("nobody acts for ")


#: What may not become of a clock that is put off, and what is said of it.
FORGED: Final[tuple[tuple[dict[str, Any], str], ...]] = (
    ({"gains": ((EMPLOYER, 1),)}, "3 to the employer if told, 4 to the employer if not"),
    ({"seconds": 4 * DAY + 1}, "it waits 7 d longer"),
    ({"done": ()}, "it waits 3 d longer"),
)
RETURNED_DORMANT: Final = "milestone.return_dormant"


def a_dispute_over_a_plan_is_let_go_before_between_and_after_its_dates(world: Proved) -> None:
    found = world.found
    passed: Counter[tuple[int, bool]] = Counter()
    for edge in found.edges:
        state, milestone = found.states[edge.source], found.states[edge.source].milestone
        if "dispute.withdraw" in edge.done and milestone is not None and milestone.plan is not None:
            dispute = state.dispute
            assert dispute is not None
            dates = sum(each <= state.now for each in milestone.plan.dates)
            passed[dates, dispute.tranche_id is not None] += 1
            paid = dict(edge.pays).get("dispute.withdraw", frozenset())
            assert paid <= {FREELANCER}
    assert passed.keys() == {(dates, objected) for dates in range(3) for objected in (True, False)}


#: What is so under every preset, and what can only be looked at under one.
OF_EACH: Final = (
    every_claim_is_met,
    what_the_table_says_is_what_the_clocks_lead_to,
    two_states_of_one_key_are_the_same,
    no_action_of_system_could_be_left_out,
)
OF_ONE: Final = {
    "classic": (whoever_takes_accepted_money_back_alone_is_found_out,),
    "balanced": (
        each_clock_is_put_off_once_and_fate_says_the_same_of_it,
        what_would_be_otherwise_for_who_was_not_told_is_found_out,
        people_act_a_moment_before_each_clock_that_something_is_compared_with,
        what_a_withdrawal_returns_to_the_employer_was_overdue_while_it_was_frozen,
        nobody_is_overdue_who_cannot_hand_in_work,
        a_dispute_over_a_plan_is_let_go_before_between_and_after_its_dates,
    ),
}


def test_every_action_of_system_is_told_to_be_needed() -> None:
    assert {each.name for each in CONCERNED if each.by == SYSTEM} == NEEDED.keys()


def test_what_is_not_looked_at_is_said() -> None:
    kinds = {"Contract", "Milestone", "Release", "Tranche", "Dispute"}
    there = {name for name, each in ACTIONS.items() if each.kind.__name__ in kinds}
    searched = {each.name for each in CONCERNED}
    assert there - searched == LEFT_OUT
    assert searched - there == {"contract.offer"}


@pytest.mark.parametrize("preset", list(PRESETS))
def test_a_preset_is_itself_whatever_the_operator_takes(preset: str) -> None:
    assert preset_named(with_fee(PRESETS[preset], 300)) == preset
    assert Place(with_fee(PRESETS[preset], 300)).other.fee_bps == 300
    assert table_of(preset) == sorted(table_of(preset))
    assert preset_named(replace(BALANCED, accept_seconds=DAY)) is None
