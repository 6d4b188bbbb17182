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

from tests.core.clocked import CLOCKED, CLOCKED_HASH, STAKED, STAKED_HASH, due_in, wound
from tests.core.disputed import About as DisputeAbout
from tests.core.disputed import acquaintances, with_dispute
from tests.core.paid import deposit_in, withdrawal_in
from tests.core.planned import with_plan
from tests.core.proposed import DUE, OTHER_HASH, OTHER_TERMS, question, said

from earnest.core.actions import Action, Reason, Refused
from earnest.core.batch import run
from earnest.core.bids.row import Bid, Bidder, BidStatus, Proposal, bid_hash
from earnest.core.clocks import Wind
from earnest.core.commands import Command, Event, Outcome
from earnest.core.contracts import AgreedTerms, Contract, ContractStatus, Message
from earnest.core.disputes.row import OPEN, Dispute, DisputeStatus
from earnest.core.files import Attachment, File
from earnest.core.hearing import Heard
from earnest.core.house import House
from earnest.core.ledger import Account
from earnest.core.milestones.releasing import ON_ITS_WAY, Release, ReleaseStatus
from earnest.core.milestones.row import HOLDING, Milestone, MilestoneStatus, agreement_hash
from earnest.core.milestones.tranches import TrancheStatus
from earnest.core.money import Money
from earnest.core.payments.depositing import DepositStatus
from earnest.core.payments.withdrawing import Withdrawal, WithdrawalStatus
from earnest.core.people import SYSTEM_ID, OfferCounter, Role, User, UserStatus, system
from earnest.core.projects.row import CHOOSING, GOING_ON, Project, ProjectStatus
from earnest.core.rows import Key, Row
from earnest.core.skills import Skill
from earnest.core.terms import CLASSIC, terms_hash
from earnest.core.world import World

R = TypeVar("R", bound=Row)

EMPLOYER, FREELANCER, STRANGER, OPERATOR, ARBITER, OTHER_OPERATOR = 1, 2, 3, 4, 5, 6
SYSTEM: Final = SYSTEM_ID
CONTRACT, MILESTONE, DEPOSIT, WITHDRAWAL = 10, 20, 30, 40
PROJECT, BID, QUESTION = 50, 60, 70
ANSWERED_WITHIN: Final = timedelta(seconds=CLASSIC.accept_seconds)
BIDS_TAKEN: Final = timedelta(days=14)
NOW: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
TERMS_HASH: Final = terms_hash(CLASSIC)
UNSENT: Final = {WithdrawalStatus.REQUESTED, WithdrawalStatus.APPROVED}
ON_THE_WAY: Final = UNSENT | {WithdrawalStatus.SENT}
_ROLES: Final = {
    OPERATOR: Role.OPERATOR,
    ARBITER: Role.ARBITER,
    OTHER_OPERATOR: Role.OPERATOR,
}

#: Numbers far from those of the rows above; a command may need more than a thousand of its own.
_numbers = count(1_000, 2_000)


def usd(text: str) -> Money:
    return Money.parse(text, "USD")


def jpy(text: str) -> Money:
    return Money.parse(text, "JPY")


RULEBOOKS: Final = {
    TERMS_HASH: CLASSIC,
    OTHER_HASH: OTHER_TERMS,
    CLOCKED_HASH: CLOCKED,
    STAKED_HASH: STAKED,
}
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
        frozen=nothing,
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
    dispute: DisputeStatus | None = None,
    about: DisputeAbout | None = None,
    tranche: TrancheStatus | None = None,
    plan_agreed: bool = True,
    unheard: bool = False,
    house: House | None = None,
    people: Sequence[User] = (),
    **asked: Any,
) -> World:
    """A contract with at most a milestone; a project with a bid; the employer's two payments."""
    project = project or (PROJECT_WITH[contract] if awarded else ProjectStatus.OPEN)
    bid = bid or (BID_WITH.get(contract, BidStatus.LIVE) if awarded else BidStatus.LIVE)
    rows: list[Row] = [
        *(*everybody(), *people),
        contract_in(contract, awarded=awarded),
        OfferCounter(EMPLOYER, FREELANCER, int(contract is ContractStatus.OFFERED and not awarded)),
        project_in(project, contract if awarded else None),
        *_bidding(bid, shortlisted=shortlisted),
        deposit_in(DEPOSIT, EMPLOYER, WHOLE, deposit, NOW),
        withdrawal_in(WITHDRAWAL, EMPLOYER, WHOLE, withdrawal, NOW),
    ]
    rows += said(contract_in(contract), milestone_in(milestone) if milestone else None, **asked)
    rows = wound(with_dispute(rows, dispute, about), release, clocked=clocked)
    rows = with_plan(rows, tranche, agreed=plan_agreed)
    heard = Heard() if unheard else None
    books = dict(RULEBOOKS)
    return World(NOW, house or House(), placed(rows), held_by(rows), books, heard=heard)


def _bidding(bid: BidStatus, *, shortlisted: bool) -> Sequence[Row]:
    """A bid for the project, and what somebody asks about it."""
    over = bid in {BidStatus.RETRACTED, BidStatus.DECLINED}
    return [
        Bidder(PROJECT, FREELANCER, 0 if over else 1),
        bid_in(bid, shortlisted=shortlisted and not over),
        *proposals(),
        question(QUESTION, PROJECT, STRANGER, NOW),
    ]


def placed(rows: Sequence[Row]) -> dict[tuple[type[Row], Key], Row]:
    return {(type(row), row.key): row for row in rows}


_PEOPLE: Final = (EMPLOYER, FREELANCER, STRANGER, OPERATOR, ARBITER, OTHER_OPERATOR)


def everybody() -> list[User]:
    return [
        system(NOW),
        *(person(number) for number in _PEOPLE),
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
        elif isinstance(row, Dispute):
            balances[row.account] = row.amount.minor if row.status in OPEN else 0
            balances[row.stake] = row.staked.minor if row.status in OPEN else 0
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
    """Run commands as one batch that has locked what they name; what only gains, or not."""
    kept, rows = books.balances, books.rows
    read = {key for each in commands for key in each.action.reads()}
    unread = {Message} if any(kind is Attachment for kind, _ in rows) else {Message, File}
    books.rows = {k: row for k, row in rows.items() if k[0] not in unread or k in read}
    asked = [*_asked(commands, books), *due_in(books)]
    needs = {account for row, action in asked for account in action.accounts(row, books)}
    gains = {account for row, action in asked for account in action.receives(row, books)}
    if unseen_gains:
        books.gaining = gains - needs
    books.acquaintances = acquaintances(commands, books)
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


def _asked(commands: Sequence[Command], books: World) -> Iterable[tuple[Row, Action[Any]]]:
    for each in commands:
        subject = books.find(each.action.kind, each.action.subject_id)
        if subject is not None:
            yield subject, each.action


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
