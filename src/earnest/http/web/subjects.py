"""What a page is about: a row that its reader may see, what stands around it, who may do what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from earnest.core import batch  # noqa: F401  # It imports every module that has actions.
from earnest.core.actions import ACTIONS, Refused, standing
from earnest.core.bids.row import Bid, Proposal
from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche, foreseen, tranches_of
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import User, staff
from earnest.core.projects.row import Project
from earnest.core.references import NotAReferenceError, parsed
from earnest.core.rows import Row
from earnest.core.world import World
from earnest.http import asking
from earnest.store.reads.agreements import lying_beside, rules_in
from earnest.store.reads.around import Seen, seen
from earnest.store.reads.collections import (
    CONTRACTS,
    DEPOSITS,
    DISPUTES,
    MILESTONES,
    RELEASES,
    TRANCHES,
    WITHDRAWALS,
    Collection,
)
from earnest.store.reads.paging import Part, item
from earnest.store.reads.projects import BIDS, PROJECTS, beside
from earnest.store.reads.soonest import Soonest, planned
from earnest.wire.shapes import Acceptance
from earnest.wire.surroundings import Surroundings

if TYPE_CHECKING:
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

COLLECTIONS: Final[Mapping[type[Row], Collection[Any]]] = {
    Contract: CONTRACTS,
    Milestone: MILESTONES,
    Deposit: DEPOSITS,
    Withdrawal: WITHDRAWALS,
    Project: PROJECTS,
    Bid: BIDS,
    Release: RELEASES,
    Tranche: TRANCHES,
    Dispute: DISPUTES,
}
#: What is a part of one milestone.
_PARTS: Final = Release | Dispute | Tranche
RowT = TypeVar("RowT", bound=Row)
KINDS: Final = {f"{kind.noun}s": kind for kind in COLLECTIONS}


@dataclass(frozen=True, slots=True)
class About:
    """A row, and everything that its pages say of it."""

    row: Any
    #: Its contract, if it has one.
    contract: Contract | None
    seen: Seen
    world: World
    #: Every action on it, and what refuses it to the reader.
    standing: Mapping[str, Refused | None]
    visit: Visit
    #: The project that it is, or is about, if there is one.
    project: Project | None = None
    #: The bid that it is, or came of, and what that proposes.
    bid: Bid | None = None
    proposals: Sequence[Proposal] = ()

    @property
    def address(self) -> str:
        """Where its page is."""
        return address_of(self.row)

    @property
    def offered(self) -> Sequence[str]:
        """The actions that there are buttons for."""
        return [name for name, refused in self.standing.items() if refused is None]

    @property
    def currency(self) -> str | None:
        """The one currency of everything about it."""
        if isinstance(self.row, User):
            return None
        currency: str = getattr(self.row, "currency", "") or self.row.amount.currency
        return currency

    @property
    def milestone(self) -> Milestone | None:
        """The milestone that it is, or that a release, a tranche or a dispute is of."""
        if isinstance(self.row, _PARTS):
            return self.world.find(Milestone, self.row.milestone_id)
        return self.row if isinstance(self.row, Milestone) else None

    @property
    def held(self) -> Money:
        """What the milestone holds, the tranche would pay, or is reserved for the project."""
        if isinstance(self.row, Milestone):
            return self.seen.around.balance(self.row.escrow)
        if isinstance(self.row, Tranche):
            milestone = self.milestone
            assert milestone is not None, "a tranche is a part of something"
            parts = tranches_of(milestone, self.world)
            pays = foreseen(parts, milestone.left, self.visit.as_of)
            return pays.get(self.row.id, Money.zero(self.row.amount.currency))
        return self.reserved

    def each_standing(
        self, kind: type[RowT]
    ) -> Sequence[tuple[RowT, Mapping[str, Refused | None]]]:
        """What its reader may do with each row of one kind around it."""
        rows = [each for each in self.world.rows.values() if isinstance(each, kind)]
        return [(each, standing(each, self.visit.me, self.world)) for each in rows]

    @property
    def reserved(self) -> Money:
        """What is reserved for the project that it is about; without one, nothing."""
        if self.project is None:
            return Money.zero(self.currency or "USD")
        return self.seen.around.balance(self.project.reserve)

    @property
    def milestones(self) -> Sequence[Milestone]:
        """The live milestones of the contract; of very many some."""
        return self.seen.milestones

    @property
    def acceptance(self) -> Acceptance:
        """What accepting the contract names of all of them."""
        return self.seen.acceptances[self.row.id]

    def name(self, number: int) -> str:
        """What somebody around it is called."""
        return self.seen.around.names[number]

    @property
    def is_employer(self) -> bool:
        """Whether its reader is the one who pays."""
        return self._sides[0] == self.visit.me.id

    @property
    def employer(self) -> str:
        """Who pays, or would pay."""
        return self._named(self._sides[0])

    @property
    def freelancer(self) -> str:
        """Who works, or would work; of a project nobody yet."""
        return self._named(self._sides[1])

    @property
    def _sides(self) -> tuple[int | None, int | None]:
        if self.contract is not None:
            return self.contract.employer_id, self.contract.freelancer_id
        if isinstance(self.row, Bid):
            return self.row.employer_id, self.row.bidder_id
        return (self.row.employer_id if isinstance(self.row, Project) else None), None

    def _named(self, number: int | None) -> str:
        return self.name(number) if number is not None else ""

    @property
    def is_side(self) -> bool:
        """Whether its reader is one of the two; else it is somebody of the staff who looks."""
        return self.visit.me.id in self._sides

    @property
    def other(self) -> str:
        """The other side, as its reader sees it; of what has no sides, nobody."""
        return self.freelancer if self.is_employer else self.employer


def other_side(row: Contract | Milestone, user_id: int) -> int:
    """Who works for this person there, if they pay; else who pays."""
    return row.freelancer_id if row.employer_id == user_id else row.employer_id


def address_of(row: Row) -> str:
    """Where the page of a row is."""
    return "/finances" if isinstance(row, User) else f"/{row.noun}s/{row.reference}"


async def load(db: Connection, visit: Visit, kind: type[Row], reference: str) -> About:
    """The row of this reference, if its reader may see it; else it is not there."""
    me = visit.me
    try:
        number = parsed(reference, kind.prefix)
    except NotAReferenceError:
        raise asking.not_found() from None
    collection = COLLECTIONS[kind]
    # Nothing is asked of staff about a bid, so a bid is its two sides' alone.
    sees_all = bool(staff(me)) and kind is not Bid
    may_see = () if sees_all else (Part(collection.visible, (me.id,)),)
    row = await item(db, collection.source, Part("lists.this", (number,)), *may_see)
    if row is None:
        raise asking.not_found()
    contract = row if isinstance(row, Contract) else None
    if isinstance(row, Milestone | _PARTS):
        this = Part("lists.this", (row.contract_id,))
        contract = await item(db, CONTRACTS.source, this)
    of = None
    if isinstance(row, _PARTS):
        of = await item(db, MILESTONES.source, Part("lists.this", (row.milestone_id,)))
    return await around(db, visit, row, contract, of)


async def around(
    db: Connection, visit: Visit, row: Row, contract: Contract | None, of: Milestone | None = None
) -> About:
    """What stands around a row that its reader may see; of a contract all that is live in it."""
    also = [] if of is None else [of]
    found = await seen(db, [row, *also], alone=True, tells_next=False)
    near = await beside(db, row if contract is None else contract, visit.me.id)
    near.rows += await lying_beside(db, row)
    found.around.rulebooks = {**found.around.rulebooks, **await rules_in(db, near.rows)}
    found.around.names = {**found.around.names, **near.names}
    found.around.balances = {**found.around.balances, **near.balances}
    parts = await planned(db, [each for each in (*also, row) if isinstance(each, Milestone)])
    rows = {
        (type(each), each.key): each
        for each in (*parts, *near.rows, *found.milestones, *also, row, visit.me)
    }
    if contract is not None:
        rows[Contract, contract.key] = contract
    balances = dict(found.around.balances)
    world = World(visit.as_of, visit.app.house, rows, balances, dict(found.around.rulebooks))
    may = standing(row, visit.me, world)
    beside_it = (near.project, near.bid, near.proposals)
    return About(row, contract, found, world, may, visit, *beside_it)


def own(visit: Visit) -> About:
    """The reader's own row: what offers, deposits and withdrawals begin from."""
    rows: dict[Any, Row] = {(User, visit.me.key): visit.me}
    world = World(visit.as_of, visit.app.house, rows, {}, {})
    nothing = Seen(Surroundings({visit.me.id: visit.me.name}, {}, {}), {}, world, Soonest(world))
    return About(visit.me, None, nothing, world, standing(visit.me, visit.me, world), visit)


def holds(milestone: Milestone) -> bool:
    """Whether there is money in it."""
    return milestone.status in HOLDING


def verb_of(name: str, kind: type[Row]) -> str:
    """What an action is called in an address: of another noun's it says the noun as well."""
    noun, _, verb = name.partition(".")
    said = _SAID.get(name) or verb.replace("_", "-")
    return said if noun == kind.noun or name in _SAID else f"{said}-{noun}"


#: What an address calls an action otherwise.
_SAID: Final[Mapping[str, str]] = {"bid.place": "bid"}


def action_at(kind: type[Row], verb: str) -> str | None:
    """The action of this address, if there is one that somebody can ask for."""
    return _VERBS.get((kind, verb))


_VERBS: Final = {(each.kind, verb_of(name, each.kind)): name for name, each in ACTIONS.items()}
