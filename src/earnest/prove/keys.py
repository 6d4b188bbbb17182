"""When two states are the same: one of them stands for both.

No rule knows what day it is: each compares instants with now and with each other. So moments are
written as how far they are from now, and two states that differ only by the day on which all of
it happens are one. What is left out is what no rule reads before it is written anew: who said
what, money that has reached somebody's wallet, when something was last handed in once it has been
given back, what was claimed at first once it was answered. A test looks at states that share a
key and were reached on different ways, and finds that the same can happen in both.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.contracts import RUNNING, Contract
from earnest.core.disputes.arbitrating import REFUSED_WITHIN, Naming
from earnest.core.disputes.extending import Extension, open_extension
from earnest.core.disputes.row import ARBITRATION, FINAL_OFFERS, RESPONSE, Dispute
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import FUNDED, HOLDING, LIVE, SUBMITTED, Milestone
from earnest.core.milestones.silence import SILENT
from earnest.core.milestones.tranches import tranches_of
from earnest.core.milestones.working import review_ends, review_left, rounds_most
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
    return (
        contract.status,
        contract.terms_hash == terms_hash(terms),
        _from_now(contract.accept_by, state),
        _from_now(contract.last_act_at, state) if _can_sleep(contract, state, terms) else None,
    )


def _can_sleep(contract: Contract, state: State, terms: Terms) -> bool:
    """Whether it is ever read how long nobody acted, without anybody acting before."""
    milestone = state.milestone
    if milestone is None or milestone.status not in FUNDED or not milestone.holds:
        return False
    if milestone.plan_agreed_at is not None:
        return False
    dormant = contract.last_act_at + timedelta(seconds=terms.dormant_seconds)
    before = [milestone.staff_return_at, _overdue_at(milestone, terms)]
    return not any(each is not None and each <= dormant for each in before)


def _overdue_at(milestone: Milestone, terms: Terms) -> datetime | None:
    due, after = milestone.due_at, terms.overdue_seconds
    if due is None or milestone.agreed_at is None or after is None:
        return None
    return max(due, milestone.changes_asked_at or due) + timedelta(seconds=after)


def _milestone(milestone: Milestone, state: State, terms: Terms) -> Key:
    if milestone.status not in LIVE:
        return ("over",)
    if is_out_of_reach(state):
        return ("frozen", milestone.amount.minor, milestone.released.is_positive)
    is_over = _is_looked_at_enough(milestone, state, terms)
    return (
        milestone.status,
        milestone.amount.minor,
        milestone.releasing.minor,
        milestone.frozen.minor,
        milestone.gone.minor,
        milestone.released.is_positive,
        *(_dated(milestone) if is_over else _changing(milestone, state, terms)),
        *_review(milestone, state, terms),
        _plan(milestone, state),
        milestone.cancel_asked_at is not None,
        milestone.staff_cancel_by,
        _from_now(milestone.staff_return_at, state),
        _put_off(milestone, state, terms),
    )


def _put_off(milestone: Milestone, state: State, terms: Terms) -> Key:
    """Until when a clock waits that was put off, and what waits with it.

    Once that is over it is no more than a clock that has run out.
    """
    until = milestone.deferred_until
    if until is None or until <= state.now or milestone.status not in HOLDING:
        return ()
    view: Any = _Reader(state, terms)
    waits = [
        each.name
        for each in SILENT
        if milestone.status in each.when and each.due(milestone, view) == until
    ]
    return (*waits, _from_now(until, state)) if waits else ()


def _is_looked_at_enough(milestone: Milestone, state: State, terms: Terms) -> bool:
    """Whether nobody can send work back any more that was handed in, nor be given time for it.

    Then it does not matter how often they did, nor by when it was due.
    """
    left = review_left(milestone, terms)
    if left is None or milestone.status not in SUBMITTED:
        return False
    assert milestone.submitted_at is not None, "what is looked at was handed in"
    if state.now < milestone.submitted_at + left or waiting_edit(state) is not None:
        return False
    return bool(state.been or milestone.rounds or milestone.due_at)


def _dated(milestone: Milestone) -> Key:
    return (milestone.due_at is not None, milestone.agreed_at is not None)


def _changing(milestone: Milestone, state: State, terms: Terms) -> Key:
    """By when it is due, and how often it can still be sent back."""
    most = rounds_most(milestone, terms)
    rounds = min(milestone.rounds, 1) if most is None else max(most - milestone.rounds, -1)
    return (_overdue(milestone, state, terms), rounds)


def _review(milestone: Milestone, state: State, terms: Terms) -> Key:
    """How much of the time to look is left by now, and when it is over for what lies there."""
    left = review_left(milestone, terms)
    ends = review_ends(milestone, terms) if milestone.status in SUBMITTED else None
    if left is None or ends is None:
        return (left, None)
    if ends <= state.now:
        return ("spent",)
    assert milestone.submitted_at is not None, "what is looked at was handed in"
    return (left - (state.now - milestone.submitted_at), ends - state.now)


def is_out_of_reach(state: State) -> bool:
    """Whether all that is left is frozen and nobody can withdraw: then only the dispute decides."""
    milestone, dispute = state.milestone, state.dispute
    if milestone is None or dispute is None or dispute.status not in ARBITRATION:
        return False
    return not milestone.holds and milestone.releasing.is_zero


def _overdue(milestone: Milestone, state: State, terms: Terms) -> Key:
    """From when on it is counted as overdue; a date that passed without a yes binds nobody.

    While there is work to look at nothing is: then it counts from when changes are asked for.
    """
    due, after = milestone.due_at, terms.overdue_seconds
    if due is None or (milestone.agreed_at is None and due <= state.now):
        return ("passed",) if due is not None else ()
    if milestone.agreed_at is not None and after is None:
        return ("agreed",)
    since = max(due, milestone.changes_asked_at or due)
    if milestone.status in SUBMITTED and since <= state.now:
        return ("submitted",)
    if after is not None and since + timedelta(seconds=after) <= state.now:
        return ("overdue",)
    return (milestone.agreed_at is not None, _from_now(since, state))


def _plan(milestone: Milestone, state: State) -> Key:
    """What is still to be paid by dates, and what would be made up of those that have passed."""
    plan = milestone.plan
    if plan is None:
        return ()
    if milestone.plan_agreed_at is None:
        return (_from_now(plan.begins_at, state) if state.now < plan.begins_at else "passed",)
    paid = [
        (each.objected.minor, each.paid.minor, _ahead(each.at, state))
        for each in tranches_of(milestone, _view(state))
    ]
    return (*paid, _from_now(milestone.pays_at, state))


def _ahead(at: datetime, state: State) -> int | None:
    """How far away a date is; None once it has passed."""
    return _from_now(at, state) if state.now < at else None


def _release(state: State) -> Key:
    release, milestone = state.release, state.milestone
    if release is None or milestone is None:
        return ()
    dates = () if milestone.plan is None else milestone.plan.dates
    was_due = any(release.created_at < each <= state.now for each in dates)
    return (release.amount.minor, _from_now(release.wakes_at, state), was_due)


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
        is_deferred(found),
        _rounds(found, state),
        found.exhibits,
        _fees(found),
        _arbitration(found, state) if found.status in ARBITRATION else (),
    )


def is_deferred(dispute: Dispute) -> bool:
    """Whether its present clock waits already, so that it does not again."""
    return dispute.ends_at is not None and dispute.deferred_until == dispute.ends_at


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
    edit, milestone = waiting_edit(state), state.milestone
    if edit is None or milestone is None:
        return ()
    due = _from_now(edit.due_at, state) if edit.due_at != milestone.due_at else None
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


class _Reader:
    """Enough of a view for what looks up rows and terms: nothing is funded under others."""

    def __init__(self, state: State, terms: Terms) -> None:
        self.find = state.find
        self._terms = terms

    def terms(self, _: str) -> Terms:
        return self._terms
