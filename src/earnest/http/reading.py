"""GET: rows for who may see them. A stranger hears the same as about what is not there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

import structlog

from earnest.batcher import UnavailableError
from earnest.core.bids.row import BidStatus
from earnest.core.contracts import Contract, ContractStatus, Inspect
from earnest.core.disputes.row import Dispute, DisputeStatus
from earnest.core.milestones.releasing import ReleaseStatus
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.milestones.tranches import TrancheStatus
from earnest.core.payments.depositing import DepositStatus
from earnest.core.payments.withdrawing import WithdrawalStatus
from earnest.core.projects.row import ProjectStatus
from earnest.http import asking, disputes, parameters, showing, tranches
from earnest.http.answers import ProblemError, shown
from earnest.http.cursors import cursor, place_in
from earnest.http.routes import VIA
from earnest.store.reads import collections, events
from earnest.store.reads.around import seen, snapshot
from earnest.store.reads.collections import Collection, kind_of, place_of
from earnest.store.reads.notices import NOTICES, NoticeStatus
from earnest.store.reads.paging import Branch, Order, Page, Part, Source, item, page
from earnest.store.reads.reviews import REVIEWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.core.people import User
    from earnest.http.parameters import Parameter
    from earnest.http.showing import Show
    from earnest.store.db import Connection
    from earnest.store.reads.around import Seen
    from earnest.store.tokens import Bearer

T = TypeVar("T")
#: Makes what is told of one row to who asks.
Tell: TypeAlias = "Callable[[Connection, Any, App, Bearer], Awaitable[Any]]"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Shelf:
    """One collection over HTTP."""

    name: str
    prefix: str
    collection: Collection[Any]
    show: Show
    #: What a list of it can be asked, beside `limit` and `cursor`.
    parameters: tuple[Parameter, ...]
    #: How one row alone is shown, where that is more.
    show_one: Tell | None = None
    #: What is said of one row alone whoever reads it, where that is more.
    alone: Callable[[Connection, Any, Seen], Awaitable[dict[str, Any]]] | None = None
    #: Whether staff may look at what is not theirs, because they are asked to act on it.
    for_staff: bool = False
    #: Whether they may list what is everybody's. Not contracts: each look at one is an event.
    all_for_staff: bool = False
    has_events: bool = True
    #: Whether something becomes of its rows by time alone.
    has_fate: bool = False

    @property
    def all_parameters(self) -> tuple[Parameter, ...]:
        """What a list of it can be asked."""
        also = (parameters.ALL,) if self.all_for_staff else ()
        return (*self.parameters, *also, parameters.LIMITED, parameters.CURSOR)

    def may_see(self, bearer: Bearer) -> tuple[Part, ...]:
        """The condition under which a row can be read by this person."""
        if self.for_staff and bearer.is_staff:
            return ()
        return self.collection.seen_by(bearer.user.id)

    @property
    def pages(self) -> Pages:
        """How its pages are read and shown."""
        return Pages(self.name, self.collection.source, self.show)


@dataclass(frozen=True, slots=True)
class Pages:
    """Pages of one kind of row."""

    name: str
    source: Source[Any]
    show: Show

    async def read(
        self,
        db: Connection,
        found: tuple[Sequence[Branch], Order],
        chosen: Mapping[str, Any],
        reader: int,
    ) -> dict[str, Any]:
        """One page, and the cursor of the next."""
        branches, order = found
        asked = {"list": self.name, **parameters.filters_in(chosen)}
        after = place_in(chosen["cursor"], asked, kind_of(order)) if "cursor" in chosen else None
        limit = chosen.get("limit", parameters.LIMIT)
        rows, more = await page(db, self.source, Page(tuple(branches), order, after, limit))
        around = await seen(db, rows, reader)
        return {
            "items": [self.show(row, around) for row in rows],
            "next": cursor(place_of(rows[-1], order), asked) if more else None,
        }


@dataclass(frozen=True, slots=True)
class Listing:
    """GET of a collection: a page of what the asker may see."""

    app: App
    shelf: Shelf

    async def __call__(self, request: Request) -> Response:
        """Read one page."""
        bearer = await asking.reader(request, self.app)
        chosen = parameters.read_parameters(request, self.shelf.all_parameters)
        everybody = chosen.get("all") == "true"
        if everybody and not bearer.is_staff:
            raise ProblemError("scope_missing", FOR_STAFF)
        kept = self.shelf.collection
        branches = kept.branches(bearer.user.id, chosen, everybody=everybody)
        found = (branches, kept.order(chosen.get("sort")))

        async def read(db: Connection) -> Any:
            return await self.shelf.pages.read(db, found, chosen, bearer.user.id)

        return shown(await reading(self.app, read))


FOR_STAFF: Final = "Only an operator with a token good for staff sees what is everybody's."


@dataclass(frozen=True, slots=True)
class Item:
    """GET of one row, or of what is told of one."""

    app: App
    shelf: Shelf
    #: What is told of it, if that is not the row itself.
    tell: Tell | None = None

    async def __call__(self, request: Request) -> Response:
        """Read the row, if it may be seen."""
        bearer = await asking.reader(request, self.app)
        parameters.read_parameters(request, ())
        tell = self.tell or self.shelf.show_one

        async def read(db: Connection) -> tuple[Any, Any]:
            row = await found_row(db, self.shelf, request, bearer)
            if tell is not None:
                return row, await tell(db, row, self.app, bearer)
            return row, self.shelf.show(row, await seen(db, [row], bearer.user.id))

        row, value = await reading(self.app, read)
        await noted(self.app, bearer.user, row)
        return shown(value)


async def found_row(db: Connection, shelf: Shelf, request: Request, bearer: Bearer) -> Any:
    """The row that the address names; what may not be seen is not there."""
    number = asking.reference(request, shelf.prefix)
    row = None
    if number is not None:
        this = Part("lists.this", (number,))
        row = await item(db, shelf.collection.source, this, *shelf.may_see(bearer))
    if row is None:
        raise asking.not_found()
    return row


@dataclass(frozen=True, slots=True)
class EventsOf:
    """GET of what happened to one row."""

    app: App
    shelf: Shelf

    async def __call__(self, request: Request) -> Response:
        """Read one page of its events."""
        bearer = await asking.reader(request, self.app)
        chosen = parameters.read_parameters(request, EVENT_PARAMETERS)

        async def read(db: Connection) -> tuple[Any, Any]:
            row = await found_row(db, self.shelf, request, bearer)
            pages = Pages(f"{row.reference}/events", collections.EVENTS, showing.event)
            me = bearer.user.id
            return row, await pages.read(db, events.about(row, chosen, me), chosen, me)

        row, value = await reading(self.app, read)
        await noted(self.app, bearer.user, row)
        return shown(value)


async def noted(app: App, user: User, row: Any, via: str = VIA) -> None:
    """Both sides of a contract see who of the staff looked at it.

    While no command is taken looking goes on, and only the log tells.
    """
    if not isinstance(row, Contract | Milestone | Dispute):
        return
    if user.id in (row.employer_id, row.freelancer_id, getattr(row, "arbiter_id", None)):
        return
    await noted_in(app, user, row.contract_id, via)


async def noted_in(app: App, user: User, contract_id: int, via: str) -> None:
    """Somebody of the staff looked at something of this contract."""
    try:
        await app.do(user.id, Inspect(contract_id), via=via)
    except UnavailableError as error:
        log.warning("look_not_noted", contract=contract_id, staff=user.id, why=error.code)


async def reading(app: App, read: Callable[[Connection], Awaitable[T]]) -> T:
    """Read from one moment of the database."""

    async def once() -> T:
        async with snapshot(app.database) as db:
            return await read(db)

    return await asking.looking(app, once)


EVENT_PARAMETERS: Final = (*parameters.MADE, parameters.LIMITED, parameters.CURSOR)


def _money(*also: Parameter) -> tuple[Parameter, ...]:
    return (*also, *parameters.MONEY, *parameters.MADE)


SHELVES: Final = (
    Shelf(
        "projects",
        "prj",
        collections.PROJECTS,
        showing.project,
        (
            parameters.OWN,
            parameters.status(ProjectStatus),
            parameters.SKILL,
            parameters.RESERVED,
            parameters.CURRENCY,
            parameters.SAYING,
            *parameters.MADE,
        ),
        showing.one_project,
        has_fate=True,
    ),
    Shelf(
        "bids",
        "bid",
        collections.BIDS,
        showing.bid,
        _money(parameters.DIRECTION, parameters.status(BidStatus), parameters.PROJECT),
        showing.one_bid,
    ),
    Shelf(
        "contracts",
        "ctr",
        collections.CONTRACTS,
        showing.contract,
        (
            parameters.DIRECTION,
            parameters.status(ContractStatus),
            parameters.WAITING_FOR,
            parameters.PROJECT,
            parameters.CURRENCY,
            *parameters.MADE,
        ),
        showing.one_contract,
        showing.terms_proposed,
        for_staff=True,
        has_fate=True,
    ),
    Shelf(
        "milestones",
        "ms",
        collections.MILESTONES,
        showing.milestone,
        _money(
            parameters.DIRECTION,
            parameters.status(MilestoneStatus),
            parameters.WAITING_FOR,
            parameters.CONTRACT,
            parameters.PROJECT,
            parameters.WORDS,
            parameters.sorting(collections.MILESTONES.orders or {}),
        ),
        showing.one_milestone,
        showing.proposed,
        for_staff=True,
        has_fate=True,
    ),
    Shelf(
        "releases",
        "rel",
        collections.RELEASES,
        showing.release,
        _money(parameters.DIRECTION, parameters.status(ReleaseStatus), parameters.CONTRACT),
        showing.one_release,
        has_fate=True,
    ),
    Shelf(
        "tranches",
        "trn",
        collections.TRANCHES,
        showing.row,
        _money(
            parameters.DIRECTION,
            parameters.status(TrancheStatus),
            parameters.CONTRACT,
            parameters.MILESTONE,
        ),
        tranches.one_tranche,
        has_fate=True,
    ),
    Shelf(
        "disputes",
        "dsp",
        collections.DISPUTES,
        showing.dispute,
        _money(
            parameters.DIRECTION,
            parameters.status(DisputeStatus),
            parameters.WAITING_FOR,
            parameters.CONTRACT,
            parameters.MILESTONE,
        ),
        disputes.one_dispute,
        disputes.all_of_it,
        for_staff=True,
        has_fate=True,
    ),
    Shelf(
        "offers",
        "off",
        collections.OFFERS,
        showing.row,
        (parameters.DIRECTION, parameters.CONTRACT, parameters.CURRENCY, *parameters.MADE),
    ),
    Shelf(
        "messages",
        "msg",
        collections.MESSAGES,
        showing.row,
        (parameters.CONTRACT, parameters.PROJECT, parameters.WORDS, *parameters.MADE),
    ),
    Shelf(
        "deposits",
        "dep",
        collections.DEPOSITS,
        showing.row,
        _money(parameters.status(DepositStatus)),
        for_staff=True,
        all_for_staff=True,
        has_fate=True,
    ),
    Shelf(
        "withdrawals",
        "wdr",
        collections.WITHDRAWALS,
        showing.row,
        _money(parameters.status(WithdrawalStatus)),
        for_staff=True,
        all_for_staff=True,
        has_fate=True,
    ),
    Shelf(
        "reviews",
        "rev",
        REVIEWS,
        showing.row,
        (parameters.PERSON, parameters.CONTRACT, *parameters.MADE),
        has_events=False,
    ),
    Shelf("files", "fil", collections.FILES, showing.row, parameters.MADE, has_events=False),
    Shelf(
        "notices",
        "ntc",
        NOTICES,
        showing.notice,
        (parameters.status(NoticeStatus), *parameters.MADE),
        has_events=False,
    ),
    Shelf("tokens", "tok", collections.TOKENS, showing.token, (), has_events=False),
)
