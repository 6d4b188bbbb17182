"""What pages about somebody's account say where a template does not."""

from __future__ import annotations

from typing import Final

from earnest.words.saying import N_

GONE: Final = N_(
    "This link does not work any more: it was used, is too old, or was not copied whole."
    " Ask for another."
)
SAME: Final = N_("This is your address already.")
TAKEN: Final = N_("Somebody has this address already, so it cannot become yours.")
#: What operators see of a mail that no event tells of.
ABOUT_ACCOUNT: Final = N_("Their account")
