"""The overview: each balance is the sum behind its link, and each picture has its table."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from tests.http.house import Housing, Json, Person, agreed, usd
from tests.web.browser import SESSION, Browser, said
from tests.web.reading import Node, amount_in, main_of, rows_in, tree
from tests.web.test_csv import lines_in

from earnest import worker
from earnest.core.money import Money
from earnest.http.web.pictures import TALL
from earnest.store.summing import catch_up
from earnest.store.verify import verify

pytestmark = pytest.mark.asyncio

ZERO = Money.zero("USD")
BANK = {"type": "sandbox", "account": "settle", "name": "Emma"}


async def dealt(house: Housing) -> tuple[Person, Person, list[Json]]:
    """Something is in every place: free, held, disputed, and on its way out."""
    emma, frank, _, milestones = await agreed(house, "100.00", "50.00", "25.00")
    await emma.done(f"/v1/milestones/{milestones[0]['id']}/release", {"amount": usd("30.00")})
    claim = {"amount": usd("20.00"), "to_freelancer": usd("5.00"), "statement": "Look."}
    await emma.done(f"/v1/milestones/{milestones[1]['id']}/dispute", claim)
    for amount in ("7.00", "8.50"):
        body = {"gateway": "sandbox", "amount": usd(amount), "destination": BANK}
        await emma.done("/v1/withdrawals", body)
    await catch_up(house.app.database, settled_ms=0)
    return emma, frank, milestones


def tiles_in(page: httpx.Response) -> dict[str, tuple[str, str | None]]:
    """By its name: what a tile says, and where it leads."""
    found: dict[str, tuple[str, str | None]] = {}
    for tile in main_of(page).one("dl", class_="balances").every("div"):
        name = tile.one("dt").text
        found[name] = (tile.one("data").attributes["value"], next(iter(tile.hrefs), None))
    return found


async def behind(browser: Browser, name: str, href: str) -> Money:
    """What the entries behind a tile add up to."""
    file = href.split("#", maxsplit=1)[0]
    if "/milestones" in file:
        lines = lines_in(await browser.open(file.replace("/milestones", "/milestones.csv")))
        column = "releasing" if name.startswith("Releases") else "held"
        return sum((Money.parse(line[column], "USD") for line in lines), ZERO)
    if "/transactions" in file:
        lines = lines_in(await browser.open(file.replace("/transactions", "/transactions.csv")))
        return sum((_signed(line["change"]) for line in lines), ZERO)
    page = await browser.open(file)
    rows = [row for row in rows_in(page) if any(next(cell.every("data"), None) for cell in row)]
    amounts = (next(cell for cell in row[::-1] if next(cell.every("data"), None)) for row in rows)
    return sum((Money.parse(amount_in(each), "USD") for each in amounts), ZERO)


def _signed(text: str) -> Money:
    whole = Money.parse(text.removeprefix("-"), "USD")
    return ZERO - whole if text.startswith("-") else whole


async def test_each_balance_is_the_sum_of_the_entries_behind_it(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _ = await dealt(house)
    seen: set[str] = set()
    for who in (emma, frank):
        await browser.enter(who.number)
        tiles = tiles_in(await browser.open("/finances"))
        for name, (value, href) in tiles.items():
            assert href is not None, name
            total = await behind(browser, name, href)
            assert total == Money.parse(value, "USD"), name
            seen |= {name} if total.is_positive else set()
    ways = ("In escrow, {}", "Disputed, {}")
    both = {each.format(way) for each in ways for way in ("outgoing", "incoming")}
    assert seen == {"Available", "On the way", *both}


async def test_the_pictures_say_in_a_table_what_they_show(browser: Browser, house: Housing) -> None:
    emma, frank, _ = await dealt(house)
    await browser.enter(emma.number)
    page = await browser.open("/finances")
    standing = main_of(page).one("section", id="standing")
    tiles = tiles_in(page)
    assert keys_in(standing)["Available"] == tiles["Available"][0]
    assert keys_in(standing)["On the way out"] == "15.50"
    held = sum(
        (Money.parse(v, "USD") for n, (v, _) in tiles.items() if n.endswith(", outgoing")), ZERO
    )
    assert keys_in(standing)["All in escrow, outgoing"] == held.decimal
    (now, *_) = standing.one("table").one("tbody").every("tr")
    assert [cell.one("data").attributes["value"] for cell in now.every("td")] == [
        *keys_in(standing).values()
    ]
    drawing = standing.one("div", role="img")
    assert "The table below says the same." in drawing.attributes["aria-label"]
    columns = [sum(int(r.attributes["height"]) for r in svg.every("rect"))
               for svg in drawing.every("svg")]  # fmt: skip
    assert max(columns) == TALL
    paid = main_of(page).one("section", id="paid")
    assert keys_in(paid) == {"Paid by you for work": "30.00"}
    await browser.enter(frank.number)
    paid = main_of(await browser.open("/finances")).one("section", id="paid")
    assert keys_in(paid) == {"Paid to you for work": "30.00"}


def keys_in(part: Node) -> dict[str, str]:
    rows = part.one("dl", class_="keys").every("div")
    return {row.one("dt").text: row.one("data").attributes["value"] for row in rows}


async def test_while_months_are_added_up_the_page_says_so(browser: Browser, house: Housing) -> None:
    emma, _, _, _ = await agreed(house, "100.00")
    await browser.enter(emma.number)
    page = await browser.open("/finances")
    assert "still being added up" in said(page)
    assert not [*main_of(page).every("section", id="standing")]


async def test_what_is_coming_in_thirty_days_is_linked(browser: Browser, house: Housing) -> None:
    _emma, frank, milestones = await dealt(house)
    await browser.enter(frank.number)
    page = await browser.open("/finances")
    links = {f"/milestones/{each['id']}" for each in milestones}
    coming = main_of(page).one("section", id="coming")
    assert {href for href in coming.hrefs if "/disputes/" not in href} <= links
    assert any("/disputes/" in href for href in coming.hrefs)
    marks = [*coming.one("svg", role="img").every("circle")]
    assert len(marks) == len([*coming.every("li")])


async def test_who_has_nothing_is_shown_three_ways_to_begin(
    browser: Browser, house: Housing
) -> None:
    await browser.enter((await house.person("sam")).number)
    page = await browser.open("/finances")
    for href in ("/deposit", "/projects/new", "/projects"):
        assert href in main_of(page).hrefs
    assert "No money yet" in said(page)


async def test_the_overview_says_when_it_was_true_and_that_the_books_balance(
    browser: Browser, house: Housing
) -> None:
    emma, _, _, _ = await agreed(house, "100.00")
    await browser.enter(emma.number)
    assert "how the ledger is" in said(await browser.open("/finances"))
    await verify(house.app.database, lambda _: None)
    page = await browser.open("/finances")
    assert "ledger in balance" in said(page)
    assert "/finances/proof" in main_of(page).hrefs
    await house.app.database.pool.execute("INSERT INTO halts (what) VALUES ('somebody looked')")
    assert "the ledger does not balance" in said(await browser.open("/finances"))


async def test_a_milestone_s_life_is_a_line_from_funding_to_fate(
    browser: Browser, house: Housing
) -> None:
    emma, _, milestones = await dealt(house)
    await browser.enter(emma.number)
    page = await browser.open(f"/milestones/{milestones[0]['id']}")
    life = main_of(page).one("section", id="life")
    points = [*life.one("svg", role="img").every("circle")]
    rows = [*life.one("tbody").every("tr")]
    assert len(points) == len(rows)
    assert [each.attributes["class"] for each in points[:2]] == ["past", "past"]
    assert "Milestone funded" in rows[0].text
    assert "no end" in life.text.lower() or points[-1].attributes["class"] == "ahead"


async def test_everybody_may_read_how_the_books_are(browser: Browser, house: Housing) -> None:
    """But not whose money is not in order: that is for operators."""
    await agreed(house, "100.00")
    browser.forget(SESSION)
    assert "Nobody has looked yet" in said(await browser.open("/finances/proof"))
    await verify(house.app.database, lambda _: None)
    page = await browser.open("/finances/proof")
    (row,) = rows_in(page)
    assert (row[0].text, row[2].one("data").attributes["value"]) == ("USD", "0.00")
    assert "/finances/proof" in tree(await browser.open("/")).hrefs
    await house.app.database.pool.execute("UPDATE contracts SET seq = seq + 1")
    await verify(house.app.database, lambda _: None)
    await house.app.database.pool.execute("INSERT INTO halts (what) VALUES ('ms_1 is odd')")
    page = await browser.open("/finances/proof")
    assert "no money moves just now" in said(page)
    assert ("ctr_" in page.text, "ms_1 is odd" in page.text) == (False, False)
    await browser.enter((await house.person("olga", "operator")).number)
    page = await browser.open("/finances/proof")
    assert ("ctr_" in page.text, "ms_1 is odd" in page.text) == (True, True)


async def test_payments_say_what_can_be_taken_out(browser: Browser, house: Housing) -> None:
    emma, _, _ = await dealt(house)
    await browser.enter(emma.number)
    page = await browser.follow(await browser.open("/finances/withdrawals"))
    assert page.url.path == "/finances/payments"
    (row,) = main_of(page).one("section", id="available").one("tbody").every("tr")
    cells = [cell.one("data").attributes["value"] for cell in [*row.every("td")][:2]]
    assert cells == ["809.50", "0.01"]


async def test_work_that_is_late_was_due(browser: Browser, house: Housing) -> None:
    emma, frank, contract, _ = await agreed(house, "10.00")
    due = await house.app.database.now() + timedelta(days=2)
    line = {"description": "Late", "amount": usd("5.00"), "due_at": due.isoformat()}
    await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": [line]})
    await browser.enter(frank.number)
    assert ", due " in await waiting(browser)
    await worker.advance(house.app, timedelta(days=3))
    assert ", was due " in await waiting(browser)


async def waiting(browser: Browser) -> str:
    """What needs the reader's action."""
    return main_of(await browser.open("/finances")).one("section", id="todo").text
