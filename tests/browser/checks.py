"""What must hold of every page, whatever it shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # it has none
from playwright.async_api import ConsoleMessage, Error, Page

from earnest.words.languages import direction_of

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
#: The size of targets is a rule of WCAG 2.2 AA that axe leaves out unless it is named.
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}
_AXE = """async options => (await axe.run(document, options)).violations.flatMap(rule =>
  rule.nodes.map(node => `${rule.id}: ${rule.help}: ${node.target} ${node.html.slice(0, 160)}`))"""
_TOO_WIDE = """() => {
  const root = document.documentElement, wide = root.clientWidth;
  if (root.scrollWidth <= wide) return [];
  const all = [...document.querySelectorAll('body *')].filter(element =>
    element.checkVisibility() && element.getBoundingClientRect().right > wide + 1);
  return [`${root.scrollWidth} of ${wide}`, ...all.slice(0, 4).map(e => e.outerHTML.slice(0, 120))];
}"""
#: What is loaded before it looks: no rule that is asked for reads the style sheets.
FIRST = {"assets": ["media"]}
#: Where no scripts run there are no timers either, and axe waits for some; nor does a request that
#: it makes ever come back.
_AT_ONCE = """() => {
  window.setTimeout = (later, _, ...given) => {
    Promise.resolve().then(() => later(...given));
    return 0;
  };
  window.clearTimeout = () => {};
}"""
_FRAME = """() => ({
  h1: document.querySelectorAll('h1').length,
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  title: document.title,
  landmarks: document.querySelectorAll('main').length,
  inline: document.querySelectorAll('[style], style, [onclick], [onsubmit]').length,
  alike: new Set([...document.querySelectorAll('[role=search]')].map(e => e.ariaLabel)).size
    - document.querySelectorAll('[role=search]').length,
  dead: [...document.forms].filter(f => ![...f.elements].some(e => e.type === 'submit')).length,
})"""


@dataclass  # Without slots: Playwright notes on it who listens.
class Console:
    """What a browser complained about, but that the page itself was one of an error."""

    page: Page
    said: list[str] = field(default_factory=list)

    def heard(self, message: ConsoleMessage) -> None:
        is_own = message.location["url"] == self.page.url and "status of 4" in message.text
        if message.type in {"error", "warning"} and not is_own:
            self.said.append(message.text)

    def broke(self, error: Error) -> None:
        self.said.append(str(error))


@contextmanager
def listened_to(page: Page) -> Iterator[Console]:
    """Hear what the browser complains about while this lasts."""
    console = Console(page)
    page.on("console", console.heard)
    page.on("pageerror", console.broke)
    try:
        yield console
    finally:
        page.remove_listener("console", console.heard)
        page.remove_listener("pageerror", console.broke)


async def has_a_frame(page: Page, language: str = "en") -> None:
    """One heading above all, a language and so on; no style in place, no form without a button."""
    found = await page.evaluate(_FRAME)
    title = found.pop("title")
    frame = {"lang": language, "dir": direction_of(language)}
    right = {"h1": 1, **frame, "landmarks": 1, "inline": 0, "alike": 0, "dead": 0}
    assert found == right, f"{found} is not {right}"
    assert title.endswith(" · Earnest"), title
    assert len(title) > len(" · Earnest"), "the title names the page too"


async def fits(page: Page) -> None:
    """Nobody has to scroll sideways: neither on 320 pixels, nor with letters twice as large."""
    await page.set_viewport_size({"width": 320, "height": 800})
    wide = await page.evaluate(_TOO_WIDE)
    assert not wide, f"at 320 pixels: {wide}"
    await page.set_viewport_size({"width": 1280, "height": 900})
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    wide = await page.evaluate(_TOO_WIDE)
    assert not wide, f"at 1280 pixels with text of 200 %: {wide}"
    await page.evaluate("document.documentElement.style.fontSize = ''")


async def is_accessible(page: Page, *, scripts: bool = True) -> None:
    """Axe has nothing to say. It stays on a page that it has been brought to."""
    if not await page.evaluate("'axe' in window"):
        if not scripts:
            await page.evaluate(_AT_ONCE)
        await page.evaluate(AXE_SCRIPT)
    found = await page.evaluate(_AXE, {**OPTIONS, "preload": scripts and FIRST})
    assert not found, "\n".join(found)
