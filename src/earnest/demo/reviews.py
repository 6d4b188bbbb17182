"""What the people of the story say of each other once a contract has ended; some say nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.reviews import CRITERIA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.demo.telling import Json

#: Stars on each criterion in their order, and a word.
Said = tuple[tuple[int, int, int, int, int], str]

#: By employer and freelancer: what each of the two says, the employer first.
REVIEWS: Final[Mapping[tuple[str, str], tuple[Said | None, Said | None]]] = {
    ("emma", "ana"): (
        ((5, 5, 5, 4, 5), "The shop looks as I had hoped, and the drawings came with reasons."),
        ((5, 4, 5, 5, 5), "Knows what she wants, says it once, and pays the same day."),
    ),
    ("noah", "ana"): (
        ((5, 4, 5, 5, 5), "Three covers, and each of them sold out."),
        ((4, 4, 5, 4, 5), "Clear briefs. A deadline moved once, with plenty of notice."),
    ),
    ("hanako", "kenji"): (
        ((5, 5, 4, 3, 4), "Beautiful brushwork. The second label came late, and was worth it."),
        ((5, 5, 5, 5, 5), "She sent tea."),
    ),
    ("noah", "lukasz"): (
        ((5, 5, 5, 5, 5), "Ten years of tables, and not one cell that I had to ask about."),
        None,
    ),
    ("ana", "jose"): (
        ((4, 5, 5, 5, 5), "My portfolio loads before I have let go of the mouse."),
        ((5, 5, 5, 5, 5), "A designer who reads what one writes back."),
    ),
    ("ana", "siobhan"): (((5, 5, 5, 5, 5), "Found two mistakes that I had made for years."), None),
    ("omar", "siobhan"): (
        ((5, 5, 5, 5, 5), "Our guests now order what they mean to order."),
        ((4, 5, 5, 3, 5), "Kind, and a little slow to look at things when the house is full."),
    ),
    ("emma", "lukasz"): (
        ((4, 5, 5, 4, 5), "Careful with our customers' names, and honest about what was unsure."),
        ((5, 5, 5, 5, 5), ""),
    ),
    ("omar", "viktor"): (None, ((3, 2, 3, 3, 2), "Good food, few words.")),
}


def of_contract(employer: str, freelancer: str) -> list[tuple[str, Json]]:
    """Who says what of a contract between these two."""
    said = REVIEWS.get((employer, freelancer), (None, None))
    return [
        (who, {"ratings": dict(zip(CRITERIA, each[0], strict=True)), "text": each[1]})
        for who, each in zip((employer, freelancer), said, strict=True)
        if each is not None
    ]
