"""Who used how much of the processors: read from /proc, so that nobody has to be asked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_PROC: Final = Path("/proc")
#: In what follows the name in `/proc/<pid>/stat`: the parent, then four counts of ticks.
_PARENT: Final = 1
_OWN: Final = slice(11, 13)
_ENDED_CHILDREN: Final = slice(13, 15)


def of_process(pid: int) -> float | None:
    """Seconds of processor time of one process; None where nobody tells."""
    found = _stat(pid)
    return _seconds(found[_OWN]) if found else None


def of_server(postmaster: int) -> float | None:
    """Seconds of a whole PostgreSQL: its backends and writers, and the backends that have left."""
    found = _stat(postmaster)
    if not found:
        return None
    ticks = found[_OWN] + found[_ENDED_CHILDREN]
    for each in _PROC.iterdir():
        child = _stat(int(each.name)) if each.name.isdigit() else []
        if child and int(child[_PARENT]) == postmaster:
            ticks += child[_OWN]
    return _seconds(ticks)


def _stat(pid: int) -> list[str]:
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []  # It has gone, or this system has no /proc.
    return text.rpartition(")")[2].split()


def _seconds(ticks: list[str]) -> float:
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
