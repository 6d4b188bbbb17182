"""What every notice is made of: its titles, its lines, and what its link is called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one notice.

    Of the titles the first counts of which every fact is known, of the lines all of which it is.
    """

    titles: tuple[str, ...]
    lines: tuple[str, ...]
    #: What the link is called, and the verb that it leads to, if to one.
    link: str
    verb: str = ""


#: What somebody wrote, and what it is about.
WORDS: Final = "“{words}”"
ABOUT: Final = "It is about “{about}”."
