"""What pages about somebody's account say where a template does not."""

from __future__ import annotations

from typing import Final

GONE: Final = (
    "This link does not work any more: it was used, is too old, or was not copied whole."
    " Ask for another."
)
SAME: Final = "This is your address already."
TAKEN: Final = "Somebody has this address already, so it cannot become yours."
#: What operators see of a mail that no event tells of.
ABOUT_ACCOUNT: Final = "Their account"
