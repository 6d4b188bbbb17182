"""What waits to be agreed, as pages show it: a proposed change, and what each says of the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from earnest.core.contracts import Contract, ContractStatus
from earnest.core.milestones.revising import Edit, open_edit
from earnest.core.milestones.row import HOLDING, SUBMITTED, Milestone, terms_of
from earnest.core.milestones.working import review_whole, rounds_most
from earnest.core.renewing import open_offer
from earnest.core.reviews import GIVEN_WITHIN, reviewed
from earnest.core.terms import DAY
from earnest.http.web.records import review
from earnest.http.web.rendering import day, number
from earnest.store.reads.paging import Part, items
from earnest.store.reads.reviews import REVIEWS
from earnest.words import moments, silence, terms
from earnest.words.actions import label_of
from earnest.words.terms import duration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from earnest.core.reviews import Review
    from earnest.http.web.subjects import About
    from earnest.store.db import Connection

#: What a form about a milestone begins with, so that only what is to change has to be typed.
REVISING: Final = "milestone.propose_edit"

_CHANGES: Final = frozenset({"milestone.agree_edit", REVISING})
_TERMS: Final = frozenset({"contract.agree_terms", "contract.propose_terms"})


def beside(name: str, about: About) -> dict[str, Any]:
    """What a form shows beside its fields, where something waits for an answer."""
    return {
        "proposal": proposal(about) if name in _CHANGES else None,
        "other_terms": other_terms(about) if name in _TERMS else None,
    }


def deal(about: About) -> Mapping[str, Any]:
    """What the acceptance of a contract names, as its reader sees it now."""
    if not isinstance(about.row, Contract):
        return {}
    return {
        "deal": {
            "terms_hash": about.row.terms_hash,
            "milestones_hash": about.acceptance.milestones_hash,
            "funded": about.acceptance.funded,
        },
        "clauses": terms.sentences(about.world.terms(about.row.terms_hash)),
        "silences": silence.walk(
            about.world.terms(about.row.terms_hash),
            is_planned=any(each.plan is not None for each in about.milestones),
        ),
    }


def begun(name: str, about: About) -> dict[str, str]:
    """What stands in the form of a change before anybody types: what the milestone says now."""
    row, visit = about.row, about.visit
    if name != REVISING:
        return {}
    return {
        "description": row.description,
        "amount": number(row.amount, visit),
        "due_at": moments.date_of(row.due_at, visit.zone) if row.due_at else "",
    }


def unseen(name: str, about: About) -> frozenset[str]:
    """What a change cannot be of: what has no limit, and the work itself while it is looked at."""
    row = about.row
    if name != REVISING or not isinstance(row, Milestone) or row.status not in HOLDING:
        return frozenset()
    under = terms_of(row, about.world)
    limits = {"rounds": under.change_rounds, "review_days": under.review_seconds}
    found = {each for each, limit in limits.items() if limit is None}
    work = {"description", "amount", "due_at"} if row.status in SUBMITTED else frozenset[str]()
    return frozenset(found | work)


def named(name: str, about: About) -> dict[str, str]:
    """What a form carries unseen: the hash of what is agreed to, as it is now."""
    row = about.row
    if isinstance(row, Contract) and name == "contract.agree_terms":
        offer = open_offer(row, about.world)
        return {"terms_hash": offer.terms_hash} if offer is not None else {}
    if not isinstance(row, Milestone):
        return {}
    edit = open_edit(row, about.world)
    if name == "milestone.agree_edit" and edit is not None:
        return {"edit_hash": edit.hash}
    return {"hash": row.agreement_hash} if name == "milestone.agree" else {}


def meant(name: str, values: Mapping[str, str], about: About) -> Mapping[str, str]:
    """What was typed. A day that stands as it was means the moment that it was, not its end."""
    if name != REVISING or values.get("due_at") != begun(name, about)["due_at"]:
        return values
    return {**values, "due_at": ""}


def proposal(about: About) -> dict[str, Any] | None:
    """The change that waits for an answer: what is, beside what would be, and who answers."""
    if not isinstance(about.row, Milestone):
        return None
    edit = open_edit(about.row, about.world)
    if edit is None:
        return None
    return {
        "rows": compared(about.row, edit, about),
        "mine": edit.proposer_id == about.visit.me.id,
        "proposer": about.name(edit.proposer_id),
        "answerer": about.name(edit.answerer_id),
        "answers": edit.answerer_id == about.visit.me.id,
        "until": edit.expires_at,
        "hash": edit.hash,
        "amount": edit.amount,
    }


def other_terms(about: About) -> dict[str, Any] | None:
    """The terms that wait for an answer: each clause that would be another, beside what it is."""
    row = about.row
    offer = open_offer(row, about.world) if isinstance(row, Contract) else None
    if offer is None or row.status is not ContractStatus.ACTIVE:
        return None
    now, then = (
        terms.sentences(about.world.terms(each)) for each in (row.terms_hash, offer.terms_hash)
    )
    pairs = zip(now, then, strict=True)
    return {
        "rows": [(old.about, old.text, new.text, True) for old, new in pairs if old != new],
        "mine": offer.proposer_id == about.visit.me.id,
        "proposer": about.name(offer.proposer_id),
        "answerer": about.name(row.other_than(offer.proposer_id)),
        "answers": about.is_side and offer.proposer_id != about.visit.me.id,
    }


def compared(row: Milestone, edit: Edit, about: About) -> list[tuple[str, Any, Any, bool]]:
    """What is and what would be, line by line, and whether they differ."""

    def due(of: Milestone | Edit) -> str:
        return day(of.due_at, about.visit) if of.due_at else "–"

    pairs: tuple[tuple[str, Any, Any], ...] = (
        ("amount", row.amount, edit.amount),
        ("due_at", due(row), due(edit)),
        ("description", row.description, edit.description),
        *_added(row, edit, about),
    )
    return [(label_of(name), old, new, old != new) for name, old, new in pairs]


def _added(row: Milestone, edit: Edit, about: About) -> Iterator[tuple[str, str, str]]:
    """What the terms limit, all together: as it is, and with what would be added to it."""
    under = terms_of(row, about.world)
    rounds, whole = rounds_most(row, under), review_whole(row, under)
    if rounds is not None:
        yield "all_rounds", str(rounds), str(rounds + edit.rounds)
    if whole is not None:
        seconds = int(whole.total_seconds())
        then = seconds + edit.review_days * DAY
        yield "all_review_days", duration(seconds), duration(then)


async def reviews_of(db: Connection, about: About) -> list[Review]:
    """What was said of each other in a contract, as far as its reader may see it."""
    if not _is_reviewed(about.row):
        return []
    this = Part("lists.in_contract", (about.row.id,))
    return await items(db, REVIEWS.source, this, *REVIEWS.seen_by(about.visit.me.id))


def _is_reviewed(contract: Contract) -> bool:
    return contract.status is ContractStatus.ENDED and contract.paid_at is not None


def reviews(found: list[Review], about: About) -> dict[str, Any] | None:
    """What a contract's page says of reviews; nothing before it has ended and paid somebody."""
    row: Contract = about.row
    if not _is_reviewed(row):
        return None
    given = reviewed(row, about.world)
    return {
        "can": about.standing["review.give"] is None,
        "given": given.by(row, about.visit.me.id) if about.is_side else None,
        "hidden": given.shown_at > about.visit.as_of,
        "shown_at": given.shown_at,
        "until": row.updated_at + GIVEN_WITHIN,
        "items": [
            review(each, about.name(each.reviewer_id), of=about.name(each.reviewed_id))
            for each in sorted(found, key=lambda each: each.id)
        ],
    }
