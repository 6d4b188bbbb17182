"""Searching: who finds what, by which words, and in which order."""

from __future__ import annotations

import pytest
from tests.http.house import (
    Housing,
    Json,
    Person,
    accepting,
    agreed,
    code_of,
    project_of,
    usd,
)

from earnest.store import documents

pytestmark = pytest.mark.asyncio


async def indexed(house: Housing) -> None:
    await documents.catch_up(house.app.database)


async def found(who: Person, words: str, **more: object) -> list[str]:
    answer = await who.get("/v1/search", q=words, **more)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


async def posted(who: Person, **changed: object) -> Json:
    return await who.done("/v1/projects", project_of(**changed))


async def one_of_each(house: Housing) -> tuple[Person, Person, Person, dict[str, str]]:
    """A project of Zoë's, and a contract of hers with Émile; Ida has nothing to do with it."""
    zoe, emile = await house.person("Zoë Łukasz"), await house.person("Émile O’Hara")
    ida = await house.person("Ida Stranger")
    await house.rich(zoe, "1000.00")
    project = await posted(
        zoe,
        title="Logo für ein Café",
        description="Something with a cup in it.",
        skills=["logo_design"],
        budget_min=usd("50.00"),
        budget_max=usd("75.50"),
    )
    contract = await zoe.done(
        "/v1/contracts", {"freelancer": emile.id, "currency": "USD", "terms": "classic"}
    )
    line = {"description": "Draw the café’s signboard", "amount": usd("40.00")}
    made = await zoe.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": [line]})
    ids = {
        "project": project["id"],
        "contract": contract["id"],
        "milestone": made["items"][0]["id"],
    }
    await indexed(house)
    return zoe, emile, ida, ids


async def test_words_find_what_the_asker_may_see(house: Housing) -> None:
    zoe, emile, ida, ids = await one_of_each(house)
    both = {ids["project"], ids["milestone"]}
    for side in (zoe, emile):
        assert set(await found(side, "café")) == both
        assert await found(side, "signboard") == [ids["milestone"]]
        assert await found(side, "signboard", type="milestone") == [ids["milestone"]]
        assert await found(side, "signboard", type="project") == []
    assert await found(ida, "cafe") == [ids["project"]]
    assert await found(ida, "signboard") == []


async def test_a_stranger_finds_nothing_of_two_others_by_any_way(house: Housing) -> None:
    _, emile, ida, ids = await one_of_each(house)
    number = (await emile.seen(f"/v1/milestones/{ids['milestone']}"))["number"]
    ways = (ids["milestone"], ids["contract"], str(number), "40.00", "usd 40", "draw", "signb")
    for words in ways:
        assert ids["milestone"] in await found(emile, words) or words == ids["contract"]
        assert set(await found(ida, words)) <= {ids["project"]}, words
    assert await found(ida, "emile") == [emile.id]
    assert set(await found(emile, "zoe")) > {ids["contract"]}


async def test_an_operator_finds_no_more_than_anybody(house: Housing) -> None:
    """Each look of theirs at a contract is an event; a search would be a look at all."""
    _, _, _, ids = await one_of_each(house)
    operator = await house.person("Olga", "operator")
    for words in ("signboard", "40.00", ids["milestone"], ids["contract"]):
        assert await found(operator, words) == []


@pytest.mark.parametrize(
    "words",
    [
        "CAFE",
        "café",
        "Cafe\u0301",
        "caf",
        "draw the cafés",
        "  signboard   draw ",
        "cafe's",
        "draw-the",
    ],
)
async def test_accents_case_and_signs_make_no_difference(house: Housing, words: str) -> None:
    _, emile, _, ids = await one_of_each(house)
    assert ids["milestone"] in await found(emile, words)


@pytest.mark.parametrize("words", ["lukasz", "Łuk", "zoe lukasz", "ŁUKASZ ZOE", "Zoe\u0308"])
async def test_a_person_is_found_however_their_name_is_typed(house: Housing, words: str) -> None:
    zoe, _, ida, _ = await one_of_each(house)
    assert await found(ida, words) == [zoe.id]


@pytest.mark.parametrize(
    "words",
    [
        "40",
        "40.00",
        "40,00",
        "40.0",
        "USD 40",
        "40 usd",
        "usd40",
        "40.00USD",
        "$ 40 usd",
        "40 draw",
    ],
)
async def test_an_amount_is_found_however_it_is_typed(house: Housing, words: str) -> None:
    _, emile, _, ids = await one_of_each(house)
    assert await found(emile, words) == [ids["milestone"]]


@pytest.mark.parametrize("words", ["40.01", "4", "400", "40 eur", "40.000.00", "-40", "4e1"])
async def test_another_amount_is_not(house: Housing, words: str) -> None:
    _, emile, _, ids = await one_of_each(house)
    assert ids["milestone"] not in await found(emile, words) or words == "-40"


async def test_a_budget_is_found_by_its_ends(house: Housing) -> None:
    _, _, ida, ids = await one_of_each(house)
    assert await found(ida, "75.50") == await found(ida, "50 usd") == [ids["project"]]
    assert await found(ida, "60") == []


async def test_references_and_bare_numbers_find_their_rows_at_once(house: Housing) -> None:
    """They are no words, so nobody has to wait for the index."""
    emma, frank, contract, (milestone,) = await agreed(house, "10.00")
    project = await posted(emma)
    rows = {
        contract["id"]: contract["number"],
        milestone["id"]: milestone["number"],
        project["id"]: project["number"],
        frank.id: frank.number,
    }
    for reference, number in rows.items():
        prefix, _, body = reference.partition("_")
        for words in (reference, f" {prefix.upper()}_{body.lower()} ", str(number)):
            assert await found(emma, words) == [reference], words
        assert await found(emma, reference, type="user") == ([frank.id] if prefix == "usr" else [])


async def test_a_whole_address_finds_its_person(house: Housing) -> None:
    emma, frank = await house.person("Emma"), await house.person("Frank")
    assert await found(emma, f"FRANK{frank.number}@example.org") == [frank.id]
    assert await found(emma, f"{frank.number}@example.org") == []


@pytest.mark.parametrize(
    "words",
    ["logo & !cafe", "logo | nothing", "(logo", "'logo", "logo:*", "logo:A", "lo*", "\\'", "!!!",
     "a <-> b", "logo <2> cafe", "'' | 'P1'", "A40", "CUSD", "%", "_", "\u202elogo", "🙂", "''':*"],
)  # fmt: skip
async def test_what_means_something_to_the_index_means_nothing_in_a_search(
    house: Housing, words: str
) -> None:
    _, _, ida, ids = await one_of_each(house)
    assert set(await found(ida, words)) <= {ids["project"]}


async def test_operators_are_words_that_nobody_wrote(house: Housing) -> None:
    _, emile, ida, ids = await one_of_each(house)
    assert await found(ida, "logo nothing") == await found(ida, "logo | nothing") == []
    assert await found(ida, "logo !cafe") == await found(ida, "(logo' & \\cafe") == [ids["project"]]
    assert await found(emile, "A40") == await found(emile, "CUSD") == await found(ida, "P1") == []


async def test_bad_input_is_named(house: Housing) -> None:
    emma = await house.person("Emma")
    for query, path, code in (
        ({}, "?q", "required"),
        ({"q": ""}, "?q", "blank"),
        ({"q": "x" * 201}, "?q", "too_long"),
        ({"q": "x", "type": "bid"}, "?type", "not_one_of"),
        ({"q": "x", "limit": "0"}, "?limit", "out_of_bounds"),
        ({"q": "x", "sort": "amount"}, "?sort", "unknown_parameter"),
    ):
        answer = await emma.get("/v1/search", **query)
        assert answer.status_code == 422
        assert [(e["path"], e["code"]) for e in answer.json()["errors"]] == [(path, code)]
    assert code_of(await emma.get("/v1/search", q="x", cursor="abc")) == "cursor_invalid"


async def test_pages_neither_skip_nor_repeat_and_the_newest_come_first(house: Housing) -> None:
    emma, _, contract, _ = await agreed(house)
    await house.rich(emma, "1000.00")
    lines = [{"description": f"Piece {n}", "amount": usd("1.00")} for n in range(25)]
    made = await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": lines})
    await indexed(house)
    whole = await found(emma, "piece", limit=100)
    assert whole == [row["id"] for row in reversed(made["items"])]
    pages: list[str] = []
    page: Json = {"next": ""}
    while page["next"] is not None:
        more = {"cursor": page["next"]} if page["next"] else {}
        page = await emma.seen("/v1/search", q="piece", limit=10, **more)
        pages += [row["id"] for row in page["items"]]
    assert pages == whole


async def test_what_is_called_so_comes_before_what_says_so(house: Housing) -> None:
    emma = await house.person("Emma")
    called = await posted(emma, title="A harbour")
    says = await posted(emma, title="A bridge", description="Not far from the harbour.")
    await indexed(house)
    assert says["id"] > called["id"]
    assert await found(emma, "harbour") == [called["id"], says["id"]]


async def test_a_contract_is_called_after_its_project_or_the_other_side(house: Housing) -> None:
    zoe, emile, _, ids = await one_of_each(house)
    for who, other in ((zoe, emile), (emile, zoe)):
        page = await who.seen("/v1/search", q=ids["contract"])
        (item,) = page["items"]
        name = (await who.seen(f"/v1/users/{other.id}"))["name"]
        assert (item["type"], item["status"], item["amount"]) == ("contract", "offered", None)
        assert item["title"] == item["person"]["name"] == name
        assert item["person"]["id"] == other.id


async def test_a_token_without_read_searches_nothing(house: Housing) -> None:
    emma = await house.person("Emma", scopes=())
    assert code_of(await emma.get("/v1/search", q="logo")) == "scope_missing"
    assert (await house.client.get("/v1/search", params={"q": "logo"})).status_code == 401


async def test_after_an_acceptance_it_is_found_as_it_is_now(house: Housing) -> None:
    """A document tells what there is; how it stands is read from the row."""
    _, emile, _, ids = await one_of_each(house)
    contract = await emile.seen(f"/v1/contracts/{ids['contract']}")
    await emile.done(f"/v1/contracts/{ids['contract']}/accept", accepting(contract))
    (item,) = (await emile.seen("/v1/search", q="zoe", type="contract"))["items"]
    assert item["status"] == "active"
