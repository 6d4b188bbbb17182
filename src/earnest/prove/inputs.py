"""What is put into each form of a small world: the few inputs that make a difference.

One amount is all there is, another one unit of it; figures are everything from nothing to all.
Words, reasons and notes are one and the same text, and one exhibit stands for twenty.

What no rule but its own reads is not tried together with everything else, since two things that
nobody compares can do no more at once than each alone. A wish to cancel, a proposal, staff's wish
are asked for one at a time, before anything else has happened. A dispute is opened on work that
nothing has left yet. Sealed offers, exhibits, a longer stage and what an arbiter asks or is
refused for are tried where all is disputed and nobody says openly that anything is to be paid.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from earnest.core.contracts import Contract, Inspect, Say
from earnest.core.disputes.arbitrating import AskSides, NameArbiter, Naming, RefuseArbiter, Rule
from earnest.core.disputes.exhibiting import AddExhibit, OpenExhibit
from earnest.core.disputes.extending import (
    EXTENDED_BY_MAX,
    AgreeExtension,
    Extension,
    ProposeExtension,
)
from earnest.core.disputes.objecting import ObjectToTranche
from earnest.core.disputes.offering import AcceptOffer, MakeOffer, Respond
from earnest.core.disputes.opening import DisputeMilestone, ObjectToReturn
from earnest.core.disputes.row import NEGOTIATION, RESPONSE, Dispute
from earnest.core.disputes.sealing import MakeSealedOffer
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.asking import RequestMilestone
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.planning import Portion
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.core.milestones.returning import AskCancel, Cancel
from earnest.core.milestones.revising import Agree, AgreeEdit, Edit, ProposeEdit
from earnest.core.milestones.row import HOLDING, SUBMITTED, Milestone, milestones_hash
from earnest.core.milestones.staff import StaffCancel
from earnest.core.milestones.tranches import Tranche
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.renewing import AgreeTerms, ProposeTerms, TermsOffer
from earnest.prove.keys import waiting_extension
from earnest.prove.limits import (
    AMOUNT,
    are_ours,
    has_dates,
    is_after_dates,
    is_alone,
    is_at_first,
    is_due,
    is_nothing_said,
    is_quiet,
    is_sealed,
)
from earnest.prove.world import (
    ARBITER,
    CONTRACT,
    DISPUTE,
    MILESTONE,
    RELEASE,
    TRANCHES,
    Place,
    State,
    usd,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from earnest.core.actions import Action

    Asked = Iterable[Action[Any]]
    Inputs = Callable[[State], Asked]

#: The only words that are ever said.
WORDS: Final = "…"
DUE_IN: Final = timedelta(days=20)
LATER: Final = timedelta(days=1)

#: One tranche of a unit and the last one of two: whatever else is paid or frozen, both dates can
#: pass while a dispute is negotiated, or one of them.
PLAN: Final = (Portion(after_days=10, amount=usd(1)), Portion(after_days=20, amount=usd(2)))

SUBJECTS: Final[dict[type[Any], tuple[int, ...]]] = {
    Contract: (CONTRACT,),
    Milestone: (MILESTONE,),
    Release: (RELEASE,),
    Tranche: TRANCHES,
    Dispute: (DISPUTE,),
}


def inputs(asked: type[Action[Any]], number: int, state: State, who: int, place: Place) -> Asked:
    """Every input with which somebody asks for this action here."""
    if asked is ObjectToTranche:
        return _objects_to(number, state)
    made = INPUTS.get(asked)
    if made is not None:
        return made(state)
    if asked is ProposeTerms:
        return _other_terms(state, place)
    if asked is AcceptOffer:
        return _accepted_offer(state, who)
    return (asked(number),)  # type: ignore[call-arg]


def _at_first(made: Inputs) -> Inputs:
    """What waits for somebody's answer: one at a time, and before anything else has happened."""

    def asked(state: State) -> Asked:
        return made(state) if is_at_first(state) and is_quiet(state) else ()

    return asked


def _accept(state: State) -> Asked:
    contract, milestone = state.contract, state.milestone
    assert contract is not None, "there is one to accept"
    live = [milestone] if milestone is not None and milestone.status.value in _SEEN else []
    held = milestone.left if milestone is not None and milestone.status in HOLDING else usd(0)
    yield Accept(CONTRACT, contract.terms_hash, held, milestones_hash(live))


_SEEN: Final = frozenset({"requested", "funded", "submitted"})


def _due(state: State) -> Sequence[Any]:
    return (None, state.now + DUE_IN)


def _request(state: State) -> Asked:
    if state.milestone is None and are_ours(state):
        for due_at in _due(state):
            yield RequestMilestone(CONTRACT, WORDS, usd(AMOUNT), due_at)


def _fund(state: State) -> Asked:
    if state.milestone is None and are_ours(state):
        for due_at in _due(state):
            yield FundContract(CONTRACT, (Line(WORDS, usd(AMOUNT), due_at),))
        yield FundContract(CONTRACT, (Line(WORDS, usd(AMOUNT), plan=PLAN),))


def _parts(state: State) -> Sequence[int]:
    """All that is held, or one unit of it."""
    milestone = state.milestone
    assert milestone is not None, "a part is of something"
    held = milestone.left.minor
    return (held,) if held == 1 else (1, held)


def _releases(state: State) -> Asked:
    """Once; and beside a dispute in which nobody has said more than that nothing is to be paid."""
    if "milestone.release" in state.been or is_after_dates(state):
        return
    if state.dispute is None:
        for part in _parts(state):
            yield ReleaseMilestone(MILESTONE, usd(part))
    elif state.dispute.status in RESPONSE and state.dispute.opener_figure.is_zero:
        yield ReleaseMilestone(MILESTONE)


def _disputes(state: State) -> Asked:
    """One unit or all of it, with every claim; where dates lie beside it, the least of them."""
    if _can_be_disputed(state):
        for part in _parts(state):
            for figure in (0,) if has_dates(state) else range(part + 1):
                yield DisputeMilestone(MILESTONE, usd(part), usd(figure), WORDS)


def _can_be_disputed(state: State) -> bool:
    """Once, while nothing else has happened that a dispute leaves as it is; but for tranches."""
    milestone = state.milestone
    assert milestone is not None, "it is there to be disputed"
    if milestone.to_agree or not is_at_first(state) or not is_quiet(state):
        return False
    return milestone.left.minor == AMOUNT or milestone.plan is not None


def _undisputed(made: Inputs) -> Inputs:
    """What can be done beside a dispute just as without one."""
    return lambda state: made(state) if state.dispute is None else ()


def _edits(state: State) -> Asked:
    milestone = state.milestone
    assert milestone is not None, "it is there to be changed"
    if milestone.status in SUBMITTED:  # Without a limit it is refused.
        if not has_dates(state):
            yield ProposeEdit(MILESTONE, rounds=1, review_days=1)
        return
    for amount in range(max(1, milestone.gone.minor), AMOUNT + 1):
        if amount != milestone.amount.minor:
            yield ProposeEdit(MILESTONE, amount=usd(amount))
    if not has_dates(state):
        yield ProposeEdit(MILESTONE, due_at=state.now + DUE_IN)


def _agreed_edit(state: State) -> Asked:
    edit = state.find(Edit, MILESTONE)
    if edit is not None:
        yield AgreeEdit(MILESTONE, edit.hash)


def _agreed_date(state: State) -> Asked:
    assert state.milestone is not None, "it is there to be agreed to"
    yield Agree(MILESTONE, state.milestone.agreement_hash)


def _longer(state: State) -> Asked:
    dispute = state.dispute
    if dispute is None or dispute.ends_at is None or "dispute.extended" in state.been:
        return
    if dispute.exhibits or waiting_extension(state) is not None:
        return
    if not is_alone(state) or is_sealed(state):
        return
    until = dispute.ends_at + LATER
    if until <= state.now + EXTENDED_BY_MAX:
        yield ProposeExtension(DISPUTE, until)


def _agreed_longer(state: State) -> Asked:
    extension = state.find(Extension, DISPUTE)
    if extension is not None:
        yield AgreeExtension(DISPUTE, extension.until)


def _submits(state: State) -> Asked:
    """Beside a dispute only where a date is that lets a clock run until work is handed in."""
    if state.dispute is None or is_due(state):
        yield Submit(MILESTONE)


def _changes(state: State) -> Asked:
    """Not after a dispute: what time it took is looked at when work is submitted after it.

    Beside one only where a date is, and until it is answered. More than once only while nothing
    else has happened.
    """
    milestone = state.milestone
    assert milestone is not None, "there is work to be changed"
    if "milestone.edited" in state.been:
        return
    if "milestone.disputed" in state.been:
        dispute = state.dispute
        if dispute is None or dispute.status not in RESPONSE or not is_due(state):
            return
    if not milestone.rounds or (not state.been and is_quiet(state)):
        yield RequestChanges(MILESTONE, WORDS)


def _objects(state: State) -> Asked:
    """While all is held, and no date lies beside it."""
    milestone = state.milestone
    assert milestone is not None, "it is there to be objected to"
    if milestone.left.minor == AMOUNT and not has_dates(state) and is_at_first(state):
        yield ObjectToReturn(MILESTONE)


def _objects_to(number: int, state: State) -> Asked:
    """To one unit of a tranche or to all of it, with the claim that there is without another."""
    if _can_be_disputed(state):
        tranche = state.find(Tranche, number)
        assert tranche is not None, "it is there to be objected to"
        for part in sorted({1, tranche.amount.minor}):
            yield ObjectToTranche(number, usd(part), WORDS)


def _exhibit(state: State) -> Asked:
    dispute = state.dispute
    assert dispute is not None, "an exhibit is of a dispute"
    is_time = dispute.asked_until is not None or dispute.status in NEGOTIATION
    if is_time and is_alone(state) and not dispute.exhibits and not is_sealed(state):
        yield AddExhibit(DISPUTE, text=WORDS)


def _figures(asked: Callable[[int], Action[Any]]) -> Inputs:
    def each(state: State) -> Asked:
        assert state.dispute is not None, "a figure is of a dispute"
        return [asked(minor) for minor in range(state.dispute.amount.minor + 1)]

    return each


def _responses(state: State) -> Asked:
    assert state.dispute is not None, "it is the answer to a dispute"
    whole = state.dispute.amount.minor
    for figure in (whole,) if has_dates(state) else range(whole + 1):
        yield Respond(DISPUTE, usd(figure), WORDS)


def _offers(state: State) -> Asked:
    """Not while a sealed offer waits: neither is read with the other, so they can change places."""
    is_fixed = "dispute.extended" in state.been or has_dates(state)
    if not is_sealed(state) and is_quiet(state) and not is_fixed:
        yield from _figures(lambda minor: MakeOffer(DISPUTE, usd(minor)))(state)


def _sealed(state: State) -> Asked:
    """Where both say openly that nothing is to be paid: what is said openly is not compared."""
    if is_alone(state) and is_quiet(state):
        yield from _figures(lambda minor: MakeSealedOffer(DISPUTE, usd(minor)))(state)


def _accepted_offer(state: State, who: int) -> Asked:
    assert state.dispute is not None, "an offer is of a dispute"
    offer = state.dispute.offer_of(state.dispute.other_than(who))
    if offer is not None:
        yield AcceptOffer(DISPUTE, offer)


def _named(state: State) -> Asked:
    """Of a part, where nobody says that anything of it is to be paid, and no date lies beside."""
    milestone = state.milestone
    assert milestone is not None, "an arbiter is named for a dispute of it"
    if milestone.holds and (has_dates(state) or not is_nothing_said(state)):
        return
    if state.find(Naming, (DISPUTE, ARBITER)) is None:
        yield NameArbiter(DISPUTE, ARBITER)


def _other_terms(state: State, place: Place) -> Asked:
    """Once, before there is a milestone: that one is funded under the terms at hand."""
    if state.milestone is None and "contract.terms_agreed" not in state.been:
        yield ProposeTerms(CONTRACT, place.other)


def _agreed_terms(state: State) -> Asked:
    offer = state.find(TermsOffer, CONTRACT)
    if offer is not None:
        yield AgreeTerms(CONTRACT, offer.terms_hash)


INPUTS: Final[dict[type[Action[Any]], Inputs]] = {
    Say: _undisputed(lambda _: (Say(CONTRACT, WORDS),)),
    Inspect: lambda _: (Inspect(CONTRACT),),
    Accept: _accept,
    RequestMilestone: _request,
    FundContract: _fund,
    ReleaseMilestone: _releases,
    Cancel: _undisputed(lambda state: [Cancel(MILESTONE, usd(n)) for n in _parts(state)]),
    Submit: _submits,
    AskCancel: _at_first(lambda _: (AskCancel(MILESTONE, WORDS),)),
    RequestChanges: _changes,
    ProposeEdit: _at_first(_edits),
    AgreeEdit: _agreed_edit,
    Agree: _agreed_date,
    StaffCancel: _at_first(lambda _: (StaffCancel(MILESTONE, WORDS),)),
    DisputeMilestone: _disputes,
    ObjectToReturn: _objects,
    Respond: _responses,
    MakeOffer: _offers,
    MakeSealedOffer: _sealed,
    AddExhibit: _exhibit,
    OpenExhibit: lambda _: (OpenExhibit(DISPUTE, 1),),
    ProposeExtension: _longer,
    AgreeExtension: _agreed_longer,
    NameArbiter: _named,
    RefuseArbiter: lambda state: (RefuseArbiter(DISPUTE),) if is_alone(state) else (),
    AskSides: lambda state: (AskSides(DISPUTE, WORDS),) if is_alone(state) else (),
    Rule: _figures(lambda minor: Rule(DISPUTE, usd(minor), WORDS)),
    AgreeTerms: _agreed_terms,
}
