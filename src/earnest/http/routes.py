"""Which address asks for which action: made from the registry, so nothing else lists them.

An action named after another noun than its subject's makes a row, and is a POST to that noun's
collection; every other is a POST to its subject and verb.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.core import batch  # noqa: F401  # It imports every module that has actions.
from earnest.core.actions import ACTIONS, Action
from earnest.core.people import SYSTEM, User

if TYPE_CHECKING:
    from earnest.core.actions import Scope

ROOT: Final = "/v1"
#: Many commands in one request.
BATCH: Final = f"{ROOT}/batch"
#: How what is asked here came, as events say it.
VIA: Final = "rest"


@dataclass(frozen=True, slots=True)
class Write:
    """One action over HTTP."""

    action: type[Action[Any]]

    @property
    def name(self) -> str:
        """The action's wire name."""
        return self.action.name

    @property
    def noun(self) -> str:
        """What the action's name is about."""
        return self.name.partition(".")[0]

    @property
    def collection(self) -> str:
        """Where the noun's rows are."""
        return collection_of(self.noun)

    @property
    def creates(self) -> bool:
        """Whether it is a POST to a collection."""
        return self.noun != self.action.kind.noun

    @property
    def parent(self) -> str | None:
        """The member of the body that names the subject; none if that is the asker's own row."""
        if not self.creates or self.action.kind is User:
            return None
        return f"{self.action.kind.noun}_id"

    @property
    def path(self) -> str:
        """Its address, with the id as a parameter."""
        if self.creates:
            return f"{ROOT}/{self.collection}"
        verb = self.name.partition(".")[2].replace("_", "-")
        return f"{ROOT}/{self.collection}/{{id}}/{verb}"

    @property
    def scope(self) -> Scope:
        """What the token must be good for."""
        return self.action.scope

    @property
    def answers_items(self) -> bool:
        """Whether it answers several rows: what makes as many as it is asked for.

        What has an address to be made at makes one, out of however many parts.
        """
        makes_many = self.action.answers and self.action.items is not Action.items
        return makes_many and not self.creates


def collection_of(noun: str) -> str:
    """The plural of a noun, as addresses have it."""
    return f"{noun}s"


def writes() -> list[Write]:
    """Every action that somebody can ask for in JSON: all but SYSTEM's, and what takes bytes."""
    found = (each for each in ACTIONS.values() if each.by != SYSTEM and not each.takes_bytes)
    return [Write(each) for each in found]
