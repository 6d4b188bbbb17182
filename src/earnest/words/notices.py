"""Notices as people read them: what happened, to how much, by when, and the one thing to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from earnest.core.notices import Mail, Topic
from earnest.core.references import printed
from earnest.words import amounts, moments
from earnest.words.saying import mark, saying
from earnest.words.told import WORDS
from earnest.words.told_clocks import WAITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from earnest.core.telling import Facts, Notice

#: What each topic is called, and what falls under it.
TOPICS: Final[Mapping[Topic, tuple[str, str]]] = {
    Topic.MONEY_IN: ("Money that comes in", "Releases, deposits, and what returns to you."),
    Topic.MONEY_OUT: ("Money that goes out", "Your withdrawals, from the asking to their end."),
    Topic.WORK: (
        "Milestones and work",
        "Money set aside, work handed in, changes asked for, contracts accepted and ended.",
    ),
    Topic.OFFERS: ("Offers and bids", "Contracts offered to you, bids, and what becomes of them."),
    Topic.CHANGES: ("Changes of agreements", "Other terms, and changes of a milestone."),
    Topic.DISPUTES: (
        "Disputes",
        "What is frozen, offered, shown and decided, and what waits for your ruling.",
    ),
    Topic.MESSAGES: ("Messages and questions", "What somebody writes to you, asks or answers."),
    Topic.SITE: ("The site", "Withdrawals that wait for approval, and what does not fit."),
}
MAILS: Final[Mapping[Mail, str]] = {
    Mail.AT_ONCE: "At once",
    Mail.DAILY: "Once a day, together",
    Mail.NEVER: "Never",
}
mark(TOPICS, MAILS)

#: The prefix of what a notice can lead to, by its noun.
_PREFIXES: Final[Mapping[str, str]] = {
    "contract": "ctr",
    "milestone": "ms",
    "release": "rel",
    "project": "prj",
    "bid": "bid",
    "dispute": "dsp",
    "deposit": "dep",
    "withdrawal": "wdr",
}
_NEEDED: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Said:
    """A notice in words."""

    title: str
    lines: tuple[str, ...]
    #: What the link is called, and the page of this site that it leads to.
    link: str
    path: str

    @property
    def text(self) -> str:
        """All of the lines."""
        return " ".join(self.lines)


def said(notice: Notice, locale: str, zone: str) -> Said:
    """A notice in its reader's language, with dates where their clock stands."""
    with saying(locale.replace("_", "-")):
        return _told(notice, locale, zone)


def _told(notice: Notice, locale: str, zone: str) -> Said:
    of_part = WORDS[notice.part]
    name = f"{notice.name}{WAITS}" if notice.facts.waits else notice.name
    words = of_part.get(name) or of_part[notice.name]
    known = _known(notice.facts, locale, zone)
    title = _filled(words.titles, known)
    assert title, f"{notice.name} has a title whatever is known"
    verb = f"/{words.verb}" if words.verb else ""
    return Said(title[0], tuple(_filled(words.lines, known)), str(words.link), _path(notice) + verb)


def subject(notice: Notice) -> str:
    """The reference of what it is about."""
    return printed(_PREFIXES[notice.subject_kind], notice.subject_id)


def _path(notice: Notice) -> str:
    return f"/{notice.subject_kind}s/{subject(notice)}"


def _known(facts: Facts, locale: str, zone: str) -> Mapping[str, str]:
    """The facts that there are, in words."""
    found = {"person": facts.person, "about": facts.about, "words": facts.words}
    if facts.amount is not None:
        found["amount"] = amounts.said(facts.amount, locale)
    if facts.others is not None:
        found["others"] = amounts.said(facts.others, locale)
    if facts.count is not None and facts.count > 1:
        found["count"] = str(facts.count)
    if facts.by is not None:
        found["by"] = moments.moment(facts.by, locale, zone)
    return {name: text for name, text in found.items() if text is not None}


def _filled(sentences: Iterable[str], known: Mapping[str, str]) -> list[str]:
    """Those of which every fact is known. What a fact says is never read as a sentence of ours."""
    return [
        _NEEDED.sub(lambda found: known[found[1]], each)
        for each in map(str, sentences)
        if known.keys() >= {*_NEEDED.findall(each)}
    ]
