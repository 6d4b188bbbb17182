"""`earnest`, as people and programs use it: in this process, or as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from click.testing import CliRunner, Result

from earnest.cli.program import program

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


@dataclass
class Earnest:
    """An installation: where it is, and what is set for it."""

    data_dir: Path
    dsn: str | None
    env: dict[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("EARNEST_")}
        kept |= {"EARNEST_DATA_DIR": str(self.data_dir), "PYTHONPATH": str(ROOT / "src")}
        if self.dsn is not None:
            kept["DATABASE_URL"] = self.dsn
        return kept | self.env

    def __call__(self, *words: object, code: int = 0, text: str | None = None) -> Result:
        """Run a command in this process."""
        result = self.unchecked(*words, text=text)
        assert result.exit_code == code, f"{words}: {result.exit_code}\n{result.output}"
        return result

    def unchecked(self, *words: object, text: str | None = None) -> Result:
        """Run a command in this process, whatever it ends with."""
        unset: Mapping[str, str | None] = dict.fromkeys(os.environ, None)
        arguments = [str(word) for word in words]
        result = CliRunner().invoke(program, arguments, input=text, env={**unset, **self.settings})
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def json(self, *words: object, code: int = 0, text: str | None = None) -> Any:
        """Run a command in this process, and read what it tells programs."""
        return json.loads(self(*words, "--json", code=code, text=text).stdout)

    def start(self, *words: object) -> subprocess.Popen[str]:
        """Begin a process of its own."""
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "earnest", *map(str, words)],
            env=self.settings,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def process(self, *words: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        """Run a process of its own to its end."""
        with self.start(*words) as running:
            out, err = running.communicate(timeout=PATIENCE_SECONDS)
        assert running.returncode == code, f"{words}: {running.returncode}\n{out}\n{err}"
        return subprocess.CompletedProcess(running.args, running.returncode, out, err)

    def process_json(self, *words: object, code: int = 0) -> Any:
        return json.loads(self.process(*words, "--json", code=code).stdout)

    @contextmanager
    def serving(self, *words: object, port: int) -> Iterator[str]:
        """A server, ready; stopped as a service manager does, and in good order."""
        server = self.start("serve", "--port", port, *words)
        try:
            until(lambda: status(f"http://127.0.0.1:{port}/readyz") == 200, server)
            yield f"http://127.0.0.1:{port}"
            server.terminate()
            out, err = server.communicate(timeout=PATIENCE_SECONDS)
            assert server.returncode == 0, f"{out}\n{err}"
        finally:
            server.kill()
            server.communicate()

    async def sql(self, text: str, *arguments: object) -> Any:
        """What an administrator does behind our back."""
        assert self.dsn is not None
        connection = await asyncpg.connect(self.dsn)
        try:
            return await connection.fetch(text, *arguments)
        finally:
            await connection.close()


def until(holds: Callable[[], bool], running: subprocess.Popen[str]) -> None:
    """Wait for a condition, as long as the process lives."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0
