"""The words of releasing several milestones at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from babel.lists import format_list

from earnest.words.saying import N_

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What cannot be told by a rule: what was shown is not so any more, or nobody knows yet.
CHANGED: Final = N_("It has changed since you opened this page.")
UNKNOWN: Final = N_("No answer has come yet. Nothing is done twice if you try it again.")


def together(texts: Sequence[str], locale: str) -> str:
    """Several amounts as one phrase."""
    return format_list(texts, locale=locale)
