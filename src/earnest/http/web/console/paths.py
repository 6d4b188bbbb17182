"""The addresses of the console, and who answers there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.http.web.console import books, clocks, home, people
from earnest.http.web.console.queues import QUEUES

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.http.web.places import Handler


def paths(app: App) -> dict[str, dict[str, Handler]]:
    """All of them but that of mails, each for operators alone."""
    everybody = people.People(app)
    return {
        home.ADDRESS: {"GET": home.Home(app).shown},
        **{each.path: {"GET": each.listed} for each in QUEUES},
        people.ADDRESS: {"GET": everybody.listed},
        f"{people.ADDRESS}/{{id}}": {"GET": everybody.shown},
        clocks.ADDRESS: {"GET": clocks.Clocks(app).shown},
        books.ADDRESS: {"GET": books.Books(app).shown},
    }
