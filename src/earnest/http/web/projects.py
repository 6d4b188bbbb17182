"""Projects: the list for everybody who is signed in, and one of them as each reader sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from earnest.core.bids.row import Bid
from earnest.core.money import Money
from earnest.core.projects.row import CHOOSING, Project
from earnest.http.web import choosing, foretelling, listing, records, telling, uploading
from earnest.http.web.contracts import EVENTS_SHOWN
from earnest.http.web.menus import cannot, menu, why
from earnest.http.web.rendering import page
from earnest.http.web.sheets import new_key
from earnest.http.web.subjects import About, address_of, load
from earnest.http.web.viewing import views_of
from earnest.store.reads import projects as reads
from earnest.store.reads.around import balances, names
from earnest.store.reads.collections import EVENTS
from earnest.store.reads.paging import Branch, Order, Page, Part
from earnest.store.reads.paging import page as rows_of
from earnest.store.reads.projects import PROJECTS, VIEWS
from earnest.words.actions import SKILLS

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.actions import Refused
    from earnest.core.contracts import Message
    from earnest.http.web.listing import Asked
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ROWS: Final = 25
QUESTIONS_SHOWN: Final = 20
CONTRACTS_SHOWN: Final = 20
VIEW: Final = "open"

_FILTERS: Final[Mapping[str, Any]] = {
    "view": listing.one_of(VIEWS),
    "q": str,
    "skill": listing.one_of(SKILLS),
    "reserved": lambda text: True if text == "1" else None,
}
_CHIPS: Final[Mapping[str, Any]] = {"q": str, "skill": SKILLS.__getitem__, "reserved": str}


@dataclass(frozen=True, slots=True)
class Projects:
    """All projects, and one of them."""

    app: App

    async def listed(self, visit: Visit, request: Request) -> Response:
        """The projects that are open, or one's own, or those that one bid for."""
        asked = asked_for(request.query_params)
        me = visit.me.id

        async def read(db: Connection) -> tuple[Any, ...]:
            rows, following = await asked.rows(db, me, ROWS)
            employers = {row.employer_id for row in rows}
            people = await names(db, employers)
            known = await records.of_employers(db, visit, employers)
            reserved = await balances(db, {row.reserve for row in rows if row.reserved_since})
            views = await views_of(db, visit, "projects", asked)
            return rows, following, people, known, reserved, views

        rows, following, people, known, reserved, views = await visit.reading(read)
        return page(
            visit,
            "projects/list.html",
            section="projects",
            asked=asked,
            rows=[
                {
                    "row": row,
                    "href": address_of(row),
                    "person": people[row.employer_id],
                    "record": known[row.employer_id],
                    "skills": skill_names(row),
                    "reserved": Money(reserved.get(row.reserve, 0), row.currency),
                    "is_open": row.status == "open" and row.closes_at > visit.as_of,
                }
                for row in rows
            ],
            skills=[*SKILLS.items()],
            views=views,
            chips=asked.chips(_CHIPS),
            is_filtered=bool(asked.filters.keys() - {"view"}),
            pager=asked.pager(rows, following),
        )

    async def shown(self, visit: Visit, request: Request) -> Response:
        """One project: for everybody what it is about, for its employer also its bids."""

        async def read(db: Connection) -> tuple[About, dict[str, Any]]:
            about = await load(db, visit, Project, request.path_params["id"])
            fate = await foretelling.foretold(db, about)
            return about, {**await _read(db, about, request), "fate": fate}

        about, found = await visit.reading(read)
        row: Project = about.row
        return page(
            visit,
            "projects/detail.html",
            section="projects",
            about=about,
            project=row,
            skills=skill_names(row),
            is_taking_bids=row.status == "open" and row.closes_at > visit.as_of,
            choose_until=row.closes_at + CHOOSING,
            actions=menu(row, about.offered, about.address),
            cannot=_cannot(about),
            files=uploading.shown(about.seen.around.files.get(row.id, ())),
            cannot_bid=_cannot_bid(about, found["mine"]),
            key=new_key(),
            **found,
        )


async def _read(db: Connection, about: About, request: Request) -> dict[str, Any]:
    """What stands on the page of a project: of the bids only the reader's own, or all."""
    number, me, employer = about.row.id, about.visit.me.id, about.row.employer_id
    known = await records.of_employers(db, about.visit, [employer], records.OF_AN_EMPLOYER)
    agreed = await reads.contracts(db, number, me, CONTRACTS_SHOWN)
    people = await names(db, {row.freelancer_id for row in agreed})
    return {
        "record": known[employer],
        "talk": await _questions(db, about, request),
        "contracts": [
            {"row": row, "href": address_of(row), "person": people[row.freelancer_id]}
            for row in agreed
        ],
        "bids": await choosing.bids_of(db, about, request) if about.is_employer else None,
        "mine": None if about.is_employer else await reads.own_bid(db, number, me),
        "timeline": await _told(db, about),
    }


def asked_for(query: Mapping[str, str]) -> Asked:
    """Without a view the reader sees what is open."""
    asked = listing.asked_of(query, PROJECTS, _FILTERS, "/projects")
    if "view" in asked.filters:
        return asked
    return replace(asked, chosen={"direction": VIEW, **asked.chosen})


def skill_names(row: Project) -> Sequence[str]:
    """The skills that a project asks for, as people call them."""
    return [SKILLS[each.value] for each in row.skills]


def _cannot(about: About) -> list[Mapping[str, str]]:
    """What its employer could do at another time; others hear only why they cannot bid."""
    if not about.is_employer:
        return []
    theirs = {name: no for name, no in about.standing.items() if name.startswith("project.")}
    return cannot(replace(about, standing=theirs))


def _cannot_bid(about: About, mine: Bid | None) -> str:
    """Why there is no button to bid, where somebody could look for it."""
    refused: Refused | None = about.standing["bid.place"]
    if refused is None or about.is_employer or mine is not None:
        return ""
    return why("bid.place", refused, about)


async def _questions(db: Connection, about: About, request: Request) -> dict[str, Any]:
    """What was asked, the newest first, each with its answers."""
    row, order = about.row, Order()
    branch = Branch("lists.own", (Part("projects_shown.questions", (row.id,)),))
    after = listing.place(request.query_params.get("talk"), "questions", row.reference, order)
    asked = Page((branch,), order, after, QUESTIONS_SHOWN)
    found, replies, more = await reads.questions(db, row.id, asked)
    said: list[Message] = [*found, *(each for every in replies.values() for each in every)]
    people = await names(db, {each.sender_id for each in said})
    following = listing.following(found, "questions", row.reference, order) if more else None
    address = about.address
    return {
        "questions": [
            {"row": each, "person": people[each.sender_id], "answers": replies[each.id]}
            for each in found
        ],
        "can_ask": about.standing["project.ask"] is None and not about.is_employer,
        "can_answer": about.standing["project.answer"] is None,
        "newest": f"{address}#questions" if after else None,
        "older": f"{address}?talk={following}#questions" if following else None,
    }


async def _told(db: Connection, about: About) -> dict[str, Any]:
    """What happened to it, but for its bids; receipts are its employer's."""
    branch = Branch("lists.own", (Part("projects_shown.happened_to", (about.row.id,)),))
    found, _ = await rows_of(db, EVENTS, Page((branch,), Order(), None, EVENTS_SHOWN))
    people = await names(db, {each.actor_id for each in found} - {0})
    lines = [
        telling.told(each, people, about=about.row, has_receipt=about.is_employer) for each in found
    ]
    return {"events": lines, "newest": None, "older": None}
