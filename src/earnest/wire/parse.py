"""JSON to action: everything that is wrong is found at once, and nothing is guessed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from earnest.core.inputs import Ref
from earnest.wire.decode import decode_json
from earnest.wire.fields import input_of
from earnest.wire.invalid import FieldError, Invalid, Malformed
from earnest.wire.readers import Members, members, reader_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from earnest.core.actions import Action

__all__ = ["FieldError", "Invalid", "Malformed", "decode_json", "parse_action", "parse_reference"]


def parse_action(name: str, subject_id: int, body: Mapping[str, object]) -> Action[Any]:
    """Read what is asked for, or raise an Invalid that names every field that is wrong."""
    make, read = _compiled(name)
    errors: list[FieldError] = []
    found = read(body, "", errors)
    if errors:
        raise Invalid(errors)
    return make(subject_id=subject_id, **found)


def parse_reference(value: object, prefix: str, path: str) -> int:
    """Read a printed reference that stands outside an action's own fields, such as a parent's."""
    errors: list[FieldError] = []
    number: int = reader_of(Ref(prefix))(value, path, errors)
    if errors:
        raise Invalid(errors)
    return number


@cache
def _compiled(name: str) -> tuple[Callable[..., Action[Any]], Members]:
    """Make the readers of an action once: its types do not change while we run."""
    given = input_of(name)
    return given.cls, members(given.fields)
