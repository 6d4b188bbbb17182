"""The bell, the list, what is read, and how somebody wants to be told: with forms alone."""

from __future__ import annotations

import json
from datetime import timedelta

import httpx
import pytest
from tests.http.house import Housing, agreed, usd
from tests.web.browser import SESSION, Browser, hidden_in, said
from tests.web.deals import typed
from tests.web.people import Known
from tests.web.reading import main_of, tree

from earnest import notifying, worker
from earnest.core.notices import MONEY, Mail, Topic
from earnest.core.records import replace
from earnest.core.references import printed
from earnest.core.rows import wire_time
from earnest.core.terms import CLASSIC, DAY, as_json
from earnest.mail.stopping import token_of
from earnest.store import account, told
from earnest.store.account import Change, Changed

pytestmark = pytest.mark.asyncio

MANY = """
INSERT INTO notices (event_id, user_id, id, name, part, subject_kind, subject_id, facts, at)
SELECT -i, user_id, $2::bigint + i, name, part, subject_kind, subject_id, facts, at
FROM (SELECT * FROM notices WHERE user_id = $1 LIMIT 1) n, generate_series(1, $3::int) i
"""


async def dealt(house: Housing) -> tuple[int, int]:
    """Two people, and what they were told of each other."""
    emma, frank, _, (milestone,) = await agreed(house, "10.00")
    await frank.done(f"/v1/milestones/{milestone['id']}/submit", {"note": "Done"})
    await notifying.drain(house.app)
    return emma.number, frank.number


def bell_of(page: httpx.Response) -> str:
    """What the bell says."""
    return tree(page).one("a", class_="btn only bell").text


def titles_in(page: httpx.Response) -> list[str]:
    return [each.text for each in main_of(page).one("ol", class_="notices").every("h2")]


async def test_the_bell_counts_what_is_unread_on_every_page(
    house: Housing, browser: Browser
) -> None:
    emma, _ = await dealt(house)
    await browser.enter(emma)
    for path in ("/finances", "/notices", "/settings", "/contracts/ctr_x"):
        assert bell_of(await browser.open(path)).split() == ["Notices:", "3", "unread"], path
    newest = await house.value("SELECT max(id) FROM notices WHERE user_id = $1", emma)
    await house.app.database.pool.execute(MANY, emma, newest, 200)
    assert "99+" in bell_of(await browser.open("/finances"))
    await told.mark_all_read(house.app.database, emma, newest + 200)
    assert bell_of(await browser.open("/finances")) == "Notices"
    browser.forget(SESSION)
    assert [*tree(await browser.open("/help")).every("a", class_="btn only bell")] == []


async def test_the_list_says_what_happened_to_how_much_and_leads_to_it(
    house: Housing, browser: Browser
) -> None:
    emma, _ = await dealt(house)
    await browser.enter(emma)
    page = await browser.open("/notices")
    assert titles_in(page) == [
        "Unread: frank handed in the work: USD 10.00 waits for your release",
        "Unread: frank accepted your contract",
        "Unread: USD 1,000.00 has arrived in your wallet",
    ]
    assert "It is about “A piece of work”." in said(page)
    first, *_ = main_of(page).one("ol", class_="notices").every("form")
    answer = await browser.send(first.attributes["action"], onward="1")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/milestones/ms_")
    assert bell_of(await browser.open("/notices")).split() == ["Notices:", "2", "unread"]
    only = await browser.open("/notices?status=unread")
    assert len(titles_in(only)) == 2


async def test_a_clock_that_runs_is_told_and_leads_to_what_stops_it(
    house: Housing, browser: Browser
) -> None:
    terms = as_json(replace(CLASSIC, overdue_seconds=30 * DAY))
    emma, frank, contract, _ = await agreed(house, terms=terms)
    due = wire_time(await house.app.database.now() + timedelta(days=10))
    line = {"description": "A site", "amount": usd("10.00"), "due_at": due}
    fund = f"/v1/contracts/{contract['id']}/fund"
    (made,) = (await emma.done(fund, {"milestones": [line]}))["items"]
    agree = f"/v1/milestones/{made['id']}/agree"
    await frank.done(agree, {"hash": made["agreement_hash"]})
    await worker.advance(house.app, timedelta(days=38))
    await browser.enter(frank.number)
    page = await browser.open("/notices")
    told_of = "USD 10.00 returns to emma on"
    assert [told_of in title for title in titles_in(page)[:3]] == [True] * 3
    assert "unless you hand in the work" in titles_in(page)[0]
    first, *_ = main_of(page).one("ol", class_="notices").every("form")
    answer = await browser.send(first.attributes["action"], onward="1")
    there = answer.headers["location"]
    assert there == f"/milestones/{made['id']}/submit"
    assert (await browser.open(there)).status_code == 200
    await browser.enter(emma.number)
    assert "returns to you on" in titles_in(await browser.open("/notices"))[0]


async def test_one_and_all_can_be_marked_as_read_and_nothing_else_changes(
    house: Housing, browser: Browser
) -> None:
    emma, frank = await dealt(house)
    await browser.enter(emma)
    page = await browser.open("/notices")
    *_, last = main_of(page).one("ol", class_="notices").every("form")
    await browser.send(last.attributes["action"])
    assert "Marked as read." in said(await browser.open("/notices"))
    page = await browser.open("/notices")
    until = await house.value("SELECT max(id) FROM notices WHERE user_id = $1", emma)
    await house.app.database.pool.execute(MANY, emma, until, 1)
    await browser.send("/notices/read-all", hidden_in(page))
    unread = "SELECT count(*) FROM notices WHERE user_id = $1 AND read_at IS NULL"
    assert await house.value(unread, emma) == 1, "it came after the page was opened"
    assert await house.value(unread, frank) == 2
    await browser.send("/notices/read-all", hidden_in(await browser.open("/notices")))
    only = await browser.open("/notices?status=unread")
    assert "You have read everything." in said(only)


async def test_who_was_told_nothing_yet_reads_when_that_will_be(
    house: Housing, browser: Browser
) -> None:
    ida = await house.person("ida")
    await browser.enter(ida.number)
    assert "No notices yet" in said(await browser.open("/notices"))


async def test_a_strangers_notice_is_not_there(house: Housing, browser: Browser) -> None:
    emma, frank = await dealt(house)
    own = await house.value("SELECT max(id) FROM notices WHERE user_id = $1", emma)
    await browser.enter(frank)
    await browser.open("/notices")
    theirs = f"/notices/{printed('ntc', own)}/read"
    assert (await browser.send(theirs)).status_code == 404
    assert (await browser.send("/notices/ntc_x/read")).status_code == 404
    assert (await browser.send("/notices/read-all", until="x")).status_code == 404
    assert await house.value("SELECT read_at FROM notices WHERE id = $1", own) is None


async def test_many_notices_have_pages(house: Housing, browser: Browser) -> None:
    emma, _ = await dealt(house)
    newest = await house.value("SELECT max(id) FROM notices WHERE user_id = $1", emma)
    await house.app.database.pool.execute(MANY, emma, newest, 60)
    await browser.enter(emma)
    page = await browser.open("/notices")
    assert len(titles_in(page)) == 50
    (older,) = [h for h in main_of(page).hrefs if "cursor=" in h]
    page = await browser.open(older)
    assert len(titles_in(page)) == 13
    assert "/notices" in main_of(page).hrefs


async def test_how_somebody_is_told_is_kept_for_each_topic(
    house: Housing, browser: Browser
) -> None:
    ida, olga = await house.person("ida"), await house.person("olga", "operator")
    await browser.enter(ida.number)
    page = await typed(browser, "/settings/notices", messages="never", work="daily", site="never")
    assert page.headers["location"] == "/settings/notices"
    chosen = await told.choices(house.app.database, ida.number)
    assert chosen[Topic.MESSAGES] is Mail.NEVER
    assert chosen[Topic.WORK] is Mail.DAILY
    assert chosen[Topic.SITE] is Mail.AT_ONCE, "nobody but staff is told of it"
    assert "The site" not in said(await browser.open("/settings/notices"))
    await browser.enter(olga.number)
    assert "The site" in said(await browser.open("/settings/notices"))


async def test_one_click_in_a_mail_stops_one_topic_for_one_person(
    house: Housing, browser: Browser
) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    secret = await told.secret(house.app.database)
    link = f"/stop-mails/{token_of(emma.number, Topic.MESSAGES, secret)}"
    page = await browser.open(link)
    assert "Stop mails about “Messages and questions”?" in said(page)
    assert (await told.choices(house.app.database, emma.number))[Topic.MESSAGES] is Mail.AT_ONCE
    # As a mail program asks: no cookie, no form of ours.
    body = {"List-Unsubscribe": "One-Click"}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(house.application), base_url="http://earnest"
    ) as program:
        for _ in range(2):
            assert (await program.post(link, data=body)).status_code == 200
    chosen = await told.choices(house.app.database, emma.number)
    assert [topic for topic, mail in chosen.items() if mail is Mail.NEVER] == [Topic.MESSAGES]
    others = await told.choices(house.app.database, frank.number)
    assert {*others.values()} == {Mail.AT_ONCE}


@pytest.mark.parametrize("topic", sorted(MONEY))
async def test_no_link_stops_mails_about_money(
    house: Housing, browser: Browser, topic: Topic
) -> None:
    emma = await house.person("emma")
    secret = await told.secret(house.app.database)
    for link in (token_of(emma.number, topic, secret), "x", "AAAA"):
        assert (await browser.open(f"/stop-mails/{link}")).status_code == 404


async def test_unread_notices_are_counted_by_an_index(house: Housing) -> None:
    """Thousands that were read, one's own and others', cost a page nothing."""
    emma, frank = await dealt(house)
    pool = house.app.database.pool
    for who, first in ((emma, 1 << 60), (frank, 1 << 61)):
        await pool.execute("UPDATE notices SET event_id = id WHERE event_id < 0")
        await pool.execute(MANY, who, first, 20_000)
    await pool.execute("UPDATE notices SET read_at = now() WHERE id >= $1", 1 << 60)
    await pool.execute("VACUUM ANALYZE notices")
    unread = "SELECT FROM notices n WHERE n.user_id = $1 AND n.read_at IS NULL LIMIT 100"
    (plan,) = await pool.fetch(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {unread}", emma)
    ((found,),) = (json.loads(plan[0]),)
    assert "notices_unread" in plan[0]
    assert found["Plan"]["Shared Hit Blocks"] + found["Plan"]["Shared Read Blocks"] < 10


async def test_what_changed_of_an_account_stands_above_the_notices_whatever_was_chosen(
    browser: Browser, house: Housing, emma: Known, frank: Known
) -> None:
    for number, name in enumerate(Changed):
        change = Change(house.app.node.ids.new(), frank.number, name, f"Phone {number}")
        await account.tell_alone(house.app.database, change)
    await browser.enter(emma.number)
    assert "What changed lately" not in said(await browser.open("/notices"))
    change = Change(house.app.node.ids.new(), emma.number, Changed.PASSKEY_ADDED, "Phone")
    await account.tell_alone(house.app.database, change)
    for address in ("/notices", "/notices?status=unread"):
        page = await browser.client.get(address)
        assert "the passkey “Phone” was added" in said(page)
        assert "Look at how you sign in" in said(page)
    await house.value("UPDATE account_changes SET at = at - interval '8 days' RETURNING 1")
    assert "What changed lately" not in said(await browser.open("/notices"))
