"""Skills: a fixed list, each with a name of its own."""

from __future__ import annotations

from earnest.core.skills import Skill, name_of


def test_every_skill_has_a_name_that_no_other_has() -> None:
    names = [name_of(each) for each in Skill]
    assert all(names)
    assert len({name.casefold() for name in names}) == len(names)
