"""TPC-B as pgbench knows it: the yardstick that everybody can measure for themselves."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from earnest.bench.figures import BenchError, figures
from earnest.store.measuring import libpq, make_database

if TYPE_CHECKING:
    from earnest.bench.figures import Figures
    from earnest.bench.installation import Installation

DATABASE: Final = "earnest_tpcb"
RUN: Final = ("-n", "-c", "8", "-j", "1", "-M", "prepared")
#: Of so many transactions the latency is kept; writing down all would be work of its own.
_SAMPLED: Final = "0.1"
_DONE: Final = re.compile(r"number of transactions actually processed: ([0-9]+)")
_RATE: Final = re.compile(r"tps = ([0-9.]+)")
_FAILED: Final = re.compile(r"number of failed transactions: ([0-9]+)")


def program(installation: Installation) -> Path:
    """The pgbench of this PostgreSQL, else one of the machine."""
    beside = installation.held.programs / "pgbench"
    found = beside if beside.exists() else shutil.which("pgbench")
    if not found:
        raise BenchError(
            "no_pgbench",
            f"There is no pgbench in {beside.parent}, nor on the PATH.",
            "Set EARNEST_POSTGRES to a PostgreSQL that has one (Debian: the package"
            " postgresql-contrib), or leave TPC-B out with --only.",
        )
    return Path(found)


async def fill(installation: Installation, scale: int) -> None:
    """The bank of TPC-B, in another database of the same server."""
    await make_database(installation.app.database, DATABASE)
    await _pgbench(installation, "-i", "-q", "-s", str(scale))


async def measure(installation: Installation, seconds: float) -> Figures:
    """Transactions a second."""
    whole = max(1, round(seconds))
    prefix = installation.folder / f"tpcb-{time.monotonic_ns()}"
    log = ("--log", f"--log-prefix={prefix}", f"--sampling-rate={_SAMPLED}")
    before = installation.postgres()
    said = await _pgbench(installation, *RUN, "-T", str(whole), *log)
    after = installation.postgres()
    done, rate, failed = (_DONE.search(said), _RATE.search(said), _FAILED.search(said))
    if not done or not rate or (failed and failed[1] != "0"):
        raise BenchError("pgbench_failed", f"pgbench said what is not understood: {said}")
    commands = int(done[1])
    return figures(
        _latencies(prefix),
        commands,
        commands / float(rate[1]),
        postgres=None if before is None or after is None else after - before,
    )


def _latencies(prefix: Path) -> list[float]:
    """The third column of its log is the latency in microseconds."""
    found: list[float] = []
    for each in prefix.parent.glob(f"{prefix.name}.*"):
        lines = each.read_text(encoding="ascii").splitlines()
        found += [int(line.split()[2]) / 1e6 for line in lines]
        each.unlink()
    return found


async def _pgbench(installation: Installation, *arguments: str) -> str:
    where = libpq(installation.held.dsn, DATABASE)
    process = await asyncio.create_subprocess_exec(
        program(installation),
        *arguments,
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", **where},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, err = await process.communicate()
    except BaseException:
        process.kill()
        raise
    if process.returncode != 0:
        raise BenchError("pgbench_failed", f"pgbench failed: {err.decode().strip()[-500:]}")
    return out.decode()
