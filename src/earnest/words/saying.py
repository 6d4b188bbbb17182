"""Saying things in the language of whoever reads: texts stand in English, and are told in others.

What is said in a function is written ``_("…")`` there. What stands in a table is marked with the
whole table, and says itself when it is shown: nobody who takes a text out of one can forget to.
"""

from __future__ import annotations

import html
import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Self, TypeAlias

from typing_extensions import override

from earnest.words import catalogues

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: A text for one and a text for more: whoever knows how many asks `ngettext` for one of them.
Counted: TypeAlias = tuple[str, str]

ENGLISH: Final = "en"
_LANGUAGE: Final[ContextVar[str]] = ContextVar("language", default=ENGLISH)
#: Every text that was marked while modules were imported, and in which context: what ``make
#: messages`` asks for.
MARKED: Final[set[tuple[str | Counted, str]]] = set()
_NAME: Final = re.compile(r"[a-z0-9_.-]*")


@contextmanager
def saying(language: str) -> Iterator[None]:
    """Say everything in this language while it lasts."""
    before = _LANGUAGE.set(language)
    try:
        yield
    finally:
        _LANGUAGE.reset(before)


def say_in(language: str) -> None:
    """Say everything in this language from here on, as long as the ``saying`` around it lasts."""
    _LANGUAGE.set(language)


def language() -> str:
    """The language in which things are being said, as HTML has it: ``pt-BR``."""
    return _LANGUAGE.get()


def locale() -> str:
    """The same as formats have it: ``pt_BR``."""
    return _LANGUAGE.get().replace("-", "_")


def _(text: str) -> str:
    """Say a text."""
    if not text:
        return ""
    told = catalogues.of(_LANGUAGE.get())
    return str.__str__(text) if told is None else told.texts.get(text) or str.__str__(text)


def pgettext(context: str, text: str) -> str:
    """Say a text that is one word in English, and another in this context than in others."""
    told = catalogues.of(_LANGUAGE.get())
    english = str.__str__(text)
    return (
        english if told is None else told.texts.get(catalogues.within(context, english)) or english
    )


def ngettext(one: str, more: str, count: int) -> str:
    """Say a text as it is for so many; the number is filled in by who asked."""
    told = catalogues.of(_LANGUAGE.get())
    forms = told.plurals.get(one) if told is not None else None
    if told is None or forms is None:
        return str.__str__(one if count == 1 else more)
    return forms[told.form(count)]


class Text(str):
    """A text of a table: to programs it is its English, and shown it is what its reader reads.

    What joins texts in C takes the English: ``" ".join(map(str, texts))``.
    """

    __slots__ = ("context",)
    #: What it is said of, where that makes another word of it in another language.
    context: str

    def __new__(cls, text: str, context: str = "") -> Self:
        made = super().__new__(cls, text)
        made.context = context
        return made

    @override
    def __str__(self) -> str:
        return pgettext(self.context, self) if self else ""

    @override
    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __html__(self) -> str:
        """What templates join with other texts."""
        return html.escape(str(self))

    @override
    def __add__(self, other: str) -> str:
        return str(self) + other

    def __radd__(self, other: str) -> str:
        return other + str(self)

    @override
    def format(self, *values: object, **named: object) -> str:
        return str(self).format(*values, **named)

    @override
    def format_map(self, named: Any) -> str:
        return str(self).format_map(named)


def N_(text: str, context: str = "") -> str:  # noqa: N802  # As gettext has always called it.
    """Mark one text, to be said when it is shown: as this context asks, if there is one."""
    MARKED.add((text, context))
    return Text(text, context)


def counts(one: str, more: str) -> Counted:
    """Mark a text that is another one for one than for more."""
    MARKED.add(((one, more), ""))
    return one, more


def mark(*tables: Mapping[Any, Any]) -> None:
    """Mark all texts of these tables, where they stand.

    Keys are never words. Nor is one word in small letters, which is a name for programs (a tone,
    an icon, a verb), or an address; what is none of these and is said all the same is marked with
    ``N_``.
    """
    for each in tables:
        assert isinstance(each, dict), "only a table that nobody has frozen can be marked"
        each.update({key: _marked(value) for key, value in each.items()})


def _marked(value: Any) -> Any:
    if isinstance(value, str):
        return N_(value) if _is_words(value) else value
    if isinstance(value, dict):
        return {key: _marked(each) for key, each in value.items()}
    if isinstance(value, tuple):
        values = [_marked(each) for each in value]
        return type(value)(*values) if hasattr(value, "_fields") else tuple(values)
    if is_dataclass(value) and not isinstance(value, type):
        said = {each.name: _marked(getattr(value, each.name)) for each in fields(value)}
        return replace(value, **said)
    return value


def _is_words(text: str) -> bool:
    if isinstance(text, Text) or text.startswith(("/", "#")):
        return False
    return _NAME.fullmatch(text) is None and any(map(str.isalpha, text))
