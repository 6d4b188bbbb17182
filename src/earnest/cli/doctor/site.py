"""Checks of the site: its address, its books, and whether somebody does what is due."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from earnest.cli.doctor.findings import Finding, note, ok, wrong
from earnest.core.rows import wire_time
from earnest.core.terms import PRESETS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from earnest.config import Config
    from earnest.gateways.notices import Gateway
    from earnest.mail.carrying import Carrier
    from earnest.store.checkup import Site
    from earnest.store.deliveries import Counts

#: A worker looks four times a second.
LATE_MOST: Final = timedelta(minutes=5)
GATEWAY_SECONDS: Final = 5
MAIL_SECONDS: Final = 15
_HOST: Final = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"|[0-9a-f:.]*:[0-9a-f:.]*",
    re.IGNORECASE,
)
_OURSELVES: Final = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0"})  # noqa: S104


def address(site: Site, config: Config) -> Finding:
    """Whether EARNEST_URL can be where people reach a site like this."""
    set_it = "Set it to what people type: EARNEST_URL=https://pay.example.com"
    reason = _unusable(config.url)
    if reason:
        what = f"EARNEST_URL ({config.url}) {reason}."
        means = "Links in invitations lead nowhere, and cookies are not bound to HTTPS."
        return wrong("address", "url_unusable", what, means, set_it)
    parts = urlsplit(config.url)
    if site.mode == "live" and (parts.scheme != "https" or parts.hostname in _OURSELVES):
        what = f"EARNEST_URL is {config.url}, and this is a live site."
        means = "Without HTTPS passwords and sessions can be read on their way."
        return wrong("address", "not_https", what, means, f"{set_it} (docs/how-to/behind-tls.md)")
    return ok("address", f"{config.url}")


def _unusable(url: str) -> str:
    """Why an address cannot be one, as what follows its name; nothing if it can."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        return f"cannot be read: {error}"
    if parts.scheme not in {"http", "https"}:
        return "does not begin with https:// or http://"
    if not _HOST.fullmatch(host):
        return "has no host that there can be"
    if parts.username is not None or parts.query or parts.fragment or parts.path not in {"", "/"}:
        return "has more than a scheme, a host and a port"
    return ""


def books(site: Site) -> Finding:
    """Whether commands are taken."""
    if site.halt is None:
        return ok("books", "Commands are taken; `earnest ledger verify` checks every rule.")
    what = f"The books do not balance: {site.halt}."
    means = "The watchman found an amount that does not add up. No command is taken; reads go on."
    advice = (
        "See what is wrong: earnest ledger verify. When it is mended:"
        ' earnest ledger resume --reason "…"'
    )
    return wrong("books", "books_do_not_balance", what, means, advice)


def breaks(site: Site) -> Finding | None:
    """What gateways have said that does not fit."""
    if not site.breaks:
        return None
    what = f"Gateways have said {site.breaks} things that do not fit the books."
    means = "Nothing was moved for them. They may be old and dealt with: none is ever removed."
    advice = "Read the table breaks; what to do with each is in docs/how-to/run.md."
    return note("breaks", "breaks", what, means, advice)


def restored(site: Site) -> Finding | None:
    """Whether payments are paused since a restore."""
    if site.restored_from is None:
        return None
    what = f"Restored from a backup of {wire_time(site.restored_from)}; payments are paused."
    means = "No gateway is asked anything, since money may have gone out after that backup."
    advice = 'Compare (docs/how-to/back-up.md), then: earnest payments resume --reason "…"'
    return note("restored", "payments_paused", what, means, advice)


def sign_in(site: Site) -> Finding | None:
    """Whether anybody has a password."""
    if site.has_people:
        return None
    what, means = "Nobody can sign in.", "No account has a password yet."
    advice = 'earnest user add "Your Name" you@example.com --password-stdin'
    return note("people", "nobody_can_sign_in", what, means, advice)


def arbiters(site: Site, config: Config) -> Finding | None:
    """Whether contracts start from the preset that was chosen."""
    terms = PRESETS.get(config.preset)
    if site.has_arbiter or terms is None or terms.ruling_seconds is None:
        return None
    what = f"Nobody can rule on disputes; new contracts start from classic, not {config.preset}."
    means = "Under classic some silences have no end, and a dispute can wait for ever."
    advice = "Make somebody an arbiter: earnest user role you@example.com arbiter"
    return note("arbiters", "no_arbiter", what, means, advice)


def worker(site: Site) -> Finding:
    """Whether what is due is done."""
    late = max(site.clock_late or timedelta(0), *(each.late for each in site.waiting), timedelta(0))
    if site.restored_from is not None or late <= LATE_MOST:
        return ok("worker", "Nothing is overdue.")
    what = f"Something is due since {timedelta(seconds=round(late.total_seconds()))}."
    means = "No worker runs: deposits do not arrive, withdrawals are not sent, no offer lapses."
    advice = "Start one: earnest worker; or `earnest serve` without --no-worker."
    return wrong("worker", "no_worker", what, means, advice)


async def gateways(site: Site, known: Mapping[str, Gateway]) -> list[Finding]:
    """Whether each gateway answers, and no payment waits for one that we do not speak with."""
    found = [await _reached(site, name, each) for name, each in known.items()]
    for each in site.waiting:
        if each.gateway not in known:
            what = f"{each.payments} payments wait for {each.gateway}, with which we do not speak."
            means = "They stay as they are, and their money with them."
            advice = "Start the version, or the settings, with which they were asked for."
            found.append(wrong("gateways", "gateway_missing", what, means, advice))
    if not known:
        what, means = "There is no gateway.", "Money can neither come in nor go out."
        found.append(note("gateways", "no_gateway", what, means, "This version has the sandbox's."))
    return found


async def mail(site: Site, carrier: Carrier | None, waiting: Counts) -> Finding:
    """Whether mails go out, and what became of those that did not."""
    if site.mode == "sandbox":
        return ok("mail", "A sandbox sends none: each is on the page /outbox.")
    told = f"{waiting.waiting} mails wait, {waiting.given_up} were given up (page /staff/mails)"
    means = "People are told on the site alone. Mails wait for four days, and are then given up."
    if carrier is None:
        advice = "Set EARNEST_SMTP_URL and EARNEST_MAIL_FROM (docs/how-to/mail.md)."
        return note("mail", "no_mail_server", f"There is no mail server; {told}.", means, advice)
    try:
        async with asyncio.timeout(MAIL_SECONDS):
            await carrier.reach()
    except Exception as error:  # noqa: BLE001  # However it fails, that is what is to be told.
        what = f"The mail server does not let us in ({_reason(error)}); {told}."
        advice = "Check EARNEST_SMTP_URL; each mail is tried again for three days."
        return wrong("mail", "mail_server_silent", what, means, advice)
    if waiting.given_up:
        advice = "Look at why on the page /staff/mails, from where each can be sent again."
        what = f"The mail server answers; {told}."
        means = "Their readers were told on the site alone."
        return note("mail", "mails_given_up", what, means, advice)
    return ok("mail", f"The mail server answers; {told}.")


def _reason(error: Exception) -> str:
    """What went wrong, in one line."""
    return " ".join(str(error).split()) or type(error).__name__


async def _reached(site: Site, name: str, gateway: Gateway) -> Finding:
    waiting = [each for each in site.waiting if each.gateway == name]
    queue = "".join(f"; {e.payments} payments wait, since {wire_time(e.since)}" for e in waiting)
    try:
        async with asyncio.timeout(GATEWAY_SECONDS):
            await gateway.reach()
    except Exception as error:  # noqa: BLE001  # However it fails, that is what is to be told.
        said = type(error).__name__
        what = f"The gateway {name} does not answer ({said}){queue}."
        means = "Deposits do not arrive and withdrawals do not leave; each is asked about again."
        advice = "Look whether it is down, or refuses us. Nothing is lost, and nothing paid twice."
        return wrong("gateways", "gateway_silent", what, means, advice)
    return ok("gateways", f"{name} answers{queue}.")
