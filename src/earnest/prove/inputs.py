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
from earnest.core.disputes.offering import AcceptOffer, MakeOffer, Respond
from earnest.core.disputes.opening import DisputeMilestone, ObjectToReturn
from earnest.core.disputes.row import ARBITRATION, NEGOTIATION, RESPONSE, Dispute
from earnest.core.disputes.sealing import MakeSealedOffer, SealedOffer
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.asking import RequestMilestone
from earnest.core.milestones.funding import FundContract, Line
from earnest.core.milestones.releasing import Release, ReleaseMilestone
from earnest.core.milestones.returning import AskCancel, Cancel
from earnest.core.milestones.revising import Agree, AgreeEdit, Edit, ProposeEdit
from earnest.core.milestones.row import FUNDED, HOLDING, SUBMITTED, Milestone, milestones_hash
from earnest.core.milestones.staff import StaffCancel
from earnest.core.milestones.working import RequestChanges, Submit
from earnest.core.renewing import AgreeTerms, ProposeTerms, TermsOffer
from earnest.prove.keys import waiting_edit, waiting_extension
from earnest.prove.world import (
    ARBITER,
    CONTRACT,
    DISPUTE,
    MILESTONE,
    RELEASE,
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
AMOUNT: Final = 3
DUE_IN: Final = timedelta(days=20)
LATER: Final = timedelta(days=1)

SUBJECTS: Final[dict[type[Any], int]] = {
    Contract: CONTRACT,
    Milestone: MILESTONE,
    Release: RELEASE,
    Dispute: DISPUTE,
}


def inputs(asked: type[Action[Any]], state: State, who: int, place: Place) -> Asked:
    """Every input with which somebody asks for this action here."""
    made = INPUTS.get(asked)
    if made is not None:
        return made(state)
    if asked is ProposeTerms:
        return _other_terms(state, place)
    if asked is AcceptOffer:
        return _accepted_offer(state, who)
    return (asked(SUBJECTS[asked.kind]),)  # type: ignore[call-arg]


def _is_at_first(state: State) -> bool:
    """Whether nothing has happened yet that happens once."""
    milestone = state.milestone
    return not state.been and milestone is not None and not milestone.rounds


def _is_quiet(state: State) -> bool:
    """Whether nothing of what is asked for one at a time waits for anything."""
    milestone, dispute = state.milestone, state.dispute
    if milestone is None:
        return True
    if milestone.cancel_asked_at is not None or milestone.staff_cancel_by is not None:
        return False
    if waiting_edit(state) is not None or waiting_extension(state) is not None:
        return False
    return dispute is None or not dispute.exhibits


def _is_alone(state: State) -> bool:
    """Whether nothing lies beside a dispute, and nobody says openly that anything is to be paid.

    There is tried what has to do neither with the figures nor with the rest of the milestone.
    """
    milestone, dispute = state.milestone, state.dispute
    if milestone is None or dispute is None:
        return False
    if milestone.status not in FUNDED and dispute.status not in ARBITRATION:
        return False
    figures = (dispute.opener_figure, dispute.other_figure)
    return milestone.frozen.minor == AMOUNT and not any(
        each is not None and each.is_positive for each in figures
    )


def _is_sealed(state: State) -> bool:
    """Whether somebody has made a sealed offer in this round."""
    dispute = state.dispute
    sealed = [row for row in state.rows.values() if isinstance(row, SealedOffer)]
    return dispute is not None and any(each.round == dispute.round for each in sealed)


def _at_first(made: Inputs) -> Inputs:
    """What waits for somebody's answer: one at a time, and before anything else has happened."""

    def asked(state: State) -> Asked:
        return made(state) if _is_at_first(state) and _is_quiet(state) else ()

    return asked


def _accept(state: State) -> Asked:
    contract, milestone = state.contract, state.milestone
    assert contract is not None, "there is one to accept"
    live = [milestone] if milestone is not None and milestone.status.value in _SEEN else []
    held = milestone.left if milestone is not None and milestone.status in HOLDING else usd(0)
    yield Accept(CONTRACT, contract.terms_hash, held, milestones_hash(live))


_SEEN: Final = frozenset({"requested", "funded", "submitted"})


def _are_ours(state: State) -> bool:
    """Whether the terms at hand are those of the contract, and nobody wants others."""
    offer = state.find(TermsOffer, CONTRACT)
    return "contract.terms_agreed" not in state.been and (offer is None or not offer.is_open)


def _due(state: State) -> Sequence[Any]:
    return (None, state.now + DUE_IN)


def _request(state: State) -> Asked:
    if state.milestone is None and _are_ours(state):
        for due_at in _due(state):
            yield RequestMilestone(CONTRACT, WORDS, usd(AMOUNT), due_at)


def _fund(state: State) -> Asked:
    if state.milestone is None and _are_ours(state):
        for due_at in _due(state):
            yield FundContract(CONTRACT, (Line(WORDS, usd(AMOUNT), due_at),))


def _parts(state: State) -> Sequence[int]:
    """All that is held, or one unit of it."""
    milestone = state.milestone
    assert milestone is not None, "a part is of something"
    held = milestone.left.minor
    return (held,) if held == 1 else (1, held)


def _releases(state: State) -> Asked:
    """Once; and beside a dispute in which nobody has said more than that nothing is to be paid."""
    if "milestone.release" in state.been:
        return
    if state.dispute is None:
        for part in _parts(state):
            yield ReleaseMilestone(MILESTONE, usd(part))
    elif state.dispute.status in RESPONSE and state.dispute.opener_figure.is_zero:
        yield ReleaseMilestone(MILESTONE)


def _disputes(state: State) -> Asked:
    """One unit or all of it, with every claim; where a date lies beside it, the least of them."""
    if _can_be_disputed(state):
        if state.milestone is not None and state.milestone.due_at is not None:
            yield DisputeMilestone(MILESTONE, usd(1), usd(0), WORDS)
            return
        for part in (1, AMOUNT):
            for figure in range(part + 1):
                yield DisputeMilestone(MILESTONE, usd(part), usd(figure), WORDS)


def _can_be_disputed(state: State) -> bool:
    """Once, while nothing else has happened that a dispute leaves as it is."""
    milestone = state.milestone
    assert milestone is not None, "it is there to be disputed"
    is_open = milestone.due_at is not None and milestone.agreed_at is None
    is_fresh = _is_at_first(state) and _is_quiet(state) and milestone.left.minor == AMOUNT
    return is_fresh and not is_open


def _undisputed(made: Inputs) -> Inputs:
    """What can be done beside a dispute just as without one."""
    return lambda state: made(state) if state.dispute is None else ()


def _edits(state: State) -> Asked:
    milestone = state.milestone
    assert milestone is not None, "it is there to be changed"
    if milestone.status in SUBMITTED:  # Without a limit it is refused.
        yield ProposeEdit(MILESTONE, rounds=1, review_days=1)
        return
    for amount in range(max(1, milestone.gone.minor), AMOUNT + 1):
        if amount != milestone.amount.minor:
            yield ProposeEdit(MILESTONE, amount=usd(amount))
    if milestone.due_at is None:
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
    if not _is_alone(state) or _is_sealed(state):
        return
    until = dispute.ends_at + LATER
    if until <= state.now + EXTENDED_BY_MAX:
        yield ProposeExtension(DISPUTE, until)


def _agreed_longer(state: State) -> Asked:
    extension = state.find(Extension, DISPUTE)
    if extension is not None:
        yield AgreeExtension(DISPUTE, extension.until)


def _changes(state: State) -> Asked:
    """Not after a dispute: what time it took is looked at when work is submitted after it."""
    if "milestone.disputed" not in state.been and "milestone.edited" not in state.been:
        yield RequestChanges(MILESTONE, WORDS)


def _objects(state: State) -> Asked:
    """While all is held, and no date lies beside it."""
    milestone = state.milestone
    assert milestone is not None, "it is there to be objected to"
    if milestone.left.minor == AMOUNT and milestone.due_at is None and _is_at_first(state):
        yield ObjectToReturn(MILESTONE)


def _exhibit(state: State) -> Asked:
    dispute = state.dispute
    assert dispute is not None, "an exhibit is of a dispute"
    is_time = dispute.asked_until is not None or dispute.status in NEGOTIATION
    if is_time and _is_alone(state) and not dispute.exhibits and not _is_sealed(state):
        yield AddExhibit(DISPUTE, text=WORDS)


def _figures(asked: Callable[[int], Action[Any]]) -> Inputs:
    def each(state: State) -> Asked:
        assert state.dispute is not None, "a figure is of a dispute"
        return [asked(minor) for minor in range(state.dispute.amount.minor + 1)]

    return each


def _offers(state: State) -> Asked:
    """Not while a sealed offer waits: neither is read with the other, so they can change places."""
    is_longer = "dispute.extended" in state.been
    if not _is_sealed(state) and _is_quiet(state) and not is_longer:
        yield from _figures(lambda minor: MakeOffer(DISPUTE, usd(minor)))(state)


def _sealed(state: State) -> Asked:
    """Where both say openly that nothing is to be paid: what is said openly is not compared."""
    if _is_alone(state) and _is_quiet(state):
        yield from _figures(lambda minor: MakeSealedOffer(DISPUTE, usd(minor)))(state)


def _accepted_offer(state: State, who: int) -> Asked:
    assert state.dispute is not None, "an offer is of a dispute"
    offer = state.dispute.offer_of(state.dispute.other_than(who))
    if offer is not None:
        yield AcceptOffer(DISPUTE, offer)


def _named(state: State) -> Asked:
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
    Submit: _undisputed(lambda _: (Submit(MILESTONE),)),
    AskCancel: _at_first(lambda _: (AskCancel(MILESTONE, WORDS),)),
    RequestChanges: _changes,
    ProposeEdit: _at_first(_edits),
    AgreeEdit: _agreed_edit,
    Agree: _agreed_date,
    StaffCancel: _at_first(lambda _: (StaffCancel(MILESTONE, WORDS),)),
    DisputeMilestone: _disputes,
    ObjectToReturn: _objects,
    Respond: _figures(lambda minor: Respond(DISPUTE, usd(minor), WORDS)),
    MakeOffer: _offers,
    MakeSealedOffer: _sealed,
    AddExhibit: _exhibit,
    OpenExhibit: lambda _: (OpenExhibit(DISPUTE, 1),),
    ProposeExtension: _longer,
    AgreeExtension: _agreed_longer,
    NameArbiter: _named,
    RefuseArbiter: lambda state: (RefuseArbiter(DISPUTE),) if _is_alone(state) else (),
    AskSides: lambda state: (AskSides(DISPUTE, WORDS),) if _is_alone(state) else (),
    Rule: _figures(lambda minor: Rule(DISPUTE, usd(minor), WORDS)),
    AgreeTerms: _agreed_terms,
}
