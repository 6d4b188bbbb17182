"""What lists and tiles show: one place for each kind of line, on pages and in files."""

from __future__ import annotations

import base64
import binascii
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from markupsafe import Markup

from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute
from earnest.core.ledger import BALANCE_MAX
from earnest.core.milestones.row import Milestone
from earnest.core.money import Money
from earnest.core.projects.row import Project
from earnest.core.references import NUMBER_MAX, printed
from earnest.core.rows import wire_time
from earnest.http.showing import EVENT_PREFIX
from earnest.http.web.listing import ROWS_OF_A_FILE, csv_line
from earnest.http.web.rendering import day, moment, said, short
from earnest.store.reads import pages
from earnest.store.reads.months import FIRST, LAST, balance_at
from earnest.wire import shapes
from earnest.wire.surroundings import time
from earnest.words.actions import happened
from earnest.words.disputes import FEE_BACK, WAITING
from earnest.words.saying import N_, _, mark

if TYPE_CHECKING:
    from starlette.requests import Request

    from earnest.core.rows import Row
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection
    from earnest.store.reads.pages import Movement, Waiting
    from earnest.wire.surroundings import Surroundings

TABS: Final = (
    ("/finances", N_("Overview")),
    ("/finances/milestones", N_("Milestones")),
    ("/finances/transactions", N_("Transactions")),
    ("/finances/payments", N_("Payments")),
    ("/finances/statements", N_("Statements")),
)


def tabs(here: str) -> list[dict[str, Any]]:
    """The tabs of the dashboard."""
    return [{"href": href, "text": text, "here": href == here} for href, text in TABS]


#: A tile for each place, with the sentence that says what may be done with it, and its list.
_TILES: Final = (
    ("wallet", "wallet", N_("Available"), N_("Spend or withdraw it now"), "/finances/transactions"),
    (
        "reserved",
        "flag",
        N_("Reserved for projects"),
        N_("Set aside before you choose anybody"),
        "/projects?view=posted",
    ),
    (
        "held_outgoing",
        "lock",
        N_("In escrow, outgoing"),
        N_("Held for your freelancers"),
        "outgoing",
    ),
    (
        "held_incoming",
        "shield-check",
        N_("In escrow, incoming"),
        N_("Set aside for you, not yet yours"),
        "incoming",
    ),
    (
        "releasing_outgoing",
        "hourglass",
        N_("Releases on their way, outgoing"),
        N_("Yours to recall until they are final"),
        "outgoing",
    ),
    (
        "releasing_incoming",
        "hourglass",
        N_("Releases on their way, incoming"),
        N_("Yours once they are final"),
        "incoming",
    ),
    (
        "frozen_outgoing",
        "gavel",
        N_("Disputed, outgoing"),
        N_("Frozen until it is decided"),
        "/disputes?dir=outgoing&status=open",
    ),
    (
        "frozen_incoming",
        "gavel",
        N_("Disputed, incoming"),
        N_("Frozen until it is decided"),
        "/disputes?dir=incoming&status=open",
    ),
    (
        "on_the_way",
        "arrow-up-right",
        N_("On the way"),
        N_("Withdrawals not paid yet"),
        "/finances/payments",
    ),
)


def balances(currency: str, purse: Mapping[str, int]) -> dict[str, Any]:
    """What somebody has in one currency."""
    return {
        "currency": currency,
        "items": [
            {
                "icon": icon,
                "term": term,
                "value": Money(purse[place], currency),
                "note": note,
                "href": _behind(href, currency),
            }
            for place, icon, term, note, href in _TILES
            if place not in _SELDOM or purse[place]
        ],
    }


#: What has a tile only while there is something in it.
_SELDOM: Final = frozenset(
    {
        *("reserved", "releasing_outgoing", "releasing_incoming"),
        *("frozen_outgoing", "frozen_incoming"),
    }
)


def _behind(href: str, currency: str) -> str:
    """The list whose lines add up to a tile."""
    if "?" in href:
        return href
    if href.startswith("/"):
        return f"{href}?currency={currency}{'&on_the_way=1' if 'payments' in href else ''}"
    return f"/finances/milestones?dir={href}&status={HELD}&currency={currency}"


#: In lists: whatever holds money.
HELD: Final = "held"


#: What waits, and what to do about it.
_TODO: Final[Mapping[str, tuple[str, str, str]]] = {
    **WAITING,
    "offer": ("{person} offers you a contract, with {amount} set aside", "Look at the offer", ""),
    "empty_offer": (
        "{person} offers you a contract, with nothing set aside yet",
        "Look at the offer",
        "",
    ),
    "cancel_asked": ("{person} asks you to give {amount} back for “{what}”", "Answer", ""),
    "to_agree": ("{person} would pay {amount} for “{what}” in tranches", "Answer", "/agree"),
    "proposed": ("{person} proposes to change “{what}” to {amount}", "Answer", "#proposal"),
    "bids": ("Bids for “{what}” wait for your decision", "Look at the bids", ""),
    "review": ("How was it to work with {person}?", "Write a review", "/give-review"),
    "submitted": ("{person} asks you to release {amount} for “{what}”", "Review", "/release"),
    "requested": ("{person} asks you to fund “{what}” with {amount}", "Decide", ""),
    "funded": ("{amount} is set aside by {person} for “{what}”{due}", "Submit the work", "/submit"),
}
mark(_TODO)


#: What a line is about, if not a milestone.
_TODO_OF: Final[Mapping[str, type[Row]]] = {
    **dict.fromkeys(("to_rule", "to_answer", "to_pay", "to_extend", "to_settle"), Dispute),
    "offer": Contract,
    "review": Contract,
    "bids": Project,
}


def todo(each: Waiting, visit: Visit) -> dict[str, Any]:
    """One line of what needs the reader's action."""
    is_empty = each.what == "offer" and each.amount.is_zero
    sentence, action, verb = _TODO["empty_offer" if is_empty else each.what]
    kind = _TODO_OF.get(each.what, Milestone)
    what = short(each.description, 70)
    return {
        "text": Markup(sentence).format(  # noqa: S704  # A sentence of ours; the rest is escaped.
            person=_bdi(each.person),
            amount=_bdi(said(each.amount, visit)),
            what=_bdi(what),
            due=_due(each, visit),
        ),
        "href": f"/{kind.noun}s/{printed(kind.prefix, each.id)}{verb}",
        "action": action,
        "about": what or each.person,
    }


def _due(each: Waiting, visit: Visit) -> str:
    """Until when there is time: in a dispute to the minute, as silence then has its price."""
    if each.due_at is None:
        return ""
    if each.what in WAITING:
        return _(", due {day}").format(day=moment(each.due_at, visit))
    sentence = _(", was due {day}") if each.due_at < visit.as_of else _(", due {day}")
    return sentence.format(day=day(each.due_at, visit))


def _bdi(text: str) -> Markup:
    return Markup("<bdi>{}</bdi>").format(text)


def movement(each: Movement) -> dict[str, Any]:
    """One line of what moved in a wallet."""
    return {
        "at": each.at,
        "what": FEE_BACK
        if each.other_kind == "stake" and each.change.is_positive
        else happened(each.event, to_one=each.milestone is not None),
        "milestone": short(each.milestone, 80) if each.milestone else None,
        "person": each.person,
        "change": each.change,
        "href": f"/receipts/{printed(EVENT_PREFIX, each.event_id)}",
        "reference": printed(EVENT_PREFIX, each.event_id),
    }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of movements begins, and what the wallet held there."""

    before: tuple[datetime, int]
    balance: Money


class _Kept(msgspec.Struct, array_like=True):
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    id: Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]
    balance: Annotated[int, msgspec.Meta(ge=0, le=BALANCE_MAX)]


def running(
    moved: Sequence[Movement], held: Money, most: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Each movement with the balance after it, from the newest back; and where the page ends."""
    rows: list[dict[str, Any]] = []
    for each in moved[:most]:
        rows.append({**movement(each), "balance": held})
        held = held - each.change
    if len(moved) <= most:
        return rows, None
    last = moved[most - 1]
    kept = msgspec.json.encode(_Kept(last.at, last.id, held.minor))
    return rows, base64.urlsafe_b64encode(kept).rstrip(b"=").decode()


def place_of(text: str, currency: str) -> Place | None:
    """Where a page begins, as the page before it wrote it down; anything else is the newest."""
    try:
        raw = base64.urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
        kept = msgspec.json.decode(raw, type=_Kept)
        return Place((kept.at.astimezone(UTC), kept.id), Money(kept.balance, currency))
    except (binascii.Error, ValueError, OverflowError):
        return None


MILESTONE_COLUMNS: Final = (
    "id", "contract", "description", "employer", "freelancer", "status", "currency", "amount",
    "held", "released", "returned", "due_at", "submitted_at", "created_at", "releasing",
    "frozen",
)  # fmt: skip


def milestone_cells(row: Milestone, around: Surroundings) -> Sequence[object]:
    """One line of the file of milestones."""
    return (
        row.reference,
        printed(Contract.prefix, row.contract_id),
        row.description,
        around.names[row.employer_id],
        around.names[row.freelancer_id],
        row.status.value,
        row.amount.currency,
        row.amount.decimal,
        shapes.held(row, around).decimal,
        row.released.decimal,
        row.returned.decimal,
        time(row.due_at),
        time(row.submitted_at),
        wire_time(row.created_at),
        row.releasing.decimal,
        row.frozen.decimal,
    )


MOVEMENT_COLUMNS: Final = (
    "receipt", "at", "what", "milestone", "person", "currency", "change", "balance",
)  # fmt: skip


def newest(wallets: Sequence[Money], currency: str) -> Place:
    """Where the movements of a wallet begin: with what it holds."""
    (held,) = (each for each in wallets if each.currency == currency)
    return Place(pages.NEWEST, held)


def chosen(request: Request, wallets: Sequence[Money]) -> str | None:
    """The currency that a page is asked for in, of those that there are wallets in."""
    currencies = [each.currency for each in wallets]
    wanted = request.query_params.get("currency", "")
    if wanted in currencies:
        return wanted
    # One that holds much says more than one that was used up.
    richest = sorted(wallets, key=lambda each: -each.minor)
    return next((each.currency for each in richest), None)


async def movements_file(
    visit: Visit, currency: str | None, since: datetime = FIRST, before: datetime = LAST
) -> AsyncIterator[str]:
    """All movements of one wallet, a piece at a time, each with what the wallet held after it.

    What it holds is read with the first piece: one moment, so that every line is right.
    """
    yield csv_line(MOVEMENT_COLUMNS)
    me, place, more = visit.me.id, None, currency is not None
    while more and currency is not None:

        async def piece(db: Connection, at: Place | None = place, code: str = currency) -> Any:
            start = at or Place((before, 0), await balance_at(db, me, code, before))
            moved = await pages.movements(db, me, [code], start.before, ROWS_OF_A_FILE + 1)
            return running(moved, start.balance, ROWS_OF_A_FILE)

        rows, following = await visit.reading(piece)
        for row in rows:
            if row["at"] < since:
                return
            yield csv_line(
                (
                    *(row["reference"], wire_time(row["at"]), row["what"], row["milestone"]),
                    *(row["person"], currency, row["change"].decimal, row["balance"].decimal),
                )
            )
        place = place_of(following, currency) if following else None
        more = place is not None
