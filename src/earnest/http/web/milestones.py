"""Milestones: the page of one, and where a new one begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from earnest.core.contracts import Contract, ContractStatus
from earnest.core.disputes.row import OPEN
from earnest.core.milestones.row import HOLDING, Milestone
from earnest.core.milestones.tranches import Tranche
from earnest.core.money import Money
from earnest.http.reading import noted
from earnest.http.web import agreeing, foretelling, lives, plans
from earnest.http.web.acting import VIA
from earnest.http.web.contracts import timeline
from earnest.http.web.menus import cannot, menu
from earnest.http.web.people import search as people_called
from earnest.http.web.rendering import page, redirect
from earnest.http.web.subjects import address_of, load, other_side
from earnest.http.web.talking import message
from earnest.store.reads import rooms
from earnest.store.reads.around import files_at, names
from earnest.store.reads.collections import CONTRACTS, MESSAGES
from earnest.store.reads.paging import Branch, Order, Page, Part
from earnest.store.reads.paging import page as rows_of
from earnest.store.reads.projects import titles
from earnest.store.reads.search import own_contracts
from earnest.wire.sought import sought

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.disputes.row import Dispute
    from earnest.core.milestones.releasing import Release
    from earnest.http.web.subjects import About
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

MESSAGES_SHOWN = 20
CONTRACTS_SHOWN = 50
#: Where there can be another milestone.
GOING_ON = (ContractStatus.OFFERED, ContractStatus.ACTIVE)


@dataclass(frozen=True, slots=True)
class Milestones:
    """One milestone, and where to begin another."""

    app: App

    async def shown(self, visit: Visit, request: Request) -> Response:
        """What it is, what it holds, who may do what, and its whole history."""

        async def read(db: Connection) -> tuple[Any, ...]:
            about = await load(db, visit, Milestone, request.path_params["id"])
            lines = await timeline(db, about.row, request, has_receipt=about.is_side)
            fate = await foretelling.foretold(db, about)
            disputes = await rooms.of_milestone(db, about.row.id)
            return about, await _said_about(db, about.row, visit), lines, fate, disputes

        about, talk, lines, fate, disputes = await visit.reading(read)
        await noted(self.app, visit.me, about.row, VIA)
        row: Milestone = about.row
        holding = row.status in HOLDING
        return page(
            visit,
            "milestone.html",
            section="finances",
            about=about,
            milestone=row,
            held=about.held if holding else Money.zero(row.amount.currency),
            is_holding=holding,
            actions=menu(row, about.offered, about.address),
            cannot=cannot(about),
            proposal=agreeing.proposal(about),
            fate=fate,
            life=lives.life(row, lines, fate, visit.as_of),
            releasing=_on_their_way(fate.releasing, about),
            review=foretelling.review(about) if row.plan_agreed_at is None else None,
            plan=plans.of(about),
            contract_href=address_of(about.contract),
            disputes=[_dispute(each) for each in disputes],
            talk=talk,
            timeline=lines,
            employer=about.name(row.employer_id),
            freelancer=about.name(row.freelancer_id),
        )

    async def of_tranche(self, visit: Visit, request: Request) -> Response:
        """A tranche is a line of its milestone's plan."""

        async def read(db: Connection) -> About:
            return await load(db, visit, Tranche, request.path_params["id"])

        about = await visit.reading(read)
        assert about.milestone is not None, "a tranche is a part of something"
        return redirect(visit, f"{address_of(about.milestone)}#plan")

    async def new(self, visit: Visit, request: Request) -> Response:
        """In which contract: one of the reader's, of an award of theirs, or with somebody new."""
        me, words = visit.me.id, request.query_params.get("q", "")
        wanted = sought(words)

        async def read(db: Connection) -> tuple[Any, ...]:
            rows = (
                await own_contracts(db, wanted, me, GOING_ON, CONTRACTS_SHOWN)
                if wanted.text
                else await _newest(db, me)
            )
            people = {number for row in rows for number in (row.employer_id, row.freelancer_id)}
            of = {row.project_id for row in rows if row.project_id is not None}
            return rows, await names(db, people), await titles(db, of)

        rows, people, came_of = await visit.reading(read)
        found = await people_called(visit, words, "") if wanted.text else None
        lines = [
            {
                "row": row,
                "pays": row.employer_id == me,
                "person": people[other_side(row, me)],
                "project": came_of.get(row.project_id or 0),
                "href": f"{address_of(row)}/"
                f"{'fund' if row.employer_id == me else 'request-milestone'}",
            }
            for row in rows
        ]
        return page(
            visit,
            "milestones_new.html",
            section="finances",
            rows=lines,
            words=wanted.text,
            found=found,
        )


def _on_their_way(releases: Sequence[Release], about: About) -> list[dict[str, Any]]:
    """Each release that is not final yet, and its recall for who may."""
    return [
        {
            "row": each,
            "href": address_of(each),
            "final": foretelling.final(each, about),
            "recall": f"{address_of(each)}/recall" if about.is_employer else None,
        }
        for each in releases
    ]


def _dispute(row: Dispute) -> dict[str, Any]:
    """One line of a dispute about it."""
    href = address_of(row)
    return {"row": row, "href": href, "is_open": row.status in OPEN, "ends_at": row.wakes_at}


async def _newest(db: Connection, me: int) -> Sequence[Contract]:
    """The newest contracts in which there can be another milestone."""
    branches = tuple(CONTRACTS.branches(me, {"status": GOING_ON}, everybody=False))
    rows, _ = await rows_of(db, CONTRACTS.source, Page(branches, Order(), None, CONTRACTS_SHOWN))
    return rows


async def _said_about(db: Connection, row: Milestone, visit: Visit) -> dict[str, Any]:
    """What was handed in, asked for and said about a milestone, the newest first."""
    branch = Branch(
        "lists.own",
        (Part("lists.in_contract", (row.contract_id,)),),
        (Part("messages.of_milestone", (row.id,)),),
    )
    said, more = await rows_of(db, MESSAGES.source, Page((branch,), Order(), None, MESSAGES_SHOWN))
    people = await names(db, {each.sender_id for each in said})
    files = await files_at(db, said)
    return {"messages": [message(each, people, visit, files) for each in said], "more": more}
