"""Plans over REST: asked for, shown, agreed to, paid by time, and objected to."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any, Final

import pytest
import rfc8785
from tests.http.house import CLOCKED, Housing, Json, Person, accepting, agreed, code_of, usd
from tests.http.test_fate import told
from tests.store.books import wrong

from earnest import worker

pytestmark = pytest.mark.asyncio

PLAN: Final = [
    {"after_days": 10, "percent": "40"},
    {"after_days": 20, "percent": "30.00"},
    {"after_days": 30, "percent": "30", "retention": True},
]


async def planned(house: Housing, plan: Any = PLAN) -> tuple[Person, Person, Json, Json]:
    """Emma and Frank, their contract, and a milestone of 100.00 that is paid by a plan."""
    emma, frank, contract, _ = await agreed(house, terms=CLOCKED)
    asked = {
        "contract_id": contract["id"],
        "description": "In parts",
        "amount": usd("100.00"),
        "plan": plan,
    }
    return emma, frank, contract, await emma.done("/v1/milestones", asked)


async def test_a_plan_is_shown_with_its_dates_and_amounts_and_hashed(house: Housing) -> None:
    emma, _, _, made = await planned(house)
    assert [each["amount"] for each in made["plan"]] == [usd("40.00"), usd("30.00"), usd("30.00")]
    assert [each["retention"] for each in made["plan"]] == [False, False, True]
    shown = {name: made[name] for name in ("description", "amount", "due_at")}
    meant = [{k: each[k] for k in ("at", "amount", "retention")} for each in made["plan"]]
    digest = hashlib.sha256(rfc8785.dumps({**shown, "plan": meant})).hexdigest()
    assert made["agreement_hash"] == digest
    seen = await emma.seen(f"/v1/milestones/{made['id']}")
    assert seen["plan"] == made["plan"]
    assert (seen["plan_agreed_at"], seen["next"]["action"]) == (None, "milestone.return_dormant")


async def test_agreed_to_it_is_paid_by_time_as_its_fate_says(house: Housing) -> None:
    emma, frank, contract, made = await planned(house)
    path = f"/v1/milestones/{made['id']}"
    assert (await frank.seen(path))["actions"].count("agree") == 1
    bound = await frank.done(f"{path}/agree", {"hash": made["agreement_hash"]})
    assert bound["plan_agreed_at"]
    seen = await emma.seen(path)
    assert seen["next"] == {"at": made["plan"][0]["at"], "action": "tranche.pay"}
    (listed,) = (await emma.seen("/v1/milestones"))["items"]
    assert (listed["next"], listed["plan"]) == (seen["next"], made["plan"])
    (deal,) = (await emma.seen("/v1/contracts"))["items"]
    assert deal["next"] == seen["next"]
    parts = [each["tranche_id"] for each in made["plan"]]
    steps = [
        ("tranche.pay", part, [(frank.id, amount)])
        for part, amount in zip(parts, ("40.00", "30.00", "30.00"), strict=True)
    ]
    for of in (path, f"/v1/contracts/{contract['id']}"):
        assert told(await frank.seen(f"{of}/fate")) == steps
    assert told(await frank.seen(f"/v1/tranches/{parts[1]}/fate")) == steps[1:2]
    await worker.advance(house.app, timedelta(days=10))
    assert told(await frank.seen(f"{path}/fate")) == steps[1:]
    first = await frank.seen(f"/v1/tranches/{parts[0]}")
    assert (first["status"], first["paid"]) == ("paid", usd("40.00"))
    assert first["paid_at"] == first["at"] == made["plan"][0]["at"]
    await worker.advance(house.app, timedelta(days=20))
    assert (await frank.seen(path))["status"] == "released"
    events = (await frank.seen(f"/v1/tranches/{parts[1]}/events"))["items"]
    assert [each["name"] for each in events] == ["milestone.tranche_paid", "contract.funded"]
    assert await wrong(house.app.database.pool) == {}


async def test_tranches_are_listed_for_both_and_nobody_else(house: Housing) -> None:
    emma, frank, contract, made = await planned(house)
    parts = [each["tranche_id"] for each in made["plan"]]
    other = await emma.done(
        "/v1/milestones",
        {"contract_id": contract["id"], "description": "x", "amount": usd("2.00"), "plan": PLAN},
    )
    for who in (emma, frank):
        assert await who.ids("/v1/tranches", milestone=made["id"]) == parts[::-1]
    of_both = await emma.ids("/v1/tranches", contract=contract["id"])
    assert of_both == [each["tranche_id"] for each in other["plan"]][::-1] + parts[::-1]
    assert await emma.ids("/v1/tranches", status="paid") == []
    stranger = await house.person("xavier")
    assert await stranger.ids("/v1/tranches") == []
    assert code_of(await stranger.get(f"/v1/tranches/{parts[0]}")) == "not_found"
    assert await stranger.code(f"/v1/tranches/{parts[0]}/object", objection()) == "not_found"


def objection(amount: str = "15.00") -> Json:
    return {"amount": usd(amount), "reason": "It does not run."}


async def test_an_objection_is_a_dispute_about_its_amount_alone(house: Housing) -> None:
    emma, frank, _, made = await planned(house)
    path = f"/v1/tranches/{made['plan'][0]['tranche_id']}"
    assert await emma.code(f"{path}/object", objection()) == "plan_not_agreed"
    await frank.done(f"/v1/milestones/{made['id']}/agree", {"hash": made["agreement_hash"]})
    assert (await emma.seen(path))["actions"] == ["object"]
    assert (await frank.seen(path))["actions"] == []
    assert await frank.code(f"{path}/object", objection()) == "not_your_part"
    assert await emma.code(f"{path}/object", objection("40.01")) == "more_than_tranche"
    dispute = await emma.done(f"{path}/object", objection())
    assert dispute["tranche_id"] == made["plan"][0]["tranche_id"]
    assert (dispute["amount"], dispute["claim"]) == (usd("15.00"), usd("0.00"))
    assert (await emma.seen(path))["objected"] == usd("15.00")
    assert await emma.code(f"{path}/object", objection()) == "dispute_open"
    answer = {"to_freelancer": usd("15.00"), "statement": "It does."}
    await frank.done(f"/v1/disputes/{dispute['id']}/respond", answer)
    await worker.advance(house.app, timedelta(days=10))
    assert (await emma.seen(path))["paid"] == usd("25.00")
    assert await emma.code(f"{path}/object", objection()) == "wrong_status"
    await frank.done(f"/v1/disputes/{dispute['id']}/concede")
    milestone = await emma.seen(f"/v1/milestones/{made['id']}")
    assert (milestone["released"], milestone["returned"]) == (usd("25.00"), usd("15.00"))


@pytest.mark.parametrize(
    ("plan", "code", "path"),
    [
        ([*PLAN[:2]], "does_not_add_up", "/plan"),
        ([PLAN[0]], "too_few", "/plan"),
        ([{"after_days": 1, "percent": "4"}] * 25, "too_many", "/plan"),
        ([PLAN[0], {"after_days": 10, "percent": "60"}], "not_later", "/plan/1/after_days"),
        ([PLAN[0], {"after_days": 20, "percent": 60}], "not_a_percent", "/plan/1/percent"),
        ([PLAN[0], {"after_days": 0, "percent": "60"}], "out_of_bounds", "/plan/1/after_days"),
        ([PLAN[0], {"percent": "60"}], "days_or_due", "/plan/1/after_days"),
        ([PLAN[0], {"after_days": 20}], "percent_or_amount", "/plan/1/percent"),
        ([PLAN[2], PLAN[1]], "retention_not_last", "/plan/0/retention"),
        ("soon", "not_a_list", "/plan"),
    ],
)
async def test_a_plan_that_is_wrong_is_refused_at_its_field(
    house: Housing, plan: Any, code: str, path: str
) -> None:
    emma, _, contract, _ = await agreed(house, terms=CLOCKED)
    asked = {
        "contract_id": contract["id"],
        "description": "In parts",
        "amount": usd("100.00"),
        "plan": plan,
    }
    answer = await emma.post("/v1/milestones", asked)
    problem = answer.json()
    found = [(each["code"], each["path"]) for each in problem.get("errors", [])]
    assert answer.status_code == 422
    assert (code, path) in found, problem


async def test_a_plan_is_only_the_employers(house: Housing) -> None:
    _, frank, contract, _ = await agreed(house, terms=CLOCKED)
    asked = {
        "contract_id": contract["id"],
        "description": "In parts",
        "amount": usd("100.00"),
        "plan": PLAN,
    }
    assert await frank.code("/v1/milestones", asked) == "not_your_part"


async def test_a_dry_run_of_a_plan_says_what_will_become_of_it(house: Housing) -> None:
    emma, frank, _, made = await planned(house)
    path = f"/v1/milestones/{made['id']}/agree"
    answer = await frank.post(f"{path}?dry_run=true", {"hash": made["agreement_hash"]})
    steps = answer.json()["fate"]["items"]
    assert [each["action"] for each in steps] == ["tranche.pay"] * 3
    await frank.done(path, {"hash": made["agreement_hash"]})
    object_to = f"/v1/tranches/{made['plan'][0]['tranche_id']}/object?dry_run=true"
    effect = (await emma.post(object_to, objection())).json()
    assert [each[:1] + each[2:3] for each in effect["transfers"]] == [["escrow", "dispute"]]
    assert [each["action"] for each in effect["fate"]["items"]][:3] == [
        "dispute.default_answer",
        "tranche.pay",
        "tranche.pay",
    ]


async def test_who_looks_before_accepting_sees_when_each_tranche_is_paid(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    at = f"/v1/contracts/{(await emma.done('/v1/contracts', offer))['id']}"
    line = {"description": "In parts", "amount": usd("100.00"), "plan": PLAN}
    looked = (await emma.post(f"{at}/fund?dry_run=true", {"milestones": [line]})).json()
    assert [name for name, _ in looked["statuses"]][:1] == ["new:0"]
    assert [each["action"] for each in looked["fate"]["items"]] == ["contract.lapse"]
    (made,) = (await emma.done(f"{at}/fund", {"milestones": [line]}))["items"]
    body = accepting(await frank.seen(at))
    told_before = (await frank.post(f"{at}/accept?dry_run=true", body)).json()["fate"]
    assert [each["action"] for each in told_before["items"]] == ["tranche.pay"] * 3
    await frank.done(f"{at}/accept", body)
    assert (await frank.seen(f"{at}/fate"))["items"] == told_before["items"]
    assert told_before["items"][0]["at"] == made["plan"][0]["at"]
