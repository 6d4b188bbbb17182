"""`earnest bench-search`: how fast a search is in an installation that is there, and its plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click
from rich.table import Table

from earnest.bench.figures import BenchError
from earnest.bench.searching import LIMIT_MS, measure
from earnest.cli.desk import Failure, say, with_desk
from earnest.cli.printing import console

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.bench.searching import Report
    from earnest.cli.desk import Desk

ROUNDS: Final = 5
ROUNDS_OFFERED: Final = click.IntRange(1, 100)


@click.command("bench-search")
@click.option("--rounds", type=ROUNDS_OFFERED, default=ROUNDS, show_default=True, help="How often.")
@click.option("--plans", "with_plans", is_flag=True, help="Show how the server looked for each.")
@with_desk
def bench_search(desk: Desk, rounds: int, *, with_plans: bool) -> None:
    """Measure thirty searches, as somebody with very many milestones and as somebody with a few."""

    async def work(app: App) -> Report:
        try:
            return await measure(app.database, rounds, say)
        except BenchError as error:
            raise Failure(error.code, str(error), error.advice) from error

    report = desk.run(work)
    if desk.json:
        desk.print_json(report.as_json())
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("search", "milestones", "found", "p50 ms", "max ms"):
        table.add_column(name, justify="left" if name == "search" else "right")
    for each in report.searches:
        told = each.as_json()
        spent = (f"{told['p50_ms']:.1f}", f"{told['max_ms']:.1f}")
        table.add_row(each.words, f"{each.reader.milestones:,}", str(each.found), *spent)
    console().print(table)
    if with_plans:
        for each in report.searches:
            click.echo(f"\n{each.words} ({each.reader.milestones:,} milestones)\n{each.plan}")
    said = "met" if report.is_met else "not met"
    click.echo(f"p95: {report.p95_ms:.1f} ms; needed: {LIMIT_MS} ms: {said}.")
