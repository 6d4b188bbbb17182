"""GET /v1/search: what the asker may see, by words, reference, number or amount."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.contracts import Contract, ContractStatus
from earnest.core.inputs import Text
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.people import User
from earnest.core.projects.row import Project, ProjectStatus
from earnest.core.references import printed
from earnest.core.rows import Row
from earnest.http import asking, parameters, schemas
from earnest.http.answers import ProblemError, shown
from earnest.http.cursors import cursor, place_in
from earnest.http.parameters import Parameter
from earnest.http.reading import reading
from earnest.store.reads.paging import Place
from earnest.store.reads.search import FIRST, Found, Spot, search
from earnest.wire import spelling
from earnest.wire.fields import Choice
from earnest.wire.invalid import FieldError
from earnest.wire.readers import reader_of
from earnest.wire.sought import KINDS, LENGTH_MAX, sought
from earnest.wire.surroundings import money, time

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.store.db import Connection

Json: TypeAlias = dict[str, Any]

PATH: Final = "search"
TITLE_LENGTH: Final = 200
#: Every status that something that was found can have.
STATUSES: Final = sorted({*ProjectStatus, *ContractStatus, *MilestoneStatus})


class Type(StrEnum):
    """What can be found."""

    PROJECT = Project.noun
    USER = User.noun
    CONTRACT = Contract.noun
    MILESTONE = Milestone.noun


BY_TYPE: Final = {Type(kind.noun): kind for kind in KINDS}

WORDS: Final = Parameter(
    "q",
    reader_of(Text(LENGTH_MAX)),
    {"type": "string", "minLength": 1, "maxLength": LENGTH_MAX,
     "pattern": spelling.TEXT_NOT_BLANK},
    "Words (the last may be a beginning), a reference, a number, an e-mail address, or an amount "
    "with or without its currency. All of it must be there.",
)  # fmt: skip
TYPE: Final = Parameter(
    "type",
    reader_of(Choice(Type)),
    {"type": "string", "enum": [each.value for each in Type]},
    "Only these.",
)
PARAMETERS: Final = (WORDS, TYPE, parameters.LIMITED, parameters.CURSOR)

SCHEMA: Final = schemas.shape(
    "Something that was found. `amount` is that of a milestone, or the most of a project's budget; "
    "`person` its employer, or the other side of what is yours.",
    type=schemas.one_of(Type),
    id={
        "type": "string",
        "pattern": spelling.reference(f"(?:{'|'.join(k.prefix for k in KINDS)})"),
    },
    number=schemas.NUMBER,
    title=schemas.TEXT,
    status=schemas.or_null({"type": "string", "enum": [each.value for each in STATUSES]}),
    amount=schemas.or_null(schemas.MONEY),
    person=schemas.or_null(schemas.PERSON),
    created_at=schemas.or_null(schemas.TIME),
)


@dataclass(frozen=True, slots=True)
class Search:
    """GET of a search."""

    app: App

    async def __call__(self, request: Request) -> Response:
        """One page of what is found."""
        bearer = await asking.reader(request, self.app)
        chosen = parameters.read_parameters(request, PARAMETERS)
        if "q" not in chosen:
            missing = FieldError("?q", "required", "Say what to search for.")
            raise ProblemError("invalid", errors=[missing])
        asked = {"list": PATH, **parameters.filters_in(chosen)}
        after = FIRST
        if "cursor" in chosen:
            place = place_in(chosen["cursor"], asked, int)
            after = spot_of(place)
        kinds = [BY_TYPE[chosen["type"]]] if "type" in chosen else KINDS
        me, limit = bearer.user.id, chosen.get("limit", parameters.LIMIT)

        async def read(db: Connection) -> Found:
            return await search(db, sought(chosen["q"]), me, kinds, after, limit)

        found = await reading(self.app, read)
        following = found.following
        return shown(
            {
                "items": [item(row, found, me) for row in found.rows],
                "next": cursor(place_of(following), asked) if following else None,
            }
        )


def place_of(spot: Spot) -> Place:
    """As a cursor keeps it."""
    return Place(spot.rank, spot.id)


def spot_of(place: Place) -> Spot:
    """As it was kept."""
    assert isinstance(place.value, int), "it was read as one"
    return Spot(place.value, place.id)


def item(row: Any, found: Found, reader: int) -> Json:
    """What was found, in the one shape that all kinds have."""
    kind = kind_of(row)
    person = person_of(row, reader)
    return {
        "type": kind.noun,
        "id": printed(kind.prefix, row.id),
        "number": row.id,
        "title": title_of(row, found, reader)[:TITLE_LENGTH],
        "status": getattr(row, "status", None),
        "amount": money(amount) if (amount := amount_of(row)) is not None else None,
        "person": {"id": printed(User.prefix, person), "name": found.names[person]}
        if person is not None
        else None,
        "created_at": time(getattr(row, "created_at", None)),
    }


def kind_of(row: Any) -> type[Row]:
    """Which kind it is; of a person there is not the whole row."""
    return type(row) if type(row) in KINDS else User


def title_of(row: Any, found: Found, reader: int) -> str:
    """What it is called: a contract after its project, or who the other side is."""
    if isinstance(row, Milestone):
        return row.description
    if isinstance(row, Project):
        return row.title
    if isinstance(row, Contract):
        person = person_of(row, reader)
        assert person is not None, "a contract has two sides"
        return found.titles.get(row.project_id or 0) or found.names[person]
    name: str = row.name
    return name


def amount_of(row: Any) -> Any:
    """What it is about, or at most."""
    return row.budget_max if isinstance(row, Project) else getattr(row, "amount", None)


def person_of(row: Any, reader: int) -> int | None:
    """Whom it is with: the other side of what is the reader's; of a project who posted it."""
    if isinstance(row, Contract | Milestone) and row.employer_id == reader:
        return row.freelancer_id
    person: int | None = getattr(row, "employer_id", None)
    return person
