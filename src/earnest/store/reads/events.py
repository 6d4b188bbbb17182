"""Which events tell of something, and in which order they are read.

Within a contract they are counted without a gap, so that is their order; anywhere else it is the
order of their numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from earnest.core.bids.row import Bid
from earnest.core.contracts import Contract, Message
from earnest.core.people import User
from earnest.core.projects.row import Project
from earnest.core.rows import Row
from earnest.store.reads.paging import Branch, Order, Part

VISIBLE: Final = "events.visible"

_FILTERS: Final = {"from": "events.happened_from", "to": "events.happened_before"}
_SIDES: Final = ("contracts.where_employer", "contracts.where_freelancer")


def _within(chosen: Mapping[str, Any]) -> tuple[Part, ...]:
    return tuple(Part(part, (chosen[name],)) for name, part in _FILTERS.items() if name in chosen)


def of_person(user_id: int, chosen: Mapping[str, Any]) -> tuple[list[Branch], Order]:
    """All that a person may see, or what happened in one contract of theirs."""
    where = _within(chosen)
    if "contract" in chosen:
        this = Part("contracts.where_this", (chosen["contract"],))
        sides = [(Part(side, (user_id,)), this) for side in _SIDES]
        return [Branch("lists.through_contracts", side, where) for side in sides], IN_CONTRACT
    found = [Branch("lists.through_contracts", (Part(s, (user_id,)),), where) for s in _SIDES]
    found.append(Branch("lists.own", (Part("events.of_own_row", (user_id,)),), where))
    found += (
        Branch(f"events.through_{payments}", (Part("events.where_payer", (user_id,)),), where)
        for payments in ("deposits", "withdrawals")
    )
    reviewer = (Part("events.where_reviewer", (user_id,)),)
    found.append(Branch("events.through_reviews", reviewer, where))
    maker = (Part("events.where_maker", (user_id,)),)
    found.append(Branch("events.through_sealed_offers", maker, where))
    return [*found, *_of_projects(user_id, where)], Order()


def _of_projects(user_id: int, where: tuple[Part, ...]) -> Iterable[Branch]:
    """Of a person's projects with all bids, and of their own bids; contracts are told apart."""
    as_employer = (Part("events.where_employer", (user_id,)),)
    as_bidder = (Part("events.where_bidder", (user_id,)),)
    yield Branch("events.through_projects", as_employer, where)
    yield Branch("events.through_bids", as_employer, where)
    yield Branch("events.through_bids", as_bidder, (*where, _BUT_THE_SHORTLIST))
    yield Branch("events.through_places", as_bidder, where)


IN_CONTRACT: Final = Order("events.by_seq", down=True)
_BUT_THE_SHORTLIST: Final = Part("events.but_the_shortlist")


def about(
    row: Row, chosen: Mapping[str, Any], reader: int | None = None
) -> tuple[list[Branch], Order]:
    """What happened to a row that its reader may see, as far as they may know of it."""
    where = _within(chosen)
    telling = Part("events.telling_of", (row.reference,))
    if isinstance(row, User):
        return [Branch("lists.own", (Part("events.from_own_row", (row.id,)),), where)], Order()
    contract_id: int | None = getattr(row, "contract_id", None)
    if contract_id is not None:
        side = (Part("events.of_contract", (contract_id,)),)
        also = () if isinstance(row, Contract) else (telling,)
        return [Branch("lists.own", side, (*where, *also))], IN_CONTRACT
    if isinstance(row, Bid):
        return _about_bid(row, (*where, telling), reader), Order()
    if isinstance(row, Project):
        public = Part("events.of_project", (row.id,))
        posting = Part("events.of_posting", (row.employer_id,))
        told = Branch("lists.own", (posting,), (*where, telling))
        return [Branch("lists.own", (public,), where), told], Order()
    if isinstance(row, Message):
        public = Part("events.of_project", (row.project_id,))
        return [Branch("lists.own", (public,), (*where, telling))], Order()
    owner: int = row.user_id  # type: ignore[attr-defined]  # Of what is left, all are payments.
    mine = Part("events.of_payment", ((owner, row.id),))
    return [Branch("lists.own", (mine,), (*where, telling))], Order()


def _about_bid(bid: Bid, where: tuple[Part, ...], reader: int | None) -> list[Branch]:
    """From its placing to what became of the contracts that it was awarded."""
    own = Part("events.of_bid", ((bid.project_id, bid.id),))
    awarded = Part("contracts.where_of_bid", (bid.project_id, bid.id))
    told = where if reader == bid.employer_id else (*where, _BUT_THE_SHORTLIST)
    return [
        Branch("lists.own", (own,), told),
        Branch("lists.through_contracts", (awarded,), where),
    ]
