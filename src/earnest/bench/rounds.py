"""The whole run: everything in turn on the same PostgreSQL, round by round, then the books."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from earnest.bench import engine, serving, tpcb
from earnest.bench.figures import MEASURED, Report
from earnest.bench.installation import installed
from earnest.bench.town import FULL, SMALL, settle
from earnest.store.measuring import write_everything
from earnest.store.verify import verify

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from earnest.bench.figures import Figures
    from earnest.bench.installation import Installation
    from earnest.bench.serving import Server
    from earnest.bench.town import Town

#: How many askers each way of asking has.
CONNECTIONS: Final = 64
BATCHING_CONNECTIONS: Final = 4
LINES: Final = 500
OVER_HTTP: Final = frozenset({"rest", "batch", "latency"})

Measurement: TypeAlias = Callable[[], Awaitable["Figures"]]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to measure, how long and how often."""

    seconds: float
    rounds: int
    names: Sequence[str]
    #: A new or empty directory; else one is made.
    where: Path | None = None
    #: Other programs of PostgreSQL than the bundled ones.
    postgres: Path | None = None
    is_small: bool = False


async def run(plan: Plan, say: Callable[[str], None]) -> Report:
    """Measure everything, then verify the books."""
    size = SMALL if plan.is_small else FULL
    async with installed(plan.where, plan.postgres, say) as installation:
        app = installation.app
        if "tpcb" in plan.names:
            tpcb.program(installation)  # Missing, it is better missed before all others ran.
            say("making the bank of TPC-B")
            await tpcb.fill(installation, size.tpcb_scale)
        town = await settle(app, size, say)
        counted = await engine.statements(app, town)
        async with contextlib.AsyncExitStack() as stack:
            server = None
            if OVER_HTTP & set(plan.names):
                server = await stack.enter_async_context(serving.served(installation))
            rounds = await _rounds(plan, _ways(plan, installation, town, server), installation, say)
        say("verifying the books")
        found = await verify(app.database, lambda _: None)
        return Report(
            installation.settings,
            rounds,
            {name: count for name, count in counted.items() if name in plan.names},
            found.transfers,
            found.accounts,
            [f"{each.rule}: {each.first}" for each in found.broken],
        )


def _ways(
    plan: Plan, installation: Installation, town: Town, server: Server | None
) -> dict[str, Measurement]:
    """How each is measured."""
    seconds, app, postgres = plan.seconds, installation.app, installation.postgres

    async def rest(connections: int) -> Figures:
        assert server is not None, "started for whoever asks over HTTP"
        return await serving.measure(server, town.employers, seconds, connections=connections)

    async def batch() -> Figures:
        assert server is not None, "started for whoever asks over HTTP"
        return await serving.measure(
            server, town.large, seconds, connections=BATCHING_CONNECTIONS, lines=LINES
        )

    ways: dict[str, Measurement] = {
        "tpcb": lambda: tpcb.measure(installation, seconds),
        "engine": lambda: engine.measure(app, town, seconds, postgres),
        "rest": lambda: rest(CONNECTIONS),
        "batch": batch,
        "latency": lambda: rest(1),
        "one_by_one": lambda: engine.measure(app, town, seconds, postgres, commands_max=1),
    }
    return {name: ways[name] for name in MEASURED if name in plan.names}


async def _rounds(
    plan: Plan,
    ways: dict[str, Measurement],
    installation: Installation,
    say: Callable[[str], None],
) -> dict[str, list[Figures]]:
    """Forth and back, so that what a machine does in the meantime falls on all alike."""
    found: dict[str, list[Figures]] = {name: [] for name in ways}
    for number in range(plan.rounds):
        for name in ways if number % 2 == 0 else reversed(ways):
            say(f"round {number + 1} of {plan.rounds}: {MEASURED[name]}")
            await write_everything(installation.app.database)
            found[name].append(await ways[name]())
    return found
