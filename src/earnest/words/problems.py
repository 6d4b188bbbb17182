"""What a page says of a problem where it says it otherwise than the API does.

A person is not told of databases and processes, and a page says by itself whether anything moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_AWAY: Final = "We cannot reach our records just now. Wait a minute."

TITLES: Final[Mapping[str, str]] = {
    "busy": "We cannot answer just now",
    "database_gone": "We cannot answer just now",
    "too_many_requests": "Too many tries",
    "books_do_not_balance": "No money moves just now",
}
DETAILS: Final[Mapping[str, str]] = {
    "busy": _AWAY,
    "database_gone": _AWAY,
    "cross_site": "Only a page of this site may send this.",
}
