"""The README is true: every command of its tour is run here, as it stands there."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 180


def tour() -> str:
    """All of its shell blocks, one after the other; the first that fails ends it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) > 5
    return "set -eu -o pipefail\n" + "\n".join(blocks)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
        return number


def test_the_tour_of_the_readme_runs_as_it_stands_there(tmp_path: Path) -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("EARNEST_", "DATABASE_URL"))}
    own = {"EARNEST_DATA_DIR": str(tmp_path / "tour"), "PORT": str(free_port())}
    log = tmp_path / "log"
    with log.open("w") as out:
        running = subprocess.Popen(
            ["bash", "-c", tour()],
            cwd=ROOT,
            env=kept | own,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = running.wait(timeout=PATIENCE_SECONDS)
        finally:
            stop(running)
    assert code == 0, log.read_text(encoding="utf-8")[-4000:]


def stop(running: subprocess.Popen[bytes]) -> None:
    """End what a tour that stopped half way has left: the server is in its process group."""
    try:
        os.killpg(running.pid, signal.SIGTERM)
    except ProcessLookupError:
        return
