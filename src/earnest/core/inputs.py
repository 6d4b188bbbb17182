"""What a field of an action may hold, said beside its type.

The edge reads these marks when it parses a body, prints the OpenAPI document and the command
line's help; so a limit is written once. The rules themselves never look at them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from earnest.core.terms import Terms


@dataclass(frozen=True, slots=True)
class Text:
    """A text of at most so many characters, without NUL; blank only if it says so."""

    longest: int
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Many:
    """A list of at most so many, and at least so many."""

    most: int
    least: int = 0


@dataclass(frozen=True, slots=True)
class Ref:
    """The printed reference of a row with this prefix; a number inside."""

    prefix: str


@dataclass(frozen=True, slots=True)
class Currency:
    """The code of an ISO 4217 currency that has a minor unit."""


@dataclass(frozen=True, slots=True)
class Digest:
    """A SHA-256 in hex."""


@dataclass(frozen=True, slots=True)
class MayBeZero:
    """An amount that may be nothing."""


@dataclass(frozen=True, slots=True)
class AsSaid:
    """An amount as somebody outside said it: whatever it is, it is not refused but compared."""


@dataclass(frozen=True, slots=True)
class Named:
    """The field's name on the wire, where it differs from the name in the code."""

    name: str


@dataclass(frozen=True, slots=True)
class Percent:
    """A share in percent with at most two decimals; inside, basis points."""


@dataclass(frozen=True, slots=True)
class Between:
    """A whole number from so many to so many."""

    least: int
    most: int


PersonId: TypeAlias = Annotated[int, Ref("usr")]
MessageId: TypeAlias = Annotated[int, Ref("msg")]
OfferId: TypeAlias = Annotated[int, Ref("off")]
FileId: TypeAlias = Annotated[int, Ref("fil")]
CurrencyCode: TypeAlias = Annotated[str, Currency()]
Hash: TypeAlias = Annotated[str, Digest()]
#: What somebody outside calls something.
Reference: TypeAlias = Annotated[str, Text(255)]
#: The name of a preset, or a rule book in full.
PresetOrTerms: TypeAlias = str | Terms
Title: TypeAlias = Annotated[str, Text(120)]
Description: TypeAlias = Annotated[str, Text(10_000)]
Words: TypeAlias = Annotated[str, Text(4_000)]
#: Words that may be left out.
Note: TypeAlias = Annotated[str, Text(4_000, blank=True)]
Link: TypeAlias = Annotated[str, Text(2_000)]
Links: TypeAlias = Annotated[tuple[Link, ...], Many(20)]
#: So many files can be attached to one row.
FILES_MAX: Final = 10
Files: TypeAlias = Annotated[tuple[FileId, ...], Many(FILES_MAX)]
