"""What answers look like, as JSON Schema: each shape beside the others, every member required."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final, TypeAlias

from earnest.core.actions import Scope
from earnest.core.bids.row import PROPOSALS_MAX, BidStatus
from earnest.core.contracts import About, ContractStatus
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.payments.depositing import DepositStatus
from earnest.core.payments.row import SandboxDay
from earnest.core.payments.withdrawing import DestinationType, WithdrawalStatus
from earnest.core.people import Role, UserStatus
from earnest.core.projects.row import ProjectStatus
from earnest.core.references import NUMBER_MAX
from earnest.http.routes import writes
from earnest.store.reads.purse import PLACES
from earnest.wire import spelling
from earnest.wire.schema import EFFECT_SAYS, effect_members

Schema: TypeAlias = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
NUMBER: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": NUMBER_MAX}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}


def ref(name: str) -> Schema:
    """A component."""
    return {"$ref": f"#/components/schemas/{name}"}


MONEY: Final = ref("MoneyShown")
TIME: Final = ref("TimeShown")
HASH: Final = ref("Hash")
PERSON: Final = ref("Person")
FILES: Final = ref("FilesAttached")


def or_null(schema: Schema) -> Schema:
    """The same, or nothing."""
    return {"anyOf": [schema, {"type": "null"}]}


def one_of(values: type[StrEnum]) -> Schema:
    """One of these words."""
    return {"type": "string", "enum": [each.value for each in values]}


def some(values: type[StrEnum]) -> Schema:
    """Some of these words."""
    return {"type": "array", "items": one_of(values), "uniqueItems": True}


def shape(description: str, /, **members: Schema) -> Schema:
    """An object with exactly these members."""
    return {
        "type": "object",
        "description": description,
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }


def reference(prefix: str) -> Schema:
    """A printed reference of a row that no action is about."""
    return {"type": "string", "pattern": spelling.reference(prefix)}


def items_of(schema: Schema) -> Schema:
    """Several rows that were made together."""
    return shape("Several.", items={"type": "array", "items": schema})


def page_of(schema: Schema) -> Schema:
    """One page of a list."""
    return shape(
        "One page; `next` is the cursor of the one after it.",
        items={"type": "array", "items": schema},
        next=or_null({"type": "string"}),
    )


ACTIONS: Final[Schema] = {
    "type": "array",
    "items": TEXT,
    "description": "What you would not be refused whatever your input: the last part of the "
    "address, or the whole name of an action of another collection.",
}
NEXT: Final[Schema] = {
    "description": "What happens by itself if nobody does anything, and when.",
    **or_null(shape("A clock.", at=TIME, action=TEXT)),
}

#: Of a contract that of the first of all its clocks.
NEXT_IN: Final[Schema] = {
    **NEXT,
    "description": "What happens first by itself, to the contract or to something in it, and when."
    " Nothing is said where very many milestones may come first; its fate says it.",
}

_MILESTONE: Final[dict[str, Schema]] = {
    "id": ref("MilestoneId"),
    "number": NUMBER,
    "contract_id": ref("ContractId"),
    "project_id": or_null(ref("ProjectId")),
    "employer": PERSON,
    "freelancer": PERSON,
    "description": TEXT,
    "status": one_of(MilestoneStatus),
    "amount": MONEY,
    "held": MONEY,
    "releasing": MONEY,
    "frozen": MONEY,
    "released": MONEY,
    "returned": MONEY,
    "due_at": or_null(TIME),
    "submitted_at": or_null(TIME),
    "rounds": COUNT,
    "extra_rounds": COUNT,
    "extra_review_days": COUNT,
    "cancel_asked_at": or_null(TIME),
    "staff_return": or_null(
        shape(
            "Operators would have all of it returned; when, once a second one has confirmed it.",
            asked_by=ref("UserId"),
            returns_at=or_null(TIME),
        )
    ),
    "deferred_until": {
        "description": "Until when a clock waits of which somebody could not be told in time.",
        **or_null(TIME),
    },
    "agreed_at": or_null(TIME),
    "plan": or_null(ref("Plan")),
    "plan_agreed_at": or_null(TIME),
    "agreement_hash": HASH,
    "terms_hash": or_null(HASH),
    "created_at": TIME,
    "updated_at": TIME,
}
_REVIEW: Final = shape(
    "The review's clock; null under terms without one.",
    left_s=or_null(COUNT),
    rounds_left=or_null(COUNT),
    paused={"type": "boolean"},
)
_CONTRACT: Final[dict[str, Schema]] = {
    "id": ref("ContractId"),
    "number": NUMBER,
    "project_id": or_null(ref("ProjectId")),
    "bid_id": or_null(ref("BidId")),
    "employer": PERSON,
    "freelancer": PERSON,
    "currency": ref("Currency"),
    "status": one_of(ContractStatus),
    "terms": ref("Terms"),
    "terms_hash": HASH,
    "funded": MONEY,
    "milestones_hash": HASH,
    "accept_by": or_null(TIME),
    "created_at": TIME,
    "updated_at": TIME,
}
_OF_MILESTONES: Final = {"funded", "milestones_hash"}
_PROJECT: Final[dict[str, Schema]] = {
    "id": ref("ProjectId"),
    "number": NUMBER,
    "employer": PERSON,
    "title": TEXT,
    "description": TEXT,
    "skills": {"type": "array", "items": ref("Skill")},
    "files": FILES,
    "currency": ref("Currency"),
    "budget_min": MONEY,
    "budget_max": MONEY,
    "closes_at": TIME,
    "status": one_of(ProjectStatus),
    "bids": COUNT,
    "reserved": MONEY,
    "reserved_since": or_null(TIME),
    "created_at": TIME,
    "updated_at": TIME,
}
_BID: Final[dict[str, Schema]] = {
    "id": ref("BidId"),
    "number": NUMBER,
    "project_id": ref("ProjectId"),
    "employer": PERSON,
    "freelancer": PERSON,
    "amount": MONEY,
    "period_days": COUNT,
    "proposal": TEXT,
    "files": FILES,
    "status": one_of(BidStatus),
    "milestones": {
        "type": "array",
        "items": ref("Proposal"),
        "minItems": 1,
        "maxItems": PROPOSALS_MAX,
    },
    "bid_hash": HASH,
    "created_at": TIME,
    "updated_at": TIME,
}


def _shown_bid(description: str, /, **also: Schema) -> Schema:
    """To its two sides: the employer's has one member more."""
    found = shape(description, **_BID, **also)
    found["properties"] = {**found["properties"], "shortlisted": _SHORTLISTED}
    return found


_SHORTLISTED: Final[Schema] = {"type": "boolean", "description": "Only for the employer."}
_PROJECT_SAYS: Final = "What somebody wants done. `reserved` is set aside for it already."
_BID_SAYS: Final = "What somebody would do a project for; its milestones add up to the amount."
_MILESTONE_SAYS: Final = "amount = held + releasing + frozen + released + returned."


def _payment(prefix: str, status: type[StrEnum], description: str, /, **also: Schema) -> Schema:
    return shape(
        description,
        id=ref(prefix),
        number=NUMBER,
        user_id=ref("UserId"),
        gateway=TEXT,
        amount=MONEY,
        status=one_of(status),
        **also,
        created_at=TIME,
        updated_at=TIME,
    )


_EVENT: Final = shape(
    "Something that happened. `seq` counts without a gap within a contract.",
    id=reference("evt"),
    seq=or_null(COUNT),
    name={"type": "string", "pattern": "^[a-z_]+[.][a-z_]+$"},
    subject={"type": "string", "pattern": spelling.reference("[a-z]+")},
    contract_id=or_null(ref("ContractId")),
    actor=shape("Who asked; the system itself has no id.", id=or_null(ref("UserId")), name=TEXT),
    via=TEXT,
    at=TIME,
    body=shape(
        "Every row that was written, as it was left, and the transfers.",
        rows={"type": "array", "items": {"type": "object"}},
        transfers={"type": "array", "items": ref("Transfer")},
    ),
)
_SIDE: Final = shape("One side of a transfer.", kind=TEXT, owner=TEXT)
_DESTINATION: Final = shape(
    "Where money is sent; of the account only the end is shown.",
    type=one_of(DestinationType),
    account=TEXT,
    name=TEXT,
)

ANSWERS: Final[dict[str, Schema]] = {
    "DryRun": shape(
        f"{EFFECT_SAYS} And the events that would tell of it, and the fate from then on.",
        **effect_members(),
        events={"type": "array", "items": shape("An event.", name=TEXT, subject=TEXT)},
        fate=or_null(ref("Fate")),
    ),
    "BatchLine": {
        "type": "object",
        "description": "One command: beside these members the fields of its action.",
        "properties": {
            "key": {"type": "string", "minLength": 1, "maxLength": 255},
            "action": {"type": "string", "enum": sorted(write.name for write in writes())},
            "id": {
                "type": "string",
                "description": "The subject; of what makes a row, its parent.",
            },
        },
        "required": ["key", "action"],
        "examples": [
            {
                "key": "release-1",
                "action": "milestone.release",
                "id": "ms_0DXH3K8ZQ2Y7A",
                "amount": {"amount": "40.00", "currency": "USD"},
            }
        ],
    },
    "BatchAnswer": shape(
        "What one line is answered, as the same POST would be.",
        key=or_null(TEXT),
        status={"type": "integer"},
        body={"type": "object"},
    ),
    "Person": shape("Somebody.", id=ref("UserId"), name=TEXT),
    "PersonShown": shape("Somebody.", id=ref("UserId"), number=NUMBER, name=TEXT),
    "Me": shape(
        "You, and what your token is good for.",
        id=ref("UserId"),
        number=NUMBER,
        name=TEXT,
        email=TEXT,
        status=one_of(UserStatus),
        roles=some(Role),
        scopes=some(Scope),
        created_at=TIME,
    ),
    "Balance": shape(
        "Your money in one currency, by where it is.",
        currency=ref("Currency"),
        **dict.fromkeys(PLACES, MONEY),
    ),
    "Milestone": shape(f"A milestone. {_MILESTONE_SAYS}", **_MILESTONE),
    "MilestoneListed": shape(f"A milestone in a list. {_MILESTONE_SAYS}", **_MILESTONE, next=NEXT),
    "MilestoneAlone": shape(
        f"A milestone as you see it now. {_MILESTONE_SAYS}",
        **_MILESTONE,
        next=NEXT,
        review=_REVIEW,
        edit=or_null(ref("Edit")),
        actions=ACTIONS,
    ),
    "Contract": shape("A contract, with what its acceptance names.", **_CONTRACT),
    "ContractBrief": shape(
        "A contract, by an action that has nothing to do with its milestones.",
        **{name: each for name, each in _CONTRACT.items() if name not in _OF_MILESTONES},
    ),
    "ContractListed": shape("A contract in a list.", **_CONTRACT, next=NEXT_IN),
    "ContractAlone": shape(
        "A contract as you see it now.",
        **_CONTRACT,
        next=NEXT_IN,
        proposed_terms=or_null(ref("TermsOffer")),
        actions=ACTIONS,
    ),
    "Project": shape(_PROJECT_SAYS, **_PROJECT),
    "ProjectListed": shape(f"{_PROJECT_SAYS} In a list.", **_PROJECT, next=NEXT),
    "ProjectAlone": shape(
        f"{_PROJECT_SAYS} As you see it now.", **_PROJECT, next=NEXT, actions=ACTIONS
    ),
    "Proposal": shape(
        "A proposed milestone: after so many days, or at that time.",
        description=TEXT,
        amount=MONEY,
        days=or_null(COUNT),
        due_at=or_null(TIME),
    ),
    "Bid": shape(_BID_SAYS, **_BID),
    "BidListed": _shown_bid(f"{_BID_SAYS} In a list."),
    "BidAlone": _shown_bid(f"{_BID_SAYS} As you see it now.", actions=ACTIONS),
    "SkillShown": shape("A skill, and what people call it.", code=ref("Skill"), name=TEXT),
    "Message": shape(
        "Something said in a contract, or asked and answered about a project.",
        id=ref("MessageId"),
        number=NUMBER,
        contract_id=or_null(ref("ContractId")),
        project_id=or_null(ref("ProjectId")),
        milestone_id=or_null(ref("MilestoneId")),
        question_id=or_null(ref("MessageId")),
        sender=PERSON,
        about=one_of(About),
        text=TEXT,
        links={"type": "array", "items": TEXT},
        files=FILES,
        created_at=TIME,
    ),
    "Deposit": _payment(
        "DepositId", DepositStatus, "Money coming in.", sandbox=or_null(one_of(SandboxDay))
    ),
    "Withdrawal": _payment(
        "WithdrawalId", WithdrawalStatus, "Money going out.", destination=_DESTINATION
    ),
    "Transfer": shape(
        "An amount from one account to another.",
        id=reference("tfr"),
        debit=_SIDE,
        credit=_SIDE,
        amount=MONEY,
    ),
    "Event": _EVENT,
    "Token": shape(
        "A token, without the token.",
        id=reference("tok"),
        name=TEXT,
        scopes=some(Scope),
        created_at=TIME,
        expires_at=TIME,
        revoked_at=or_null(TIME),
    ),
    "Health": {
        "type": "object",
        "properties": {"status": TEXT, "reason": TEXT, "detail": TEXT},
        "required": ["status"],
        "additionalProperties": False,
    },
}
