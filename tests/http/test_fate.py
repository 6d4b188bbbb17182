"""What happens if nobody does anything, over REST: exact, one's own, in the same few statements."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.http.house import CLOCKED, Housing, accepting, agreed, code_of, project_of, usd
from tests.http.test_lists import DRIVERS_OWN, counted

from earnest import worker
from earnest.store.reads.fates import MOST

pytestmark = pytest.mark.asyncio

Json = dict[str, Any]


def after(moment: str, **span: int) -> str:
    at = datetime.fromisoformat(moment) + timedelta(**span)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def told(fate: Json) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The steps without their times: what, to what, and who is paid."""
    assert all(each["at"] <= each["at_latest"] for each in fate["items"])
    return [
        (
            each["action"],
            each["subject"],
            [(pay["to"], pay["amount"]["amount"]) for pay in each["pays"]],
        )
        for each in fate["items"]
    ]


async def test_submitted_work_is_released_on_its_date_and_the_date_is_kept(house: Housing) -> None:
    emma, frank, contract, (first, second) = await agreed(house, "80.00", "20.00", terms=CLOCKED)
    path = f"/v1/milestones/{first['id']}"
    submitted = await frank.done(f"{path}/submit")
    fate = await emma.seen(f"{path}/fate")
    at = after(submitted["submitted_at"], days=14)
    assert fate == {
        "items": [
            {
                "at": at,
                "at_latest": after(submitted["submitted_at"], days=17),
                "subject": first["id"],
                "action": "milestone.auto_release",
                "pays": [{"to": frank.id, "amount": usd("80.00")}],
            }
        ],
        "ends": True,
    }
    seen = await emma.seen(path)
    assert seen["next"] == {"at": at, "action": "milestone.auto_release"}
    assert seen["review"]["rounds_left"] == 3
    whole = await frank.seen(f"/v1/contracts/{contract['id']}/fate")
    assert told(whole) == [
        ("milestone.auto_release", first["id"], [(frank.id, "80.00")]),
        ("milestone.return_dormant", second["id"], [(emma.id, "20.00")]),
    ]
    await worker.advance(house.app, timedelta(days=14))
    assert (await emma.seen(path))["status"] == "released"
    (event,) = (await emma.seen(f"{path}/events", limit=1))["items"]
    assert (event["name"], event["at"]) == ("milestone.auto_released", at)
    assert await emma.seen(f"{path}/fate") == {"items": [], "ends": True}


async def test_what_waits_for_its_notice_says_until_when_and_waits_once(house: Housing) -> None:
    emma, _, _, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    path = f"/v1/milestones/{milestone['id']}"
    await emma.done(f"{path}/release", {"amount": usd("30.00")})
    undo, dormant = (await emma.seen(f"{path}/fate"))["items"]
    assert undo["at_latest"] == undo["at"]
    assert dormant["at_latest"] == after(dormant["at"], hours=72)
    assert (await emma.seen(path))["deferred_until"] is None
    # Time passes, and no process is there.
    span = datetime.fromisoformat(dormant["at"]) - await house.app.database.now()
    await house.value("UPDATE site SET clock_offset = clock_offset + $1", span)
    await worker.advance(house.app, timedelta(seconds=1))
    (waits,) = (await emma.seen(f"{path}/fate"))["items"]
    assert waits == {**dormant, "at": dormant["at_latest"]}
    row = await emma.seen(path)
    assert (row["deferred_until"], row["next"]["at"]) == (waits["at"], waits["at"])
    (event,) = (await emma.seen(f"{path}/events", limit=1))["items"]
    assert (event["name"], event["at"]) == ("milestone.deferred", dormant["at"])
    await worker.advance(house.app, timedelta(hours=72))
    (event,) = (await emma.seen(f"{path}/events", limit=1))["items"]
    assert (event["name"], event["at"]) == ("milestone.returned_dormant", waits["at"])


async def test_under_the_original_rules_submitted_work_has_no_end(house: Housing) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "80.00")
    await frank.done(f"/v1/milestones/{milestone['id']}/submit")
    for path in (f"/v1/milestones/{milestone['id']}", f"/v1/contracts/{contract['id']}"):
        assert await emma.seen(f"{path}/fate") == {"items": [], "ends": False}


async def test_a_release_on_its_way_says_until_when_and_can_be_recalled(house: Housing) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    path = f"/v1/milestones/{milestone['id']}"
    left = await emma.done(f"{path}/release", {"amount": usd("30.00")})
    assert (left["held"], left["releasing"], left["released"]) == (
        *(usd("50.00"), usd("30.00"), usd("0.00")),
    )
    (release,) = (await frank.seen("/v1/releases", status="releasing"))["items"]
    at, until = f"/v1/releases/{release['id']}", after(release["created_at"], minutes=10)
    assert (release["final_at"], release["next"]) == (
        until,
        {"at": until, "action": "release.finalize"},
    )
    assert (await emma.seen(at))["actions"] == ["recall"]
    assert (await frank.seen(at))["actions"] == []
    assert told(await frank.seen(f"{at}/fate")) == [
        ("release.finalize", release["id"], [(frank.id, "30.00")])
    ]
    assert [each[0] for each in told(await frank.seen(f"{path}/fate"))] == [
        *("release.finalize", "milestone.return_dormant")
    ]
    for who, side in ((emma, "releasing_outgoing"), (frank, "releasing_incoming")):
        (balance,) = (await who.seen("/v1/balances"))["items"]
        assert balance[side] == usd("30.00")
    assert await frank.code(f"{at}/recall") == "not_your_part"
    recalled = await emma.done(f"{at}/recall")
    assert (recalled["status"], recalled["final_at"]) == ("recalled", None)
    assert (await emma.seen(path))["held"] == usd("80.00")
    assert await emma.seen(f"{at}/fate") == {"items": [], "ends": True}
    assert await emma.code(f"{at}/recall") == "wrong_status"
    assert (await emma.seen("/v1/releases", status="releasing"))["items"] == []
    assert contract["status"] == "active"


async def test_of_an_offer_each_milestone_tells_what_of_it_returns(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    path = f"/v1/contracts/{(await emma.done('/v1/contracts', offer))['id']}"
    lines = [{"description": "A piece of work", "amount": usd(a)} for a in ("30.00", "20.00")]
    made = (await emma.done(f"{path}/fund", {"milestones": lines}))["items"]
    fate = await frank.seen(f"{path}/fate")
    number = path.rpartition("/")[2]
    pays = [(emma.id, "30.00"), (emma.id, "20.00")]
    assert told(fate) == [("contract.lapse", number, pays)]
    assert fate["items"][0]["at"] == (await frank.seen(path))["accept_by"]
    one = await emma.seen(f"/v1/milestones/{made[1]['id']}/fate")
    assert told(one) == [("contract.lapse", number, [(emma.id, "20.00")])]


async def test_a_projects_reserve_returns_and_everybody_may_know(house: Housing) -> None:
    emma, other = await house.person("emma"), await house.person("xavier")
    project = await emma.done("/v1/projects", project_of())
    path = f"/v1/projects/{project['id']}"
    await house.rich(emma, "100.00")
    await emma.done(f"{path}/reserve", {"amount": usd("50.00")})
    fate = await other.seen(f"{path}/fate")
    assert told(fate) == [("project.lapse", project["id"], [(emma.id, "50.00")])]
    assert fate["ends"]


async def test_payments_say_when_they_are_over_to_who_may_see_them(house: Housing) -> None:
    emma, eve = await house.person("emma"), await house.person("eve")
    olga = await house.person("olga", "operator")
    await house.rich(emma, "2000.00")
    deposit = await emma.done("/v1/deposits", {"gateway": "sandbox", "amount": usd("5.00")})
    where = {"type": "sandbox", "account": "settle", "name": "E"}
    asked = {"gateway": "sandbox", "amount": usd("1500.00"), "destination": where}
    looked = (await emma.post("/v1/withdrawals?dry_run=true", asked)).json()["fate"]
    assert told(looked) == [("withdrawal.expire", "new:0", [(emma.id, "1500.00")])]
    large = await emma.done("/v1/withdrawals", asked)
    for row, path, action, pays in (
        (deposit, f"/v1/deposits/{deposit['id']}", "deposit.expire", []),
        (large, f"/v1/withdrawals/{large['id']}", "withdrawal.expire", [(emma.id, "1500.00")]),
    ):
        assert (await eve.get(f"{path}/fate")).status_code == 404
        for who in (emma, olga):
            fate = await who.seen(f"{path}/fate")
            assert told(fate) == [(action, row["id"], pays)]
            assert fate["ends"]
            assert fate["items"][0]["at"] == after(row["created_at"], days=7)
    await house.settle(deposit)
    assert await emma.seen(f"/v1/deposits/{deposit['id']}/fate") == {"items": [], "ends": True}
    await worker.advance(house.app, timedelta(days=7))
    assert (await emma.seen(f"/v1/withdrawals/{large['id']}"))["status"] == "expired"
    (balance,) = (await emma.seen("/v1/balances"))["items"]
    assert balance["wallet"] == usd("2005.00")


async def test_a_dry_run_tells_the_fate_that_would_be(house: Housing) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "80.00", terms=CLOCKED)
    path = f"/v1/milestones/{milestone['id']}"
    looked = (await frank.post(f"{path}/submit?dry_run=true")).json()["fate"]
    assert told(looked) == [("milestone.auto_release", milestone["id"], [(frank.id, "80.00")])]
    release = (await emma.post(f"{path}/release?dry_run=true")).json()["fate"]
    assert told(release) == [("release.finalize", "new:0", [(frank.id, "80.00")])]
    line = {"description": "More", "amount": usd("5.00")}
    fund = f"/v1/contracts/{contract['id']}/fund?dry_run=true"
    more = (await emma.post(fund, {"milestones": [line]})).json()["fate"]
    assert [each[0] for each in told(more)] == ["milestone.return_dormant"] * 2
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    made = (await emma.post("/v1/contracts?dry_run=true", offer)).json()["fate"]
    assert told(made) == [("contract.lapse", "new:0", [])]
    deposit = {"gateway": "sandbox", "amount": usd("5.00")}
    paid = (await emma.post("/v1/deposits?dry_run=true", deposit)).json()["fate"]
    assert told(paid) == [("deposit.expire", "new:0", [])]


async def test_an_offer_that_would_be_accepted_tells_what_comes_then(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    path = f"/v1/contracts/{(await emma.done('/v1/contracts', offer))['id']}"
    line = {"description": "A piece of work", "amount": usd("30.00")}
    looked = (await emma.post(f"{path}/fund?dry_run=true", {"milestones": [line]})).json()["fate"]
    assert [each[0] for each in told(looked)] == ["contract.lapse"]
    await emma.done(f"{path}/fund", {"milestones": [line]})
    accepted = accepting(await frank.seen(path))
    looked = (await frank.post(f"{path}/accept?dry_run=true", accepted)).json()["fate"]
    assert [each[0] for each in told(looked)] == ["milestone.return_dormant"]


async def test_a_fate_takes_no_filter(house: Housing) -> None:
    emma, _, contract, _ = await agreed(house)
    answer = await emma.get(f"/v1/contracts/{contract['id']}/fate", limit=5)
    assert code_of(answer) == "invalid"


async def test_of_very_many_milestones_it_tells_those_that_come_first(house: Housing) -> None:
    few = await agreed(house, "1.00", terms=CLOCKED)
    emma, frank, contract, _ = await agreed(house, terms=CLOCKED)
    lines = [{"description": "A piece of work", "amount": usd("0.10")}] * (MOST // 2)
    fund = f"/v1/contracts/{contract['id']}/fund"
    for _ in range(2):
        await emma.done(fund, {"milestones": lines})
    *_, last = (await emma.done(fund, {"milestones": lines[:3]}))["items"]
    await frank.done(f"/v1/milestones/{last['id']}/submit")
    path = f"/v1/contracts/{contract['id']}/fate"
    costs = []
    for who, deal in ((few[0], few[2]), (emma, contract)):
        await who.seen(f"/v1/contracts/{deal['id']}/fate")
        async with counted(house) as said:
            await who.seen(f"/v1/contracts/{deal['id']}/fate")
            costs.append(len([each for each in said if not DRIVERS_OWN.search(each)]))
    assert costs[0] == costs[1] == 5, costs
    fate = await emma.seen(path)
    assert len(fate["items"]) == MOST
    assert fate["items"][0]["subject"] == last["id"]
