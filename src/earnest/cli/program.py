"""The program `earnest`: all of its commands, put together."""

from __future__ import annotations

import click

from earnest.cli import (
    acting,
    backing,
    benching,
    benching_search,
    books,
    clock,
    configuring,
    demonstrating,
    filing,
    finding,
    notices,
    people,
    proving,
    records,
    serving,
    tokens,
)
from earnest.cli.doctor.command import doctor


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="earnest", prog_name="earnest")
def program() -> None:
    """Milestone payments that you host yourself.

    Every command works beside a running server. Settings are EARNEST_* in the environment, or
    earnest.toml in the data directory. Exit code 0: done; 1: refused or failed; 2: wrong usage.
    """


people.user.add_command(records.reputation)
for each in (
    *serving.COMMANDS,
    demonstrating.demo,
    people.user,
    tokens.token,
    books.ledger,
    clock.sandbox,
    configuring.config,
    *backing.COMMANDS,
    doctor,
    proving.prove,
    benching.bench,
    benching_search.bench_search,
    finding.look_for,
    finding.index,
    *acting.commands(),
    filing.file,
    notices.notice,
):
    program.add_command(each)
