"""What authenticators are asked to sign: 256 random bits, of which only the SHA-256 is kept.

A challenge is for one purpose, in the browser that asked for it, for five minutes, and once. Like
sessions it lives by the database's own clock.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from earnest.store.tokens import hashed

if TYPE_CHECKING:
    from earnest.store.db import Database

LIVES: Final = timedelta(minutes=5)

_MAKE: Final = """
WITH ended AS (
    DELETE FROM challenges WHERE hash IN (
        SELECT hash FROM challenges WHERE expires_at < clock_timestamp()
        LIMIT 20 FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO challenges (hash, purpose, bound, expires_at)
SELECT $1, $2, $3, clock_timestamp() + $4
"""
_TAKE: Final = """
DELETE FROM challenges
WHERE hash = $1 AND purpose = $2 AND bound = $3 AND expires_at > clock_timestamp()
"""


class Purpose(StrEnum):
    """What the answer to a challenge is good for."""

    #: A new passkey of who is signed in.
    ADD = "add"
    #: Signing in with a passkey alone.
    SIGN_IN = "sign_in"
    #: The second step, after the password.
    SECOND = "second"
    #: Who is signed in proves it once more.
    AGAIN = "again"


async def make(database: Database, purpose: Purpose, secret: str) -> bytes:
    """Make one for the browser that has this secret."""
    challenge = secrets.token_bytes(32)
    digest = sha256(challenge).digest()
    await database.pool.execute(_MAKE, digest, purpose, hashed(secret), LIVES)
    return challenge


async def take(database: Database, challenge: bytes, purpose: Purpose, secret: str) -> bool:
    """Take it away; False if it is none of these, was taken, or is too old."""
    digest = sha256(challenge).digest()
    done = await database.pool.execute(_TAKE, digest, purpose, hashed(secret))
    return done == "DELETE 1"
