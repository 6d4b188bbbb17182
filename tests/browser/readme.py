"""The picture of the README: Emma's dashboard in a demo that is served for it and taken away."""

from __future__ import annotations

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.browser.chromium import DESKTOP, launched
from tests.browser.pictures import seen_at_once
from tests.browser.visitors import Contexts
from tests.browser.walking import fill, is_headed, press

from earnest.demo.people import PASSWORD, PEOPLE
from earnest.store import embedded
from earnest.store.embedded import places

EARNEST: Final = (sys.executable, "-P", "-m", "earnest")
SIZE_KB_MAX: Final = 200
#: As long as the story takes on a slow machine.
PATIENCE_SECONDS: Final = 300


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
        return number


def answers(url: str) -> bool:
    """Whether it is served by now."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """A demo, for as long as this; nothing is left of it."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="earnest-picture-") as made:
        data_dir, log = Path(made) / "demo", Path(made) / "log"
        with log.open("w") as written:
            running = subprocess.Popen(
                [*EARNEST, "demo", "--port", str(port), "--data-dir", str(data_dir)],
                stdout=written,
                stderr=written,
            )
        try:
            end = time.monotonic() + PATIENCE_SECONDS
            while not answers(f"http://localhost:{port}/readyz"):
                if running.poll() is not None or time.monotonic() > end:
                    sys.exit(f"the demo is not served:\n{log.read_text()}")
                time.sleep(0.2)
            yield f"http://localhost:{port}"
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait()
            cluster = embedded.status(data_dir).cluster
            if cluster is not None and cluster.parent == places.CLUSTERS:
                shutil.rmtree(cluster)  # As root it is not in the temporary directory.


async def taken(program: str) -> bytes:
    """Sign in as the first of the story, and look at the dashboard."""
    with demo() as url:
        async with launched(program) as browser:
            context = await Contexts(browser).take(url, DESKTOP)
            page = await context.new_page()
            await page.goto("/signin")
            await fill(page, {"E-mail address": PEOPLE[0].email, "Password": PASSWORD})
            await press(page, "Sign in")
            await is_headed(page, "Financial dashboard")
            return await seen_at_once(page)
