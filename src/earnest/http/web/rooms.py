"""The parts of a dispute's room: its stages, what comes next, rounds, offers, exhibits, ruling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from earnest.core.disputes.arbitrating import REFUSED_WITHIN
from earnest.core.disputes.exhibiting import ExhibitKind
from earnest.core.disputes.extending import open_extension
from earnest.core.disputes.row import OPEN, Dispute, DisputeStatus
from earnest.core.disputes.sealing import ROUNDS
from earnest.http.web import uploading
from earnest.http.web.rendering import moment, said
from earnest.http.web.sheets import new_key
from earnest.words.disputes import ENDS, NEXT, STAGES
from earnest.words.files import size_said
from earnest.words.saying import _, mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from earnest.core.disputes.exhibiting import Exhibit
    from earnest.http.web.subjects import About
    from earnest.store.reads.rooms import Furnished

_KINDS: Final[Mapping[ExhibitKind, str]] = {
    ExhibitKind.FILE: "File",
    ExhibitKind.LINK: "Link",
    ExhibitKind.TEXT: "Text",
}
mark(_KINDS)
#: How much of a digest stands in a line; all of it is behind it.
DIGEST_SHOWN: Final = 12


def stages(row: Dispute) -> list[dict[str, str]]:
    """The stages that it goes through, and how far it is."""
    order = [each for each in STAGES if each != "final_offers" or row.fee is not None]
    reached = _reached(row)
    is_over = row.status not in OPEN
    found = [
        {"text": STAGES[each], "state": _state(order.index(each), order.index(reached), row)}
        for each in order
    ]
    shown = found[: order.index(reached) + 1] if is_over else found
    return [
        *shown,
        {"text": _("Ended") if is_over else _("End"), "state": "done" if is_over else ""},
    ]


def _state(place: int, reached: int, row: Dispute) -> str:
    if place < reached or row.status not in OPEN:
        return "done"
    return "now" if place == reached else ""


def _reached(row: Dispute) -> str:
    """The last stage that it came to."""
    if row.status in OPEN:
        return row.status.value
    was_arbitrated = row.named_at or row.matched or row.refused_by_opener or row.refused_by_other
    if row.status is DisputeStatus.RULED or was_arbitrated:
        return "arbitration"
    if row.payer_id is not None:
        return "final_offers"
    return "response" if row.negotiation_at is None else "negotiation"


def next_step(row: Dispute, about: About, found: Furnished) -> Markup:
    """Who acts next, until when; or how it ended."""
    opener, other = row.opener_id, row.other_than(row.opener_id)
    known = {
        "opener": about.name(opener),
        "other": about.name(other),
        "employer": about.employer,
        "freelancer": about.freelancer,
        "arbiter": found.names.get(row.arbiter_id or 0, ""),
    }
    times = {"ends": row.ends_at, "asked": row.asked_until}
    known |= {name: moment(at, about.visit) for name, at in times.items() if at is not None}
    if row.to_freelancer is not None:
        known["paid"] = said(row.to_freelancer, about.visit)
        known["rest"] = said(row.amount - row.to_freelancer, about.visit)
    if row.payer_id is not None and row.payer_figure is not None:
        known["payer"] = about.name(row.payer_id)
        known["matcher"] = about.name(row.other_than(row.payer_id))
        known["asks"] = said(row.payer_figure, about.visit)
    sentence = ENDS[row.status.value] if row.status not in OPEN else _next(row, about)
    each = {name: Markup("<bdi>{}</bdi>").format(text) for name, text in known.items()}
    return Markup(sentence).format(**each)  # noqa: S704  # A sentence of ours; the rest is escaped.


def _next(row: Dispute, about: About) -> str:
    """The sentence of an open stage, as its reader sees it."""
    me = about.visit.me.id
    key = row.status.value
    if row.status is DisputeStatus.RESPONSE:
        return NEXT["response yours" if me == row.other_than(row.opener_id) else "response"]
    if row.status is DisputeStatus.FINAL_OFFERS:
        assert row.payer_id is not None, "somebody put up the fee"
        return NEXT["final_offers yours" if me == row.other_than(row.payer_id) else "final_offers"]
    if row.status is DisputeStatus.ARBITRATION:
        key = _arbitrated(row, about)
    ends = "limited" if row.ends_at is not None else "endless"
    return f"{NEXT[key]} {NEXT[f'{row.status.value} {ends}']}"


def _arbitrated(row: Dispute, about: About) -> str:
    if row.arbiter_id is None:
        return "unnamed"
    yours = " yours" if row.arbiter_id == about.visit.me.id else ""
    if row.taken_at is None:
        return f"named{yours}"
    is_asking = row.asked_until is not None and about.visit.as_of < row.asked_until
    return f"asked{yours}" if is_asking else f"taken{yours}"


def rounds(row: Dispute, about: About, found: Furnished) -> dict[str, Any] | None:
    """The round of sealed offers that is open: only the reader's own figure is in it."""
    if row.closes_at is None or row.status is not DisputeStatus.NEGOTIATION:
        return None
    return {
        "number": row.round,
        "of": ROUNDS,
        "closes_at": row.closes_at,
        "mine": found.sealed.to_freelancer if found.sealed is not None else None,
        "can": "dispute.sealed_offer" in about.offered,
    }


def waits(row: Dispute, about: About) -> dict[str, Any] | None:
    """The later end that one side proposed, as long as it can be agreed to."""
    extension = open_extension(row, about.world) if row.status in OPEN else None
    if extension is None:
        return None
    return {
        "now": extension.ends_at,
        "until": extension.until,
        "mine": extension.proposer_id == about.visit.me.id,
        "proposer": about.name(extension.proposer_id),
        "answerer": about.name(row.other_than(extension.proposer_id)),
        "answers": "dispute.agree_extension" in about.offered,
    }


def stakes(row: Dispute, about: About) -> list[dict[str, Any]] | None:
    """The arbitration fee of each side, and whether it is put up; None where there is none."""
    if row.fee is None:
        return None
    return [
        {"name": about.name(each), "fee": row.fee, "is_paid": each in row.payers}
        for each in (row.employer_id, row.freelancer_id)
    ]


def offers(found: Furnished, about: About) -> list[dict[str, Any]]:
    """Every open offer there was, and whether it still stands."""
    row: Dispute = about.row
    standing = {row.opener_offer_id, row.other_offer_id}
    return [
        {
            "name": about.name(each.maker_id),
            "mine": each.maker_id == about.visit.me.id,
            "figure": each.to_freelancer,
            "rest": row.amount - each.to_freelancer,
            "statement": each.statement,
            "at": each.created_at,
            "stands": each.id in standing and row.status in OPEN,
        }
        for each in reversed(found.room.offers)
    ]


def exhibits(found: Furnished, about: About) -> list[dict[str, Any]]:
    """What both have shown. An arbiter sees what is in one once they have opened it."""
    return [_exhibit(each, found, about) for each in found.room.exhibits]


def _exhibit(each: Exhibit, found: Furnished, about: About) -> dict[str, Any]:
    row: Dispute = about.row
    is_arbiter = row.arbiter_id == about.visit.me.id
    is_opened = row.arbiter_id is not None and each.opened_by == row.arbiter_id
    is_closed = is_arbiter and not is_opened
    can_open = is_closed and "dispute.open_exhibit" in about.offered
    return {
        "number": each.position,
        "kind": _KINDS[each.type],
        "is_link": each.type is ExhibitKind.LINK,
        "text": each.text if not is_closed else None,
        "files": uploading.shown(found.files.get(each.id, ())) if not is_closed else (),
        "size": size_said(each.size),
        "digest": each.sha256,
        "begins": each.sha256[:DIGEST_SHOWN],
        "name": about.name(each.maker_id),
        "mine": each.maker_id == about.visit.me.id,
        "at": each.created_at,
        "opened_by": found.names.get(each.opened_by or 0) if is_opened else None,
        "can_open": can_open,
        "key": new_key(),
    }


def ruled(found: Furnished, about: About) -> dict[str, Any] | None:
    """What was ruled, why, and by which exhibits."""
    ruling = found.room.ruling
    if ruling is None:
        return None
    row: Dispute = about.row
    return {
        "arbiter": found.names[ruling.arbiter_id],
        "to_freelancer": ruling.to_freelancer,
        "to_employer": row.amount - ruling.to_freelancer,
        "reasons": ruling.reasons,
        "exhibits": ruling.exhibits,
        "at": ruling.created_at,
    }


def refusable(row: Dispute, about: About) -> datetime | None:
    """Until when the arbiter can be refused by who reads; None: not at all."""
    if row.named_at is None or "dispute.refuse_arbiter" not in about.offered:
        return None
    return row.named_at + REFUSED_WITHIN
