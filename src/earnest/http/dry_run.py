"""A dry run: what an action would lead to at this moment, and the hash to ask for exactly that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from earnest.core.actions import Refused
from earnest.http.fates import fate_after
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

    async def read(db: Connection) -> tuple[Preview, Any] | Refused:
        found = await app.preview(db, asker_id, action, condition)
        if isinstance(found, Refused):
            return found
        return found, await fate_after(db, found, app.house)

    found = await reading(app, read)
    if isinstance(found, Refused):
        return problem_of(found), True
    return told(*found), False


def told(found: Preview, fate: dict[str, Any] | None) -> bytes:
    """The effect with its hash, the events that would tell of it, and the fate from then on."""
    event = {"name": found.event.name, "subject": found.effect.subject}
    shown = {**effect_shown(found.effect), "events": [event], "fate": fate}
    return msgspec.json.encode(shown)
