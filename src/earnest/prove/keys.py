"""When two states are the same: one of them stands for both.

No rule knows what day it is: each compares instants with now and with each other. So moments are
written as how far they are from now, and two states that differ only by the day on which all of
it happens are one. What is left out is what no rule reads before it is written anew: who said
what, money that has reached somebody's wallet, when something was last handed in once it has been
given back, what was claimed at first once it was answered. A test looks at states that share a
key and were reached on different ways, and finds that the same can happen in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.contracts import RUNNING, Contract
from earnest.core.disputes.arbitrating import REFUSED_WITHIN, Naming
from earnest.core.disputes.extending import Extension, open_extension
from earnest.core.disputes.row import ARBITRATION, FINAL_OFFERS, RESPONSE, Dispute
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import FUNDED, LIVE, SUBMITTED, Milestone
from earnest.core.milestones.working import MICRO, review_left, rounds_most
from earnest.core.renewing import TermsOffer
from earnest.core.terms import terms_hash
from earnest.prove.world import EMPLOYER, FREELANCER, State

if TYPE_CHECKING:
    from datetime import datetime

    from earnest.core.terms import Terms

Key: TypeAlias = tuple[Any, ...]
_GONE: Final[Key] = ()


def key_of(state: State, terms: Terms) -> Key:
    """What a state has that any rule can still read."""
    contract, milestone = state.contract, state.milestone
    if contract is None:
        return _GONE
    if contract.status not in RUNNING:
        return (contract.status,)
    return (
        _contract(contract, state, terms),
        None if milestone is None else _milestone(milestone, state, terms),
        _release(state),
        _dispute(state, terms),
        _waiting(state),
        tuple(sorted(state.been)) if milestone is None or milestone.status in LIVE else (),
    )


def _from_now(at: datetime | None, state: State) -> int | None:
    """How many seconds away it is."""
    return None if at is None else int((at - state.now).total_seconds())


def _contract(contract: Contract, state: State, terms: Terms) -> Key:
    milestone = state.milestone
    can_sleep = milestone is not None and milestone.status in FUNDED and milestone.holds
    return (
        contract.status,
        contract.terms_hash == terms_hash(terms),
        _from_now(contract.accept_by, state),
        _from_now(contract.last_act_at, state) if can_sleep else None,
    )


def _milestone(milestone: Milestone, state: State, terms: Terms) -> Key:
    if milestone.status not in LIVE:
        return ("over",)
    if is_out_of_reach(state):
        return ("frozen", milestone.amount.minor, milestone.released.is_positive)
    rounds, left = rounds_most(milestone, terms), review_left(milestone, terms)
    submitted = milestone.status in SUBMITTED and left is not None
    return (
        milestone.status,
        milestone.amount.minor,
        milestone.releasing.minor,
        milestone.frozen.minor,
        milestone.gone.minor,
        milestone.released.is_positive,
        _overdue(milestone, state, terms),
        None if rounds is None else max(rounds - milestone.rounds, -1),
        None if left is None else left // MICRO,
        _from_now(milestone.submitted_at, state) if submitted else None,
        milestone.cancel_asked_at is not None,
        milestone.staff_cancel_by,
        _from_now(milestone.staff_return_at, state),
    )


def is_out_of_reach(state: State) -> bool:
    """Whether all that is left is frozen and nobody can withdraw: then only the dispute decides."""
    milestone, dispute = state.milestone, state.dispute
    if milestone is None or dispute is None or dispute.status not in ARBITRATION:
        return False
    return not milestone.holds and milestone.releasing.is_zero


def _overdue(milestone: Milestone, state: State, terms: Terms) -> Key:
    """From when on it is counted as overdue; a date that passed without a yes binds nobody."""
    due = milestone.due_at
    if due is None or (milestone.agreed_at is None and due <= state.now):
        return ("passed",) if due is not None else ()
    if milestone.agreed_at is not None and terms.overdue_seconds is None:
        return ("agreed",)
    since = max(due, milestone.changes_asked_at or due)
    return (milestone.agreed_at is not None, _from_now(since, state))


def _release(state: State) -> Key:
    release = state.release
    return () if release is None else (release.amount.minor, _from_now(release.wakes_at, state))


def _dispute(state: State, terms: Terms) -> Key:
    found = state.dispute
    if found is None:
        return ()
    other = found.other_figure
    claims = found.status in RESPONSE and terms.unanswered == "claim"
    return (
        found.status,
        found.opener_id,
        found.amount.minor,
        found.claim.minor if claims else None,
        found.opener_figure.minor,
        None if other is None else other.minor,
        found.silence_to if other is None else None,
        _from_now(found.ends_at, state),
        _rounds(found, state),
        found.exhibits,
        _fees(found),
        _arbitration(found, state) if found.status in ARBITRATION else (),
    )


def _rounds(found: Dispute, state: State) -> Key:
    if found.closes_at is None:
        return ()
    return (
        found.round,
        _from_now(found.negotiation_at, state),
        _from_now(found.closes_at, state),
        *(_sealed(found, who, state) for who in (EMPLOYER, FREELANCER)),
    )


def _sealed(found: Dispute, who: int, state: State) -> int | None:
    sealed = state.find(SealedOffer, (found.id, who))
    counts = sealed is not None and sealed.round == found.round
    return sealed.to_freelancer.minor if sealed is not None and counts else None


def _fees(found: Dispute) -> Key:
    figure = found.payer_figure if found.status in FINAL_OFFERS else None
    return (found.payer_id, None if figure is None else figure.minor, found.matched)


def _arbitration(found: Dispute, state: State) -> Key:
    namings = sum(isinstance(row, Naming) for row in state.rows.values())
    if found.named_at is None:
        named: Key = ()
    else:
        until = found.named_at + REFUSED_WITHIN
        can_refuse = not (found.refused_by_opener and found.refused_by_other)
        refusable = state.now < until and can_refuse
        named = (found.taken_at is not None, _from_now(until, state) if refusable else None)
    asked = found.asked_until
    return (
        namings,
        found.next_arbiters,
        named,
        _from_now(asked, state) if asked is not None and state.now < asked else None,
        found.refused_by_opener,
        found.refused_by_other,
        found.opened,
    )


def _waiting(state: State) -> Key:
    """What somebody proposed and the other has not answered."""
    return (*_edit(state), *_extension(state), *_offer(state))


def waiting_edit(state: State) -> Edit | None:
    """A proposal that can be answered, now or once the work is not handed in any more."""
    milestone = state.milestone
    edit = None if milestone is None else state.find(Edit, milestone.id)
    if edit is None or milestone is None or milestone.status not in LIVE or not edit.is_open:
        return None
    return edit if edit.moves == milestone.moves and state.now < edit.expires_at else None


def _edit(state: State) -> Key:
    edit = waiting_edit(state)
    if edit is None:
        return ()
    due = _from_now(edit.due_at, state)
    more = (edit.rounds, edit.review_days)
    until = _from_now(edit.expires_at, state)
    return ("edit", edit.proposer_id, edit.amount.minor, due, *more, until)


def waiting_extension(state: State) -> Extension | None:
    """A longer stage that one side proposed and the other can agree to."""
    found = state.dispute
    return None if found is None else open_extension(found, _view(state))


def _extension(state: State) -> Key:
    extension = waiting_extension(state)
    if extension is None:
        return ()
    return ("extension", extension.proposer_id, _from_now(extension.until, state))


def _offer(state: State) -> Key:
    contract = state.contract
    offer = state.find(TermsOffer, contract.id) if contract is not None else None
    if offer is None or not offer.is_open:
        return ()
    return ("terms", offer.proposer_id, offer.terms_hash)


def _view(state: State) -> Any:
    """Enough of a view for what looks up rows and the clock."""
    return state
