"""Templates to pages: one Jinja environment, and formats in the reader's language and zone."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse

from earnest.core.money import Money
from earnest.core.people import User
from earnest.core.references import printed
from earnest.core.rows import wire_time
from earnest.http import security
from earnest.http.web import assets
from earnest.http.web.visiting import FLASHES, finish
from earnest.words import amounts, keys, moments
from earnest.words.gateways import gateway_of
from earnest.words.languages import LANGUAGES
from earnest.words.saying import _, ngettext, pgettext
from earnest.words.statuses import called

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from starlette.responses import Response

    from earnest.http.web.visiting import Visit

FLASH_SECONDS: Final = 60

_VISIT: Final[ContextVar[Visit]] = ContextVar("visit")


class _Reading:
    """The visit of whom a page is being written for, as every template knows it.

    A macro that were told of it by its page would have to be made anew for each page, with all
    others of its file: a millisecond, and objects in cycles that somebody has to collect.
    """

    def __getattr__(self, name: str) -> Any:
        return getattr(_VISIT.get(), name)


@contextmanager
def written_for(visit: Visit) -> Iterator[None]:
    """Write pages for this visit while it lasts."""
    before = _VISIT.set(visit)
    try:
        yield
    finally:
        _VISIT.reset(before)


@cache
def environment() -> Environment:
    """The templates; what is missing in one is a mistake, never an empty place."""
    made = Environment(
        loader=PackageLoader("earnest.http", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=400,
    )
    # One set of templates for all languages: what is said is asked for each time.
    made.install_gettext_callables(  # type: ignore[attr-defined]
        _, ngettext, newstyle=True, pgettext=pgettext
    )
    made.globals |= {"asset": assets.url, "LANGUAGES": LANGUAGES, "called": called}
    made.globals |= {"keyboard": keys, "visit": _Reading()}
    made.filters |= _PLAIN
    for name, written in _WRITTEN.items():
        made.filters[name] = written
        made.globals[name] = written
    return made


def _for_reader(write: Callable[[Any, Visit], str]) -> Callable[[Any], str]:
    """A filter and a function of templates that knows who reads."""

    def written(value: Any) -> str:
        return write(value, _VISIT.get())

    return written


def said(value: Money, visit: Visit) -> str:
    """An amount with its currency."""
    return amounts.said(value, visit.locale)


def number(value: Money, visit: Visit) -> str:
    """An amount alone."""
    return amounts.number(value, visit.locale)


def day(value: datetime, visit: Visit) -> str:
    """A date."""
    return moments.day(value, visit.locale, visit.zone)


def moment(value: datetime, visit: Visit) -> str:
    """A date and a time, with the zone."""
    return moments.moment(value, visit.locale, visit.zone)


def short(text: str, longest: int) -> str:
    """The beginning of a long text, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def as_money(shown: Mapping[str, str]) -> Money:
    """An amount as JSON has it, to be written like any other."""
    return Money.parse(shown["amount"], shown["currency"])


def pairs(options: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Options as a select has them."""
    return [(each["value"], each["text"]) for each in options]


def error_of(errors: Iterable[Mapping[str, str]], field: str) -> str | None:
    """What is wrong with one field, if anything is."""
    return next((each["text"] for each in errors if each["field"] == field), None)


def profile(number: int) -> str:
    """Where everybody signed in reads what there is to know of a person."""
    return f"/people/{printed(User.prefix, number)}"


_PLAIN: Final[Mapping[str, Callable[..., Any]]] = {
    "iso": wire_time,
    "short": short,
    "as_money": as_money,
    "pairs": pairs,
    "error_of": error_of,
    "profile": profile,
    "gateway": gateway_of,
}


def ago(value: datetime, visit: Visit) -> str:
    """How long it has been."""
    return moments.ago(value, visit.as_of, visit.locale)


_WRITTEN: Final[Mapping[str, Callable[[Any], str]]] = {
    "said": _for_reader(said),
    "number": _for_reader(number),
    "day": _for_reader(day),
    "moment": _for_reader(moment),
    "ago": _for_reader(ago),
}


def page(visit: Visit, template: str, /, *, status: int = 200, **context: Any) -> Response:
    """A page, with every header that a page has."""
    told = {"section": "", "code": "", "status": status, **context}
    with written_for(visit):
        body = environment().get_template(template).render(told)
    response = HTMLResponse(body, status, security.page_headers(visit.nonce))
    finish(visit, response, shown=True)
    return response


def redirect(visit: Visit, to: str, flash: str | None = None) -> Response:
    """Go on to another page, which says something first."""
    response = RedirectResponse(to, 303, {"Cache-Control": "no-store"})
    if flash is not None:
        assert flash in FLASHES, f"{flash} says nothing"
        visit.cookies.give(response, visit.cookies.flash, flash, FLASH_SECONDS)
    finish(visit, response, shown=False)
    return response
