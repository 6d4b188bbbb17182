"""The dispute: an amount of one milestone that is frozen, and what each side says of it.

All figures are what the freelancer would get of it; the rest is the employer's.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final, Self

from earnest.core.actions import Action, Reason, Refused
from earnest.core.contracts import InContract
from earnest.core.ledger import Account, dispute, stake
from earnest.core.money import Money
from earnest.core.people import ARBITER, NOBODY, Party, Role, User, UserStatus
from earnest.core.records import record, replace
from earnest.core.rows import Row, Waking

if TYPE_CHECKING:
    from earnest.core.actions import View


class DisputeStatus(StrEnum):
    """A dispute is answered, negotiated and, failing that, ruled on; or it ends before."""

    RESPONSE = "response"
    NEGOTIATION = "negotiation"
    #: One side has paid the arbitration fee; the other can, too.
    FINAL_OFFERS = "final_offers"
    ARBITRATION = "arbitration"
    WITHDRAWN = "withdrawn"
    CONCEDED = "conceded"
    SETTLED = "settled"
    DEFAULTED = "defaulted"
    RULED = "ruled"


RESPONSE: Final = frozenset({DisputeStatus.RESPONSE})
NEGOTIATION: Final = frozenset({DisputeStatus.NEGOTIATION})
FINAL_OFFERS: Final = frozenset({DisputeStatus.FINAL_OFFERS})
ARBITRATION: Final = frozenset({DisputeStatus.ARBITRATION})
UNDECIDED: Final = RESPONSE | NEGOTIATION | FINAL_OFFERS
OPEN: Final = UNDECIDED | ARBITRATION


@record(frozen=True, slots=True)
class Dispute(InContract, Waking):
    """What two people disagree about, how far they have come, and by when what follows."""

    noun: ClassVar[str] = "dispute"
    prefix: ClassVar[str] = "dsp"

    id: int
    contract_id: int
    milestone_id: int
    #: As on its contract, where they never change.
    employer_id: int
    freelancer_id: int
    opener_id: int
    #: What is frozen.
    amount: Money
    status: DisputeStatus
    #: What the opener asked for at first.
    claim: Money
    #: The last open figure of either side, and the offer that said it; of who did not open it,
    #: none before the answer.
    opener_figure: Money
    opener_offer_id: int
    other_figure: Money | None
    other_offer_id: int | None
    #: Who would have got it by the milestone's own silence when it was frozen.
    silence_to: Party
    #: What an arbitration fee is, of each side; none where the terms ask for none.
    fee: Money | None
    #: When the stage is over; None: it has no limit.
    ends_at: datetime | None
    #: The sooner of `closes_at` and `ends_at`.
    wakes_at: datetime | None
    #: How many more arbiters are named if one stays silent.
    next_arbiters: int
    created_at: datetime
    updated_at: datetime
    #: Who paid the fee first, and what they asked for then.
    payer_id: int | None = None
    payer_figure: Money | None = None
    #: Whether the other side paid it too.
    matched: bool = False
    negotiation_at: datetime | None = None
    #: Which round of sealed offers it is, and when that one is compared.
    round: int = 0
    closes_at: datetime | None = None
    arbiter_id: int | None = None
    named_at: datetime | None = None
    taken_at: datetime | None = None
    #: Until when both can add exhibits because the arbiter asked.
    asked_until: datetime | None = None
    refused_by_opener: bool = False
    refused_by_other: bool = False
    opener_exhibits: int = 0
    opener_bytes: int = 0
    other_exhibits: int = 0
    other_bytes: int = 0
    #: How many of the exhibits the named arbiter has opened.
    opened: int = 0
    #: What the freelancer got, once it is over.
    to_freelancer: Money | None = None
    #: The tranche of an agreed plan that it is an objection to.
    tranche_id: int | None = None
    #: Where the end of a stage was put off to, because somebody could not be told in time.
    deferred_until: datetime | None = None

    def parties(self, asker: User, world: View) -> frozenset[Party]:
        """Those of its contract, and the named arbiter, who is none of them."""
        mine = InContract.parties(self, asker, world)
        return mine | ARBITER if self._is_arbiter(asker) else mine

    def _is_arbiter(self, asker: User) -> bool:
        """What the site made somebody it can take away."""
        return self.arbiter_id == asker.id and may_arbitrate(asker)

    @property
    def account(self) -> Account:
        """Where what is frozen waits."""
        return dispute(self.id, self.amount.currency)

    @property
    def stake(self) -> Account:
        """Where the arbitration fees wait."""
        return stake(self.id, self.amount.currency)

    @property
    def exhibits(self) -> int:
        """How many exhibits there are, of both sides."""
        return self.opener_exhibits + self.other_exhibits

    @property
    def payers(self) -> tuple[int, ...]:
        """Who has put up a fee."""
        if self.payer_id is None:
            return ()
        return (self.payer_id, self.other_than(self.payer_id)) if self.matched else (self.payer_id,)

    @property
    def staked(self) -> Money:
        """What they have put up together."""
        nothing = Money.zero(self.amount.currency)
        return nothing if self.fee is None else sum((self.fee for _ in self.payers), nothing)

    def other_than(self, user_id: int) -> int:
        """The other side of it."""
        return self.freelancer_id if user_id == self.employer_id else self.employer_id

    def side(self, user_id: int) -> str:
        """How the columns of a side begin: it opened the dispute, or is the other."""
        return "opener" if user_id == self.opener_id else "other"

    def figure_of(self, user_id: int) -> Money | None:
        """What a side last offered openly."""
        return self.opener_figure if user_id == self.opener_id else self.other_figure

    def offer_of(self, user_id: int) -> int | None:
        """The offer that says it."""
        return self.opener_offer_id if user_id == self.opener_id else self.other_offer_id

    def changed(self, now: datetime, **changes: object) -> Self:
        """This dispute with something else about it, from now on; it wakes at its next clock."""
        after = replace(self, updated_at=now, **changes)  # type: ignore[arg-type]
        found = [at for at in (after.closes_at, after.ends_at) if at is not None]
        return after.waking(min(found, default=None))

    def over(self, now: datetime, status: DisputeStatus, to_freelancer: Money | None) -> Self:
        """This dispute when nothing of it is frozen any more; no clock runs."""
        return self.changed(
            now, status=status, to_freelancer=to_freelancer, closes_at=None, ends_at=None
        )


@record(frozen=True, slots=True)
class Offer(Row):
    """What one side would settle for, openly: its last one stands. Never edited."""

    noun: ClassVar[str] = "offer"
    prefix: ClassVar[str] = "off"

    id: int
    contract_id: int
    dispute_id: int
    maker_id: int
    to_freelancer: Money
    #: What the claim and the answer say beside their figure.
    statement: str
    created_at: datetime

    def parties(self, asker: User, world: View) -> frozenset[Party]:
        """Those of its dispute."""
        found = world.find(Dispute, self.dispute_id)
        return found.parties(asker, world) if found else NOBODY


class DisputeAction(Action[Dispute]):
    """What can be asked of a dispute, which is locked with its contract and its milestone."""

    __slots__ = ()

    kind = Dispute


def may_arbitrate(user: User) -> bool:
    """Whether the site lets somebody rule on disputes now."""
    return user.status is UserStatus.ACTIVE and Role.ARBITER in user.roles


def too_much(figure: Money, frozen: Money) -> Refused | None:
    """Nobody can be given more than is frozen."""
    if frozen < figure:
        return Refused(Reason.MORE_THAN_FROZEN, {"frozen": frozen}, "/to_freelancer")
    return None


def new_offer(found: Dispute, figure: Money, statement: str, world: View) -> Offer:
    """What the asker would settle for, from now on."""
    return Offer(
        id=world.new_id(),
        contract_id=found.contract_id,
        dispute_id=found.id,
        maker_id=world.asker_id,
        to_freelancer=figure,
        statement=statement,
        created_at=world.now,
    )
