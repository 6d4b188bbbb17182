"""Sealed offers: their figures are looked for everywhere, and only who made them has them."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from typing import Any, Final

import pytest
import structlog
from tests.http.house import Housing, Json, Person, code_of, usd
from tests.http.quarrels import Quarrel, disputed

from earnest import notifying
from earnest.http.reading import SHELVES
from earnest.store import documents

pytestmark = pytest.mark.asyncio

#: Figures that nothing else in these books is, and how they may be written.
EMMAS, FRANKS = "61.37", "71.93"
WRITTEN: Final = re.compile(r"61\.37|(?<![0-9])6137(?![0-9])|71\.93|(?<![0-9])7193(?![0-9])")


async def sealed(house: Housing, *sides: str) -> Quarrel:
    """A dispute in which these have sealed an offer that does not meet the other's."""
    made = await disputed(house)
    if "emma" in sides:
        await made.emma.done(f"{made.at}/sealed-offer", {"to_freelancer": usd(EMMAS)})
    if "frank" in sides:
        await made.frank.done(f"{made.at}/sealed-offer", {"to_freelancer": usd(FRANKS)})
    return made


async def everywhere(who: Person) -> AsyncIterator[tuple[str, str]]:
    """All that somebody can read: every list, every row in it, its events and its fate."""
    for path in ("/v1/me", "/v1/balances", "/v1/events", "/v1/search?q=61.37", "/v1/search?q=71"):
        yield path, (await who.get(path)).text
    for shelf in SHELVES:
        for also in ("", "?all=true"):
            yield shelf.name, (await who.get(f"/v1/{shelf.name}{also}")).text
        for each in await who.ids(f"/v1/{shelf.name}"):
            at = f"/v1/{shelf.name}/{each}"
            for path in (at, f"{at}/events", f"{at}/fate"):
                yield path, (await who.get(path)).text
    for each in await who.ids("/v1/events"):
        yield each, (await who.get(f"/v1/events/{each}")).text


async def kept(house: Housing) -> AsyncIterator[tuple[str, str]]:
    """All that is written down, but for the one table that is there for it."""
    pool = house.app.database.pool
    tables = await pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for (table,) in tables:
        if table not in {"sealed_offers", "commands"}:
            for (row,) in await pool.fetch(f"SELECT to_json(t)::text FROM {table} t"):
                yield table, row
    for row in await pool.fetch("SELECT key, problem FROM commands"):
        yield "commands", json.dumps(dict(row))


async def test_a_sealed_figure_is_written_down_nowhere_else(house: Housing) -> None:
    with structlog.testing.capture_logs() as logs:
        made = await sealed(house, "emma", "frank")
        await notifying.drain(house.app)
        await documents.catch_up(house.app.database)
        await made.advance(hours=72)
        await notifying.drain(house.app)
        await documents.catch_up(house.app.database)
    both = await house.value("SELECT string_agg(to_json(t)::text, ' ') FROM sealed_offers t")
    assert len(WRITTEN.findall(both)) == 2, "so it would be found"
    found = [(table, row) async for table, row in kept(house) if WRITTEN.search(row)]
    assert found == []
    assert not WRITTEN.search(json.dumps(logs, default=str))


async def test_nobody_reads_a_sealed_figure_but_who_made_it(house: Housing) -> None:
    made = await sealed(house, "emma", "frank")
    olga = await house.person("olga", "operator")
    xavier, ada = await house.person("xavier"), await house.person("ada", "arbiter")
    for who, theirs in ((made.emma, FRANKS), (made.frank, EMMAS)):
        async for path, text in everywhere(who):
            assert theirs not in text, path
    for who in (olga, xavier, ada):
        async for path, text in everywhere(who):
            assert not WRITTEN.search(text.replace("q=61.37", "")), path
        for at in (made.at, f"{made.at}/events", f"{made.at}/fate"):
            assert not WRITTEN.search((await who.get(at)).text), at


async def test_who_made_one_sees_it_and_can_change_it_until_the_round_closes(
    house: Housing,
) -> None:
    made = await sealed(house, "emma")
    mine = (await made.emma.seen(made.at))["sealed_offer"]
    assert (mine["round"], mine["to_freelancer"]) == (1, usd(EMMAS))
    assert (await made.frank.seen(made.at))["sealed_offer"] is None
    answer = await made.emma.done(f"{made.at}/sealed-offer", {"to_freelancer": usd("10.00")})
    assert "10.00" not in json.dumps(answer)
    assert (await made.emma.seen(made.at))["sealed_offer"]["to_freelancer"] == usd("10.00")
    await made.advance(hours=72)
    assert (await made.emma.seen(made.at))["sealed_offer"] is None


async def test_that_one_was_made_is_known_to_nobody_else(house: Housing) -> None:
    """No event of the contract, no row that moves, no notice."""
    made = await disputed(house)
    paths = (made.at, f"{made.at}/events", "/v1/events", "/v1/notices", f"{made.at}/fate")
    before = [(await made.frank.get(path)).text for path in paths]
    contract = await house.value("SELECT seq::text || last_act_at FROM contracts")
    await made.emma.done(f"{made.at}/sealed-offer", {"to_freelancer": usd(EMMAS)})
    await notifying.drain(house.app)
    await notifying.drain(house.app)
    after = [(await made.frank.get(path)).text for path in paths]
    assert [text.count("sealed_offered") for text in after] == [0] * len(paths)
    assert (before[0], before[1], before[2], before[4]) == (after[0], after[1], after[2], after[4])
    assert await house.value("SELECT seq::text || last_act_at FROM contracts") == contract
    own = [each["name"] for each in (await made.emma.seen("/v1/events"))["items"]]
    assert own[0] == "dispute.sealed_offered"
    (event,) = [
        each
        for each in (await made.emma.seen("/v1/events"))["items"]
        if each["name"] == "dispute.sealed_offered"
    ]
    assert (event["contract_id"], event["seq"]) == (None, None)
    assert code_of(await made.frank.get(f"/v1/events/{event['id']}")) == "not_found"


#: What is another one's with each dispute, and says nothing.
_OWN: Final = re.compile(
    r'"(?:[a-z]+)_[0-9A-Z]{13}"|"number":[0-9]+|"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z"'
    r'|"(?:agreement|terms|milestones)_hash":"[0-9a-f]+"'
)


def told(answer: Any) -> str:
    return _OWN.sub('"_"', answer.text)


@pytest.mark.parametrize("sides", [("emma",), ("frank",), ()], ids=["one", "the other", "nobody"])
async def test_a_round_that_settles_nothing_looks_as_if_nobody_had_taken_part(
    house: Housing, sides: tuple[str, ...]
) -> None:
    """40 against 60, one side alone, and silence: to both sides the same to the byte."""
    both, other = await sealed(house, "emma", "frank"), await sealed(house, *sides)
    await both.advance(hours=72)
    for way in ("", "/events", "/fate"):
        for one, two in ((both.emma, other.emma), (both.frank, other.frank)):
            seen = [await who.get(q.at + way) for who, q in ((one, both), (two, other))]
            assert told(seen[0]) == told(seen[1]), way
    events = "SELECT name, length(body::text) FROM events WHERE contract_id = $1 ORDER BY seq"
    rows = [
        await house.app.database.pool.fetch(events, q.contract["number"]) for q in (both, other)
    ]
    assert [tuple(each) for each in rows[0]] == [tuple(each) for each in rows[1]]


async def test_nobody_looks_before_what_is_sealed(house: Housing) -> None:
    made = await disputed(house)
    asked = {"to_freelancer": usd(EMMAS)}
    path = f"{made.at}/sealed-offer"
    looked = await made.emma.post(f"{path}?dry_run=true", asked)
    assert (looked.status_code, code_of(looked)) == (422, "not_previewable")
    under = await made.emma.post(path, asked, If_Effect="0" * 64)
    assert (under.status_code, code_of(under)) == (422, "not_previewable")
    assert await house.value("SELECT count(*) FROM sealed_offers") == 0
    assert await house.value("SELECT count(*) FROM intents") == 0


async def test_a_round_ends_at_its_instant_and_settles_at_the_midpoint(house: Housing) -> None:
    made = await disputed(house)
    await made.emma.done(f"{made.at}/sealed-offer", {"to_freelancer": usd("60.00")})
    await made.frank.done(f"{made.at}/sealed-offer", {"to_freelancer": usd("50.00")})
    closes_at = (await made.emma.seen(made.at))["closes_at"]
    await made.advance(hours=72)
    seen: Json = await made.frank.seen(made.at)
    assert (seen["status"], seen["to_freelancer"]) == ("settled", usd("55.00"))
    (last, *_) = (await made.frank.seen(f"{made.at}/events"))["items"]
    assert (last["name"], last["at"]) == ("dispute.settled", closes_at)
