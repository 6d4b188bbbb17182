"""The engine alone: commands straight to a batcher, from as many askers as keep it full."""

from __future__ import annotations

import asyncio
import itertools
import time
from typing import TYPE_CHECKING, Final

from earnest.batcher import COMMANDS_MAX, Batcher
from earnest.bench.figures import figures
from earnest.bench.town import command, fund, number_of, release
from earnest.http.problems import problem_of
from earnest.store.batch import execute
from earnest.store.measuring import statements_of
from earnest.store.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from earnest.app import App
    from earnest.bench.figures import Figures
    from earnest.bench.town import Town
    from earnest.core.commands import Command
    from earnest.store.batch import Answer
    from earnest.store.measuring import Spent

#: Askers who each wait for their answer: two batches under way, and the next two forming.
ASKERS: Final = 1_000
#: What comes before the measuring: plans are made, caches filled, connections opened.
WARM_SHARE: Final = 0.2
WARM_SECONDS_MOST: Final = 1.0


def warm_seconds(seconds: float) -> float:
    """How long to run before anything counts."""
    return min(WARM_SECONDS_MOST, seconds * WARM_SHARE)


class _Asking:
    """Everybody asks, and what takes how long is noted while it counts."""

    def __init__(self, app: App, batcher: Batcher) -> None:
        self._app = app
        self._batcher = batcher
        self.latencies: list[float] = []
        self.counts = False
        self.ends = False

    async def go_on(self, lanes: Sequence[tuple[int, int]]) -> None:
        """One asker: set aside, release a part, in one contract after the other."""
        for employer, contract in itertools.cycle(lanes):
            if self.ends:
                return
            milestone = number_of(await self._ask(command(self._app, employer, fund(contract))))
            number_of(await self._ask(command(self._app, employer, release(milestone))))

    async def _ask(self, asked: Command) -> Answer:
        began = time.perf_counter()
        answer = await self._batcher.ask(asked)
        if self.counts:
            self.latencies.append(time.perf_counter() - began)
        return answer


async def measure(
    app: App,
    town: Town,
    seconds: float,
    postgres: Callable[[], float | None],
    *,
    commands_max: int = COMMANDS_MAX,
) -> Figures:
    """Commands a second of a batcher of its own, with batches up to this size."""
    batcher = Batcher(
        app.database, app.house, problem_of, app.node.ids.reserve, commands_max=commands_max
    )
    batcher.start()
    asking, lanes = _Asking(app, batcher), town.lanes()
    askers = min(ASKERS, len(lanes))
    tasks = [asyncio.create_task(asking.go_on(lanes[n::askers])) for n in range(askers)]
    try:
        await asyncio.sleep(warm_seconds(seconds))
        before, counts = (time.perf_counter(), time.process_time(), postgres()), batcher.counts
        commands, batches = counts.commands, counts.batches
        asking.counts = True
        await asyncio.sleep(seconds)
        asking.counts = False
        after = (time.perf_counter(), time.process_time(), postgres())
        commands, batches = counts.commands - commands, counts.batches - batches
    finally:
        asking.ends = True
        await asyncio.gather(*tasks)
        await batcher.close()
    return figures(
        asking.latencies,
        len(asking.latencies),
        after[0] - before[0],
        python=after[1] - before[1],
        postgres=_difference(before[2], after[2]),
        commands_per_batch=commands / batches if batches else None,
    )


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before


async def one_batch(app: App, commands: Sequence[Command]) -> tuple[list[Answer], list[Spent]]:
    """One batch by itself: its answers, and each of its statements."""
    async with app.database.pool.acquire() as db:
        with statements_of(db) as spent:
            answers = await execute(
                db, commands, app.house, problem_of, Turns(), app.node.ids.reserve
            )
    return [answers[each.id] for each in commands], spent


async def statements(app: App, town: Town) -> dict[str, float]:
    """How many statements a batch is. Counted apart, so that counting slows no measurement."""
    lanes = town.lanes()[:COMMANDS_MAX]
    half = len(lanes) // 2
    first, _ = await one_batch(app, funding(app, lanes[:half]))
    mixed = funding(app, lanes[half:]) + releasing(app, lanes, first)
    _, many = await one_batch(app, mixed)
    made, funded = await one_batch(app, funding(app, lanes[:1]))
    _, released = await one_batch(app, releasing(app, lanes, made))
    return {"engine": len(many), "one_by_one": (len(funded) + len(released)) / 2}


def funding(app: App, lanes: Sequence[tuple[int, int]]) -> list[Command]:
    """One more milestone in each lane."""
    return [command(app, employer, fund(contract)) for employer, contract in lanes]


def releasing(app: App, lanes: Sequence[tuple[int, int]], made: Sequence[Answer]) -> list[Command]:
    """A release of each milestone that was made, in the order of the lanes."""
    return [
        command(app, employer, release(number_of(answer)))
        for (employer, _), answer in zip(lanes, made, strict=False)
    ]
