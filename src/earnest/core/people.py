"""People: who asks, and which part they have in what they ask about."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar, Final

from typing_extensions import override

from earnest.core.records import record
from earnest.core.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable


class Party(StrEnum):
    """The part somebody has in a subject; an action names the parts that may ask for it."""

    EMPLOYER = "employer"
    FREELANCER = "freelancer"
    ARBITER = "arbiter"
    OPERATOR = "operator"
    SYSTEM = "system"
    #: Anybody signed in, on what is public or their own.
    ANYONE = "anyone"


EMPLOYER: Final = frozenset({Party.EMPLOYER})
FREELANCER: Final = frozenset({Party.FREELANCER})
BOTH: Final = EMPLOYER | FREELANCER
OPERATOR: Final = frozenset({Party.OPERATOR})
ARBITER: Final = frozenset({Party.ARBITER})
SYSTEM: Final = frozenset({Party.SYSTEM})
ANYONE: Final = frozenset({Party.ANYONE})
NOBODY: Final[frozenset[Party]] = frozenset()

#: Who SYSTEM is in the books. No person has this number, and no interface takes it as asker.
SYSTEM_ID: Final = 0


class Role(StrEnum):
    """What the site made somebody, beside what they are in their own contracts."""

    ARBITER = "arbiter"
    OPERATOR = "operator"


class UserStatus(StrEnum):
    """A suspended person opens nothing new; what is already funded goes on as before."""

    ACTIVE = "active"
    SUSPENDED = "suspended"


@record(frozen=True, slots=True)
class User(Row):
    """A person. Whose subject it is may do there what anyone may do with their own."""

    noun: ClassVar[str] = "user"
    prefix: ClassVar[str] = "usr"

    id: int
    name: str
    email: str
    status: UserStatus
    roles: frozenset[Role]
    created_at: datetime
    updated_at: datetime

    @property
    def is_system(self) -> bool:
        """Whether this is the clock and the worker, not a person."""
        return self.id == SYSTEM_ID

    def parties(self, asker: User, _world: object) -> frozenset[Party]:
        """On their own row a person is anyone, and the employer of what they offer from it."""
        if asker.id == self.id:
            return ANYONE | EMPLOYER
        return staff(asker)


def staff(asker: User) -> frozenset[Party]:
    """The site roles of who is no party: an operator sees all, an arbiter only what is theirs.

    Suspension leaves people what is theirs; what the site made them it takes away.
    """
    active = asker.status is UserStatus.ACTIVE
    return OPERATOR if active and Role.OPERATOR in asker.roles else NOBODY


def system(now: datetime) -> User:
    """SYSTEM as an asker: the same shape as a person, so that judging knows only one kind."""
    return User(SYSTEM_ID, "Earnest", "", UserStatus.ACTIVE, frozenset(), now, now)


def sorted_roles(roles: Iterable[Role]) -> list[str]:
    """Roles as they are shown: by name."""
    return sorted(role.value for role in roles)


@record(frozen=True, slots=True)
class OfferCounter(Row):
    """How many offers of one employer one person has not answered: a limit over rows is a row."""

    noun: ClassVar[str] = "offer_counter"

    employer_id: int
    freelancer_id: int
    unanswered: int

    @property
    @override
    def key(self) -> tuple[int, int]:
        return (self.employer_id, self.freelancer_id)
