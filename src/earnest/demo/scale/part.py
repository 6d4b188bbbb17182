"""A process that loads places, as many as it is told: a line of JSON, then a number a line.

It answers each number once that place is in the books, all of it.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from earnest.app import house_of, server
from earnest.config import Config
from earnest.demo.scale.crowd import crowd
from earnest.demo.scale.planning import Size, planned
from earnest.store import loading


class Task(msgspec.Struct):
    """What a process has to know."""

    data_dir: str
    database_url: str | None
    postgres: str | None
    size: Size
    present: datetime
    preset: str
    fee_bps: int
    approval_limits: dict[str, str]

    def config(self) -> Config:
        """Where the books are, and the settings that the rules read."""
        return Config(
            data_dir=Path(self.data_dir), database_url=self.database_url,
            postgres=Path(self.postgres) if self.postgres else None, preset=self.preset,
            fee_bps=self.fee_bps, approval_limits=self.approval_limits,
        )  # fmt: skip


_reader: Final = msgspec.json.Decoder(Task)


async def _load(task: Task, dsn: str) -> None:
    """Load until there is nothing more to read, on one connection, which others can see."""
    house = house_of(task.config(), "sandbox")
    async with loading.connected(dsn) as db:
        everybody = crowd(task.size.people, task.present)
        gc.disable()  # What lives in a place lives to its end; walking it finds nothing.
        gc.freeze()
        for line in sys.stdin:
            place = planned(task.size, int(line), everybody, task.present, house)
            place.play()
            place.must_balance()
            await loading.copy(db, place.world, place.told)
            sys.stdout.write(line)
            sys.stdout.flush()
            del place
            gc.collect()


def main() -> None:
    """Read the task, and begin."""
    task = _reader.decode(sys.stdin.readline())
    with server(task.config(), lambda _: None) as (dsn, _):
        asyncio.run(_load(task, dsn))


if __name__ == "__main__":
    main()
