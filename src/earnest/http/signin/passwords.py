"""Passwords: how long they are, and Argon2 hashes of them, which is all that is ever kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from earnest.words.saying import _

LEAST: Final = 8
MOST: Final = 1024


@dataclass(slots=True)
class Cost:
    """How much work a hash is: what the library recommends. Tests alone ask for less."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)


COST: Final = Cost()


def is_long_enough(chosen: str) -> bool:
    """Whether it may be somebody's password: only its length is judged."""
    return LEAST <= len(chosen) <= MOST


def length() -> str:
    """What is said of a password that is too short or too long."""
    return _("A password has from {least} to {most} characters.").format(least=LEAST, most=MOST)


def hashed(chosen: str) -> str:
    """What is kept of a password."""
    return COST.hasher.hash(chosen)


def matches(kept: str | None, given: str) -> bool:
    """Whether this is the password; takes as long when there is none to compare with."""
    try:
        COST.hasher.verify(kept or _nobodys(), given)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether it was hashed with weaker parameters than those of today."""
    return COST.hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return COST.hasher.hash("no password is this one")
