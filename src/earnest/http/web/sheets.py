"""The sheet of a form: an action, what it is about, and what was typed, as a page shows them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from earnest.core.actions import ACTIONS, Scope
from earnest.core.bids.row import Bid
from earnest.core.disputes.ending import EndingAction
from earnest.core.money import Money
from earnest.core.payments.row import Payment
from earnest.http.web import (
    agreeing,
    disputing,
    filling,
    foretelling,
    onward,
    plans,
    sharing,
    uploading,
)
from earnest.http.web.facts import warning_of
from earnest.http.web.refusing import section_of
from earnest.http.web.rendering import page, said
from earnest.http.web.subjects import About, address_of
from earnest.http.web.widgets import Drawing
from earnest.words.actions import phrases_of
from earnest.words.saying import _

if TYPE_CHECKING:
    from starlette.responses import Response

    from earnest.core.files import File
    from earnest.http.web.forms import FormError

#: A form of this action has a template of its own.
TEMPLATES: Final[Mapping[str, str]] = {
    "contract.offer": "contracts/new.html",
    "contract.accept": "contracts/accept.html",
    "bid.place": "bids/form.html",
    "bid.edit": "bids/form.html",
    "bid.award": "bids/award.html",
}
#: Where somebody came from, if that is not the page of the row.
BACK: Final[Mapping[str, str]] = {"project.post": "/projects"}
#: Where it matters what somebody has.
SPENDING: Final = frozenset(
    {
        *("contract.fund", "milestone.fund", "milestone.agree_edit", "dispute.pay_fee"),
        *("project.reserve", "withdrawal.request"),
    }
)


def new_key() -> str:
    """The key of one form: what is sent twice from it is done once."""
    return secrets.token_urlsafe(18)


def is_checked(name: str) -> bool:
    """Whether there is a page between the form and the deed: where money moves.

    What is sealed is shown to nobody before, not even in a dry run of it.
    """
    action = ACTIONS[name]
    moves = action.scope is Scope.MONEY or issubclass(action, EndingAction)
    return moves and action.previewable


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form: an action, what it is about, and what was typed."""

    name: str
    about: About
    values: Mapping[str, str]
    errors: Sequence[FormError] = ()
    #: What is in the reader's wallets, as far as the form is about them.
    wallets: Sequence[Money] = ()
    found: Any = None
    #: The reader's files that are ticked.
    files: Sequence[File] = ()
    #: What the rules refused it with, if they did.
    code: str = ""
    #: What is short, if that is why.
    missing: Money | None = None
    #: A form that is drawn otherwise than others of its action, and what it shows beside.
    template: str = ""
    more: Mapping[str, Any] = field(default_factory=dict)
    #: What happens then, if nobody does anything: of what is done at once.
    fate: foretelling.Foretold | None = None

    def page(self, status: int = 200) -> Response:
        """The form as it stands."""
        visit = self.about.visit
        # Of amounts in several currencies the smallest units compare better than the whole ones.
        used = [each.currency for each in sorted(self.wallets, key=lambda each: -each.minor)]
        whole = sharing.whole(self.name, self.about, self.values, self.wallets)
        drawing = Drawing(self.about, self.values, self.errors, used, self.name, self.files, whole)
        return page(
            visit,
            self.template or TEMPLATES.get(self.name, "act.html"),
            status=status,
            section=section_of(self.about.row, self.name),
            name=self.name,
            about=self.about,
            phrases=phrases_of(self.name),
            widgets=drawing.widgets(),
            values=self.values,
            errors=[{"field": each.field, "text": each.summary} for each in self.errors],
            key=self.values.get("key") or new_key(),
            back=BACK.get(self.name) or address_of(self.about.row),
            is_checked=is_checked(self.name),
            button=button_of_form(self.name, self.about),
            warning=warning_of(self.name, self.about),
            found=self.found,
            code=self.code,
            accepted=uploading.ACCEPTED,
            wallets=self.wallets if self.name in SPENDING else (),
            limits=self._limits(),
            missing=self.missing,
            fate=self.fate,
            deposit=onward.deposit(self.missing, visit.path) if self.missing is not None else "",
            then=onward.place(self.values.get(onward.THEN)),
            **filling.extras(self.name, self.values, self.about),
            **agreeing.beside(self.name, self.about),
            **foretelling.beside(self.name, self.about, self.values),
            **agreeing.deal(self.about),
            **disputing.beside(self.name, self.about),
            plans=plans.beside(self.name, self.about),
            **self.more,
        )

    def _limits(self) -> Sequence[Money]:
        """Above how much, in each currency that the reader has, an operator looks at it first."""
        if self.name != "withdrawal.request":
            return ()
        known, used = self.about.visit.house.approval_limits, {e.currency for e in self.wallets}
        return [Money(least, code) for code, least in sorted(known.items()) if code in used]


def button_of_form(name: str, about: About) -> str:
    """What leads on to the check page says so; what does it at once says what it does."""
    if is_checked(name):
        return _("Continue")
    phrases = phrases_of(name)
    known = {"person": about.other, "amount": _("this amount")}
    if isinstance(about.row, Bid | Payment):
        known["amount"] = said(about.row.amount, about.visit)
    return (phrases.button or phrases.label).format_map(known)
