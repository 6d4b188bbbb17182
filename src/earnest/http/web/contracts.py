"""Contracts: the list, and the page on which both sides see everything about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.contracts import About as MessageAbout
from earnest.core.contracts import Contract, ContractStatus, Message
from earnest.core.milestones.agreeing import funded
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.http.reading import noted
from earnest.http.web import listing, telling
from earnest.http.web.acting import VIA, new_key
from earnest.http.web.menus import cannot, menu
from earnest.http.web.rendering import page
from earnest.http.web.subjects import address_of, load
from earnest.store.reads import events
from earnest.store.reads.around import names, seen
from earnest.store.reads.collections import CONTRACTS, DIRECTIONS, EVENTS, MESSAGES, MILESTONES
from earnest.store.reads.paging import Branch, Order, Page, Part
from earnest.store.reads.paging import page as rows_of
from earnest.words import terms

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

#: How much of a long story a page tells; the rest is behind its links.
MILESTONES_SHOWN: Final = 100
MESSAGES_SHOWN: Final = 30
EVENTS_SHOWN: Final = 30

_FILTERS: Final[Mapping[str, Any]] = {
    "dir": listing.one_of(DIRECTIONS),
    "status": listing.statuses(ContractStatus),
}
#: What a message was said with.
ABOUT: Final[Mapping[MessageAbout, str]] = {
    MessageAbout.CONVERSATION: "",
    MessageAbout.SUBMISSION: "with a submission",
    MessageAbout.CHANGES: "changes requested",
    MessageAbout.CANCEL: "asked to cancel",
}


@dataclass(frozen=True, slots=True)
class Contracts:
    """The list of contracts, and one of them."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """All contracts that the reader is a side of."""
        asked = listing.asked_of(request, CONTRACTS, _FILTERS, "/contracts")
        me = visit.me.id

        async def read(db: Connection) -> tuple[Any, ...]:
            rows, following = await asked.rows(db, me)
            return rows, following, await seen(db, rows)

        rows, following, around = await visit.reading(read)
        return page(
            visit,
            "contracts/list.html",
            section="contracts",
            asked=asked,
            rows=[
                {
                    "row": row,
                    "href": address_of(row),
                    "pays": row.employer_id == me,
                    "person": around.around.names[
                        row.freelancer_id if row.employer_id == me else row.employer_id
                    ],
                    "held": funded(around.milestones[row.id], around.around, row.currency),
                    "live": len(around.milestones[row.id]),
                }
                for row in rows
            ],
            statuses=[(each.value, each.value.capitalize()) for each in ContractStatus],
            newest=asked.address() if asked.cursor else None,
            older=asked.address(cursor=following) if following else None,
        )

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One contract: its money, its milestones, what was said, what happened."""

        async def read(db: Connection) -> tuple[Any, ...]:
            about = await load(db, visit, Contract, request.path_params["id"])
            milestones = await _milestones(db, about.row)
            around = await seen(db, milestones)
            talk, lines = await _talk(db, visit, about.row), await timeline(db, about.row)
            return about, milestones, around, talk, lines

        about, milestones, around, talk, lines = await visit.reading(read)
        await noted(self.app, visit.me, about.row, VIA)
        actions = menu(about.row, about.offered, about.address)
        return page(
            visit,
            "contracts/detail.html",
            section="contracts",
            about=about,
            contract=about.row,
            employer=about.name(about.row.employer_id),
            freelancer=about.name(about.row.freelancer_id),
            held=funded(about.milestones, about.seen.around, about.row.currency),
            actions=actions,
            cannot=cannot(about),
            rows=[
                {
                    "row": row,
                    "href": address_of(row),
                    "held": around.around.balance(row.escrow) if row.status in HOLDING else None,
                }
                for row in milestones
            ],
            clauses=terms.sentences(about.world.terms(about.row.terms_hash)),
            summary=terms.summary(about.world.terms(about.row.terms_hash)),
            talk=talk,
            timeline=lines,
            can_say=about.standing["contract.say"] is None,
            key=new_key(),
        )


async def _milestones(db: Connection, contract: Contract) -> list[Milestone]:
    """The milestones of a contract, the newest first."""
    branch = Branch("lists.own", (Part("lists.in_contract", (contract.id,)),))
    asked = Page((branch,), Order(), None, MILESTONES_SHOWN)
    return (await rows_of(db, MILESTONES.source, asked))[0]


async def _talk(db: Connection, visit: Visit, contract: Contract) -> dict[str, Any]:
    """The conversation, the newest first."""
    branch = Branch("lists.own", (Part("lists.in_contract", (contract.id,)),))
    found, more = await rows_of(db, MESSAGES.source, Page((branch,), Order(), None, MESSAGES_SHOWN))
    people = await names(db, {each.sender_id for each in found})
    return {"messages": [message(each, people, visit) for each in found], "more": more}


def message(each: Message, people: Mapping[int, str], visit: Visit) -> dict[str, Any]:
    """One message, as a page shows it."""
    return {
        "sender": people[each.sender_id],
        "mine": each.sender_id == visit.me.id,
        "at": each.created_at,
        "text": each.text,
        "about": ABOUT[each.about],
        "links": each.links,
    }


async def timeline(db: Connection, row: Contract | Milestone) -> dict[str, Any]:
    """What happened, the newest first."""
    branches, order = events.about(row, {})
    found, more = await rows_of(db, EVENTS, Page(tuple(branches), order, None, EVENTS_SHOWN))
    people = await names(db, {each.actor_id for each in found} - {0})
    one = isinstance(row, Milestone)
    lines: Sequence[telling.Told] = [telling.told(each, people, about_one=one) for each in found]
    return {"events": lines, "more": more}
