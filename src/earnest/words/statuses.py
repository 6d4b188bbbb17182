"""What a status is called, by itself and within a sentence; and who may do something."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.bids.row import BidStatus
from earnest.core.contracts import ContractStatus
from earnest.core.disputes.row import DisputeStatus
from earnest.core.milestones.releasing import ReleaseStatus
from earnest.core.milestones.row import MilestoneStatus
from earnest.core.milestones.tranches import TrancheStatus
from earnest.core.payments.depositing import DepositStatus
from earnest.core.payments.withdrawing import WithdrawalStatus
from earnest.core.people import Party, UserStatus
from earnest.core.projects.row import ProjectStatus
from earnest.words.formats import either
from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum

#: What a status is called in English, whatever it is of.
_WORDS: Final[Mapping[str, str]] = {
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
    "open": "Open for bids",
    "in_progress": "In progress",
    "completed": "Completed",
    "closed": "Closed",
    "live": "Live",
    "awarded": "Awarded",
    "accepted": "Accepted",
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
#: What it is a status of: other languages have another word for each, by its gender.
_OF: Final[Mapping[type[StrEnum], str]] = {
    BidStatus: "bid",
    ContractStatus: "contract",
    DepositStatus: "deposit",
    DisputeStatus: "dispute",
    MilestoneStatus: "milestone",
    ProjectStatus: "project",
    ReleaseStatus: "release",
    TrancheStatus: "tranche",
    UserStatus: "user",
    WithdrawalStatus: "withdrawal",
}
#: By itself.
_STATUSES: Final[Mapping[str, Mapping[str, str]]] = {
    noun: {each: N_(_WORDS[each], noun) for each in kind} for kind, noun in _OF.items()
}
#: What is shown like a status, and is none: of a milestone, and of a bid.
_LIKE_STATUSES: Final[Mapping[str, str]] = {
    "disputed": N_("Disputed", "milestone"),
    "releasing": N_("On its way", "milestone"),
    "shortlisted": N_("Shortlisted", "bid"),
}
#: Within a sentence, where that is more than the same in small letters.
_INSIDE: Final[Mapping[str, str]] = {
    DisputeStatus.FINAL_OFFERS: N_("at its final offers"),
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


def called(status: str, of: str = "") -> str:
    """What a status is called, by itself; what has no words is called by its own name.

    What it is of its type knows; of one that was read from a text it has to be said.
    """
    known = _STATUSES.get(of or _noun(status), _LIKE_STATUSES).get(status)
    return known or status.replace("_", " ").capitalize()


def inside(word: str) -> str:
    """A status or what has one, within a sentence; what is neither is said as it is."""
    if not _noun(word):
        return str(NOUNS.get(word) or word.replace("_", " "))
    told = str(_INSIDE.get(word) or called(word))
    return f"{told[:1].lower()}{told[1:]}"


def _noun(status: str) -> str:
    return next((noun for kind, noun in _OF.items() if isinstance(status, kind)), "")


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
