"""Disputes over REST: what is shown of one to whom, and many at once."""

from __future__ import annotations

import asyncio
import hashlib

import pytest
from tests.http.house import Housing, Json, agreed, code_of, usd
from tests.http.quarrels import arbitrated, disputed
from tests.store.books import wrong

from earnest.core.house import House

pytestmark = pytest.mark.asyncio


async def test_a_dispute_alone_shows_all_that_was_said_and_shown(house: Housing) -> None:
    made = await disputed(house)
    file = await made.emma.file("page.txt", b"As agreed.\n")
    await made.emma.done(f"{made.at}/exhibit", {"file": file["id"]})
    await made.frank.done(f"{made.at}/exhibit", {"link": "https://a.example/log"})
    await made.frank.done(f"{made.at}/offer", {"to_freelancer": usd("90.00")})
    seen = await made.emma.seen(made.at)
    assert [(o["maker"]["name"], o["to_freelancer"], o["statement"]) for o in seen["offers"]] == [
        ("frank", usd("100.00"), "It is done."),
        ("emma", usd("0.00"), "It is not."),
        ("frank", usd("90.00"), ""),
    ]
    first, second = seen["exhibits"]
    assert (first["type"], first["text"], first["file_id"]) == ("file", "page.txt", file["id"])
    assert first["sha256"] == hashlib.sha256(b"As agreed.\n").hexdigest() == file["sha256"]
    assert second["sha256"] == hashlib.sha256(b"https://a.example/log").hexdigest()
    assert (second["position"], second["type"], second["file_id"]) == (2, "link", None)
    assert (seen["opener_figure"], seen["other_figure"]) == (usd("90.00"), usd("0.00"))
    assert set(seen["actions"]) == {
        *("offer", "accept-offer", "concede", "sealed-offer", "exhibit", "pay-fee"),
    }
    milestone = await made.emma.seen(f"/v1/milestones/{made.milestone['id']}")
    assert (milestone["frozen"], milestone["held"]) == (usd("100.00"), usd("0.00"))
    (balance,) = (await made.emma.seen("/v1/balances"))["items"]
    assert (balance["frozen_outgoing"], balance["held_outgoing"]) == (usd("100.00"), usd("0.00"))
    assert (await made.frank.seen("/v1/balances"))["items"][0]["frozen_incoming"] == usd("100.00")
    offer = await made.frank.seen(f"/v1/offers/{seen['opener_offer']}")
    assert offer["dispute_id"] == made.id


async def test_only_both_sides_and_the_named_arbiter_know_of_it(house: Housing) -> None:
    made = await disputed(house)
    file = await made.emma.file("page.txt", b"As agreed.\n")
    await made.emma.done(f"{made.at}/exhibit", {"file": file["id"]})
    ada, other = [await house.person(name, "arbiter") for name in ("ada", "otto")]
    for who in (ada, other):
        assert code_of(await who.get(made.at)) == "not_found"
        assert await who.ids("/v1/disputes") == []
    await house.rich(made.frank, "10.00")
    await made.frank.done(f"{made.at}/pay-fee")
    await made.emma.done(f"{made.at}/pay-fee")
    await made.advance(hours=0)
    assert (await made.emma.seen(made.at))["arbiter"] == {"id": ada.id, "name": "ada"}
    assert await ada.ids("/v1/disputes", waiting_for="me") == [made.id]
    content = f"/v1/files/{file['id']}/bytes"
    (closed,) = (await ada.seen(made.at))["exhibits"]
    (shown,) = (await made.frank.seen(made.at))["exhibits"]
    assert (closed["text"], closed["file_id"]) == (None, None)
    assert (shown["text"], shown["file_id"]) == ("page.txt", file["id"])
    assert closed["sha256"] == shown["sha256"]
    assert code_of(await ada.get(content)) == "not_found"
    await ada.done(f"{made.at}/take")
    await ada.done(f"{made.at}/open-exhibit", {"exhibit": 1})
    assert (await ada.seen(made.at))["exhibits"][0]["file_id"] == file["id"]
    for path in (made.at, f"{made.at}/events", f"{made.at}/fate", content):
        assert code_of(await ada.get(path)) == "ok", path
        assert code_of(await other.get(path)) == "not_found", path
    await house.value("UPDATE users SET roles = '{}' WHERE id = $1 RETURNING 1", ada.number)
    assert code_of(await ada.get(made.at)) == "not_found"
    assert code_of(await ada.get(f"/v1/files/{file['id']}/bytes")) == "not_found"


async def test_a_ruling_is_told_with_its_reasons_and_what_it_cites(house: Housing) -> None:
    made, ada = await arbitrated(house)
    await ada.done(f"{made.at}/ask", {"text": "What was agreed?"})
    await made.frank.done(f"{made.at}/exhibit", {"text": "Seven pages."})
    await made.advance(hours=48)
    assert await ada.code(f"{made.at}/rule", ruling()) == "exhibit_unopened"
    opened = await ada.done(f"{made.at}/open-exhibit", {"exhibit": 1})
    assert (opened["exhibits_shown"], opened["exhibits_opened"]) == (1, 1)
    ruled = await ada.done(f"{made.at}/rule", ruling())
    assert (ruled["status"], ruled["to_freelancer"]) == ("ruled", usd("60.00"))
    seen = await made.frank.seen(made.at)
    assert seen["ruling"]["reasons"] == "Most of it is there."
    assert (seen["ruling"]["arbiter"]["id"], seen["ruling"]["exhibits"]) == (ada.id, [1])
    assert seen["exhibits"][0]["opened_by"] == ada.id
    assert seen["actions"] == []
    assert await wrong(house.app.database.pool) == {}


def ruling() -> Json:
    return {
        "to_freelancer": usd("60.00"),
        "reasons": "Most of it is there.",
        "exhibits": [1],
    }


async def test_the_fate_of_a_dispute_is_what_then_happens(house: Housing) -> None:
    made = await disputed(house, answer=None)
    told = await made.emma.seen(f"{made.at}/fate")
    (step,) = told["items"]
    assert (step["action"], step["subject"]) == ("dispute.default_answer", made.id)
    assert step["pays"] == [{"to": made.frank.id, "amount": usd("100.00")}]
    assert told["ends"]
    listed = (await made.frank.seen("/v1/disputes"))["items"][0]
    assert listed["next"] == {"at": step["at"], "action": step["action"]}
    await made.advance(days=14)
    assert (await made.frank.seen(made.at))["status"] == "defaulted"
    assert (await made.frank.seen("/v1/balances"))["items"][0]["wallet"] == usd("100.00")
    assert (await made.emma.seen(f"{made.at}/fate"))["items"] == []


async def test_in_the_original_rules_a_negotiation_has_no_end_and_says_so(house: Housing) -> None:
    made = await disputed(house)
    told = await made.emma.seen(f"{made.at}/fate")
    assert {each["action"] for each in told["items"]} == {"dispute.compare_sealed"}
    assert not told["ends"]
    assert not (await made.emma.seen(f"/v1/milestones/{made.milestone['id']}/fate"))["ends"]


async def test_what_html_there_is_is_no_exhibit_and_a_text_is_only_saved(house: Housing) -> None:
    made = await disputed(house)
    page = b"<script>alert(1)</script>"
    assert code_of(await made.emma.put("page.html", page)) == "unsupported_media_type"
    file = await made.emma.file("page.txt", page)
    await made.emma.done(f"{made.at}/exhibit", {"file": file["id"]})
    sent = await made.frank.get(f"/v1/files/{file['id']}/bytes")
    assert sent.headers["content-disposition"].startswith("attachment; ")
    assert sent.headers["content-type"] == "text/plain; charset=utf-8"
    assert sent.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in sent.headers["content-security-policy"]


async def test_exhibits_have_a_limit_of_the_operators(house: Housing) -> None:
    house.app.house = House(exhibits_bytes_max=10)
    house.app.batcher.house = house.app.house
    made = await disputed(house)
    await made.frank.done(f"{made.at}/exhibit", {"text": "123456"})
    assert await made.frank.code(f"{made.at}/exhibit", {"text": "12345"}) == "exhibits_too_large"
    await made.emma.done(f"{made.at}/exhibit", {"text": "1234567890"})


# --- many at once ---------------------------------------------------------------------------------


async def test_an_offer_that_fifty_accept_is_paid_once(house: Housing) -> None:
    made = await disputed(house)
    offer = (await made.frank.done(f"{made.at}/offer", {"to_freelancer": usd("70.00")}))["id"]
    answers = await asyncio.gather(
        *(made.emma.post(f"{made.at}/accept-offer", {"offer": offer}) for _ in range(50))
    )
    assert sorted(map(code_of, answers)) == ["ok"] + ["wrong_status"] * 49
    assert (await made.frank.seen("/v1/balances"))["items"][0]["wallet"] == usd("70.00")
    assert await wrong(house.app.database.pool) == {}


async def test_whoever_ends_it_first_ends_it_alone(house: Housing) -> None:
    for _ in range(5):
        made = await disputed(house)
        theirs = (await made.emma.seen(made.at))["other_offer"]
        answers = await asyncio.gather(
            made.emma.post(f"{made.at}/concede"),
            made.frank.post(f"{made.at}/accept-offer", {"offer": theirs}),
            made.frank.post(f"{made.at}/withdraw"),
        )
        assert sorted(map(code_of, answers)) == ["ok", "wrong_status", "wrong_status"]
    assert await wrong(house.app.database.pool) == {}


async def test_a_milestone_is_frozen_once_however_many_dispute_it(house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "100.00")
    at = f"/v1/milestones/{milestone['id']}"
    asked = {"amount": usd("60.00"), "to_freelancer": usd("10.00"), "statement": "Look."}
    answers = await asyncio.gather(
        *(who.post(f"{at}/dispute", asked) for who in (emma, frank) * 10),
        *(emma.post(f"{at}/release", {"amount": usd("50.00")}) for _ in range(3)),
    )
    codes = sorted(map(code_of, answers))
    assert codes.count("ok") in {1, 2}
    assert set(codes) <= {"ok", "dispute_open", "more_than_held", "wrong_status"}
    seen = await emma.seen(at)
    assert seen["frozen"] in (usd("60.00"), usd("0.00"))
    assert await wrong(house.app.database.pool) == {}


async def test_each_side_puts_up_the_fee_once(house: Housing) -> None:
    made = await disputed(house)
    await house.rich(made.frank, "50.00")
    answers = await asyncio.gather(
        *(who.post(f"{made.at}/pay-fee") for who in (made.emma, made.frank) * 10)
    )
    codes = sorted(map(code_of, answers))
    assert codes.count("ok") == 2
    assert set(codes) == {"ok", "fee_already_paid", "wrong_status"} or set(codes) == {
        *("ok", "wrong_status"),
    }
    assert await house.value("SELECT balance FROM accounts WHERE kind = 'stake'") == 1_000
    assert await wrong(house.app.database.pool) == {}
