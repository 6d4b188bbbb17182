"""Anything, asked by anybody, in any order: whatever was asked, the books add up.

Hypothesis asks batches of commands, sensible and senseless ones mixed, of several contracts in
two currencies, and after each batch the invariants of the domain are counted from scratch.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import fields, replace
from datetime import timedelta
from typing import Any, ClassVar, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.core.clocked import CLOCKED
from tests.core.samples import accepted, filled
from tests.core.worlds import (
    EMPLOYER,
    FREELANCER,
    OPERATOR,
    STRANGER,
    batch,
    command,
    done,
    empty_world,
    later,
    made,
    the,
)

from earnest.core.actions import ACTIONS, Action, House, offered
from earnest.core.bids.bidding import PlaceBid, Step
from earnest.core.bids.choosing import Award
from earnest.core.bids.row import Bid, BidStatus
from earnest.core.clocks import Wind
from earnest.core.commands import Event, Outcome
from earnest.core.contracts import Contract, ContractStatus, OfferContract
from earnest.core.fate import Payment, fate
from earnest.core.ledger import FREE, Account
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.revising import Agree, AgreeEdit, Edit
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit, SettleDeposit, StartDeposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM_ID, Party, User, UserStatus
from earnest.core.projects.posting import Post
from earnest.core.projects.reserving import Reserve
from earnest.core.projects.row import GOING_ON, Project
from earnest.core.renewing import AgreeTerms, TermsOffer
from earnest.core.rows import Row
from earnest.core.terms import DAY
from earnest.core.watchman import broken_invariant

PEOPLE: Final = (EMPLOYER, FREELANCER, STRANGER, OPERATOR)
CURRENCIES: Final = ("USD", "JPY")
KINDS: Final = (User, Contract, Milestone, Release, Deposit, Withdrawal, Project, Bid)
#: A fee, so that a third account takes part; a limit, so that withdrawals wait.
DAYS: Final = (0, 0, 0, 0, 0, 1, 7, 15)
HOUSE: Final = House(fee_bps=333, approval_limits={"USD": 10})
SMALL: Final = st.integers(-1, 40)
DATA: Final = st.data()
#: Terms under which every clock runs, soon.
QUICK: Final = replace(CLOCKED, fee_bps=333, overdue_seconds=14 * DAY, dormant_seconds=90 * DAY)
#: Who is suspended meanwhile: mostly nobody.
SUSPENDED: Final = st.sampled_from((None, None, None, EMPLOYER, FREELANCER, OPERATOR))


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
        self.events.append(event)
        return event

    @rule(data=DATA, size=st.integers(1, 8), days=st.sampled_from(DAYS), who=SUSPENDED)
    def a_batch(self, data: st.DataObject, size: int, days: int, who: int | None) -> None:
        """Ask several things at once, some of them for the second time."""
        later(self.books, days=days)
        for each in PEOPLE:
            status = UserStatus.SUSPENDED if each == who else UserStatus.ACTIVE
            self.books.rows[User, each] = replace(the(self.books, User, each), status=status)
        commands = [self._something(data) for _ in range(size)]
        again = [each for each in self.keys[-3:] if data.draw(st.booleans(), "again")]
        known, wound = set(self.books.outcomes), len(self.books.ran_out)
        outcomes = batch(self.books, [*again, *commands])
        self.keys += commands
        self._ran_out(wound)
        if data.draw(st.integers(0, 9), "silence") == 0:
            self._silence_is_what_the_fate_line_said()
        for each, outcome in zip([*again, *commands], outcomes, strict=True):
            if each.id not in known:
                self._heard(each.action, outcome)
                known.add(each.id)

    def _ran_out(self, since: int) -> None:
        """What clocks led to before a command was judged."""
        for each, event in self.books.ran_out[since:]:
            self._heard(each.action, event)
        assert self.books.alarms == {}

    def _silence_is_what_the_fate_line_said(self) -> None:
        """Stop, look at what would happen, let it happen somewhere else, and go on."""
        for row in self._rows():
            if not isinstance(row, Contract) or row.status is not ContractStatus.ACTIVE:
                continue
            told = [(each.action, each.at, each.pays) for each in fate(row, self.books).steps]
            other = deepcopy(self.books)
            wound = len(other.ran_out)
            later(other, days=4_000)
            batch(other, [command(SYSTEM_ID, Wind(row.id))])
            happened = [
                (asked.action.name, event.at, paid_by(event))
                for asked, event in other.ran_out[wound:]
            ]
            assert told == happened
            self.foretold[row.id] = len(told)

    def _heard(self, asked: Action[Any], outcome: Outcome) -> None:
        if isinstance(outcome, Event):
            self.events.append(outcome)
            self.happened[asked.name] += 1

    def _something(self, data: st.DataObject) -> Any:
        """Mostly what somebody could do now, else anything by anybody."""
        sensible = self._sensible()
        if data.draw(st.integers(0, 4), "sense") and sensible:
            name = data.draw(st.sampled_from(sorted(sensible)), "name")
            who, number = data.draw(st.sampled_from(sensible[name]), "who, subject")
        else:
            name = data.draw(st.sampled_from(sorted(ACTIONS)), "name")
            who = data.draw(st.sampled_from((*PEOPLE, SYSTEM_ID)), "who")
            rows = [row.id for row in self._rows() if type(row) is ACTIONS[name].kind]
            number = data.draw(st.sampled_from([*rows, 999]), "subject")
        return command(who, self._input(data, ACTIONS[name], number))

    def _rows(self) -> list[Row]:
        return [row for row in self.books.rows.values() if isinstance(row, KINDS)]

    def _sensible(self) -> dict[str, list[tuple[int, int]]]:
        """What could be done: by whom, with which row."""
        found: dict[str, list[tuple[int, int]]] = {}
        for row in self._rows():
            for who in PEOPLE:
                for name in offered(row, the(self.books, User, who), self.books):
                    found.setdefault(name, []).append((who, row.id))
            for name, each in ACTIONS.items():
                told = each.kind is type(row) and Party.SYSTEM in each.by
                if told and row.status in each.when:  # type: ignore[attr-defined]
                    found.setdefault(name, []).append((SYSTEM_ID, row.id))
        return found

    def _input(self, data: st.DataObject, kind: type[Action[Any]], number: int) -> Action[Any]:
        """What it asks for, with small amounts, some of them of the wrong currency."""
        subject = self.books.find(kind.kind, number)
        if isinstance(subject, Contract) and kind is Accept:
            return accepted(self.books, number)
        if isinstance(subject, Bid) and kind is Award:
            return Award(number, subject.hash)
        terms = self.books.find(TermsOffer, number)
        if terms is not None and kind is AgreeTerms:
            return AgreeTerms(number, terms.terms_hash)
        edit = self.books.find(Edit, number)
        if edit is not None and kind is AgreeEdit:
            return AgreeEdit(number, edit.hash)
        if isinstance(subject, Milestone) and kind is Agree:
            return Agree(number, subject.agreement_hash)
        mine = getattr(subject, "currency", None) or getattr(
            getattr(subject, "amount", None), "currency", "USD"
        )
        currency = data.draw(st.sampled_from((mine, mine, mine, *CURRENCIES)), "currency")
        given: dict[str, object] = {"subject_id": number}
        for each in fields(kind):  # type: ignore[arg-type]  # Actions are dataclasses.
            if each.name == "amount":
                given["amount"] = self._amount(data, subject, currency, each.default is None)
            elif each.name == "milestones":
                amounts = data.draw(st.lists(SMALL, min_size=1, max_size=3), "amounts")
                given |= self._lines(data, kind, [Money(a, currency) for a in amounts])
        asked = filled(kind, **given)
        assert isinstance(asked, Action)
        return asked

    def _lines(
        self, data: st.DataObject, kind: type[Action[Any]], amounts: list[Money]
    ) -> dict[str, object]:
        """Milestones to fund, or to propose: those mostly add up."""
        if kind is FundContract:
            return {"milestones": tuple(Line("x", amount) for amount in amounts)}
        steps = tuple(Step("x", amount, days=7) for amount in amounts)
        if data.draw(st.integers(0, 4), "adds up"):
            return {"milestones": steps, "amount": sum(amounts[1:], amounts[0])}
        return {"milestones": steps}

    def _amount(
        self, data: st.DataObject, subject: Row | None, currency: str, optional: bool
    ) -> Money | None:
        """Often exactly what was asked for or all that is held, else up to a cent too much."""
        whole = data.draw(st.booleans(), "whole")
        if whole and isinstance(subject, Deposit | Withdrawal):
            return subject.amount
        if whole and optional:
            return None
        most = 40
        if isinstance(subject, Milestone):
            most = self.books.balances.get(subject.escrow, 0) + 1
        return Money(data.draw(st.integers(-1, most), "amount"), currency)

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
                gone = row.released.minor + row.returned.minor
                under_way = row.releasing.minor
                funded = row.funded_at is not None
                assert held + under_way + gone == (row.amount.minor if funded else 0), row
                assert (held + under_way > 0) == (row.status in HOLDING), row

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
        counted: Counter[int] = Counter()
        for event in self.events:
            if event.contract_id is not None:
                counted[event.contract_id] += 1
                assert event.seq == counted[event.contract_id]
        for number, events in counted.items():
            assert the(self.books, Contract, number).seq == events

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
