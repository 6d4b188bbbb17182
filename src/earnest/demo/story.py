"""The story's table of contents: websites, pictures, words, figures, disputes, plans, and money.

Every line of a chapter is told from its own first day to its last; together they take a year, to
the present.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.demo.brands import BRANDS
from earnest.demo.disputes import DISPUTES
from earnest.demo.figures import FIGURES
from earnest.demo.gateway import GATEWAY
from earnest.demo.offers import OFFERS
from earnest.demo.pictures import PICTURES
from earnest.demo.plans import PLANS
from earnest.demo.projects import PROJECTS
from earnest.demo.silence import SILENCE
from earnest.demo.websites import WEBSITES
from earnest.demo.writing import WRITING

if TYPE_CHECKING:
    from collections.abc import Callable

    from earnest.demo.telling import Telling
    from earnest.demo.timeline import Days

#: In the demo an operator approves what is above these.
APPROVAL_LIMITS: Final = {"USD": "1000.00", "JPY": "200000", "KWD": "500.000"}

CHAPTERS: Final[tuple[tuple[Callable[[Telling], Days], ...], ...]] = (
    WEBSITES,
    BRANDS,
    PICTURES,
    WRITING,
    FIGURES,
    OFFERS,
    PROJECTS,
    SILENCE,
    DISPUTES,
    PLANS,
    GATEWAY,
)
