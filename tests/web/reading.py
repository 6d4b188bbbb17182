"""Reading pages as a browser does: elements, forms with what is filled in, and tables."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
from typing_extensions import override

VOID = frozenset({"area", "br", "hr", "img", "input", "link", "meta", "use", "rect", "wbr"})
_CODE = re.compile(r'<meta name="earnest-code" content="([a-z_]+)">')


@dataclass(slots=True)
class Node:
    """An element, and what is in it."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def every(self, tag: str = "", **attributes: str) -> Iterator[Node]:
        """The elements within it of this tag, with these attributes (`class_` for class)."""
        wanted = {name.rstrip("_").replace("_", "-"): v for name, v in attributes.items()}
        for child in self.children:
            if isinstance(child, Node):
                if (not tag or child.tag == tag) and wanted.items() <= child.attributes.items():
                    yield child
                yield from child.every(tag, **attributes)

    def one(self, tag: str, **attributes: str) -> Node:
        """The first of these, which there must be."""
        found = next(self.every(tag, **attributes), None)
        assert found is not None, f"there is no {tag} with {attributes}"
        return found

    @property
    def text(self) -> str:
        """What there is to read, in one line."""
        parts = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(parts).split())

    @property
    def hrefs(self) -> list[str]:
        """Where its links lead."""
        return [each.attributes["href"] for each in self.every("a")]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self._open = [self.root]

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        made = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(made)
        if tag not in VOID:
            self._open.append(made)

    @override
    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open[-1].children.append(Node(tag, {name: value or "" for name, value in attrs}))

    @override
    def handle_endtag(self, tag: str) -> None:
        if any(each.tag == tag for each in self._open):
            while self._open.pop().tag != tag:
                pass

    @override
    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def tree(page: httpx.Response | str) -> Node:
    """A page as its elements; whoever reads one asks for several parts, and changes none."""
    return _tree(page if isinstance(page, str) else page.text)


@functools.lru_cache(maxsize=32)
def _tree(text: str) -> Node:
    builder = _Builder()
    builder.feed(text)
    builder.close()
    return builder.root


def main_of(page: httpx.Response) -> Node:
    """What a page is about, without its frame."""
    return tree(page).one("main")


def code_in(page: httpx.Response) -> str:
    """The code of what a page says was refused; empty if nothing was."""
    found = _CODE.search(page.text)
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page: where it is sent, and what it holds if nobody types."""

    action: str
    values: Mapping[str, str]
    #: Every name that it has a field for.
    names: frozenset[str]
    #: What its buttons say, the one that sends it first.
    button: str


def form_in(page: httpx.Response) -> Form:
    """The form that a page is about."""
    form = main_of(page).one("form", method="post")
    values: dict[str, str] = {}
    names: set[str] = set()
    for each in form.every():
        name = each.attributes.get("name")
        if name is None or each.tag == "button":
            continue
        names.add(name)
        value = _value_of(each)
        if value is not None:
            values[name] = value
    button = next(each for each in form.every("button") if "name" not in each.attributes)
    return Form(form.attributes["action"], values, frozenset(names), button.text)


def _value_of(each: Node) -> str | None:
    """What a field sends as it stands; None if it sends nothing."""
    if each.tag == "select":
        options = list(each.every("option"))
        chosen = next((o for o in options if "selected" in o.attributes), options[0])
        return chosen.attributes["value"]
    if each.tag == "textarea":
        text = "".join(child for child in each.children if isinstance(child, str))
        return text.removeprefix("\n")
    if each.attributes.get("type") in {"radio", "checkbox"} and "checked" not in each.attributes:
        return None
    return each.attributes.get("value", "")


def facts_in(page: httpx.Response) -> dict[str, str]:
    """Terms, and what stands behind each: of a check page, or of a receipt."""
    found: dict[str, str] = {}
    for summary in main_of(page).every("dl", class_="summary"):
        terms = (each.text for each in summary.every("dt"))
        found |= dict(zip(terms, (each.text for each in summary.every("dd")), strict=True))
    return found


def rows_in(page: httpx.Response, caption: str = "") -> list[list[Node]]:
    """The cells of each line of a table: the one whose caption begins so, or the first."""
    for table in main_of(page).every("table"):
        if table.one("caption").text.startswith(caption):
            lines = table.one("tbody").every("tr")
            return [[c for c in line.every() if c.tag in {"th", "td"}] for line in lines]
    return []


def amount_in(cell: Node) -> str:
    """The first amount of a cell, as a decimal."""
    return cell.one("data").attributes["value"]
