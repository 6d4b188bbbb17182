"""What somebody might ask for: inputs for any action that fit what is there, or nearly do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from hypothesis import strategies as st
from tests.core.disagreeing import DISPUTED_INPUTS, of_dispute
from tests.core.planning_machine import lines
from tests.core.samples import accepted, filled

from earnest.core.actions import Action
from earnest.core.bids.bidding import Step
from earnest.core.bids.choosing import Award
from earnest.core.bids.row import Bid
from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute
from earnest.core.milestones.agreeing import Accept
from earnest.core.milestones.funding import FundContract
from earnest.core.milestones.revising import Agree, AgreeEdit, Edit
from earnest.core.milestones.row import Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.money import Money
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.renewing import AgreeTerms, TermsOffer
from earnest.core.rows import Row
from earnest.core.world import World

CURRENCIES: Final = ("USD", "JPY")
#: Inputs that say how much.
AMOUNTS: Final = {"amount", "to_freelancer"}
SMALL: Final = st.integers(-1, 40)

Draw = Callable[..., Any]


def asked_of(draw: Draw, books: World, kind: type[Action[Any]], number: int) -> Action[Any]:
    """What it asks for, with small amounts, some of them of the wrong currency."""
    subject = books.find(kind.kind, number)
    fitting = _fitting(draw, books, kind, subject)
    if fitting is not None:
        return fitting
    mine = getattr(subject, "currency", None) or getattr(
        getattr(subject, "amount", None), "currency", "USD"
    )
    currency = draw(st.sampled_from((mine, mine, mine, *CURRENCIES)), "currency")
    given: dict[str, object] = {"subject_id": number}
    for each in fields(kind):  # type: ignore[arg-type]  # Actions are dataclasses.
        if each.name in AMOUNTS:
            optional = each.default is None
            given[each.name] = _amount(draw, books, subject, currency, optional=optional)
        elif each.name == "milestones":
            amounts = draw(st.lists(SMALL, min_size=1, max_size=3), "amounts")
            given |= _lines(draw, kind, [Money(a, currency) for a in amounts])
    asked = filled(kind, **given)
    assert isinstance(asked, Action)
    return asked


def _fitting(
    draw: Draw, books: World, kind: type[Action[Any]], subject: Row | None
) -> Action[Any] | None:
    """What names exactly what there is to see, if it is one that has to."""
    if isinstance(subject, Contract) and kind is Accept:
        return accepted(books, subject.id)
    if isinstance(subject, Bid) and kind is Award:
        return Award(subject.id, subject.hash)
    if isinstance(subject, Milestone) and kind is Agree:
        return Agree(subject.id, subject.agreement_hash)
    if isinstance(subject, Dispute) and kind in DISPUTED_INPUTS:
        return of_dispute(draw, books, kind, subject)
    number = 0 if subject is None else subject.id
    terms = books.find(TermsOffer, number)
    if terms is not None and kind is AgreeTerms:
        return AgreeTerms(number, terms.terms_hash)
    edit = books.find(Edit, number)
    if edit is not None and kind is AgreeEdit:
        return AgreeEdit(number, edit.hash)
    return None


def _lines(draw: Draw, kind: type[Action[Any]], amounts: list[Money]) -> dict[str, object]:
    """Milestones to fund, or to propose: those mostly add up."""
    if kind is FundContract:
        return {"milestones": lines(draw, amounts)}
    steps = tuple(Step("x", amount, days=7) for amount in amounts)
    if draw(st.integers(0, 4), "adds up"):
        return {"milestones": steps, "amount": sum(amounts[1:], amounts[0])}
    return {"milestones": steps}


def _amount(
    draw: Draw, books: World, subject: Row | None, currency: str, *, optional: bool
) -> Money | None:
    """Often exactly what was asked for or all that is held, else up to a cent too much."""
    whole = draw(st.booleans(), "whole")
    if whole and isinstance(subject, Deposit | Withdrawal):
        return subject.amount
    if whole and optional:
        return None
    most = 40
    if isinstance(subject, Milestone):
        most = books.balances.get(subject.escrow, 0) + 1
    if isinstance(subject, Dispute | Tranche):
        most = subject.amount.minor + 1
    return Money(draw(st.integers(-1, most), "amount"), currency)
