"""Who is told what, after which event: the catalogue, and which part somebody has in an event.

Every event of the registry stands in one of the two tables below: it tells somebody, or it is said
why it tells nobody. What is told is kept as facts; the sentences are made where it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from earnest.core.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable


class Topic(StrEnum):
    """What a notice is about, as far as somebody chooses how they are told of it."""

    MONEY_IN = "money_in"
    MONEY_OUT = "money_out"
    WORK = "work"
    OFFERS = "offers"
    CHANGES = "changes"
    DISPUTES = "disputes"
    MESSAGES = "messages"
    #: What waits for operators.
    SITE = "site"


#: What is about money: nobody stops it with one click, only where all choices stand together.
MONEY: Final = frozenset({Topic.MONEY_IN, Topic.MONEY_OUT, Topic.WORK, Topic.DISPUTES})
#: What only staff is told of.
OF_STAFF: Final = frozenset({Topic.SITE})


class Mail(StrEnum):
    """When somebody wants a topic by e-mail. In here they are told at once, whatever it is."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NEVER = "never"


USUAL: Final = Mail.AT_ONCE


class Part(StrEnum):
    """As whom somebody is told."""

    EMPLOYER = "employer"
    FREELANCER = "freelancer"
    #: Whose deposit or withdrawal it is.
    OWNER = "owner"
    #: Who has a bid for the project that is live or awarded.
    BIDDER = "bidder"
    #: Who asked the question that was answered.
    ASKER = "asker"
    #: Who is named to rule on the dispute.
    ARBITER = "arbiter"
    OPERATOR = "operator"


class Sum(StrEnum):
    """Which amount a notice names."""

    NONE = "none"
    #: That of what it is about.
    WHOLE = "whole"
    #: What its milestone still holds.
    HELD = "held"
    #: What the freelancer would get by an offer.
    OFFERED = "offered"
    #: The arbitration fee of either side.
    FEE = "fee"
    #: What was set aside.
    ASIDE = "aside"
    #: What came into the reader's wallet, or back into their reserve.
    RECEIVED = "received"


@record(frozen=True, slots=True)
class Telling:
    """Who is told of an event, under which topic, with which amount."""

    part: Part
    topic: Topic
    sum: Sum = Sum.NONE
    #: Only if what it is about is left in this status.
    status: str = ""
    #: Whether also who did it is told: so they hear of what somebody else did in their name.
    also_actor: bool = False


def _one(part: Part, topic: Topic, amount: Sum = Sum.NONE) -> tuple[Telling, ...]:
    return (Telling(part, topic, amount),)


def _other(topic: Topic, amount: Sum = Sum.NONE) -> tuple[Telling, ...]:
    """Both sides, of whom one did it and knows."""
    return (Telling(Part.EMPLOYER, topic, amount), Telling(Part.FREELANCER, topic, amount))


def _all_three(amount: Sum = Sum.NONE, of_arbiter: Sum = Sum.NONE) -> tuple[Telling, ...]:
    """Both sides of a dispute, but for who did it; and the arbiter, once there is one."""
    return (*_other(Topic.DISPUTES, amount), Telling(Part.ARBITER, Topic.DISPUTES, of_arbiter))


#: What the clock gave back: both hear of it.
_RETURNED: Final = (
    Telling(Part.EMPLOYER, Topic.MONEY_IN, Sum.RECEIVED),
    Telling(Part.FREELANCER, Topic.WORK),
)
#: Of each event who is told. Somebody who could be told twice is told as what comes first.
TOLD: Final[Mapping[str, tuple[Telling, ...]]] = {
    "contract.offered": _one(Part.FREELANCER, Topic.OFFERS),
    "contract.accepted": _one(Part.EMPLOYER, Topic.WORK),
    "contract.declined": _one(Part.EMPLOYER, Topic.MONEY_IN, Sum.RECEIVED),
    "contract.revoked": _one(Part.FREELANCER, Topic.OFFERS),
    "contract.lapsed": (
        Telling(Part.EMPLOYER, Topic.MONEY_IN, Sum.RECEIVED),
        Telling(Part.FREELANCER, Topic.OFFERS),
    ),
    "contract.ended": _other(Topic.WORK),
    "contract.said": _other(Topic.MESSAGES),
    "contract.funded": _one(Part.FREELANCER, Topic.WORK, Sum.ASIDE),
    "contract.terms_proposed": _other(Topic.CHANGES),
    "contract.terms_agreed": _other(Topic.CHANGES),
    "milestone.requested": _one(Part.EMPLOYER, Topic.WORK, Sum.WHOLE),
    "milestone.declined": _one(Part.FREELANCER, Topic.WORK, Sum.WHOLE),
    "milestone.withdrawn": _one(Part.EMPLOYER, Topic.WORK, Sum.WHOLE),
    "milestone.funded": _one(Part.FREELANCER, Topic.WORK, Sum.ASIDE),
    "milestone.taken_back": _one(Part.FREELANCER, Topic.WORK, Sum.WHOLE),
    "milestone.submitted": _one(Part.EMPLOYER, Topic.WORK, Sum.HELD),
    "milestone.changes_requested": _one(Part.FREELANCER, Topic.WORK, Sum.HELD),
    "milestone.released": _one(Part.FREELANCER, Topic.MONEY_IN, Sum.RECEIVED),
    "milestone.release_started": _one(Part.FREELANCER, Topic.MONEY_IN, Sum.WHOLE),
    "release.recalled": _one(Part.FREELANCER, Topic.WORK, Sum.WHOLE),
    "milestone.auto_released": (
        Telling(Part.FREELANCER, Topic.MONEY_IN, Sum.RECEIVED),
        Telling(Part.EMPLOYER, Topic.WORK, Sum.WHOLE),
    ),
    "milestone.tranche_paid": (
        Telling(Part.FREELANCER, Topic.MONEY_IN, Sum.RECEIVED),
        Telling(Part.EMPLOYER, Topic.WORK, Sum.WHOLE),
    ),
    "milestone.returned_overdue": _RETURNED,
    "milestone.deferred": _other(Topic.WORK, Sum.HELD),
    "milestone.returned_dormant": _RETURNED,
    "milestone.cancelled": _one(Part.EMPLOYER, Topic.MONEY_IN, Sum.RECEIVED),
    "milestone.cancel_asked": _one(Part.FREELANCER, Topic.WORK, Sum.HELD),
    "milestone.cancel_refused": _one(Part.EMPLOYER, Topic.WORK, Sum.HELD),
    "milestone.edit_proposed": _other(Topic.CHANGES, Sum.WHOLE),
    "milestone.edited": _other(Topic.CHANGES, Sum.WHOLE),
    "milestone.agreed": _one(Part.EMPLOYER, Topic.CHANGES, Sum.WHOLE),
    "milestone.disputed": _other(Topic.DISPUTES, Sum.WHOLE),
    "milestone.staff_cancel_asked": (
        *_other(Topic.DISPUTES, Sum.HELD),
        Telling(Part.OPERATOR, Topic.SITE, Sum.HELD),
    ),
    "milestone.staff_cancel_confirmed": _other(Topic.DISPUTES, Sum.HELD),
    "milestone.staff_returned": _RETURNED,
    "dispute.responded": _other(Topic.DISPUTES, Sum.OFFERED),
    "dispute.offered": _other(Topic.DISPUTES, Sum.OFFERED),
    "dispute.sealed_compared": _other(Topic.DISPUTES),
    "dispute.settled": _all_three(Sum.RECEIVED),
    "dispute.conceded": _all_three(Sum.RECEIVED),
    "dispute.withdrawn": _other(Topic.DISPUTES, Sum.RECEIVED),
    "dispute.fee_paid": _other(Topic.DISPUTES, Sum.FEE),
    "dispute.exhibited": _all_three(),
    "dispute.extension_proposed": _other(Topic.DISPUTES),
    "dispute.extended": _all_three(),
    "dispute.deferred": _all_three(),
    "dispute.escalated": _other(Topic.DISPUTES),
    "dispute.arbiter_named": _all_three(of_arbiter=Sum.WHOLE),
    "dispute.arbiter_refused": _other(Topic.DISPUTES),
    "dispute.taken": _other(Topic.DISPUTES),
    "dispute.asked": _other(Topic.DISPUTES),
    "dispute.ruled": _other(Topic.DISPUTES, Sum.RECEIVED),
    "dispute.defaulted": _other(Topic.DISPUTES, Sum.RECEIVED),
    "project.asked": _one(Part.EMPLOYER, Topic.MESSAGES),
    "project.answered": _one(Part.ASKER, Topic.MESSAGES),
    "project.edited": _one(Part.BIDDER, Topic.OFFERS),
    "project.closed": _one(Part.BIDDER, Topic.OFFERS),
    "project.lapsed": (
        Telling(Part.EMPLOYER, Topic.MONEY_IN, Sum.RECEIVED),
        Telling(Part.BIDDER, Topic.OFFERS, status="closed"),
    ),
    "bid.placed": _one(Part.EMPLOYER, Topic.OFFERS, Sum.WHOLE),
    "bid.edited": _one(Part.EMPLOYER, Topic.OFFERS, Sum.WHOLE),
    "bid.retracted": _one(Part.EMPLOYER, Topic.OFFERS, Sum.WHOLE),
    "bid.declined": _one(Part.FREELANCER, Topic.OFFERS, Sum.WHOLE),
    "bid.awarded": _one(Part.FREELANCER, Topic.OFFERS, Sum.WHOLE),
    "deposit.settled": _one(Part.OWNER, Topic.MONEY_IN, Sum.WHOLE),
    "deposit.failed": _one(Part.OWNER, Topic.MONEY_IN, Sum.WHOLE),
    "deposit.expired": _one(Part.OWNER, Topic.MONEY_IN, Sum.WHOLE),
    "deposit.break_opened": (
        Telling(Part.OWNER, Topic.MONEY_IN, Sum.WHOLE),
        Telling(Part.OPERATOR, Topic.SITE, Sum.WHOLE),
    ),
    "withdrawal.requested": (
        Telling(Part.OWNER, Topic.MONEY_OUT, Sum.WHOLE, also_actor=True),
        Telling(Part.OPERATOR, Topic.SITE, Sum.WHOLE, status="requested"),
    ),
    "withdrawal.approved": _one(Part.OWNER, Topic.MONEY_OUT, Sum.WHOLE),
    "withdrawal.paid": _one(Part.OWNER, Topic.MONEY_OUT, Sum.WHOLE),
    "withdrawal.failed": _one(Part.OWNER, Topic.MONEY_OUT, Sum.WHOLE),
    "withdrawal.returned": _one(Part.OWNER, Topic.MONEY_OUT, Sum.WHOLE),
    "withdrawal.expired": _one(Part.OWNER, Topic.MONEY_OUT, Sum.WHOLE),
    "withdrawal.break_opened": (
        Telling(Part.OWNER, Topic.MONEY_OUT, Sum.WHOLE),
        Telling(Part.OPERATOR, Topic.SITE, Sum.WHOLE),
    ),
}

_OWN: Final = "Who does it sits before it, and it concerns nobody else."
#: Events that tell nobody, and why.
SILENT: Final[Mapping[str, str]] = {
    "file.added": "A file is its owner's alone until they attach it, and then that tells of it.",
    "contract.inspected": "Both sides find it in the contract's history; there is nothing to do.",
    "project.posted": "Whoever looks for work finds it; it is addressed to nobody.",
    "project.reserved": "Everybody sees it on the project; there is nothing to do.",
    "project.taken_back": "Everybody sees it on the project; it was promised to nobody.",
    "bid.shortlisted": "The shortlist is the employer's alone.",
    "bid.unshortlisted": "The shortlist is the employer's alone.",
    "deposit.started": _OWN,
    "withdrawal.sent": "It follows at once on what its owner was told of, and nothing can be done.",
    "withdrawal.cancelled": _OWN,
    "review.given": "It is sealed: until both are in, not even that it was given is known.",
    "dispute.sealed_offered": "It is sealed: the other side never knows that it was made.",
    "dispute.exhibit_opened": "Both sides see it in the dispute; there is nothing to do.",
}


@record(frozen=True, slots=True)
class Concerned:
    """Everybody whom an event may concern."""

    actor_id: int
    employer_id: int | None = None
    freelancer_id: int | None = None
    owner_id: int | None = None
    asker_id: int | None = None
    arbiter_id: int | None = None
    bidders: tuple[int, ...] = ()
    operators: tuple[int, ...] = ()

    def who(self, part: Part) -> Iterable[int]:
        """The people of a part."""
        if part is Part.BIDDER:
            return self.bidders
        if part is Part.OPERATOR:
            return self.operators
        one = {
            Part.EMPLOYER: self.employer_id,
            Part.FREELANCER: self.freelancer_id,
            Part.OWNER: self.owner_id,
            Part.ASKER: self.asker_id,
            Part.ARBITER: self.arbiter_id,
        }[part]
        return () if one is None else (one,)

    def other_of(self, part: Part, reader: int) -> int | None:
        """Whom the notice is about, seen from one part; nobody where there is no other."""
        if part in {Part.FREELANCER, Part.BIDDER, Part.ASKER}:
            return self.employer_id
        if part is Part.OPERATOR:
            return self.owner_id
        if part in {Part.OWNER, Part.ARBITER}:
            return None
        person = self.freelancer_id if self.freelancer_id is not None else self.actor_id
        return person if person not in {0, reader} else None


def told(event: str, concerned: Concerned, status: str = "") -> Mapping[int, Telling]:
    """Who is told of an event that left what it is about in this status, and as what."""
    found: dict[int, Telling] = {}
    for telling in TOLD[event]:
        if telling.status not in {"", status}:
            continue
        for user_id in concerned.who(telling.part):
            if telling.also_actor or user_id != concerned.actor_id:
                found.setdefault(user_id, telling)
    return found
