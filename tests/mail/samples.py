"""A notice of every kind of the catalogue, with every fact that there could be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from earnest.core.money import Money
from earnest.core.notices import TOLD, Part
from earnest.core.reminding import CLOCKS
from earnest.core.telling import Facts, Notice
from earnest.mail.letters import Letterhead, Reader
from earnest.mail.senders import sender_in
from earnest.words.told import WORDS
from earnest.words.told_clocks import WAITS

AT: Final = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
BY: Final = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
FACTS: Final = Facts(
    person="Emma Example",
    amount=Money(123_450, "USD"),
    count=2,
    about="A website",
    words="It is done",
    by=BY,
    others=Money(67_800, "USD"),
)
#: Every event that tells somebody, and every clock that is told of.
EVERY: Final = [
    *((name, each.part) for name, told in TOLD.items() for each in told),
    *((name, each.part) for name, told in CLOCKS.items() for each in told),
]
#: The words of who can only wait, where they are others.
WAITING: Final = [(name, part) for name, part in EVERY if f"{name}{WAITS}" in WORDS[part]]
URL: Final = "https://pay.example.com"
HEAD: Final = Letterhead(sender_in("Earnest <mail@example.com>", URL), URL, b"s" * 32, AT)
READER: Final = Reader(7, "Frank Fictive", "frank@example.org", "en", "Europe/Madrid")


def notice(name: str, part: Part, facts: Facts = FACTS, number: int = 5) -> Notice:
    kinds = {
        "bid.awarded": "contract",
        "milestone.disputed": "dispute",
        "milestone.return_dormant": "contract",
        "tranche.pay": "milestone",
    }
    kind = kinds.get(name) or name.partition(".")[0]
    return Notice(number, 2, READER.id, name, part, kind, 3, facts, AT, None)
