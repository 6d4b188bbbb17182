"""What is wrong with a body: each field by its JSON pointer, or that it is no JSON at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

#: An answer names no more errors than this, however many there are.
ERRORS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that cannot be taken as it is: where, a code for programs, a sentence."""

    path: str
    code: str
    detail: str


class Invalid(ValueError):  # noqa: N818  # It says what the body is: `except Invalid`.
    """A body that is JSON, but not what the action takes."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        """Keep all that is wrong, so that it can be mended in one go."""
        assert errors, "something must be wrong"
        super().__init__("; ".join(f"{e.path}: {e.code}" for e in errors[:ERRORS_MAX]))
        self.errors: Final = tuple(errors[:ERRORS_MAX])


class Malformed(ValueError):  # noqa: N818  # As above.
    """Bytes that are no JSON object, or more of them than anybody needs."""

    def __init__(self, detail: str, code: Literal["malformed", "too_large"] = "malformed") -> None:
        """Keep the sentence, and which of the two it is."""
        super().__init__(detail)
        self.detail: Final = detail
        self.code: Final = code


def step(name: str) -> str:
    """One step of a JSON pointer. A name from outside may be long, or not even be text."""
    shown = name if len(name) <= _STEP_MAX else f"{name[:_STEP_MAX]}…"
    clean = shown.encode("utf-8", "replace").decode()
    return "/" + clean.replace("~", "~0").replace("/", "~1")


_STEP_MAX: Final = 100
