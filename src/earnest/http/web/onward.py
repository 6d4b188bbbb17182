"""The way back after a deposit: to the form for which there was too little."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlencode

from earnest.http import asking
from earnest.http.web.places import KEPT_CHARACTERS_MAX, NEVER_KEPT, SHORT
from earnest.store import sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.core.money import Money
    from earnest.http.web.visiting import Visit

#: The field of an address and of a form that says where to go on.
THEN: Final = "then"
#: A form of a row of ours: nobody can be sent anywhere else.
_FORM: Final = re.compile(
    r"/(?:contracts/ctr|milestones/ms|projects/prj)_[0-9A-HJKMNP-TV-Z]{13}/[a-z-]{1,40}"
)


def place(text: str | None) -> str:
    """Where to go on, if it is one of our forms; else nowhere."""
    return text if text is not None and _FORM.fullmatch(text) else ""


def after(address: str, then: str) -> str:
    """An address that remembers where to go on afterwards."""
    return f"{address}?{THEN}={quote(then, safe='')}" if then else address


def deposit(missing: Money, then: str) -> str:
    """A deposit of what is missing, and the way back from it."""
    asked = {"currency": missing.currency, "amount": missing.decimal, THEN: place(then)}
    return f"/deposit?{urlencode(asked)}"


async def keep(visit: Visit, values: Mapping[str, str], at: str | None = None) -> None:
    """Keep what was typed until its writer comes back to this address, or to another."""
    kept = {name: text for name, text in values.items() if name not in NEVER_KEPT}
    if visit.session is None or sum(map(len, kept.values())) > KEPT_CHARACTERS_MAX:
        return
    token, database = visit.session, visit.app.database
    written = sessions.Kept(at or visit.path, {**kept, SHORT: "1"})
    await asking.looking(visit.app, lambda: sessions.keep(database, token, written))
