"""Notices: of what happened, of clocks that run, a look a beat; and the mails that carry them.

All of it goes on beside everything else, so a mail server that is broken or slow holds up neither
a decision nor what people are told in here.
"""

from __future__ import annotations

import asyncio
import email.errors
from collections.abc import Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import structlog

from earnest.beating import again
from earnest.mail.carrying import HandedOver, Later
from earnest.mail.letters import Letterhead, Reader, account_letter, letter, letter_of_change
from earnest.store import deliveries, notices, reminding
from earnest.words import moments

if TYPE_CHECKING:
    from earnest.app import App
    from earnest.mail.carrying import Carrier, NeverTaken
    from earnest.mail.letters import Letter
    from earnest.store.account_mails import AccountMail
    from earnest.store.deliveries import Delivery, Errand

log = structlog.get_logger()

#: Who is told to stop finishes what takes no longer; a mail that was cut off is tried again.
GRACE_SECONDS: Final = 3.0
#: So many are handed over before that is written down: whoever dies in between sends no more anew.
AT_ONCE: Final = 5
UNWRITABLE: Final = "No mail can be written to this address."


async def run(app: App, stop: asyncio.Event) -> None:
    """Tell, and hand over, again and again, until told to stop."""
    await asyncio.gather(
        again(stop, lambda: _unless_stopped(_told(app), stop), "noticing"),
        again(stop, lambda: _unless_stopped(_reminded(app), stop), "reminding"),
        again(stop, lambda: _unless_stopped(sent(app), stop), "mailing"),
    )


async def drain(app: App) -> None:
    """Tell of everything that there is to tell by now, and hand over what is due."""
    await told(app)
    while await sent(app):
        pass


async def told(app: App) -> None:
    """Tell of everything that has happened, and of every clock whose moment has come."""
    await notices.catch_up(app.database, app.node.ids.reserve)
    await reminding.catch_up(app.database, app.house, app.node.ids.reserve)


async def _unless_stopped(work: Coroutine[Any, Any, bool], stop: asyncio.Event) -> bool:
    """Do it to its end; but a mail server that says nothing keeps nobody from stopping."""
    doing, stopping = asyncio.create_task(work), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({doing, stopping}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.wait({doing}, timeout=GRACE_SECONDS)
        return doing.done() and doing.result()
    finally:
        stopping.cancel()
        if not doing.done():
            doing.cancel()
            await asyncio.wait({doing})


async def _told(app: App) -> bool:
    """One look; whether there is more to tell at once."""
    return (await notices.look(app.database, app.node.ids.reserve)).more


async def _reminded(app: App) -> bool:
    """One look at the clocks; whether there are more to look at at once."""
    return (await reminding.look(app.database, app.house, app.node.ids.reserve)).more


async def sent(app: App) -> bool:
    """Hand over some of the mails that are due; whether there may be more of them.

    Without a carrier they wait, and are given up when they are no news any more.
    """
    stale = await deliveries.give_up_stale(app.database)
    if stale:
        log.error("mails_given_up", why="too_old", mails=stale)
    if app.carrier is None:
        return False
    found = await deliveries.lease(app.database)
    if not found:
        return False
    errands, secret = await deliveries.errands(app.database, found)
    head = Letterhead(app.sender, app.config.url, secret, await app.database.now())
    letters = [made for each in errands if (made := await _letter(app, each, head)) is not None]
    await _carried(app, app.carrier, letters, {each.id: each for each in found})
    return len(found) == deliveries.TAKEN_MAX


async def _letter(app: App, errand: Errand, head: Letterhead) -> Letter | None:
    """A letter; nothing, if there is nothing to say, or nobody to whom it could be written."""
    delivery, to = errand.delivery, errand.recipient
    if not errand.is_needed:
        await deliveries.not_needed(app.database, delivery)
        return None
    reader = Reader(to.id, to.name, to.email, to.language, to.time_zone)
    try:
        if errand.account is not None:
            return _about_account(delivery.id, reader, errand.account, head)
        if errand.change is not None:
            return letter_of_change(delivery.id, reader, errand.change, head)
        return letter(delivery.id, reader, errand.notices, head)
    except (ValueError, email.errors.MessageError):
        # The error would say the address, which no log does.
        log.error("mail_unwritable", delivery=delivery.id)  # noqa: TRY400
        await deliveries.refused(app.database, delivery, UNWRITABLE)
        return None


def _about_account(number: int, reader: Reader, mail: AccountMail, head: Letterhead) -> Letter:
    """To the address that it is about; who has that already is told nothing of who asked."""
    there = replace(reader, name="", email=mail.email)
    if mail.is_taken:
        return account_letter(number, there, "taken", {}, head)
    facts = {"old": mail.old_email or "", "new": mail.new_email or "", "token": mail.token}
    if mail.expires_at is not None:
        facts["until"] = moments.moment(mail.expires_at, reader.locale, reader.zone)
    return account_letter(number, there, mail.kind, facts, head)


async def _carried(
    app: App, carrier: Carrier, letters: list[Letter], by_id: dict[int, Delivery]
) -> None:
    """Hand them over, and write down as they go what became of each."""
    taken: list[Delivery] = []
    try:
        async for each, outcome in carrier.carry(letters):
            delivery = by_id[each.delivery_id]
            if isinstance(outcome, HandedOver):
                taken.append(delivery)
            else:
                await _not_taken(app, delivery, outcome)
            if len(taken) == AT_ONCE:
                await deliveries.handed_over(app.database, taken)
                taken = []
    finally:
        # Whoever is cut off in the middle has handed these over all the same.
        if taken:
            await asyncio.shield(deliveries.handed_over(app.database, taken))


async def _not_taken(app: App, delivery: Delivery, outcome: Later | NeverTaken) -> None:
    if isinstance(outcome, Later):
        is_over = await deliveries.failed(app.database, delivery, outcome.said)
        log.warning("mail_failed", delivery=delivery.id, tries=delivery.tries)
        if is_over:
            log.error("mails_given_up", why="tried_enough", mails=1)
    else:
        await deliveries.refused(app.database, delivery, outcome.said)
        log.error("mails_given_up", why="refused", mails=1)
