"""Who is in the story, and what there is to see for whoever signs in as them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from earnest.core.people import Role

#: Everybody's. It is printed where the demo is served, and opens a sandbox, nothing else.
PASSWORD: Final = "milestones"  # noqa: S105  # No secret: whoever has the demo is to sign in.


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody of the story."""

    #: How the story calls them; also their address before the ``@``.
    first: str
    name: str
    #: What to look at with this login.
    hint: str
    roles: tuple[Role, ...] = ()

    @property
    def email(self) -> str:
        """Their address, which nobody ever reads."""
        return f"{self.first}@example.com"


PEOPLE: Final = (
    Character(
        "emma", "Emma Berg", "pays for over 70 milestones; work to release, requests to answer"
    ),
    Character("ana", "Ana Souza", "designs in three currencies; an offer waits for her"),
    Character("kenji", "Kenji Mori", "draws a comic; an offer with money in it waits for him"),
    Character("noah", "Noah Fischer", "publishes; a long conversation, chapters to decide on"),
    Character("hanako", "山田 花子", "sells tea and translates: employer and freelancer"),
    Character("omar", "عمر حداد", "pays in dinars, with three decimals; a contract to end"),
    Character("jose", "José Álvarez", "keeps a shop's website; a contract of 24 milestones"),
    Character("siobhan", "Siobhán O’Brien", "writes and edits; changes were asked for"),
    Character("lukasz", "Łukasz Wójcik", "cleans up data; was asked to give money back"),
    Character("viktor", "Viktor Lang", "is suspended: what is funded goes on, nothing new"),
    Character(
        "olga", "Olga Petrova", "withdrawals to approve, payments to expire", (Role.OPERATOR,)
    ),
    Character("tomas", "Tomáš Dvořák", "cannot approve his own withdrawal", (Role.OPERATOR,)),
    Character("grace", "Grace Adeyemi", "rules on disputes: two on her desk", (Role.ARBITER,)),
    Character("mateo", "Mateo Quispe", "was named after somebody was refused", (Role.ARBITER,)),
)
