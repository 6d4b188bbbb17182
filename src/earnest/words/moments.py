"""Moments as people say them: a day, an instant with its zone, and how long ago it was.

A zone is said by its distance from UTC, never by letters: CST is three zones, and IST too.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.dates import format_date, format_datetime, format_skeleton, format_timedelta

_Unit: TypeAlias = Literal["year", "month", "day", "hour", "minute", "second"]

_SECOND: Final = timedelta(seconds=1)
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
#: From which distance on a unit is counted in, so that "1 month" never stands for 59 days.
_UNITS: Final[tuple[tuple[_Unit, timedelta, timedelta], ...]] = (
    ("year", 365 * _DAY, 730 * _DAY),
    ("month", 30 * _DAY, 60 * _DAY),
    ("day", _DAY, _DAY),
    ("hour", _HOUR, _HOUR),
    ("minute", _MINUTE, _MINUTE),
    ("second", _SECOND, _SECOND),
)

_UTC: Final = "UTC"
_MINUS: Final = "\u2212"
_LAST_SECOND: Final = time(23, 59, 59)
#: Where people live; the rest are old names of the same zones, and zones of no place.
_AREAS: Final = (
    *("Africa/", "America/", "Antarctica/", "Arctic/", "Asia/", "Atlantic/", "Australia/"),
    *("Europe/", "Indian/", "Pacific/"),
)


def day(at: datetime, locale: str, zone: str) -> str:
    """Say the day it was in a zone: ``23 Nov 2026``."""
    return _day(_local(at, zone).date(), locale)


@lru_cache(maxsize=4096)
def _day(local: date, locale: str) -> str:
    """The same days are said again and again, on every line of a page."""
    if _known(locale).language == "en":
        # Day first for everybody: "11/12" is read in two ways, and so is its spoken order.
        return format_date(local, "d MMM y", locale=_known(locale))
    return format_skeleton("yMMMd", local, locale=_known(locale))


def moment(at: datetime, locale: str, zone: str) -> str:
    """Say an instant to the minute, with its zone: ``23 Nov 2026, 14:02 UTC``."""
    local = _local(at, zone)
    joined = str(_known(locale).datetime_formats["medium"]).replace("'", "")
    said = joined.replace("{0}", local.strftime("%H:%M")).replace("{1}", day(at, locale, zone))
    return f"{said} {_zone_name(local, locale, zone)}"


def ago(at: datetime, now: datetime, locale: str) -> str:
    """Say how far away it is, in whole units: ``3 days ago``, ``in 2 days``.

    What is not full is not counted: nobody is promised a day that has only 20 hours left.
    """
    distance = max(abs(at - now), _SECOND)
    unit, length = next((u, length) for u, length, least in _UNITS if distance >= least)
    whole = distance // length * length
    # The threshold is out of reach, so that the unit is ours and no other.
    return format_timedelta(
        whole if at > now else -whole,
        granularity=unit,
        threshold=10**9,
        add_direction=True,
        locale=_known(locale),
    )


def month(at: datetime, locale: str) -> tuple[str, str, str]:
    """Say the month it was in UTC: ``Nov``, ``N`` where there is no room, and ``Nov 2026``."""
    local = _local(at, _UTC)
    short, least = (format_datetime(local, each, locale=locale) for each in ("LLL", "LLLLL"))
    return short, least, format_skeleton("yMMM", local, locale=locale)


def zones() -> list[str]:
    """List the zones that a person may choose, by name."""
    return sorted(_zones())


def is_zone(text: str) -> bool:
    """Whether a text is one of the zones that a person may choose."""
    return text in _zones()


def end_of(day: date, zone: str) -> datetime:
    """Find the last second of a day in a zone: until then, what is due that day is on time.

    Of a last second that the clocks show twice, it is the later one. The last day of the calendar
    has no end in the west, and a ValueError says so.
    """
    local = datetime.combine(day, _LAST_SECOND, tzinfo=ZoneInfo(zone)).replace(fold=1)
    try:
        return local.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{day} has no end in {zone}") from None


def next_hour(after: datetime, hour: int, zone: str) -> datetime:
    """Find when a clock in a zone next shows a full hour, later than this moment."""
    local = _local(after, zone)
    shown = datetime.combine(local.date(), time(hour), tzinfo=local.tzinfo)
    found = shown.astimezone(UTC)
    if found <= after:
        found = (shown + _DAY).astimezone(UTC)
    return found


def date_of(at: datetime, zone: str) -> str:
    """Write the day it is in a zone as a form has it: ``2026-11-23``."""
    return _local(at, zone).date().isoformat()


def _local(at: datetime, zone: str) -> datetime:
    assert at.tzinfo is not None, "a moment knows its zone"
    return at.astimezone(ZoneInfo(zone))


def _zone_name(local: datetime, locale: str, zone: str) -> str:
    """Name a zone by its distance from UTC at that instant: ``GMT+3``, ``GMT+5:30``."""
    if zone == _UTC:
        return _UTC
    offset = local.utcoffset()
    assert offset is not None, "a local moment has its distance from UTC"
    hours, minutes = divmod(abs(offset) // _MINUTE, 60)
    sign = _MINUS if offset < timedelta() else "+"
    distance = f"{sign}{hours}:{minutes:02}" if minutes else f"{sign}{hours}"
    return str(_known(locale).zone_formats["gmt"]) % (distance if offset else "")


@lru_cache(maxsize=256)
def _known(locale: str) -> Locale:
    """The locale of this name: a page says some hundred moments, and each would parse it anew."""
    return Locale.parse(locale)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    found = available_timezones()
    return frozenset({_UTC, *(name for name in found if name.startswith(_AREAS))})
