"""What the edge refuses before the rules are asked: in one order, each by its code."""

from __future__ import annotations

import json

import pytest
from tests.http.house import Housing, agreed, code_of, usd

from earnest.core.actions import Scope
from earnest.wire.decode import BODY_BYTES_MAX

pytestmark = pytest.mark.asyncio

DEPOSIT = {"gateway": "sandbox", "amount": usd("1.00")}
UNKNOWN = "/v1/milestones/ms_0DXH3K8ZQ2Y7A"


async def test_no_token_no_answer(house: Housing) -> None:
    emma = await house.person("emma")
    made_up = "ern_" + "a" * 43
    for given in (None, "", "Basic x", "Bearer", "Bearer x", f"Bearer {made_up}", emma.token):
        headers = {} if given is None else {"Authorization": given}
        for path in ("/v1/me", "/v1/milestones", f"{UNKNOWN}/events", "/v1/balances"):
            answer = await house.client.get(path, headers=headers)
            assert (answer.status_code, code_of(answer)) == (401, "unauthorized")
            assert answer.headers["www-authenticate"] == "Bearer"
        answer = await house.client.post("/v1/deposits", headers=headers)
        assert code_of(answer) == "unauthorized"


@pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
async def test_a_token_that_is_over_signs_nobody_in(house: Housing, column: str) -> None:
    emma = await house.person("emma")
    await house.value(f"UPDATE tokens SET {column} = clock_timestamp() RETURNING id")
    assert code_of(await emma.get("/v1/me")) == "unauthorized"


async def test_a_suspended_person_reads_and_goes_on_but_opens_nothing(house: Housing) -> None:
    emma, _, _, (milestone,) = await agreed(house, "10.00")
    await house.value(
        "UPDATE users SET status = 'suspended' WHERE id = $1 RETURNING 1", emma.number
    )
    assert (await emma.seen("/v1/me"))["status"] == "suspended"
    assert await emma.code("/v1/deposits", DEPOSIT) == "suspended"
    assert await emma.code(f"/v1/milestones/{milestone['id']}/release") == "ok"


async def test_every_class_of_action_needs_its_scope_before_anything_is_looked_up(
    house: Housing,
) -> None:
    emma = await house.person("emma", "operator")
    needed = {
        f"{UNKNOWN}/release": Scope.MONEY,
        f"{UNKNOWN}/submit": Scope.WRITE,
        "/v1/deposits": Scope.MONEY,
        "/v1/contracts": Scope.WRITE,
        "/v1/milestones": Scope.WRITE,
        "/v1/deposits/nothing/expire": Scope.STAFF,
    }
    for path, scope in needed.items():
        lacking = await house.again(emma, set(Scope) - {scope})
        answer = await lacking.post(path, {"nothing": "right"}, key="")
        assert (answer.status_code, code_of(answer)) == (403, "scope_missing"), path
    lacking = await house.again(emma, set(Scope) - {Scope.READ})
    for path in ("/v1/me", "/v1/milestones", UNKNOWN, "/v1/events", "/v1/users/x"):
        assert code_of(await lacking.get(path)) == "scope_missing"


async def test_funding_by_post_milestones_needs_the_scope_money_of_the_employer_alone(
    house: Housing,
) -> None:
    emma, frank, contract, _ = await agreed(house)
    body = {"contract_id": contract["id"], "description": "More", "amount": usd("1.00")}
    for who, code in ((emma, "scope_missing"), (frank, "ok")):
        writer = await house.again(who, {Scope.WRITE})
        assert await writer.code("/v1/milestones", body) == code
    several = {"contract_id": contract["id"], "items": [{"description": "x", "amount": usd("1")}]}
    assert await (await house.again(emma, {Scope.WRITE})).code("/v1/milestones", several) == (
        "scope_missing"
    )
    made = await emma.post("/v1/milestones", several)
    assert (made.status_code, len(made.json()["items"])) == (201, 1)
    assert await frank.code("/v1/milestones", several) == "not_your_part"


async def test_every_post_needs_a_key(house: Housing) -> None:
    emma = await house.person("emma")
    for path in ("/v1/deposits", "/v1/milestones", f"{UNKNOWN}/release"):
        answer = await house.client.post(path, json=DEPOSIT, headers=emma.headers)
        assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_required")
    for key in ("", "a" * 256, "é", "a\tb"):
        headers = {**emma.headers, "Idempotency-Key": key.encode("latin-1")}
        answer = await house.client.post("/v1/deposits", json=DEPOSIT, headers=headers)  # type: ignore[arg-type]
        assert (answer.status_code, code_of(answer)) == (400, "idempotency_key_invalid"), key
    for key in ("a", "b" * 255, "~ !"):
        assert code_of(await emma.post("/v1/deposits", DEPOSIT, key=key)) == "ok"


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"{}", "text/plain", "unsupported_media_type"),
        (b"{}", None, "unsupported_media_type"),
        (b"{}", "application/json; charset=latin-1", "unsupported_media_type"),
        (b"a=b", "application/x-www-form-urlencoded", "unsupported_media_type"),
        (b" " * (BODY_BYTES_MAX + 1), "application/json", "too_large"),
        (b"{", "application/json", "malformed"),
        (b"[]", "application/json", "malformed"),
        (b'{"gateway": "\xff"}', "application/json", "malformed"),
        (b"[" * 100_000, "application/json", "malformed"),
        (b'{"a":' * 100_000, "application/json; charset=utf-8", "malformed"),
        (b"{}", "application/json", "invalid"),
        (b"", "application/json", "invalid"),
        (b"", None, "invalid"),
    ],
)
async def test_what_is_no_json_object(
    house: Housing, content: bytes, media_type: str | None, code: str
) -> None:
    emma = await house.person("emma")
    headers = {**emma.headers, "Idempotency-Key": "k"}
    if media_type is not None:
        headers["Content-Type"] = media_type
    answer = await house.client.post("/v1/deposits", content=content, headers=headers)
    assert code_of(answer) == code
    assert await house.value("SELECT count(*) FROM commands") == 0


async def test_a_body_without_a_length_is_counted(house: Housing) -> None:
    emma = await house.person("emma")

    async def endless() -> object:
        for _ in range(100):
            yield b" " * 100_000

    headers = {**emma.headers, "Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = await house.client.post("/v1/deposits", content=endless(), headers=headers)  # type: ignore[arg-type]
    assert (answer.status_code, code_of(answer)) == (413, "too_large")


async def test_wrong_fields_are_named_and_change_nothing(house: Housing) -> None:
    emma = await house.person("emma")
    body = {"gateway": 1, "amount": {"amount": 40.5, "currency": "USD"}, "status": "settled"}
    answer = await emma.post("/v1/deposits", body)
    assert (answer.status_code, code_of(answer)) == (422, "invalid")
    errors = {e["path"]: e["code"] for e in answer.json()["errors"]}
    assert errors == {
        "/gateway": "not_a_text",
        "/amount/amount": "not_an_amount",
        "/status": "unknown_field",
    }
    assert await house.value("SELECT count(*) FROM deposits") == 0


@pytest.mark.parametrize("name", ["id", "number", "status", "subject_id", "user_id", "held",
                                  "employer", "paid_as", "wakes_at", "created_at"])  # fmt: skip
async def test_nobody_assigns_what_is_not_asked(house: Housing, name: str) -> None:
    emma, _, contract, (milestone,) = await agreed(house, "10.00")
    line = {"contract_id": contract["id"], "description": "x", "amount": usd("1.00")}
    for path, body in (
        ("/v1/deposits", DEPOSIT),
        ("/v1/milestones", line),
        (f"/v1/milestones/{milestone['id']}/release", {}),
        (f"/v1/contracts/{contract['id']}/fund", {"milestones": [{**line, name: 1}]}),
    ):
        assert await emma.code(path, {**body, name: 1}) == "invalid"


async def test_a_parent_is_a_field_like_any_other(house: Housing) -> None:
    emma, _, contract, _ = await agreed(house)
    answer = await emma.post("/v1/milestones", {"contract_id": "ms_x", "amount": 1, "x": 1})
    errors = {e["path"]: e["code"] for e in answer.json()["errors"]}
    assert errors == {
        "/contract_id": "not_a_reference",
        "/description": "required",
        "/amount": "not_an_amount",
        "/x": "unknown_field",
    }
    both = {"contract_id": contract["id"], "items": [], "milestones": [], "amount": usd("1")}
    errors = {
        e["path"]: (e["code"], e["detail"])
        for e in (await emma.post("/v1/milestones", both)).json()["errors"]
    }
    known = "There is no such field. There are: contract_id, items."
    assert errors == {
        "/milestones": ("unknown_field", known),
        "/amount": ("unknown_field", known),
        "/items": ("too_few", "There must be 1 at least."),
    }


async def test_a_refusal_by_the_rules_speaks_of_the_fields_of_this_body(house: Housing) -> None:
    emma, _, contract, _ = await agreed(house)
    line = {"description": "x", "amount": usd("1.00"), "due_at": "2001-01-01T00:00:00Z"}
    one = {"contract_id": contract["id"], **line}
    several = {"contract_id": contract["id"], "items": [line]}
    for body, path in ((one, "/due_at"), (several, "/items/0/due_at")):
        first = await emma.post("/v1/milestones", body, key=path)
        assert (code_of(first), first.json()["errors"][0]["path"]) == ("due_in_past", path)
        again = await emma.post("/v1/milestones", body, key=path)
        assert again.content == first.content


async def test_nothing_in_the_address_of_a_post_is_overlooked(house: Housing) -> None:
    emma = await house.person("emma")
    answer = await emma.post("/v1/deposits?dryrun=true&dry_run=yes", DEPOSIT, If_Effect="x")
    assert code_of(answer) == "invalid"
    assert [error["path"] for error in answer.json()["errors"]] == [
        *("?dryrun", "?dry_run", "If-Effect")
    ]
    assert await house.value("SELECT count(*) FROM deposits") == 0


async def test_a_reference_that_never_was_is_not_found(house: Housing) -> None:
    emma = await house.person("emma")
    unknown = await emma.post(f"{UNKNOWN}/release")
    for reference in (
        "x",
        "ms_",
        "ctr_0DXH3K8ZQ2Y7A",
        "ms_0dxh3k8zq2y7a",
        "%00",
        "ms_0DXH3K8ZQ2Y7A%0A",
    ):
        answer = await emma.post(f"/v1/milestones/{reference}/release")
        assert answer.content == unknown.content
        assert code_of(await emma.get(f"/v1/milestones/{reference}")) == "not_found"
    assert await house.value("SELECT count(*) FROM commands") == 0


async def test_addresses_and_methods_that_are_not_there(house: Housing) -> None:
    emma = await house.person("emma")
    for path in ("/docs", "/v1", "/v1/", "/v1/milestones/", "/v1/users", "/v1/deposits/x/settle"):
        assert code_of(await emma.get(path)) == "not_found"
    answer = await house.client.put("/v1/milestones")
    assert (answer.status_code, code_of(answer)) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET, HEAD, POST"
    assert (await emma.get(f"{UNKNOWN}/release")).headers["allow"] == "POST"


async def test_every_answer_has_its_headers(house: Housing) -> None:
    parent = "00-" + "a1" * 16 + "-" + "b2" * 8 + "-01"
    for path in ("/healthz", "/v1/me", "/nowhere"):
        answer = await house.client.get(path, headers={"traceparent": parent})
        assert answer.headers["x-trace-id"] == "a1" * 16
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
    own = await house.client.get("/healthz", headers={"X-Trace-Id": "mine-12345"})
    assert own.headers["x-trace-id"] == "mine-12345"
    others = await house.client.get("/healthz", headers={"X-Trace-Id": 'a" b', "traceparent": "x"})
    assert len(others.headers["x-trace-id"]) == 32


async def test_a_key_is_its_owners_own(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    first = await emma.post("/v1/deposits", DEPOSIT, key="same")
    second = await frank.post("/v1/deposits", DEPOSIT, key="same")
    assert first.json()["id"] != second.json()["id"]
    assert "idempotency-replayed" not in second.headers


async def test_the_key_covers_what_is_asked_not_how_it_is_spelled(house: Housing) -> None:
    emma = await house.person("emma")
    first = await emma.post("/v1/deposits", DEPOSIT, key="k")
    spelled = json.dumps({**DEPOSIT, "sandbox": "settle", "amount": usd("1")}, indent=3)
    headers = {**emma.headers, "Idempotency-Key": "k", "Content-Type": "application/json"}
    again = await house.client.post("/v1/deposits", content=spelled, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["location"] == first.headers["location"]


async def test_the_system_is_nobody_to_offer_a_contract_to(house: Housing) -> None:
    """Found by schemathesis: its number can be spelled as anybody's."""
    emma = await house.person("emma")
    offer = {"freelancer": "usr_0000000000000", "currency": "USD"}
    assert await emma.code("/v1/contracts", offer) == "person_unknown"
