"""What people type about themselves, and what is said of it when it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from earnest.http.signin import passwords
from earnest.store.people import EMAIL_LONGEST, NAME_LONGEST
from earnest.words import moments
from earnest.words.languages import LANGUAGES
from earnest.words.saying import N_, _
from earnest.words.turns import TURNS

#: A field and what is wrong with it; the same words stand above the form and at the field.
Wrong = dict[str, str]

NOT_THIS: Final = N_("This is not your password.")

#: Nothing that is not seen, and nothing that turns around what stands after it.
_UNSEEN: Final = rf"\x00-\x1f\x7f-\x9f\u2028\u2029{TURNS}"
_EMAIL: Final = re.compile(rf"[^@\s{_UNSEEN}]+@[^@\s{_UNSEEN}]+")
_CONTROLS: Final = re.compile(f"[{_UNSEEN}]")


def wrong(field: str, text: str) -> Wrong:
    """What is wrong with a field; with the whole form if it names none."""
    return {"field": field, "text": text}


def is_email(text: str) -> bool:
    """Whether this can be somebody's address."""
    return len(text) <= EMAIL_LONGEST and _EMAIL.fullmatch(text) is not None


def name_wrong(text: str) -> list[Wrong]:
    """A name is short, in one line, and there."""
    if not text:
        return [wrong("name", _("Write a name."))]
    if not is_line(text):
        long = _("A name is one line of at most {count} characters.")
        return [wrong("name", long.format(count=NAME_LONGEST))]
    return []


def is_line(text: str) -> bool:
    """Whether something can be called by this."""
    return 0 < len(text) <= NAME_LONGEST and not _CONTROLS.search(text)


def email_wrong(text: str) -> list[Wrong]:
    """An address has a name, an @ and a place."""
    if is_email(text):
        return []
    return [wrong("email", _("Write an e-mail address such as emma@example.com."))]


def password_wrong(field: str, text: str) -> list[Wrong]:
    """Of a chosen password only the length is judged."""
    return [] if passwords.is_long_enough(text) else [wrong(field, passwords.length())]


def zone_wrong(text: str) -> list[Wrong]:
    """A zone is one of those offered."""
    return [] if moments.is_zone(text) else [wrong("time_zone", _("Choose a time zone."))]


def language_wrong(text: str) -> list[Wrong]:
    """A language is one of those there are words in."""
    return [] if text in LANGUAGES else [wrong("language", _("Choose a language."))]


def zones() -> list[tuple[str, str]]:
    """Every time zone as a select has it."""
    return [(zone, zone.replace("_", " ")) for zone in moments.zones()]


def line(values: Mapping[str, str], field: str) -> str:
    """What was typed in one line, without the blanks around it."""
    return values.get(field, "").strip()
