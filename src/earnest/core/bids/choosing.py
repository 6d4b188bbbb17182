"""Choosing among bids: the employer's shortlist, a no, and the award that makes a contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, action
from earnest.core.bids.bidding import BidAction, over, project_of
from earnest.core.bids.row import Bid, BidStatus, as_json, proposals_of
from earnest.core.contracts import AgreedTerms, Contract, chosen, new_contract
from earnest.core.inputs import Hash, PresetOrTerms
from earnest.core.ledger import Account, wallet
from earnest.core.people import EMPLOYER
from earnest.core.records import replace
from earnest.core.terms import terms_hash

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View
    from earnest.core.projects.row import Project


@action
class Shortlist(BidAction):
    """Put a bid on your shortlist. Nobody else sees it, not even that anything has changed."""

    name = "bid.shortlist"
    by = EMPLOYER
    event = "bid.shortlisted"

    subject_id: int

    @classmethod
    @override
    def blocked_now(cls, bid: Bid, project: Project, world: View) -> Reason | None:
        return Reason.ALREADY_SHORTLISTED if bid.shortlisted else None

    @override
    def decide(self, subject: Bid, world: View) -> Decision:
        return Decision(rows=(replace(subject, shortlisted=True),))


@action
class Unshortlist(BidAction):
    """Take a bid off your shortlist. It stays live."""

    name = "bid.unshortlist"
    by = EMPLOYER
    event = "bid.unshortlisted"

    subject_id: int

    @classmethod
    @override
    def blocked_now(cls, bid: Bid, project: Project, world: View) -> Reason | None:
        return None if bid.shortlisted else Reason.NOT_SHORTLISTED

    @override
    def decide(self, subject: Bid, world: View) -> Decision:
        return Decision(rows=(replace(subject, shortlisted=False),))


@action
class DeclineBid(BidAction):
    """Say no to a bid. Its bidder may bid again."""

    name = "bid.decline"
    by = EMPLOYER
    event = "bid.declined"

    subject_id: int

    @override
    def decide(self, subject: Bid, world: View) -> Decision:
        return over(subject, world, BidStatus.DECLINED)


@action
class Award(BidAction):
    """Choose a bid: its bidder is offered a contract under terms that you choose.

    You award what you saw. Nothing is promised to anybody before they accept.
    """

    name = "bid.award"
    by = EMPLOYER
    event = "bid.awarded"
    makes = Contract
    answers = True
    opens = True

    subject_id: int
    bid_hash: Hash
    #: The name of a preset, or every field of the terms.
    terms: PresetOrTerms | None = None

    @override
    def receives(self, subject: Bid, world: View) -> Iterable[Account]:
        currency = subject.amount.currency
        return (wallet(subject.employer_id, currency), wallet(subject.bidder_id, currency))

    @override
    def decide(self, subject: Bid, world: View) -> Decision | Refused:
        if self.bid_hash != subject.hash:
            return Refused(Reason.CHANGED, {"now": subject.hash}, "/bid_hash")
        terms = chosen(self.terms, world)
        if isinstance(terms, Refused):
            return terms
        offered = as_json(subject.amount, proposals_of(subject, world))
        agreed = AgreedTerms(terms_hash(terms, offered), terms, offered)
        contract = new_contract(
            world,
            agreed,
            employer_id=subject.employer_id,
            freelancer_id=subject.bidder_id,
            currency=subject.amount.currency,
            project_id=subject.project_id,
            bid_id=subject.id,
        )
        project = project_of(subject, world)
        return Decision(
            rows=(
                agreed,
                contract,
                subject.changed(world.now, status=BidStatus.AWARDED),
                project.changed(world.now, offered=project.offered + 1, wakes_at=None),
            ),
            opened=(contract.employer_wallet, contract.freelancer_wallet),
        )
