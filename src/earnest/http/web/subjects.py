"""What a page is about: a row that its reader may see, what stands around it, who may do what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core import batch  # It imports every module that has actions.
from earnest.core.actions import ACTIONS, Refused, standing
from earnest.core.contracts import Contract
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import User, staff
from earnest.core.references import NotAReferenceError, parsed
from earnest.core.rows import Row
from earnest.http import asking
from earnest.store.reads.around import Seen, seen
from earnest.store.reads.collections import (
    CONTRACTS,
    DEPOSITS,
    MILESTONES,
    WITHDRAWALS,
    Collection,
)
from earnest.store.reads.paging import Part, item
from earnest.wire.shapes import Surroundings

if TYPE_CHECKING:
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

COLLECTIONS: Final[Mapping[type[Row], Collection[Any]]] = {
    Contract: CONTRACTS,
    Milestone: MILESTONES,
    Deposit: DEPOSITS,
    Withdrawal: WITHDRAWALS,
}
KINDS: Final = {f"{kind.noun}s": kind for kind in COLLECTIONS}


@dataclass(frozen=True, slots=True)
class About:
    """A row, and everything that its pages say of it."""

    row: Any
    #: Its contract, if it has one.
    contract: Contract | None
    seen: Seen
    world: batch.World
    #: Every action on it, and what refuses it to the reader.
    standing: Mapping[str, Refused | None]
    visit: Visit

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
    def held(self) -> Money:
        """What the milestone holds."""
        return self.seen.around.balance(self.row.escrow)

    @property
    def milestones(self) -> Sequence[Milestone]:
        """The live milestones of the contract."""
        return self.seen.milestones[self.row.id]

    def name(self, number: int) -> str:
        """What somebody around it is called."""
        return self.seen.around.names[number]

    @property
    def is_employer(self) -> bool:
        """Whether its reader is the one who pays."""
        return self.contract is not None and self.contract.employer_id == self.visit.me.id

    @property
    def is_side(self) -> bool:
        """Whether its reader is one of the two; else it is somebody of the staff who looks."""
        sides = () if self.contract is None else (
            self.contract.employer_id, self.contract.freelancer_id,
        )  # fmt: skip
        return self.visit.me.id in sides

    @property
    def other(self) -> str:
        """The other side, as its reader sees it; of what has no sides, nobody."""
        if self.contract is None:
            return ""
        return self.name(other_side(self.contract, self.visit.me.id))


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
    may_see = () if staff(me) else (Part(collection.visible, (me.id,)),)
    row = await item(db, collection.source, Part("lists.this", (number,)), *may_see)
    if row is None:
        raise asking.not_found()
    contract = row if isinstance(row, Contract) else None
    if isinstance(row, Milestone):
        this = Part("lists.this", (row.contract_id,))
        contract = await item(db, CONTRACTS.source, this)
    return await around(db, visit, row, contract)


async def around(db: Connection, visit: Visit, row: Row, contract: Contract | None) -> About:
    """What stands around a row that its reader may see; of a contract all that is live in it."""
    found = await seen(db, [row])
    live = found.milestones.get(contract.id, ()) if contract is not None else ()
    rows = {(type(each), each.key): each for each in (*live, row, visit.me)}
    if contract is not None:
        rows[Contract, contract.key] = contract
    balances = dict(found.around.balances)
    world = batch.World(visit.as_of, visit.app.house, rows, balances, dict(found.around.rulebooks))
    return About(row, contract, found, world, standing(row, visit.me, world), visit)


def own(visit: Visit) -> About:
    """The reader's own row: what offers, deposits and withdrawals begin from."""
    rows: dict[Any, Row] = {(User, visit.me.key): visit.me}
    world = batch.World(visit.as_of, visit.app.house, rows, {}, {})
    nothing = Seen(Surroundings({visit.me.id: visit.me.name}, {}, {}), {})
    return About(visit.me, None, nothing, world, standing(visit.me, visit.me, world), visit)


def holds(milestone: Milestone) -> bool:
    """Whether there is money in it."""
    return milestone.status in HOLDING


def verb_of(name: str, kind: type[Row]) -> str:
    """What an action is called in an address: of another noun's it says the noun as well."""
    noun, _, verb = name.partition(".")
    said = verb.replace("_", "-")
    return said if noun == kind.noun else f"{said}-{noun}"


def action_at(kind: type[Row], verb: str) -> str | None:
    """The action of this address, if there is one that somebody can ask for."""
    return _VERBS.get((kind, verb))


_VERBS: Final = {(each.kind, verb_of(name, each.kind)): name for name, each in ACTIONS.items()}
