"""Which pages are measured, and what is told of them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime

from earnest.bench.addresses import ADDRESSES, Address
from earnest.bench.pages import LIMIT_MS, Measured
from earnest.bench.visitors import Visit, Visitor, _following, _names
from earnest.store.landmarks import Landmarks

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MARKS = Landmarks(1, 2, 3, 4, 5, 1, "web_design", [6, 7, 8], 9, 1, 3, 10)
VISITOR = Visitor("a-session", "ern_token")


def measured(seconds: list[float]) -> Measured:
    address = Address("/finances", "employer")
    return Measured(Visit(address, VISITOR, address.path), seconds)


def test_every_address_can_be_filled_in_and_stands_there_once() -> None:
    for each in ADDRESSES:
        assert "{" not in each.path.format_map(_names(MARKS, NOON, 11)), each.path
    lines = [dataclasses.astuple(each) for each in ADDRESSES]
    assert len(set(lines)) == len(lines)


def test_pages_are_asked_for_as_browsers_do_and_lists_as_programs_do() -> None:
    page, rest = VISITOR.request("/finances"), VISITOR.request("/v1/milestones?limit=5")
    assert page.startswith(b"GET /finances HTTP/1.1\r\n")
    assert b"Cookie: earnest=a-session" in page
    assert b"Accept-Encoding" in page
    assert b"Authorization: Bearer ern_token" in rest
    assert b"Cookie" not in rest


def test_the_next_page_is_where_the_page_says_that_it_is() -> None:
    page = b'<a href="/projects?skill=css&amp;cursor=abc">Older</a>'
    assert _following("/projects?skill=css", page) == "/projects?skill=css&cursor=abc"
    assert _following("/projects", b"<p>Nothing.</p>") is None
    assert _following("/v1/bids?limit=5", b'{"next": "abc"}') == "/v1/bids?limit=5&cursor=abc"
    assert _following("/v1/bids", b'{"next": null}') is None


def test_a_page_is_fast_enough_if_95_of_100_are() -> None:
    slow, fast = LIMIT_MS / 1e3 * 2, LIMIT_MS / 1e3 / 2
    assert measured([fast] * 96 + [slow] * 4).is_met
    assert not measured([fast] * 90 + [slow] * 10).is_met
    told = measured([0.01, 0.03, 0.02]).as_json()
    assert (told["p50_ms"], told["max_ms"]) == (20, 30)
