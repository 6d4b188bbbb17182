"""Records: frozen for whoever writes code, quick for whatever makes many of them.

A frozen dataclass pays for its frost at every field of every row that is made, four times what the
same class costs without it. So the type checker, which every change has to pass, sees the frozen
one; what runs is the plain one, that nobody has a way to change and pass the check.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as record
    from dataclasses import replace
else:

    def record(*, frozen: bool, slots: bool) -> Any:
        """Make a class a record: compared and hashed by what is in it."""
        return dataclass(slots=slots, unsafe_hash=frozen)

    def replace(row: T, /, **changes: object) -> T:
        """Make the same record with something else about it."""
        places, read = _fields_of(type(row))
        values = list(read(row))
        kind = values.pop()
        for name, value in changes.items():
            values[places[name]] = value
        return kind(*values)


@cache
def _fields_of(kind: type[Any]) -> tuple[dict[str, int], Callable[[Any], tuple[Any, ...]]]:
    """Where each field of a record stands, and what reads all of them, and the class, at once."""
    names = tuple(each.name for each in fields(kind))
    places = {name: place for place, name in enumerate(names)}
    return places, attrgetter(*names, "__class__")


__all__ = ["record", "replace"]
