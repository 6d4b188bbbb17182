"""`earnest bench --pages`: how fast the pages of a sandbox are, in a table or as JSON."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table

from earnest.bench.pages import ASKED_EACH, ASKED_ONCE, LIMIT_MS, SLOW_MS, measure
from earnest.cli.printing import console

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from earnest.bench.pages import Measured
    from earnest.cli.desk import Desk

_COLUMNS: Final = ("p50 ms", "p95 ms", "max ms", "CPU ms", "kB", "statements", "slowest ms", "")


async def measured(
    desk: Desk, rounds: int, say: Callable[[str], None], *, is_small: bool
) -> tuple[Sequence[Measured], dict[str, Any]]:
    """All pages, and the same for programs."""
    where: Path = desk.config.data_dir
    asked_each = ASKED_ONCE if is_small else ASKED_EACH
    found = await measure(where, desk.config.postgres, say, rounds=rounds, asked_each=asked_each)
    return found, {
        "limit_ms": LIMIT_MS,
        "slow_ms": SLOW_MS,
        "pages": [each.as_json() for each in found],
    }


def show(found: Sequence[Measured]) -> None:
    """The table, then the plans of what took long in the database."""
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("page")
    table.add_column("as")
    for title in _COLUMNS:
        table.add_column(title, justify="right")
    for each in found:
        address = each.visit.address
        on = f" ({address.pages_on} pages on)" if address.pages_on else ""
        table.add_row(
            f"{address.path}{on}",
            address.who,
            f"{statistics.median(each.seconds) * 1e3:,.1f}",
            f"{each.p95_ms:,.1f}",
            f"{max(each.seconds) * 1e3:,.1f}",
            f"{each.cpu_ms:,.1f}",
            f"{each.bytes / 1e3:,.1f}",
            str(each.statements),
            f"{each.slowest.seconds * 1e3:,.1f}" if each.slowest else "–",
            _judged(each),
        )
    out.print(table)
    for each in found:
        if each.plan:
            out.print(f"\n{each.visit.address.path}, {each.visit.address.who}", style="bold")
            out.print(each.plan, markup=False, soft_wrap=True)
    met, slow = sum(each.is_met for each in found), sum(each.is_slow for each in found)
    out.print(
        f"\n{met} of {len(found)} pages are under {LIMIT_MS} ms at p95, {slow} over {SLOW_MS}."
    )


def _judged(each: Measured) -> str:
    """Whether it is under the limit; or over twice that."""
    if each.is_met:
        return "[green]met[/]"
    return f"[red]over {SLOW_MS}[/]" if each.is_slow else "[yellow]not met[/]"
