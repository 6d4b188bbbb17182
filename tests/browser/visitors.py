"""Who comes to the site with a browser: each in a context of their own while the test lasts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from playwright.async_api import Browser, BrowserContext, Page
from tests.browser.chromium import DESKTOP, Way
from tests.browser.hands import AT_A_KEYBOARD
from tests.browser.pictures import kept
from tests.browser.site import Site, Somebody

#: A busy machine is slow, and that is no failure.
PATIENCE_MS = 20_000

#: What a page's policy has kept out is heard on the console, like everything else.
_WATCH = """addEventListener('securitypolicyviolation', event =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`))"""


@dataclass(slots=True)
class Contexts:
    """Contexts that nobody has now: who gets one is a stranger to the site, but it is warm."""

    browser: Browser
    idle: dict[tuple[str, Way], list[BrowserContext]] = field(default_factory=dict)

    async def take(self, url: str, way: Way) -> BrowserContext:
        if self.idle.get((url, way)):
            return self.idle[url, way].pop()
        made = await self.browser.new_context(
            base_url=url,
            viewport=way.viewport,
            java_script_enabled=way.scripts,
            color_scheme=way.scheme,
            locale="en-US",
            timezone_id="UTC",
            reduced_motion="reduce",
        )
        made.set_default_timeout(PATIENCE_MS)
        await made.add_init_script(_WATCH)
        if way.keys:
            AT_A_KEYBOARD.add(made)
        return made

    async def give_back(self, url: str, way: Way, context: BrowserContext) -> None:
        """Its first page stays open: a page that is new needs a process of its own."""
        for page in context.pages[1:]:
            await page.close()
        await context.clear_cookies()
        self.idle.setdefault((url, way), []).append(context)


@dataclass(slots=True)
class Visitors:
    """The contexts of one test."""

    contexts: Contexts
    site: Site
    taken: list[tuple[Way, BrowserContext]] = field(default_factory=list)

    async def come(self, who: Somebody | None, way: Way = DESKTOP) -> Page:
        """Have a page as somebody who is signed in, or as a stranger; open an address first."""
        context = await self.contexts.take(self.site.url, way)
        self.taken.append((way, context))
        if who is not None:
            await self.sign_in(context, who)
        return context.pages[0] if context.pages else await context.new_page()

    async def sign_in(self, context: BrowserContext, who: Somebody) -> None:
        """Be somebody, without the form and its slow hash."""
        session = await self.site.session(who)
        await context.add_cookies(
            [{"name": "earnest", "value": session, "url": self.site.url, "sameSite": "Lax"}]
        )

    async def keep_pictures(self, test: str) -> None:
        """What is to be seen now, as artefacts."""
        pages = [page for _, context in self.taken for page in context.pages]
        for number, page in enumerate(pages, 1):
            name = re.sub(r"[^\w.-]+", "-", f"failed-{test}-{number}").strip("-")
            await kept(page, name)

    async def leave(self, *, is_failed: bool = False) -> None:
        """Whoever comes next finds nothing of it; what failed may have left anything."""
        for way, context in self.taken:
            if is_failed:
                await context.close()
            else:
                await self.contexts.give_back(self.site.url, way, context)
        self.taken.clear()
