"""Notices over REST: only one's own, in one's language and time zone, and read for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.http.house import Housing, Json, Person, agreed, code_of

from earnest import notifying, worker
from earnest.core.actions import Scope
from earnest.core.notices import Mail, Topic
from earnest.core.records import replace
from earnest.core.terms import CLASSIC, DAY, as_json
from earnest.store import people, told

pytestmark = pytest.mark.asyncio


async def dealt(house: Housing) -> tuple[Person, Person, Json]:
    """Two people, and what they were told of each other."""
    emma, frank, _, (milestone,) = await agreed(house, "10.00")
    await frank.done(f"/v1/milestones/{milestone['id']}/submit", {"note": "It is all there"})
    await notifying.drain(house.app)
    return emma, frank, milestone


async def test_a_notice_says_what_happened_and_the_same_as_facts(house: Housing) -> None:
    emma, _, milestone = await dealt(house)
    newest, *others = (await emma.seen("/v1/notices"))["items"]
    assert len(others) == 2
    assert newest["title"] == "frank handed in the work: USD\u00a010.00 waits for your release"
    assert "It is about “A piece of work”." in newest["text"]
    facts = {name: newest[name] for name in ("person", "amount", "about", "words", "count", "by")}
    assert facts == {
        "person": "frank",
        "amount": {"amount": "10.00", "currency": "USD"},
        "about": "A piece of work",
        "words": "It is all there",
        "count": None,
        "by": None,
    }
    assert (newest["name"], newest["topic"]) == ("milestone.submitted", "work")
    assert (newest["subject"], newest["is_about_money"]) == (milestone["id"], True)
    assert newest["read_at"] is None
    event = await emma.seen(f"/v1/events/{newest['event_id']}")
    assert (event["name"], event["at"]) == (newest["name"], newest["at"])
    assert await emma.seen(f"/v1/notices/{newest['id']}") == newest


async def test_a_clock_that_runs_is_told_with_its_moment_and_has_no_event(house: Housing) -> None:
    terms = as_json(replace(CLASSIC, review_seconds=14 * DAY, review_floor_seconds=3 * DAY))
    emma, frank, _, (milestone,) = await agreed(house, "10.00", terms=terms)
    await frank.done(f"/v1/milestones/{milestone['id']}/submit", {"note": "It is all there"})
    await notifying.drain(house.app)
    (at_start, *_) = (await emma.seen("/v1/notices"))["items"]
    assert at_start["name"] == "milestone.submitted"
    assert f"it is released to {at_start['person']}" in at_start["text"]
    await worker.advance(house.app, timedelta(days=13, hours=1))
    last, *_ = (await emma.seen("/v1/notices"))["items"]
    ten = {"amount": "10.00", "currency": "USD"}
    assert (last["name"], last["event_id"]) == ("milestone.auto_release", None)
    assert (last["moment"], last["is_last"], last["waits"]) == ("day", True, False)
    assert (last["amount"], last["others"], last["by"]) == (None, ten, at_start["by"])
    assert (last["subject"], last["topic"]) == (milestone["id"], "work")
    theirs, *_ = (await frank.seen("/v1/notices"))["items"]
    assert (theirs["moment"], theirs["amount"], theirs["waits"]) == ("half", ten, True)
    assert theirs["is_about_money"]
    fate = await emma.seen(f"/v1/milestones/{milestone['id']}/fate")
    assert fate["items"][0]["at"] == last["by"], "the notice and the fate say the same"
    assert fate["items"][0]["pays"] == [{"to": frank.id, "amount": ten}]


async def test_dates_stand_where_the_readers_clock_does(house: Housing) -> None:
    _, frank, _ = await dealt(house)
    await people.set_profile(house.app.database, frank.number, "frank", "en", "Asia/Tokyo")
    offered = (await frank.seen("/v1/notices"))["items"][-1]
    assert offered["name"] == "contract.offered"
    assert "GMT+9" in offered["text"]


async def test_a_strangers_notices_are_not_there(house: Housing) -> None:
    emma, frank, _ = await dealt(house)
    operator = await house.person("olga", "operator")
    theirs = (await emma.ids("/v1/notices"))[0]
    for who in (frank, operator):
        assert theirs not in await who.ids("/v1/notices")
        assert code_of(await who.get(f"/v1/notices/{theirs}")) == "not_found"
        assert await who.code(f"/v1/notices/{theirs}/read") == "not_found"
    for nothing in ("ntc_x", "ntc_0DXH3K8ZQ2Y7A", "ms_0DXH3K8ZQ2Y7A"):
        assert await emma.code(f"/v1/notices/{nothing}/read") == "not_found"


async def test_what_is_read_stays_read_whatever_key_asks(house: Housing) -> None:
    emma, _, _ = await dealt(house)
    first, second, third = await emma.ids("/v1/notices")
    answers = [await emma.post(f"/v1/notices/{second}/read", key=f"k{n}") for n in range(3)]
    assert len({each.content for each in answers}) == 1
    assert answers[0].json()["read_at"] is not None
    assert await emma.ids("/v1/notices", status="unread") == [first, third]
    assert await emma.ids("/v1/notices", status="read") == [second]
    assert await emma.ids("/v1/notices", status="read,unread") == [first, second, third]
    assert await emma.done("/v1/notices/read-all", {"until": third}) == {"marked": 1}
    assert await emma.ids("/v1/notices", status="unread") == [first]
    assert await emma.done("/v1/notices/read-all") == {"marked": 1}
    assert await emma.done("/v1/notices/read-all", {"until": None}) == {"marked": 0}


async def test_a_token_that_only_reads_marks_nothing(house: Housing) -> None:
    emma, _, _ = await dealt(house)
    reader = await house.again(emma, {Scope.READ})
    (first, *_) = await reader.ids("/v1/notices")
    assert await reader.code(f"/v1/notices/{first}/read") == "scope_missing"
    assert await reader.code("/v1/notices/read-all") == "scope_missing"
    nobody = Person(house, emma.number, "ern_x")
    assert await nobody.code("/v1/notices/read-all") == "unauthorized"


async def test_what_nobody_looks_at_is_refused(house: Housing) -> None:
    emma, _, _ = await dealt(house)
    (first, *_) = await emma.ids("/v1/notices")
    assert await emma.code(f"/v1/notices/{first}/read", {"x": 1}) == "invalid"
    assert await emma.code("/v1/notices/read-all", {"until": "ms_0DXH3K8ZQ2Y7A"}) == "invalid"
    assert await emma.code("/v1/notices/read-all?dry_run=true") == "invalid"
    assert code_of(await emma.get("/v1/notices", status="odd")) == "invalid"
    assert code_of(await emma.get("/v1/notices/read-all")) == "method_not_allowed"


async def test_lists_have_pages(house: Housing) -> None:
    emma, _, _ = await dealt(house)
    page = await emma.seen("/v1/notices", limit=2, status="unread")
    assert len(page["items"]) == 2
    rest = await emma.seen("/v1/notices", limit=2, status="unread", cursor=page["next"])
    assert (len(rest["items"]), rest["next"]) == (1, None)


async def test_one_chooses_when_each_topic_comes_by_mail(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    path = "/v1/notices/choices"
    usual = (await emma.seen(path))["mail"]
    assert set(usual) == set(Topic)
    assert set(usual.values()) == {"at_once"}
    asked = {"mail": {"messages": "never", "money_in": "daily"}}
    for _ in range(2):
        answer = await house.client.put(path, json=asked, headers=emma.headers)
        assert (answer.status_code, answer.json()) == (200, {"mail": {**usual, **asked["mail"]}})
    answer = await house.client.put(path, json={"mail": {}}, headers=emma.headers)
    assert answer.json() == await emma.seen(path) == {"mail": {**usual, **asked["mail"]}}
    assert (await frank.seen(path))["mail"] == usual
    kept = await told.choices(house.app.database, emma.number)
    assert kept[Topic.MESSAGES] is Mail.NEVER


@pytest.mark.parametrize(
    ("body", "path", "code"),
    [
        ({}, "/mail", "required"),
        ({"mail": "never"}, "/mail", "not_an_object"),
        ({"mail": {"weather": "never"}}, "/mail/weather", "unknown_field"),
        ({"mail": {"work": "weekly"}}, "/mail/work", "not_one_of"),
        ({"mail": {}, "user": "usr_1"}, "/user", "unknown_field"),
    ],
)
async def test_what_cannot_be_chosen_is_named(
    house: Housing, body: Json, path: str, code: str
) -> None:
    emma = await house.person("emma")
    answer = await house.client.put("/v1/notices/choices", json=body, headers=emma.headers)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["path"], error["code"]) == (422, path, code)
    assert await house.value("SELECT count(*) FROM notice_choices") == 0


async def test_choosing_needs_a_token_that_is_good_for_it(house: Housing) -> None:
    emma = await house.person("emma", scopes=[Scope.READ])
    path = "/v1/notices/choices"
    assert (await emma.get(path)).status_code == 200
    answer = await house.client.put(path, json={"mail": {}}, headers=emma.headers)
    assert code_of(answer) == "scope_missing"
    assert (await house.client.put(path, json={"mail": {}})).status_code == 401
    answer = await emma.post(path, {"mail": {}})
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, PUT")
