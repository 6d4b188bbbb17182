"""Anything, asked by anybody, in any order: whatever was asked, the books add up.

Hypothesis asks batches of commands, sensible and senseless ones mixed, of several contracts in
two currencies, and after each batch the invariants of the domain are counted from scratch.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar, Final, TypeAlias

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.core.clocked import STAKED
from tests.core.copies import apart
from tests.core.guessing import CURRENCIES, asked_of
from tests.core.planning_machine import may_be_overtaken, must_hold, planned
from tests.core.samples import accepted
from tests.core.worlds import (
    ARBITER,
    EMPLOYER,
    FREELANCER,
    OPERATOR,
    OTHER_OPERATOR,
    STRANGER,
    batch,
    command,
    done,
    empty_world,
    later,
    made,
    the,
)

from earnest.core.actions import ACTIONS, Action, offered
from earnest.core.bids.bidding import PlaceBid, Step
from earnest.core.bids.row import Bid, BidStatus
from earnest.core.clocks import Wind
from earnest.core.commands import Event, Outcome
from earnest.core.contracts import Contract, ContractStatus, OfferContract
from earnest.core.deferring import Defer
from earnest.core.disputes.arbitrating import NameArbiter
from earnest.core.disputes.offering import Respond
from earnest.core.disputes.opening import DisputeMilestone
from earnest.core.disputes.row import OPEN, Dispute
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.disputes.staking import PayFee
from earnest.core.fate import Payment, fate
from earnest.core.hearing import Heard
from earnest.core.house import House
from earnest.core.ledger import FREE, Account
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.revising import Agree
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit, SettleDeposit, StartDeposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM_ID, Party, User, UserStatus
from earnest.core.projects.posting import Post
from earnest.core.projects.reserving import Reserve
from earnest.core.projects.row import GOING_ON, Project
from earnest.core.rows import Row
from earnest.core.terms import DAY, DISPUTED, UNDISPUTED
from earnest.core.watchman import broken_invariant

PEOPLE: Final = (EMPLOYER, FREELANCER, STRANGER, OPERATOR, OTHER_OPERATOR, ARBITER)
KINDS: Final = (
    *(User, Contract, Milestone, Release, Tranche, Dispute, Deposit, Withdrawal, Project, Bid),
)
#: A fee, so that a third account takes part; a limit, so that withdrawals wait.
DAYS: Final = (0, 0, 0, 0, 0, 1, 7, 15)
HOUSE: Final = House(
    fee_bps=333, approval_limits={"USD": 10}, has_arbiter=True, wound=UNDISPUTED | DISPUTED
)
DATA: Final = st.data()
#: Of what is paid in three parts.
PLANNED: Final = Money(50, "USD")
#: Terms under which every clock runs, soon, and arbitration has its price.
QUICK: Final = replace(STAKED, fee_bps=333, overdue_seconds=14 * DAY, dormant_seconds=90 * DAY)
#: Whether anybody was told of the clocks that run out: mostly all were.
HEARD: Final = st.sampled_from((None, None, None, Heard()))
#: Who is suspended meanwhile: mostly nobody.
SUSPENDED: Final = st.sampled_from((None, None, None, EMPLOYER, FREELANCER, OPERATOR))


#: By the name of an action: who could ask for it, and of which row.
Sensible: TypeAlias = dict[str, list[tuple[int, int]]]


class Books(RuleBasedStateMachine):
    """People, contracts between them, and all that was ever moved."""

    happened: ClassVar[Counter[str]] = Counter()
    #: How much was foretold of each contract, for a test that nothing was compared with nothing.
    foretold: ClassVar[dict[int, int]] = {}

    def __init__(self) -> None:
        super().__init__()
        self.books = empty_world(HOUSE)
        self.events: list[Event] = []
        self.keys: list[Any] = []

    @initialize()
    def some_money_and_some_contracts(self) -> None:
        for who in PEOPLE[:2]:
            for currency in CURRENCIES:
                self._rich(who, Money(400, currency))
        for employer, freelancer, currency, terms in (
            (EMPLOYER, FREELANCER, "USD", QUICK),
            (FREELANCER, EMPLOYER, "JPY", None),
            (EMPLOYER, STRANGER, "USD", None),
        ):
            offer = self._done(employer, OfferContract(employer, freelancer, currency, terms))
            if freelancer != STRANGER:  # One still waits for its answer.
                self._done(freelancer, accepted(self.books, made(offer, Contract).id))
        for currency in CURRENCIES:
            self._post(EMPLOYER, currency)
        self._disagree()

    def _disagree(self) -> None:
        """Two disputes: one is negotiated, of the other an arbiter decides."""
        contract = next(row for row in self._rows() if isinstance(row, Contract))
        lines = (Line("x", Money(40, "USD")), Line("y", Money(30, "USD")), planned(PLANNED))
        *milestones, last = self._done(EMPLOYER, FundContract(contract.id, lines)).answer
        assert isinstance(last, Milestone)
        self._done(FREELANCER, Agree(last.id, last.agreement_hash))
        _, number = [self._disputed(row.id) for row in milestones]
        for who in (EMPLOYER, FREELANCER):
            self._done(who, PayFee(number))
        self._done(SYSTEM_ID, NameArbiter(number, ARBITER))

    def _disputed(self, milestone: int) -> int:
        """A part of it, and the other side has answered."""
        asked = DisputeMilestone(milestone, Money(21, "USD"), Money(21, "USD"), "Look.")
        number = made(self._done(FREELANCER, asked), Dispute).id
        self._done(EMPLOYER, Respond(number, Money(1, "USD"), "No."))
        return number

    def _post(self, who: int, currency: str) -> None:
        """A project of somebody, with a little in reserve, and a bid for it."""
        budget, until = Money(10, currency), self.books.now + timedelta(days=30)
        post = Post(who, "A project", "To be done", currency, budget, budget, until)
        project = made(self._done(who, post), Project)
        self._done(who, Reserve(project.id, Money(30, currency)))
        bid = PlaceBid(
            project.id, Money(9, currency), 7, "Mine", (Step("x", Money(9, currency), 7),)
        )
        self._done(STRANGER, bid)

    def _rich(self, who: int, amount: Money) -> None:
        deposit = made(self._done(who, StartDeposit(who, "sandbox", amount)), Deposit)
        self._done(SYSTEM_ID, SettleDeposit(deposit.id, amount, "bank-0"))

    def _done(self, who: int, asked: Action[Any]) -> Event:
        event = done(self.books, who, asked)
        self._time_passed()
        self.events.append(event)
        return event

    def _time_passed(self) -> None:
        """What clocks led to before a command was judged."""
        for asked, event in self.books.ran_out:
            self._heard(asked.action, event)
        self.books.ran_out.clear()
        assert self.books.alarms == {}

    @rule(data=DATA, size=st.integers(1, 8), days=st.sampled_from(DAYS), who=SUSPENDED, heard=HEARD)
    def a_batch(
        self, data: st.DataObject, size: int, days: int, who: int | None, heard: Heard | None
    ) -> None:
        """Ask several things at once, some of them for the second time."""
        later(self.books, days=days)
        self.books.heard = heard
        for each in PEOPLE:
            status = UserStatus.SUSPENDED if each == who else UserStatus.ACTIVE
            self.books.rows[User, each] = replace(the(self.books, User, each), status=status)
        sensible = self._sensible()
        commands = [self._something(data, sensible) for _ in range(size)]
        again = [each for each in self.keys[-3:] if data.draw(st.booleans(), "again")]
        known = set(self.books.outcomes)
        outcomes = batch(self.books, [*again, *commands])
        self._time_passed()
        self.keys += commands
        if data.draw(st.integers(0, 9), "silence") == 0:
            self._silence_is_what_the_fate_line_said()
        for each, outcome in zip([*again, *commands], outcomes, strict=True):
            if each.id not in known:
                self._heard(each.action, outcome)
                known.add(each.id)

    def _silence_is_what_the_fate_line_said(self) -> None:
        """Stop, look at what would happen, let it happen somewhere else, and go on."""
        for row in self._rows():
            if not isinstance(row, Contract) or row.status is not ContractStatus.ACTIVE:
                continue
            steps = fate(row, self.books).steps
            told = [(each.action, each.at, each.pays) for each in steps]
            assert told == self._happens(row, None)
            self.foretold[row.id] = len(told)
            if may_be_overtaken(row, self.books.rows.values()):
                continue
            # Who hears of nothing sees the same, each for itself perhaps later.
            latest = [(each.action, each.at_latest, each.pays) for each in steps]
            happened = [each for each in self._happens(row, Heard()) if each[0] != Defer.name]
            assert sorted(latest, key=repr) == sorted(happened, key=repr)

    def _happens(self, row: Contract, heard: Heard | None) -> list[Any]:
        """What time alone makes of a contract where so much is heard of its clocks."""
        other = apart(self.books)
        other.heard = heard
        # What is sealed is in no fate line; without it the line is what happens.
        other.rows = {k: r for k, r in other.rows.items() if k[0] is not SealedOffer}
        wound = len(other.ran_out)
        later(other, days=4_000)
        batch(other, [command(SYSTEM_ID, Wind(row.id))])
        return [
            (asked.action.name, event.at, paid_by(event)) for asked, event in other.ran_out[wound:]
        ]

    def _heard(self, asked: Action[Any], outcome: Outcome) -> None:
        if isinstance(outcome, Event):
            self.events.append(outcome)
            self.happened[asked.name] += 1

    def _something(self, data: st.DataObject, sensible: Sensible) -> Any:
        """Mostly what somebody could do now, else anything by anybody."""
        if data.draw(st.integers(0, 4), "sense") and sensible:
            name = data.draw(st.sampled_from(sorted(sensible)), "name")
            who, number = data.draw(st.sampled_from(sensible[name]), "who, subject")
        else:
            name = data.draw(st.sampled_from(sorted(ACTIONS)), "name")
            who = data.draw(st.sampled_from((*PEOPLE, SYSTEM_ID)), "who")
            rows = [row.id for row in self._rows() if type(row) is ACTIONS[name].kind]
            number = data.draw(st.sampled_from([*rows, 999]), "subject")
        return command(who, asked_of(data.draw, self.books, ACTIONS[name], number))

    def _rows(self) -> list[Row]:
        return [row for row in self.books.rows.values() if isinstance(row, KINDS)]

    def _sensible(self) -> Sensible:
        """What could be done: by whom, with which row."""
        found: Sensible = {}
        for row in self._rows():
            for who in PEOPLE:
                for name in offered(row, the(self.books, User, who), self.books):
                    found.setdefault(name, []).append((who, row.id))
            for name, each in ACTIONS.items():
                told = each.kind is type(row) and Party.SYSTEM in each.by
                if told and row.status in each.when:  # type: ignore[attr-defined]
                    found.setdefault(name, []).append((SYSTEM_ID, row.id))
        return found

    @invariant()
    def the_sum_of_everything_is_nothing(self) -> None:
        totals: Counter[str] = Counter()
        for account, minor in (self.books.balances | self.books.deltas).items():
            totals[account.currency] += minor
        assert not any(totals.values()), totals

    @invariant()
    def every_balance_is_the_sum_of_its_transfers(self) -> None:
        counted: Counter[Account] = Counter()
        for event in self.events:
            for transfer in event.transfers:
                counted[transfer.debit] -= transfer.amount.minor
                counted[transfer.credit] += transfer.amount.minor
        for account, minor in (self.books.balances | self.books.deltas).items():
            assert counted.pop(account, 0) == minor, account
        assert not any(counted.values()), counted

    @invariant()
    def no_guarded_account_is_below_nothing(self) -> None:
        assert all(minor >= 0 for minor in self.books.balances.values())
        assert not {account.kind for account in self.books.balances} & FREE
        assert {account.kind for account in self.books.deltas} <= FREE

    @invariant()
    def a_milestone_is_what_it_holds_and_what_has_gone(self) -> None:
        for row in self.books.rows.values():
            if isinstance(row, Milestone):
                held = self.books.balances.get(row.escrow, 0)
                away = row.releasing.minor + row.frozen.minor
                gone = row.released.minor + row.returned.minor
                funded = row.funded_at is not None
                assert held + away + gone == (row.amount.minor if funded else 0), row
                assert (held + away > 0) == (row.status in HOLDING), row

    @invariant()
    def what_has_ended_holds_nothing(self) -> None:
        for row in self.books.rows.values():
            if isinstance(row, Withdrawal):
                held = self.books.balances[row.outgoing]
                assert held == (
                    row.amount.minor if row.status in {"requested", "approved", "sent"} else 0
                )
            if isinstance(row, Project):
                reserved = self.books.balances.get(row.reserve, 0)
                assert (reserved > 0) == (row.reserved_since is not None), row
                assert not reserved or row.status in GOING_ON, row
            if isinstance(row, Milestone) and row.status in HOLDING:
                contract = the(self.books, Contract, row.contract_id)
                assert contract.status in {ContractStatus.OFFERED, ContractStatus.ACTIVE}

    @invariant()
    def a_dispute_holds_what_it_froze_and_what_was_staked(self) -> None:
        frozen: Counter[int] = Counter()
        for row in self.books.rows.values():
            if isinstance(row, Dispute):
                is_open = row.status in OPEN
                held = [self.books.balances.get(each, 0) for each in (row.account, row.stake)]
                assert held == ([row.amount.minor, row.staked.minor] if is_open else [0, 0]), row
                frozen[row.milestone_id] += row.amount.minor if is_open else 0
                assert is_open or row.wakes_at is None, row
        for row in self.books.rows.values():
            if isinstance(row, Milestone):
                assert row.frozen.minor == frozen[row.id], row

    @invariant()
    def a_plan_pays_what_and_when_it_says(self) -> None:
        must_hold(self.books.rows.values())

    @invariant()
    def no_clock_was_refused(self) -> None:
        assert not self.books.alarms

    @invariant()
    def a_project_counts_what_there_is(self) -> None:
        rows = list(self.books.rows.values())
        for project in rows:
            if not isinstance(project, Project):
                continue
            contracts = [
                row.status
                for row in rows
                if isinstance(row, Contract) and row.project_id == project.id
            ]
            bids = [row for row in rows if isinstance(row, Bid) and row.project_id == project.id]
            over = {BidStatus.RETRACTED, BidStatus.DECLINED}
            assert project.offered == contracts.count(ContractStatus.OFFERED), project
            assert project.active == contracts.count(ContractStatus.ACTIVE), project
            assert project.bids == sum(each.status not in over for each in bids), project
            live = Counter(each.bidder_id for each in bids if each.status not in over)
            assert all(count == 1 for count in live.values()), live

    @invariant()
    def the_events_of_a_contract_have_no_gap(self) -> None:
        counted: dict[int, list[int]] = {}
        for event in self.events:
            if event.contract_id is not None:
                counted.setdefault(event.contract_id, []).append(event.seq or 0)
        for number, places in counted.items():
            last = the(self.books, Contract, number).seq
            assert sorted(places) == list(range(1, last + 1))

    @invariant()
    def no_number_is_given_twice(self) -> None:
        numbers = [event.id for event in self.events]
        for event in self.events:
            first = event.first_transfer_id
            numbers += range(first, first + len(event.transfers))
        assert len(set(numbers)) == len(numbers)

    @invariant()
    def the_watchman_is_content(self) -> None:
        assert broken_invariant(self.books) is None


def paid_by(event: Event) -> tuple[Payment, ...]:
    """What an event brought into people's wallets."""
    paid = (each for each in event.transfers if each.credit.kind == "wallet")
    return tuple(Payment(each.credit.owner, each.amount) for each in paid)


SIZE: Final = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_whatever_is_asked_the_books_add_up() -> None:
    Books.happened.clear()
    run_state_machine_as_test(Books, settings=SIZE)
    assert max(Books.foretold.values()) > 1, "something has a fate"
    missing = set(ACTIONS) - set(Books.happened)
    few = len(ACTIONS) // 4
    assert len(missing) <= few, f"most things should have happened, but not {missing}"
