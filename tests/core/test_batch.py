"""One batch: judged in the order it came, once under each key, counted without a gap, watched."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.core.worlds import (
    CONTRACT,
    DEPOSIT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    NOW,
    STRANGER,
    SYSTEM,
    TERMS_HASH,
    WITHDRAWAL,
    ask,
    batch,
    command,
    done,
    held,
    later,
    made,
    milestone_in,
    refused,
    spendable,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason, Refused
from earnest.core.commands import Event, ids_needed
from earnest.core.contracts import Contract, ContractStatus, Message, Say
from earnest.core.ledger import Account, Transfer, escrow, outgoing, wallet
from earnest.core.milestones.agreeing import DeclineContract
from earnest.core.milestones.asking import Decline, RequestMilestone
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.core.milestones.returning import Cancel
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.milestones.working import Submit
from earnest.core.payments.depositing import SettleDeposit, StartDeposit
from earnest.core.payments.withdrawing import PayWithdrawal, WithdrawalStatus
from earnest.core.watchman import broken_invariant
from earnest.core.world import World


def test_commands_of_one_batch_see_what_those_before_them_did() -> None:
    books = world()
    first, second, third = batch(
        books,
        [
            command(EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00"))),
            command(FREELANCER, Cancel(MILESTONE, usd("60.01"))),
            command(FREELANCER, Cancel(MILESTONE)),
        ],
    )
    assert isinstance(first, Event)
    assert isinstance(second, Refused)
    assert second.facts == {"held": usd("60.00")}
    assert isinstance(third, Event)
    assert (spendable(books, FREELANCER), held(books)) == (usd("40.00"), usd("0.00"))


def test_a_replay_keeps_its_first_outcome_and_does_nothing() -> None:
    books = world()
    release = ReleaseMilestone(MILESTONE, usd("40.00"))
    first = ask(books, EMPLOYER, release, key="once")
    again = ask(books, EMPLOYER, release, key="once")
    assert again is first
    assert spendable(books, FREELANCER) == usd("40.00")


def test_a_refusal_is_kept_under_its_key_too() -> None:
    books = world()
    release = ReleaseMilestone(MILESTONE, usd("100.01"))
    first = ask(books, EMPLOYER, release, key="once")
    later(books, days=1)
    assert ask(books, EMPLOYER, release, key="once") is first


def test_keys_are_the_askers_own() -> None:
    books = world()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")))
    ask(books, EMPLOYER, Say(CONTRACT, "mine"), key="once")
    other = ask(books, FREELANCER, Say(CONTRACT, "yours"), key="once")
    assert isinstance(other, Event)
    assert made(other, Message).text == "yours"


def test_events_of_a_contract_are_counted_without_a_gap() -> None:
    books = world()
    told = [
        ask(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("1.00"))),
        ask(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("99.01"))),
        ask(books, STRANGER, Say(CONTRACT, "let me in")),
        ask(books, FREELANCER, Submit(MILESTONE)),
        ask(books, FREELANCER, RequestMilestone(CONTRACT, "more", usd("1.00"))),
    ]
    assert [event.seq for event in told if isinstance(event, Event)] == [2, 3, 4]
    assert the(books, Contract, CONTRACT).seq == 4


def test_an_event_without_a_contract_is_not_counted() -> None:
    event = done(world(), EMPLOYER, StartDeposit(EMPLOYER, "sandbox", usd("1.00")))
    assert (event.contract_id, event.seq) == (None, None)


def test_an_event_tells_everything() -> None:
    books = world()
    later(books, hours=1)
    event = done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")))
    assert (event.name, event.contract_id, event.seq) == ("milestone.released", CONTRACT, 2)
    assert (event.actor_id, event.via, event.at) == (EMPLOYER, "test", books.now)
    milestone = the(books, Milestone, MILESTONE)
    assert event.rows == (milestone, made(event, Release))
    assert event.subject == milestone
    assert event.answer == (milestone,)
    assert event.transfers == (Transfer(milestone.escrow, wallet(FREELANCER, "USD"), usd("40.00")),)
    assert event.balances == {milestone.escrow: 6_000, wallet(FREELANCER, "USD"): 4_000}
    assert event.children is None


def test_no_two_things_of_a_command_have_one_number() -> None:
    books = world()
    lines = tuple(Line(f"part {n}", usd("1.00")) for n in range(50))
    event = done(books, EMPLOYER, FundContract(CONTRACT, lines))
    rows = [row.id for row in event.rows if isinstance(row, Milestone)]
    transfers = [event.first_transfer_id + n for n in range(50)]
    numbers = [*rows, *transfers, event.id]
    assert len(set(numbers)) == 101
    last = min(rows) + ids_needed(FundContract(CONTRACT, lines))
    assert max(numbers) < last, "and all of them were reserved"


def test_numbers_that_were_not_reserved_are_a_bug() -> None:
    books = world()
    books.begin(command(EMPLOYER, Say(CONTRACT, "")))
    books.new_ids(12)
    with pytest.raises(AssertionError, match="reserves enough"):
        books.new_id()


def test_what_locks_the_children_tells_them_as_they_are_left() -> None:
    books = world(ContractStatus.OFFERED, MilestoneStatus.FUNDED)
    requested = milestone_in(MilestoneStatus.REQUESTED, number=21)
    books.put(requested)
    event = done(books, FREELANCER, DeclineContract(CONTRACT))
    assert event.children == ()
    assert {row.id for row in event.rows if isinstance(row, Milestone)} == {MILESTONE, 21}


def test_acting_on_a_contract_is_remembered_on_it() -> None:
    books = world()
    later(books, days=3)
    done(books, FREELANCER, Say(CONTRACT, "I am here"))
    assert the(books, Contract, CONTRACT).last_act_at == books.now
    assert the(books, Contract, CONTRACT).updated_at == NOW


def test_children_are_the_live_ones_of_their_parent_oldest_first() -> None:
    books = world(milestone=MilestoneStatus.SUBMITTED)
    for number, status in ((23, "requested"), (22, "funded"), (21, "declined"), (24, "released")):
        books.put(milestone_in(MilestoneStatus(status), number=number))
    assert [m.id for m in books.children(Milestone, CONTRACT)] == [MILESTONE, 22, 23]
    assert books.children(Milestone, CONTRACT + 1) == []


def test_an_account_that_nobody_locked_is_a_bug() -> None:
    books = world()
    with pytest.raises(AssertionError, match="was not locked"):
        books.minor(wallet(STRANGER, "USD"))
    assert books.minor(wallet(EMPLOYER, "USD")) == 100_000


def test_the_account_of_a_new_row_starts_at_nothing() -> None:
    books = world()
    one = command(EMPLOYER, Say(CONTRACT, ""))
    books.begin(one)
    assert books.minor(escrow(one.first_id, "USD")) == 0
    assert books.balance(escrow(one.first_id + 11, "USD")) == usd("0.00")
    for outside in (one.first_id - 1, one.first_id + 12):
        with pytest.raises(AssertionError, match="was not locked"):
            books.minor(escrow(outside, "USD"))


def test_an_asker_who_was_not_read_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="asker's row"):
        ask(world(), 999, Say(CONTRACT, "who am I?"))


def test_what_is_missing_is_told_only_to_whose_wallet_it_is() -> None:
    books = world()
    over = (Line("too much", usd("1000.01")),)
    own = refused(books, EMPLOYER, FundContract(CONTRACT, over))
    assert own.reason is Reason.NOT_ENOUGH_MONEY
    assert own.facts == {"missing": usd("0.01")}
    books = world(withdrawal=WithdrawalStatus.SENT)
    books.balances[outgoing(WITHDRAWAL, "USD")] = 1
    other = refused(books, SYSTEM, PayWithdrawal(WITHDRAWAL, usd("100.00"), "bank-1"))
    assert other.reason is Reason.NOT_ENOUGH_MONEY
    assert other.facts == {}


def test_the_watchman_is_content_with_what_the_rules_do() -> None:
    books = world()
    done(books, EMPLOYER, FundContract(CONTRACT, (Line("more", usd("10.00")),)))
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE, usd("40.00")))
    done(books, FREELANCER, Cancel(MILESTONE))
    done(books, SYSTEM, SettleDeposit(DEPOSIT, usd("100.00"), "bank-1"))
    assert broken_invariant(books) is None
    assert broken_invariant(world()) is None


def test_the_watchman_finds_money_from_nowhere() -> None:
    books = world()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    books.deltas[Account("clearing", 1, "USD")] = 1
    found = broken_invariant(books)
    assert found == "this batch would change the sum of all USD balances by 1"


def test_the_watchman_finds_a_milestone_that_holds_something_else_than_it_should() -> None:
    books = world()
    done(books, FREELANCER, Submit(MILESTONE))
    books.balances[escrow(MILESTONE, "USD")] = 9_999
    name = the(books, Milestone, MILESTONE).reference
    assert broken_invariant(books) == f"{name} holds 9999 and 0 is gone, of 10000"
    books.put(replace(the(books, Milestone, MILESTONE), returned=usd("0.01")))
    assert broken_invariant(books) is None


def test_the_watchman_finds_what_has_ended_and_holds_something() -> None:
    books = world()
    done(books, EMPLOYER, ReleaseMilestone(MILESTONE))
    books.balances[escrow(MILESTONE, "USD")] = 1
    name = the(books, Milestone, MILESTONE).reference
    assert broken_invariant(books) == f"{name} holds 1 and 10000 is gone, of 10000"


def test_the_watchman_finds_what_was_never_funded_and_holds_something() -> None:
    books = world(milestone=MilestoneStatus.REQUESTED)
    done(books, EMPLOYER, Decline(MILESTONE))
    books.balances[escrow(MILESTONE, "USD")] = 1
    name = the(books, Milestone, MILESTONE).reference
    assert broken_invariant(books) == f"{name} was never funded and holds 1"


def test_rows_are_found_by_their_kind_and_key() -> None:
    books: World = world()
    assert books.find(Milestone, CONTRACT) is None
    assert books.find(Milestone, MILESTONE) is books.rows[Milestone, MILESTONE]
    assert books.terms(TERMS_HASH) is books.rulebooks[TERMS_HASH]
