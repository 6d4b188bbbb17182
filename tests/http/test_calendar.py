"""A private calendar of what will happen: exact, one's own, and for nobody without its address."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
import structlog
from icalendar import Calendar
from tests.http.house import CLOCKED, Housing, Person, accepting, agreed, project_of, usd
from tests.http.test_lists import DRIVERS_OWN, counted

from earnest import worker
from earnest.core.people import UserStatus
from earnest.http.signin.throttle import CALENDAR, CALENDAR_GUESSED
from earnest.store import calendars, people
from earnest.store.reads import foreseen
from earnest.words.moments import moment

pytestmark = pytest.mark.asyncio

NOBODYS = "cal_" + "A" * 43


async def address(house: Housing, who: Person) -> str:
    return f"/calendar/{await calendars.renew(house.app.database, who.number)}.ics"


async def read(house: Housing, path: str) -> httpx.Response:
    """As a calendar reads it: without a token or a cookie."""
    answer = await house.client.get(path)
    assert answer.status_code == 200, answer.text
    return answer


async def entries(house: Housing, path: str) -> list[Mapping[str, Any]]:
    found = Calendar.from_ical((await read(house, path)).text)
    return list(found.walk("VEVENT"))


def said(entry: Mapping[str, Any]) -> str:
    return str(entry["summary"]).replace("\u00a0", " ")


def at(entry: Mapping[str, Any]) -> datetime:
    moment: datetime = entry["dtstart"].dt
    return moment


def to_the_second(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(microsecond=0)


async def test_it_says_what_happens_when_to_how_much_and_to_whom(house: Housing) -> None:
    emma, frank, _, (first, second) = await agreed(house, "80.00", "20.00", terms=CLOCKED)
    await frank.done(f"/v1/milestones/{first['id']}/submit")
    fate = await emma.seen(f"/v1/milestones/{first['id']}/fate")
    path = await address(house, emma)
    answer = await read(house, path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private"
    assert "\r\nDTSTART:" in answer.text
    released, returned = await entries(house, path)
    assert said(released) == "A piece of work: USD 80.00 is released to frank"
    assert at(released) == to_the_second(fate["items"][0]["at"])
    assert str(released["url"]) == f"http://earnest/milestones/{first['id']}"
    assert str(released["url"]) in released["description"]
    latest = moment(datetime.fromisoformat(fate["items"][0]["at_latest"]), "en", "UTC")
    told = f"If somebody cannot be told in time, it happens later: {latest} at the latest."
    assert str(released["description"]).endswith(f"\n{told}")
    assert said(returned).startswith("A piece of work: USD 20.00 returns to you, as nobody")
    (theirs, other) = await entries(house, await address(house, frank))
    assert said(theirs) == "A piece of work: USD 80.00 is released to you"
    assert other["uid"] == returned["uid"] == f"{second['id']}-milestone.return_dormant@localhost"


async def test_what_a_calendar_says_is_what_happens(house: Housing) -> None:
    emma, frank, _, (first, _) = await agreed(house, "80.00", "20.00", terms=CLOCKED)
    await frank.done(f"/v1/milestones/{first['id']}/submit")
    await emma.done(f"/v1/milestones/{first['id']}/release", {"amount": usd("30.00")})
    told = [at(each) for each in await entries(house, await address(house, emma))]
    assert len(told) == 3
    await worker.advance(house.app, timedelta(days=400))
    events = (await emma.seen("/v1/events", limit=3))["items"]
    assert [to_the_second(each["at"]) for each in reversed(events)] == told


async def test_an_entry_moves_and_keeps_its_name(house: Housing) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    path = await address(house, emma)
    (before,) = await entries(house, path)
    assert [await entries(house, path)] == [[before]]
    await worker.advance(house.app, timedelta(days=1))
    assert await entries(house, path) == [before]
    await frank.done(f"/v1/contracts/{contract['id']}/say", {"text": "Nearly done."})
    (after,) = await entries(house, path)
    assert after["uid"] == before["uid"]
    assert at(after) - at(before) >= timedelta(days=1)
    assert after["sequence"] > before["sequence"]
    assert after["dtstamp"].dt > before["dtstamp"].dt
    await frank.done(f"/v1/milestones/{milestone['id']}/submit")
    (other,) = await entries(house, path)
    assert other["uid"] != before["uid"]


async def test_offers_and_projects_are_in_it(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    path = f"/v1/contracts/{(await emma.done('/v1/contracts', offer))['id']}"
    line = {"description": "What frank reads", "amount": usd("30.00")}
    await emma.done(f"{path}/fund", {"milestones": [line]})
    project = await emma.done("/v1/projects", project_of(title="A shop"))
    await emma.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd("50.00")})
    lapse, closed = await entries(house, await address(house, emma))
    assert said(lapse) == "Offer to frank: the offer lapses and USD 30.00 returns to you"
    assert "in time" not in lapse["description"]
    assert at(lapse) == to_the_second((await emma.seen(path))["accept_by"])
    assert said(closed) == "A shop: USD 50.00 returns to you"
    theirs = await address(house, frank)
    (waits,) = await entries(house, theirs)
    assert said(waits) == "Offer from emma: the offer lapses and USD 30.00 returns to emma"
    # Before an offer is accepted nothing that the other side wrote leaves the site.
    assert "What frank reads" not in (await read(house, theirs)).text
    await frank.done(f"{path}/accept", accepting(await frank.seen(path)))
    (runs,) = await entries(house, theirs)
    assert said(runs).startswith("What frank reads: USD 30.00 returns to emma")


async def test_deposits_and_withdrawals_are_in_it_until_they_are_paid_or_sent(
    house: Housing,
) -> None:
    emma = await house.person("emma")
    await house.rich(emma, "2000.00")
    body = {"gateway": "sandbox", "amount": usd("25.00"), "sandbox": "delay"}
    unpaid = await emma.done("/v1/deposits", body)
    account = {"type": "sandbox", "account": "settle", "name": "Emma"}
    body = {"gateway": "sandbox", "amount": usd("1500.00"), "destination": account}
    unsent = await emma.done("/v1/withdrawals", body)
    path = await address(house, emma)
    deposit, withdrawal = await entries(house, path)
    closed = "it is closed as unpaid, unless the money has come"
    assert said(deposit) == f"Deposit of USD 25.00: {closed}"
    (step,) = (await emma.seen(f"/v1/deposits/{unpaid['id']}/fate"))["items"]
    assert at(deposit) == to_the_second(step["at"])
    assert deposit["url"].endswith(f"/deposits/{unpaid['id']}")
    returns = "USD 1,500.00 returns to you, as it was not sent"
    assert said(withdrawal) == f"Withdrawal of USD 1,500.00: {returns}"
    await emma.done(f"/v1/withdrawals/{unsent['id']}/cancel")
    assert [each["uid"] for each in await entries(house, path)] == [deposit["uid"]]
    assert await entries(house, await address(house, await house.person("frank"))) == []


async def test_nobody_reads_it_without_the_address_that_is_in_force(house: Housing) -> None:
    emma, *_ = await agreed(house, "80.00", terms=CLOCKED)
    old = await address(house, emma)
    new = await address(house, emma)
    for path in (old, f"/calendar/{NOBODYS}.ics", "/calendar/x.ics", f"{new}.ics", new[:-4]):
        answer = await house.client.get(path, headers=emma.headers)
        assert answer.status_code == 404, path
        assert "VEVENT" not in answer.text
        assert answer.headers["cache-control"] == "no-store"
    assert len(await entries(house, new)) == 1
    assert (await house.client.post(new)).status_code == 405
    assert (await house.client.head(new)).status_code == 200
    assert await calendars.end(house.app.database, emma.number)
    assert not await calendars.end(house.app.database, emma.number)
    assert (await house.client.get(new)).status_code == 404


async def test_of_the_address_only_its_hash_is_kept(house: Housing) -> None:
    emma = await house.person("emma")
    token = (await address(house, emma)).removeprefix("/calendar/").removesuffix(".ics")
    kept = await house.value("SELECT calendars::text FROM calendars")
    assert token not in kept
    assert bytes.fromhex(kept.partition("\\\\x")[2][:64]) == hashlib.sha256(token.encode()).digest()


async def test_no_log_has_the_address(house: Housing) -> None:
    emma, *_ = await agreed(house, "80.00", terms=CLOCKED)
    path = await address(house, emma)
    structlog.reset_defaults()  # Another test of this process may have made it quiet.
    with structlog.testing.capture_logs() as logged:
        await read(house, path)
        await house.client.get(f"/calendar/{NOBODYS}.ics")
    assert [each["route"] for each in logged] == ["/calendar/{token}.ics"] * 2
    assert "cal_" not in repr(logged)


async def test_who_is_suspended_still_reads_what_happens_to_their_money(house: Housing) -> None:
    emma, *_ = await agreed(house, "80.00", terms=CLOCKED)
    path = await address(house, emma)
    await people.set_status(house.app.database, emma.number, UserStatus.SUSPENDED)
    assert len(await entries(house, path)) == 1


async def test_it_is_read_so_often_and_no_more(house: Housing) -> None:
    emma = await house.person("emma")
    path = await address(house, emma)
    for _ in range(CALENDAR.amount):
        await read(house, path)
    answer = await house.client.get(path)
    assert answer.status_code == 429
    assert "retry-after" in answer.headers
    for n in range(CALENDAR_GUESSED.amount):
        assert (await house.client.get(f"/calendar/{NOBODYS[:-1]}{n % 10}.ics")).status_code == 404
    assert (await house.client.get(f"/calendar/{NOBODYS}.ics")).status_code == 429


async def test_of_very_many_it_has_the_first_in_as_few_statements(
    house: Housing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(foreseen, "MOST", 5)
    monkeypatch.setattr("earnest.http.signin.calendar.MOST", 5)
    emma, frank, contract, _ = await agreed(house, "1.00", terms=CLOCKED)
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    await emma.done("/v1/contracts", offer)
    await emma.done("/v1/projects", project_of())
    path = await address(house, emma)
    costs = []
    for more in (0, 8):
        for _ in range(more):
            gina = await house.person("gina")
            made = await emma.done("/v1/contracts", {**offer, "freelancer": gina.id})
            at = f"/v1/contracts/{made['id']}"
            await gina.done(f"{at}/accept", accepting(await gina.seen(at)))
            line = {"description": "More", "amount": usd("1.00")}
            await emma.done(f"{at}/fund", {"milestones": [line, line]})
            await emma.done("/v1/projects", project_of())
        await read(house, path)
        async with counted(house) as texts:
            answer = await read(house, path)
            costs.append(len([each for each in texts if not DRIVERS_OWN.search(each)]))
        found = Calendar.from_ical(answer.text)
        assert len(found.walk("VEVENT")) == (5 if more else 3)
        assert ("these are the first 5" in str(found["x-wr-caldesc"])) is bool(more)
        assert found["description"] == found["x-wr-caldesc"]
    assert costs[0] == costs[1], costs
    assert contract["status"] == "active"


async def test_what_people_write_begins_no_line_of_its_own(house: Housing) -> None:
    emma, frank, contract, _ = await agreed(house, terms=CLOCKED)
    evil = "One,\r\nBEGIN:VEVENT\r\nUID:x; \\n two\u2028three\x07 \u202efour" + "é" * 200
    line = {"description": evil, "amount": usd("5.00")}
    await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": [line]})
    path = await address(house, frank)
    (only,) = await entries(house, path)
    assert said(only).startswith("One, BEGIN:VEVENT UID:x; \\n two three  ")
    raw = (await read(house, path)).content
    assert all(len(each) <= 75 for each in raw.split(b"\r\n"))
    assert raw.count(b"BEGIN:VEVENT\r\n") == 1
    assert "\u202e" not in raw.decode()
