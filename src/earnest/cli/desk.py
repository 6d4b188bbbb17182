"""What every command has: settings, the database, a place to print, and three ways to end.

Exit 0: done. Exit 1: refused, or it failed. Exit 2: wrong usage.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click
import msgspec

from earnest import config as settings
from earnest.app import is_made, opened
from earnest.batcher import BrokenCommandError, UnavailableError
from earnest.http.logs import configure
from earnest.http.problems import problem_of
from earnest.store.db import GONE, DatabaseError
from earnest.store.embedded import EmbeddedError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from earnest.app import App
    from earnest.config import Config

T = TypeVar("T")

_PLAIN: Final = msgspec.json.Encoder()


class Failure(click.ClickException):
    """A command that could not be done: what is the matter, and what to do about it."""

    def __init__(self, code: str, detail: str, advice: str = "") -> None:
        """Say it for programs (the code) and for people (the rest)."""
        super().__init__(detail)
        self.code = code
        self.advice = advice

    def as_json(self) -> bytes:
        """The same for programs."""
        said = {"code": self.code, "detail": self.message, "advice": self.advice}
        return _PLAIN.encode({name: text for name, text in said.items() if text})

    def show(self, file: Any = None) -> None:
        """Print it for people."""
        advice = f"\n{self.advice}" if self.advice else ""
        click.echo(f"Error: {self.message}{advice}", err=True, file=file)


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a command works."""

    config: Config
    json: bool

    def run(self, work: Callable[[App], Coroutine[Any, Any, T]], *, makes: bool = False) -> T:
        """Open the books, do it, and leave; the database is started if nobody has.

        Only what is meant to begin an installation `makes` one: a misspelt directory has none.
        """
        configure(level=logging.WARNING)

        async def inside() -> T:
            async with opened(self.config, problem_of, say=say) as app:
                return await work(app)

        with self.explained():
            if not makes and not is_made(self.config):
                raise Failure(
                    "nothing_here",
                    f"There is no Earnest in {self.config.data_dir}.",
                    "Choose its directory with --data-dir, or make a new one: earnest migrate",
                )
            return asyncio.run(inside())

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Turn what can go wrong into an end that says what to do."""
        try:
            yield
        except Exception as error:
            end = error if isinstance(error, Failure) else _failure_of(error)
            if end is None:
                raise
            if self.json:
                self.print_json(end.as_json())
                sys.exit(end.exit_code)
            if end is error:
                raise
            raise end from error

    def print_json(self, value: object) -> None:
        """One line for programs: something to encode, or JSON already."""
        raw = value if isinstance(value, bytes) else _PLAIN.encode(value)
        click.echo(raw.decode())


def say(text: str) -> None:
    """Tell a person what is going on; programs do not read this."""
    click.secho(text, err=True, dim=True)


def _failure_of(error: Exception) -> Failure | None:
    """What a person is told about an error that is nobody's bug."""
    if isinstance(error, EmbeddedError):
        return Failure(error.code, error.message, error.advice)
    if isinstance(error, DatabaseError):
        return Failure("database", str(error), error.advice)
    if isinstance(error, UnavailableError):
        advice = ""
        if error.code == "books_do_not_balance":
            advice = "Look at it with `earnest ledger verify`."
        return Failure(error.code, error.detail, advice)
    if isinstance(error, settings.ConfigError):
        return Failure("config", f"{error}.", "Mend the setting, in the environment or the file.")
    if isinstance(error, BrokenCommandError):
        return Failure("internal", f"A bug of ours stopped {error}; it did nothing.")
    if isinstance(error, GONE) or hasattr(error, "sqlstate"):
        what = str(error) or type(error).__name__
        advice = "Check DATABASE_URL, and whether the server runs; then run the command again."
        return Failure("database_gone", f"The database does not answer: {what}", advice)
    return None


def with_desk(function: Callable[..., T]) -> Callable[..., T]:
    """Give a command ``--data-dir`` and ``--json``, and a desk as its first argument."""

    @functools.wraps(function)
    def at_desk(*args: Any, data_dir: Path | None, as_json: bool, **given: Any) -> T:
        desk = desk_for(data_dir, as_json=as_json)
        with desk.explained():
            return function(desk, *args, **given)

    for option in reversed(desk_options()):
        at_desk.__dict__.setdefault("__click_params__", []).append(option)
    return at_desk


def desk_options() -> list[click.Option]:
    """The options of every command."""
    directory = click.Path(file_okay=False)
    return [
        click.Option(
            ["--data-dir"],
            type=directory,
            help="Where everything of this installation is kept (EARNEST_DATA_DIR).",
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="One line of JSON, for programs."),
    ]


def desk_for(data_dir: Path | None, *, as_json: bool, **given: object) -> Desk:
    """The desk with these settings."""
    try:
        config = settings.load(os.environ, data_dir=data_dir, **given)
    except settings.ConfigError as error:
        raise click.UsageError(f"{error}.") from error
    return Desk(config, as_json)
