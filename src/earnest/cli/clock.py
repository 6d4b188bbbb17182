"""`earnest sandbox`: the test clock."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import click
from typing_extensions import override

from earnest import worker
from earnest.cli.desk import Failure, with_desk
from earnest.core.rows import wire_time

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.cli.desk import Desk

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
#: Further than this the times of rows could not be printed.
MOST: Final = timedelta(days=36_525)


class Span(click.ParamType[timedelta]):
    """A length of time: 14d, 36h, 90m."""

    name = "span"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        read = re.fullmatch(r"([0-9]{1,9})([smhdw])", value)
        if read is None:
            self.fail(f"{value!r} is not such as 14d, 36h or 90m (s, m, h, d, w).", param, ctx)
        span = timedelta(**{_UNITS[read[2]]: int(read[1])})
        if span > MOST:
            self.fail(f"{value!r} is more than a hundred years.", param, ctx)
        return span


@click.group()
def sandbox() -> None:
    """What only a sandbox has: a clock that can be set forward."""


@sandbox.command()
@click.argument("span", type=Span(), metavar="SPAN")
@with_desk
def advance(desk: Desk, span: timedelta) -> None:
    """Set the test clock forward (14d, 36h), and do everything that is due until then."""

    async def work(app: App) -> tuple[datetime, int]:
        if not app.house.sandbox:
            raise Failure("not_a_sandbox", "A live installation has no test clock.")
        done = await worker.advance(app, span)
        return await app.database.now(), done

    now, done = desk.run(work)
    if desk.json:
        desk.print_json({"now": wire_time(now), "done": done})
    else:
        click.echo(f"It is {wire_time(now)}. SYSTEM decided {done} times.")
