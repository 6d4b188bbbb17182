"""Small worlds to ask things of: people, one contract, and a row of each kind in any status.

Nothing here stands in for the core. `batch` does what the store does around it: it locks exactly
the accounts that the commands name, so that an action that forgets one fails its tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, Final, TypeVar

from tests.core.proposed import DUE, OTHER_HASH, OTHER_TERMS, said

from earnest.core.actions import Action, House, Reason, Refused
from earnest.core.batch import run
from earnest.core.bids.row import Bid, Bidder, BidStatus, Proposal, bid_hash
from earnest.core.clocks import WITHIN, Wind, leads_to
from earnest.core.commands import Command, Event, Outcome
from earnest.core.contracts import About, AgreedTerms, Contract, ContractStatus, Message
from earnest.core.files import Attachment, File
from earnest.core.ledger import Account
from earnest.core.milestones.releasing import ON_ITS_WAY, Release, ReleaseStatus
from earnest.core.milestones.row import HOLDING, Milestone, MilestoneStatus, agreement_hash
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit, DepositStatus
from earnest.core.payments.withdrawing import (
    DestinationType,
    Withdrawal,
    WithdrawalStatus,
)
from earnest.core.people import SYSTEM_ID, OfferCounter, Role, User, UserStatus, system
from earnest.core.projects.row import CHOOSING, GOING_ON, Project, ProjectStatus
from earnest.core.rows import Key, Row
from earnest.core.skills import Skill
from earnest.core.terms import CLASSIC, DAY, terms_hash
from earnest.core.world import World

R = TypeVar("R", bound=Row)

EMPLOYER, FREELANCER, STRANGER, OPERATOR, ARBITER = 1, 2, 3, 4, 5
SYSTEM: Final = SYSTEM_ID
CONTRACT, MILESTONE, DEPOSIT, WITHDRAWAL, RELEASE = 10, 20, 30, 40, 80
PROJECT, BID, QUESTION = 50, 60, 70
ANSWERED_WITHIN: Final = timedelta(seconds=CLASSIC.accept_seconds)
BIDS_TAKEN: Final = timedelta(days=14)
NOW: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
TERMS_HASH: Final = terms_hash(CLASSIC)
UNSENT: Final = {WithdrawalStatus.REQUESTED, WithdrawalStatus.APPROVED}
ON_THE_WAY: Final = UNSENT | {WithdrawalStatus.SENT}
_ROLES: Final = {OPERATOR: Role.OPERATOR, ARBITER: Role.ARBITER}

#: Numbers far from those of the rows above; a command may need two hundred of its own.
_numbers = count(1_000, 1_000)


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def jpy(text: str) -> Money:
    return Money.parse(text, "JPY")


#: Every clock that there is runs, and a release can be recalled for ten minutes.
CLOCKED: Final = replace(
    CLASSIC,
    review_seconds=14 * DAY,
    review_floor_seconds=3 * DAY,
    change_rounds=3,
    overdue_seconds=30 * DAY,
    undo_seconds=600,
)
CLOCKED_HASH: Final = terms_hash(CLOCKED)
RULEBOOKS: Final = {TERMS_HASH: CLASSIC, OTHER_HASH: OTHER_TERMS, CLOCKED_HASH: CLOCKED}
#: The amount of the milestone, the deposit and the withdrawal of every world.
WHOLE: Final = usd("100.00")
#: What the employer has to spend.
RICH: Final = usd("1000.00")


def person(
    number: int, *roles: Role, status: UserStatus = UserStatus.ACTIVE, at: datetime = NOW
) -> User:
    own = [_ROLES[number]] if number in _ROLES else []
    name = f"person {number}"
    return User(number, name, f"{number}@example.org", status, frozenset([*roles, *own]), at, at)


def contract_in(status: ContractStatus, *, awarded: bool = False) -> Contract:
    return Contract(
        id=CONTRACT,
        project_id=PROJECT if awarded else None,
        bid_id=BID if awarded else None,
        employer_id=EMPLOYER,
        freelancer_id=FREELANCER,
        currency="USD",
        terms_hash=TERMS_HASH,
        status=status,
        seq=1,
        milestones=0,
        last_act_at=NOW,
        paid_at=NOW if status is ContractStatus.ENDED else None,
        wakes_at=NOW + ANSWERED_WITHIN if status is ContractStatus.OFFERED else None,
        created_at=NOW,
        updated_at=NOW,
    )


def project_in(status: ProjectStatus, contract: ContractStatus | None = None) -> Project:
    """A project with 100.00 in reserve while it goes on, and the contract that was awarded."""
    goes_on = status in GOING_ON
    offered = contract is ContractStatus.OFFERED
    return Project(
        id=PROJECT,
        employer_id=EMPLOYER,
        title="A project",
        description="What is to be done",
        skills=(Skill("python"),),
        budget_min=usd("50.00"),
        budget_max=usd("500.00"),
        closes_at=NOW + BIDS_TAKEN,
        status=status,
        bids=1,
        offered=1 if offered else 0,
        active=1 if contract is ContractStatus.ACTIVE else 0,
        reserved_since=NOW if goes_on else None,
        wakes_at=NOW + BIDS_TAKEN + CHOOSING if goes_on and not offered else None,
        created_at=NOW,
        updated_at=NOW,
    )


def proposals() -> tuple[Proposal, ...]:
    """Two steps, of 60.00 and 40.00."""
    return (
        Proposal(BID + 1, BID, 1, "The first half", usd("60.00"), 5, None),
        Proposal(BID + 2, BID, 2, "The rest", usd("40.00"), None, NOW + timedelta(days=30)),
    )


def bid_in(status: BidStatus, *, shortlisted: bool = False) -> Bid:
    return Bid(
        id=BID,
        project_id=PROJECT,
        employer_id=EMPLOYER,
        bidder_id=FREELANCER,
        amount=WHOLE,
        period_days=14,
        proposal="What I would do",
        milestones=2,
        hash=bid_hash(WHOLE, 14, proposals()),
        status=status,
        shortlisted=shortlisted,
        created_at=NOW,
        updated_at=NOW,
    )


def milestone_in(status: MilestoneStatus, *, number: int = MILESTONE) -> Milestone:
    """A milestone of 100.00 whose figures are what its status says."""
    nothing = Money.zero("USD")
    funded = status not in {MilestoneStatus.REQUESTED, MilestoneStatus.DECLINED}
    return Milestone(
        id=number,
        contract_id=CONTRACT,
        project_id=None,
        employer_id=EMPLOYER,
        freelancer_id=FREELANCER,
        description="A piece of work",
        amount=WHOLE,
        releasing=nothing,
        released=WHOLE if status is MilestoneStatus.RELEASED else nothing,
        returned=WHOLE if status is MilestoneStatus.CANCELLED else nothing,
        status=status,
        due_at=DUE,
        agreement_hash=agreement_hash("A piece of work", WHOLE, DUE),
        terms_hash=TERMS_HASH if funded else None,
        funded_at=NOW if funded else None,
        submitted_at=NOW if status is MilestoneStatus.SUBMITTED else None,
        rounds=0,
        changes_asked_at=None,
        review_used_us=0,
        cancel_asked_at=None,
        agreed_at=None,
        wakes_at=None,
        created_at=NOW,
        updated_at=NOW,
    )


def deposit_in(status: DepositStatus) -> Deposit:
    paid_as = "bank-1" if status is DepositStatus.SETTLED else None
    return Deposit(DEPOSIT, EMPLOYER, "sandbox", WHOLE, status, None, paid_as, NOW, NOW, NOW)


def withdrawal_in(status: WithdrawalStatus) -> Withdrawal:
    return Withdrawal(
        id=WITHDRAWAL,
        user_id=EMPLOYER,
        gateway="sandbox",
        amount=WHOLE,
        status=status,
        destination_type=DestinationType.SANDBOX,
        destination_account="1",
        destination_name="E",
        paid_as=None,
        wakes_at=NOW,
        created_at=NOW,
        updated_at=NOW,
    )


#: What its project and its bid are while an awarded contract is this.
PROJECT_WITH: Final = {
    ContractStatus.OFFERED: ProjectStatus.OPEN,
    ContractStatus.ACTIVE: ProjectStatus.IN_PROGRESS,
    ContractStatus.ENDED: ProjectStatus.COMPLETED,
    ContractStatus.DECLINED: ProjectStatus.OPEN,
    ContractStatus.LAPSED: ProjectStatus.OPEN,
    ContractStatus.REVOKED: ProjectStatus.OPEN,
}
BID_WITH: Final = {
    ContractStatus.OFFERED: BidStatus.AWARDED,
    ContractStatus.ACTIVE: BidStatus.ACCEPTED,
    ContractStatus.ENDED: BidStatus.ACCEPTED,
}


def question() -> Message:
    """Somebody asked something about the project."""
    return Message(
        id=QUESTION,
        contract_id=None,
        project_id=PROJECT,
        milestone_id=None,
        question_id=None,
        sender_id=STRANGER,
        about=About.QUESTION,
        text="How many pages?",
        links=(),
        created_at=NOW,
    )


def world(
    contract: ContractStatus = ContractStatus.ACTIVE,
    milestone: MilestoneStatus | None = MilestoneStatus.FUNDED,
    *,
    deposit: DepositStatus = DepositStatus.PENDING,
    withdrawal: WithdrawalStatus = WithdrawalStatus.REQUESTED,
    awarded: bool = False,
    project: ProjectStatus | None = None,
    bid: BidStatus | None = None,
    shortlisted: bool = False,
    release: ReleaseStatus | None = None,
    clocked: bool = False,
    house: House | None = None,
    people: Sequence[User] = (),
    **asked: Any,
) -> World:
    """One contract with at most one milestone, one deposit and one withdrawal of the employer.

    And a project with one bid, which the contract may have been awarded for.
    """
    unanswered = 1 if contract is ContractStatus.OFFERED and not awarded else 0
    if project is None:
        project = PROJECT_WITH[contract] if awarded else ProjectStatus.OPEN
    if bid is None:
        bid = BID_WITH.get(contract, BidStatus.LIVE) if awarded else BidStatus.LIVE
    over = bid in {BidStatus.RETRACTED, BidStatus.DECLINED}
    rows: list[Row] = [
        *(*everybody(), *people),
        contract_in(contract, awarded=awarded),
        OfferCounter(EMPLOYER, FREELANCER, unanswered),
        project_in(project, contract if awarded else None),
        Bidder(PROJECT, FREELANCER, 0 if over else 1),
        bid_in(bid, shortlisted=shortlisted and not over),
        *proposals(),
        question(),
        deposit_in(deposit),
        withdrawal_in(withdrawal),
    ]
    work = None if milestone is None else milestone_in(milestone)
    rows += said(contract_in(contract), work, **asked)
    rows = [_under_way(row, release) for row in rows]
    if release is not None:
        rows.append(release_in(release))
    if clocked:
        rows = [_clocked(row) for row in rows]
    placed = {(type(row), row.key): row for row in rows}
    return World(NOW, house or House(), placed, held_by(rows), dict(RULEBOOKS))


def release_in(status: ReleaseStatus) -> Release:
    """All of the milestone's amount, on its way or not any more."""
    final_at = NOW + timedelta(minutes=10) if status is ReleaseStatus.RELEASING else None
    nothing = Money.zero("USD")
    return Release(RELEASE, CONTRACT, MILESTONE, WHOLE, nothing, status, final_at, NOW)


def _under_way(row: Row, status: ReleaseStatus | None) -> Row:
    """The milestone while all of it is on its way."""
    if not isinstance(row, Milestone) or status is not ReleaseStatus.RELEASING:
        return row
    return replace(row, releasing=WHOLE)


def _clocked(row: Row) -> Row:
    """The same row where every clock runs."""
    if isinstance(row, Contract):
        return replace(row, terms_hash=CLOCKED_HASH)
    if isinstance(row, Milestone) and row.terms_hash is not None:
        return replace(row, terms_hash=CLOCKED_HASH)
    return row


def everybody() -> list[User]:
    return [
        system(NOW),
        *(person(number) for number in (EMPLOYER, FREELANCER, STRANGER, OPERATOR, ARBITER)),
    ]


def held_by(rows: Sequence[Row]) -> dict[Account, int]:
    """What is in the accounts of these rows, and in the employer's wallet."""
    balances = {Account("wallet", EMPLOYER, "USD"): RICH.minor}
    for row in rows:
        if isinstance(row, Project) and row.status in GOING_ON:
            balances[row.reserve] = WHOLE.minor
        elif isinstance(row, Milestone):
            balances[row.escrow] = row.left.minor if row.status in HOLDING else 0
        elif isinstance(row, Release):
            balances[row.account] = WHOLE.minor if row.status in ON_ITS_WAY else 0
        elif isinstance(row, Withdrawal) and row.status in ON_THE_WAY:
            balances[row.outgoing] = WHOLE.minor
    return balances


def empty_world(house: House | None = None) -> World:
    """People and nothing else: the books as they are on the first day."""
    rows: dict[tuple[type[Row], Key], Row] = {(User, p.id): p for p in everybody()}
    return World(NOW, house or House(), rows, {}, {})


def command(who: int, action: Action[Any], key: str = "") -> Command:
    number = next(_numbers)
    return Command(who, key or f"k{number}", action, number, repr(action).encode(), "test")


def batch(
    books: World, commands: Sequence[Command], *, unseen_gains: bool = False
) -> list[Outcome]:
    """Run commands as one batch that has locked exactly the accounts they name.

    What only gains is locked too, or it is added to unseen.
    """
    kept, rows = books.balances, books.rows
    read = {key for each in commands for key in each.action.reads()}
    unread = {Message} if any(kind is Attachment for kind, _ in rows) else {Message, File}
    books.rows = {k: row for k, row in rows.items() if k[0] not in unread or k in read}
    needs = {account for each in commands for account in _needs(each.action, books)}
    gains = {account for each in commands for account in _gains(each.action, books)}
    for due in [row for row in books.rows.values() if isinstance(row, WITHIN)]:
        if due.wakes_at is not None and due.wakes_at <= books.now:
            for each in leads_to(due):
                needs.update(each.accounts(due, books))
                gains.update(each.receives(due, books))
    if unseen_gains:
        books.gaining = gains - needs
    books.reserve = lambda _: next(_numbers)
    named = (needs | gains) - books.gaining
    books.balances = {account: kept.get(account, 0) for account in named}
    try:
        run(commands, books)
    finally:
        books.balances = kept | books.balances
        books.rows = rows | books.rows
    for row in books.written.values():
        if isinstance(row, AgreedTerms):
            books.rulebooks[row.hash] = row.terms
    return [books.outcomes[each.id] for each in commands if not isinstance(each.action, Wind)]


def _needs(action: Action[Any], books: World) -> Iterable[Account]:
    subject = books.find(action.kind, action.subject_id)
    return () if subject is None else action.accounts(subject, books)


def _gains(action: Action[Any], books: World) -> Iterable[Account]:
    subject = books.find(action.kind, action.subject_id)
    return () if subject is None else action.receives(subject, books)


def ask(
    books: World, who: int, action: Action[Any], key: str = "", *, unseen_gains: bool = False
) -> Outcome:
    (outcome,) = batch(books, [command(who, action, key)], unseen_gains=unseen_gains)
    return outcome


def done(books: World, who: int, action: Action[Any]) -> Event:
    """Ask for what must happen."""
    outcome = ask(books, who, action)
    assert isinstance(outcome, Event), outcome
    return outcome


def refused(books: World, who: int, action: Action[Any]) -> Refused:
    """Ask for what must be refused."""
    outcome = ask(books, who, action)
    assert isinstance(outcome, Refused), outcome
    return outcome


def reason(books: World, who: int, action: Action[Any]) -> Reason:
    return refused(books, who, action).reason


def made(event: Event, kind: type[R]) -> R:
    """The one row of this kind that the event wrote."""
    (row,) = [row for row in event.rows if isinstance(row, kind)]
    return row


def the(books: World, kind: type[R], key: Key) -> R:
    """The row as it now is."""
    row = books.find(kind, key)
    assert row is not None
    return row


def spendable(books: World, who: int, currency: str = "USD") -> Money:
    return Money(books.balances.get(Account("wallet", who, currency), 0), currency)


def held(books: World, milestone: int = MILESTONE, currency: str = "USD") -> Money:
    return Money(books.balances.get(Account("escrow", milestone, currency), 0), currency)


def later(books: World, **time: int) -> None:
    """Let time pass."""
    books.now += timedelta(**time)


def suspend(books: World, who: int) -> None:
    row = replace(the(books, User, who), status=UserStatus.SUSPENDED)
    books.rows[User, who] = row
