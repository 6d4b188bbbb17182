"""A worker of its own process, `python -m tests.store.draining`: does what is due, and tells."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from earnest import worker
from earnest.app import opened
from earnest.config import Config
from earnest.http.problems import problem_of
from earnest.store import notices, reminding


async def main() -> None:
    """Say when it is ready, wait for a line, drain, tell everybody, and say how much that was."""
    task = json.loads(sys.stdin.readline())
    with tempfile.TemporaryDirectory() as folder:
        async with opened(Config(Path(folder), task["dsn"], connections=4), problem_of) as app:
            print(json.dumps({"ready": True}), flush=True)  # noqa: T201
            await asyncio.to_thread(sys.stdin.readline)
            began = time.monotonic()
            if task.get("tells"):
                reserve = app.node.ids.reserve
                done = await reminding.catch_up(app.database, app.house, reserve)
            else:
                done = await worker.drain(app)
                await notices.catch_up(app.database, app.node.ids.reserve)
            spent = time.monotonic() - began
            print(json.dumps({"done": done, "seconds": spent}), flush=True)  # noqa: T201


if __name__ == "__main__":
    asyncio.run(main())
