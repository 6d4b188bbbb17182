"""The program `earnest`: all of its commands, each imported when it is asked for.

A web server, a benchmark, a proof take a second to import. Whoever lists milestones needs none of
them, and does not wait for them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import click
from typing_extensions import override

from earnest.cli import verbs

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Every command that is written by hand: where, and the first sentence of what it says of itself.
WRITTEN: Final[Mapping[str, tuple[str, str]]] = {
    "backup": ("backing:backup", "Write everything into one file, beside whatever runs."),
    "balance": ("looking:balance", "Show where a person's money is: one line a currency."),
    "bench": (
        "benching:bench",
        "Measure how many commands a second this machine keeps, beside pgbench's TPC-B.",
    ),
    "bench-search": (
        "benching_search:bench_search",
        (
            "Measure thirty searches, as somebody with very many milestones and as somebody with"
            " a few."
        ),
    ),
    "config": ("configuring:config", "Show every setting in force and where it comes from."),
    "demo": (
        "demonstrating:demo",
        "Serve a sandbox in which fourteen people have dealt with each other for a year.",
    ),
    "doctor": (
        "doctor.command:doctor",
        "Look for what is often wrong: what it is, what it means, what to do.",
    ),
    "file": ("filing:file", "Files: what you attach to what you post, bid, say or submit."),
    "index": (
        "finding:index",
        "Bring up to date what is searched for, and what is added up.",
    ),
    "ledger": (
        "books:ledger",
        "The books: verify them, and take commands again after they did not balance.",
    ),
    "migrate": ("serving:migrate", "Make the database, or bring it up to date."),
    "notice": ("notices:notice", "What people are told of what others do; a worker makes them."),
    "payments": ("backing:payments", "What goes out to gateways and comes in from them."),
    "prove": (
        "proving:prove",
        "Search every state of a small world, and show that money is never stuck there.",
    ),
    "restore": (
        "backing:restore",
        "Make a new installation from a backup, in an empty data directory (or DATABASE_URL).",
    ),
    "sandbox": ("clock:sandbox", "What only a sandbox has: a clock that can be set forward."),
    "search": (
        "finding:look_for",
        "Find what somebody may see, by words, a reference, a number or an amount.",
    ),
    "serve": ("serving:serve", "Answer REST requests, and do what is due."),
    "token": ("tokens:token", "Bearer tokens: make, list and revoke them."),
    "user": ("people:user", "People: add them, suspend them, give them roles and passwords."),
    "worker": ("serving:worker", "Do what is due, beside any number of servers and other workers."),
}


class Program(click.Group):
    """Its commands: those that are written, and a group for each noun of the registry."""

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*WRITTEN, *verbs.BY_NOUN})

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        found: click.Command | None = None
        if cmd_name in WRITTEN:
            place, _ = WRITTEN[cmd_name]
            found = _imported(place)
        elif cmd_name in verbs.BY_NOUN:
            found = _imported("acting:group_of")(cmd_name)
        return found

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List them by what is said of them here, so that none has to be imported."""
        told = {name: text for name, (_, text) in WRITTEN.items()}
        told |= {noun: verbs.about(noun) for noun in verbs.BY_NOUN}
        lines = {name: click.Command(name, help=text) for name, text in told.items()}
        click.Group(commands=lines).format_commands(ctx, formatter)


def _imported(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(f"earnest.cli.{module}"), name)


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="earnest", prog_name="earnest")
def program() -> None:
    """Milestone payments that you host yourself.

    Every command works beside a running server. Settings are EARNEST_* in the environment, or
    earnest.toml in the data directory. Exit code 0: done; 1: refused or failed; 2: wrong usage.
    """
