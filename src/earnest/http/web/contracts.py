"""Contracts: the list, and the page on which both sides see everything about one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core.contracts import Contract, ContractStatus
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.money import Money
from earnest.http.reading import noted
from earnest.http.web import agreeing, foretelling, listing, proposing, telling, uploading
from earnest.http.web.acting import VIA
from earnest.http.web.menus import cannot, menu
from earnest.http.web.rendering import page
from earnest.http.web.sheets import new_key
from earnest.http.web.subjects import About, address_of, load, other_side
from earnest.http.web.talking import talk
from earnest.http.web.viewing import views_of
from earnest.store.reads import events, pages
from earnest.store.reads.around import Seen, names, seen
from earnest.store.reads.collections import CONTRACTS, DIRECTIONS, EVENTS, MILESTONES
from earnest.store.reads.paging import Branch, Order, Page, Part
from earnest.store.reads.paging import page as rows_of
from earnest.store.reads.soonest import soonest
from earnest.words import statuses, terms
from earnest.words.saying import _

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.listing import Asked
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

#: How much of a long story a page tells; the rest is behind its links.
MILESTONES_SHOWN: Final = 50
EVENTS_SHOWN: Final = 30
#: Of a contract, whose history stands beside all the rest in a narrow column.
CONTRACT_EVENTS_SHOWN: Final = 10

STATUSES: Final = [(each.value, statuses.called(each)) for each in ContractStatus]
_FILTERS: Final[Mapping[str, Any]] = {
    "dir": listing.one_of(DIRECTIONS),
    "status": listing.statuses(ContractStatus),
}
_CHIPS: Final[Mapping[str, Any]] = {"status": dict(STATUSES).__getitem__}


def asked_for(query: Mapping[str, str]) -> Asked:
    """Which of them an address asks for."""
    return listing.asked_of(query, CONTRACTS, _FILTERS, "/contracts")


@dataclass(frozen=True, slots=True)
class Contracts:
    """The list of contracts, and one of them."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """All contracts that the reader is a side of."""
        asked = asked_for(request.query_params)
        me = visit.me.id

        async def read(db: Connection) -> tuple[Any, ...]:
            rows, following = await asked.rows(db, me)
            people = {number for row in rows for number in (row.employer_id, row.freelancer_id)}
            held = await pages.held_in(db, [row.id for row in rows])
            views = await views_of(db, visit, "contracts", asked)
            called = await names(db, people)
            return rows, following, called, held, await soonest(db, rows), views

        rows, following, people, held, first, views = await visit.reading(read)
        return page(
            visit,
            "contracts/list.html",
            section="contracts",
            asked=asked,
            rows=[
                {
                    "row": row,
                    "href": address_of(row),
                    "standing": row.standing(visit.as_of),
                    "pays": row.employer_id == me,
                    "person": people[other_side(row, me)],
                    "held": Money(held.get(row.id, (0, 0))[1], row.currency),
                    "live": held.get(row.id, (0, 0))[0],
                    "next": foretelling.next_in(row, first, people, visit),
                }
                for row in rows
            ],
            statuses=STATUSES,
            views=views,
            chips=asked.chips(_CHIPS),
            pager=asked.pager(rows, following),
        )

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One contract: its money, its milestones, what was said, what happened."""

        async def read(db: Connection) -> tuple[Any, ...]:
            about = await load(db, visit, Contract, request.path_params["id"])
            milestones, more = await milestones_of(db, about.row)
            around = await seen(db, milestones)
            return about, milestones, more, around, {
                "talk": await talk(db, visit, about.row, request.query_params.get("talk")),
                "timeline": await timeline(db, about.row, request, has_receipt=about.is_side),
                "reviews": agreeing.reviews(await agreeing.reviews_of(db, about), about),
                "fate": await foretelling.foretold(db, about),
            }  # fmt: skip

        about, milestones, more, around, found = await visit.reading(read)
        await noted(self.app, visit.me, about.row, VIA)
        return page(
            visit,
            "contracts/detail.html",
            section="contracts",
            about=about,
            contract=about.row,
            employer=about.name(about.row.employer_id),
            freelancer=about.name(about.row.freelancer_id),
            held=about.acceptance.funded,
            standing=about.row.standing(visit.as_of),
            actions=_actions(about, milestones),
            cannot=cannot(about),
            rows=_lines(milestones, around, visit),
            releasing=about.acceptance.releasing,
            frozen=None if more else _frozen(about, milestones),
            all_milestones=_all(about) if more else None,
            **_rules(about),
            can_say=about.standing["contract.say"] is None,
            other_terms=agreeing.other_terms(about),
            key=new_key(),
            accepted=uploading.ACCEPTED,
            **found,
        )


async def milestones_of(db: Connection, contract: Contract) -> tuple[list[Milestone], bool]:
    """The milestones of a contract, the newest first, and whether there are more."""
    branch = Branch("lists.own", (Part("lists.in_contract", (contract.id,)),))
    asked = Page((branch,), Order(), None, MILESTONES_SHOWN)
    return await rows_of(db, MILESTONES.source, asked)


def _actions(about: About, milestones: Sequence[Milestone]) -> list[dict[str, Any]]:
    """What can be done; first, to make real what the bid proposed, as long as some of it is not."""
    found = menu(about.row, about.offered, about.address)
    if "contract.fund" not in about.offered or not proposing.uncreated(about, milestones):
        return found
    href = f"{about.address}/{proposing.VERB}"
    first = {"name": "", "href": href, "text": _("Create milestones"), "icon": "list-checks"}
    return [{**first, "danger": False, "first_of_group": False}, *found]


def _rules(about: About) -> dict[str, Any]:
    """The rule book that is in force for what is funded next."""
    rules = about.world.terms(about.row.terms_hash)
    return {"clauses": terms.sentences(rules), "summary": terms.summary(rules)}


def _frozen(about: About, milestones: Sequence[Milestone]) -> Money:
    """What disputes freeze of these, which are all that there are."""
    return sum((each.frozen for each in milestones), Money.zero(about.row.currency))


def _lines(milestones: Sequence[Milestone], around: Seen, visit: Visit) -> list[dict[str, Any]]:
    """Each milestone with what it holds, and what happens to it next by itself."""
    return [
        {
            "row": row,
            "href": address_of(row),
            "held": around.around.balance(row.escrow) if row.status in HOLDING else None,
            "next": foretelling.next_of(row, around, visit),
            "pill": foretelling.pill_of(row),
        }
        for row in milestones
    ]


async def timeline(
    db: Connection, row: Any, request: Request, *, has_receipt: bool
) -> dict[str, Any]:
    """What happened to a row, the newest first; receipts are for those whose money moved."""
    branches, order = events.about(row, {})
    address = address_of(row)
    after = listing.place(request.query_params.get("history"), "history", row.reference, order)
    most = CONTRACT_EVENTS_SHOWN if isinstance(row, Contract) else EVENTS_SHOWN
    asked = Page(tuple(branches), order, after, most)
    found, more = await rows_of(db, EVENTS, asked)
    people = await names(db, {each.actor_id for each in found} - {0})
    lines: Sequence[telling.Told] = [
        telling.told(each, people, about=row, has_receipt=has_receipt) for each in found
    ]
    following = listing.following(found, "history", row.reference, order) if more else None
    return {
        "events": lines,
        "newest": f"{address}#history" if after else None,
        "older": f"{address}?history={following}#history" if following else None,
    }


def _all(about: About) -> str | None:
    """Where all milestones of the contract are listed, for the two sides."""
    if not about.is_side:
        return None
    direction = "outgoing" if about.is_employer else "incoming"
    return f"/finances/milestones?dir={direction}&contract={about.row.reference}"
