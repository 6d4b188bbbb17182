"""The words of statements: what is wrong with days that were chosen, and what a month is called."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from babel.dates import format_skeleton

from earnest.words.saying import N_

#: Beside a field that is no day of the calendar.
NO_DAY: Final = N_("Choose a day.")
BEFORE: Final = N_("Choose the first day, or a later one.")


def month(at: datetime, locale: str) -> str:
    """Say the month that it was in UTC: ``November 2026``."""
    return format_skeleton("yMMMM", at.astimezone(UTC), locale=locale)
