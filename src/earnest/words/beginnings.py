"""The words of first steps: what somebody came to do, and what to do first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Mapping


class Step(NamedTuple):
    """A first step: what it is, why, and the page on which it is done."""

    title: str
    about: str
    action: str
    href: str


#: What somebody can come to do.
AIMS: Final[Mapping[str, tuple[str, str]]] = {
    "hire": ("Have work done", "You set money aside for it, and release it when it is done."),
    "work": ("Work for others", "You see that the money is there before you begin."),
    "both": ("Both", "Many do. You can do either whatever you choose here."),
}
CHOOSE: Final = N_("Choose one. You can change it later, and it keeps you from nothing.")

STEPS: Final[Mapping[str, Step]] = {
    "deposited": Step(
        "Deposit money",
        "It is yours to withdraw until you set it aside.",
        N_("Deposit", "to do"),
        "/deposit",
    ),
    "offered": Step(
        "Post a project, or offer a contract",
        "A project finds you somebody; a contract is for whom you know already.",
        "Post a project",
        "/projects/new",
    ),
    "funded": Step(
        "Fund a milestone",
        "The freelancer sees that the money is there, and can begin.",
        "Go to your contracts",
        "/contracts",
    ),
    "released": Step(
        "Release what is done",
        "All of it or a part. Nobody else can.",
        "See what is in escrow",
        "/finances/milestones?dir=outgoing",
    ),
    "bid": Step(
        "Bid for a project",
        "Say what you would do, in milestones, for how much.",
        "Find a project",
        "/projects",
    ),
    "accepted": Step(
        "Accept a contract",
        "You accept exactly what you see: the terms, and what is set aside.",
        "Go to your contracts",
        "/contracts",
    ),
    "submitted": Step(
        "Submit your work",
        "From then on the time to review it runs, if the terms have one.",
        "See what is set aside for you",
        "/finances/milestones?dir=incoming",
    ),
    "paid": Step(
        "Be paid",
        "What is released is in your wallet, and yours to withdraw.",
        "See your transactions",
        "/finances/transactions",
    ),
}
mark(AIMS, STEPS)
