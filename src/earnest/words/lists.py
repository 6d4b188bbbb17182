"""The words around lists: what they are filtered by, and what is saved of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

#: A filter that is there, with its value.
CHIPS: Final[Mapping[str, str]] = {
    "status": "Status: {value}",
    "currency": "Currency: {value}",
    "contract": "Contract: {value}",
    "q": "With “{value}”",
    "skill": "Skill: {value}",
    "reserved": "Only with money reserved",
    "on_the_way": "Only withdrawals on the way",
}
#: Lists whose filters can be saved, by their names.
TITLES: Final[Mapping[str, str]] = {
    "milestones": "Milestones",
    "contracts": "Contracts",
    "disputes": "Disputes",
    "projects": "Projects",
}

NAME_MISSING: Final = N_("Give it a name.")
NAME_LONG: Final = N_("This is longer than {most} characters.")
NAME_TAKEN: Final = N_("You have a view of this list that is called so.")
FULL: Final = N_("You have {most} saved views, which is as many as there can be. Remove one first.")
mark(CHIPS, TITLES)


def chip_of(name: str, value: str) -> str:
    """A filter in words."""
    return CHIPS[name].format(value=value)
