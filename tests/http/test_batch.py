"""POST /v1/batch: many commands in one request, one a line, each as if it had come alone."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from tests.http.house import Housing, Person, agreed, code_of, usd

from earnest.core.actions import Scope

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]
NDJSON = "application/x-ndjson"


async def posted(
    who: Person, body: bytes | str, *, media_type: str = NDJSON, path: str = "/v1/batch"
) -> httpx.Response:
    headers = {**who.headers, "Content-Type": media_type}
    return await who.house.client.post(path, content=body, headers=headers)


async def asked(who: Person, *lines: Json) -> list[Json]:
    """Ask for all of these; what each is answered."""
    answer = await posted(who, "\n".join(json.dumps(line) for line in lines))
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == NDJSON
    told = [json.loads(line) for line in answer.text.splitlines()]
    assert [each["key"] for each in told] == [line.get("key") for line in lines]
    return told


def release(key: str, milestone: Json, amount: str | None = None) -> Json:
    line: Json = {"key": key, "action": "milestone.release", "id": milestone["id"]}
    return line if amount is None else {**line, "amount": usd(amount)}


def heard(told: list[Json]) -> list[str]:
    """In a word: the status, or the code of the problem."""
    return [each["body"].get("code", str(each["status"])) for each in told]


async def test_each_line_is_answered_in_its_place_as_the_same_post_would_be(
    house: Housing,
) -> None:
    emma, frank, contract, (one, two) = await agreed(house, "100.00", "50.00")
    told = await asked(
        emma,
        release("a", one, "40.00"),
        {
            "key": "b",
            "action": "contract.fund",
            "id": contract["id"],
            "milestones": [{"description": "More", "amount": usd("5.00")}],
        },
        release("c", two, "50.01"),
        {"key": "d", "action": "deposit.start", "gateway": "sandbox", "amount": usd("7.00")},
        {"key": "e", "action": "contract.offer", "freelancer": frank.id, "terms": "classic"},
    )
    assert [each["status"] for each in told] == [200, 200, 422, 201, 422]
    assert told[0]["body"] == (await emma.post(
        f"/v1/milestones/{one['id']}/release", {"amount": usd("40.00")}, key="a"
    )).json()  # fmt: skip
    assert told[0]["body"]["held"] == usd("60.00")
    assert [row["held"] for row in told[1]["body"]["items"]] == [usd("5.00")]
    assert told[2]["body"]["code"] == "more_than_held"
    assert told[3]["body"]["status"] == "pending"
    assert told[4]["body"]["errors"][0]["path"] == "/currency"


async def test_a_batch_asked_again_is_answered_byte_for_byte(house: Housing) -> None:
    emma, _, _, (one,) = await agreed(house, "100.00")
    lines = [release(f"k{n}", one, "1.00") for n in range(5)]
    body = "\n".join(json.dumps(each) for each in [*lines, release("big", one, "99.99")])
    first = await posted(emma, body)
    again = await posted(emma, body)
    assert again.content == first.content
    assert (await emma.seen(f"/v1/milestones/{one['id']}"))["held"] == usd("95.00")


async def test_the_same_key_twice_in_a_batch_is_done_once(house: Housing) -> None:
    emma, _, _, (one,) = await agreed(house, "100.00")
    told = await asked(
        emma, release("k", one, "1.00"), release("k", one, "1.00"), release("k", one, "2.00")
    )
    assert heard(told) == ["200", "200", "key_reused"]
    assert told[0] == told[1]
    assert (await emma.seen(f"/v1/milestones/{one['id']}"))["held"] == usd("99.00")


async def test_lines_are_decided_in_their_order(house: Housing) -> None:
    emma, _, _, (one,) = await agreed(house, "10.00")
    told = await asked(emma, *(release(f"k{n}", one, "4.00") for n in range(3)))
    assert heard(told) == ["200", "200", "more_than_held"]
    assert [each["body"]["held"] for each in told[:2]] == [usd("6.00"), usd("2.00")]


@pytest.mark.parametrize(
    ("line", "code", "path"),
    [
        ("{", "malformed", None),
        ("[]", "malformed", None),
        ("\N{SNOWMAN}", "malformed", None),
        ('{"action":"milestone.release"}', "idempotency_key_required", None),
        ('{"key":""}', "idempotency_key_invalid", None),
        ('{"key":1}', "idempotency_key_invalid", None),
        ('{"key":"k"}', "invalid", "/action"),
        ('{"key":"k","action":"milestone.steal"}', "invalid", "/action"),
        ('{"key":"k","action":7}', "invalid", "/action"),
        ('{"key":"k","action":"deposit.settle"}', "invalid", "/action"),
        ('{"key":"k","action":"milestone.release"}', "invalid", "/id"),
        ('{"key":"k","action":"milestone.release","id":"ctr_0DXH3K8ZQ2Y7A"}', "invalid", "/id"),
        ('{"key":"k","action":"milestone.release","id":"ms_0DXH3K8ZQ2Y7A"}', "not_found", None),
        ('{"key":"k","action":"contract.offer","id":"usr_0DXH3K8ZQ2Y7A"}', "not_found", None),
        ('{"key":"k","action":"contract.offer","id":4}', "invalid", "/id"),
        (
            '{"key":"k","action":"milestone.release","id":"ms_0DXH3K8ZQ2Y7A","amoun":1}',
            "invalid",
            "/amoun",
        ),
    ],
)
async def test_a_line_that_is_wrong_says_so_and_the_others_go_on(
    house: Housing, line: str, code: str, path: str | None
) -> None:
    emma, _, _, (one,) = await agreed(house, "10.00")
    right = [json.dumps(release(key, one, "1.00")) for key in ("before", "after")]
    answer = await posted(emma, f"{right[0]}\n{line}\n{right[1]}")
    before, wrong, after = [json.loads(each) for each in answer.text.splitlines()]
    assert (before["status"], after["status"]) == (200, 200)
    assert wrong["body"]["code"] == code
    assert wrong["status"] == wrong["body"]["status"]
    if path is not None:
        assert path in [error["path"] for error in wrong["body"]["errors"]]


async def test_who_asks_may_name_themselves(house: Housing) -> None:
    emma = await house.person("emma")
    line = {"action": "deposit.start", "gateway": "sandbox", "amount": usd("7.00")}
    told = await asked(emma, {"key": "a", **line}, {"key": "b", "id": emma.id, **line})
    assert heard(told) == ["201", "201"]


async def test_scopes_are_asked_for_line_by_line(house: Housing) -> None:
    emma, _, contract, (one,) = await agreed(house, "10.00")
    writer = await house.again(emma, {Scope.WRITE})
    say = {"key": "b", "action": "contract.say", "id": contract["id"], "text": "Hello"}
    assert heard(await asked(writer, release("a", one), say)) == ["scope_missing", "200"]
    assert (await emma.seen(f"/v1/milestones/{one['id']}"))["held"] == usd("10.00")


async def test_nobody_does_in_a_batch_what_is_somebody_elses(house: Housing) -> None:
    emma, frank, _, (one,) = await agreed(house, "10.00")
    stranger = await house.person("sam")
    cancel = {"key": "c", "action": "milestone.cancel", "id": one["id"]}
    assert heard(await asked(stranger, release("a", one), cancel)) == ["not_found", "not_found"]
    assert heard(await asked(emma, cancel)) == ["not_your_part"]
    assert heard(await asked(frank, release("a", one))) == ["not_your_part"]


async def test_the_whole_must_be_lines_of_json_that_somebody_sent(house: Housing) -> None:
    emma = await house.person("emma")
    nobody = await house.client.post("/v1/batch", content="{}", headers={"Content-Type": NDJSON})
    assert code_of(nobody) == "unauthorized"
    assert code_of(await posted(emma, "\n \n")) == "malformed"
    assert code_of(await posted(emma, "")) == "malformed"
    assert code_of(await posted(emma, "{}", media_type="text/plain")) == "unsupported_media_type"
    assert (await posted(emma, "{}", media_type="application/jsonl")).status_code == 200
    assert code_of(await posted(emma, "{}\n" * 1_001)) == "too_large"
    assert code_of(await posted(emma, "{}", path="/v1/batch?dry_run=true")) == "invalid"
    conditional = {**emma.headers, "Content-Type": NDJSON, "If-Effect": "0" * 64}
    answer = await house.client.post("/v1/batch", content="{}", headers=conditional)
    assert (code_of(answer), answer.json()["errors"][0]["path"]) == ("invalid", "If-Effect")
    assert code_of(await emma.get("/v1/batch")) == "method_not_allowed"


async def test_batches_at_the_same_time_never_pay_more_than_there_is(house: Housing) -> None:
    emma, _, _, (one,) = await agreed(house, "100.00")
    batches = [[release(f"{b}-{n}", one, "1.00") for n in range(30)] for b in range(8)]
    told = await asyncio.gather(*(asked(emma, *lines) for lines in batches))
    found = [word for each in told for word in heard(each)]
    assert found.count("200") == 100
    assert set(found) - {"200"} <= {"more_than_held", "wrong_status"}
    assert (await emma.seen(f"/v1/milestones/{one['id']}"))["released"] == usd("100.00")


async def test_a_thousand_lines_are_taken(house: Housing) -> None:
    emma, _, _, (one,) = await agreed(house, "100.00")
    told = await asked(emma, *(release(f"k{n}", one, "0.01") for n in range(1_000)))
    assert set(heard(told)) == {"200"}
    assert told[-1]["body"]["released"] == usd("10.00")
