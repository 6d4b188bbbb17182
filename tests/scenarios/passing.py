"""Time that passes in a story, as the tellers with a database need it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from earnest import notifying
from earnest.app import App
from earnest.store import reminding

#: Nobody is there meanwhile.
AWAY: Final = "UPDATE site SET clock_offset = clock_offset + $1"
#: So near to each other moments of clocks are told together.
TOGETHER: Final = timedelta(minutes=1)


async def undecided(app: App, span: timedelta) -> None:
    """Everybody is told of their clocks while they run, and nothing that they lead to happens."""
    target = await app.database.now() + span
    await notifying.drain(app)
    while (at := await reminding.next_look(app.database)) is not None and at + TOGETHER < target:
        await app.database.advance(at + TOGETHER - await app.database.now())
        await notifying.drain(app)
    await app.database.advance(target - await app.database.now())
