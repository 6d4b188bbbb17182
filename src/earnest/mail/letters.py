"""Letters: a mail of one notice or of a day's, in text and HTML, as its reader wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from typing_extensions import override

from earnest.core.references import printed
from earnest.mail.stopping import PATH, token_of
from earnest.words import moments, security
from earnest.words.account_mails import WHY, WORDS
from earnest.words.languages import direction_of
from earnest.words.notices import TOPICS, said
from earnest.words.saying import _, ngettext, saying
from earnest.words.turns import without

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from earnest.core.telling import Notice

#: Deliveries are called so in the headers of mails.
PREFIX: Final = "dlv"
CHOICES: Final = "/settings/notices"
SECURITY: Final = "/settings/security"
SUBJECT_MAX: Final = 150


class _Policy(EmailPolicy):
    """Lines of ASCII; no address that programs follow is broken in two, and no subject changed."""

    @override
    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        if name.lower() == "subject" and not value.isascii():
            # The newer way of folding loses blanks between words that it encodes, or doubles them.
            folded = Header(value, "utf-8", header_name=name).encode(linesep=self.linesep)
            return f"{name}: {folded}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY: Final = _Policy(linesep="\r\n", cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Reader:
    """To whom a letter goes, and how they want to be told."""

    id: int
    name: str
    email: str
    language: str
    zone: str

    @property
    def locale(self) -> str:
        """The language as formats have it: pt_BR."""
        return self.language.replace("-", "_")


class Changed(Protocol):
    """What changed about how somebody signs in, as it is kept."""

    @property
    def name(self) -> str:
        """What it was."""

    @property
    def about(self) -> str:
        """What it is about."""

    @property
    def at(self) -> datetime:
        """When it was."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What is the same in all letters of a site."""

    #: From whom they come, as an address with or without a name.
    sender: Address
    #: The public address of the site.
    url: str
    #: What the links that stop mails are made from.
    secret: bytes
    #: When this is written.
    now: datetime

    def page(self, path: str) -> str:
        """The address of a page of the site."""
        return f"{self.url.rstrip('/')}{path}"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail that is ready to go out."""

    delivery_id: int
    reader_id: int
    sender: str
    to: str
    #: All of it, as it is handed over.
    raw: bytes


@dataclass(frozen=True, slots=True)
class _Part:
    """One notice in a letter."""

    title: str
    lines: Sequence[str]
    link: str
    url: str
    at: str


@dataclass(frozen=True, slots=True)
class _Stop:
    """How the like of it is stopped."""

    topic: str
    url: str


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("earnest.mail", "templates"),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return made


def letter(delivery_id: int, reader: Reader, notices: Sequence[Notice], head: Letterhead) -> Letter:
    """Write a letter about these notices, of which there is at least one."""
    with saying(reader.language):
        parts = [_part(each, reader, head) for each in notices]
        many = ngettext("{count} thing happened", "{count} things happened", len(parts))
        subject = parts[0].title if len(parts) == 1 else many.format(count=len(parts))
        stop = _stop(notices, reader, head)
        message = _envelope(delivery_id, reader, subject, head)
        if stop is not None:
            message["List-Unsubscribe"] = f"<{stop.url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        told = {"parts": parts, "stop": stop, "choices": head.page(CHOICES), "why": None}
        return _filled(message, delivery_id, reader, head, told)


def account_letter(
    delivery_id: int, reader: Reader, kind: str, facts: Mapping[str, str], head: Letterhead
) -> Letter:
    """Write a letter about an account: what its words need is in the facts.

    Nobody is called by a name in it.
    """
    words = WORDS[kind]
    with saying(reader.language):
        lines = [each.format_map(facts) for each in words.lines]
        part = _Part(words.title, lines, words.link, head.page(words.path.format_map(facts)), "")
        return _about_account(delivery_id, reader, part, head)


def letter_of_change(delivery_id: int, reader: Reader, change: Changed, head: Letterhead) -> Letter:
    """Write a letter about how its reader signs in; nobody can stop its like."""
    with saying(reader.language):
        words = security.said(change.name, change.about)
        at = moments.moment(change.at, reader.locale, reader.zone)
        lines = [without(each) for each in words.lines]
        title = without(words.title)
        part = _Part(title, lines, security.LINK, head.page(SECURITY), at)
        return _about_account(delivery_id, reader, part, head)


def _about_account(delivery_id: int, reader: Reader, part: _Part, head: Letterhead) -> Letter:
    """What is told whatever its reader chose."""
    message = _envelope(delivery_id, reader, part.title, head)
    told = {"parts": [part], "stop": None, "choices": None, "why": WHY}
    return _filled(message, delivery_id, reader, head, told)


def _envelope(delivery_id: int, reader: Reader, title: str, head: Letterhead) -> EmailMessage:
    """From whom, to whom, and that nobody's holiday answer is wanted."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = head.sender
    message["To"] = Address(_line(reader.name), addr_spec=reader.email)
    message["Subject"] = _line(title)
    message["Date"] = format_datetime(head.now)
    host = urlsplit(head.url).hostname or "localhost"
    message["Message-ID"] = f"<{printed(PREFIX, delivery_id)}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    return message


def _filled(
    message: EmailMessage,
    delivery_id: int,
    reader: Reader,
    head: Letterhead,
    told: Mapping[str, object],
) -> Letter:
    """The same in text and HTML."""
    shown = {
        **told,
        "subject": str(message["Subject"]),
        "language": reader.language,
        "direction": direction_of(reader.language),
    }
    message.set_content(_environment().get_template("letter.txt").render(shown))
    written = _environment().get_template("letter.html").render(shown)
    message.add_alternative(written, subtype="html")
    return Letter(delivery_id, reader.id, head.sender.addr_spec, reader.email, message.as_bytes())


def _part(each: Notice, reader: Reader, head: Letterhead) -> _Part:
    words = said(each, reader.locale, reader.zone)
    at = moments.moment(each.at, reader.locale, reader.zone)
    lines = [without(each) for each in words.lines]
    return _Part(without(words.title), lines, words.link, head.page(words.path), at)


def _stop(notices: Sequence[Notice], reader: Reader, head: Letterhead) -> _Stop | None:
    """One link stops one topic; where money is told of, or several topics, there is none."""
    topics = {each.topic for each in notices}
    if len(topics) != 1 or notices[0].is_about_money:
        return None
    (topic,) = topics
    token = token_of(reader.id, topic, head.secret)
    return _Stop(TOPICS[topic][0], head.page(f"{PATH}/{token}"))


def _line(text: str) -> str:
    """A text in one line, so that it can never begin another header."""
    line = " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())
    return line if len(line) <= SUBJECT_MAX else f"{line[: SUBJECT_MAX - 1].rstrip()}…"
