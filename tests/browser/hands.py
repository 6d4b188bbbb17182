"""What somebody works on a page with: a mouse, or a keyboard and nothing else.

Whose context is among those at a keyboard does all that stories do with Tab, arrows, Space and
Enter, and what has the focus must show it.
"""

from __future__ import annotations

from typing import Final, Protocol
from weakref import WeakSet

from playwright.async_api import BrowserContext, Locator, Page

#: Tab through a whole page and once around: what is not reached by then cannot be.
STEPS_MAX: Final = 250

#: Whether the element has the focus; and if it has, whether that is to be seen. Of a choice that
#: is drawn as a card it is the card.
_FOCUS: Final = """element => {
  if (element !== document.activeElement) return null;
  const outlined = each => {
    const style = getComputedStyle(each);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
      || style.boxShadow !== 'none';
  };
  const around = element.closest('label'), next = element.nextElementSibling;
  const ring = [element, around, next].some(each => each && outlined(each));
  const box = element.getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {ring, seen};
}"""

#: Whether it has the server asked for a page; what is saved is none.
_ASKS: Final = "element => element.matches('a[href]:not([download]), [type=submit]')"

#: Whose pages are worked on by keyboard.
AT_A_KEYBOARD: Final[WeakSet[BrowserContext]] = WeakSet()


class Hand(Protocol):
    """How somebody works on a page."""

    async def click(self, found: Locator) -> None:
        """Follow a link, press a button, unfold what is folded."""

    async def write(self, found: Locator, text: str) -> None:
        """Have this in a field, and nothing else."""

    async def tick(self, found: Locator) -> None:
        """Tick a box."""

    async def choose(self, found: Locator) -> None:
        """Choose one of several."""

    async def pick(self, found: Locator, value: str) -> None:
        """Have this value of a list that opens."""


class Mouse:
    """Clicks, and typing into what was clicked."""

    async def click(self, found: Locator) -> None:
        await found.click()

    async def write(self, found: Locator, text: str) -> None:
        await found.fill(text)

    async def tick(self, found: Locator) -> None:
        await found.check()

    async def choose(self, found: Locator) -> None:
        await found.check()

    async def pick(self, found: Locator, value: str) -> None:
        await found.select_option(value)


class Keyboard:
    """The keys."""

    async def click(self, found: Locator) -> None:
        """Like a click it is over when the server has answered, if it is asked for something."""
        await reach(found)
        keys = found.page.keyboard
        if not await found.evaluate(_ASKS):
            await keys.press("Enter")
            return
        async with found.page.expect_response(lambda one: not one.headers.get("location")):
            await keys.press("Enter")

    async def write(self, found: Locator, text: str) -> None:
        await reach(found)
        keys = found.page.keyboard
        if await found.evaluate("element => element.type") == "date":
            await _dated(found.page, text)
            return
        await keys.press("ControlOrMeta+a")
        await keys.press("Delete")
        await keys.insert_text(text) if "\n" in text else await keys.type(text)

    async def tick(self, found: Locator) -> None:
        if not await found.is_checked():
            await reach(found)
            await found.page.keyboard.press("Space")

    async def choose(self, found: Locator) -> None:
        """Tab reaches the chosen one, or the first; arrows the others."""
        group = found.locator("xpath=ancestor::fieldset[1]")
        chosen = group.get_by_role("radio", checked=True)
        is_chosen = await chosen.count() > 0
        await reach(chosen if is_chosen else group.get_by_role("radio").first)
        if not is_chosen:
            await found.page.keyboard.press("Space")
        await reach(found, "ArrowDown")

    async def pick(self, found: Locator, value: str) -> None:
        await reach(found)
        await found.page.keyboard.press("Home")
        for _ in range(STEPS_MAX):
            if await found.input_value() == value:
                return
            await found.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {value}")


async def _dated(page: Page, iso: str) -> None:
    """A date is typed part by part, in the order of the browser's language."""
    year, month, day = iso.split("-")
    await page.keyboard.type(f"{month}{day}{year}")


async def reach(found: Locator, key: str = "Tab") -> None:
    """Press a key until this has the focus."""
    for _ in range(STEPS_MAX):
        told = await found.evaluate(_FOCUS)
        if told is not None:
            assert told == {"ring": True, "seen": True}, f"{found} does not show its focus: {told}"
            return
        await found.page.keyboard.press(key)
    raise AssertionError(f"{key} does not reach {found}")


MOUSE: Final = Mouse()
KEYBOARD: Final = Keyboard()


def is_at_a_keyboard(page: Page) -> bool:
    return page.context in AT_A_KEYBOARD


def hand(page: Page) -> Hand:
    """What this page is worked on with."""
    return KEYBOARD if is_at_a_keyboard(page) else MOUSE
