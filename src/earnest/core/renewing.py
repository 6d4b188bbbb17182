"""Other terms for what is funded later: either side proposes them, the other agrees or does not.

A milestone keeps the terms it was funded under, so no running clock is ever made shorter.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, action
from earnest.core.contracts import ACTIVE, AgreedTerms, Contract, chosen
from earnest.core.inputs import Hash, PresetOrTerms
from earnest.core.people import BOTH, User
from earnest.core.records import record, replace
from earnest.core.rows import Row
from earnest.core.terms import terms_hash

if TYPE_CHECKING:
    from earnest.core.actions import View


@record(frozen=True, slots=True)
class TermsOffer(Row):
    """The terms that one side would like from now on: the last that were proposed."""

    noun: ClassVar[str] = "terms_offer"

    contract_id: int
    proposer_id: int
    terms_hash: str
    is_open: bool
    proposed_at: datetime

    @property
    @override
    def key(self) -> int:
        return self.contract_id


def open_offer(contract: Contract, world: View) -> TermsOffer | None:
    """The terms that wait for somebody's answer, if any do."""
    offer = world.find(TermsOffer, contract.id)
    return offer if offer is not None and offer.is_open else None


@action
class ProposeTerms(Action[Contract]):
    """Propose other terms for the milestones that are funded once the other side has agreed.

    Nothing changes before that, and never for what is funded already.
    """

    name = "contract.propose_terms"
    kind = Contract
    by = BOTH
    when = ACTIVE
    event = "contract.terms_proposed"
    beside: ClassVar[tuple[type[Row], ...]] = (TermsOffer,)

    subject_id: int
    #: The name of a preset, or every field of the terms.
    terms: PresetOrTerms

    @override
    def decide(self, subject: Contract, world: View) -> Decision | Refused:
        terms = chosen(self.terms, world)
        if isinstance(terms, Refused):
            return terms
        if terms == world.terms(subject.terms_hash):
            return Refused(Reason.NOTHING_CHANGES, path="/terms")
        agreed = AgreedTerms(terms_hash(terms), terms, None)
        offer = TermsOffer(
            contract_id=subject.id,
            proposer_id=world.asker_id,
            terms_hash=agreed.hash,
            is_open=True,
            proposed_at=world.now,
        )
        return Decision(rows=(agreed, offer))


@action
class AgreeTerms(Action[Contract]):
    """Agree to the terms that the other side proposed, for milestones that are funded from now on.

    You name exactly what you saw.
    """

    name = "contract.agree_terms"
    kind = Contract
    by = BOTH
    when = ACTIVE
    event = "contract.terms_agreed"
    beside: ClassVar[tuple[type[Row], ...]] = (TermsOffer,)

    subject_id: int
    terms_hash: Hash

    @classmethod
    @override
    def blocked(cls, subject: Contract, asker: User, world: View) -> Reason | None:
        offer = open_offer(subject, world)
        if offer is None:
            return Reason.NOTHING_TO_AGREE
        return Reason.NOT_YOUR_TURN if offer.proposer_id == asker.id else None

    @override
    def decide(self, subject: Contract, world: View) -> Decision | Refused:
        offer = open_offer(subject, world)
        assert offer is not None, "without one it is blocked"
        if self.terms_hash != offer.terms_hash:
            return Refused(Reason.CHANGED, {"now": offer.terms_hash}, "/terms_hash")
        renewed = replace(subject, terms_hash=offer.terms_hash, updated_at=world.now)
        return Decision(rows=(renewed, replace(offer, is_open=False)))
