"""The style guide shows every part, and what it shows is sound: no test here needs a browser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from earnest.core.money import Money
from earnest.http.web import rendering, styleguide

TEMPLATES = Path(str(files("earnest.http") / "templates"))
ICONS = Path(str(files("earnest.http") / "static" / "vendor" / "icons.svg"))
#: Under which name a page imports each file of macros.
IMPORTED = {
    "text": "text", "parts": "ui", "form": "form", "plans": "plan", "factors": "factors",
    "keys": "help", "pictures": "pictures",
}  # fmt: skip
MACRO = re.compile(r"\{% macro ([a-z]\w*)\(")
VISIBLE = re.compile(r">\s*([A-Z][a-z]+[^<{]*)<")


class Page(HTMLParser):
    """The elements of a page, with what they say of themselves."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, attribute: str) -> Iterator[str]:
        return (found[attribute] for _, found in self.elements if attribute in found)


@pytest.fixture(scope="module", params=["styleguide", "styleguide_pictures"])
def html(request: pytest.FixtureRequest) -> str:
    samples = {"styleguide": styleguide.samples, "styleguide_pictures": styleguide.pictured}
    return render(f"{request.param}.html", **samples[request.param]())


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_every_macro_is_shown() -> None:
    pages = ("styleguide.html", "styleguide_pictures.html", "page.html")
    shown = "".join(read(TEMPLATES / name) for name in pages)
    for file, alias in IMPORTED.items():
        macros = MACRO.findall(read(TEMPLATES / "ui" / f"{file}.html"))
        assert macros
        assert [name for name in macros if f"{alias}.{name}(" not in shown] == []


def test_no_two_elements_have_one_name(page: Page) -> None:
    assert [name for name, count in Counter(page.all("id")).items() if count > 1] == []


def test_whatever_is_pointed_at_is_there(page: Page) -> None:
    names = set(page.all("id"))
    pointed = {"for", "aria-describedby", "aria-labelledby", "popovertarget"}
    for attribute in pointed:
        targets = {each for value in page.all(attribute) for each in value.split()}
        assert targets, attribute
        assert targets - names == set(), attribute
    jumps = {href[1:] for href in page.all("href") if href.startswith("#")}
    assert jumps - names == set()


def test_every_icon_is_in_the_sprite(page: Page) -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', read(ICONS)))
    named = {
        href.rpartition("#")[2] for tag, a in page.elements if tag == "use" for href in [a["href"]]
    }
    for template in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r"\bicon\('([\w-]+)'", read(template)))
        named |= set(re.findall(r"\bicon='([\w-]+)'", read(template)))
    assert named - drawn == set()


def test_every_form_that_posts_has_the_token(html: str) -> None:
    forms = re.findall(r'<form method="post".*?</form>', html, re.DOTALL)
    assert len(forms) == html.count('method="post"') > 1
    assert [form for form in forms if 'name="csrf" value="the-token"' not in form] == []


def test_nothing_is_written_where_the_policy_forbids_it(page: Page) -> None:
    attributes = {name for _, found in page.elements for name in found}
    assert [
        name for name in attributes if name == "style" or name.startswith(("on", "hx-on"))
    ] == []
    assert all(a.get("nonce") == "the-nonce" for tag, a in page.elements if tag == "script")
    swapped = [a for _, a in page.elements if any(name.startswith("hx-") for name in a)]
    assert swapped
    assert all(a["hx-nonce"] == "the-nonce" for a in swapped)
    assert all(a.keys() & {"href", "action", "formaction"} for a in swapped)


def test_an_error_is_said_in_the_title_and_beside_its_field() -> None:
    html = render("styleguide.html", **styleguide.samples())
    failed = render("styleguide.html", **styleguide.samples(), errors=["one"])
    assert "<title>Style guide · Earnest</title>" in html
    assert "<title>Error: Style guide · Earnest</title>" in failed
    assert 'aria-describedby="budget-hint budget-error" aria-invalid="true"' in html


def test_every_word_that_is_seen_can_be_translated() -> None:
    for name in ("page.html", *(f"ui/{each}.html" for each in IMPORTED)):
        text = re.sub(r"\{#.*?#\}", "", read(TEMPLATES / name), flags=re.DOTALL)
        assert [found for found in VISIBLE.findall(text) if found != "Earnest"] == [], name


@pytest.mark.parametrize(
    ("minor", "said"),
    [(40_000, "+USD\u00a0400.00"), (-40_000, "\u2212USD\u00a0400.00"), (0, "USD\u00a00.00")],
)
def test_a_movement_says_its_sign(minor: int, said: str) -> None:
    told = macro("text.money(value, sign=true)", value=Money(minor, "USD"))
    assert said in told.replace("&minus;", "\u2212")
    assert f'value="{Money(minor, "USD").decimal}"' in told


def test_an_unforeseen_status_is_its_own_word() -> None:
    assert "No such status" in macro("text.pill('no_such_status')")
    assert 'class="pill mute"' in macro("text.pill('no_such_status')")


def test_the_bar_of_what_is_released_is_drawn_in_whole_thousandths() -> None:
    drawn = macro(
        "ui.escrow_bar(whole, third, third, nothing)",
        whole=Money(3, "JPY"),
        third=Money(1, "JPY"),
        nothing=Money(0, "JPY"),
    )
    assert re.findall(r'x="([\d.]+%)" width="([\d.]+%)"', drawn) == [
        ("0.0%", "33.3%"),
        ("33.3%", "33.3%"),
    ]


def test_a_link_of_a_message_leads_to_the_web_or_nowhere() -> None:
    item = {"sender": "A", "at": styleguide.NOON, "text": "<b>", "about": None, "mine": False}
    told = macro("ui.message(item)", item={**item, "links": ["javascript:alert(1)", "https://a.b"]})
    assert re.findall('href="(h[^"]*|j[^"]*)"', told) == ["https://a.b"]
    assert "&lt;b&gt;" in told


def render(template: str, **context: Any) -> str:
    with rendering.written_for(visit()):
        made = rendering.environment().get_template(template)
        return made.render({"section": "finances", **context})


def macro(call: str, **context: Any) -> str:
    imports = "".join(
        f'{{% import "ui/{file}.html" as {alias} %}}' for file, alias in IMPORTED.items()
    )
    source = imports + "{{ " + call + " }}"
    with rendering.written_for(visit()):
        return rendering.environment().from_string(source).render(context)


def visit() -> Any:
    """Whoever looks at it."""
    rosa = SimpleNamespace(id=1, name="Rosa Lind", reference="US-1", email="rosa@example.com")
    return SimpleNamespace(
        user=rosa,
        is_staff=True,
        is_arbiter=True,
        is_read=True,
        is_halted=False,
        unread="3",
        is_to_verify=False,
        wants_keys=True,
        language="en",
        locale="en",
        zone="UTC",
        direction="ltr",
        theme="",
        nonce="the-nonce",
        csrf="the-token",
        path="/styleguide",
        demo=True,
        address="/styleguide",
        flash=SimpleNamespace(tone="ok", text="Saved."),
        as_of=styleguide.NOON,
    )


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
