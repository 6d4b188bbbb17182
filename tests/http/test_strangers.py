"""A stranger is told of nothing: on every collection, by every verb, "not found"."""

from __future__ import annotations

import pytest
from tests.core.samples import filled
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

from earnest import notifying
from earnest.core.actions import ACTIONS, Scope
from earnest.core.projects.row import Project
from earnest.http.reading import SHELVES
from earnest.http.routes import writes
from earnest.wire.fingerprint import fields_of

pytestmark = pytest.mark.asyncio

PLAN = [{"after_days": 10, "percent": "40"}, {"after_days": 20, "percent": "60"}]


def body_of(name: str) -> Json:
    """What the action needs to be understood, whatever it is."""
    return fields_of(filled(ACTIONS[name], subject_id=1))  # type: ignore[arg-type]


async def everything(house: Housing) -> tuple[Person, Person, dict[str, str]]:
    """Two people with one of each: the id of a row of every collection, the employer's."""
    emma, frank, contract, (milestone,) = await agreed(house, "10.00")
    at = f"/v1/milestones/{milestone['id']}"
    await frank.done(f"{at}/submit", {"note": "Done"})
    await emma.done(f"{at}/release", {"amount": usd("1.00")})
    figures = {"amount": usd("3.00"), "to_freelancer": usd("1.00"), "statement": "It is late."}
    dispute = await emma.done(f"{at}/dispute", figures)
    line = {"description": "In parts", "amount": usd("1.00"), "plan": PLAN}
    await emma.done("/v1/milestones", {"contract_id": contract["id"], **line})
    project = await emma.done("/v1/projects", project_of())
    await emma.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd("2.00")})
    bid = await frank.done("/v1/bids", bid_for(project, "10.00"))
    await emma.done(
        "/v1/withdrawals",
        {
            "gateway": "sandbox",
            "amount": usd("1.00"),
            "destination": {"type": "sandbox", "account": "NL91ABNA0417164300", "name": "Emma"},
        },
    )
    await emma.file()
    ids = {"contracts": contract["id"], "milestones": milestone["id"], "bids": bid["id"]}
    ids |= {"disputes": dispute["id"], "offers": dispute["opener_offer"]}
    ids["reviews"] = await reviewed(emma, frank)
    await notifying.drain(house.app)
    own = ("releases", "tranches", "messages", "deposits", "withdrawals", "files", "notices")
    for name in (*own, "tokens", "events"):
        ids[name] = (await emma.ids(f"/v1/{name}"))[0]
    return emma, frank, ids


async def reviewed(emma: Person, frank: Person) -> str:
    """A review that only who gave it knows of."""
    offer = {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    at = f"/v1/contracts/{(await emma.done('/v1/contracts', offer))['id']}"
    line = {"description": "A piece of work", "amount": usd("1.00")}
    (made,) = (await emma.done(f"{at}/fund", {"milestones": [line]}))["items"]
    contract = await frank.done(f"{at}/accept", accepting(await frank.seen(at)))
    await emma.done(f"/v1/milestones/{made['id']}/release")
    await frank.done(f"{at}/end")
    body = {**body_of("review.give"), "contract_id": contract["id"]}
    given: str = (await emma.done("/v1/reviews", body))["id"]
    return given


async def test_a_stranger_reads_nothing(house: Housing) -> None:
    emma, _, ids = await everything(house)
    stranger = await house.person("xavier")
    operator = await house.person("olga", "operator", scopes=set(Scope) - {Scope.STAFF})
    for who in (stranger, operator):
        for name, reference in ids.items():
            path = f"/v1/{name}/{reference}"
            assert code_of(await emma.get(path)) == "ok"
            assert code_of(await who.get(path)) == "not_found", path
            if name not in {"tokens", "events", "reviews", "files", "notices"}:
                assert code_of(await emma.get(f"{path}/events")) == "ok"
                assert code_of(await who.get(f"{path}/events")) == "not_found"
            if name in {"contracts", "milestones", "releases", "disputes"}:
                assert code_of(await emma.get(f"{path}/fate")) == "ok"
                assert code_of(await who.get(f"{path}/fate")) == "not_found"
            if name not in {"tokens", "notices"}:  # Of these everybody has their own.
                assert await who.ids(f"/v1/{name}") == []
        assert await who.ids("/v1/events", contract=ids["contracts"]) == []
        assert await who.ids("/v1/messages", contract=ids["contracts"]) == []
        assert await who.ids("/v1/milestones", contract=ids["contracts"]) == []
        assert (await who.seen("/v1/balances"))["items"] == []
        assert code_of(await who.get(f"/v1/users/{emma.id}/events")) == "not_found"


async def test_a_stranger_does_nothing(house: Housing) -> None:
    _, _, ids = await everything(house)
    stranger = await house.person("xavier")
    before = await house.value("SELECT count(*) FROM events")
    asked = 0
    for write in writes():
        if write.creates and write.parent is None:
            continue
        body = body_of(write.name)
        if write.parent is not None:
            if write.action.kind is Project:
                continue  # Anybody may bid.
            path, body[write.parent] = write.path, ids["contracts"]
        elif write.action.kind is Project:
            continue  # It is public: its employer's actions are "not your part" to others.
        else:
            path = write.path.replace("{id}", ids[write.collection])
        staff = write.action.scope is Scope.STAFF  # Decided before anything is looked up.
        due = "scope_missing" if staff else "not_found"
        assert await stranger.code(path, body) == due, path
        asked += 1
    assert asked > 15
    assert await house.value("SELECT count(*) FROM events") == before


async def test_the_other_side_sees_what_is_of_the_contract_and_no_more(house: Housing) -> None:
    _, frank, ids = await everything(house)
    for name, reference in ids.items():
        own = name in {"deposits", "withdrawals", "tokens", "reviews", "files", "notices"}
        heard = code_of(await frank.get(f"/v1/{name}/{reference}"))
        assert heard == ("not_found" if own or name == "events" else "ok"), name


async def test_the_account_that_money_went_to_is_nowhere(house: Housing) -> None:
    emma, _, ids = await everything(house)
    for path in (
        "/v1/withdrawals",
        f"/v1/withdrawals/{ids['withdrawals']}",
        f"/v1/withdrawals/{ids['withdrawals']}/events",
        "/v1/events",
    ):
        answer = await emma.get(path)
        assert "ABNA0417164300" not in answer.text
        assert "4300" in answer.text


async def test_operators_read_what_they_are_asked_to_act_on(house: Housing) -> None:
    _, _, ids = await everything(house)
    olga = await house.person("olga", "operator")
    for shelf in SHELVES:
        if shelf.collection.public:
            continue
        path = f"/v1/{shelf.name}"
        heard = code_of(await olga.get(f"{path}/{ids[shelf.name]}"))
        assert heard == ("ok" if shelf.for_staff else "not_found")
        if shelf.for_staff:
            assert ids[shelf.name] not in await olga.ids(path)
        if shelf.all_for_staff:
            assert ids[shelf.name] in await olga.ids(path, all="true")
        if shelf.for_staff:
            assert await olga.ids(f"{path}/{ids[shelf.name]}/events")


async def test_both_sides_see_that_staff_looked(house: Housing) -> None:
    emma, frank, ids = await everything(house)
    olga = await house.person("olga", "operator")
    for path in (f"/v1/milestones/{ids['milestones']}", f"/v1/contracts/{ids['contracts']}/events"):
        await olga.seen(path)
        await emma.seen(path)
        (last, *_) = (await frank.seen(f"/v1/contracts/{ids['contracts']}/events"))["items"]
        assert (last["name"], last["actor"]["id"]) == ("contract.inspected", olga.id)
    assert await olga.code(f"/v1/contracts/{ids['contracts']}/inspect") == "ok"
    events = await emma.seen(f"/v1/contracts/{ids['contracts']}/events")
    assert [each["name"] for each in events["items"]].count("contract.inspected") == 3
    await house.value("INSERT INTO halts (what) VALUES ('off') RETURNING 1")
    await olga.seen(f"/v1/contracts/{ids['contracts']}")


async def test_everybodys_is_for_operators_with_the_scope_staff(house: Housing) -> None:
    emma, operator = await house.person("emma"), await house.person("olga", "operator")
    reader = await house.again(operator, {Scope.READ})
    for who in (emma, reader):
        assert code_of(await who.get("/v1/deposits", all="true")) == "scope_missing"
        assert code_of(await who.get("/v1/deposits", all="false")) == "ok"
    assert code_of(await operator.get("/v1/messages", all="true")) == "invalid"


async def test_what_is_public_of_a_person(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    seen = await frank.seen(f"/v1/users/{emma.id}")
    assert seen == {"id": emma.id, "number": emma.number, "name": "emma"}
    me = await emma.seen("/v1/me")
    assert me["email"].startswith("emma")
    assert me["scopes"] == ["money", "read", "write"]
    for nobody in ("usr_0DXH3K8ZQ2Y7A", "usr_x", "ms_0DXH3K8ZQ2Y7A"):
        assert code_of(await frank.get(f"/v1/users/{nobody}")) == "not_found"
