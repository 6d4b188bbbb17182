"""Links that stop mails about one topic: who has the link may do that and nothing else.

The token says who and what, sealed with a secret of the site; nothing has to be kept for it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from typing import Final

from earnest.core.notices import MONEY, Topic
from earnest.core.references import NUMBER_MAX

PATH: Final = "/stop-mails"
_NUMBER_BYTES: Final = 8
_SEAL_BYTES: Final = 16


def token_of(user_id: int, topic: Topic, secret: bytes) -> str:
    """What the link that stops a topic for a person ends in."""
    said = user_id.to_bytes(_NUMBER_BYTES) + topic.encode()
    return base64.urlsafe_b64encode(_seal(said, secret) + said).rstrip(b"=").decode()


def meant_by(token: str, secret: bytes) -> tuple[int, Topic] | None:
    """For whom which topic is to be stopped; nothing if we never made this token."""
    try:
        filled = token.encode("ascii") + b"=" * (-len(token) % 4)
        raw = base64.b64decode(filled, b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        return None
    seal, said = raw[:_SEAL_BYTES], raw[_SEAL_BYTES:]
    if not hmac.compare_digest(seal, _seal(said, secret)):
        return None
    user_id, topic = int.from_bytes(said[:_NUMBER_BYTES]), Topic(said[_NUMBER_BYTES:].decode())
    assert 0 < user_id <= NUMBER_MAX, "it was sealed by us"
    return None if topic in MONEY else (user_id, topic)


def _seal(said: bytes, secret: bytes) -> bytes:
    return hmac.new(secret, b"stop-mails:" + said, hashlib.sha256).digest()[:_SEAL_BYTES]
