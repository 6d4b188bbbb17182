"""REST under load: `earnest serve` as people run it, and a client beside it; a process each."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from earnest.bench import cpu
from earnest.bench.engine import warm_seconds
from earnest.bench.figures import BenchError, figures
from earnest.bench.wire import Connection

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from earnest.bench.figures import Figures
    from earnest.bench.installation import Installation
    from earnest.bench.town import Employer

#: What a start takes at most, and what a client needs beyond its measuring.
PATIENCE_SECONDS: Final = 60
LOOK_SECONDS: Final = 0.02
#: How much of an answer may be one line: all latencies are on it.
_LINE_BYTES_MAX: Final = 1 << 28
_PORT: Final = re.compile(r"Serving on http://[^ ]*:([0-9]+)")
_COUNTED: Final = re.compile(rb"^earnest_(batches|commands)_total ([0-9.e+]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers, and what it used."""

    installation: Installation
    pid: int
    port: int

    def used(self) -> tuple[float | None, float | None]:
        """Seconds of processor time, of the server and of PostgreSQL."""
        return cpu.of_process(self.pid), self.installation.postgres()

    async def counts(self) -> dict[bytes, float]:
        """Batches and commands so far, as it tells everybody."""
        connection = await Connection.to(self.port)
        _, body = await connection.ask(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        connection.close()
        return {name: float(count) for name, count in _COUNTED.findall(body)}


@contextlib.asynccontextmanager
async def served(installation: Installation) -> AsyncIterator[Server]:
    """One process that serves, until this ends."""
    given = {k: v for k, v in os.environ.items() if not k.startswith("EARNEST_")}
    given.pop("DATABASE_URL", None)
    postgres = installation.app.config.postgres
    if postgres is not None:
        given["EARNEST_POSTGRES"] = str(postgres)
    # It logs every request, and into a file as a service does: whoever read along here would take
    # processor time from what is measured.
    logged = installation.folder / "serve.log"
    with logged.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "earnest", "serve", "--port", "0"),
            *("--data-dir", str(installation.folder)),
            env=given,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=log,
        )
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            port = await _port(process, logged)
        yield Server(installation, process.pid, port)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def _port(process: asyncio.subprocess.Process, logged: Path) -> int:
    """Where it serves, once it says so."""
    while not (found := _PORT.search(said := _text(logged))):
        if process.returncode is not None:
            raise BenchError("not_served", f"earnest serve ended: {said[-500:]}")
        await asyncio.sleep(LOOK_SECONDS)
    return int(found[1])


def _text(logged: Path) -> str:
    return logged.read_text(encoding="utf-8", errors="replace")


async def measure(
    server: Server,
    employers: Sequence[Employer],
    seconds: float,
    *,
    connections: int,
    lines: int = 1,
) -> Figures:
    """Commands a second over HTTP: one a request, or so many lines of /v1/batch."""
    task = {
        "port": server.port, "connections": connections, "lines": lines, "seconds": seconds,
        "warm": warm_seconds(seconds), "run": secrets.token_hex(6),
        "employers": [each.as_json() for each in employers],
    }  # fmt: skip
    counted = await server.counts()
    async with asyncio.timeout(seconds + PATIENCE_SECONDS):
        before, after, told = await _client(server, task)
    now = await server.counts()
    batches, commands = (now[name] - counted[name] for name in (b"batches", b"commands"))
    return figures(
        told["latencies"],
        told["commands"],
        told["seconds"],
        python=_difference(before[0], after[0]),
        postgres=_difference(before[1], after[1]),
        commands_per_batch=commands / batches if batches else None,
    )


Used = tuple[float | None, float | None]


async def _client(server: Server, task: dict[str, Any]) -> tuple[Used, Used, dict[str, Any]]:
    """Run the client; what had been used when it began to count and when it ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "earnest.bench.client"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LINE_BYTES_MAX,
    )
    assert process.stdin is not None, "asked for"
    assert process.stdout is not None, "asked for"
    try:
        process.stdin.write(json.dumps(task).encode())
        process.stdin.write_eof()
        began = await process.stdout.readline()
        before = server.used()
        ended = await process.stdout.readline()
        after = server.used()
        _, errors = await process.communicate()
    except BaseException:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode != 0 or not began or not ended:
        last = errors.decode(errors="replace").strip().splitlines()[-1:]
        raise BenchError("client_failed", f"The client gave up: {' '.join(last)}")
    return before, after, json.loads(ended)


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before
