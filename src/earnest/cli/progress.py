"""Progress of what takes longer than a moment: a bar for people, a line a tenth for logs."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from earnest.cli.desk import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LINES: Final = 10


@contextlib.contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """How far it has come is told to what this gives: so many of so many."""
    if not sys.stderr.isatty():
        yield _lines(what)
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
    )  # fmt: skip
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(what, total=None, visible=False)
        yield lambda done, total: bars.update(task, completed=done, total=total, visible=True)


def _lines(what: str) -> Callable[[int, int], None]:
    told = 0

    def tell(done: int, total: int) -> None:
        nonlocal told
        if done * _LINES // total > told:
            told = done * _LINES // total
            say(f"{what}: {done:,} of {total:,}")

    return tell
