"""What tells pages apart: lines of a look, and what a screen reader would miss."""

from __future__ import annotations

import pytest
from tests.browser.hearing import unheard
from tests.browser.looks import difference, is_alike

LINE = 'card "Your money" | 96 +64 1088x112 | 16 +64 360x280'
TREE = """- banner:
  - link "Earnest":
    - /url: /
- main:
  - heading "Release" [level=1]
  - img "A line of time":
    - img
  - table "Tranches":
    - rowgroup:
      - row "Date Amount":
        - columnheader "Date"
- contentinfo"""


def test_one_step_is_no_difference_and_two_are() -> None:
    assert is_alike(LINE, LINE.replace("1088x112", "1096x104"))
    assert not is_alike(LINE, LINE.replace("1088x112", "1104x112"))
    assert not is_alike(LINE, LINE.replace("+64 360", "-64 360"))


@pytest.mark.parametrize("other", ["note", "- "])
def test_another_kind_or_nothing_at_one_size_is_a_difference(other: str) -> None:
    changed = LINE.replace("card", other) if other == "note" else f"{LINE[:41]}| -"
    assert not is_alike(LINE, changed)
    assert difference([LINE], [changed]) != []


def test_what_is_a_step_off_is_not_in_the_diff_of_what_is_not() -> None:
    near, new = LINE.replace("280", "288"), 'h2 "New" | 0 +0 8x8 | -'
    assert difference([LINE], [near]) == []
    assert [each for each in difference([LINE], [near, new]) if each[0] in "+-"][2:] == [f"+{new}"]


def test_a_tree_with_all_that_is_needed_is_heard() -> None:
    assert unheard(TREE) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('link "Earnest":', "link:", "a link has no name"),
        ("- contentinfo", "- complementary", "there are 0 of contentinfo"),
        ("[level=1]", "[level=2]", "not one heading is above all"),
        ('- columnheader "Date"', "- cell", "the table Tranches has no heads"),
    ],
)
def test_what_would_be_missed_is_said(old: str, new: str, said: str) -> None:
    assert any(said in each for each in unheard(TREE.replace(old, new)))
