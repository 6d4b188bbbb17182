"""A form for every action, made from the registry: what moves money is checked before it is done.

Form → (if money moves: check page, kept as an intent →) done, and a receipt. Whatever is sent
twice is done once: a form carries the key of its command, an intent is one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.actions import Reason, Refused
from earnest.core.bids.row import Bid
from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute
from earnest.core.money import Money
from earnest.core.payments.row import Payment
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.http import asking
from earnest.http.answers import id_of
from earnest.http.reading import noted
from earnest.http.showing import EVENT_PREFIX
from earnest.http.web import (
    agreeing,
    choosing,
    disputing,
    filling,
    foretelling,
    forms,
    onward,
    paying,
    planning,
    plans,
    proving,
    sharing,
    subjects,
    uploading,
)
from earnest.http.web.facts import as_text, button_of, facts_of, warning_of
from earnest.http.web.people import search
from earnest.http.web.places import status_of, typed_before
from earnest.http.web.refusing import no_form, section_of
from earnest.http.web.rendering import redirect, said
from earnest.http.web.sheets import SPENDING, Sheet, is_checked, new_key
from earnest.http.web.subjects import About, address_of, load
from earnest.http.web.talking import talk
from earnest.store import intents
from earnest.store.reads import pages
from earnest.words import problems as words
from earnest.words.actions import phrases_of
from earnest.words.reasons import sentence
from earnest.words.saying import N_

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App, Preview
    from earnest.core.actions import Action
    from earnest.core.rows import Row
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

#: How what is asked here came, as events say it.
VIA: Final = "web"
#: Actions on the reader's own row, and their addresses.
OWN: Final[Mapping[str, str]] = {
    "/deposit": "deposit.start",
    "/withdraw": "withdrawal.request",
    "/contracts/new": "contract.offer",
    "/projects/new": "project.post",
}
#: What is made and has a page of its own, where its maker goes on.
_ONWARD: Final = (Contract, Project, Bid, Dispute)
#: What a form carries unseen: an error there is one of the whole form.
_UNSEEN: Final = frozenset({"bid_hash", "edit_hash", "hash", "question", "terms_hash"})
#: All that an address may fill in: who sends a link fills in nothing else.
GIVEN: Final = frozenset({"amount", "currency", "freelancer", "q", "question", onward.THEN})
#: What goes through a gateway, and needs one.
PAYING: Final = frozenset({"deposit.start", "withdrawal.request"})

_KEY: Final = re.compile(r"[A-Za-z0-9_-]{24}")


@dataclass(frozen=True, slots=True)
class Acting:
    """The form of one action: its page, and what is sent from it."""

    app: App
    kind: type[Row]
    name: str | None = None

    async def shown(self, visit: Visit, request: Request) -> Response:
        """The form; or why there is none."""
        name = self._name(visit, request)
        about, wallets, more = await self._about(visit, request, name)
        refused = about.standing[name]
        if name in PAYING and not self.app.house.gateways:
            refused = Refused(Reason.GATEWAY_NOT_OFFERED)
        if refused is not None:
            return no_form(name, about, refused)
        values = {name: request.query_params[name] for name in GIVEN & {*request.query_params}}
        values = {
            **filling.begun(name, about),
            **agreeing.begun(name, about),
            **disputing.begun(name, about),
            **values,
            **(await typed_before(visit) or {}),
        }
        values |= agreeing.named(name, about) | disputing.named(name, about)
        found = await self._people(visit, values)
        files = await uploading.named(visit, values)
        fate = await foretelling.of_form(name, about, values)
        sheet = Sheet(
            name, about, values, wallets=wallets, found=found, files=files, more=more, fate=fate
        )
        return sheet.page()

    async def sent(self, visit: Visit, request: Request) -> Response:
        """What was typed: on to the check page, or done; or what is wrong with it."""
        name = self._name(visit, request)
        form = await uploading.sent(visit, request)
        values = uploading.alone(name, form)
        about, wallets, more = await self._about(visit, request, name)
        found = await self._people(visit, values)
        files = await uploading.named(visit, values)
        sheet = Sheet(name, about, values, wallets=wallets, found=found, files=files, more=more)
        filled = (
            sharing.pressed(name, about, values, wallets)
            or planning.pressed(values, about)
            or filling.pressed(name, values, about)
        )
        if filled is not None:
            return replace(sheet, values=filled, errors=form.errors).page()
        if "search" in values or foretelling.WALK in values:
            return sheet.page()
        meant = sharing.meant(about, planning.meant(agreeing.meant(name, values, about)))
        unsaid = planning.unsaid(values)
        reader = forms.Reader(visit, meant, about.currency, [*form.errors, *unsaid])
        try:
            action = reader.action(name, about.row.id)
        except forms.FormErrors as wrong:
            in_order = sorted(wrong.errors, key=lambda each: each.field == uploading.FIELD)
            return replace(sheet, errors=in_order).page(422)
        if is_checked(name):
            return await to_check(sheet, reader, action)
        if phrases_of(name).confirm and "ok" not in values:
            errors = (forms.FormError("ok", CONFIRM, CONFIRM),)
            return replace(sheet, errors=errors).page(422)
        if await proving.is_needed(visit, name):
            return await proving.first_of_form(visit, values)
        return await _done(sheet, reader, action)

    def _name(self, visit: Visit, request: Request) -> str:
        if self.name is not None:
            asking.demand_verified(self.app, self.name, is_unverified=visit.is_unverified)
            return self.name
        name = subjects.action_at(self.kind, request.path_params["verb"])
        if name is None:
            raise asking.not_found()
        return name

    async def _about(
        self, visit: Visit, request: Request, name: str
    ) -> tuple[About, Sequence[Money], Mapping[str, Any]]:
        """What it is about, what its reader has, and what was said before."""
        me = visit.me.id

        async def read_own(db: Connection) -> Sequence[Money]:
            return await pages.wallets(db, me)

        async def read(db: Connection) -> tuple[About, Sequence[Money], Mapping[str, Any]]:
            about = await load(db, visit, self.kind, request.path_params["id"])
            more = await paying.beside(db, about.row, visit)
            if name in disputing.AFTER_TALK and about.contract is not None:
                more = {"talk": await talk(db, visit, about.contract, None)}
            await disputing.look(db, name, about)
            pays = about.is_employer or name != "milestone.agree_edit"
            if name not in SPENDING or about.currency is None or not pays:
                return about, (), more
            return about, [await pages.wallet(db, me, about.currency)], more

        if self.name is not None:
            return subjects.own(visit), await visit.reading(read_own), {}
        about, wallets, more = await visit.reading(read)
        await noted(self.app, visit.me, about.contract or about.row, VIA)
        if isinstance(about.row, Payment) and about.row.user_id != me:
            await paying.looked(visit, about.row.user_id)
        return about, wallets, more

    async def _people(self, visit: Visit, values: Mapping[str, str]) -> Any:
        """Whom the search of a form found; of a form without one nobody."""
        if self.name != "contract.offer":
            return None
        return await search(visit, values.get("q", ""), values.get("freelancer", ""))


CONFIRM: Final = N_("Tick this once you have checked it.")


async def to_check(sheet: Sheet, reader: forms.Reader, action: Action[Any]) -> Response:
    """See what would happen, keep it, and show it."""
    visit = sheet.about.visit

    async def read(db: Connection) -> Preview | Refused:
        return await visit.app.preview(db, visit.me.id, action)

    found = await visit.reading(read)
    if isinstance(found, Refused):
        missing = found.facts.get("missing")
        if isinstance(missing, Money):
            return await _short(sheet, missing)
        detail = sentence(found, lambda amount: said(amount, visit))
        return _refused(sheet, reader, found.path, found.reason.value, detail)
    return await keep(sheet.about, action, found, sheet.values.get(onward.THEN))


async def keep(
    about: About, action: Action[Any], found: Preview, then: str | None = None
) -> Response:
    """Keep what would happen as an intent, and go on to the page that shows it."""
    visit = about.visit
    text = as_text(facts_of(found, about, action), about)
    effect = found.effect
    draft = intents.Draft(action.name, action.subject_id, effect.fields, effect.hash, text)
    number, database = visit.app.node.ids.new(), visit.app.database
    await asking.looking(visit.app, lambda: intents.keep(database, number, visit.me.id, draft))
    address = f"/intents/{printed(intents.PREFIX, number)}"
    return redirect(visit, onward.after(address, onward.place(then)))


async def _done(sheet: Sheet, reader: forms.Reader, action: Action[Any]) -> Response:
    """Do it at once; the form's own key makes sure that it is done once."""
    visit = sheet.about.visit
    given = sheet.values.get("key", "")
    key = f"web-{given if _KEY.fullmatch(given) else new_key()}"
    answered = await visit.app.do(visit.me.id, action, key=key, via=VIA)
    if answered.problem is not None:
        told = msgspec.json.decode(answered.problem)
        path = next((each["path"] for each in told.get("errors", ())), "")
        fresh = {name: text for name, text in sheet.values.items() if name != "key"}
        detail = await _as_said(visit, action, told)
        return _refused(replace(sheet, values=fresh), reader, path, told["code"], detail)
    to = sheet.about.address
    if action.kind is Bid and sheet.about.is_employer:
        to = choosing.list_of(sheet.about, sheet.values.get("list", ""))
    if action.makes in _ONWARD:
        to = f"/{action.makes.noun}s/{id_of(answered.rows[0])}"
    return redirect(visit, to, phrases_of(sheet.name).flash)


async def _as_said(visit: Visit, action: Action[Any], told: Mapping[str, Any]) -> str:
    """Why it was refused, with amounts as the reader writes them; a problem has the API's."""

    async def read(db: Connection) -> Preview | Refused:
        return await visit.app.preview(db, visit.me.id, action)

    found = await visit.reading(read)
    if isinstance(found, Refused) and found.reason.value == told["code"]:
        return sentence(found, lambda amount: said(amount, visit))
    detail: str = told["detail"]
    return detail


def _refused(sheet: Sheet, reader: forms.Reader, path: str, code: str, detail: str) -> Response:
    """The form again, with what the rules said; money that is short leads to a deposit."""
    field = reader.field_of(path) if path else ""
    values = sheet.values
    if field in _UNSEEN | disputing.unseen(
        sheet.name
    ):  # What is named unseen is named anew, as it now is.
        named = agreeing.named(sheet.name, sheet.about) | disputing.named(sheet.name, sheet.about)
        field, values = "", {**values, **named}
    error = forms.wrong(field, detail)
    return replace(sheet, values=values, errors=(error,), code=code).page(status_of(code))


async def _short(sheet: Sheet, missing: Money) -> Response:
    """The form again, with what there is and what more is needed, at the amount that it has.

    What was typed is kept, so that it is still there after a deposit.
    """
    zero = Money.zero(missing.currency)
    have = next((each for each in sheet.wallets if each.currency == missing.currency), zero)
    visit = sheet.about.visit
    reserved = sheet.about.reserved if sheet.about.contract is not None else zero
    told = words.SHORT_WITH_RESERVE if reserved.is_positive else words.SHORT
    text = told.format(
        have=said(have, visit), missing=said(missing, visit), reserved=said(reserved, visit)
    )
    await onward.keep(visit, sheet.values)
    amounts = (name for name in sheet.values if name.rpartition(".")[2] == "amount")
    code = Reason.NOT_ENOUGH_MONEY.value
    error = forms.wrong(next(amounts, ""), text)
    return replace(sheet, errors=(error,), code=code, missing=missing).page(status_of(code))


def receipt_of(event_id: int) -> str:
    """Where the receipt of an event is."""
    return f"/receipts/{printed(EVENT_PREFIX, event_id)}"


def confirming(name: str, about: About, preview: Preview, action: Action[Any]) -> dict[str, Any]:
    """What a check page shows."""
    return {
        "section": section_of(about.row),
        "name": name,
        "about": about,
        "phrases": phrases_of(name),
        "warning": warning_of(name, about),
        "facts": facts_of(preview, about, action),
        "plans": plans.of_preview(preview, about),
        "button": button_of(about, preview, action),
        "back": address_of(about.row),
    }
