"""Other processes of the test suite's own, with the same packages."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]


def environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), str(ROOT), *sys.path)))
    return {**os.environ, "PYTHONPATH": path}


async def told(module: str, task: object) -> dict[str, Any]:
    """Run a module with a task as JSON on its input, to its end; what it prints is JSON."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    printed, _ = await process.communicate(json.dumps(task).encode())
    assert process.returncode == 0
    answer: dict[str, Any] = json.loads(printed)
    return answer
