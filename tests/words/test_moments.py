"""A day, an instant and a distance in time are said so that nobody misreads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.words.moments import ago, day, end_of, is_zone, moment, month, next_hour, zones

NOON: Final = datetime(2026, 11, 23, 14, 2, 59, tzinfo=UTC)
SAO_PAULO: Final = "America/Sao_Paulo"


@pytest.mark.parametrize(
    ("locale", "zone", "text"),
    [
        ("en", "UTC", "23 Nov 2026"),
        ("en_US", "UTC", "23 Nov 2026"),
        ("pt_BR", "UTC", "23 de nov. de 2026"),
        ("es", "UTC", "23 nov 2026"),
        ("de", "UTC", "23. Nov. 2026"),
        ("en", "Pacific/Auckland", "24 Nov 2026"),
    ],
)
def test_a_day_is_said_in_its_zone_and_in_english_day_first(
    locale: str, zone: str, text: str
) -> None:
    assert day(NOON, locale, zone) == text


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ("Nov", "N", "Nov 2026")),
        ("pt_BR", ("nov.", "N", "nov. de 2026")),
        ("es", ("nov", "N", "nov 2026")),
        ("ar", ("نوفمبر", "ب", "نوفمبر 2026")),
    ],
)
def test_a_month_is_said_short_shorter_and_with_its_year(
    locale: str, said: tuple[str, str, str]
) -> None:
    assert month(NOON, locale) == said


def test_a_leap_day_is_said_as_such() -> None:
    assert day(datetime(2028, 2, 29, 23, 59, tzinfo=UTC), "en", "UTC") == "29 Feb 2028"
    assert day(datetime(2028, 2, 29, 23, 59, tzinfo=UTC), "en", "Asia/Tokyo") == "1 Mar 2028"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "23 Nov 2026, 14:02 UTC"),
        ("Europe/London", "23 Nov 2026, 14:02 GMT"),
        ("Europe/Moscow", "23 Nov 2026, 17:02 GMT+3"),
        (SAO_PAULO, "23 Nov 2026, 11:02 GMT\u22123"),
        ("Asia/Kolkata", "23 Nov 2026, 19:32 GMT+5:30"),
        ("America/St_Johns", "23 Nov 2026, 10:32 GMT\u22123:30"),
        ("Pacific/Chatham", "24 Nov 2026, 03:47 GMT+13:45"),
    ],
)
def test_an_instant_is_said_with_the_distance_of_its_zone(zone: str, text: str) -> None:
    assert moment(NOON, "en", zone) == text


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("pt_BR", "23 de nov. de 2026 17:02 GMT+3"),
        ("fr", "23 nov. 2026, 17:02 UTC+3"),
        ("es", "23 nov 2026, 17:02 GMT+3"),
        ("co", "23 nuv. 2026 à 17:02 GMT+3"),
    ],
)
def test_an_instant_is_said_as_the_locale_joins_day_and_time(locale: str, text: str) -> None:
    assert moment(NOON, locale, "Europe/Moscow") == text


def test_the_hour_that_comes_twice_is_told_apart_by_its_distance() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment(first, "en", "Europe/Berlin") == "25 Oct 2026, 02:30 GMT+2"
    later = first + timedelta(hours=1)
    assert moment(later, "en", "Europe/Berlin") == "25 Oct 2026, 02:30 GMT+1"


def test_a_moment_without_a_zone_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="knows its zone"):
        moment(NOON.replace(tzinfo=None), "en", "UTC")


@pytest.mark.parametrize(
    ("distance", "text"),
    [
        (timedelta(days=-3), "3 days ago"),
        (timedelta(days=2), "in 2 days"),
        (timedelta(), "1 second ago"),
        (timedelta(seconds=-59), "59 seconds ago"),
        (timedelta(seconds=-60), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "in 59 minutes"),
        (timedelta(hours=23, minutes=59), "in 23 hours"),
        (timedelta(hours=47), "in 1 day"),
        (timedelta(days=-59), "59 days ago"),
        (timedelta(days=-60), "2 months ago"),
        (timedelta(days=-729), "24 months ago"),
        (timedelta(days=-730), "2 years ago"),
    ],
)
def test_a_distance_is_said_in_full_units_only(distance: timedelta, text: str) -> None:
    assert ago(NOON + distance, NOON, "en") == text


@given(st.timedeltas(timedelta(days=-4000), timedelta(days=4000)))
def test_a_distance_is_never_said_longer_than_it_is(distance: timedelta) -> None:
    words = ago(NOON + distance, NOON, "en").removeprefix("in ").split()
    unit = {"month": timedelta(days=30), "year": timedelta(days=365)}
    one = unit.get(words[1].rstrip("s")) or timedelta(**{words[1].rstrip("s") + "s": 1})
    assert int(words[0]) * one <= max(abs(distance), timedelta(seconds=1))


def test_a_distance_is_said_in_the_readers_language() -> None:
    assert ago(NOON - timedelta(days=3), NOON, "pt_BR") == "há 3 dias"
    assert ago(NOON + timedelta(days=2), NOON, "es") == "dentro de 2 días"


def test_the_zones_are_places_and_utc_in_order() -> None:
    found = zones()
    assert found == sorted(set(found))
    assert {"UTC", SAO_PAULO, "Asia/Kolkata", "America/Argentina/Buenos_Aires"} <= set(found)
    assert [name for name in found if "/" not in name] == ["UTC"]
    assert not {"Etc/GMT+3", "US/Eastern", "posixrules", "localtime", "CET"} & set(found)


def test_a_changed_list_of_zones_changes_nothing_for_others() -> None:
    zones().clear()
    assert zones()


@pytest.mark.parametrize(
    "text", ["", "utc", "Mars/Base", "America/", "../etc/passwd", "/UTC", "UTC\0", "Etc/GMT+3"]
)
def test_what_is_no_zone_of_a_person_is_refused(text: str) -> None:
    assert not is_zone(text)


def test_every_zone_that_is_listed_is_one() -> None:
    for name in zones():
        assert is_zone(name)
        assert ZoneInfo(name).key == name


@pytest.mark.parametrize(
    ("on", "zone", "end"),
    [
        (date(2026, 11, 23), "UTC", datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)),
        (date(2026, 11, 23), SAO_PAULO, datetime(2026, 11, 24, 2, 59, 59, tzinfo=UTC)),
        (date(2028, 2, 29), "Asia/Tokyo", datetime(2028, 2, 29, 14, 59, 59, tzinfo=UTC)),
        # The clocks changed in the night before: the end has the new distance.
        (date(2026, 3, 29), "Europe/Berlin", datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 25), "Europe/Berlin", datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
        # At midnight back to 23:00: the last hour came twice.
        (date(2018, 2, 17), SAO_PAULO, datetime(2018, 2, 18, 2, 59, 59, tzinfo=UTC)),
        # At midnight on to 01:00: the next day has no midnight.
        (date(2018, 11, 3), SAO_PAULO, datetime(2018, 11, 4, 2, 59, 59, tzinfo=UTC)),
        # At 23:00 on to midnight: the day has no last hour.
        (date(2026, 3, 28), "America/Nuuk", datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC)),
    ],
)
def test_the_end_of_a_day_is_its_last_second_there(on: date, zone: str, end: datetime) -> None:
    assert end_of(on, zone) == end
    assert end_of(on, zone).tzinfo is UTC


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.sampled_from(zones()))
def test_a_second_after_the_end_of_a_day_it_is_another_day(on: date, zone: str) -> None:
    end = end_of(on, zone)
    assert end.astimezone(ZoneInfo(zone)).date() == on
    assert (end + timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() == on + timedelta(days=1)


def test_the_last_day_of_the_calendar_has_no_end_west_of_utc() -> None:
    with pytest.raises(ValueError, match="has no end in America/Sao_Paulo"):
        end_of(date.max, SAO_PAULO)
    assert end_of(date.min, "Asia/Tokyo").date() == date.min


@pytest.mark.parametrize(
    ("after", "zone", "found"),
    [
        ("2026-11-23T07:59:00Z", "UTC", "2026-11-23T08:00:00Z"),
        ("2026-11-23T08:00:00Z", "UTC", "2026-11-24T08:00:00Z"),
        ("2026-11-23T20:00:00Z", "Asia/Tokyo", "2026-11-23T23:00:00Z"),
        ("2026-03-28T20:00:00Z", "Europe/Madrid", "2026-03-29T06:00:00Z"),  # An hour is missing.
        ("2026-10-24T20:00:00Z", "Europe/Madrid", "2026-10-25T07:00:00Z"),  # One comes twice.
    ],
)
def test_the_next_eight_o_clock_is_that_of_the_readers_clock(
    after: str, zone: str, found: str
) -> None:
    at = next_hour(datetime.fromisoformat(after), 8, zone)
    assert at == datetime.fromisoformat(found)
