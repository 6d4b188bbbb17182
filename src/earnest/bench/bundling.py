"""Releases that somebody has ticked and not confirmed: kept for half an hour, as the page does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.core.actions import Refused
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.http.web.bundles import ACTION, MOST
from earnest.store import intents
from earnest.store.landmarks import to_release
from earnest.store.reads.around import snapshot
from earnest.wire.fingerprint import fields_of

if TYPE_CHECKING:
    from earnest.app import App


async def bundle(app: App, employer: int) -> int | None:
    """As many as can be released together, under this number; None: there is nothing to release."""
    numbers = await to_release(app.database, employer, MOST)
    actions = [ReleaseMilestone(each) for each in numbers]
    async with snapshot(app.database) as db:
        outcomes = await app.previews(db, employer, actions)
    new = app.node.ids.new
    kept = {
        new(): intents.Draft(ACTION, action.subject_id, fields_of(action), found.effect.hash, ())
        for action, found in zip(actions, outcomes, strict=True)
        if not isinstance(found, Refused)
    }
    if not kept:
        return None
    number = new()
    await intents.keep_all(app.database, number, employer, kept)
    return number
