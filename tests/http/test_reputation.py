"""Reputation over REST: the figures of both sides after short stories, for whoever is signed in."""

from __future__ import annotations

from datetime import timedelta
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
    posted,
    usd,
)

from earnest import worker
from earnest.core.reviews import GiveReview, Ratings
from earnest.core.rows import wire_time

pytestmark = pytest.mark.asyncio

NOTHING = {"percent": None, "count": 0, "of": 0, "counterparties": 0}


async def of(who: Person, reader: Person) -> tuple[Json, Json]:
    """What somebody reads of a person: as a freelancer, as an employer."""
    found = await reader.seen(f"/v1/users/{who.id}/reputation")
    assert found["user"]["id"] == who.id
    return found["as_freelancer"], found["as_employer"]


def rate(percent: int, count: int, of_: int, counterparties: int = 1) -> Json:
    return {"percent": percent, "count": count, "of": of_, "counterparties": counterparties}


async def again(house: Housing, emma: Person, frank: Person, *amounts: str) -> tuple[Json, Any]:
    """Another contract between the two, with milestones of these amounts."""
    await house.rich(emma, "1000.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    contract = await emma.done("/v1/contracts", offer)
    path = f"/v1/contracts/{contract['id']}"
    lines = [{"description": "A piece of work", "amount": usd(a)} for a in amounts]
    made = (await emma.done(f"{path}/fund", {"milestones": lines}))["items"]
    await frank.done(f"{path}/accept", accepting(await frank.seen(path)))
    return contract, made


async def release(emma: Person, milestone: Json, amount: str | None = None) -> None:
    body = {} if amount is None else {"amount": usd(amount)}
    await emma.done(f"/v1/milestones/{milestone['id']}/release", body)


async def submit(frank: Person, milestone: Json) -> None:
    await frank.done(f"/v1/milestones/{milestone['id']}/submit", {"note": "Done"})


async def cancel(frank: Person, milestone: Json) -> None:
    await frank.done(f"/v1/milestones/{milestone['id']}/cancel")


async def end(who: Person, contract: Json) -> None:
    await who.done(f"/v1/contracts/{contract['id']}/end")


# --- who reads it ------------------------------------------------------------------------------


async def test_a_newcomer_has_no_figure_and_no_zero_percent(house: Housing) -> None:
    xavier = await house.person("xavier")
    freelancer, employer = await of(xavier, xavier)
    for name in ("completion_rate", "on_time", "on_budget", "repeat_hire"):
        assert freelancer[name] == NOTHING
    assert freelancer["earnings"] == {"bands": [], "of": 0, "counterparties": 0}
    assert employer["paid_up_front"] == NOTHING
    assert employer["hours_to_decide"]["median"] is None
    assert employer["released_share"]["percent"] is None
    assert employer["disputes_per_100"]["rate"] is None
    for record in (freelancer, employer):
        assert record["contracts"] == {"ended": 0, "of": 0, "counterparties": 0}
        assert record["reviews"]["stars"] is None
        assert [each["milestones"] for each in record["months"]] == [0] * 12


async def test_everybody_signed_in_reads_it_and_nobody_else(house: Housing) -> None:
    emma, xavier = await house.person("emma"), await house.person("xavier")
    assert await of(emma, xavier) == await of(emma, emma)
    path = f"/v1/users/{emma.id}/reputation"
    assert (await house.client.get(path)).status_code == 401
    assert code_of(await xavier.get("/v1/users/usr_0000000000001/reputation")) == "not_found"
    assert code_of(await xavier.get("/v1/users/emma/reputation")) == "not_found"
    assert code_of(await xavier.get(path, side="employer")) == "invalid"


async def test_of_amounts_and_others_it_tells_nothing_but_numbers_and_bands(house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "123.45")
    await release(emma, milestone, "67.89")
    xavier = await house.person("xavier")
    text = (await xavier.get(f"/v1/users/{frank.id}/reputation")).text
    text += (await xavier.get(f"/v1/users/{emma.id}/reputation")).text.replace(emma.id, "")
    assert "123.45" not in text
    assert "67.89" not in text
    assert emma.id not in text


# --- what is counted ---------------------------------------------------------------------------


async def test_what_was_released_in_full_is_completed(house: Housing) -> None:
    emma, frank, contract, milestones = await agreed(house, "100.00", "50.00")
    for each in milestones:
        await release(emma, each)
    assert (await of(frank, emma))[0]["completion_rate"] == NOTHING  # It has not ended.
    await end(emma, contract)
    freelancer, employer = (await of(frank, emma))[0], (await of(emma, frank))[1]
    assert freelancer["contracts"] == {"ended": 1, "of": 1, "counterparties": 1}
    assert freelancer["completion_rate"] == rate(100, 1, 1)
    assert freelancer["earnings"]["bands"] == [{"at_least": usd("100.00"), "below": usd("500.00")}]
    assert employer["released_share"] == {"percent": 100, "of": 2, "counterparties": 1}
    assert employer["disputes_per_100"] == {"rate": "0.0", "count": 0, "of": 2, "counterparties": 1}
    assert freelancer["months"][-1]["milestones"] == employer["months"][-1]["milestones"] == 2


async def test_what_was_given_back_after_work_began_is_not_completed(house: Housing) -> None:
    emma, frank, contract, (one, other) = await agreed(house, "100.00", "100.00")
    await release(emma, one)
    await release(emma, other, "50.00")
    await cancel(frank, other)
    await end(frank, contract)
    assert (await of(frank, emma))[0]["completion_rate"] == rate(0, 0, 1)
    assert (await of(emma, emma))[1]["released_share"]["percent"] == 75


async def test_what_was_given_back_before_anything_began_is_in_no_rate(house: Housing) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "100.00")
    await cancel(frank, milestone)
    await end(frank, contract)
    freelancer, employer = (await of(frank, emma))[0], (await of(emma, frank))[1]
    assert freelancer["contracts"] == {"ended": 1, "of": 1, "counterparties": 1}
    assert freelancer["completion_rate"] == NOTHING
    assert employer["released_share"]["percent"] is None


async def test_what_was_submitted_and_then_given_back_is_not_completed(house: Housing) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "100.00")
    await submit(frank, milestone)
    await cancel(frank, milestone)
    await end(frank, contract)
    assert (await of(frank, emma))[0]["completion_rate"] == rate(0, 0, 1)


async def test_what_was_taken_back_before_acceptance_counts_nowhere(house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "200.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    contract = await emma.done("/v1/contracts", offer)
    path = f"/v1/contracts/{contract['id']}"
    lines = [{"description": "A piece", "amount": usd("100.00")}] * 2
    one, other = (await emma.done(f"{path}/fund", {"milestones": lines}))["items"]
    await emma.done(f"/v1/milestones/{one['id']}/take-back")
    await frank.done(f"{path}/accept", accepting(await frank.seen(path)))
    await release(emma, other)
    await end(emma, contract)
    assert (await of(frank, emma))[0]["completion_rate"] == rate(100, 1, 1)
    assert (await of(emma, emma))[1]["paid_up_front"] == rate(100, 1, 1)


async def test_a_contract_in_which_nothing_was_funded_counts_nowhere(house: Housing) -> None:
    emma, frank, contract, _ = await agreed(house)
    await end(emma, contract)
    assert (await of(frank, emma))[0]["contracts"]["of"] == 0
    offered = await emma.done(
        "/v1/contracts", {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    )
    line = {"description": "A piece", "amount": usd("10.00")}
    await emma.done(f"/v1/contracts/{offered['id']}/fund", {"milestones": [line]})
    await frank.done(f"/v1/contracts/{offered['id']}/decline")
    assert (await of(emma, emma))[1]["contracts"]["of"] == 0


async def test_who_is_hired_again_counts_by_the_person(house: Housing) -> None:
    emma, frank, _, _ = await agreed(house, "10.00")
    assert (await of(frank, emma))[0]["repeat_hire"] == rate(0, 0, 1)
    await again(house, emma, frank, "10.00")
    assert (await of(frank, emma))[0]["repeat_hire"] == rate(100, 1, 1)
    olga = await house.person("olga")
    await again(house, olga, frank, "10.00")
    freelancer = (await of(frank, emma))[0]
    assert freelancer["repeat_hire"] == rate(50, 1, 2, 2)
    assert freelancer["contracts"] == {"ended": 0, "of": 3, "counterparties": 2}


async def test_earnings_are_a_band_in_each_currency(house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "100.00")
    await release(emma, milestone, "0.07")
    await house.rich(emma, "70000", "JPY")
    offer = {"freelancer": frank.id, "currency": "JPY", "terms": "classic"}
    contract = await emma.done("/v1/contracts", offer)
    path = f"/v1/contracts/{contract['id']}"
    line = {"description": "A piece", "amount": {"amount": "70000", "currency": "JPY"}}
    (other,) = (await emma.done(f"{path}/fund", {"milestones": [line]}))["items"]
    await frank.done(f"{path}/accept", accepting(await frank.seen(path)))
    await emma.done(f"/v1/milestones/{other['id']}/release")
    earnings = (await of(frank, emma))[0]["earnings"]
    assert [each["at_least"] for each in earnings["bands"]] == [
        {"amount": "50000", "currency": "JPY"},
        usd("0.05"),
    ]
    assert (earnings["of"], earnings["counterparties"]) == (2, 1)


@pytest.mark.parametrize(("extra", "found"), [(None, rate(100, 1, 1)), ("0.01", rate(0, 0, 1))])
async def test_on_budget_is_what_the_bid_asked_for(
    house: Housing, extra: str | None, found: Json
) -> None:
    emma, _, (frank,), (bid,) = await posted(house, "100.00")
    contract = await emma.done(f"/v1/bids/{bid['id']}/award", {"bid_hash": bid["bid_hash"]})
    path = f"/v1/contracts/{contract['id']}"
    amounts = ["100.00"] if extra is None else ["100.00", extra]
    lines = [{"description": "A step", "amount": usd(each)} for each in amounts]
    made = (await emma.done(f"{path}/fund", {"milestones": lines}))["items"]
    await frank.done(f"{path}/accept", accepting(await frank.seen(path)))
    for each in made:
        await release(emma, each)
    await end(emma, contract)
    assert (await of(frank, emma))[0]["on_budget"] == found


async def test_paid_up_front_is_what_was_funded_before_anything_was_submitted(
    house: Housing,
) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "10.00")
    assert (await of(emma, frank))[1]["paid_up_front"] == rate(100, 1, 1)
    await submit(frank, milestone)
    path = f"/v1/milestones/{milestone['id']}"
    await emma.done(f"{path}/request-changes", {"reason": "More."})
    line = {"description": "Another", "amount": usd("10.00")}
    await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": [line]})
    await submit(frank, milestone)  # What counts is that it was first submitted before.
    assert (await of(emma, frank))[1]["paid_up_front"] == rate(50, 1, 2)


async def test_the_time_to_decide_is_the_median_and_what_waits_is_told(house: Housing) -> None:
    emma, frank, _, milestones = await agreed(house, "10.00", "10.00", "10.00")
    for each, hours in zip(milestones, (2, 30, None), strict=True):
        await submit(frank, each)
        if hours is not None:
            await worker.advance(house.app, timedelta(hours=hours))
            await release(emma, each)
    found = (await of(emma, frank))[1]["hours_to_decide"]
    assert found == {"median": 31, "of": 2, "waiting": 1, "counterparties": 1}
    await emma.done(f"/v1/milestones/{milestones[2]['id']}/request-changes", {"reason": "More."})
    found = (await of(emma, frank))[1]["hours_to_decide"]
    assert found == {"median": 3, "of": 3, "waiting": 0, "counterparties": 1}


async def test_on_time_is_the_first_submission_by_a_date_that_was_agreed(house: Housing) -> None:
    emma, frank, contract, _ = await agreed(house, "10.00")
    now = await house.app.database.now()
    due = {"amount": usd("10.00"), "due_at": wire_time(now + timedelta(days=10))}
    funded = {"milestones": [{**due, "description": each} for each in ("agreed", "not agreed")]}
    path = f"/v1/contracts/{contract['id']}"
    one, other = (await emma.done(f"{path}/fund", funded))["items"]
    await submit(frank, other)
    assert (await of(frank, emma))[0]["on_time"] == NOTHING
    await frank.done(f"/v1/milestones/{one['id']}/agree", {"hash": one["agreement_hash"]})
    asked = {"contract_id": contract["id"], "description": "proposed", **due}
    late = await frank.done("/v1/milestones", asked)
    await emma.done(f"/v1/milestones/{late['id']}/fund")
    assert (await of(frank, emma))[0]["on_time"] == NOTHING  # Nothing is met or missed yet.
    await submit(frank, one)
    assert (await of(frank, emma))[0]["on_time"] == rate(100, 1, 1)
    await worker.advance(house.app, timedelta(days=11))
    assert (await of(frank, emma))[0]["on_time"] == rate(50, 1, 2)
    await emma.done(f"/v1/milestones/{one['id']}/request-changes", {"reason": "More."})
    await submit(frank, one)
    await submit(frank, late)
    assert (await of(frank, emma))[0]["on_time"] == rate(50, 1, 2)


async def reviewed(house: Housing, who: Person, contract: Json, *stars: int) -> None:
    answer = await house.app.do(
        who.number, GiveReview(contract["number"], Ratings(*stars), "Thank you."), via="test"
    )
    assert answer.problem is None, answer.problem


async def paid_and_ended(house: Housing) -> tuple[Person, Person, Json]:
    emma, frank, contract, (milestone,) = await agreed(house, "10.00")
    await release(emma, milestone)
    await end(emma, contract)
    return emma, frank, contract


async def test_a_review_counts_once_both_are_in(house: Housing) -> None:
    emma, frank, contract = await paid_and_ended(house)
    await reviewed(house, emma, contract, 5, 4, 5, 4, 5)
    for who in (emma, frank):
        assert (await of(frank, who))[0]["reviews"]["of"] == 0
    await reviewed(house, frank, contract, 1, 1, 1, 1, 2)
    assert (await of(frank, emma))[0]["reviews"] == {
        "stars": "4.6", "quality": "5.0", "communication": "4.0", "fairness": "5.0",
        "punctuality": "4.0", "again": "5.0", "of": 1, "counterparties": 1,
    }  # fmt: skip
    assert (await of(emma, emma))[1]["reviews"]["stars"] == "1.2"
    assert (await of(emma, emma))[0]["reviews"]["of"] == 0  # Not as a freelancer.


async def test_a_review_counts_fourteen_days_after_the_end(house: Housing) -> None:
    emma, frank, contract = await paid_and_ended(house)
    await reviewed(house, frank, contract, 3, 3, 3, 3, 3)
    await worker.advance(house.app, timedelta(days=13))
    assert (await of(emma, frank))[1]["reviews"]["of"] == 0
    await worker.advance(house.app, timedelta(days=1))
    assert (await of(emma, frank))[1]["reviews"]["stars"] == "3.0"


async def test_a_bid_that_is_not_chosen_leaves_no_trace(house: Housing) -> None:
    emma, project, _, _ = await posted(house, "100.00")
    xavier = await house.person("xavier")
    await xavier.done("/v1/bids", bid_for(project, "5.00"))
    assert (await of(xavier, emma))[0]["contracts"]["of"] == 0
