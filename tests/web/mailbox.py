"""Mailboxes of the page tests: mails about accounts as they go out, and their links."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from tests.http.house import Housing

from earnest import notifying
from earnest.mail.outbox import Outbox
from earnest.store import account_mails
from earnest.store.account_mails import Kind
from earnest.store.sandbox import SandboxMails

_LINK = re.compile(r"http://[^/\s]+(/(?:verify|reset|address)/\w{3}_[\w-]{43})")


def sends(house: Housing) -> None:
    """Let this site send mails: into its outbox."""
    house.app.carrier = Outbox(SandboxMails(house.app.database))


async def mails_to(house: Housing, email: str) -> list[EmailMessage]:
    """Everything that has gone to an address, the oldest first."""
    await notifying.drain(house.app)
    rows = await house.app.database.pool.fetch("SELECT raw FROM sandbox_mails ORDER BY delivery_id")
    found = [message_from_bytes(row["raw"], policy=default) for row in rows]
    return [each for each in found if email in str(each["To"])]


def text_of(mail: EmailMessage) -> str:
    """What it says."""
    body = mail.get_body(("plain",))
    assert body is not None
    text: str = body.get_content()
    return text


def link_of(mail: EmailMessage) -> str | None:
    """Where its link leads, if it has one with a secret."""
    found = _LINK.search(text_of(mail))
    return found[1] if found else None


async def link_to(house: Housing, email: str) -> str:
    """The link of the newest mail that has gone to an address."""
    link = link_of((await mails_to(house, email))[-1])
    assert link, "a mail without a link"
    return link


async def secret_of(house: Housing, number: int, kind: Kind, change_id: int | None = None) -> str:
    """The secret of a link of this kind for somebody, as its mail would have it."""
    mail = house.app.node.ids.new()
    async with house.app.database.pool.acquire() as db:
        await account_mails.post(db, mail, number, kind, None, change_id)
        return (await account_mails.to_write(db, [mail]))[mail].token
