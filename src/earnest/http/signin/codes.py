"""Codes: those of an app (TOTP, RFC 6238), their picture, and recovery codes.

The app's are what every such app makes: six digits of SHA-1, a new one each half minute. One that
is a half minute early or late is taken too, since clocks differ.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

import pyotp
import segno
from markupsafe import Markup
from pyotp.exceptions import OTPVerificationError

from earnest.store.tokens import hashed

if TYPE_CHECKING:
    from collections.abc import Sequence

ISSUER: Final = "Earnest"
RECOVERY: Final = 10
_DIGITS: Final = re.compile(r"[0-9]{6}")
#: Without signs that are taken for one another. Sixteen of them are 79 random bits.
_SIGNS: Final = "23456789abcdefghjkmnpqrstuvwxyz"
_RECOVERY_SIGNS: Final = 16
_GROUP: Final = 4


def new_secret() -> str:
    """A secret for an app: 160 random bits in base 32."""
    return pyotp.random_base32()


def grouped(secret: str) -> str:
    """A secret as it is typed from one screen into another."""
    return " ".join(secret[at : at + _GROUP] for at in range(0, len(secret), _GROUP))


def step_of(secret: str, given: str) -> int | None:
    """The half minute that this is the code of, if it is one of now."""
    code = "".join(given.split())
    if not _DIGITS.fullmatch(code):
        return None
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(code, valid_window=1)
    except OTPVerificationError:
        return None


def address(secret: str, email: str) -> str:
    """What an app reads out of the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=ISSUER)


def picture(text: str) -> Markup:
    """A QR code as SVG, dark on light in either theme, since no camera reads the other."""
    made = segno.make(text, error="m", micro=False)
    drawn = made.svg_inline(
        scale=4, border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704  # Of a text of ours there are only squares in it.


def new_recovery() -> list[str]:
    """Recovery codes, as they are shown this once."""
    return [_recovery() for _ in range(RECOVERY)]


def digests(some: Sequence[str]) -> list[bytes]:
    """What is kept of recovery codes."""
    return [digest(each) for each in some]


def digest(given: str) -> bytes:
    """What is kept of one, however it is typed."""
    return hashed("".join(each for each in given.lower() if each in _SIGNS))


def _recovery() -> str:
    signs = "".join(secrets.choice(_SIGNS) for _ in range(_RECOVERY_SIGNS))
    return "-".join(signs[at : at + _GROUP] for at in range(0, _RECOVERY_SIGNS, _GROUP))
