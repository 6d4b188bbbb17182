"""`earnest serve` as a process of its own, to be killed; and `earnest ledger verify` afterwards."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.cli.earnest import status
from tests.soak.crowd import PATIENCE_SECONDS
from tests.store.processes import ROOT

from earnest.store import embedded
from earnest.store.db import migrate
from earnest.store.embedded import places

#: What a server may never log, whatever is done to it; and what only a confused gateway explains.
BUGS: Final = (
    *("command_broken", "batcher_broken", "books_do_not_balance", "payment_broken"),
    *("worker_broken", "Traceback"),
)
ALARMS: Final = ("system_refused", "break_opened")


@contextmanager
def private(data_dir: Path) -> Iterator[embedded.Held]:
    """A PostgreSQL of our own, with nothing in it, as safe as every private one."""
    try:
        with embedded.hold(data_dir) as held:
            asyncio.run(migrate(held.dsn, mode="sandbox", say=lambda _: None))
            yield held
    finally:
        cluster = embedded.status(data_dir).cluster
        if cluster is not None and cluster.parent == places.CLUSTERS:
            shutil.rmtree(cluster)  # As root it is not in the temporary directory.


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
        return number


@dataclass(slots=True)
class Site:
    """One server process; several may serve the same database."""

    data_dir: Path
    dsn: str | None = None
    env: Mapping[str, str] = field(default_factory=dict)
    #: Where the package is that is run.
    source: Path = ROOT / "src"
    port: int = field(default_factory=free_port)
    never: tuple[str, ...] = (*BUGS, *ALARMS)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.data_dir / f"serve-{self.port}.log"

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def command(self, *words: str) -> dict[str, Any]:
        """How to run `earnest` here."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("EARNEST_")}
        kept |= {"EARNEST_DATA_DIR": str(self.data_dir), "PYTHONPATH": str(self.source)}
        if self.dsn is not None:
            kept["DATABASE_URL"] = self.dsn
        return {
            "args": [sys.executable, "-P", "-m", "earnest", *words],
            "env": {**kept, **self.env},
        }

    def begin(self) -> None:
        """Begin to serve; what it says is in the log."""
        self.data_dir.mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                **self.command("serve", "--port", str(self.port)), stdout=log, stderr=log
            )

    async def ready(self) -> None:
        """Wait until it is ready."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not await asyncio.to_thread(self.is_ready):
            assert self.lives(), self.log.read_text()[-4000:]
            assert time.monotonic() < end, self.log.read_text()[-4000:]

    async def start(self) -> float:
        """Serve, and tell how long it took to be ready."""
        began = time.monotonic()
        self.begin()
        await self.ready()
        return time.monotonic() - began

    def is_ready(self) -> bool:
        return status(f"{self.url}/readyz") == 200

    def lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """Without a word."""
        assert self._process
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """As a service manager does; it ends in good order, and has never logged a bug."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(60) == 0, self.log.read_text()[-4000:]
        said = self.log.read_text().splitlines()
        assert not (bad := [s for s in said if any(word in s for word in self.never)]), bad[:9]

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command, as a process of its own, to its end."""
        asked = self.command(*words)
        return subprocess.run(**asked, capture_output=True, text=True, check=False, timeout=300)

    def verify(self) -> str:
        """`earnest ledger verify`, as a process of its own."""
        done = self.run("ledger", "verify", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        found = json.loads(done.stdout)
        assert found["ok"]
        return f"in order: {found['transfers']} transfers, {found['accounts']} accounts"

    def memory(self) -> int:
        """How much it has of the machine's memory, in KiB."""
        said = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", said)
        assert found
        return int(found[1])


@contextlib.asynccontextmanager
async def serving(site: Site) -> AsyncIterator[Site]:
    """A site that is stopped in good order, or at least killed."""
    try:
        await site.start()
        yield site
        await asyncio.to_thread(site.stop)
    finally:
        if site.lives():
            site.kill()


@contextmanager
def ending(*sites: Site) -> Iterator[None]:
    """Sites that somebody begins meanwhile are stopped in good order, or at least killed."""
    try:
        yield
        for site in sites:
            site.stop()
    finally:
        for site in filter(Site.lives, sites):
            site.kill()
