"""The help pages: what each is about, in plain words, and how their sections are made.

No number is written here: every one is a fact of the rules, filled in when a page is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from earnest.core.people import Party
from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Mapping


class Section(NamedTuple):
    """A part of a help page, below a heading of its own."""

    id: str
    title: str
    #: Sentences, with the names of facts in braces; those with a blank fact are left out.
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    #: A table that is made from the rules, by its name.
    table: str = ""
    #: Of a table of clauses: which of the terms.
    clauses: tuple[str, ...] = ()


class Topic(NamedTuple):
    """A help page."""

    title: str
    #: What it answers, for the index and for who searches.
    summary: str
    sections: tuple[Section, ...]


PARTIES: Final[Mapping[Party, str]] = {
    Party.EMPLOYER: "Employer",
    Party.FREELANCER: "Freelancer",
    Party.ARBITER: "Arbiter",
    Party.OPERATOR: "Operator",
    Party.SYSTEM: "The clock",
    Party.ANYONE: "Anybody signed in",
}

#: Whose it is, of what has no sides.
OWNER: Final = N_("Its owner")

#: What the actions of the table are on.
NOUNS: Final[Mapping[str, str]] = {
    "user": "From your own pages",
    "project": "On a project",
    "bid": "On a bid",
    "contract": "On a contract",
    "milestone": "On a milestone",
    "release": "On a release that is on its way",
    "tranche": "On a tranche of a plan",
    "dispute": "On a dispute",
    "deposit": "On a deposit",
    "withdrawal": "On a withdrawal",
}
BY_ITSELF: Final = N_("What happens by itself")
mark(PARTIES, NOUNS)
