"""The form in which each row crosses every interface: answers, events, webhooks, exports.

A POST answers these bytes and its event keeps them, so a replay is the same to the byte: nothing
here depends on who asks or when.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.bids.row import Bid, Proposal
from earnest.core.contracts import Contract, Message
from earnest.core.disputes.arbitrating import Ruling
from earnest.core.disputes.exhibiting import Exhibit
from earnest.core.disputes.extending import Extension
from earnest.core.disputes.row import Dispute, Offer
from earnest.core.effects import owner_of
from earnest.core.files import File
from earnest.core.milestones.agreeing import funded
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import HOLDING, Milestone, hash_of_seen
from earnest.core.milestones.tranches import Tranche
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.row import Break
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import User, sorted_roles
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.core.renewing import TermsOffer
from earnest.core.reviews import CRITERIA, Review
from earnest.core.rows import Row
from earnest.core.terms import as_json
from earnest.wire.dispute_shapes import dispute, exhibit, extension, offer, ruling
from earnest.wire.payment_shapes import broken, deposit, withdrawal
from earnest.wire.plan_shapes import plan, tranche
from earnest.wire.surroundings import Json, Surroundings, in_minor, money, raw, reference, time

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from earnest.core.ledger import Transfer
    from earnest.core.terms import Terms


def held(row: Milestone, around: Surroundings) -> Money:
    """What a milestone holds: the balance of its escrow account."""
    return Money(_held(row, around), row.amount.currency)


def _held(row: Milestone, around: Surroundings) -> int:
    return around.balances.get(row.escrow, 0) if row.status in HOLDING else 0


def milestone(row: Milestone, around: Surroundings) -> Json:
    """A milestone; what is frozen waits for the end of its dispute."""
    currency = row.amount.currency
    return {
        "id": row.reference,
        "number": row.id,
        "contract_id": printed(Contract.prefix, row.contract_id),
        "project_id": reference(Project, row.project_id),
        "employer": around.person(row.employer_id),
        "freelancer": around.person(row.freelancer_id),
        "description": row.description,
        "status": row.status,
        "amount": money(row.amount),
        "held": in_minor(_held(row, around), currency),
        "releasing": money(row.releasing),
        "frozen": money(row.frozen),
        "released": money(row.released),
        "returned": money(row.returned),
        "due_at": time(row.due_at),
        "submitted_at": time(row.submitted_at),
        "rounds": row.rounds,
        "extra_rounds": row.extra_rounds,
        "extra_review_days": row.extra_review_days,
        "cancel_asked_at": time(row.cancel_asked_at),
        "staff_return": staff_return(row),
        "deferred_until": time(row.deferred_until),
        "agreed_at": time(row.agreed_at),
        "plan": None if row.plan is None else plan(row.plan),
        "plan_agreed_at": time(row.plan_agreed_at),
        "agreement_hash": row.agreement_hash,
        "terms_hash": row.terms_hash,
        "created_at": time(row.created_at),
        "updated_at": time(row.updated_at),
    }


def staff_return(row: Milestone) -> Json | None:
    """That an operator would have everything returned; and when, once a second one agreed."""
    if row.staff_cancel_by is None:
        return None
    asked_by = printed(User.prefix, row.staff_cancel_by)
    return {"asked_by": asked_by, "returns_at": time(row.staff_return_at)}


@lru_cache(maxsize=1_024)
def rule_book(terms: Terms) -> msgspec.Raw:
    """Terms as JSON: written down once, for all contracts under them."""
    return raw(as_json(terms))


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What a freelancer's acceptance of a contract names of its live milestones."""

    funded: Money
    #: Their numbers, and what was meant by each of them.
    ids: Sequence[int]
    agreed: Sequence[str]
    #: What of theirs is on its way to the freelancer, which no acceptance names.
    releasing: Money | None = None

    @property
    def milestones_hash(self) -> str:
        """How they are named; of thousands it is worth making only for who asks."""
        references = (printed(Milestone.prefix, number) for number in self.ids)
        return hash_of_seen(zip(references, self.agreed, strict=True))


def acceptance(milestones: Sequence[Milestone], around: Surroundings, currency: str) -> Acceptance:
    """What these hold together, and how they are named."""
    return Acceptance(
        funded(milestones, around, currency),
        [each.id for each in milestones],
        [each.agreement_hash for each in milestones],
    )


def contract(
    row: Contract,
    around: Surroundings,
    milestones: Sequence[Milestone] | Acceptance | None = None,
) -> Json:
    """A contract; with its live milestones also what a freelancer's acceptance names."""
    shape: Json = {
        "id": row.reference,
        "number": row.id,
        "project_id": reference(Project, row.project_id),
        "bid_id": reference(Bid, row.bid_id),
        "employer": around.person(row.employer_id),
        "freelancer": around.person(row.freelancer_id),
        "currency": row.currency,
        "status": row.status,
        "terms": rule_book(around.rulebooks[row.terms_hash]),
        "terms_hash": row.terms_hash,
    }
    if milestones is not None:
        seen = milestones
        if not isinstance(seen, Acceptance):
            seen = acceptance(seen, around, row.currency)
        shape["funded"] = money(seen.funded)
        shape["milestones_hash"] = seen.milestones_hash
    # An offer that is not accepted by then lapses.
    shape["accept_by"] = time(row.accept_by)
    shape["created_at"] = time(row.created_at)
    shape["updated_at"] = time(row.updated_at)
    return shape


def release(row: Release, _around: Surroundings) -> Json:
    """One payment to a freelancer, and the fee in it."""
    return {
        "id": row.reference,
        "number": row.id,
        "contract_id": printed(Contract.prefix, row.contract_id),
        "milestone_id": printed(Milestone.prefix, row.milestone_id),
        "amount": money(row.amount),
        "fee": money(row.fee),
        "status": row.status,
        # While it is on its way: when nobody can recall it any more.
        "final_at": time(row.wakes_at),
        "created_at": time(row.created_at),
    }


def project(row: Project, around: Surroundings) -> Json:
    """A project, as everybody may see it; what is reserved is said where it is known."""
    shape: Json = {
        "id": row.reference,
        "number": row.id,
        "employer": around.person(row.employer_id),
        "title": row.title,
        "description": row.description,
        "skills": list(row.skills),
        "files": _attached(row, around),
        "currency": row.currency,
        "budget_min": money(row.budget_min),
        "budget_max": money(row.budget_max),
        "closes_at": time(row.closes_at),
        "status": row.status,
        "bids": row.bids,
    }
    reserved = around.balances.get(row.reserve) if row.reserved_since else 0
    if reserved is not None:
        shape["reserved"] = money(Money(reserved, row.currency))
    shape["reserved_since"] = time(row.reserved_since)
    shape["created_at"] = time(row.created_at)
    shape["updated_at"] = time(row.updated_at)
    return shape


def bid(row: Bid, around: Surroundings, proposals: Sequence[Proposal] | None = None) -> Json:
    """A bid, as its two sides see it: who is on a shortlist is not in it."""
    shape: Json = {
        "id": row.reference,
        "number": row.id,
        "project_id": printed(Project.prefix, row.project_id),
        "employer": around.person(row.employer_id),
        "freelancer": around.person(row.bidder_id),
        "amount": money(row.amount),
        "period_days": row.period_days,
        "proposal": row.proposal,
        "files": _attached(row, around),
        "status": row.status,
    }
    if proposals is not None:
        shape["milestones"] = [proposal(each) for each in proposals]
    shape["bid_hash"] = row.hash
    shape["created_at"] = time(row.created_at)
    shape["updated_at"] = time(row.updated_at)
    return shape


def proposal(row: Proposal) -> Json:
    """A proposed milestone."""
    return {
        "description": row.description,
        "amount": money(row.amount),
        "days": row.days,
        "due_at": time(row.due_at),
    }


def edit(row: Edit, around: Surroundings) -> Json:
    """What one side would like a milestone to be, until the other answers."""
    return {
        "milestone_id": printed(Milestone.prefix, row.milestone_id),
        "proposer": around.person(row.proposer_id),
        "description": row.description,
        "amount": money(row.amount),
        "due_at": time(row.due_at),
        "rounds": row.rounds,
        "review_days": row.review_days,
        "edit_hash": row.hash,
        "expires_at": time(row.expires_at),
    }


def terms_offer(row: TermsOffer, around: Surroundings) -> Json:
    """The terms that one side would like for what is funded from now on."""
    return {
        "proposer": around.person(row.proposer_id),
        "terms": rule_book(around.rulebooks[row.terms_hash]),
        "terms_hash": row.terms_hash,
        "proposed_at": time(row.proposed_at),
    }


def review(row: Review, around: Surroundings) -> Json:
    """What one side of a contract says of the other."""
    return {
        "id": row.reference,
        "number": row.id,
        "contract_id": printed(Contract.prefix, row.contract_id),
        "reviewer": around.person(row.reviewer_id),
        "reviewed": around.person(row.reviewed_id),
        "ratings": {name: getattr(row, name) for name in CRITERIA},
        "text": row.text,
        "created_at": time(row.created_at),
    }


def message(row: Message, around: Surroundings) -> Json:
    """Something said in a contract, or about a project."""
    return {
        "id": row.reference,
        "number": row.id,
        "contract_id": reference(Contract, row.contract_id),
        "project_id": reference(Project, row.project_id),
        "milestone_id": reference(Milestone, row.milestone_id),
        "question_id": reference(Message, row.question_id),
        "sender": around.person(row.sender_id),
        "about": row.about,
        "text": row.text,
        "links": list(row.links),
        "files": _attached(row, around),
        "created_at": time(row.created_at),
    }


def _attached(row: Project | Bid | Message, around: Surroundings) -> list[Json]:
    return [_brief(each) for each in around.files[row.id]] if row.files else []


def _brief(row: File) -> Json:
    return {"id": row.reference, "name": row.name, "size": row.size, "type": row.type}


def file(row: File, around: Surroundings) -> Json:
    """A file, without what is in it."""
    return {
        **_brief(row),
        "number": row.id,
        "owner": around.person(row.owner_id),
        "sha256": row.sha256,
        "created_at": time(row.created_at),
    }


def user(row: User, _around: Surroundings) -> Json:
    """A person as others see them: no address."""
    return {
        "id": row.reference,
        "number": row.id,
        "name": row.name,
        "status": row.status,
        "roles": sorted_roles(row.roles),
        "created_at": time(row.created_at),
    }


#: Rows without a shape here (counters, proposals, terms) are seen only through others.
SHAPES: Final[dict[type[Row], Callable[[Any, Surroundings], Json]]] = {
    Milestone: milestone,
    Contract: contract,
    Release: release,
    Tranche: tranche,
    Dispute: dispute,
    Offer: offer,
    Exhibit: exhibit,
    Extension: extension,
    Ruling: ruling,
    Message: message,
    Project: project,
    Bid: bid,
    Edit: edit,
    Review: review,
    File: file,
    Deposit: deposit,
    Withdrawal: withdrawal,
    Break: broken,
    User: user,
}


def transfer(number: int, moved: Transfer) -> Json:
    """One transfer, with its two sides."""
    return {
        "id": printed("tfr", number),
        "debit": {"kind": moved.debit.kind, "owner": owner_of(moved.debit)},
        "credit": {"kind": moved.credit.kind, "owner": owner_of(moved.credit)},
        "amount": money(moved.amount),
    }
