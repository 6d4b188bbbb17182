"""What the inputs are limited by: what a state must be like for something to be tried in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.disputes.row import ARBITRATION
from earnest.core.disputes.sealing import SealedOffer
from earnest.core.milestones.row import FUNDED
from earnest.core.renewing import TermsOffer
from earnest.prove.keys import is_out_of_reach, waiting_edit, waiting_extension
from earnest.prove.world import CONTRACT

if TYPE_CHECKING:
    from earnest.prove.world import State

#: What a milestone is worth, unless both agree to less.
AMOUNT: Final = 3


def is_at_first(state: State) -> bool:
    """Whether nothing has happened yet that happens once."""
    milestone = state.milestone
    return not state.been and milestone is not None and not milestone.rounds


def is_quiet(state: State) -> bool:
    """Whether nothing of what is asked for one at a time waits for anything."""
    milestone, dispute = state.milestone, state.dispute
    if milestone is None:
        return True
    if milestone.staff_cancel_by is not None or not is_quiet_but_for_staff(state):
        return False
    return dispute is None or not (dispute.exhibits or waiting_extension(state))


def is_quiet_but_for_staff(state: State) -> bool:
    """The same of what the two sides ask of each other about the work."""
    milestone = state.milestone
    is_asked = milestone is not None and milestone.cancel_asked_at is not None
    return not is_asked and waiting_edit(state) is None


def is_alone(state: State) -> bool:
    """Whether nothing lies beside a dispute, and nobody says openly that anything is to be paid.

    There is tried what has to do neither with the figures nor with the rest of the milestone.
    """
    milestone, dispute = state.milestone, state.dispute
    if milestone is None or dispute is None or has_dates(state):
        return False
    if milestone.status not in FUNDED and dispute.status not in ARBITRATION:
        return False
    return milestone.frozen.minor == AMOUNT and is_nothing_said(state)


def is_nothing_said(state: State) -> bool:
    """Whether nobody says openly that anything is to be paid."""
    dispute = state.dispute
    assert dispute is not None, "it is said in one"
    figures = (dispute.opener_figure, dispute.other_figure)
    return not any(each is not None and each.is_positive for each in figures)


def is_sealed(state: State) -> bool:
    """Whether somebody has made a sealed offer in this round."""
    dispute = state.dispute
    sealed = [row for row in state.rows.values() if isinstance(row, SealedOffer)]
    return dispute is not None and any(each.round == dispute.round for each in sealed)


def are_ours(state: State) -> bool:
    """Whether the terms at hand are those of the contract, and nobody wants others."""
    offer = state.find(TermsOffer, CONTRACT)
    return "contract.terms_agreed" not in state.been and (offer is None or not offer.is_open)


def has_dates(state: State) -> bool:
    """Whether work is due or paid by dates: what is said in a dispute is not compared with them.

    Once only the dispute decides, it does not matter which there were.
    """
    milestone = state.milestone
    if milestone is None or is_out_of_reach(state):
        return False
    return milestone.due_at is not None or milestone.plan is not None


def is_due(state: State) -> bool:
    """Whether there is a date by which work is to be handed in, and it still matters."""
    milestone = state.milestone
    return milestone is not None and milestone.due_at is not None and not is_out_of_reach(state)


def is_after_dates(state: State) -> bool:
    """Whether there is or was a dispute beside dates: then only what stops its clock is tried."""
    return has_dates(state) and "milestone.disputed" in state.been


def is_tried_put_off(state: State) -> bool:
    """Whether people act while something waits that was put off, or time alone is followed.

    What they do then is what they could have done before, so it is tried where hardly anything
    has happened: where all is disputed and nobody says openly that anything is to be paid; and
    without a dispute where at most a release was made, and no date lies beside but the overdue one.
    """
    return _is_simple(state) if state.dispute is None else _is_simple_dispute(state)


def _is_simple(state: State) -> bool:
    milestone = state.milestone
    assert milestone is not None, "something of it is put off"
    if state.been - {"milestone.release"} or milestone.rounds or not is_quiet_but_for_staff(state):
        return False
    if not has_dates(state):
        return True
    is_overdue = milestone.agreed_at is not None and milestone.status in FUNDED
    return is_overdue and not state.been and milestone.staff_cancel_by is None


def _is_simple_dispute(state: State) -> bool:
    milestone = state.milestone
    assert milestone is not None, "a dispute is of one"
    is_whole = not milestone.holds and not has_dates(state)
    return is_whole and is_quiet(state) and is_nothing_said(state)
