"""Changes of a milestone over REST: what waits is there to see, with what it would change."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from tests.http.house import Housing, Json, Person, agreed, code_of, usd

from earnest import worker
from earnest.core.actions import Scope

pytestmark = pytest.mark.asyncio

LATER = "2999-01-01T00:00:00.000Z"


async def proposed(house: Housing, **changes: object) -> tuple[Person, Person, str, Json]:
    """A milestone of 100.00 of which the freelancer would like more."""
    emma, frank, _, (milestone,) = await agreed(house, "100.00")
    at = f"/v1/milestones/{milestone['id']}"
    asked = changes or {"amount": usd("150.00"), "description": "Two drafts", "due_at": LATER}
    await frank.done(f"{at}/propose-edit", asked)
    return emma, frank, at, milestone


async def test_both_sides_see_what_waits_beside_what_is(house: Housing) -> None:
    emma, frank, at, before = await proposed(house)
    for who in (emma, frank):
        seen = await who.seen(at)
        assert (seen["amount"], seen["description"]) == (before["amount"], before["description"])
        edit = seen["edit"]
        assert (edit["amount"], edit["description"]) == (usd("150.00"), "Two drafts")
        assert (edit["due_at"], edit["proposer"]["id"]) == (LATER, frank.id)
        assert ("agree-edit" in seen["actions"]) == (who is emma)
        assert "propose-edit" in seen["actions"]


async def test_what_is_agreed_is_what_the_milestone_says(house: Housing) -> None:
    emma, frank, at, before = await proposed(house)
    edit = (await emma.seen(at))["edit"]
    after = await emma.done(f"{at}/agree-edit", {"edit_hash": edit["edit_hash"]})
    assert (after["amount"], after["held"], after["due_at"]) == (usd("150.00"),) * 2 + (LATER,)
    assert after["agreement_hash"] != before["agreement_hash"]
    assert after["agreed_at"] is not None
    seen = await frank.seen(at)
    assert (seen["edit"], seen["description"]) == (None, "Two drafts")
    (first, second, *_) = (await frank.seen(f"{at}/events"))["items"]
    assert (first["name"], second["name"]) == ("milestone.edited", "milestone.edit_proposed")
    (told,) = [row for row in second["body"]["rows"] if "edit_hash" in row]
    assert told["edit_hash"] == edit["edit_hash"]


async def test_a_dry_run_says_what_would_move(house: Housing) -> None:
    emma, _, at, _ = await proposed(house, amount=usd("70.00"))
    body = {"edit_hash": (await emma.seen(at))["edit"]["edit_hash"]}
    effect = (await emma.post(f"{at}/propose-edit?dry_run=true", {"amount": usd("1.00")})).json()
    assert effect["transfers"] == []
    _, frank, at, _ = await proposed(house, amount=usd("130.00"))
    refused = await frank.post(f"{at}/agree-edit?dry_run=true", body)
    assert code_of(refused) == "not_your_turn"


async def test_a_dry_run_of_an_agreement_is_what_happens_under_its_hash(house: Housing) -> None:
    emma, _, at, milestone = await proposed(house, amount=usd("130.00"))
    body = {"edit_hash": (await emma.seen(at))["edit"]["edit_hash"]}
    effect = (await emma.post(f"{at}/agree-edit?dry_run=true", body)).json()
    (moved,) = effect["transfers"]
    assert moved == ["wallet", emma.id, "escrow", milestone["id"], "30.00", "USD"]
    done = await emma.post(f"{at}/agree-edit", body, If_Effect=effect["effect_hash"])
    assert code_of(done) == "ok"


async def test_two_tabs_that_agree_at_once_move_the_difference_once(house: Housing) -> None:
    emma, _, at, _ = await proposed(house)
    body = {"edit_hash": (await emma.seen(at))["edit"]["edit_hash"]}
    answers = await asyncio.gather(*(emma.post(f"{at}/agree-edit", body) for _ in range(20)))
    assert sorted(map(code_of, answers)) == ["no_edit_open"] * 19 + ["ok"]
    (balance,) = (await emma.seen("/v1/balances"))["items"]
    assert (balance["wallet"], balance["held_outgoing"]) == (usd("850.00"), usd("150.00"))


async def test_a_proposal_and_its_answer_can_come_at_once(house: Housing) -> None:
    """The hash is of what is proposed, so an answer may already name what comes just before it."""
    emma, frank, at, _ = await proposed(house)
    body = {"edit_hash": (await emma.seen(at))["edit"]["edit_hash"]}
    again = {"amount": usd("150.00"), "description": "Two drafts", "due_at": LATER}
    both = (frank.post(f"{at}/propose-edit", again), emma.post(f"{at}/agree-edit", body))
    _, answer = await asyncio.gather(*both)
    assert code_of(answer) == "ok"
    assert (await emma.seen(at))["held"] == usd("150.00")


async def test_what_nobody_answers_is_seen_no_more(house: Housing) -> None:
    emma, _, at, _ = await proposed(house)
    await worker.advance(house.app, timedelta(days=7))
    seen = await emma.seen(at)
    assert (seen["edit"], "agree-edit" in seen["actions"]) == (None, False)


async def test_proposing_needs_the_scope_of_money(house: Housing) -> None:
    """The other's yes moves what was proposed with nothing more asked."""
    emma, frank, at, _ = await proposed(house)
    writer = await house.again(frank, {Scope.READ, Scope.WRITE})
    assert await writer.code(f"{at}/propose-edit", {"amount": usd("1.00")}) == "scope_missing"
    refused = await emma.post(f"{at}/propose-edit", {"amount": usd("1.001")})
    assert refused.json()["errors"][0]["path"] == "/amount/amount"


async def test_only_what_the_employer_dated_waits_for_the_freelancer(house: Housing) -> None:
    emma, frank, contract, _ = await agreed(house)
    line = {"description": "By then", "amount": usd("5.00"), "due_at": LATER}
    path = f"/v1/contracts/{contract['id']}/fund"
    (made,) = (await emma.done(path, {"milestones": [line]}))["items"]
    at = f"/v1/milestones/{made['id']}"
    assert (made["agreed_at"], "agree" in (await frank.seen(at))["actions"]) == (None, True)
    assert "agree" not in (await emma.seen(at))["actions"]
    after = await frank.done(f"{at}/agree", {"hash": made["agreement_hash"]})
    assert after["agreed_at"] is not None
    assert "agree" not in (await frank.seen(at))["actions"]
