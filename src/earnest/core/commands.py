"""What is asked, and what came of it: a command under its key, and the event that tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from earnest.core.actions import Refused
from earnest.core.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from earnest.core.actions import Action
    from earnest.core.effects import Condition
    from earnest.core.files import File
    from earnest.core.ledger import Account, Transfer
    from earnest.core.rows import Row

#: Numbers that the edge reserves for a command: for itself, and for each item or child it makes.
IDS_BASE: Final = 8
IDS_EACH: Final = 4
#: Of what nobody sent.
NO_HASH: Final = b""


@record(frozen=True, slots=True)
class Command:
    """Somebody asks for an action, under a key that has the same answer for ever."""

    actor_id: int
    key: str
    action: Action[Any]
    #: The first of the numbers reserved for what it makes.
    first_id: int
    #: SHA-256 of the parsed action: the same key with another is a mistake of the asker's.
    hash: bytes
    #: How it came: rest, cli, web, worker.
    via: str
    #: Only if exactly what was shown would still happen.
    condition: Condition | None = None

    @property
    def made(self) -> range:
        """The numbers that what it makes can have."""
        return range(self.first_id, self.first_id + ids_needed(self.action))

    @property
    def id(self) -> tuple[int, str]:
        """Keys are the asker's own: another's key of the same name is another command."""
        return (self.actor_id, self.key)


@record(frozen=True, slots=True)
class Event:
    """What happened: every row that the decision wrote, as it left them, and its transfers."""

    id: int
    name: str
    subject: Row
    #: The contract it is counted in, and its place there; both or neither.
    contract_id: int | None
    seq: int | None
    actor_id: int
    via: str
    at: datetime
    rows: tuple[Row, ...]
    transfers: tuple[Transfer, ...]
    #: Transfers are numbered one after the other from here.
    first_transfer_id: int
    #: The guarded balances after it: of what it moved, and of the milestones that it tells of.
    balances: Mapping[Account, int]
    #: The rows that the answer is made of, and whether they were made by it.
    answer: tuple[Row, ...]
    #: With an action that locks all children: the live ones as the decision left them. Of a bid
    #: what it proposes.
    children: tuple[Row, ...] | None
    #: What is attached to those of its rows to which something is, by their numbers.
    files: Mapping[int, tuple[File, ...]]


Outcome: TypeAlias = Event | Refused


def ids_needed(action: Action[Any]) -> int:
    """How many numbers the edge reserves for it."""
    return IDS_BASE + IDS_EACH * action.items() + action.parts()
