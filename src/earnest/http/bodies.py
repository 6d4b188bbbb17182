"""Bodies: JSON to an action; a parent is named in the body of what makes a row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from earnest.core.actions import ACTIONS
from earnest.http.answers import ProblemError
from earnest.wire.fields import input_of
from earnest.wire.parse import FieldError, Invalid, parse_action, parse_reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.core.actions import Action


def read(name: str, subject_id: int, body: Mapping[str, Any]) -> Action[Any]:
    """Read an action, or say everything that is wrong with it."""
    try:
        return parse_action(name, subject_id, body)
    except Invalid as invalid:
        raise ProblemError("invalid", errors=invalid.errors) from None


@dataclass(frozen=True, slots=True)
class WithParent:
    """A body that names its action's subject, and may call one field by another name."""

    name: str
    parent: str
    #: How this body calls a field, and what it is in the action.
    theirs: str = ""
    ours: str = ""

    def read(self, body: Mapping[str, Any]) -> Action[Any]:
        """Read the action, or say everything that is wrong with the body, in its own words."""
        errors: list[FieldError] = []
        subject_id = self._subject(body, errors)
        rest: dict[str, Any] = {}
        for name, value in body.items():
            if name == self.ours:
                errors.append(self._unknown(name))
            elif name != self.parent:
                rest[self.ours if name == self.theirs else name] = value
        try:
            action = parse_action(self.name, subject_id, rest)
        except Invalid as invalid:
            errors += map(self._as_called, invalid.errors)
        else:
            if not errors:
                return action
        raise ProblemError("invalid", errors=errors)

    def _subject(self, body: Mapping[str, Any], errors: list[FieldError]) -> int:
        if self.parent not in body:
            errors.append(FieldError(f"/{self.parent}", "required", "This is required."))
            return 0
        try:
            prefix = ACTIONS[self.name].kind.prefix
            return parse_reference(body[self.parent], prefix, f"/{self.parent}")
        except Invalid as invalid:
            errors += invalid.errors
            return 0

    def _as_called(self, error: FieldError) -> FieldError:
        _, first, *rest = error.path.split("/")
        if error.code == "unknown_field" and not rest:
            return self._unknown(first)
        path = "/".join(["", self.theirs if first == self.ours else first, *rest])
        return replace(error, path=path)

    def _unknown(self, step: str) -> FieldError:
        wires = (field.wire for field in input_of(self.name).fields)
        known = sorted((self.parent, *(self.theirs if w == self.ours else w for w in wires)))
        detail = f"There is no such field. There are: {', '.join(known)}."
        return FieldError(f"/{step}", "unknown_field", detail)


def in_one_line(name: str, parent: str, lines: str, body: Mapping[str, Any]) -> Action[Any]:
    """Read an action of several lines from a body that is its parent and the only line."""
    line = {member: value for member, value in body.items() if member != parent}
    told = {member: value for member, value in body.items() if member == parent}
    try:
        return WithParent(name, parent).read({**told, lines: [line]})
    except ProblemError as wrong:
        errors = [replace(e, path=e.path.removeprefix(f"/{lines}/0")) for e in wrong.errors]
        raise ProblemError("invalid", errors=errors) from None
