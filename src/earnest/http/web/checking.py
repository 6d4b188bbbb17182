"""Check pages: what would happen, and then doing exactly that.

An intent's reference is its command's key, so Back, a double click and a retry end on one receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.actions import ACTIONS, Refused
from earnest.core.effects import Condition
from earnest.core.payments.depositing import StartDeposit
from earnest.core.people import User
from earnest.core.references import printed
from earnest.http import asking
from earnest.http.waiting import DEPOSIT_SECONDS, dealt_with
from earnest.http.web import foretelling, forms, onward, proving
from earnest.http.web.acting import CONFIRM, VIA, confirming, keep, receipt_of
from earnest.http.web.facts import as_text
from earnest.http.web.places import checked_form
from earnest.http.web.refusing import no_form
from earnest.http.web.rendering import page, redirect
from earnest.http.web.subjects import About, load, own
from earnest.store import intents
from earnest.wire.parse import parse_action
from earnest.words.actions import phrases_of
from earnest.words.problems import BACK
from earnest.words.reasons import title_of

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App, Preview
    from earnest.core.actions import Action
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.store.intents import Intent


#: The button that asks to be shown what would happen now: this field.
AGAIN: Final = "again"


@dataclass(frozen=True, slots=True)
class Checked:
    """An intent, and what it would lead to at this moment."""

    intent: Intent
    about: About
    action: Action[Any]
    outcome: Preview | Refused
    #: It was confirmed, and the rules refused it: its key has that answer for ever.
    was_refused: bool
    #: What happens then, if nobody does anything.
    fate: foretelling.Foretold | None

    @property
    def is_same(self) -> bool:
        """Whether exactly what was shown would still happen."""
        return (
            not isinstance(self.outcome, Refused)
            and self.outcome.effect.hash == self.intent.effect_hash
        )

    @property
    def is_good(self) -> bool:
        """Whether it can be confirmed as it is."""
        return self.is_same and not self.intent.is_over and not self.was_refused


@dataclass(frozen=True, slots=True)
class Checking:
    """The page on which somebody checks what they are about to do."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """What would happen; if it did already, its receipt."""
        number = _number(request, intents.PREFIX)
        found, event_id = await self._look(visit, number)
        if event_id is not None or found is None:
            assert event_id is not None, "what was not confirmed has its intent"
            return redirect(visit, receipt_of(event_id))
        then = request.query_params.get(onward.THEN)
        if await _proves_first(visit, found):
            return proving.first(visit, onward.after(visit.path, onward.place(then)))
        return self._page(visit, found, then=then)

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Do it, if it is still what was shown."""
        number = _number(request, intents.PREFIX)
        values = await checked_form(visit, request)
        found, event_id = await self._look(visit, number)
        if event_id is not None or found is None:
            assert event_id is not None, "what was not confirmed has its intent"
            return redirect(visit, receipt_of(event_id))
        then = values.get(onward.THEN)
        if AGAIN in values and not isinstance(found.outcome, Refused):
            return await keep(found.about, found.action, found.outcome, then)
        if not found.is_good:
            return self._page(visit, found, then=then)
        if await _proves_first(visit, found):
            return proving.first(visit, onward.after(visit.path, onward.place(then)))
        if phrases_of(found.intent.action).confirm and "ok" not in values:
            unticked = forms.FormError("ok", CONFIRM, CONFIRM)
            return self._page(visit, found, (unticked,), then=then)
        intent = found.intent
        asking.demand_verified(self.app, intent.action, is_unverified=visit.is_unverified)
        answered = await self.app.do(
            visit.me.id,
            found.action,
            key=intent.reference,
            via=VIA,
            condition=Condition(intent.fields, intent.effect_hash),
        )
        if answered.problem is not None:
            return await self._refused(visit, number, answered.problem)
        if isinstance(found.action, StartDeposit) and not answered.replayed:
            await dealt_with(self.app, answered, DEPOSIT_SECONDS)
        assert answered.event_id is not None, "what is done has its event"
        to = receipt_of(answered.event_id)
        return redirect(visit, onward.after(to, onward.place(then)))

    async def _look(self, visit: Visit, number: int) -> tuple[Checked | None, int | None]:
        """The intent with what it would lead to now; or the event, if it was confirmed."""
        me = visit.me.id
        reference = printed(intents.PREFIX, number)

        async def read(db: Connection) -> tuple[Checked | None, int | None]:
            event_id, problem = await intents.answered(db, me, reference)
            if event_id is not None:
                return None, event_id
            intent = await intents.find(db, number, me)
            if intent is None:
                raise asking.not_found()
            kind = ACTIONS[intent.action].kind
            reference_of = printed(kind.prefix, intent.subject_id)
            about = own(visit) if kind is User else await load(db, visit, kind, reference_of)
            action = parse_action(intent.action, intent.subject_id, intent.fields)
            outcome = await self.app.preview(db, me, action)
            fate = None
            if not isinstance(outcome, Refused):
                fate = await foretelling.afterwards(db, about, outcome)
            return Checked(intent, about, action, outcome, problem is not None, fate), None

        return await visit.reading(read)

    def _page(
        self,
        visit: Visit,
        found: Checked,
        errors: tuple[forms.FormError, ...] = (),
        then: str | None = None,
    ) -> Response:
        if isinstance(found.outcome, Refused):
            return no_form(found.intent.action, found.about, found.outcome)
        if not found.is_good:
            return _changed(visit, found, found.outcome, then)
        shown = confirming(found.intent.action, found.about, found.outcome, found.action)
        return page(
            visit,
            "check.html",
            status=422 if errors else 200,
            errors=[{"field": each.field, "text": each.summary} for each in errors],
            intent=found.intent,
            then=onward.place(then),
            fate=found.fate,
            **shown,
        )

    async def _refused(self, visit: Visit, number: int, problem: bytes) -> Response:
        """What the rules say at the last moment; if only the effect is another, ask again."""
        told = msgspec.json.decode(problem)
        found, _ = await self._look(visit, number)
        assert found is not None, "a refused command has its intent"
        is_so = isinstance(found.outcome, Refused) and found.outcome.reason.value == told["code"]
        if is_so or told["code"] == "effect_changed":
            return self._page(visit, found)
        return page(
            visit, "refused.html", status=told["status"], section="finances", code=told["code"],
            title=title_of(told["code"]), detail=told["detail"], what=None, tried=True,
            back="/finances", back_text=BACK["user"],
        )  # fmt: skip


async def _proves_first(visit: Visit, found: Checked) -> bool:
    """Whether its reader shows who they are before they confirm."""
    if isinstance(found.outcome, Refused) or not found.is_good:
        return False
    return await proving.is_needed(visit, found.intent.action, found.outcome.effect)


def _changed(visit: Visit, found: Checked, now: Preview, then: str | None) -> Response:
    """Old and new side by side; what is shown anew is a new intent."""
    shown = confirming(found.intent.action, found.about, now, found.action)
    before, after = dict(found.intent.shown), dict(as_text(shown["facts"], found.about))
    rows = [
        (term, before.get(term, "–"), after.get(term, "–"), before.get(term) != after.get(term))
        for term in dict.fromkeys([*before, *after])
    ]
    return page(
        visit,
        "changed.html",
        status=409,
        code="effect_changed",
        rows=rows,
        is_same=found.is_same,
        reference=found.intent.reference,
        again=AGAIN,
        then=onward.place(then),
        **shown,
    )


def _number(request: Request, prefix: str) -> int:
    number = asking.reference(request, prefix)
    if number is None:
        raise asking.not_found()
    return number
