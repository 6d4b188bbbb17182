"""What fits one dispute, or only might: inputs for whoever asks anything of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st
from tests.core.worlds import ARBITER, FREELANCER, OPERATOR

from earnest.core.actions import Action
from earnest.core.disputes.arbitrating import NameArbiter
from earnest.core.disputes.exhibiting import AddExhibit, OpenExhibit
from earnest.core.disputes.extending import AgreeExtension, Extension, ProposeExtension
from earnest.core.disputes.offering import AcceptOffer
from earnest.core.disputes.row import Dispute
from earnest.core.world import World

#: What asks for something that this one dispute has.
DISPUTED_INPUTS: Final = {
    AcceptOffer,
    AddExhibit,
    AgreeExtension,
    NameArbiter,
    OpenExhibit,
    ProposeExtension,
}


def of_dispute(
    draw: Callable[..., Any], books: World, kind: type[Action[Any]], dispute: Dispute
) -> Action[Any]:
    """Ask for this, with what the dispute has or nearly has."""
    if kind is AcceptOffer:
        offers = (dispute.opener_offer_id, dispute.other_offer_id or 999)
        return AcceptOffer(dispute.id, draw(st.sampled_from(offers), "offer"))
    if kind is AddExhibit:
        return AddExhibit(dispute.id, text="See.")
    if kind is NameArbiter:
        people = (ARBITER, ARBITER, ARBITER, FREELANCER, OPERATOR)
        return NameArbiter(dispute.id, draw(st.sampled_from(people), "arbiter"))
    if kind is OpenExhibit:
        return OpenExhibit(dispute.id, draw(st.integers(1, 3), "exhibit"))
    found = books.find(Extension, dispute.id)
    until = (dispute.ends_at or books.now) + timedelta(days=1)
    if kind is AgreeExtension:
        return AgreeExtension(dispute.id, found.until if found else until)
    return ProposeExtension(dispute.id, until)
