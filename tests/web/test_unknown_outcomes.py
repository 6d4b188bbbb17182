"""A page that cannot know whether money moved says so, and leads to where it can be seen."""

from __future__ import annotations

import pytest
from tests.http.house import Housing, agreed
from tests.store.test_lost_commits import LOSE
from tests.web.browser import Browser, said

pytestmark = pytest.mark.asyncio


async def test_a_lost_commit_is_not_called_nothing(browser: Browser, house: Housing) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "100.00")
    await browser.enter(emma.number)
    form = f"/milestones/{milestone['id']}/release"
    await browser.open(form)
    check = (await browser.send(form, how="part", amount="40.00")).headers["location"]
    await browser.open(check)
    await house.app.database.pool.execute(LOSE)
    page = await browser.send(check, ok="1")
    assert page.status_code == 503
    assert "We cannot tell whether it was done." in said(page)
    assert "Nothing was done" not in said(page)
    assert f'href="{check}"' in page.text
    await house.app.database.pool.execute("DROP TRIGGER lost ON releases")
    await browser.open(check)
    again = await browser.send(check, ok="1")
    assert again.headers["location"].startswith("/receipts/")
    balances = await frank.seen("/v1/balances")
    assert balances["items"][0]["wallet"]["amount"] == "40.00"
