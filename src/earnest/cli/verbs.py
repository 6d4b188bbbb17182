"""Which actions of the registry are commands: `milestone.release` is `earnest milestone release`.

Small, because the list of all commands needs it and nothing else of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core import batch  # noqa: F401  # It imports every module that has actions.
from earnest.core.actions import ACTIONS
from earnest.core.people import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def _by_noun() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, each in ACTIONS.items():
        if each.by != SYSTEM and not each.takes_bytes:
            found.setdefault(name.partition(".")[0], []).append(name)
    return found


#: Whatever a person can ask for in words alone.
BY_NOUN: Final[Mapping[str, Sequence[str]]] = _by_noun()


def about(noun: str) -> str:
    """What is said of a noun's group of commands."""
    return f"Every action on a {noun}."
