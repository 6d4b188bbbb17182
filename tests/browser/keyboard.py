"""Somebody with a keyboard and nothing else: Tab, arrows, Space, Enter, and what they type."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Locator, Page
from tests.browser import walking

#: Tab through a whole page and once around: what is not reached by then cannot be.
STEPS_MAX = 120

#: Whether the element has the focus; and if it has, whether that is to be seen.
_FOCUS = """element => {
  if (element !== document.activeElement) return null;
  const style = getComputedStyle(element), box = element.getBoundingClientRect();
  const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return {ring: ring || style.boxShadow !== 'none', seen};
}"""


@dataclass(frozen=True, slots=True)
class Keyboard:
    """The keys, and the page that they go to."""

    page: Page

    async def reach(self, found: Locator, key: str = "Tab") -> None:
        """Press a key until this has the focus."""
        element = await found.element_handle()
        for _ in range(STEPS_MAX):
            told = await element.evaluate(_FOCUS)
            if told is not None:
                assert told == {"ring": True, "seen": True}, f"{found} does not show its focus"
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not reach {found}")

    async def type(self, label: str, text: str) -> None:
        """Fill in a field."""
        await self.reach(self._field(label))
        await self.page.keyboard.press("ControlOrMeta+a")
        await self.page.keyboard.type(text)

    async def tick(self, label: str) -> None:
        """Tick a box."""
        await self.reach(self._field(label))
        await self.page.keyboard.press("Space")

    async def choose(self, label: str) -> None:
        """Choose one of several: Tab reaches the chosen one, arrows the others."""
        wanted = self._field(label)
        group = wanted.locator("xpath=ancestor::fieldset[1]")
        chosen = group.get_by_role("radio", checked=True)
        is_chosen = await chosen.count() > 0
        await self.reach(chosen if is_chosen else group.get_by_role("radio").first)
        if not is_chosen:
            await self.page.keyboard.press("Space")
        await self.reach(wanted, "ArrowDown")

    async def press(self, button: str) -> None:
        """Press a button with Enter."""
        await self.reach(self._main.get_by_role("button", name=button, exact=True))
        await self.page.keyboard.press("Enter")

    async def follow(self, link: str) -> None:
        """Follow a link with Enter."""
        await self.reach(self._main.get_by_role("link", name=link, exact=True).first)
        await self.page.keyboard.press("Enter")

    async def turn_to(self, section: str) -> None:
        """Go to a part of the site with the menu above every page."""
        await self.reach(walking.section(self.page, section))
        await self.page.keyboard.press("Enter")

    def _field(self, label: str) -> Locator:
        return walking.field(self.page, label)

    @property
    def _main(self) -> Locator:
        return self.page.get_by_role("main")
