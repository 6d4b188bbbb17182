"""Files: the rows of the pages and of the API, for a spreadsheet that runs nothing of them."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest
from tests.http.house import Housing, Json, Person, agreed, usd
from tests.web.browser import Browser
from tests.web.crowds import crowd
from tests.web.reading import amount_in, main_of, rows_in

from earnest.http.web.listing import ROWS_OF_A_FILE

pytestmark = pytest.mark.asyncio

MORE_THAN_A_PIECE = ROWS_OF_A_FILE + 25


def lines_in(answer: httpx.Response) -> list[dict[str, str]]:
    """The lines of a file, by the names of its columns."""
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text, newline=""), strict=True))


async def all_of(who: Person, path: str, **query: str) -> list[Json]:
    """Everything that the API lists, in its order."""
    found: list[Json] = []
    more: dict[str, Any] = {}
    while True:
        part = await who.seen(path, limit=100, **query, **more)
        found += part["items"]
        if part["next"] is None:
            return found
        more = {"cursor": part["next"]}


async def page_links(browser: Browser, path: str) -> list[list[str]]:
    """Of each line of a list, page by page: where it leads, and its amounts."""
    found: list[list[str]] = []
    address: str | None = path
    while address is not None:
        page = await browser.open(address)
        for row in rows_in(page):
            place = row[0].hrefs[0].rpartition("/")[2]
            found.append([place, *(amount_in(c) for c in row[2:] if next(c.every("data"), None))])
        older = next(main_of(page).every("a", rel="next"), None)
        address = older.attributes["href"] if older is not None else None
    return found


async def test_the_file_of_milestones_has_what_the_api_has(
    browser: Browser, house: Housing
) -> None:
    found = await crowd(house)
    await found.grow(MORE_THAN_A_PIECE)
    for who, direction in ((found.emma, "outgoing"), (found.frank, "incoming")):
        await browser.enter(who.number)
        address = f"/finances/milestones.csv?dir={direction}&sort=due_at"
        lines = lines_in(await browser.open(address))
        rows = await all_of(who, "/v1/milestones", direction=direction, sort="due_at")
        assert len(lines) == MORE_THAN_A_PIECE + 1
        assert lines == [in_the_file(row) for row in rows]


def in_the_file(row: Json) -> dict[str, str]:
    """A milestone of the API as the file has it."""
    return {
        "id": row["id"],
        "contract": row["contract_id"],
        "description": row["description"],
        "employer": row["employer"]["name"],
        "freelancer": row["freelancer"]["name"],
        "status": row["status"],
        "currency": row["amount"]["currency"],
        **{name: row[name]["amount"] for name in ("amount", "held", "released", "returned")},
        **{name: row[name] or "" for name in ("due_at", "submitted_at", "created_at")},
        "releasing": row["releasing"]["amount"],
        "frozen": row["frozen"]["amount"],
    }


async def test_a_file_has_the_rows_of_the_list_that_it_stands_below(
    browser: Browser, house: Housing
) -> None:
    found = await crowd(house)
    await found.grow(60)
    await browser.enter(found.emma.number)
    for query in ("dir=outgoing", "dir=outgoing&status=funded&sort=-amount", "q=piece 1"):
        path = f"/finances/milestones?{query}"
        page = await browser.open(path)
        (link,) = (a for a in main_of(page).every("a") if "download" in a.attributes)
        lines = lines_in(await browser.open(link.attributes["href"]))
        assert [line["id"] for line in lines] == [r[0] for r in await page_links(browser, path)]
        assert lines


async def test_the_file_of_transactions_has_the_lines_of_its_pages(
    browser: Browser, house: Housing
) -> None:
    found = await crowd(house)
    await found.grow(MORE_THAN_A_PIECE)
    await browser.enter(found.emma.number)
    lines = lines_in(await browser.open("/finances/transactions.csv?currency=USD"))
    shown = await page_links(browser, "/finances/transactions?currency=USD")
    assert [[each["receipt"], each["change"], each["balance"]] for each in lines] == shown
    assert len(lines) > MORE_THAN_A_PIECE
    assert {line["currency"] for line in lines} == {"USD"}
    left = [minor(line["balance"]) - minor(line["change"]) for line in lines]
    assert left == [*(minor(line["balance"]) for line in lines[1:]), 0]


def minor(decimal: str) -> int:
    return int(decimal.replace(".", ""))


FORMULAS = [
    '=HYPERLINK("http://evil.example","Click")',
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    '=cmd|" /C calc"!A0',
    "=1",
    "+1",
    "@1",
]


@pytest.mark.parametrize("text", FORMULAS)
async def test_a_text_that_would_be_a_formula_begins_with_an_apostrophe(
    browser: Browser, house: Housing, text: str
) -> None:
    emma, frank, contract, _ = await agreed(house)
    line = {"description": text, "amount": usd("1.00")}
    await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": [line]})
    sql = "UPDATE users SET name = $1 WHERE id = $2"
    await house.app.database.pool.execute(sql, text, frank.number)
    await browser.enter(emma.number)
    (found,) = lines_in(await browser.open("/finances/milestones.csv"))
    assert (found["description"], found["freelancer"]) == (f"'{text}", f"'{text}")
    (moved, _) = lines_in(await browser.open("/finances/transactions.csv"))
    assert moved["person"] == f"'{text}"
    assert moved["milestone"].startswith("'=" if text == "\t=1" else f"'{text}")


async def test_quotes_commas_and_lines_stay_in_their_cell(browser: Browser, house: Housing) -> None:
    emma, _, contract, _ = await agreed(house)
    text = 'One, "two"\nand three; four – é'
    line = {"description": text, "amount": usd("1.00")}
    await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": [line]})
    await browser.enter(emma.number)
    answer = await browser.open("/finances/milestones.csv")
    (found,) = lines_in(answer)
    assert found["description"] == text
    assert '"One, ""two""\nand three; four – é"' in answer.content.decode("utf-8")
    assert answer.content.decode("utf-8").count("\r\n") == 2


async def test_an_amount_that_went_out_is_a_number(browser: Browser, house: Housing) -> None:
    """An apostrophe before a minus sign would make a text of it."""
    emma, _, _, _ = await agreed(house, "100.00")
    await browser.enter(emma.number)
    funded, came = lines_in(await browser.open("/finances/transactions.csv"))
    assert [funded["change"], came["change"]] == ["-100.00", "1000.00"]
    assert [funded["balance"], came["balance"]] == ["900.00", "1000.00"]
    assert (funded["milestone"], funded["person"]) == ("A piece of work", "frank")


@pytest.mark.parametrize("name", ["milestones", "transactions"])
async def test_a_file_is_saved_and_not_shown_or_kept(
    browser: Browser, house: Housing, name: str
) -> None:
    await browser.enter((await house.person("emma")).number)
    answer = await browser.open(f"/finances/{name}.csv")
    assert len(lines_in(answer)) == 0
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    browser.forget()
    assert (await browser.open(f"/finances/{name}.csv")).status_code == 303
