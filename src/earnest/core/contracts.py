"""Contracts: one employer, one freelancer, one currency, one set of terms; and what is said.

The contract row is the gate: whatever touches something of a contract locks that row first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, Self

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, Scope, action
from earnest.core.files import attached, named, unfit
from earnest.core.inputs import CurrencyCode, Files, PersonId, PresetOrTerms, Words
from earnest.core.ledger import Account, wallet
from earnest.core.people import (
    ANYONE,
    BOTH,
    EMPLOYER,
    FREELANCER,
    NOBODY,
    OPERATOR,
    OfferCounter,
    Party,
    User,
    UserStatus,
    staff,
)
from earnest.core.records import record, replace
from earnest.core.rows import Row, Waking
from earnest.core.terms import PRESETS, Terms, not_wound, terms_hash, with_fee

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.house import House

#: From one employer to one person, unanswered.
OFFERS_MAX: Final = 3
#: While a contract is offered, so that declining it can return everything in one command.
MILESTONES_WHILE_OFFERED_MAX: Final = 50


class ContractStatus(StrEnum):
    """A contract is offered, then active, then ended; or it never came about."""

    OFFERED = "offered"
    ACTIVE = "active"
    ENDED = "ended"
    DECLINED = "declined"
    LAPSED = "lapsed"
    REVOKED = "revoked"


OFFERED: Final = frozenset({ContractStatus.OFFERED})
ACTIVE: Final = frozenset({ContractStatus.ACTIVE})
RUNNING: Final = OFFERED | ACTIVE


@record(frozen=True, slots=True)
class Contract(Waking):
    """An agreement between two people; its events are counted on it without a gap."""

    noun: ClassVar[str] = "contract"
    prefix: ClassVar[str] = "ctr"

    id: int
    #: What it was awarded for; none if it was offered to a person directly.
    project_id: int | None
    bid_id: int | None
    employer_id: int
    freelancer_id: int
    currency: str
    terms_hash: str
    status: ContractStatus
    #: How many events it has had.
    seq: int
    #: How many milestones were ever made in it.
    milestones: int
    last_act_at: datetime
    #: When the freelancer was first paid in it.
    paid_at: datetime | None
    #: While it is offered, until when it can be accepted; once it is active, no clock of what
    #: belongs to it runs out before this.
    wakes_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @property
    def contract_id(self) -> int:
        """A contract belongs to itself."""
        return self.id

    def parties(self, asker: User, world: View) -> frozenset[Party]:
        """Employer or freelancer, never both; staff if neither."""
        if asker.id == self.employer_id:
            return EMPLOYER
        if asker.id == self.freelancer_id:
            return FREELANCER
        return staff(asker)

    @override
    def standing(self, now: datetime) -> ContractStatus:
        """An offer that was not answered in time has lapsed, whether or not it was written down."""
        accept_by = self.accept_by
        is_late = accept_by is not None and accept_by <= now
        return ContractStatus.LAPSED if is_late else self.status

    @property
    def accept_by(self) -> datetime | None:
        """Until when an offer can be accepted."""
        return self.wakes_at if self.status is ContractStatus.OFFERED else None

    def changed(self, now: datetime, *, status: ContractStatus) -> Self:
        """This contract with another status, from now on; no clock runs that nobody sets."""
        return replace(self, status=status, wakes_at=None, updated_at=now)

    def other_than(self, user_id: int) -> int:
        """The other side of it."""
        return self.freelancer_id if user_id == self.employer_id else self.employer_id

    @property
    def employer_wallet(self) -> Account:
        """Where money given back goes."""
        return wallet(self.employer_id, self.currency)

    @property
    def freelancer_wallet(self) -> Account:
        """Where money released goes."""
        return wallet(self.freelancer_id, self.currency)


class InContract(Row):
    """A row that belongs to one contract, and whose parties are those of it."""

    __slots__ = ()

    contract_id: int

    def parties(self, asker: User, world: View) -> frozenset[Party]:
        """Those of its contract."""
        contract = world.find(Contract, self.contract_id)
        return contract.parties(asker, world) if contract else NOBODY


class About(StrEnum):
    """What a message is about."""

    CONVERSATION = "conversation"
    SUBMISSION = "submission"
    CHANGES = "changes"
    CANCEL = "cancel"
    QUESTION = "question"
    ANSWER = "answer"
    #: What an arbiter asks both sides, and what an operator tells them.
    DISPUTE = "dispute"
    STAFF_CANCEL = "staff_cancel"


@record(frozen=True, slots=True)
class Message(Row):
    """Something said in a contract. Never edited."""

    noun: ClassVar[str] = "message"
    prefix: ClassVar[str] = "msg"

    id: int
    #: Of a contract, for its two sides; or of a project, for everybody.
    contract_id: int | None
    project_id: int | None
    milestone_id: int | None
    #: What it answers.
    question_id: int | None
    sender_id: int
    about: About
    text: str
    links: tuple[str, ...]
    created_at: datetime
    #: How many files are attached to it.
    files: int = 0

    def parties(self, asker: User, world: View) -> frozenset[Party]:
        """Those of the contract; what is said about a project is public."""
        if self.contract_id is None:
            return ANYONE
        contract = world.find(Contract, self.contract_id)
        return contract.parties(asker, world) if contract else NOBODY


@action
class OfferContract(Action[User]):
    """Offer a person a contract: from their acceptance on, funded money is promised to them."""

    name = "contract.offer"
    kind = User
    by = EMPLOYER
    when = frozenset(UserStatus)
    event = "contract.offered"
    makes = Contract
    answers = True
    opens = True

    subject_id: int
    freelancer: PersonId
    currency: CurrencyCode
    #: The name of a preset, or every field of the terms.
    terms: PresetOrTerms | None = None

    @override
    def people(self) -> Iterable[int]:
        return (self.freelancer,)

    @override
    def receives(self, subject: User, world: View) -> Iterable[Account]:
        return (wallet(subject.id, self.currency), wallet(self.freelancer, self.currency))

    @override
    def decide(self, subject: User, world: View) -> Decision | Refused:
        if self.freelancer == subject.id:
            return Refused(Reason.SAME_PERSON, path="/freelancer")
        other = world.find(User, self.freelancer)
        if other is None or other.is_system:
            return Refused(Reason.PERSON_UNKNOWN, path="/freelancer")
        terms = chosen(self.terms, world)
        if isinstance(terms, Refused):
            return terms
        counter = world.find(OfferCounter, (subject.id, self.freelancer))
        unanswered = counter.unanswered if counter else 0
        if unanswered >= OFFERS_MAX:
            return Refused(Reason.TOO_MANY_OFFERS, {"limit": OFFERS_MAX}, "/freelancer")
        agreed = AgreedTerms(terms_hash(terms), terms, None)
        contract = new_contract(
            world,
            agreed,
            employer_id=subject.id,
            freelancer_id=self.freelancer,
            currency=self.currency,
        )
        return Decision(
            rows=(agreed, contract, OfferCounter(subject.id, self.freelancer, unanswered + 1)),
            opened=(contract.employer_wallet, contract.freelancer_wallet),
        )


@record(frozen=True, slots=True)
class AgreedTerms(Row):
    """A rule book by its hash: insert-only, shared by every contract that has the same one."""

    noun: ClassVar[str] = "terms"

    hash: str
    terms: Terms
    #: The bid that they were offered on, as `bids.row.as_json` writes it down.
    bid: Mapping[str, object] | None

    @property
    @override
    def key(self) -> str:
        return self.hash


def chosen(asked: str | Terms | None, world: View) -> Terms | Refused:
    """The rule book asked for; a preset takes the operator's fee of this moment."""
    house = world.house
    terms = asked if asked is not None else preset_of(house)
    if isinstance(terms, str):
        if terms not in house.presets:
            return Refused(Reason.TERMS_NOT_OFFERED, path="/terms")
        terms = with_fee(PRESETS[terms], house.fee_bps)
    unmet = not_wound(terms, house.wound) + (("fee_bps",) if terms.fee_bps != house.fee_bps else ())
    if unmet:
        path = f"/terms/{unmet[0]}" if isinstance(asked, Terms) else "/terms"
        return Refused(Reason.TERMS_NOT_OFFERED, path=path)
    if lacks_arbiter(terms, house):
        path = "/terms/ruling_seconds" if isinstance(asked, Terms) else "/terms"
        return Refused(Reason.NO_ARBITER, path=path)
    return terms


def preset_of(house: House) -> str:
    """The preset that a contract starts from: while nobody can rule, one that asks for no ruling.

    The operator chooses it.
    """
    return "classic" if lacks_arbiter(PRESETS[house.preset], house) else house.preset


def lacks_arbiter(terms: Terms, house: House) -> bool:
    """Nobody could keep the time within which a dispute is to be ruled on."""
    return terms.ruling_seconds is not None and not house.has_arbiter


def new_contract(
    world: View,
    agreed: AgreedTerms,
    *,
    employer_id: int,
    freelancer_id: int,
    currency: str,
    project_id: int | None = None,
    bid_id: int | None = None,
) -> Contract:
    """An offer, from now on: it waits for its answer as long as its terms say."""
    return Contract(
        id=world.new_id(),
        project_id=project_id,
        bid_id=bid_id,
        employer_id=employer_id,
        freelancer_id=freelancer_id,
        currency=currency,
        terms_hash=agreed.hash,
        status=ContractStatus.OFFERED,
        seq=0,
        milestones=0,
        last_act_at=world.now,
        paid_at=None,
        wakes_at=world.now + timedelta(seconds=agreed.terms.accept_seconds),
        created_at=world.now,
        updated_at=world.now,
    )


@action
class Say(Action[Contract]):
    """Say something to the other side. A message is never edited or removed."""

    name = "contract.say"
    kind = Contract
    by = BOTH
    when = frozenset(ContractStatus)
    event = "contract.said"
    makes = Message
    answers = True

    subject_id: int
    text: Words
    files: Files = ()

    @override
    def reads(self) -> Iterable[tuple[type[Row], int]]:
        return named(self.files)

    @override
    def decide(self, subject: Contract, world: View) -> Decision | Refused:
        refused = unfit(self.files, world)
        if refused:
            return refused
        said = message(world, subject, None, About.CONVERSATION, self.text, files=len(self.files))
        return Decision(rows=(said, *attached(said, self.files)))


@action
class Inspect(Action[Contract]):
    """Look at a contract as staff. Both sides see in its events that you did."""

    name = "contract.inspect"
    kind = Contract
    by = OPERATOR
    when = frozenset(ContractStatus)
    event = "contract.inspected"
    scope = Scope.STAFF

    subject_id: int

    @override
    def decide(self, subject: Contract, world: View) -> Decision:
        return Decision(rows=())


def message(
    world: View,
    contract: Contract,
    milestone_id: int | None,
    about: About,
    text: str,
    links: tuple[str, ...] = (),
    *,
    files: int = 0,
) -> Message:
    """What the asker says, with the action they say it by."""
    return Message(
        id=world.new_id(),
        contract_id=contract.id,
        project_id=None,
        milestone_id=milestone_id,
        question_id=None,
        sender_id=world.asker_id,
        about=about,
        text=text,
        links=links,
        created_at=world.now,
        files=files,
    )
