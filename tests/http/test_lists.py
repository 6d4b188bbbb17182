"""Lists: pages that neither skip nor repeat, filters, sorting, and what they cost."""

from __future__ import annotations

import base64
import contextlib
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.http.house import (
    Housing,
    Json,
    Person,
    accepting,
    agreed,
    bid_for,
    code_of,
    project_of,
    usd,
)

from earnest.http.reading import SHELVES

pytestmark = pytest.mark.asyncio

WORDS = ("Draw a logo", "Draw 50% of it", "Draw 5_0 of it", "draw a LOGO again", "Print it")


async def many(house: Housing) -> tuple[Person, Person, Json, list[str]]:
    """Two people with seven milestones of different amounts, dates and words; the newest first."""
    emma, frank, contract, _ = await agreed(house)
    lines: list[Json] = [
        {"description": words, "amount": usd(f"{10 - index}.00")}
        for index, words in enumerate(WORDS)
    ]
    lines[0]["due_at"] = "2997-01-01T00:00:00Z"
    lines[2]["due_at"] = "2996-01-01T00:00:00Z"
    made = await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": lines})
    ids = [row["id"] for row in made["items"]]
    for amount in ("3.00", "3.00"):
        asked = {"contract_id": contract["id"], "description": "More", "amount": usd(amount)}
        ids.append((await frank.done("/v1/milestones", asked))["id"])
    return emma, frank, contract, ids[::-1]


async def paged(who: Person, path: str, **query: object) -> list[str]:
    """Everything of a list, page by page."""
    found: list[str] = []
    cursor: Json = {}
    for _ in range(50):
        page = await who.seen(path, **query, **cursor)
        found += [row["id"] for row in page["items"]]
        if page["next"] is None:
            return found
        assert len(page["items"]) == query.get("limit", 50)
        cursor = {"cursor": page["next"]}
    raise AssertionError("a list ends")


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
async def test_pages_have_everything_once_and_the_newest_first(house: Housing, limit: int) -> None:
    emma, frank, _, ids = await many(house)
    for who in (emma, frank):
        assert await paged(who, "/v1/milestones", limit=limit) == ids
        assert await who.ids("/v1/milestones") == ids


async def test_both_sides_are_one_list(house: Housing) -> None:
    """Emma is employer to Frank and freelancer to Gina; her list is one."""
    emma, _, _, ids = await many(house)
    gina = await house.person("gina")
    await house.rich(gina, "10.00")
    offer = {"freelancer": emma.id, "currency": "USD"}
    contract = await gina.done("/v1/contracts", offer)
    path = f"/v1/contracts/{contract['id']}"
    await emma.done(f"{path}/accept", accepting(await emma.seen(path)))
    line = {"contract_id": contract["id"], "description": "x", "amount": usd("1.00")}
    new = (await gina.done("/v1/milestones", line))["id"]
    assert await paged(emma, "/v1/milestones", limit=2) == [new, *ids]
    assert await emma.ids("/v1/milestones", direction="incoming") == [new]
    assert await paged(emma, "/v1/milestones", direction="outgoing", limit=3) == ids
    assert await gina.ids("/v1/milestones") == [new]
    assert len(await emma.ids("/v1/contracts")) == 2
    assert await emma.ids("/v1/contracts", direction="incoming") == [contract["id"]]


@pytest.mark.parametrize("limit", [1, 3, 100])
@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("amount", [6, 5, 4, 3, 2, 1, 0]),
        ("-amount", [0, 1, 2, 3, 4, 6, 5]),
        ("due_at", [2, 0, 1, 3, 4, 5, 6]),
        ("-due_at", [0, 2, 6, 5, 4, 3, 1]),
        ("updated_at", [0, 1, 2, 3, 4, 5, 6]),
        ("-updated_at", [6, 5, 4, 3, 2, 1, 0]),
    ],
)
async def test_sorted_pages_have_everything_once(
    house: Housing, sort: str, order: list[int], limit: int
) -> None:
    emma, _, _, ids = await many(house)
    found = await paged(emma, "/v1/milestones", sort=sort, limit=limit)
    made = ids[::-1]
    if sort == "amount":  # Of equal ones the older first.
        order = [5, 6, 4, 3, 2, 1, 0]
    assert [made.index(each) for each in found] == order


async def test_filters(house: Housing) -> None:
    emma, frank, contract, ids = await many(house)
    made = ids[::-1]
    await frank.done(f"/v1/milestones/{made[1]}/submit")
    await emma.done(f"/v1/milestones/{made[2]}/ask-cancel", {"reason": "Enough"})

    async def found(who: Person, **query: object) -> list[int]:
        return sorted(made.index(each) for each in await who.ids("/v1/milestones", **query))

    assert await found(emma, status="requested") == [5, 6]
    assert await found(emma, status="requested,submitted") == [1, 5, 6]
    assert await found(emma, contract=contract["id"], status="released") == []
    assert await found(emma, currency="EUR") == []
    assert await found(emma, currency="USD", min="8", max="9.00") == [1, 2]
    assert await found(emma, q="logo") == [0, 3]
    assert await found(emma, q="50%") == [1]
    assert await found(emma, q="5_0") == [2]
    assert await found(emma, q="\\") == []
    assert await found(emma, waiting_for="me") == [1, 5, 6]
    assert await found(frank, waiting_for="me") == [0, 2, 3, 4]
    assert await found(frank, waiting_for="me", direction="outgoing") == []
    assert await found(emma, **{"from": "2001-01-01T00:00:00Z"}) == [0, 1, 2, 3, 4, 5, 6]
    assert await found(emma, to="2001-01-01T00:00:00Z") == []
    assert await found(emma, contract="ctr_0DXH3K8ZQ2Y7A") == []


async def test_contracts_that_wait(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    offer = {"freelancer": frank.id, "currency": "USD"}
    contract = await emma.done("/v1/contracts", offer)
    assert await frank.ids("/v1/contracts", waiting_for="me") == [contract["id"]]
    assert await emma.ids("/v1/contracts", waiting_for="me") == []
    assert await emma.ids("/v1/contracts", status="offered", currency="USD") == [contract["id"]]
    (listed,) = (await frank.seen("/v1/contracts"))["items"]
    alone = await frank.seen(f"/v1/contracts/{contract['id']}")
    assert set(alone.pop("actions")) == {"milestone.request", "say", "accept", "decline"}
    assert alone.pop("proposed_terms") is None
    assert listed == alone
    assert listed["funded"] == usd("0.00")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"limit": "0"}, ["?limit"]),
        ({"limit": "101"}, ["?limit"]),
        ({"limit": "5.0"}, ["?limit"]),
        ({"limit": "\u0665"}, ["?limit"]),
        ({"sort": "description"}, ["?sort"]),
        ({"status": "funded,sold"}, ["?status"]),
        ({"direction": "up"}, ["?direction"]),
        ({"contract": "ms_0DXH3K8ZQ2Y7A"}, ["?contract"]),
        ({"currency": "usd"}, ["?currency"]),
        ({"from": "yesterday", "to": "2026-12-07"}, ["?from", "?to"]),
        ({"min": "1"}, ["?min"]),
        ({"min": "-1", "currency": "USD"}, ["?min"]),
        ({"max": "0.001", "currency": "USD"}, ["?max"]),
        ({"min": "1", "currency": "nothing"}, ["?currency"]),
        ({"q": ""}, ["?q"]),
        ({"q": "a\0b"}, ["?q"]),
        ({"waiting_for": "you"}, ["?waiting_for"]),
        ({"user_id": "1", "x": "2"}, ["?user_id", "?x"]),
        ({"all": "yes"}, ["?all"]),
    ],
)
async def test_wrong_parameters_are_named(house: Housing, query: Json, names: list[str]) -> None:
    emma = await house.person("emma")
    answer = await emma.get("/v1/milestones", **query)
    assert answer.status_code == 422
    assert [error["path"] for error in answer.json()["errors"]] == names


async def test_a_parameter_said_twice_is_refused(house: Housing) -> None:
    emma = await house.person("emma")
    answer = await emma.get("/v1/milestones?limit=1&limit=2")
    assert answer.json()["errors"][0]["code"] == "given_twice"
    for path in ("/v1/me", "/v1/balances", f"/v1/users/{emma.id}"):
        assert code_of(await emma.get(f"{path}?x=1")) == "invalid"


async def test_a_cursor_is_good_for_what_it_was_given_for(house: Housing) -> None:
    emma, _, _, _ = await many(house)
    cursor = (await emma.seen("/v1/milestones", limit=2, status="funded"))["next"]
    assert code_of(await emma.get("/v1/milestones", cursor=cursor, status="funded")) == "ok"
    assert (
        code_of(await emma.get("/v1/milestones", cursor=cursor, status="funded", limit=5)) == "ok"
    )
    raw = bytearray(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[-3] ^= 1
    tampered = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    for path, query in (
        ("/v1/milestones", {"cursor": cursor}),
        ("/v1/milestones", {"cursor": cursor, "status": "submitted"}),
        ("/v1/milestones", {"cursor": cursor, "status": "funded", "sort": "amount"}),
        ("/v1/contracts", {"cursor": cursor}),
        ("/v1/milestones", {"cursor": tampered, "status": "funded"}),
        ("/v1/milestones", {"cursor": cursor[:-1], "status": "funded"}),
        ("/v1/milestones", {"cursor": "", "status": "funded"}),
        ("/v1/milestones", {"cursor": "é", "status": "funded"}),
        ("/v1/milestones", {"cursor": "AAAA", "status": "funded"}),
    ):
        answer = await emma.get(path, **query)
        assert (answer.status_code, code_of(answer)) == (400, "cursor_invalid"), query


async def test_what_is_new_does_not_move_the_next_page(house: Housing) -> None:
    emma, frank, contract, ids = await many(house)
    page = await emma.seen("/v1/milestones", limit=3)
    asked = {"contract_id": contract["id"], "description": "New", "amount": usd("1.00")}
    await frank.done("/v1/milestones", asked)
    after = await emma.ids("/v1/milestones", cursor=page["next"], limit=10)
    assert after == ids[3:]


async def test_events_tell_a_story_in_order(house: Housing) -> None:
    emma, frank, contract, ids = await many(house)
    await frank.done(f"/v1/milestones/{ids[-1]}/submit", {"note": f'"id":"{ids[-2]}"'})
    await emma.done(f"/v1/milestones/{ids[-1]}/release", {"amount": usd("1.00")})
    path = f"/v1/contracts/{contract['id']}/events"
    told = (await frank.seen(path))["items"]
    assert [each["seq"] for each in told] == list(range(len(told), 0, -1))
    assert [each["name"] for each in told][::-1] == [
        *("contract.offered", "contract.accepted", "contract.funded"),
        *("milestone.requested", "milestone.requested", "milestone.submitted"),
        "milestone.released",
    ]
    assert await paged(emma, path, limit=2) == [each["id"] for each in told]
    assert await paged(emma, "/v1/events", contract=contract["id"], limit=2) == [
        each["id"] for each in told
    ]
    assert told[0]["actor"] == {"id": emma.id, "name": "emma"}
    assert told[0]["body"]["rows"][0]["id"] == ids[-1]
    assert told[0]["body"]["transfers"][0]["amount"] == usd("1.00")
    of_milestone = await frank.seen(f"/v1/milestones/{ids[-1]}/events")
    assert [each["name"] for each in of_milestone["items"]] == [
        *("milestone.released", "milestone.submitted", "contract.funded")
    ]
    of_other = await frank.seen(f"/v1/milestones/{ids[-2]}/events")
    assert [each["name"] for each in of_other["items"]] == ["contract.funded"]


async def test_events_of_money_on_its_way(house: Housing) -> None:
    emma = await house.person("emma")
    first, second = await house.rich(emma, "1.00"), await house.rich(emma, "2.00")
    told = (await emma.seen(f"/v1/deposits/{first['id']}/events"))["items"]
    assert [each["name"] for each in told] == ["deposit.settled", "deposit.started"]
    assert told[0]["actor"] == {"id": None, "name": "Earnest"}
    assert [each["body"]["rows"][0]["id"] for each in told] == [first["id"]] * 2
    names = [each["name"] for each in (await emma.seen("/v1/events"))["items"]]
    assert sorted(names) == ["deposit.settled"] * 2 + ["deposit.started"] * 2
    own = (await emma.seen(f"/v1/users/{emma.id}/events"))["items"]
    assert [each["body"]["rows"][0]["id"] for each in own] == [second["id"], first["id"]]
    assert len(await paged(emma, "/v1/events", limit=1)) == 4


async def test_a_milestone_alone_says_what_its_reader_may_do(house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "10.00")
    at = f"/v1/milestones/{milestone['id']}"
    assert (await emma.seen(at))["actions"] == [
        *("release", "ask-cancel", "propose-edit", "dispute"),
    ]
    assert (await frank.seen(at))["actions"] == ["cancel", "submit", "propose-edit", "dispute"]
    seen = await frank.seen(at)
    assert seen["review"] == {"left_s": None, "rounds_left": None, "paused": False}
    assert seen["next"]["action"] == "milestone.return_dormant"
    (listed,) = (await frank.seen("/v1/milestones"))["items"]
    alone = {name: seen[name] for name in ("review", "edit", "actions")}
    assert {**listed, **alone} == seen
    answered = await frank.done(f"{at}/submit")
    assert set(seen) - set(answered) == {"actions", "edit", "next", "review"}
    for action in (await emma.seen(at))["actions"]:
        assert code_of(await emma.post(f"{at}/{action}", {"reason": 1})) == "invalid"


async def bidding(employer: Person, freelancer: Person) -> None:
    """A project with a reserve, and a bid for it."""
    project = await employer.done("/v1/projects", project_of())
    await employer.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd("1.00")})
    await freelancer.done("/v1/bids", bid_for(project, "100.00"))


async def twenty(employer: Person, freelancer: Person) -> None:
    """An offer with twenty milestones."""
    offer = {"freelancer": freelancer.id, "currency": "USD"}
    contract = await employer.done("/v1/contracts", offer)
    lines = [{"description": "x", "amount": usd("1.00")}] * 20
    await employer.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": lines})


#: What the driver asks about types and when a connection goes back.
DRIVERS_OWN = re.compile("pg_advisory_unlock_all|pg_catalog|^BEGIN|^COMMIT")


@contextlib.asynccontextmanager
async def counted(house: Housing) -> AsyncIterator[list[str]]:
    """Write down every statement."""
    said: list[str] = []

    def note(record: Any) -> None:
        said.append(record.query)

    pool = house.app.database.pool
    held = [await pool.acquire() for _ in range(pool.get_max_size())]
    for connection in held:
        connection.add_query_logger(note)
    for connection in held:
        await pool.release(connection)
    yield said


async def test_a_list_costs_as_many_statements_for_many_rows_as_for_one(house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "10.00")
    await emma.done(f"/v1/milestones/{milestone['id']}/release", {"amount": usd("1.00")})
    await frank.done(f"/v1/milestones/{milestone['id']}/submit")
    await bidding(emma, frank)
    paths = [f"/v1/{shelf.name}" for shelf in SHELVES] + ["/v1/events", "/v1/balances"]

    async def costs() -> dict[str, int]:
        found: dict[str, int] = {}
        async with counted(house) as said:
            for path in paths:
                await emma.seen(path)
                found[path] = len([each for each in said if not DRIVERS_OWN.search(each)])
                said.clear()
        return found

    await costs()  # What a connection asks once is asked here.
    few = await costs()
    gina = await house.person("gina")
    for _ in range(10):
        await bidding(emma, gina)
    for _ in range(2):
        await twenty(emma, gina)
    assert len(await emma.ids("/v1/milestones")) == 41
    assert await costs() == few
    assert few == {
        "/v1/projects": 4,  # What they reserve is a balance.
        "/v1/bids": 5,  # What they propose, and whether their project goes on.
        "/v1/contracts": 7,  # Names, what accepting each would name, and what wakes first in it.
        "/v1/milestones": 5,  # Their contracts too: when their clocks run out.
        **dict.fromkeys(("/v1/notices", "/v1/files", "/v1/disputes", "/v1/offers"), 2),
        **dict.fromkeys(("/v1/releases", "/v1/tranches"), 2),
        "/v1/messages": 3,
        "/v1/deposits": 2,
        "/v1/withdrawals": 2,
        "/v1/reviews": 2,
        "/v1/tokens": 2,
        "/v1/events": 3,
        "/v1/balances": 2,
    }
