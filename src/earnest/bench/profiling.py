"""Where the engine's time goes: Python's by function, PostgreSQL's by statement."""

from __future__ import annotations

import cProfile
import io
import pstats
import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

from earnest.batcher import COMMANDS_MAX
from earnest.bench import engine
from earnest.bench.installation import installed
from earnest.bench.town import FULL, SMALL, command, number_of, release, settle
from earnest.http.problems import problem_of
from earnest.store.batch import execute
from earnest.store.measuring import plans_of
from earnest.store.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    from earnest.app import App
    from earnest.bench.installation import Installation
    from earnest.bench.rounds import Plan
    from earnest.bench.town import Town
    from earnest.store.measuring import Spent

FUNCTIONS: Final = 45
#: Batches whose statements are timed, one after the other.
BATCHES: Final = 20
_TEXT_LONGEST: Final = 100
#: Of a plan: how long all of it took, and its parts, with what they wrote.
_PART: Final = re.compile(r"^duration:|actual time=|^Trigger |WAL:")


async def profile(plan: Plan, say: Callable[[str], None]) -> str:
    """Both, as text; the profiler slows Python down, so its times are shares, not speeds."""
    async with installed(plan.where, plan.postgres, say) as installation:
        app = installation.app
        town = await settle(app, SMALL if plan.is_small else FULL, say)
        say("one batch after the other, by statement")
        statements = await _by_statement(app, town)
        say("one batch, by part of each plan")
        parts = await _by_part(installation, town)
        say("under the profiler")
        profiler = cProfile.Profile()
        profiler.enable()
        figures = await engine.measure(app, town, plan.seconds, installation.postgres)
        profiler.disable()
    return f"{statements}\n{parts}\n{_by_function(profiler, figures.commands)}"


async def _by_statement(app: App, town: Town) -> str:
    """How long each statement of a full batch took to be answered, parsing of arrays included."""
    lanes = town.lanes()
    half = min(COMMANDS_MAX, len(lanes)) // 2
    told: defaultdict[str, float] = defaultdict(float)
    milestones: list[tuple[int, int]] = []
    done = 0
    for number in range(BATCHES + 1):
        start = number * half % (len(lanes) - half + 1)
        batch = engine.funding(app, lanes[start : start + half])
        batch += [command(app, who, release(milestone)) for who, milestone in milestones]
        answers, spent = await engine.one_batch(app, batch)
        milestones = [
            (each.actor_id, number_of(answer))
            for each, answer in zip(batch[:half], answers, strict=False)
        ]
        if number:  # The first one only sets aside.
            done += len(batch)
            _add(told, spent)
    lines = [f"µs a command, by statement ({BATCHES} batches of {2 * half}):"]
    lines += [
        f"{seconds * 1e6 / done:8.1f}  {text}"
        for text, seconds in sorted(told.items(), key=lambda each: -each[1])
    ]
    return "\n".join([*lines, f"{sum(told.values()) * 1e6 / done:8.1f}  all of them\n"])


async def _by_part(installation: Installation, town: Town) -> str:
    """What each part of each plan took: every insert, every trigger; milliseconds for the batch."""
    app, lanes = installation.app, town.lanes()
    half = min(COMMANDS_MAX, len(lanes)) // 2
    first = engine.funding(app, lanes[:half])
    async with plans_of(installation.held.dsn) as (db, plans):
        made = await execute(db, first, app.house, problem_of, Turns(), app.node.ids.reserve)
        plans.clear()  # The driver has asked for its types by now, and those are no part of it.
        answers = [made[each.id] for each in first]
        batch = engine.funding(app, lanes[half : 2 * half])
        batch += engine.releasing(app, lanes, answers)
        await execute(db, batch, app.house, problem_of, Turns(), app.node.ids.reserve)
    lines = [f"Plans of one batch of {len(batch)} (timing them costs time too):"]
    lines += [line for plan in plans for line in plan.splitlines() if _PART.search(line)]
    return "\n".join([*lines, ""])


def _add(told: defaultdict[str, float], spent: list[Spent]) -> None:
    for each in spent:
        told[" ".join(each.text.split())[:_TEXT_LONGEST]] += each.seconds


def _by_function(profiler: cProfile.Profile, commands: int) -> str:
    """The functions with the most time of their own, per command."""
    text = io.StringIO()
    stats = pstats.Stats(profiler, stream=text)
    stats.sort_stats("tottime").print_stats(FUNCTIONS)
    stats.sort_stats("cumulative").print_stats(FUNCTIONS)
    return f"While {commands} commands were counted (and some more before):\n{text.getvalue()}"
