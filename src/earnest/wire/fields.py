"""What an action may be given: its fields' names, kinds and limits, read once from the class.

Reading a body, the OpenAPI document and the fingerprint are all made from these, so that they
cannot differ. A new kind of field is a class here and a line in each of the three.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    Final,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from earnest.core import batch  # noqa: F401  # It imports every module that has actions.
from earnest.core.actions import ACTIONS
from earnest.core.inputs import Between, Currency, Digest, Many, Named, Percent, Ref, Text
from earnest.core.money import Money
from earnest.core.rows import Row
from earnest.core.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A text whose field says nothing about its length is a name.
PLAIN: Final = Text(80)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money."""


@dataclass(frozen=True, slots=True)
class Time:
    """A moment."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The name of a preset, or terms in full."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number."""


@dataclass(frozen=True, slots=True)
class YesNo:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values of an enumeration."""

    among: type[StrEnum]


@dataclass(frozen=True, slots=True)
class ListOf:
    """So many of one kind."""

    item: Kind
    many: Many


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """An object with fields of its own."""

    cls: type[Any]
    fields: tuple[Field, ...]


Kind: TypeAlias = (
    Text
    | Ref
    | Currency
    | Digest
    | Amount
    | Time
    | RuleBook
    | Whole
    | Between
    | Percent
    | YesNo
    | Choice
    | ListOf
    | ObjectOf
)


@dataclass(frozen=True, slots=True)
class Field:
    """One member of a body."""

    name: str
    #: Its name on the wire.
    wire: str
    kind: Kind
    #: Whether ``null`` may be said.
    nullable: bool
    #: What it is when left out; MISSING if it cannot be.
    default: object

    @property
    def required(self) -> bool:
        """Whether it cannot be left out."""
        return self.default is dataclasses.MISSING


@cache
def input_of(action: str) -> ObjectOf:
    """What the action of this name is given; the subject is not part of it."""
    cls = ACTIONS[action]
    return ObjectOf(cls, tuple(f for f in fields_in(cls) if f.name != "subject_id"))


def fields_in(cls: type[Any]) -> Iterable[Field]:
    """The fields of a dataclass, from their types and marks."""
    # Row is what the annotations of Action name without importing it.
    hints = get_type_hints(cls, localns={"Row": Row}, include_extras=True)
    for each in dataclasses.fields(cls):
        base, marks = _unmarked(hints[each.name])
        inner, nullable = _without_none(base)
        inner, more = _unmarked(inner)
        names = [mark.name for mark in (*marks, *more) if isinstance(mark, Named)]
        kind = _kind(inner, (*marks, *more))
        yield Field(each.name, names[0] if names else each.name, kind, nullable, _default(each))


def _default(each: dataclasses.Field[Any]) -> object:
    if each.default_factory is not dataclasses.MISSING:
        return each.default_factory()
    return each.default


def _unmarked(hint: Any) -> tuple[Any, tuple[object, ...]]:
    """Take the marks off a type."""
    if get_origin(hint) is Annotated:
        base, *marks = get_args(hint)
        return base, tuple(marks)
    return hint, ()


def _without_none(hint: Any) -> tuple[Any, bool]:
    """Take the ``| None`` off a type."""
    if get_origin(hint) not in {Union, UnionType}:
        return hint, False
    kept = tuple(each for each in get_args(hint) if each is not NoneType)
    return (kept[0] if len(kept) == 1 else Union[kept]), len(kept) < len(get_args(hint))  # noqa: UP007


_SIMPLE: Final[dict[Any, Kind]] = {
    Money: Amount(),
    datetime: Time(),
    Union[str, Terms]: RuleBook(),  # noqa: UP007  # `|` makes an object that is never equal to it.
    bool: YesNo(),
    int: Whole(),
    str: PLAIN,
}


def _kind(base: Any, marks: tuple[object, ...]) -> Kind:
    for mark in marks:
        if isinstance(mark, Text | Ref | Currency | Digest | Between | Percent):
            return mark
    if base in _SIMPLE:
        return _SIMPLE[base]
    if get_origin(base) is tuple:
        (many,) = (mark for mark in marks if isinstance(mark, Many))
        return ListOf(_kind(*_unmarked(get_args(base)[0])), many)
    if isinstance(base, type) and issubclass(base, StrEnum):
        return Choice(base)
    if dataclasses.is_dataclass(base) and isinstance(base, type):
        return ObjectOf(base, tuple(fields_in(base)))
    raise TypeError(f"nobody said how {base} is read from a body")
