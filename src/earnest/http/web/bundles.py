"""Several releases at once: one page to check all of them, and a result for each.

Each is an intent of its own, so each is one command under one key: whatever is confirmed twice, in
two tabs or after a lost answer, is done once, and the page of the bundle shows what became of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from earnest.batcher import UnavailableError
from earnest.core.actions import Refused
from earnest.core.effects import Condition
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.core.milestones.row import Milestone
from earnest.core.references import printed
from earnest.http import asking
from earnest.http.web import proving
from earnest.http.web.acting import VIA
from earnest.http.web.bundled import Line, results, review
from earnest.http.web.finances import PICK, asked_for
from earnest.http.web.listing import reference
from earnest.http.web.places import checked_form
from earnest.http.web.rendering import redirect
from earnest.store import intents
from earnest.store.reads import events
from earnest.store.reads.around import names
from earnest.store.reads.collections import EVENTS, MILESTONES
from earnest.store.reads.paging import Part, items
from earnest.wire.fingerprint import fields_of
from earnest.wire.parse import parse_action

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.batch import Answer
    from earnest.store.db import Connection
    from earnest.store.intents import Intent

ADDRESS: Final = "/bundles"
PREFIX: Final = "bun"
MOST: Final = 50
ACTION: Final = ReleaseMilestone.name


@dataclass(frozen=True, slots=True)
class Bundles:
    """Releases that are checked together, and done each alone."""

    app: App

    async def gather(self, visit: Visit, request: Request) -> Response:
        """Keep what would happen to each milestone that is ticked, and show all of it."""
        values = await checked_form(visit, request)
        read = reference(Milestone.prefix)
        ticked = (read(name.removeprefix(PICK)) for name in values if name.startswith(PICK))
        numbers = [*dict.fromkeys(number for number in ticked if number is not None)]
        if not 0 < len(numbers) <= MOST:
            back = asked_for(dict(parse_qsl(values.get("list", "")))).address()
            return redirect(visit, back, "too_many_picked" if numbers else "none_picked")
        drafts = await visit.reading(lambda db: self._drafts(db, visit, numbers))
        if not drafts:
            raise asking.not_found()
        new = self.app.node.ids.new
        number, kept = new(), {new(): draft for draft in drafts}
        database, me = self.app.database, visit.me.id
        await asking.looking(self.app, lambda: intents.keep_all(database, number, me, kept))
        return redirect(visit, f"{ADDRESS}/{printed(PREFIX, number)}")

    async def to_list(self, visit: Visit, _request: Request) -> Response:
        """Whoever opens the address of a button by hand is led to the list."""
        return redirect(visit, asked_for({}).address())

    async def shown(self, visit: Visit, request: Request) -> Response:
        """What would happen to each; once it was confirmed, what became of each."""
        return self._page(visit, request, await self._look(visit, request))

    async def sent(self, visit: Visit, request: Request) -> Response:
        """Do each that is still what was shown. Of what fails nothing is done, and it says so."""
        values = await checked_form(visit, request)
        lines = await self._look(visit, request)
        waiting = [each for each in lines if not each.is_answered and each.intent.was_possible]
        if "ok" not in values:
            is_unticked = any(each.release is not None for each in waiting)
            return self._page(visit, request, lines, is_unticked=is_unticked)
        asked = [each for each in waiting if not each.intent.is_over]
        if await proving.is_needed(visit, ACTION, *(e for each in asked for e in each.effects)):
            return proving.first(visit, visit.path)
        await self._done(visit, asked)
        return redirect(visit, request.url.path)

    async def _drafts(
        self, db: Connection, visit: Visit, numbers: Sequence[int]
    ) -> list[intents.Draft]:
        """What would happen to each; of what cannot be done only that it was asked for."""
        found = {row.id: row for row in await _own(db, visit, numbers)}
        actions = [ReleaseMilestone(number) for number in numbers if number in found]
        outcomes = await self.app.previews(db, visit.me.id, actions)
        return [
            intents.Draft(
                ACTION,
                action.subject_id,
                fields_of(action),
                "" if isinstance(outcome, Refused) else outcome.effect.hash,
                (),
            )
            for action, outcome in zip(actions, outcomes, strict=True)
        ]

    async def _look(self, visit: Visit, request: Request) -> list[Line]:
        """Every line of the bundle as it stands."""
        number, me = asking.reference(request, PREFIX), visit.me.id
        if number is None:
            raise asking.not_found()

        async def read(db: Connection) -> list[Line]:
            kept = await intents.of_bundle(db, number, me)
            if not kept:
                raise asking.not_found()
            return await self._lines(db, visit, kept)

        return await visit.reading(read)

    async def _lines(self, db: Connection, visit: Visit, kept: Sequence[Intent]) -> list[Line]:
        me = visit.me.id
        rows = {row.id: row for row in await _own(db, visit, [i.subject_id for i in kept])}
        people = await names(db, {row.freelancer_id for row in rows.values()})
        answers = await intents.answered_all(db, me, [each.reference for each in kept])
        numbers = sorted({event for event, _ in answers.values() if event is not None})
        these = (Part("lists.these", (numbers,)), Part(events.VISIBLE, (me,)))
        happened = {each.id: each for each in await items(db, EVENTS, *these)} if numbers else {}
        done = {key for key, (event, _) in answers.items() if event is not None}
        waiting = [each for each in kept if each.reference not in done]
        outcomes = await self.app.previews(db, me, [action_of(each) for each in waiting])
        now = dict(zip((each.id for each in waiting), outcomes, strict=True))
        lines: list[Line] = []
        for each in kept:
            event, problem = answers.get(each.reference, (None, None))
            row = rows[each.subject_id]
            person, told = people[row.freelancer_id], happened.get(event or 0)
            lines.append(Line(each, row, person, now.get(each.id), told, problem))
        return lines

    async def _done(self, visit: Visit, lines: Sequence[Line]) -> None:
        """Ask for all at once and wait for each; what has no answer is on the page as that."""
        asked: list[asyncio.Future[Answer]] = []
        lost: list[BaseException] = []
        for each in lines:
            try:
                asked.append(self._asked(visit, each.intent))
            except UnavailableError as error:
                lost.append(error)
        found = await asyncio.gather(*asked, return_exceptions=True)
        lost += [each for each in found if isinstance(each, UnavailableError)]
        if lost and len(lost) == len(lines):
            raise lost[0]

    def _asked(self, visit: Visit, intent: Intent) -> asyncio.Future[Answer]:
        return self.app.ask(
            visit.me.id,
            action_of(intent),
            key=intent.reference,
            via=VIA,
            condition=Condition(intent.fields, intent.effect_hash),
        )

    def _page(
        self, visit: Visit, request: Request, lines: Sequence[Line], *, is_unticked: bool = False
    ) -> Response:
        path = request.url.path
        if any(each.is_answered for each in lines):
            return results(visit, path, lines)
        return review(visit, path, lines, is_unticked=is_unticked)


async def _own(db: Connection, visit: Visit, numbers: Sequence[int]) -> list[Milestone]:
    """Those of these milestones that the reader is a side of."""
    these = Part("lists.these", (sorted(numbers),))
    return await items(db, MILESTONES.source, these, Part(MILESTONES.visible, (visit.me.id,)))


def action_of(intent: Intent) -> ReleaseMilestone:
    """What an intent of a bundle asks for."""
    found = parse_action(intent.action, intent.subject_id, intent.fields)
    assert isinstance(found, ReleaseMilestone), "nothing else is bundled"
    return found
