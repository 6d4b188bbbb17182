"""Every list as a file: the rows of the present filter, of nobody but who asks."""

from __future__ import annotations

import pytest
from tests.http.house import Housing, agreed, usd
from tests.web.browser import Browser
from tests.web.reading import main_of
from tests.web.test_csv import lines_in
from tests.web.test_who_sees_pages import BID, PROJECT, rows

pytestmark = pytest.mark.asyncio


async def ids(browser: Browser, path: str) -> list[str]:
    return [line["id"] for line in lines_in(await browser.open(path))]


async def test_every_list_has_its_rows_in_its_file(browser: Browser, house: Housing) -> None:
    emma, _, found = await rows(house)
    await browser.enter(emma.number)
    for path, name in (
        ("/contracts.csv", "contracts"),
        ("/disputes.csv", "disputes"),
        ("/projects.csv", "projects"),
        ("/finances/withdrawals.csv", "withdrawals"),
        (f"/projects/{found['projects']}/bids.csv", "bids"),
    ):
        assert await ids(browser, path) == [found[name]], path
    assert found["deposits"] in await ids(browser, "/finances/deposits.csv")
    (contract,) = lines_in(await browser.open("/contracts.csv"))
    seen = await emma.seen(f"/v1/contracts/{found['contracts']}")
    assert (contract["freelancer"], contract["status"]) == (seen["freelancer"]["name"], "active")
    (bid,) = lines_in(await browser.open(f"/projects/{found['projects']}/bids.csv"))
    assert (bid["bidder"], bid["amount"], bid["shortlisted"]) == ("frank", "15.00", "no")
    (dispute,) = lines_in(await browser.open("/disputes.csv"))
    assert (dispute["currency"], dispute["amount"]) == ("USD", "20.00")


async def test_a_file_has_the_filter_of_its_page(browser: Browser, house: Housing) -> None:
    emma, _, found = await rows(house)
    await browser.enter(emma.number)
    assert await ids(browser, "/contracts.csv?status=ended") == []
    assert await ids(browser, "/contracts.csv?dir=incoming") == []
    page = main_of(await browser.open("/contracts?dir=outgoing"))
    (link,) = (a for a in page.every("a") if "download" in a.attributes)
    assert link.attributes["href"] == "/contracts.csv?dir=outgoing"
    assert await ids(browser, link.attributes["href"]) == [found["contracts"]]
    waiting = "/finances/withdrawals.csv?on_the_way=1&currency="
    assert await ids(browser, f"{waiting}USD") == [found["withdrawals"]]
    assert await ids(browser, f"{waiting}EUR") == []


async def test_nobody_s_rows_are_in_another_s_file(browser: Browser, house: Housing) -> None:
    _, frank, found = await rows(house)
    await browser.enter((await house.person("sam")).number)
    for path in (
        "/contracts.csv",
        "/disputes.csv",
        "/projects.csv",
        "/projects.csv?view=open",
        "/finances/deposits.csv",
        "/finances/withdrawals.csv",
        "/notices.csv",
    ):
        assert await ids(browser, path) == [], path
    bids = f"/projects/{found['projects']}/bids.csv"
    assert (await browser.open(bids)).status_code == 404
    await browser.enter(frank.number)
    assert (await browser.open(bids)).status_code == 404
    assert await ids(browser, "/projects.csv?view=bid") == [found["projects"]]


async def test_what_others_wrote_is_no_formula_in_any_file(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, _ = await agreed(house)
    project = await emma.done("/v1/projects", {**PROJECT, "title": "=1+1"})
    await frank.done("/v1/bids", {"project_id": project["id"], **BID})
    await house.app.database.pool.execute(
        "UPDATE users SET name = '@SUM(A1)' WHERE id = $1", frank.number
    )
    await browser.enter(emma.number)
    (line,) = lines_in(await browser.open("/projects.csv"))
    assert line["title"] == "'=1+1"
    (bid,) = lines_in(await browser.open(f"/projects/{project['id']}/bids.csv"))
    assert bid["bidder"] == "'@SUM(A1)"
    assert usd("15.00")["amount"] == bid["amount"]
