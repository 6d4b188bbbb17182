"""Lists: as many statements for ten thousand rows as for ten, and every row exactly once."""

from __future__ import annotations

import httpx
import pytest
import pytest_asyncio
from tests.http.house import Housing, Json, Person, agreed, usd
from tests.web.browser import Browser, said
from tests.web.crowds import Crowd, crowd, noted
from tests.web.reading import Node, amount_in, form_in, main_of, rows_in

from earnest.http.web.listing import ROWS

pytestmark = pytest.mark.asyncio

FEW, MANY = 10, 10_000
STATEMENTS_MAX = 20
#: Some more than two pages.
PAGES = 2 * ROWS + 20


def own_pages(found: Crowd) -> list[str]:
    """Every page whose lists can grow."""
    return [
        "/finances",
        "/finances/milestones",
        "/finances/milestones?dir=incoming",
        "/finances/milestones?sort=-amount&status=funded&q=piece",
        "/finances/transactions",
        "/finances/payments",
        "/contracts",
        "/milestones/new",
        f"/contracts/{found.contract['id']}",
        f"/milestones/{found.milestone['id']}",
        "/contracts/new?q=frank",
    ]


async def statements(house: Housing, browser: Browser, paths: list[str]) -> dict[str, list[str]]:
    """What each page runs; it was open before, so what is read once is known."""
    found: dict[str, list[str]] = {}
    for path in paths:
        await browser.open(path)
        async with noted(house) as texts:
            page = await browser.open(path)
        assert page.status_code == 200, path
        found[path] = list(texts)
    return found


async def test_ten_thousand_rows_cost_the_statements_of_ten(
    browser: Browser, house: Housing
) -> None:
    found = await crowd(house)
    paths = own_pages(found)
    seen: list[dict[str, list[str]]] = []
    for count in (FEW, MANY):
        await found.grow(count)
        for who in (found.emma, found.frank):
            await browser.enter(who.number)
            seen.append(await statements(house, browser, paths))
    for few, many in ((seen[0], seen[2]), (seen[1], seen[3])):
        for path in paths:
            assert many[path] == few[path], path
            assert 3 < len(few[path]) <= STATEMENTS_MAX, (path, few[path])
    assert await house.value("SELECT count(*) FROM milestones") == MANY + 1


@pytest_asyncio.fixture
async def long(house: Housing) -> Crowd:
    """Lists of some pages."""
    found = await crowd(house)
    await found.grow(PAGES)
    return found


async def walked(browser: Browser, path: str) -> list[httpx.Response]:
    """The pages of a list, from the first on, as somebody follows their links."""
    pages = [await browser.open(path)]
    while older := next(main_of(pages[-1]).every("a", rel="next"), None):
        pages.append(await browser.open(older.attributes["href"]))
        assert len(pages) < 100
        assert next(main_of(pages[-1]).every("a", rel="prev")).attributes["href"] == path
    return pages


def lines(pages: list[httpx.Response]) -> list[list[Node]]:
    return [row for page in pages for row in rows_in(page)]


def links(pages: list[httpx.Response]) -> list[str]:
    """Where each line leads, by its last part."""
    return [row[0].hrefs[0].rpartition("/")[2] for row in lines(pages)]


async def all_ids(who: Person, path: str, **query: str) -> list[str]:
    """The same over the API."""
    found: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        part = await who.seen(path, limit=100, **query, **more)
        found += [row["id"] for row in part["items"]]
        cursor = part["next"]
    return found


@pytest.mark.parametrize("sort", ["", "due_at", "-due_at", "amount", "-amount", "-updated_at"])
async def test_the_pages_of_a_list_have_every_milestone_exactly_once(
    browser: Browser, long: Crowd, sort: str
) -> None:
    for who, direction in ((long.emma, "outgoing"), (long.frank, "incoming")):
        await browser.enter(who.number)
        path = f"/finances/milestones?dir={direction}" + (f"&sort={sort}" if sort else "")
        pages = await walked(browser, path)
        assert [len(rows_in(page)) for page in pages] == [ROWS, ROWS, PAGES + 1 - 2 * ROWS]
        query = {"sort": sort} if sort else {}
        api = await all_ids(who, "/v1/milestones", direction=direction, **query)
        assert links(pages) == api
        assert len(set(api)) == PAGES + 1


async def test_the_pages_of_contracts_have_every_one_exactly_once(
    browser: Browser, long: Crowd
) -> None:
    await browser.enter(long.emma.number)
    pages = await walked(browser, "/contracts")
    assert links(pages) == await all_ids(long.emma, "/v1/contracts")
    assert len(set(links(pages))) == PAGES + 1


async def test_balances_run_down_to_nothing_across_pages(browser: Browser, long: Crowd) -> None:
    """The newest line has what the wallet holds, and each line what it was before the next."""
    await browser.enter(long.emma.number)
    pages = await walked(browser, "/finances/transactions?currency=USD")
    rows = lines(pages)
    changes = [minor(amount_in(row[2])) for row in rows]
    balances = [minor(amount_in(row[3])) for row in rows]
    wallet = await long.house.value(
        "SELECT balance FROM accounts WHERE kind = 'wallet' AND owner = $1", long.emma.number
    )
    assert len(pages) > 2
    assert balances[0] == wallet
    befores = [balance - change for balance, change in zip(balances, changes, strict=True)]
    assert befores == [*balances[1:], 0]
    assert len(rows) == await long.house.value(
        "SELECT count(*) FROM transfers WHERE $1 IN (debit_owner, credit_owner)", long.emma.number
    )


async def parts(browser: Browser, path: str, section: str) -> list[Node]:
    """A part of a page, and what its own links lead on to."""
    found = [main_of(await browser.open(path)).one("section", id=section)]
    while older := next(found[-1].every("a", rel="next"), None):
        page = await browser.open(older.attributes["href"].partition("#")[0])
        found.append(main_of(page).one("section", id=section))
        assert len(found) < 100
    return found


async def test_a_conversation_can_be_read_to_its_beginning(browser: Browser, long: Crowd) -> None:
    await browser.enter(long.frank.number)
    path = f"/contracts/{long.contract['id']}"
    pages = await parts(browser, path, "messages")
    said_in = [each.text for page in pages for each in page.every("p", class_="words")]
    assert said_in == [*(f"Message {n}" for n in range(PAGES, 0, -1)), "Hello."]


async def test_a_history_can_be_read_to_its_beginning(browser: Browser, long: Crowd) -> None:
    await browser.enter(long.frank.number)
    pages = await parts(browser, f"/contracts/{long.contract['id']}", "history")
    lines = [each.text for page in pages for each in page.every("p", class_="what")]
    number = long.contract["number"]
    count = await long.house.value("SELECT count(*) FROM events WHERE contract_id = $1", number)
    assert len(lines) == count > PAGES
    assert lines[-1] == "Contract offered"
    one = await parts(browser, f"/milestones/{long.milestone['id']}", "history")
    assert [each.text for page in one for each in page.every("p", class_="what")][-1].startswith(
        "Milestone funded"
    )


@pytest.mark.parametrize("name", ["deposits", "withdrawals"])
async def test_the_pages_of_payments_have_every_one_exactly_once(
    browser: Browser, long: Crowd, name: str
) -> None:
    await browser.enter(long.emma.number)
    pages = await parts(browser, "/finances/payments", name)
    found = [a.attributes["href"] for page in pages for a in page.one("tbody").every("a")]
    api = await all_ids(long.emma, f"/v1/{name}")
    assert found == [f"/{name}/{each}" for each in api]
    assert len(set(api)) == PAGES + 1


async def test_the_milestones_of_one_contract_are_listed(browser: Browser, long: Crowd) -> None:
    await browser.enter(long.emma.number)
    path = f"/finances/milestones?dir=outgoing&contract={long.contract['id']}"
    api = await all_ids(long.emma, "/v1/milestones", contract=long.contract["id"])
    assert links(await walked(browser, path)) == api
    assert len(api) == PAGES // 2 + 1


def minor(decimal: str) -> int:
    return int(decimal.replace(".", ""))


async def test_a_place_in_another_list_is_not_a_place_in_this(
    browser: Browser, long: Crowd
) -> None:
    await browser.enter(long.emma.number)
    first = await browser.open("/finances/milestones?dir=outgoing")
    (older,) = main_of(first).every("a", rel="next")
    cursor = older.attributes["href"].partition("cursor=")[2]
    assert links([await browser.open(f"/finances/milestones?dir=outgoing&cursor={cursor}")]) != (
        links([first])
    )
    for path in ("/finances/milestones?dir=outgoing&sort=-amount", "/finances/milestones?q=Piece"):
        page = await browser.open(path)
        assert links([await browser.open(f"{path}&cursor={cursor}")]) == links([page])
    for path in ("/contracts?", "/finances/transactions?currency=USD"):
        page = await browser.open(path)
        assert links([await browser.open(f"{path}&cursor={cursor}")]) == links([page])
        for nonsense in ("x", "%00", "e30", cursor[:-3], "9" * 3_000):
            assert links([await browser.open(f"{path}&cursor={nonsense}")]) == links([page])


async def piece(who: Person, contract: Json, *descriptions: str) -> list[str]:
    """Milestones that are called so."""
    rows = [{"description": each, "amount": usd("1.00")} for each in descriptions]
    made = await who.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": rows})
    return [each["id"] for each in made["items"]]


async def test_words_are_looked_for_as_they_are_written(browser: Browser, house: Housing) -> None:
    emma, _, contract, _ = await agreed(house)
    names = ("50% of it", "500 of it", "a_b", "axb", r"back\slash", "backslash", "a'b")
    ids = dict(zip(names, await piece(emma, contract, *names), strict=True))
    await browser.enter(emma.number)
    for words, found in {
        "50%": ["50% of it"],
        "%": ["50% of it"],
        "_": ["a_b"],
        "A_B": ["a_b"],
        "k\\s": [r"back\slash"],
        "a'b": ["a'b"],
        "of it": ["500 of it", "50% of it"],
        "no such words": [],
    }.items():
        page = await browser.open("/finances/milestones", q=words)
        assert links([page]) == [ids[each] for each in found], words
        assert form_value(page, "q") == words
        if not found:
            assert "No milestone matches" in said(page)


def form_value(page: httpx.Response, name: str) -> str:
    form = main_of(page).one("form", method="get")
    return next(form.every("input", name=name)).attributes["value"]


async def test_a_person_s_name_finds_what_is_with_them(browser: Browser, house: Housing) -> None:
    emma, _, contract, (first,) = await agreed(house, "100.00")
    (second,) = await piece(emma, contract, "For somebody called otherwise")
    grace = await house.person("grace")
    offer = {"freelancer": grace.id, "currency": "USD", "terms": "classic"}
    other = await emma.done("/v1/contracts", offer)
    (third,) = await piece(emma, other, "A piece of work")
    await browser.enter(emma.number)
    assert links([await browser.open("/finances/milestones", q="Frank")]) == [second, first["id"]]
    assert links([await browser.open("/finances/milestones", q="grac")]) == [third]
    assert links([await browser.open("/finances/milestones", q="emma")]) == [
        third,
        second,
        first["id"],
    ]


async def test_a_status_leaves_the_others_out(browser: Browser, house: Housing) -> None:
    emma, frank, contract, (first,) = await agreed(house, "100.00")
    second, third = await piece(emma, contract, "Two", "Three")
    await frank.done(f"/v1/milestones/{second}/submit")
    await emma.done(f"/v1/milestones/{third}/release")
    await browser.enter(emma.number)
    for status, ids in {
        "funded": [first["id"]],
        "submitted": [second],
        "released": [third],
        "held": [second, first["id"]],
        "declined": [],
    }.items():
        assert links([await browser.open("/finances/milestones", status=status)]) == ids, status
    assert links([await browser.open("/contracts", status="active")]) == [contract["id"]]
    assert links([await browser.open("/contracts", status="ended")]) == []


async def test_filters_that_there_are_not_change_nothing(browser: Browser, house: Housing) -> None:
    emma, _, _, _ = await agreed(house, "100.00", "50.00")
    await browser.enter(emma.number)
    for path in ("/finances/milestones", "/contracts", "/finances/transactions"):
        plain = links([await browser.open(path)])
        assert plain
        for query in (
            "status=nonsense",
            "dir=sideways",
            "sort=evil",
            "sort=--amount",
            "currency=XXX",
            "contract=ctr_x",
            "q=%00",
            "q=%20",
            "foo=bar&foo=baz",
            "status=&dir=&q=&sort=&cursor=",
        ):
            assert links([await browser.open(f"{path}?{query}")]) == plain, query


async def test_the_tiles_lead_to_what_they_count(browser: Browser, house: Housing) -> None:
    emma, _, _, _ = await agreed(house, "100.00", "50.00")
    await browser.enter(emma.number)
    page = main_of(await browser.open("/finances"))
    tiles = {
        tile.one("dt").text: tile.one("a").attributes["href"]
        for tile in page.one("dl", class_="balances").every("div")
    }
    rows = rows_in(await browser.open(tiles["In escrow, outgoing"]))
    assert sum(minor(amount_in(row[4])) for row in rows) == 15_000
    rows = rows_in(await browser.open(tiles["Available"]))
    assert amount_in(rows[0][3]) == "850.00"
    assert rows_in(await browser.open(tiles["In escrow, incoming"])) == []
    assert form_in(await browser.open("/withdraw")).values["currency"] == "USD"
