"""The rules of the books in words, what was found when they were last checked, and every halt.

Checking all rows takes as long as there are rows, so no page does it: it shows what is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.http import asking
from earnest.http.web.console.frame import only_operators, shown
from earnest.store.reads import console, lookups
from earnest.store.verify import PREFIX, rules
from earnest.words.console import RULES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

ADDRESS: Final = "/staff/invariants"
HALTS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Books:
    """For operators alone; to everybody else it is not there."""

    app: App

    async def shown(self, visit: Visit, _request: Request) -> Response:
        """Every rule, the broken ones first."""
        only_operators(visit)

        async def read(db: Connection) -> tuple[Any, ...]:
            return await console.verified(db), await console.halts(db, HALTS_SHOWN)

        verified, halts = await visit.reading(read)
        return shown(
            visit,
            "books.html",
            ADDRESS,
            rules=_rules(verified),
            verified=verified,
            halts=halts,
            halt=await asking.looking(self.app, lambda: lookups.halt(self.app.database)),
        )


def _rules(verified: console.Verified | None) -> list[dict[str, str]]:
    """Each rule with its sentence, and the first row that broke it, if one did."""
    broken = {} if verified is None else verified.broken
    names = [each.removeprefix(PREFIX) for each in rules()]
    return [
        {"name": name, "sentence": RULES[name], "first": broken.get(name, "")}
        for name in sorted(names, key=lambda name: (name not in broken, RULES[name]))
    ]
