"""The operators' console: what waits stands in its queue, and every look at a person is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.http.house import Housing, Person, agreed, usd
from tests.web.browser import Browser, said
from tests.web.deals import typed
from tests.web.disputing import quarrel
from tests.web.reading import main_of, rows_in, tree

from earnest.http.web.console.paths import paths
from earnest.store.verify import PREFIX, rules
from earnest.words.console import QUEUES, RULES, TABS

pytestmark = pytest.mark.asyncio

ACCOUNT = {"type": "sandbox", "account": "settle", "name": "E"}
LARGE = {"gateway": "sandbox", "amount": usd("1000.01"), "destination": ACCOUNT}
LOOKS = "SELECT what, person_id, words FROM looked_at ORDER BY id"


async def operator(house: Housing, browser: Browser, name: str = "olga") -> Person:
    """An operator at the browser."""
    olga = await house.person(name, "operator")
    await browser.enter(olga.number)
    return olga


async def waiting(browser: Browser) -> dict[str, str]:
    """How much waits in each queue."""
    rows = rows_in(await browser.open("/staff"), "What waits for operators")
    return {row[0].one("a").text: row[-1].text for row in rows}


async def looks(house: Housing) -> list[tuple[str, int | None, str | None]]:
    """What was written down of operators' looks."""
    return [tuple(each) for each in await house.app.database.pool.fetch(LOOKS)]


async def test_the_console_is_there_for_operators_alone(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    addresses = [each.replace("{id}", emma.id) for each in paths(house.app)]
    for who, status in ((emma, 404), (await house.person("grace", "arbiter"), 404)):
        await browser.enter(who.number)
        for address in addresses:
            assert (await browser.open(address)).status_code == status, address
    await operator(house, browser)
    for address in addresses:
        assert (await browser.open(address)).status_code == 200, address
    assert len(await looks(house)) == 1, "a stranger's look is none"


async def test_every_tab_and_every_queue_leads_to_a_page(browser: Browser, house: Housing) -> None:
    await operator(house, browser)
    for href in [*dict(TABS), *(each.href for each in QUEUES.values())]:
        page = await browser.open(href)
        assert page.status_code == 200, href
        assert tree(page).one("nav", class_="tabs").hrefs == [*dict(TABS)]


async def test_an_empty_console_says_so(browser: Browser, house: Housing) -> None:
    await operator(house, browser)
    assert set((await waiting(browser)).values()) == {"0"}
    for path in ("withdrawals", "deposits", "returns", "rulings", "breaks", "audit", "clocks"):
        assert next(main_of(await browser.open(f"/staff/{path}")).every(class_="empty"), None), path


async def test_payments_wait_in_their_queues(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    await house.rich(emma, "2000.00")
    await emma.done("/v1/deposits", {"gateway": "sandbox", "amount": usd("1.00")})
    withdrawal = await emma.done("/v1/withdrawals", LARGE)
    await operator(house, browser)
    found = await waiting(browser)
    assert (found["Withdrawals to approve"], found["Deposits nobody paid yet"]) == ("1", "1")
    ((who, *_, amount),) = rows_in(await browser.open("/staff/withdrawals"))
    assert (who.hrefs, amount.text) == ([f"/withdrawals/{withdrawal['id']}"], "USD 1,000.01")
    for view, count in (("on_the_way", 0), ("came_back", 0), ("all", 1), ("nonsense", 1)):
        assert len(rows_in(await browser.open(f"/staff/withdrawals?view={view}"))) == count, view
    for view, count in (("waiting", 1), ("came_to_nothing", 0), ("all", 2)):
        assert len(rows_in(await browser.open(f"/staff/deposits?view={view}"))) == count, view
    assert await looks(house) == []


async def test_lists_go_on_over_pages(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    for _ in range(52):
        await emma.done("/v1/deposits", {"gateway": "sandbox", "amount": usd("1.00")})
    await operator(house, browser)
    page = await browser.open("/staff/deposits")
    assert len(rows_in(page)) == 50
    (older,) = (href for href in main_of(page).hrefs if "older=" in href)
    page = await browser.open(older)
    assert len(rows_in(page)) == 2
    assert "/staff/deposits" in main_of(page).one("nav", class_="pager").hrefs


async def test_a_return_waits_for_a_second_operator(browser: Browser, house: Housing) -> None:
    _, _, _, (milestone,) = await agreed(house, "100.00")
    path = f"/milestones/{milestone['id']}"
    await operator(house, browser)
    await typed(browser, f"{path}/staff-cancel", reason="It is a fraud")
    assert (await waiting(browser))["Returns to confirm"] == "1"
    ((row, who, *_, held),) = rows_in(await browser.open("/staff/returns"))
    assert (row.hrefs, who.text, held.text) == ([path], "olga", "USD 100.00")
    assert "It is a fraud" in row.text
    assert "You asked for it, so somebody else decides." in row.text
    assert "A piece of work" not in row.text, "what it is about is read on its own page"
    await operator(house, browser, "omar")
    assert "you may confirm it" in said(await browser.open("/staff/returns"))
    await typed(browser, f"{path}/staff-confirm", ok="1")
    found = await waiting(browser)
    assert (found["Returns to confirm"], found["Returns that wait for an objection"]) == ("0", "1")
    page = await browser.open("/staff/returns?view=confirmed")
    assert "unless the freelancer objects" in said(page)
    assert rows_in(await browser.open("/staff/returns")) == []


async def test_a_look_at_somebody_is_written_down(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    await house.rich(emma, "25.00")
    olga = await operator(house, browser)
    page = await browser.open(f"/staff/people/{emma.id}")
    assert "USD 25.00" in said(page)
    assert f"emma{emma.number}@example.org" in said(page)
    assert "This look is written down" in said(page)
    assert await looks(house) == [("person", emma.number, None)]
    page = await browser.open(f"/staff/people/{emma.id}")
    assert len(rows_in(page, "Looks of operators, the newest first")) == 1
    ((by, what, _), _) = rows_in(await browser.open("/staff/audit"))
    assert (by.text.split()[0], what.hrefs) == ("olga", [f"/staff/people/{emma.id}"])
    assert (await browser.open(f"/staff/people/{olga.id}")).status_code == 200
    assert (await browser.open("/staff/people/usr_0000000000000")).status_code == 404


async def test_a_look_at_a_payment_is_one_at_its_owner(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    deposit = await house.rich(emma, "25.00")
    await browser.enter(emma.number)
    await browser.open(f"/deposits/{deposit['id']}")
    assert await looks(house) == []
    await operator(house, browser)
    await browser.open(f"/deposits/{deposit['id']}")
    assert await looks(house) == [("payment", emma.number, None)]


async def test_people_are_found_and_the_search_is_kept(browser: Browser, house: Housing) -> None:
    emma, frank = await house.person("Emma Example"), await house.person("Frank")
    await house.app.database.pool.execute(
        "UPDATE users SET status = 'suspended' WHERE id = $1", frank.number
    )
    olga = await operator(house, browser)

    async def found(query: str) -> list[str]:
        page = await browser.open(f"/staff/people?{query}")
        return [row[0].hrefs[0].removeprefix("/staff/people/") for row in rows_in(page)]

    assert await found("") == [olga.id, frank.id, emma.id]
    assert await found("view=suspended") == [frank.id]
    assert await found("view=roles") == [olga.id]
    assert await looks(house) == []
    assert await found("q=exam") == [emma.id]
    assert await found(f"q={frank.id}") == [frank.id]
    assert await found(f"q=Frank{frank.number}@example.org") == [frank.id]
    assert await found("q=nobody") == []
    assert "Nobody is found" in said(await browser.open("/staff/people?q=%00none"))
    words = [each for _, _, each in await looks(house)]
    assert words == ["exam", frank.id, f"Frank{frank.number}@example.org", "nobody", "none"]
    assert "exam" in said(await browser.open("/staff/audit"))


async def test_a_suspended_operator_sees_nothing(browser: Browser, house: Housing) -> None:
    olga = await operator(house, browser)
    await house.app.database.pool.execute(
        "UPDATE users SET status = 'suspended' WHERE id = $1", olga.number
    )
    assert (await browser.open("/staff/people")).status_code == 404
    assert await looks(house) == []


async def test_rulings_say_who_has_them(browser: Browser, house: Housing) -> None:
    quarrelling = await quarrel(house)
    await quarrelling.answered()
    await house.app.database.pool.execute(
        "UPDATE disputes SET status = 'arbitration', arbiter_id = NULL, named_at = NULL"
    )
    await operator(house, browser)
    assert (await waiting(browser))["Rulings due"] == "1"
    assert "Nobody is named yet" in said(await browser.open("/staff/rulings"))


async def test_what_does_not_fit_leads_to_its_payment(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    deposit = await house.rich(emma, "25.00")
    await house.app.database.pool.execute(
        "INSERT INTO breaks VALUES (1, $1, 'sandbox', 'paid_again', 'USD', 2500, '25.00 USD', 'x', "
        "now())",
        deposit["id"],
    )
    await operator(house, browser)
    assert (await waiting(browser))["Mismatches"] == "1"
    ((what, *_),) = rows_in(await browser.open("/staff/breaks"))
    assert (what.one("a").text, what.hrefs) == (
        "Paid a second time",
        [f"/deposits/{deposit['id']}"],
    )
    assert "Reported: USD 25.00" in what.text


async def test_clocks_run_out_in_one_line(browser: Browser, house: Housing) -> None:
    await agreed(house, "100.00", terms="classic")
    emma = await house.person("emma")
    for _ in range(51):
        await emma.done("/v1/deposits", {"gateway": "sandbox", "amount": usd("1.00")})
    await operator(house, browser)
    page = await browser.open("/staff/clocks")
    assert "No process has said lately that it is there." in said(page)
    counted = {row[0].text: row[2].text for row in rows_in(page, "How many clocks run")}
    assert (counted["Contracts and offers"], counted["Deposits"]) == ("1", "51")
    first = rows_in(page, "When each is looked at, the next first")
    (later,) = (href for href in main_of(page).hrefs if "after=" in href)
    rest = rows_in(await browser.open(later), "When each is looked at, the next first")
    assert (len(first), len(rest)) == (50, 2)
    assert "/contracts/ctr_" in rest[-1][0].hrefs[0]
    assert len({row[0].hrefs[0] for row in (*first, *rest)}) == 52
    assert (await browser.open("/staff/clocks?after=nonsense")).status_code == 200


async def test_a_heart_that_beats_is_seen(browser: Browser, house: Housing) -> None:
    await operator(house, browser)
    await house.app.database.pool.execute("INSERT INTO heartbeats (since, until) "
                                          "SELECT now() - interval '1 hour', now()")  # fmt: skip
    assert "Somebody is at work, and nothing is overdue." in said(
        await browser.open("/staff/clocks")
    )
    emma = await house.person("emma")
    await emma.done("/v1/deposits", {"gateway": "sandbox", "amount": usd("1.00")})
    await house.app.database.pool.execute(
        "UPDATE deposits SET wakes_at = now() - $1::interval", timedelta(minutes=7)
    )
    assert "has waited for 7 minutes." in said(await browser.open("/staff/clocks"))


async def test_every_rule_of_the_books_has_a_sentence(browser: Browser, house: Housing) -> None:
    names = {each.removeprefix(PREFIX) for each in rules()}
    assert names == set(RULES)
    await operator(house, browser)
    page = await browser.open("/staff/invariants")
    assert [row[0].text for row in rows_in(page)] == sorted(RULES.values())


async def test_halts_say_what_failed_and_why_work_went_on(browser: Browser, house: Housing) -> None:
    await house.app.database.pool.execute(
        "INSERT INTO halts (what, cleared_at, cleared_because) VALUES ('a test', now(), 'it ended')"
    )
    await operator(house, browser)
    for path in ("/staff", "/staff/invariants"):
        assert "it ended" in said(await browser.open(path))
    await house.app.database.pool.execute("INSERT INTO halts (what) VALUES ('another')")
    for path in ("/staff", "/staff/invariants"):
        assert "The books do not balance" in said(await browser.open(path))
