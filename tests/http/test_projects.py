"""Projects and bids over REST: what is public, what is for two, and what is one person's alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.http.house import (
    Housing,
    Json,
    Person,
    accepting,
    bid_for,
    code_of,
    posted,
    project_of,
    usd,
)

from earnest.store import documents

pytestmark = pytest.mark.asyncio


async def names(who: Person, path: str, **query: object) -> list[str]:
    """The names of events, the oldest first."""
    return [each["name"] for each in (await who.seen(path, **query))["items"]][::-1]


async def awarded(house: Housing) -> tuple[Person, Person, Json, Json, Json]:
    """Emma has awarded Frank's bid of 500.00, with 300.00 reserved and another bid there."""
    emma, project, (frank, _), (bid, _) = await posted(house, "500.00", "400.00")
    await emma.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd("300.00")})
    contract = await emma.done(f"/v1/bids/{bid['id']}/award", {"bid_hash": bid["bid_hash"]})
    return emma, frank, project, bid, contract


async def test_a_project_is_made_where_its_location_says(house: Housing) -> None:
    emma = await house.person("emma")
    answer = await emma.post("/v1/projects", project_of())
    made = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/projects/{made['id']}")
    assert (made["status"], made["bids"], made["reserved"]) == ("open", 0, usd("0.00"))
    frank = await house.person("frank")
    answer = await frank.post("/v1/bids", bid_for(made, "60.00", "40.00"))
    bid = answer.json()
    assert (answer.status_code, answer.headers["location"]) == (201, f"/v1/bids/{bid['id']}")
    assert [each["amount"] for each in bid["milestones"]] == [usd("60.00"), usd("40.00")]


async def test_everybody_sees_projects_and_what_is_reserved_for_them(house: Housing) -> None:
    emma, project, _, _ = await posted(house, "100.00")
    path = f"/v1/projects/{project['id']}"
    await emma.done(f"{path}/reserve", {"amount": usd("300.00")})
    xavier = await house.person("xavier")
    for who in (emma, xavier):
        seen = await who.seen(path)
        (listed,) = (await who.seen("/v1/projects"))["items"]
        assert {**listed, "actions": seen["actions"]} == seen
        assert (seen["reserved"], seen["bids"]) == (usd("300.00"), 1)
        assert seen["reserved_since"] is not None
        assert seen["next"]["action"] == "project.lapse"
    own = {"edit", "close", "reserve", "take-back", "answer"}
    assert set((await emma.seen(path))["actions"]) == own
    assert set((await xavier.seen(path))["actions"]) == {"ask", "bid.place"}
    assert (await emma.seen("/v1/balances"))["items"][0]["reserved"] == usd("300.00")
    await emma.done(f"{path}/take-back", {"amount": usd("300.00")})
    seen = await xavier.seen(path)
    assert (seen["reserved"], seen["reserved_since"]) == (usd("0.00"), None)
    assert (await emma.seen("/v1/balances"))["items"][0]["reserved"] == usd("0.00")


async def test_whoever_has_bid_is_not_offered_to_bid_again(house: Housing) -> None:
    _, project, (frank,), (bid,) = await posted(house, "100.00")
    path = f"/v1/projects/{project['id']}"
    assert "bid.place" not in (await frank.seen(path))["actions"]
    await frank.done(f"/v1/bids/{bid['id']}/retract")
    assert "bid.place" in (await frank.seen(path))["actions"]


async def test_projects_are_found_by_what_is_asked_for(house: Housing) -> None:
    emma, gina = await house.person("emma"), await house.person("gina")
    await house.rich(emma, "10.00")
    one = await emma.done("/v1/projects", project_of(title="A 50% faster shop", skills=["sql"]))
    two = await gina.done("/v1/projects", project_of(description="Soap, and a LOGO"))
    yen = {"amount": "1000", "currency": "JPY"}
    three = await gina.done(
        "/v1/projects",
        project_of(currency="JPY", budget_min=yen, budget_max=yen, skills=["sql", "go"]),
    )
    await emma.done(f"/v1/projects/{one['id']}/reserve", {"amount": usd("1.00")})
    await gina.done(f"/v1/projects/{two['id']}/close")
    ids = [each["id"] for each in (one, two, three)]

    async def found(**query: object) -> list[int]:
        return [ids.index(each) for each in await emma.ids("/v1/projects", **query)]

    assert await found() == [2, 1, 0]
    assert await found(skill="sql") == [2, 0]
    assert await found(skill="go", status="closed") == []
    assert await found(reserved="true") == [0]
    assert await found(status="open") == [2, 0]
    assert await found(status="closed,completed") == [1]
    assert await found(currency="JPY") == [2]
    await documents.catch_up(house.app.database)
    assert await found(q="logo") == await found(q="LOG") == [1]
    assert await found(q="50%") == [0]
    assert await found(q="logo", status="open") == await found(q="og") == await found(q="!") == []
    assert await found(direction="outgoing") == [0]
    assert await found(**{"from": "2001-01-01T00:00:00Z"}) == [2, 1, 0]
    assert await found(to="2001-01-01T00:00:00Z") == []
    page = await emma.seen("/v1/projects", limit=2)
    assert await emma.ids("/v1/projects", limit=2, cursor=page["next"]) == ids[:1]
    for query in ({"skill": "juggling"}, {"reserved": "maybe"}, {"direction": "incoming"}):
        assert code_of(await emma.get("/v1/projects", **query)) == "invalid", query


async def test_bids_are_seen_by_their_two_sides_alone(house: Housing) -> None:
    emma, project, (frank, fiona), (bid, other) = await posted(house, "100.00", "90.00")
    xavier = await house.person("xavier")
    olga = await house.person("olga", "operator")
    assert await emma.ids("/v1/bids") == [other["id"], bid["id"]]
    assert await frank.ids("/v1/bids") == [bid["id"]]
    assert await fiona.ids("/v1/bids") == [other["id"]]
    for who in (xavier, olga):
        assert await who.ids("/v1/bids", project=project["id"]) == []
    for who in (fiona, xavier, olga):
        for path in (f"/v1/bids/{bid['id']}", f"/v1/bids/{bid['id']}/events"):
            assert code_of(await who.get(path)) == "not_found", path
    assert code_of(await emma.post(f"/v1/bids/{bid['id']}/edit", bid_for(project))) == "invalid"
    assert await xavier.code(f"/v1/bids/{bid['id']}/retract") == "not_found"


async def test_bids_are_found_by_what_is_asked_for(house: Housing) -> None:
    emma, project, (frank, _), (bid, other) = await posted(house, "100.00", "90.00")
    second = await frank.done("/v1/projects", project_of())
    own = await emma.done("/v1/bids", bid_for(second, "20.00"))
    ids = [bid["id"], other["id"], own["id"]]

    async def found(who: Person, **query: object) -> list[int]:
        return [ids.index(each) for each in await who.ids("/v1/bids", **query)]

    assert await found(emma) == [2, 1, 0]
    assert await found(emma, direction="outgoing") == [1, 0]
    assert await found(emma, direction="incoming") == [2]
    assert await found(emma, project=second["id"]) == [2]
    assert await found(frank, project=project["id"]) == [0]
    assert await found(emma, currency="USD", min="90", max="99") == [1]
    await emma.done(f"/v1/bids/{bid['id']}/decline")
    assert await found(emma, status="declined") == [0]
    assert await found(emma, status="live") == [2, 1]
    await emma.done(f"/v1/projects/{project['id']}/close")
    assert await found(emma, status="live") == [2]
    assert await found(emma, status="ended") == [1]
    ended = await emma.seen(f"/v1/bids/{ids[1]}")
    assert (ended["status"], ended["actions"]) == ("ended", [])
    (listed,) = (await emma.seen("/v1/bids", status="ended"))["items"]
    assert listed["status"] == "ended"
    assert await emma.code(f"/v1/bids/{ids[1]}/decline") == "project_ended"


async def test_a_shortlist_is_the_employers_alone(house: Housing) -> None:
    emma, _, (frank,), (bid,) = await posted(house, "100.00")
    path = f"/v1/bids/{bid['id']}"
    before = await frank.seen(path)
    await emma.done(f"{path}/shortlist")
    assert (await emma.seen(path))["shortlisted"] is True
    assert (await emma.seen("/v1/bids"))["items"][0]["shortlisted"] is True
    await emma.done(f"{path}/unshortlist")
    await emma.done(f"{path}/shortlist")
    assert "shortlisted" not in await emma.done(f"{path}/decline")
    after = await frank.seen(path)
    changed = {name for name in after if after[name] != before[name]}
    assert "shortlisted" not in after
    assert changed == {"status", "updated_at", "actions"}
    told = ["bid.placed", "bid.declined"]
    private = ["bid.shortlisted", "bid.unshortlisted", "bid.shortlisted"]
    assert await names(frank, f"{path}/events") == told
    assert await names(frank, "/v1/events") == told
    assert await names(emma, f"{path}/events") == [told[0], *private, told[1]]
    assert [each for each in await names(emma, "/v1/events") if each in private] == private
    for each in (await emma.seen(f"{path}/events"))["items"]:
        heard = code_of(await frank.get(f"/v1/events/{each['id']}"))
        assert heard == ("not_found" if each["name"] in private else "ok"), each["name"]


async def test_what_happened_to_a_project_is_public_but_for_its_bids(house: Housing) -> None:
    emma, project, (frank,), _ = await posted(house, "100.00")
    path = f"/v1/projects/{project['id']}"
    await emma.done(f"{path}/reserve", {"amount": usd("5.00")})
    await emma.done(f"{path}/edit", {"title": "A bigger shop"})
    question = await frank.done(f"{path}/ask", {"text": "In which colour?"})
    await emma.done(f"{path}/answer", {"question": question["id"], "text": "Green."})
    xavier = await house.person("xavier")
    public = ["project.posted", "project.reserved", "project.edited", "project.asked"]
    for who in (emma, xavier):
        assert await names(who, f"{path}/events") == [*public, "project.answered"]
        told = await names(who, f"/v1/messages/{question['id']}/events")
        assert told == ["project.asked"]
    events = (await emma.seen(f"{path}/events"))["items"]
    for each in events:
        assert code_of(await xavier.get(f"/v1/events/{each['id']}")) == "ok"
    placed = next(
        each["id"]
        for each in (await emma.seen("/v1/events"))["items"]
        if each["name"] == "bid.placed"
    )
    assert code_of(await frank.get(f"/v1/events/{placed}")) == "ok"
    assert code_of(await xavier.get(f"/v1/events/{placed}")) == "not_found"
    assert await names(xavier, "/v1/events") == []
    assert "I have done ten" not in (await xavier.get(f"{path}/events")).text


async def test_questions_are_read_by_everybody_who_asks_for_their_project(house: Housing) -> None:
    emma, project, (frank,), _ = await posted(house, "100.00")
    other = await emma.done("/v1/projects", project_of())
    path = f"/v1/projects/{project['id']}"
    asked = await frank.done(f"{path}/ask", {"text": "In which colour?"})
    answer = await emma.done(f"{path}/answer", {"question": asked["id"], "text": "Green."})
    assert (answer["about"], answer["question_id"]) == ("answer", asked["id"])
    xavier = await house.person("xavier")
    for who in (emma, frank, xavier):
        assert await who.ids("/v1/messages", project=project["id"]) == [answer["id"], asked["id"]]
        assert await who.ids("/v1/messages", project=project["id"], q="green") == [answer["id"]]
        assert await who.ids("/v1/messages", project=other["id"]) == []
        assert await who.ids("/v1/messages") == []
        assert (await who.seen(f"/v1/messages/{asked['id']}"))["text"] == "In which colour?"
    odd = {"question": asked["id"], "text": "Here?"}
    assert await emma.code(f"/v1/projects/{other['id']}/answer", odd) == "question_unknown"


async def test_a_contract_is_found_by_its_project(house: Housing) -> None:
    emma, frank, project, bid, contract = await awarded(house)
    assert (contract["project_id"], contract["bid_id"]) == (project["id"], bid["id"])
    path = f"/v1/contracts/{contract['id']}"
    line = {"description": "All of it", "amount": usd("400.00")}
    (milestone,) = (await emma.done(f"{path}/fund", {"milestones": [line]}))["items"]
    assert milestone["project_id"] == project["id"]
    direct = await emma.done("/v1/contracts", {"freelancer": frank.id, "currency": "USD"})
    assert len(await frank.ids("/v1/contracts")) == 2
    xavier = await house.person("xavier")
    for who, of_contract, of_milestone in (
        (emma, [contract["id"]], [milestone["id"]]),
        (frank, [contract["id"]], [milestone["id"]]),
        (xavier, [], []),
    ):
        assert await who.ids("/v1/contracts", project=project["id"]) == of_contract
        assert await who.ids("/v1/milestones", project=project["id"]) == of_milestone
    assert direct["project_id"] is None
    (balance,) = (await emma.seen("/v1/balances"))["items"]
    assert (balance["wallet"], balance["reserved"]) == (usd("600.00"), usd("0.00"))
    assert balance["held_outgoing"] == usd("400.00")


async def test_an_offer_says_until_when_it_waits(house: Housing) -> None:
    emma, frank, project, bid, contract = await awarded(house)
    path = f"/v1/contracts/{contract['id']}"
    seen = await frank.seen(path)
    assert seen["next"] == {"at": seen["accept_by"], "action": "contract.lapse"}
    assert (await frank.seen("/v1/contracts"))["items"][0]["next"] == seen["next"]
    assert (await emma.seen(f"/v1/projects/{project['id']}"))["next"] is None
    accepted = await frank.done(f"{path}/accept", accepting(seen))
    assert (accepted["status"], accepted["accept_by"]) == ("active", None)
    assert (await frank.seen(path))["next"] is None
    assert (await frank.seen(f"/v1/bids/{bid['id']}"))["status"] == "accepted"
    seen = await emma.seen(f"/v1/projects/{project['id']}")
    assert (seen["status"], seen["next"]["action"]) == ("in_progress", "project.lapse")
    told = ["bid.placed", "bid.awarded", "contract.accepted"]
    for who in (emma, frank):
        assert await names(who, f"/v1/bids/{bid['id']}/events") == told


async def test_an_offer_past_its_time_has_lapsed_before_anybody_wrote_it_down(
    house: Housing,
) -> None:
    emma, frank, _, bid, contract = await awarded(house)
    path = f"/v1/contracts/{contract['id']}"
    seen = await frank.seen(path)
    await house.value("UPDATE site SET clock_offset = '36 hours' RETURNING 1")
    assert (await frank.seen(path))["actions"] == ["say"]
    assert await frank.code(f"{path}/accept", accepting(seen)) == "wrong_status"
    assert await emma.code(f"{path}/revoke") == "wrong_status"
    assert await emma.code(f"/v1/bids/{bid['id']}/award", {"bid_hash": bid["bid_hash"]}) == (
        "wrong_status"
    )


async def test_a_bid_is_awarded_as_it_was_seen(house: Housing) -> None:
    emma, project, (frank,), (bid,) = await posted(house, "100.00")
    path = f"/v1/bids/{bid['id']}"
    changed = {k: v for k, v in bid_for(project, "60.00", "20.00").items() if k != "project_id"}
    edited = await frank.done(f"{path}/edit", changed)
    assert [each["amount"] for each in edited["milestones"]] == [usd("60.00"), usd("20.00")]
    assert await emma.code(f"{path}/award", {"bid_hash": bid["bid_hash"]}) == "changed"
    fewer = {k: v for k, v in bid_for(project, "70.00").items() if k != "project_id"}
    edited = await frank.done(f"{path}/edit", fewer)
    assert len((await emma.seen(path))["milestones"]) == 1
    seen = await emma.seen(path)
    assert set(seen["actions"]) == {"shortlist", "decline", "award"}
    contract = await emma.done(f"{path}/award", {"bid_hash": edited["bid_hash"]})
    again = await emma.post(f"{path}/award", {"bid_hash": edited["bid_hash"]}, key="again")
    assert code_of(again) == "wrong_status"
    assert contract["status"] == "offered"


async def test_what_a_bid_must_be_is_said_field_by_field(house: Housing) -> None:
    _, project, _, _ = await posted(house)
    frank = await house.person("frank")
    good = bid_for(project, "60.00", "40.00")
    step = good["milestones"][0]

    async def refused(**changed: object) -> list[tuple[str, str]]:
        answer = await frank.post("/v1/bids", {**good, **changed})
        assert answer.status_code == 422, answer.text
        return [(each["path"], each["code"]) for each in answer.json().get("errors", [])]

    eleven = [{**step, "amount": usd("1.00")}] * 11
    assert await refused(milestones=eleven) == [("/milestones", "too_many")]
    assert await refused(milestones=[]) == [("/milestones", "too_few")]
    assert await refused(period_days=0) == [("/period_days", "out_of_bounds")]
    assert await refused(amount=usd("100.01")) == [("/milestones", "does_not_add_up")]
    assert await refused(milestones=[{**step, "due_at": "2999-01-01T00:00:00Z"}]) == [
        ("/milestones/0/due_at", "days_or_due")
    ]
    assert await refused(project_id="prj_x") == [("/project_id", "not_a_reference")]
    made = await frank.post("/v1/bids", {**good, "project_id": "prj_0DXH3K8ZQ2Y7A"})
    assert code_of(made) == "not_found"
    assert await frank.code("/v1/bids", good) == "ok"


async def test_skills_have_codes_and_names(house: Housing) -> None:
    emma = await house.person("emma")
    skills = (await emma.seen("/v1/skills"))["items"]
    assert {"code": "cpp", "name": "C++"} in skills
    codes = [each["code"] for each in skills]
    assert len(set(codes)) == len(codes) > 100
    assert (await emma.get("/v1/skills?x=1")).status_code == 422
    nobody = await house.client.get("/v1/skills")
    assert nobody.status_code == 401


async def test_the_same_is_asked_for_by_the_batch(house: Housing) -> None:
    emma, project, _, (bid,) = await posted(house, "100.00")
    lines: list[dict[str, Any]] = [
        {"key": "1", "action": "project.reserve", "id": project["id"], "amount": usd("7.00")},
        {"key": "2", "action": "bid.award", "id": bid["id"], "bid_hash": bid["bid_hash"]},
        {"key": "3", "action": "project.take_back", "id": project["id"]},
    ]
    answer = await house.client.post(
        "/v1/batch",
        content="\n".join(json.dumps(line) for line in lines),
        headers={**emma.headers, "Content-Type": "application/x-ndjson"},
    )
    heard = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["status"] for each in heard] == [200, 200, 409]
    assert heard[0]["body"]["reserved"] == usd("7.00")
    assert heard[1]["body"]["bid_id"] == bid["id"]
    assert heard[2]["body"]["code"] == "offer_waiting"
