"""`earnest notice`: what somebody was told, and that they have read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from earnest import notifying
from earnest.cli.desk import Failure, with_desk
from earnest.cli.looking import BY_NOUN, ROWS_MOST, Json, commands, listed, number_in
from earnest.cli.printing import print_rows
from earnest.cli.whom import found
from earnest.core.notices import Mail, Topic
from earnest.core.references import NUMBER_MAX
from earnest.core.telling import Notice
from earnest.store import told
from earnest.store.reads.around import snapshot
from earnest.store.reads.notices import NoticeStatus

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.cli.desk import Desk


@click.group()
def notice() -> None:
    """What people are told of what others do; a worker makes them."""


@notice.command("list")
@click.option(
    "--as", "who", envvar="EARNEST_AS", required=True, metavar="EMAIL", help="Whose (EARNEST_AS)."
)
@click.option("--unread", is_flag=True, help="Only what is not read.")
@click.option(
    "--limit", type=click.IntRange(1, ROWS_MOST), default=50, show_default=True, help="At most."
)
@with_desk
def list_(desk: Desk, who: str, limit: int, *, unread: bool) -> None:
    """List what somebody was told, the newest first."""
    chosen = {"status": [NoticeStatus.UNREAD]} if unread else {}

    async def work(app: App) -> list[Json]:
        person = await found(app, who)
        await notifying.told(app)  # There may be no worker.
        async with snapshot(app.database) as connection:
            return await listed(connection, BY_NOUN[Notice.noun], person.id, chosen, limit)

    print_rows(desk, Notice.noun, desk.run(work))


@notice.command()
@click.argument("reference", metavar="ntc_…", required=False)
@click.option("--all", "everything", is_flag=True, help="All that there are, in place of one.")
@click.option(
    "--as", "who", envvar="EARNEST_AS", required=True, metavar="EMAIL", help="Whose (EARNEST_AS)."
)
@with_desk
def read(desk: Desk, reference: str | None, who: str, *, everything: bool) -> None:
    """Mark a notice as read, or all of them."""
    if everything == (reference is not None):
        raise click.UsageError("Name one notice (ntc_…), or say --all.")
    number = number_in(reference, Notice.prefix) if reference is not None else NUMBER_MAX

    async def work(app: App) -> int:
        person = await found(app, who)
        if reference is None:
            return await told.mark_all_read(app.database, person.id, number)
        if not await told.mark_read(app.database, person.id, number):
            raise Failure("not_found", f"There is no {reference}.")
        return 1

    marked = desk.run(work)
    if desk.json:
        desk.print_json({"marked": marked})
    else:
        click.echo(f"{marked} marked as read.")


@notice.command()
@click.option(
    "--as", "who", envvar="EARNEST_AS", required=True, metavar="EMAIL", help="Whose (EARNEST_AS)."
)
@click.option(
    "--mail",
    "changes",
    multiple=True,
    metavar="TOPIC=WHEN",
    help=f"Choose for a topic: {', '.join(Mail)}. May be said several times.",
)
@with_desk
def choices(desk: Desk, who: str, changes: tuple[str, ...]) -> None:
    """Say when somebody wants each topic by mail, or choose anew."""
    chosen = dict(_choice(each) for each in changes)

    async def work(app: App) -> dict[str, str]:
        person = await found(app, who)
        if chosen:
            await told.choose(app.database, person.id, chosen)
        kept = await told.choices(app.database, person.id)
        return {topic.value: mail.value for topic, mail in kept.items()}

    mails = desk.run(work)
    if desk.json:
        desk.print_json({"mail": mails})
    else:
        for topic, mail in mails.items():
            click.echo(f"{topic}: {mail}")


def _choice(text: str) -> tuple[Topic, Mail]:
    topic, _, mail = text.partition("=")
    try:
        return Topic(topic), Mail(mail)
    except ValueError:
        topics = ", ".join(Topic)
        detail = f"{text!r}: say TOPIC=WHEN, with one of {topics}, and one of {', '.join(Mail)}."
        raise click.UsageError(detail) from None


show, _ = commands(Notice.noun)
notice.add_command(show)
