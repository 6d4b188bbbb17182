"""A command starts at once: what only another one needs is not imported."""

from __future__ import annotations

import json
import subprocess
import sys

import click
import pytest
from tests.cli.earnest import Earnest

from earnest.cli.program import WRITTEN, program

#: What takes long to import, and is needed by a few commands only.
HEAVY = {
    *("argon2", "icalendar", "jinja2", "limits", "prometheus_client", "starlette", "uvicorn"),
    *("earnest.bench", "earnest.demo", "earnest.http.web", "earnest.prove", "earnest.worker"),
}
#: Run in a process of its own, and say at the end what was imported.
TOLD = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from earnest.__main__ import main
main()
"""


def imported(earnest: Earnest, *words: str) -> set[str]:
    """Everything that a command imports from its start to its end."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", TOLD, *words],
        env=earnest.settings,
        check=True,
        capture_output=True,
        text=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("milestone", "--help"),
        ("milestone", "list"),
        ("contract", "list", "--json"),
        ("search", "logo", "--as", "emma@example.com"),
        ("ledger", "verify"),
    ],
    ids=" ".join,
)
def test_a_plain_command_imports_no_server_and_no_bench(
    earnest: Earnest, words: tuple[str, ...]
) -> None:
    earnest("user", "add", "Emma", "emma@example.com")
    found = imported(earnest, *words)
    assert "earnest.core.batch" in found
    assert found & HEAVY == set()


def test_the_list_of_commands_imports_neither_the_database_nor_one_of_them(
    earnest: Earnest,
) -> None:
    found = imported(earnest, "--help")
    ours = {each for each in found if each.startswith("earnest.cli.")}
    assert ours == {"earnest.cli.program", "earnest.cli.verbs"}
    assert found & {"asyncio", "asyncpg", "rich", "structlog"} == set()


@pytest.mark.parametrize("name", program.list_commands(click.Context(program)))
def test_every_command_is_listed_with_what_it_says_of_itself(name: str) -> None:
    context = click.Context(program)
    command = program.get_command(context, name)
    assert command is not None
    assert command.name == name
    said = command.get_short_help_str(1_000)
    assert said == (WRITTEN[name][1] if name in WRITTEN else f"Every action on a {name}.")
    assert f"  {name} " in program.get_help(context)


def test_what_is_no_command_is_told() -> None:
    assert program.get_command(click.Context(program), "nothing") is None
