"""The stories together: every action is explained and told, every reason is provoked."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import pytest
from tests.scenarios.story import Line, Story, parsed, stories, tell
from tests.scenarios.test_core import CoreTeller

from earnest.core.actions import ACTIONS, Reason

STORIES: Final = stories()
LINES: Final = [line for story in STORIES for line in story.lines if line.action]

#: Reasons that no story provokes, each with why.
UNTOLD: Final = {
    Reason.BALANCE_TOO_LARGE: "takes a hundred deposits of the most there is: test_payments.py",
    Reason.FILE_TOO_LARGE: "is larger than a story: tests/core/test_files.py",
    Reason.FILES_TOO_LARGE: "are larger than a story: tests/core/test_files.py",
    Reason.NO_ROOM_LEFT: "takes more than a story has: tests/core/test_files.py",
    Reason.REFUSED_BEFORE: "takes a second arbiter: tests/core/test_arbitration.py",
    Reason.TERMS_NOT_OFFERED: "takes another fee than the house's: tests/core/test_contracts.py",
    Reason.TOO_MANY_EXHIBITS: "takes twenty of them: tests/core/test_arbitration.py",
    Reason.EXHIBITS_TOO_LARGE: "are larger than a story: tests/core/test_arbitration.py",
    Reason.NOT_PREVIEWABLE: "nobody looks before in a story: tests/http/test_disputes.py",
    Reason.EFFECT_CHANGED: "only pages ask under a condition so far: tests/core/test_effects.py",
}


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_is_explained(name: str) -> None:
    """The docstring is the help text of every interface; a dataclass makes one up if it is not."""
    explained = ACTIONS[name].__doc__ or ""
    assert re.fullmatch(r"[A-Z][^\n]+[.](\n\n.*)?\s*", explained, re.DOTALL), explained
    assert not explained.startswith(f"{ACTIONS[name].__name__}(")


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_is_told(name: str) -> None:
    told = [line for line in LINES if line.action == name and line.expected == "ok"]
    assert told or name in clocks_that_ran_out()


@cache
def clocks_that_ran_out() -> frozenset[str]:
    """The actions that SYSTEM asked for while stories were told: nobody says those."""
    found: set[str] = set()
    for story in STORIES:
        teller = CoreTeller()
        tell(story, teller)
        found |= teller.ran_out
    return frozenset(found)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_is_provoked(reason: Reason) -> None:
    told = any(line.expected == reason for line in LINES)
    assert told != (reason in UNTOLD)


def test_every_line_hears_something_that_there_is() -> None:
    assert {line.expected for line in LINES} <= {"ok", *Reason}


def test_a_story_that_no_gateway_speaks_in_can_be_told_to_everybody() -> None:
    assert {story.name for story in STORIES if story.by_gateway} == {
        *("what_a_gateway_may_say", "who_may_be_named"),
    }


def lines(text: str) -> tuple[Line, ...]:
    return tuple(parsed(text))


FUNDED: Final = """
employer deposit.start 100.00 ok
worker
employer contract.offer freelancer ok
employer contract.fund 100.00 ok
freelancer contract.accept ok
"""


@pytest.mark.parametrize(
    "wrong",
    [
        "employer release not_your_part",
        "freelancer release ok",
        "= employer 0.01",
        "= escrow 100.00 freelancer 1.00",
        "= escrow 100",
        "= escrow 100.00 JPY",
        "= escrow",
        "= escro 0.00",
        "employer release amout=1.00 ok",
        "employer release m2 ok",
        "advance 7",
        "worker now",
        "suspend everybody",
    ],
)
def test_a_story_that_is_not_so_fails(wrong: str) -> None:
    tell(Story("so far", lines(FUNDED)), CoreTeller())
    with pytest.raises((AssertionError, LookupError)):
        tell(Story("wrong", lines(FUNDED + wrong)), CoreTeller())


@pytest.mark.parametrize("wrong", ["emploier release ok", "employer relaese ok", "=employer 1.00"])
def test_a_line_that_makes_no_sense_is_named(wrong: str) -> None:
    with pytest.raises(ValueError, match="line 2: "):
        lines("# a comment\n" + wrong)


def test_a_remark_is_only_for_the_reader() -> None:
    (line,) = lines("employer  release m1 40.00  (a part, of 100.00)  ok  # and a comment")
    assert line.words == ("employer", "release", "m1", "40.00", "ok")
    assert line.action == "milestone.release"
