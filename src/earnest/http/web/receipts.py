"""Receipts: what happened, and what became of it since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.row import Milestone
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM_ID, User
from earnest.core.projects.row import Project
from earnest.core.references import parsed, printed
from earnest.http import asking
from earnest.http.showing import EVENT_PREFIX
from earnest.http.web import onward, telling
from earnest.http.web.paying import end_of
from earnest.http.web.rendering import page, redirect
from earnest.http.web.subjects import COLLECTIONS, address_of
from earnest.store.reads import events
from earnest.store.reads.around import names
from earnest.store.reads.collections import EVENTS, RELEASES
from earnest.store.reads.paging import Part, item
from earnest.words.actions import happened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.money import Money
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.store.reads.collections import Happened

#: The events that a payment begins with: their receipts go on with what became of it.
_BEGINNINGS: Final = frozenset({"deposit.started", "withdrawal.requested"})
#: The tone of what became of a release, at the receipt that it began with.
_GOING: Final[Mapping[str, str]] = {"releasing": "info", "final": "ok", "recalled": "warn"}
#: What has paid somebody for a milestone.
_PAID: Final = frozenset({
    "milestone.released", "milestone.auto_released", "milestone.tranche_paid",
})  # fmt: skip
#: As long as a payment is in these, that it began is all there is to say.
_BEGUN: Final = frozenset({"pending", "requested", "approved"})
#: The tone of what became of a payment; of any other status it is under way.
_TONES: Final[Mapping[str, str]] = {
    "settled": "ok",
    "paid": "ok",
    "failed": "bad",
    "returned": "bad",
    "expired": "warn",
    "cancelled": "ok",
}


@dataclass(frozen=True, slots=True)
class Receipts:
    """What happened: who, when, how much, and both legs of every transfer."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One event that its reader may see."""
        number = asking.reference(request, EVENT_PREFIX)
        if number is None:
            raise asking.not_found()
        me = visit.me.id

        async def read(db: Connection) -> tuple[Any, ...] | str:
            this = Part("lists.this", (number,))
            event = await item(db, EVENTS, this, Part(events.VISIBLE, (me,)))
            if event is None:
                return await _own(db, this, me)
            body = telling.body_of(event)
            going = await _begun(db, event, body, me)
            people = await names(db, _people(event, body, going))
            return event, body, people, await _payment(db, body, me), going

        found = await visit.reading(read)
        if isinstance(found, str):
            return redirect(visit, found)
        event, body, people, payment, going = found
        return page(
            visit,
            "receipt.html",
            section="finances",
            event=event,
            told=telling.told(event, people, about=None),
            legs=_legs(body, people, me),
            reference=printed(EVENT_PREFIX, number),
            title=_title(event, payment, body.of(Milestone)),
            tone=_tone(payment) if going is None else _GOING[going.row.status],
            **_rows(body),
            sides=[people[each] for each in _sides(body)],
            then=onward.place(request.query_params.get(onward.THEN)),
            payment=payment,
            is_broken=payment is not None and payment.is_broken,
            end=end_of(payment) if isinstance(payment, Withdrawal) else "",
            paid=_paid(body, people, me) if event.name in _PAID else None,
            going=None if going is None else going.told(people, me),
        )


def _rows(body: telling.Body) -> dict[str, Any]:
    """What it was about."""
    milestones = body.of(Milestone)
    return {
        "milestone": milestones[0] if len(milestones) == 1 else None,
        "milestones": milestones,
        "project": next(iter(body.of(Project)), None),
        "dispute": next(iter(body.of(Dispute)), None),
        # What began on one receipt ends on another: both lead to it.
        "releases": body.of(Release),
    }


async def _own(db: Connection, this: Part, me: int) -> str:
    """Where an arbiter sees what they did: a receipt is the two sides' own."""
    event = await item(db, EVENTS, this, Part("events.done_by", (me,)))
    if event is None or event.subject_kind != Dispute.noun:
        raise asking.not_found()
    return f"/{Dispute.noun}s/{printed(Dispute.prefix, event.subject_id)}"


@dataclass(frozen=True, slots=True)
class Begun:
    """A release that this receipt began, as it is now."""

    row: Release
    freelancer_id: int

    def told(self, people: Mapping[int, str], me: int) -> dict[str, Any]:
        """How much is, or was, on its way to whom, and whether they are the reader."""
        name, is_mine = people[self.freelancer_id], self.freelancer_id == me
        return {"row": self.row, "name": name, "is_mine": is_mine, "href": address_of(self.row)}


def _people(event: Happened, body: telling.Body, going: Begun | None) -> set[int]:
    """Everybody whom a receipt names; the system itself has no name."""
    whose = {*telling.people_in(body.transfers), *_sides(body), event.actor_id}
    return (whose if going is None else whose | {going.freelancer_id}) - {SYSTEM_ID}


def _sides(body: telling.Body) -> Sequence[int]:
    """Who pays and who works in what it was about; of what has no sides nobody."""
    row = next(iter([*body.of(Milestone), *body.of(Contract)]), None)
    if row is None:
        return ()
    return [parsed(row[side]["id"], User.prefix) for side in ("employer", "freelancer")]


async def _begun(db: Connection, event: Happened, body: telling.Body, me: int) -> Begun | None:
    if event.name != "milestone.release_started":
        return None
    (begun,), (of,) = body.of(Release), body.of(Milestone)
    this = Part("lists.this", (parsed(begun["id"], Release.prefix),))
    row = await item(db, RELEASES.source, this, Part(RELEASES.visible, (me,)))
    return None if row is None else Begun(row, parsed(of["freelancer"]["id"], User.prefix))


def _title(event: Happened, payment: Deposit | Withdrawal | None, milestones: list[Any]) -> str:
    """What happened; of a payment that has come further since, what became of it."""
    if payment is None or event.name not in _BEGINNINGS or payment.status in _BEGUN:
        return happened(event.name, to_one=len(milestones) == 1)
    return happened(f"{payment.noun}.{payment.status}")


def _tone(payment: Deposit | Withdrawal | None) -> str:
    if payment is None:
        return "ok"
    return "warn" if payment.is_broken else _TONES.get(payment.status, "info")


def _paid(body: telling.Body, people: Mapping[int, str], me: int) -> tuple[Money | None, str, bool]:
    """What a release brought to whom, and whether they are the reader."""
    legs = [leg for leg in body.transfers if leg.credit.kind == "wallet"]
    owner = parsed(legs[0].credit.owner, User.prefix)
    return telling.total(legs), people[owner], owner == me


def _legs(body: telling.Body, people: Mapping[int, str], me: int) -> list[dict[str, Any]]:
    """From where to where, in the words of whoever reads."""
    return [
        {
            "from_text": telling.place(leg.debit, body, people, me),
            "to_text": telling.place(leg.credit, body, people, me),
            "amount": leg.money,
        }
        for leg in body.transfers
    ]


async def _payment(db: Connection, body: telling.Body, me: int) -> Deposit | Withdrawal | None:
    """The deposit or withdrawal of an event, as it is now."""
    for kind in (Deposit, Withdrawal):
        for row in body.of(kind):
            collection = COLLECTIONS[kind]
            this = Part("lists.this", (parsed(row["id"], kind.prefix),))
            found: Deposit | Withdrawal | None = await item(
                db, collection.source, this, Part(collection.visible, (me,))
            )
            return found
    return None
