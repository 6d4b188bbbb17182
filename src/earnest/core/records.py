"""Records: frozen for whoever writes code, quick for whatever makes many of them.

A frozen dataclass pays for its frost at every field of every row that is made, four times what the
same class costs without it. So the type checker, which every change has to pass, sees the frozen
one; what runs is the plain one, that nobody has a way to change and pass the check.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")

if TYPE_CHECKING:
    from dataclasses import dataclass as record
    from dataclasses import replace
else:

    def record(*, frozen: bool, slots: bool) -> Any:
        """Make a class a record: compared and hashed by what is in it."""
        return dataclass(slots=slots, unsafe_hash=frozen)

    def replace(row: T, /, **changes: object) -> T:
        """Make the same record with something else about it."""
        names, places = _fields_of(type(row))
        values = [getattr(row, name) for name in names]
        for name, value in changes.items():
            values[places[name]] = value
        return type(row)(*values)


@cache
def _fields_of(kind: type[Any]) -> tuple[tuple[str, ...], dict[str, int]]:
    """The fields of a record in their order, and where each stands."""
    names = tuple(each.name for each in fields(kind))
    return names, {name: place for place, name in enumerate(names)}


__all__ = ["record", "replace"]
