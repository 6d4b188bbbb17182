"""What a session was begun with, out of User-Agent: two words of ours, and nothing else is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.store.sessions import Agent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

#: In this order: each pretends to be some of those that follow it.
_BROWSERS: Final = (
    *(("Edg", "edge"), ("OPR/", "opera"), ("SamsungBrowser/", "samsung")),
    *(("Firefox/", "firefox"), ("FxiOS/", "firefox"), ("CriOS/", "chrome")),
    *(("Chromium/", "chrome"), ("Chrome/", "chrome"), ("Safari/", "safari")),
)
_SYSTEMS: Final = (
    *(("Windows", "windows"), ("iPhone", "iphone"), ("iPad", "ipad")),
    *(("Mac OS X", "macos"), ("Android", "android"), ("CrOS", "chromeos"), ("Linux", "linux")),
)


def agent_of(request: Request) -> Agent:
    """The browser and the system that this says it comes from."""
    said = request.headers.get("user-agent", "")
    return Agent(_first(said, _BROWSERS), _first(said, _SYSTEMS))


def _first(said: str, known: Sequence[tuple[str, str]]) -> str:
    return next((word for sign, word in known if sign in said), "")
