"""What a page says of a problem where it says it otherwise than the API does.

A person is not told of databases and processes, and a page says by itself whether anything moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.saying import N_, _, mark
from earnest.words.statuses import NOUNS, inside

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_AWAY: Final = "We cannot reach our records just now. Wait a minute."

TITLES: Final[Mapping[str, str]] = {
    "busy": "We cannot answer just now",
    "database_gone": "We cannot answer just now",
    "too_many_requests": "Too many tries",
    "books_do_not_balance": "No money moves just now",
}
DETAILS: Final[Mapping[str, str]] = {
    "busy": _AWAY,
    "database_gone": _AWAY,
    "cross_site": "Only a page of this site may send this.",
}

#: Where nothing of ours is.
NO_SUCH_ADDRESS: Final = N_("There is no such address.")

#: What the last of all pages says of money.
NOTHING_TRIED: Final = "You only looked at something, so no money moved."
UNKNOWN: Final = (
    "We cannot tell whether it was done. Look at your transactions before you try again; sent "
    "again from the same page it is done once."
)

#: What to do now, by the status of a page.
NOW: Final[Mapping[int, str]] = {
    404: "The address may be mistyped, or what it names belongs to somebody else: then it is not "
    "shown.",
    409: "Something changed since you opened the page. Open it again to see how it is now.",
    413: "Send less at once, or smaller files.",
    422: "Go back, and look at what is marked.",
    429: "Wait, and try again then. Nobody else can keep you from it.",
    500: "It is written down, and whoever runs this site can find it by its reference.",
    503: "It will pass. Nothing that was done is lost.",
}

#: The statuses that something goes through before its end, in their order.
_BEFORE_THE_END: Final = (
    *("requested", "offered", "open", "live", "awarded", "pending", "funded", "active"),
    *("approved", "submitted", "sent", "releasing"),
    *("response", "negotiation", "final_offers", "arbitration"),
)


def out_of_step(noun: str, status: str, when: Collection[str]) -> tuple[str, str]:
    """What to say of an action whose time has not come yet, or is over: a title and a sentence."""
    needed = min(when, key=_place)
    now, then = inside(status), inside(needed)
    if _place(status) < _place(needed) < len(_BEFORE_THE_END):
        title = _("Not {then} yet")
        sentence = _("This {noun} is {now}, and not {then} yet.")
    else:
        title = _("Already {now}")
        sentence = _("This {noun} is already {now}, so this cannot be done any more.")
    known = {"noun": NOUNS.get(noun, noun), "now": now, "then": then}
    return title.format_map(known), sentence.format_map(known)


def _place(status: str) -> int:
    return _BEFORE_THE_END.index(status) if status in _BEFORE_THE_END else len(_BEFORE_THE_END)


#: What is short, where nobody was shown what there is, and where somebody is at a form.
MISSING: Final = N_("{missing} more is needed in your wallet.")
SHORT: Final = N_("You have {have}; {missing} more is needed. Nothing moved.")
#: Whose part something is, where both are known by name.
ONLY_EMPLOYER: Final = N_("Only {name}, the employer, can do this.")
ONLY_FREELANCER: Final = N_("Only {name}, the freelancer, can do this.")
#: What nobody does with a project of their own.
OWN_PROJECT: Final = N_("This is your own project: others bid for it, and ask about it.")
#: What is short where a part comes from what is reserved.
SHORT_WITH_RESERVE: Final = N_(
    "You have {have}, and {reserved} is reserved for the project; {missing} more is needed. "
    "Nothing moved."
)
#: The way back from what cannot be done, named by where it leads.
BACK: Final[Mapping[str, str]] = {
    "user": "Go to your finances",
    "contract": "Go to the contract",
    "milestone": "Go to the milestone",
    "release": "Go to the release",
    "deposit": "Go to the deposit",
    "withdrawal": "Go to the withdrawal",
    "project": "Go to the project",
    "bid": "Go to the bid",
    "dispute": "Go to the dispute",
    "tranche": "Go to the milestone",
}
mark(TITLES, DETAILS, NOW, BACK)
