"""A dry run says what would happen and does nothing; its hash asks for exactly that."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from tests.http.house import (
    Housing,
    Person,
    accepting,
    agreed,
    bid_for,
    code_of,
    posted,
    usd,
)

from earnest.core.actions import Scope

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
LOOK = "?dry_run=true"
DEPOSIT = {"gateway": "sandbox", "amount": usd("10.00")}


async def looked(who: Person, path: str, body: object = None) -> Json:
    """What would happen."""
    answer = await who.post(f"{path}{LOOK}", body)
    assert answer.status_code == 200, answer.text
    assert "idempotency-replayed" not in answer.headers
    found: Json = answer.json()
    return found


def by_the_book(found: Json) -> str:
    """The hash of a dry run, made by who knows only its answer and the definition."""
    named = ("action", "subject", "fields", "statuses", "transfers")
    return hashlib.sha256(rfc8785.dumps({name: found[name] for name in named})).hexdigest()


async def test_it_says_statuses_transfers_and_events_and_whoever_likes_can_hash_them(
    house: Housing,
) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "100.00")
    path = f"/v1/milestones/{milestone['id']}/release"
    found = await looked(emma, path, {"amount": usd("40.00")})
    (step,) = found["fate"]["items"]
    assert step["action"] == "milestone.return_dormant"
    assert step["pays"] == [{"to": emma.id, "amount": usd("60.00")}]
    escrow, wallet = ["escrow", milestone["id"]], ["wallet", frank.id]
    assert found == {
        "action": "milestone.release",
        "subject": milestone["id"],
        "fields": {"amount": usd("40.00")},
        "statuses": [[milestone["id"], "funded"], ["new:0", "final"]],
        "transfers": [[*escrow, *wallet, "40.00", "USD"]],
        "events": [{"name": "milestone.released", "subject": milestone["id"]}],
        "fate": {"items": [step], "ends": True},
        "effect_hash": by_the_book(found),
    }


async def test_it_does_nothing_and_leaves_the_key_free(house: Housing) -> None:
    emma, _, _, (milestone,) = await agreed(house, "100.00")
    path = f"/v1/milestones/{milestone['id']}/release"
    before = await house.value("SELECT count(*) FROM events")
    for _ in range(2):
        answer = await emma.post(f"{path}{LOOK}", key="mine")
        assert answer.json()["statuses"][0] == [milestone["id"], "released"]
    assert await house.value("SELECT count(*) FROM events") == before
    assert await house.value("SELECT count(*) FROM commands WHERE key = 'mine'") == 0
    done = await emma.post(f"{path}?dry_run=false", key="mine")
    assert (done.status_code, done.json()["status"]) == (200, "released")
    assert "idempotency-replayed" not in done.headers


async def test_what_would_be_made_is_called_new(house: Housing) -> None:
    emma, frank, contract, _ = await agreed(house)
    lines = [{"description": each, "amount": usd("1.00")} for each in ("One", "Two")]
    several = {"contract_id": contract["id"], "items": lines}
    found = await looked(emma, "/v1/milestones", several)
    assert found["action"] == "contract.fund"
    assert found["statuses"][:2] == [["new:0", "funded"], ["new:1", "funded"]]
    assert found["transfers"][1] == ["wallet", emma.id, "escrow", "new:1", "1.00", "USD"]
    one = {"contract_id": contract["id"], **lines[0]}
    assert (await looked(emma, "/v1/milestones", one))["action"] == "contract.fund"
    assert (await looked(frank, "/v1/milestones", one))["action"] == "milestone.request"
    offered = await looked(
        emma, "/v1/contracts", {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    )
    assert offered["statuses"] == [["new:0", "offered"]]
    assert (await looked(emma, "/v1/deposits", DEPOSIT))["statuses"] == [["new:0", "pending"]]
    assert await house.value("SELECT count(*) FROM milestones") == 0


async def test_it_is_refused_as_the_real_one_would_be(house: Housing) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "100.00")
    stranger = await house.person("sam")
    path = f"/v1/milestones/{milestone['id']}/release"
    wrong: list[tuple[Person, Json, str]] = [
        (emma, {"amount": usd("100.01")}, "more_than_held"),
        (emma, {"amount": usd("0")}, "amount_not_positive"),
        (emma, {"amount": 40}, "not_an_amount"),
        (frank, {}, "not_your_part"),
        (stranger, {}, "not_found"),
    ]
    for who, body, code in wrong:
        look = await who.post(f"{path}{LOOK}", body)
        assert code_of(look) == code
        assert (await who.post(path, body)).content == look.content
    late = {"description": "x", "amount": usd("1.00"), "due_at": "2001-01-01T00:00:00Z"}
    lines: list[tuple[Json, str]] = [({"items": [late]}, "/items/0/due_at"), (late, "/due_at")]
    for line, where in lines:
        look = await emma.post(f"/v1/milestones{LOOK}", {"contract_id": contract["id"], **line})
        assert look.json()["errors"][0]["path"] == where


async def test_it_needs_token_scope_and_key_like_everything_else(house: Housing) -> None:
    emma, _, _, (milestone,) = await agreed(house, "100.00")
    path = f"/v1/milestones/{milestone['id']}/release{LOOK}"
    reader = await house.again(emma, {Scope.READ, Scope.WRITE})
    assert await reader.code(path) == "scope_missing"
    bare = await house.client.post(path, json={}, headers=emma.headers)
    assert code_of(bare) == "idempotency_key_required"
    nobody = await house.client.post(path, json={}, headers={"Idempotency-Key": "x"})
    assert code_of(nobody) == "unauthorized"


async def test_under_its_hash_exactly_that_happens(house: Housing) -> None:
    emma, _, _, (milestone,) = await agreed(house, "100.00")
    path = f"/v1/milestones/{milestone['id']}/release"
    seen = (await looked(emma, path))["effect_hash"]
    done = await emma.post(path, If_Effect=seen)
    assert (done.status_code, done.json()["released"]) == (200, usd("100.00"))


async def test_if_anything_else_would_happen_nothing_does_and_the_new_effect_is_told(
    house: Housing,
) -> None:
    emma, _, _, (milestone,) = await agreed(house, "100.00")
    path = f"/v1/milestones/{milestone['id']}/release"
    seen = (await looked(emma, path))["effect_hash"]
    await emma.done(path, {"amount": usd("1.00")})
    now = await looked(emma, path)
    first = await emma.post(path, key="k", If_Effect=seen)
    assert (first.status_code, code_of(first)) == (409, "effect_changed")
    for also in ("events", "fate"):
        now.pop(also)
    assert first.json()["effect"] == now
    assert now["transfers"][0][4] == "99.00"
    assert (await emma.seen(f"/v1/milestones/{milestone['id']}"))["held"] == usd("99.00")
    again = await emma.post(path, key="k", If_Effect=now["effect_hash"])
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    done = await emma.post(path, If_Effect=now["effect_hash"])
    assert done.json()["status"] == "released"


async def test_a_condition_belongs_to_what_is_asked_and_not_to_the_key(house: Housing) -> None:
    """Headers do not count in what a key stands for: a replay answers whatever the condition."""
    emma, _, _, (milestone,) = await agreed(house, "100.00")
    path = f"/v1/milestones/{milestone['id']}/release"
    part = {"amount": usd("40.00")}
    whole = (await looked(emma, path))["effect_hash"]
    assert code_of(await emma.post(path, part, If_Effect=whole)) == "effect_changed"
    seen = (await looked(emma, path, part))["effect_hash"]
    done = await emma.post(path, part, key="k", If_Effect=seen)
    again = await emma.post(path, part, key="k", If_Effect=whole)
    assert (again.status_code, again.content) == (200, done.content)


async def test_a_dry_run_can_be_asked_under_a_condition_too(house: Housing) -> None:
    emma, frank, contract, _ = await agreed(house)
    path = f"/v1/contracts/{contract['id']}/end"
    seen = (await looked(frank, path))["effect_hash"]
    assert (await frank.post(f"{path}{LOOK}", If_Effect=seen)).status_code == 200
    assert code_of(await frank.post(f"{path}{LOOK}", If_Effect="0" * 64)) == "effect_changed"
    assert (await emma.seen(f"/v1/contracts/{contract['id']}"))["status"] == "active"


@pytest.mark.parametrize("value", ["", "0" * 63, "G" * 64, "A" * 64, '"' + "0" * 64 + '"'])
async def test_a_condition_that_is_no_hash_is_refused_and_nothing_is_done(
    house: Housing, value: str
) -> None:
    emma = await house.person("emma")
    answer = await emma.post("/v1/deposits", DEPOSIT, If_Effect=value)
    assert (code_of(answer), answer.json()["errors"][0]["path"]) == ("invalid", "If-Effect")
    assert await house.value("SELECT count(*) FROM deposits") == 0


async def test_an_offer_can_be_accepted_as_it_was_looked_at(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    contract = await emma.done("/v1/contracts", offer)
    path = f"/v1/contracts/{contract['id']}"
    named = accepting(await frank.seen(path))
    found = await looked(frank, f"{path}/accept", named)
    assert json.dumps(found["fields"]["terms_hash"]) == json.dumps(contract["terms_hash"])
    done = await frank.post(f"{path}/accept", named, If_Effect=found["effect_hash"])
    assert done.json()["status"] == "active"


async def test_of_projects_and_bids_it_says_what_would_become_of_both(house: Housing) -> None:
    emma, project, (frank,), (bid,) = await posted(house, "100.00")
    path = f"/v1/projects/{project['id']}"
    found = await looked(emma, f"{path}/reserve", {"amount": usd("30.00")})
    wallet, reserve = ["wallet", emma.id], ["reserve", project["id"]]
    assert found["statuses"] == [[project["id"], "open"]]
    assert found["transfers"] == [[*wallet, *reserve, "30.00", "USD"]]
    await emma.done(f"{path}/reserve", {"amount": usd("30.00")})
    found = await looked(emma, f"{path}/close")
    assert found["statuses"] == [[project["id"], "closed"]]
    assert found["transfers"] == [[*reserve, *wallet, "30.00", "USD"]]
    award = {"bid_hash": bid["bid_hash"]}
    found = await looked(emma, f"/v1/bids/{bid['id']}/award", award)
    assert found["statuses"] == [
        ["new:0", "offered"],
        [bid["id"], "awarded"],
        [project["id"], "open"],
    ]
    assert found["effect_hash"] == by_the_book(found)
    assert [each["name"] for each in found["events"]] == ["bid.awarded"]
    await frank.done(f"/v1/bids/{bid['id']}/retract")
    asked = await emma.post(
        f"/v1/bids/{bid['id']}/award", award, If_Effect=found["effect_hash"], key="then"
    )
    assert code_of(asked) == "wrong_status"
    again = bid_for(project, "60.00", "40.00")
    found = await looked(frank, "/v1/bids", again)
    assert found["statuses"] == [["new:0", "live"], [project["id"], "open"]]
    assert await frank.code("/v1/bids", again) == "ok"


async def test_what_pays_for_a_milestone_is_said_the_reserve_first(house: Housing) -> None:
    emma, project, _, (bid,) = await posted(house, "100.00")
    await emma.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd("30.00")})
    award = {"bid_hash": bid["bid_hash"]}
    contract = await emma.done(f"/v1/bids/{bid['id']}/award", award)
    line = {"description": "All of it", "amount": usd("100.00")}
    found = await looked(emma, f"/v1/contracts/{contract['id']}/fund", {"milestones": [line]})
    assert [[each[0], *each[4:]] for each in found["transfers"]] == [
        ["reserve", "30.00", "USD"],
        ["wallet", "70.00", "USD"],
    ]
