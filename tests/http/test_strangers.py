"""A stranger is told of nothing: on every collection, by every verb, "not found"."""

from __future__ import annotations

import pytest
from tests.http.house import Housing, Json, Person, agreed, code_of, usd

from earnest.core.actions import Scope
from earnest.core.terms import CLASSIC, terms_hash
from earnest.http.reading import SHELVES
from earnest.http.routes import writes

pytestmark = pytest.mark.asyncio

#: A body that could be right, for every action that needs one.
BODIES: dict[str, Json] = {
    "contract.accept": {
        "terms_hash": terms_hash(CLASSIC),
        "funded": usd("0.00"),
        "milestones_hash": "0" * 64,
    },
    "contract.fund": {"milestones": [{"description": "x", "amount": usd("1.00")}]},
    "contract.say": {"text": "Hello"},
    "milestone.request": {"description": "x", "amount": usd("1.00")},
    "milestone.request_changes": {"reason": "More"},
    "milestone.ask_cancel": {"reason": "Less"},
}


async def everything(house: Housing) -> tuple[Person, Person, dict[str, str]]:
    """Two people with one of each: the id of a row of every collection, the employer's."""
    emma, frank, contract, (milestone,) = await agreed(house, "10.00")
    at = f"/v1/milestones/{milestone['id']}"
    await frank.done(f"{at}/submit", {"note": "Done"})
    await emma.done(f"{at}/release", {"amount": usd("1.00")})
    await emma.done(
        "/v1/withdrawals",
        {
            "gateway": "sandbox",
            "amount": usd("1.00"),
            "destination": {"type": "sandbox", "account": "NL91ABNA0417164300", "name": "Emma"},
        },
    )
    ids = {"contracts": contract["id"], "milestones": milestone["id"]}
    for name in ("releases", "messages", "deposits", "withdrawals", "tokens", "events"):
        ids[name] = (await emma.ids(f"/v1/{name}"))[0]
    return emma, frank, ids


async def test_a_stranger_reads_nothing(house: Housing) -> None:
    emma, _, ids = await everything(house)
    stranger = await house.person("xavier")
    operator = await house.person("olga", "operator", scopes=set(Scope) - {Scope.STAFF})
    for who in (stranger, operator):
        for name, reference in ids.items():
            path = f"/v1/{name}/{reference}"
            assert code_of(await emma.get(path)) == "ok"
            assert code_of(await who.get(path)) == "not_found", path
            if name not in {"tokens", "events"}:
                assert code_of(await emma.get(f"{path}/events")) == "ok"
                assert code_of(await who.get(f"{path}/events")) == "not_found"
            if name != "tokens":
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
        body = dict(BODIES.get(write.name, {}))
        if write.parent is not None:
            path, body[write.parent] = write.path, ids["contracts"]
        else:
            path = write.path.replace("{id}", ids[write.collection])
        assert await stranger.code(path, body) == "not_found", path
        asked += 1
    assert asked > 15
    assert await house.value("SELECT count(*) FROM events") == before


async def test_the_other_side_sees_what_is_of_the_contract_and_no_more(house: Housing) -> None:
    _, frank, ids = await everything(house)
    for name, reference in ids.items():
        own = name in {"deposits", "withdrawals", "tokens"}
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
        path = f"/v1/{shelf.name}"
        heard = code_of(await olga.get(f"{path}/{ids[shelf.name]}"))
        assert heard == ("ok" if shelf.for_staff else "not_found")
        if shelf.for_staff:
            assert ids[shelf.name] not in await olga.ids(path)
            assert ids[shelf.name] in await olga.ids(path, all="true")
            assert await olga.ids(f"{path}/{ids[shelf.name]}/events")


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
    assert me["scopes"] == ["money", "read", "staff", "write"]
    for nobody in ("usr_0DXH3K8ZQ2Y7A", "usr_x", "ms_0DXH3K8ZQ2Y7A"):
        assert code_of(await frank.get(f"/v1/users/{nobody}")) == "not_found"
