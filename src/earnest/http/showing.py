"""How rows are shown to a reader: the shape that everybody gets, and what depends on who asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import msgspec

from earnest.core.actions import offered
from earnest.core.bids.row import Bid
from earnest.core.clocks import clock_of
from earnest.core.contracts import Contract
from earnest.core.disputes.row import Dispute
from earnest.core.house import House
from earnest.core.milestones.releasing import Release
from earnest.core.milestones.revising import open_edit
from earnest.core.milestones.row import FUNDED, Milestone, terms_of
from earnest.core.milestones.working import budget_left, rounds_most
from earnest.core.people import User, sorted_roles
from earnest.core.projects.row import Project
from earnest.core.references import printed
from earnest.core.renewing import TermsOffer
from earnest.core.rows import Row
from earnest.core.world import World
from earnest.store.reads import around as surroundings
from earnest.store.reads.agreements import lying_beside, rules_in
from earnest.store.reads.around import Seen, seen
from earnest.store.reads.collections import CONTRACTS, MILESTONES, Happened
from earnest.store.reads.notices import Told
from earnest.store.reads.paging import Part, item
from earnest.store.tokens import Token
from earnest.wire import shapes
from earnest.wire.notices import shown as facts
from earnest.wire.surroundings import time
from earnest.words.notices import said, subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from earnest.app import App
    from earnest.core.clocks import Clock
    from earnest.store.db import Connection
    from earnest.store.tokens import Bearer

Json: TypeAlias = dict[str, Any]
Show: TypeAlias = Callable[[Any, Seen], Json]

EVENT_PREFIX: Final = "evt"
_PREFIXES: Final = {kind.noun: kind.prefix for kind in shapes.SHAPES}


class _Body(msgspec.Struct):
    """What of an event's body is for readers; the rest is for replays."""

    rows: list[msgspec.Raw]
    transfers: list[msgspec.Raw]


_BODY: Final = msgspec.json.Decoder(_Body)


def row(each: Row, around: Seen) -> Json:
    """The shape that every interface has for it."""
    return shapes.SHAPES[type(each)](each, around.around)


def contract(each: Contract, around: Seen) -> Json:
    """A contract with what its acceptance names, and the first clock of all that run in it."""
    shape = shapes.contract(each, around.around, around.acceptances[each.id])
    found = around.soonest.of(each)
    return {**shape, "next": None if found is None else _clock(found[1])}


def project(each: Project, around: Seen) -> Json:
    """A project with its next clock."""
    return {**shapes.project(each, around.around), "next": _next(each, around)}


def release(each: Release, around: Seen) -> Json:
    """A release in a list, with its clock while it is on its way."""
    return {**shapes.release(each, around.around), "next": _next(each, around)}


def _next(each: Project | Milestone | Release | Dispute, around: Seen) -> Json | None:
    """What SYSTEM does if nobody does anything, and when."""
    clock = clock_of(each, around.known)
    return None if clock is None else _clock(clock)


def _clock(clock: Clock) -> Json:
    return {"at": time(clock.at), "action": clock.action.name}


def dispute(each: Dispute, around: Seen) -> Json:
    """A dispute in a list, with its next clock."""
    return {**shapes.SHAPES[Dispute](each, around.around), "next": _next(each, around)}


def bid(each: Bid, around: Seen) -> Json:
    """A bid with what it proposes; the employer also sees whether it is on their shortlist."""
    shape = shapes.bid(each, around.around, around.proposals[each.id])
    shape["status"] = each.status_with(around.projects[each.project_id].status)
    if around.reader == each.employer_id:
        shape["shortlisted"] = each.shortlisted
    return shape


def milestone(each: Milestone, around: Seen) -> Json:
    """A milestone in a list, with its next clock."""
    return {**shapes.milestone(each, around.around), "next": _next(each, around)}


def token(each: Token, _around: Seen) -> Json:
    """A token without the token."""
    return {
        "id": each.reference,
        "name": each.name,
        "scopes": sorted(each.scopes),
        "created_at": time(each.created_at),
        "expires_at": time(each.expires_at),
        "revoked_at": time(each.revoked_at),
    }


def notice(each: Told, _around: Seen) -> Json:
    """What its reader was told, in their language and time zone; and the same as facts."""
    told = each.notice
    words = said(told, each.language.replace("-", "_"), each.time_zone)
    return {
        "id": told.reference,
        "number": told.id,
        "event_id": None if told.moment is not None else printed(EVENT_PREFIX, told.event_id),
        "name": told.name,
        "part": told.part,
        "topic": told.topic,
        "moment": told.moment,
        "is_last": told.is_last,
        "is_about_money": told.is_about_money,
        "subject": subject(told),
        "title": words.title,
        "text": words.text,
        **facts(told.facts),
        "at": time(told.at),
        "read_at": time(told.read_at),
    }


def event(each: Happened, around: Seen) -> Json:
    """What happened, with every row as it was left, and the transfers."""
    contract_id = each.contract_id
    return {
        "id": printed(EVENT_PREFIX, each.id),
        "seq": each.seq,
        "name": each.name,
        "subject": printed(_PREFIXES[each.subject_kind], each.subject_id),
        "contract_id": None if contract_id is None else printed(Contract.prefix, contract_id),
        "actor": around.around.person(each.actor_id),
        "via": each.via,
        "at": time(each.at),
        "body": _BODY.decode(each.body),
    }


def person(number: int, name: str) -> Json:
    """What everybody may know of a person."""
    return {"id": printed(User.prefix, number), "number": number, "name": name}


def me(bearer: Bearer) -> Json:
    """What a person may know of themselves, and what this token is good for."""
    user = bearer.user
    return {
        **person(user.id, user.name),
        "email": user.email,
        "status": user.status,
        "roles": sorted_roles(user.roles),
        "scopes": sorted(bearer.scopes),
        "created_at": time(user.created_at),
    }


async def one_milestone(db: Connection, each: Milestone, app: App, bearer: Bearer) -> Json:
    """A milestone alone: also what its reader may do, and the review's clock."""
    of = await item(db, CONTRACTS.source, Part("lists.this", (each.contract_id,)))
    assert of is not None, "a milestone has a contract"
    around = await seen(db, [each])
    beside = await lying_beside(db, each)
    world = await world_of(db, [each, of, *beside, bearer.user], around, app)
    return {
        **milestone(each, around),
        "review": _review(each, world),
        "edit": _proposed(each, world, around),
        "actions": offered_in(each, world, bearer),
    }


def _review(each: Milestone, world: World) -> Json:
    """What is left of the time to look at work, and of the rounds; None is without limit."""
    if each.terms_hash is None:
        return {"left_s": None, "rounds_left": None, "paused": False}
    terms = terms_of(each, world)
    left, rounds = budget_left(each, world), rounds_most(each, terms)
    return {
        "left_s": None if left is None else int(left.total_seconds()),
        "rounds_left": None if rounds is None else max(rounds - each.rounds, 0),
        "paused": left is not None and each.status in FUNDED,
    }


async def one_release(db: Connection, each: Release, app: App, bearer: Bearer) -> Json:
    """A release alone: also what its reader may do."""
    milestone = await item(db, MILESTONES.source, Part("lists.this", (each.milestone_id,)))
    contract = await item(db, CONTRACTS.source, Part("lists.this", (each.contract_id,)))
    assert milestone is not None, "a release is paid out of something"
    assert contract is not None, "and that is of a contract"
    around = await seen(db, [milestone, contract])
    world = await world_of(db, [each, milestone, contract, bearer.user], around, app)
    return {**release(each, around), "actions": offered_in(each, world, bearer)}


async def proposed(db: Connection, each: Milestone, around: Seen) -> Json:
    """What is said of a milestone alone whoever reads it."""
    rows = [each, *await lying_beside(db, each)]
    placed = {(type(row), row.key): row for row in rows}
    world = World(await surroundings.now(db), House(), placed, {}, {})
    return {"edit": _proposed(each, world, around)}


def _proposed(each: Milestone, world: World, around: Seen) -> Json | None:
    """The change that waits for an answer; the milestone itself is what it was before."""
    edit = open_edit(each, world)
    return None if edit is None else shapes.edit(edit, around.around)


async def one_contract(db: Connection, each: Contract, app: App, bearer: Bearer) -> Json:
    """A contract alone: also what its reader may do."""
    around = await seen(db, [each], alone=True)
    beside = await lying_beside(db, each)
    world = await world_of(db, [each, *around.milestones, *beside, bearer.user], around, app)
    return {
        **contract(each, around),
        "proposed_terms": await _proposed_terms(db, beside, around),
        "actions": offered_in(each, world, bearer),
    }


async def terms_proposed(db: Connection, each: Contract, around: Seen) -> Json:
    """What is said of a contract alone whoever reads it."""
    return {"proposed_terms": await _proposed_terms(db, await lying_beside(db, each), around)}


async def _proposed_terms(db: Connection, beside: Sequence[Row], around: Seen) -> Json | None:
    """The terms that wait for an answer; the contract has those that it had."""
    rules = await rules_in(db, beside)
    around.around.rulebooks = {**around.around.rulebooks, **rules}
    waiting = (row for row in beside if isinstance(row, TermsOffer) and row.is_open)
    return next((shapes.terms_offer(row, around.around) for row in waiting), None)


async def one_project(db: Connection, each: Project, app: App, bearer: Bearer) -> Json:
    """A project alone: also what its reader may do."""
    around = await seen(db, [each])
    own = await surroundings.bidder(db, each.id, bearer.user.id)
    others = [] if own is None else [own]
    world = await world_of(db, [each, *others, bearer.user], around, app)
    return {**project(each, around), "actions": offered_in(each, world, bearer)}


async def one_bid(db: Connection, each: Bid, app: App, bearer: Bearer) -> Json:
    """A bid alone: also what its reader may do."""
    around = await seen(db, [each], bearer.user.id)
    world = await world_of(db, [each, *around.projects.values(), bearer.user], around, app)
    return {**bid(each, around), "actions": offered_in(each, world, bearer)}


async def world_of(db: Connection, rows: Sequence[Row], around: Seen, app: App) -> World:
    """What the rules look at, as it is now."""
    now = await surroundings.now(db)
    placed = {(type(each), each.key): each for each in rows}
    balances = dict(around.around.balances)
    return World(now, app.house, placed, balances, dict(around.around.rulebooks))


def offered_in(subject: Row, world: World, bearer: Bearer) -> list[str]:
    """The actions that the reader would not be refused whatever their input."""
    names = offered(subject, bearer.user, world)
    return [address_of(name, subject.noun) for name in names]


def address_of(name: str, noun: str) -> str:
    """What follows the subject in the address of an action; of another noun's its whole name."""
    own, _, verb = name.partition(".")
    return verb.replace("_", "-") if own == noun else name
