"""The fate line is what happens: the same dates, amounts and people; asking changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.core.clocked import CLOCKED, CLOCKED_HASH
from tests.core.test_silence import clocked, contract, milestone, submitted, wind
from tests.core.worlds import (
    ANSWERED_WITHIN,
    CONTRACT,
    DEPOSIT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    PROJECT,
    WHOLE,
    WITHDRAWAL,
    done,
    made,
    the,
    usd,
    world,
)

from earnest.core.contracts import Contract, ContractStatus
from earnest.core.fate import Fate, Payment, Step, fate, within
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.payments.depositing import Deposit, DepositStatus
from earnest.core.payments.row import EXPIRES_AFTER
from earnest.core.payments.withdrawing import Withdrawal, WithdrawalStatus
from earnest.core.projects.row import CHOOSING, Project, ProjectStatus
from earnest.core.records import replace
from earnest.core.world import World


def told(found: Fate) -> list[tuple[str, timedelta, tuple[Payment, ...]]]:
    return [(step.action, step.at - NOW, step.pays) for step in found.steps]


def happens(books: World) -> list[tuple[str, timedelta, tuple[Payment, ...]]]:
    """What the clock does when so much time has passed that nothing is left to do."""
    before = len(books.ran_out)
    books.now += timedelta(days=2_000)
    wind(books)
    return [
        (
            asked.action.name,
            event.at - NOW,
            tuple(
                Payment(t.credit.owner, t.amount)
                for t in event.transfers
                if t.credit.kind == "wallet"
            ),
        )
        for asked, event in books.ran_out[before:]
    ]


def test_handed_in_and_then_silence_is_paid_to_the_freelancer() -> None:
    books = clocked()
    submitted(books)
    before = (dict(books.rows), dict(books.balances), dict(books.outcomes))
    found = fate(contract(books), books)
    assert told(found) == [
        ("milestone.auto_release", timedelta(days=14), (Payment(FREELANCER, WHOLE),))
    ]
    assert found.ends
    assert (books.rows, books.balances, books.outcomes) == before
    assert told(found) == happens(books)


def test_what_is_on_its_way_and_what_is_held_have_each_their_own() -> None:
    books = clocked(agreed=True)
    release = made(done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("30.00"))), Release)
    found = fate(contract(books), books)
    assert [step.action for step in found.steps] == ["release.finalize", "milestone.return_overdue"]
    assert found.steps[0].pays == (Payment(FREELANCER, usd("30.00")),)
    assert found.steps[1].pays == (Payment(EMPLOYER, usd("70.00")),)
    assert found.of(release).steps == found.steps[:1]
    assert found.of(milestone(books)).steps == found.steps
    assert found.of(contract(books)).steps == ()
    alone = fate(the(books, Release, release.id), books)
    assert (alone.steps, alone.ends) == (found.steps[:1], False)
    assert told(found) == happens(books)


def test_under_the_original_rules_work_that_was_handed_in_has_no_end() -> None:
    books = world(milestone=MilestoneStatus.SUBMITTED)
    found = fate(contract(books), books)
    assert (found.steps, found.ends) == ((), False)


def test_an_offer_lapses_and_returns_what_it_holds() -> None:
    books = world(ContractStatus.OFFERED)
    found = fate(contract(books), books)
    assert told(found) == [("contract.lapse", ANSWERED_WITHIN, (Payment(EMPLOYER, WHOLE),))]
    assert found.ends


def test_a_project_nobody_is_chosen_in_lapses() -> None:
    books = world()
    found = fate(the(books, Project, PROJECT), books)
    assert [(step.action, step.pays) for step in found.steps] == [
        ("project.lapse", (Payment(EMPLOYER, WHOLE),))
    ]


def test_what_happens_until_a_day_is_the_beginning_of_the_fate() -> None:
    books = clocked(agreed=True)
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("30.00")))
    final, late = fate(contract(books), books).steps
    assert within(contract(books), books, final.at) == [final]
    before = late.at - timedelta(seconds=1)
    assert [step.action for step in within(contract(books), books, before)] == [final.action]
    steps = within(contract(books), books, late.at)
    assert [(step.at, step.pays) for step in steps] == [(s.at, s.pays) for s in (final, late)]
    books = world(ContractStatus.OFFERED, awarded=True)
    project = the(books, Project, PROJECT)
    (lapse,) = fate(project, books).steps
    assert within(project, books, lapse.at) == [lapse]
    assert within(project, books, lapse.at - timedelta(seconds=1)) == []
    assert within(contract(books), books, lapse.at) == list(fate(contract(books), books).steps)


def test_a_project_that_is_closed_has_no_fate() -> None:
    books = world(project=ProjectStatus.CLOSED)
    assert fate(the(books, Project, PROJECT), books) == Fate((), ends=False)


def test_a_project_lapses_only_after_the_offer_that_somebody_has_to_answer() -> None:
    books = world(ContractStatus.OFFERED, awarded=True)
    project = the(books, Project, PROJECT)
    closes = project.closes_at + CHOOSING - NOW
    assert told(fate(project, books)) == [("project.lapse", closes, (Payment(EMPLOYER, WHOLE),))]
    late = replace(project, closes_at=NOW - CHOOSING)
    books.put(late)
    assert [step.at - NOW for step in fate(late, books).steps] == [ANSWERED_WITHIN]


def test_a_release_that_is_final_has_no_fate_and_a_fee_is_paid_to_nobody() -> None:
    books = clocked()
    books.rulebooks[CLOCKED_HASH] = replace(CLOCKED, fee_bps=1_000)
    release = made(done(books, EMPLOYER, ReleaseMilestone(MILESTONE)), Release)
    (final,) = fate(release, books).steps
    assert final.pays == (Payment(FREELANCER, usd("90.00")),)
    happens(books)
    assert fate(the(books, Release, release.id), books).steps == ()


@pytest.mark.parametrize("status", [ContractStatus.ENDED, ContractStatus.LAPSED])
def test_what_is_over_has_no_fate(status: ContractStatus) -> None:
    books = world(status, None)
    assert fate(the(books, Contract, CONTRACT), books) == Fate((), ends=True)


def test_a_deposit_that_nobody_pays_is_closed_after_a_week_and_moves_nothing() -> None:
    books = world(milestone=None)
    found = fate(the(books, Deposit, DEPOSIT), books)
    assert told(found) == [("deposit.expire", EXPIRES_AFTER, ())]
    assert (found.steps[0].event, found.ends) == ("deposit.expired", True)
    over = world(milestone=None, deposit=DepositStatus.SETTLED)
    assert fate(the(over, Deposit, DEPOSIT), over) == Fate((), ends=True)


@pytest.mark.parametrize(
    ("status", "steps", "ends"),
    [
        (
            WithdrawalStatus.REQUESTED,
            [("withdrawal.expire", EXPIRES_AFTER, (Payment(EMPLOYER, WHOLE),))],
            True,
        ),
        (WithdrawalStatus.APPROVED, [("withdrawal.send", timedelta(0), ())], False),
        # From here on the gateway has the word, and no date is known.
        (WithdrawalStatus.SENT, [], False),
        (WithdrawalStatus.PAID, [], True),
        (WithdrawalStatus.CANCELLED, [], True),
    ],
)
def test_what_becomes_of_a_withdrawal(
    status: WithdrawalStatus, steps: list[object], ends: bool
) -> None:
    books = world(withdrawal=status)
    found = fate(the(books, Withdrawal, WITHDRAWAL), books)
    assert (told(found), found.ends) == (steps, ends)


def test_what_is_approved_and_cannot_be_sent_expires_too() -> None:
    books = world(withdrawal=WithdrawalStatus.APPROVED)
    row = the(books, Withdrawal, WITHDRAWAL)
    for wakes_at in (None, NOW + EXPIRES_AFTER):
        stuck = replace(row, wakes_at=wakes_at)
        books.rows[Withdrawal, WITHDRAWAL] = stuck
        found = fate(stuck, books)
        assert [step.action for step in found.steps] == ["withdrawal.expire"]
        assert found.ends


def test_a_step_says_what_each_person_is_paid_in_all() -> None:
    pays = (
        Payment(EMPLOYER, usd("30.00")),
        Payment(FREELANCER, usd("5.00")),
        Payment(EMPLOYER, usd("20.00")),
    )
    books = world()
    step = Step(NOW, NOW, "contract.lapse", "contract.lapsed", contract(books), pays)
    assert step.paid == (Payment(EMPLOYER, usd("50.00")), Payment(FREELANCER, usd("5.00")))
    assert replace(step, pays=()).paid == ()
