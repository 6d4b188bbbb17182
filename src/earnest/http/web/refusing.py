"""Why something cannot be done now: the page in place of its form or its check page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.actions import Reason
from earnest.core.bids.row import Bid
from earnest.core.projects.row import Project
from earnest.http import problems
from earnest.http.web.menus import out_of_step, why
from earnest.http.web.rendering import page
from earnest.http.web.subjects import address_of
from earnest.words import problems as words
from earnest.words.actions import phrases_of
from earnest.words.reasons import title_of
from earnest.words.statuses import NOUNS

if TYPE_CHECKING:
    from starlette.responses import Response

    from earnest.core.actions import Refused
    from earnest.core.rows import Row
    from earnest.http.web.subjects import About


def section_of(row: Row, name: str = "") -> str:
    """Where in the menu a page belongs."""
    if name.startswith("contract."):
        return "contracts"
    if isinstance(row, Project | Bid) or name.startswith("project."):
        return "projects"
    if row.noun == "dispute":
        return "disputes"
    return "contracts" if row.noun == "contract" else "finances"


def no_form(name: str, about: About, refused: Refused) -> Response:
    """Why this cannot be done now, in place of its form or its check page."""
    status = problems.STATUS[refused.reason].value
    title = title_of(refused.reason)
    if refused.reason is Reason.WRONG_STATUS:
        title, _ = out_of_step(name, refused)
    return page(
        about.visit,
        "refused.html",
        status=status,
        section=section_of(about.row, name),
        code=refused.reason.value,
        title=title,
        detail=why(name, refused, about),
        what=phrases_of(name).label,
        noun=about.row.noun,
        called=NOUNS[about.row.noun],
        back=address_of(about.row),
        back_text=words.BACK[about.row.noun],
        tried=about.visit.path.startswith("/intents/"),
    )
