"""`earnest bench`: how fast this machine is, in a table for people or JSON for programs."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
import uvloop
from rich.table import Table
from typing_extensions import override

from earnest.bench.figures import MEASURED, BenchError
from earnest.bench.profiling import profile
from earnest.bench.rounds import Plan, run
from earnest.cli import benching_pages
from earnest.cli.desk import Failure, desk_for, say
from earnest.cli.printing import console
from earnest.http.logs import configure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from earnest.bench.figures import Report

SECONDS: Final = 8.0
SECONDS_OFFERED: Final = click.FloatRange(0.1, 3_600)
ROUNDS: Final = 5
ROUNDS_OFFERED: Final = click.IntRange(1, 100)


class Names(click.ParamType[tuple[str, ...]]):
    """Some of what can be measured, with commas between."""

    name = "names"

    @override
    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        names = tuple(value.split(","))
        for each in names:
            if each not in MEASURED:
                self.fail(f"{each!r} is none of {', '.join(MEASURED)}.", param, ctx)
        return names


@click.command()
@click.option(
    "--seconds",
    type=SECONDS_OFFERED,
    default=SECONDS,
    show_default=True,
    help="How long one measurement is.",
)
@click.option(
    "--rounds",
    type=ROUNDS_OFFERED,
    default=ROUNDS,
    show_default=True,
    help="How often each is measured, in turn; medians are told.",
)
@click.option("--only", type=Names(), metavar="A,B,…", help=f"Of {', '.join(MEASURED)}.")
@click.option("--profile", "profiles", is_flag=True, help="Tell where the engine's time goes.")
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Measure here: a new or empty directory, emptied again (with --pages: one that is there).",
)
@click.option(
    "--pages",
    is_flag=True,
    help="Measure the pages of the sandbox in --data-dir instead, as its demo at scale has them.",
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON, for programs.")
@click.option("--small", "is_small", is_flag=True, hidden=True)
def bench(  # noqa: PLR0913  # Each is an option of the command line.
    seconds: float,
    rounds: int,
    only: tuple[str, ...] | None,
    data_dir: Path | None,
    *,
    profiles: bool,
    pages: bool,
    as_json: bool,
    is_small: bool,
) -> None:
    """Measure how many commands a second this machine keeps, beside pgbench's TPC-B.

    Everything happens in a new private PostgreSQL that is removed afterwards; nobody's books are
    touched. Exit 0: it ran and the books verify, however fast that was; 1: it did not, or they
    do not.
    """
    if pages:
        _bench_pages(data_dir, rounds, as_json=as_json, is_small=is_small)
        return
    desk = desk_for(None, as_json=as_json)
    names = only or tuple(MEASURED)
    plan = Plan(seconds, rounds, names, data_dir, desk.config.postgres, is_small)
    configure(level=logging.WARNING)
    with desk.explained(), _explained(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        if profiles:
            click.echo(loop.run(profile(plan, say)))
            return
        report = loop.run(run(plan, say if not as_json else _quiet))
    if as_json:
        desk.print_json(report.as_json())
    else:
        _print(report)
    if report.broken:
        raise SystemExit(1)


def _bench_pages(data_dir: Path | None, rounds: int, *, as_json: bool, is_small: bool) -> None:
    desk = desk_for(data_dir, as_json=as_json)
    configure(level=logging.ERROR)
    with desk.explained(), _explained(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:
        told = say if not as_json else _quiet
        found, for_programs = loop.run(
            benching_pages.measured(desk, rounds, told, is_small=is_small)
        )
    if as_json:
        desk.print_json(for_programs)
    else:
        benching_pages.show(found)


def _quiet(_: str) -> None:
    pass


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except BenchError as error:
        raise Failure(error.code, str(error), error.advice) from error


def _print(report: Report) -> None:
    """What was measured, what was demanded, and whether the books are right."""
    out = console()
    out.print(_measured(report))
    demanded = _demanded(report)
    if demanded.row_count:
        out.print(demanded)
    told = ", ".join(f"{name} {value}" for name, value in report.settings.items())
    out.print(f"PostgreSQL: {told}", style="dim")
    if report.broken:
        out.print("The books do not balance:", *report.broken, sep="\n  ", style="bold red")
        return
    out.print(f"The books are in order: {report.transfers} transfers, {report.accounts} accounts.")


def _measured(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("")
    for title in (
        *("a second", "least–most", "× TPC-B", "p50 ms", "p99 ms"),
        *("µs Python", "µs PostgreSQL", "commands/batch", "statements/batch"),
    ):
        table.add_column(title, justify="right")
    for name, rounds in report.rounds.items():
        rates = [each.per_second for each in rounds]
        table.add_row(
            MEASURED[name],
            _said(report.median(name, "per_second"), 0),
            f"{min(rates):,.0f}–{max(rates):,.0f}",
            _said(report.ratio(name, "tpcb"), 2),
            _said(report.median(name, "p50_ms"), 2),
            _said(report.median(name, "p99_ms"), 2),
            _said(report.median(name, "python_us"), 0),
            _said(report.median(name, "postgres_us"), 0),
            _said(report.median(name, "commands_per_batch"), 1),
            _said(report.statements.get(name), 1),
        )
    return table


def _demanded(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("what is demanded")
    for title in ("is", "needed", "", "goal", ""):
        table.add_column(title, justify="right")
    for demand, found, is_met, goal_met in report.demanded():
        sign = "≥" if demand.is_rate else "≤"
        table.add_row(
            demand.what,
            f"{found:,.2f}",
            f"{sign} {demand.needed:g}",
            _verdict(met=is_met),
            "–" if demand.goal is None else f"{sign} {demand.goal:g}",
            "" if goal_met is None else _verdict(met=goal_met),
        )
    return table


def _verdict(*, met: bool) -> str:
    return "[green]met[/]" if met else "[red]not met[/]"


def _said(value: float | None, decimals: int) -> str:
    return "–" if value is None else f"{value:,.{decimals}f}"
