"""What a status is called, by itself and within a sentence; and who may do something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.people import Party
from earnest.words.formats import either
from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

#: By itself.
STATUSES: Final[Mapping[str, str]] = {
    "requested": "Requested",
    "funded": "Funded",
    "submitted": "Submitted",
    "released": "Released",
    "cancelled": "Cancelled",
    "declined": "Declined",
    "offered": "Offered",
    "active": "Active",
    "ended": "Ended",
    "revoked": "Revoked",
    "lapsed": "Lapsed",
    "pending": "Pending",
    "settled": "Settled",
    "approved": "Approved",
    "sent": "Sent",
    "paid": "Paid",
    "failed": "Failed",
    "returned": "Returned",
    "expired": "Expired",
    "disputed": "Disputed",
    "open": "Open for bids",
    "in_progress": "In progress",
    "completed": "Completed",
    "closed": "Closed",
    "live": "Live",
    "awarded": "Awarded",
    "accepted": "Accepted",
    "shortlisted": "Shortlisted",
    "retracted": "Taken back",
    "suspended": "Suspended",
    "releasing": "On its way",
    "final": "Final",
    "recalled": "Recalled",
    "response": "Waiting for an answer",
    "negotiation": "In negotiation",
    "final_offers": "Final offers",
    "arbitration": "In arbitration",
    "withdrawn": "Withdrawn",
    "conceded": "Conceded",
    "defaulted": "Decided by the clock",
    "ruled": "Ruled",
    "waiting": "Waiting",
}
mark(STATUSES)

#: Within a sentence that says of something that it is so.
_INSIDE: Final[Mapping[str, str]] = {
    "requested": N_("requested"),
    "funded": N_("funded"),
    "submitted": N_("submitted"),
    "released": N_("released"),
    "cancelled": N_("cancelled"),
    "declined": N_("declined"),
    "offered": N_("offered"),
    "active": N_("active"),
    "ended": N_("ended"),
    "revoked": N_("revoked"),
    "lapsed": N_("lapsed"),
    "pending": N_("pending"),
    "settled": N_("settled"),
    "approved": N_("approved"),
    "sent": N_("sent"),
    "paid": N_("paid"),
    "failed": N_("failed"),
    "returned": N_("returned"),
    "expired": N_("expired"),
    "open": N_("open"),
    "in_progress": N_("in progress"),
    "completed": N_("completed"),
    "closed": N_("closed"),
    "live": N_("live"),
    "awarded": N_("awarded"),
    "accepted": N_("accepted"),
    "retracted": N_("retracted"),
    "suspended": N_("suspended"),
    "releasing": N_("releasing"),
    "final": N_("final"),
    "recalled": N_("recalled"),
    "waiting": N_("waiting"),
    "response": N_("waiting for its answer"),
    "negotiation": N_("in negotiation"),
    "final_offers": N_("at its final offers"),
    "arbitration": N_("in arbitration"),
    "withdrawn": N_("withdrawn"),
    "conceded": N_("conceded"),
    "defaulted": N_("decided by the clock"),
    "ruled": N_("ruled"),
}
#: What it is that is so.
NOUNS: Final[Mapping[str, str]] = {
    "contract": N_("contract"),
    "milestone": N_("milestone"),
    "release": N_("release"),
    "tranche": N_("tranche"),
    "project": N_("project"),
    "bid": N_("bid"),
    "dispute": N_("dispute"),
    "deposit": N_("deposit"),
    "withdrawal": N_("withdrawal"),
    "user": N_("account"),
    "file": N_("file"),
}


def inside(word: str) -> str:
    """A status or what has one, within a sentence; what is neither is said as it is."""
    return str(_INSIDE.get(word) or NOUNS.get(word) or word.replace("_", " "))


#: Who may, within a sentence.
_PARTIES: Final[Mapping[Party, str]] = {
    Party.EMPLOYER: "the employer",
    Party.FREELANCER: "the freelancer",
    Party.ARBITER: "the arbiter",
    Party.OPERATOR: "an operator",
    Party.SYSTEM: "the system itself",
    Party.ANYONE: "the owner",
}
mark(_PARTIES)


def one_of(parties: frozenset[Party]) -> str:
    """Who may: in one order, and the clock only where nobody else can."""
    people = [words for party, words in _PARTIES.items() if party in parties - {Party.SYSTEM}]
    return either(people) if people else str(_PARTIES[Party.SYSTEM])
