"""A dry run: what an action would lead to at this moment, and the hash to ask for exactly that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from earnest.core.actions import Refused
from earnest.http.problems import effect_shown, problem_of
from earnest.http.reading import reading

if TYPE_CHECKING:
    from earnest.app import App, Preview
    from earnest.core.actions import Action
    from earnest.core.effects import Condition
    from earnest.store.db import Connection


async def looked_at(
    app: App, asker_id: int, action: Action[Any], condition: Condition | None
) -> tuple[bytes, bool]:
    """What would be answered, and whether it is a problem; nothing is done, no key is claimed."""

    async def read(db: Connection) -> Preview | Refused:
        return await app.preview(db, asker_id, action, condition)

    found = await reading(app, read)
    if isinstance(found, Refused):
        return problem_of(found), True
    return told(found), False


def told(found: Preview) -> bytes:
    """The effect with its hash, and the events that would tell of it."""
    event = {"name": found.event.name, "subject": found.effect.subject}
    return msgspec.json.encode({**effect_shown(found.effect), "events": [event]})
