"""Write ``docs/pictures/dashboard.png``, the picture of the README: Emma's dashboard in the demo.

Run it (``make picture``) after a change of how pages look, and commit what it wrote. It needs
Chromium, serves a demo of its own in a temporary directory, and takes it away again.
"""

from __future__ import annotations

import asyncio
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

from tests.browser.chromium import MISSING, launched, program

from earnest.demo.people import PASSWORD, PEOPLE
from earnest.store import embedded
from earnest.store.embedded import places

TARGET: Final = Path(__file__).parents[1] / "docs" / "pictures" / "dashboard.png"
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
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  # Our own address.
            return bool(answer.status == 200)  # noqa: PLR2004
    except OSError:
        return False


@contextlib.contextmanager
def demo() -> Iterator[str]:
    """A demo, for as long as this; nothing is left of it."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="earnest-picture-") as made:
        data_dir, log = Path(made) / "demo", Path(made) / "log"
        with log.open("w") as written:
            running = subprocess.Popen(  # noqa: S603  # Our own program.
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


async def take(url: str, path: str) -> bytes:
    """Sign in as the first of the story, and look at the dashboard."""
    async with launched(path) as browser:
        page = await browser.new_page(
            base_url=url,
            viewport={"width": 1280, "height": 880},
            color_scheme="light",
            reduced_motion="reduce",
            locale="en-US",
        )
        await page.goto("/signin")
        await page.get_by_label("E-mail address").fill(PEOPLE[0].email)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("main").get_by_role("button", name="Sign in").click()
        await page.get_by_role("heading", name="Financial dashboard").wait_for()
        await page.evaluate("document.fonts.ready.then(() => true)")
        return await page.screenshot()


def main() -> None:
    path = program()
    if path is None:
        sys.exit(MISSING)
    with demo() as url:
        picture = asyncio.run(take(url, path))
    if len(picture) > SIZE_KB_MAX * 1024:
        sys.exit(f"the picture has {len(picture) // 1024} kB, more than {SIZE_KB_MAX}")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(picture)
    print(f"{TARGET}: {len(picture) // 1024} kB")


if __name__ == "__main__":
    main()
