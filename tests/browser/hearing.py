"""A page as a screen reader has it: its landmarks, headings, names, tables, and what it says.

Read from the tree of accessibility as text, so that it says of a page without scripts the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from playwright.async_api import Error, Page

#: What nobody can use who does not hear what it is called.
NAMED: Final = frozenset({
    *("alertdialog", "button", "checkbox", "combobox", "dialog", "img", "link", "listbox"),
    *("menuitem", "navigation", "option", "radio", "radiogroup", "region", "searchbox"),
    *("slider", "spinbutton", "switch", "tab", "table", "textbox"),
})  # fmt: skip
#: What there is one of on every page.
LANDMARKS: Final = ("banner", "main", "contentinfo")

_LINE: Final = re.compile(
    r"""^(?P<deep>\s*)-\s'?(?P<role>[a-z]+)(?:\s"(?P<name>(?:[^"\\]|\\.)*)")?(?P<rest>.*)$"""
)
#: What the text of the tree leaves out: where the focus is, and what explains a wrong field.
_MORE: Final = """() => {
  const first = !window.wasHeard;
  window.wasHeard = true;
  const explained = each => (each.getAttribute('aria-describedby') || '').split(' ').some(id =>
    document.getElementById(id)?.textContent.trim());
  const wrong = [...document.querySelectorAll('[aria-invalid=true]')];
  const alert = [...document.querySelectorAll('[role=alert][autofocus]')].find(each =>
    each.checkVisibility());
  const shown = [...document.querySelectorAll('.wrong [id$="-error"]')];
  return {
    unexplained: wrong.filter(each => !explained(each)).map(each => each.outerHTML.slice(0, 120)),
    unfocused: first && !!alert && document.activeElement !== alert,
    unalarmed: shown.length > 0 && !document.querySelector('[role=alert]'),
  };
}"""


class Node(NamedTuple):
    """A line of the tree."""

    depth: int
    role: str
    name: str
    rest: str


def nodes(tree: str) -> Iterator[Node]:
    """The lines of a tree that are of a role, without what a picture is made of."""
    inside: int | None = None
    for line in tree.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        depth, role, name = len(found["deep"]) // 2, found["role"], (found["name"] or "").strip()
        if inside is not None and depth > inside:
            continue
        inside = depth if role == "img" else None
        yield Node(depth, role, name, found["rest"])


def unheard(tree: str) -> list[str]:
    """What somebody would miss who only hears this page."""
    found = list(nodes(tree))
    roles = [each.role for each in found]
    missing = [f"there are {roles.count(r)} of {r}" for r in LANDMARKS if roles.count(r) != 1]
    nameless = [
        f"a {each.role} has no name{each.rest}"
        for each in found
        if each.role in NAMED and not each.name
    ]
    return [*missing, *nameless, *_disorder(found), *_bare_tables(found)]


def _disorder(found: list[Node]) -> Iterator[str]:
    """One heading is above all, and going down none is left out."""
    level_of = re.compile(r"\[level=(\d)\]")
    heads = [
        (int(level[1]), each.name)
        for each in found
        if each.role == "heading" and (level := level_of.search(each.rest))
    ]
    if [number for number, _ in heads].count(1) != 1:
        yield f"not one heading is above all: {heads}"
    above = 1  # What is wrong stands above the title, and counts from it.
    for number, name in heads:
        if number > above + 1:
            yield f"from {above} to {number} at the heading {name}"
        above = number


def _bare_tables(found: list[Node]) -> Iterator[str]:
    """A cell is heard with what heads it."""
    for place, each in enumerate(found):
        if each.role == "table":
            inside = []
            for one in found[place + 1 :]:
                if one.depth <= each.depth:
                    break
                inside.append(one.role)
            if not {"columnheader", "rowheader"} & set(inside):
                yield f"the table {each.name} has no heads"


async def was_heard(page: Page) -> bool:
    """Whether it was, since it is there."""
    return bool(await page.evaluate("window.wasHeard === true"))


async def is_heard(page: Page) -> None:
    """A page says to the ears what it says to the eyes; where something is wrong, that first."""
    try:
        more = await page.evaluate(_MORE)
        tree = await page.locator("body").aria_snapshot()
    except Error:  # It was leaving for another page, which is heard instead.
        await page.wait_for_load_state()
        more = await page.evaluate(_MORE)
        tree = await page.locator("body").aria_snapshot()
    missed = unheard(tree)
    assert not missed, f"{page.url}: {missed}\n{tree}"
    assert more == {"unexplained": [], "unfocused": False, "unalarmed": False}, f"{page.url} {more}"
