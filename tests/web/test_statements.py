"""Statements: what was there before, and what moved, is what was there after."""

from __future__ import annotations

import itertools
from datetime import timedelta

import httpx
import pytest
from tests.http.house import Housing, Json, Person, agreed
from tests.web.browser import SESSION, Browser, said
from tests.web.reading import amount_in, main_of, rows_in
from tests.web.test_csv import lines_in

from earnest.core.money import Money
from earnest.http.web import statements
from earnest.store.reads.months import month_of
from earnest.store.summing import catch_up

pytestmark = pytest.mark.asyncio

LIST = "/finances/statements"
ONE = f"{LIST}/one"


async def three_months(house: Housing) -> tuple[Person, Person, Json]:
    """Money comes, is set aside, and is paid two months later."""
    emma, frank, contract, (milestone,) = await agreed(house, "100.00")
    await house.app.database.advance(timedelta(days=62))
    await emma.done(f"/v1/milestones/{milestone['id']}/release")
    await house.rich(emma, "7.00")
    await catch_up(house.app.database, settled_ms=0)
    return emma, frank, contract


def sums_in(page: httpx.Response) -> dict[str, str]:
    rows = main_of(page).one("dl", class_="summary sums").every("div")
    return {row.one("dt").text: row.one("data").attributes["value"] for row in rows}


def months_in(page: httpx.Response) -> list[list[str]]:
    """Of each month, the newest first: its name, and the four amounts."""
    rows = rows_in(page)
    return [[row[0].hrefs[0], *(amount_in(cell) for cell in row[1:5])] for row in rows]


async def test_each_month_goes_on_where_the_one_before_ended(
    browser: Browser, house: Housing
) -> None:
    emma, _, _ = await three_months(house)
    await browser.enter(emma.number)
    page = await browser.open(LIST)
    months = months_in(page)
    assert len(months) >= 3
    assert (months[0][4], months[-1][1]) == ("907.00", "0.00")
    for (_, opening, *_), (_, _, _, _, closing) in itertools.pairwise(months):
        assert opening == closing
    for _, opening, came, went, closing in months:
        before, in_, out, after = (
            Money.parse(each, "USD") for each in (opening, came, went, closing)
        )
        assert before + in_ - out == after
    rows = rows_in(page)
    open_months = [row[0].text for row in rows if "Not closed yet" in row[0].text]
    assert open_months == [rows[0][0].text], "only the present one is not closed"
    assert "the last of it is what your wallet holds" in said(page)


async def test_a_statement_lists_what_makes_its_sums(browser: Browser, house: Housing) -> None:
    emma, _, _ = await three_months(house)
    await browser.enter(emma.number)
    first = months_in(await browser.open(LIST))[-1][0]
    page = await browser.open(first)
    assert sums_in(page) == {
        "Held before": "0.00",
        "Came in": "1000.00",
        "Went out": "-100.00",
        "Held after": "900.00",
    }
    came, went = rows_in(page)
    assert (amount_in(came[-1]), amount_in(went[-1])) == ("1000.00", "900.00")
    assert "The sum was checked: 2 movements" in said(page)
    assert "Not closed yet" not in said(page)
    (csv,) = (href for href in main_of(page).hrefs if ".csv?" in href)
    lines = lines_in(await browser.open(csv))
    assert [line["balance"] for line in lines] == ["900.00", "1000.00"]


async def test_any_days_have_a_statement(browser: Browser, house: Housing) -> None:
    emma, frank, _ = await three_months(house)
    now = await house.app.database.now()
    days = f"from={now - timedelta(days=10):%Y-%m-%d}&to={now:%Y-%m-%d}"
    await browser.enter(emma.number)
    page = await browser.open(f"{ONE}?currency=USD&{days}")
    assert sums_in(page)["Held before"] == "900.00"
    assert sums_in(page)["Held after"] == "907.00"
    assert "Not closed yet" in said(page)
    await browser.enter(frank.number)
    page = await browser.open(f"{ONE}?{days}")
    assert sums_in(page) == {
        "Held before": "0.00", "Came in": "100.00", "Went out": "0.00", "Held after": "100.00",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("", ["from", "to"]),
        ("from=2026-01-01", ["to"]),
        ("from=2026-02-30&to=2026-03-01", ["from"]),
        ("from=2026-03-02&to=2026-03-01", ["to"]),
        ("month=2026-13&from=1&to=9999-12-31", ["from", "to"]),
    ],
)
async def test_days_that_are_none_are_asked_for_again(
    browser: Browser, house: Housing, asked: str, wrong: list[str]
) -> None:
    emma, _, _ = await three_months(house)
    await browser.enter(emma.number)
    page = await browser.open(f"{ONE}?currency=USD&{asked}")
    assert page.status_code == 422
    fields = [each.attributes for each in main_of(page).every("input", type="date")]
    assert [each["name"] for each in fields if each.get("aria-invalid") == "true"] == wrong
    kept = dict(each.split("=") for each in asked.split("&") if each)
    assert [each["value"] for each in fields] == [kept.get(n, "")[:10] for n in ("from", "to")]


async def test_a_month_that_does_not_add_up_says_so(browser: Browser, house: Housing) -> None:
    emma, _, _ = await three_months(house)
    began = month_of(await house.value("SELECT min(at) FROM transfers"))
    await house.app.database.pool.execute("UPDATE monthly_sums SET came = came + 1 WHERE came > 0")
    await browser.enter(emma.number)
    page = await browser.open(f"{ONE}?month={began:%Y-%m}")
    assert "This statement does not add up." in said(page)
    assert "do not add up to what your wallet holds" in said(await browser.open(LIST))


async def test_a_long_month_has_its_last_movements_and_the_rest_in_the_file(
    browser: Browser, house: Housing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "LINES", 1)
    emma, _, _ = await three_months(house)
    began = await house.value("SELECT min(at) FROM transfers")
    await browser.enter(emma.number)
    page = await browser.open(f"{ONE}?month={began:%Y-%m}")
    (only,) = rows_in(page)
    assert amount_in(only[-1]) == "900.00"
    assert "All of them as CSV" in said(page)


async def test_everything_since_the_beginning_is_a_file(browser: Browser, house: Housing) -> None:
    emma, _, _ = await three_months(house)
    await browser.enter(emma.number)
    answer = await browser.open(f"{ONE}.csv?currency=USD")
    assert answer.headers["content-disposition"] == 'attachment; filename="statement-USD.csv"'
    everything = await browser.open("/finances/transactions.csv?currency=USD")
    assert lines_in(answer) == lines_in(everything)
    assert len(lines_in(answer)) == 3


async def test_whose_wallet_was_never_used_is_told_what_will_stand_here(
    browser: Browser, house: Housing
) -> None:
    await browser.enter((await house.person("sam")).number)
    for path in (LIST, f"{ONE}?month=2026-01"):
        page = await browser.open(path)
        assert page.status_code == 200
        assert "No statement yet" in said(page)
    assert lines_in(await browser.open(f"{ONE}.csv")) == []
    browser.forget(SESSION)
    for path in (LIST, ONE, f"{ONE}.csv"):
        assert (await browser.open(path)).status_code == 303
