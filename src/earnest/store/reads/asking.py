"""What somebody typed, as a condition on documents; and plans that know how common words are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.store.queries import sql

if TYPE_CHECKING:
    from earnest.store.db import Connection
    from earnest.wire.sought import Sought

#: Letters of the last word after which it may go on.
GOES_ON: Final = 3


async def asking(
    db: Connection, wanted: Sought, goes_on: int = GOES_ON
) -> tuple[str | None, str | None]:
    """A condition on the words of documents, and one on what they are called; none if no words."""
    words = [piece.words for piece in wanted.pieces]
    also = [" | ".join(f"'{each}'" for each in piece.also) for piece in wanted.pieces]
    record = await db.fetchrow(sql("search.asked"), words, also, goes_on)
    assert record is not None, "an aggregate is always one row"
    return record["asked"], record["called"]


async def plan_anew(db: Connection, at_most: str) -> None:
    """Until the end of this transaction each statement is planned for the very words it has."""
    await db.execute(sql("search.planning"), at_most)
