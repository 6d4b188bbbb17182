"""Whose pages there are: a stranger's are not there, and staff's looks and limits are kept."""

from __future__ import annotations

import re

import pytest
from tests.http.house import Housing, Json, Person, agreed, usd
from tests.web.browser import Browser, csrf_of, said
from tests.web.deals import books_of, checked, confirmed, typed
from tests.web.reading import code_in, main_of, rows_in, tree
from tests.web.road import awarded

from earnest.core.actions import ACTIONS
from earnest.http.web.subjects import KINDS, verb_of

pytestmark = pytest.mark.asyncio

#: Every page of a problem has its own.
REFERENCE = re.compile(r"\b[0-9a-f]{32}\b")
LOOKS = "SELECT actor_id, via FROM events WHERE name = 'contract.inspected' ORDER BY id"
LARGE = {"gateway": "sandbox", "amount": usd("1000.01"),
         "destination": {"type": "sandbox", "account": "settle", "name": "E"}}  # fmt: skip

PROJECT = {"title": "A website", "description": "All of it.", "currency": "USD",
           "budget_min": usd("10.00"), "budget_max": usd("20.00")}  # fmt: skip
BID = {"amount": usd("15.00"), "period_days": 5, "proposal": "Like this.",
       "milestones": [{"description": "All", "amount": usd("15.00"), "days": 5}]}  # fmt: skip


async def rows(house: Housing) -> tuple[Person, Person, dict[str, str]]:
    """One of everything that has pages; all of the payments are the employer's."""
    emma, frank, contract, (milestone,) = await agreed(house, "100.00", purse="5000.00")
    deposit = await emma.done("/v1/deposits", {"gateway": "sandbox", "amount": usd("1.00")})
    withdrawal = await emma.done("/v1/withdrawals", LARGE)
    await emma.done(f"/v1/milestones/{milestone['id']}/release", {"amount": usd("1.00")})
    (release,) = (await emma.seen("/v1/releases"))["items"]
    project = await emma.done("/v1/projects", PROJECT)
    bid = await frank.done("/v1/bids", {"project_id": project["id"], **BID})
    part = {
        "contract_id": contract["id"],
        "description": "In parts",
        "amount": usd("2.00"),
        "plan": [{"after_days": 1, "percent": "50"}, {"after_days": 2, "percent": "50"}],
    }
    (tranche, _) = (await emma.done("/v1/milestones", part))["plan"]
    said = {"amount": usd("20.00"), "to_freelancer": usd("0.00"), "statement": "It is white."}
    dispute = await emma.done(f"/v1/milestones/{milestone['id']}/dispute", said)
    found: dict[str, Json] = {
        "contracts": contract, "milestones": milestone, "deposits": deposit,
        "withdrawals": withdrawal, "projects": project, "bids": bid, "releases": release,
        "disputes": dispute, "tranches": {"id": tranche["tranche_id"]},
    }  # fmt: skip
    assert set(found) == set(KINDS)
    return emma, frank, {name: row["id"] for name, row in found.items()}


def pages_of(found: dict[str, str]) -> dict[str, list[str]]:
    """The page of each row, and every verb on it."""
    return {
        f"/{collection}/{found[collection]}": [
            f"/{collection}/{found[collection]}/{verb_of(name, kind)}"
            for name, each in ACTIONS.items()
            if each.kind is kind
        ]
        for collection, kind in KINDS.items()
    }


async def test_to_a_stranger_no_page_of_anything_is_there(browser: Browser, house: Housing) -> None:
    _, _, found = await rows(house)
    await browser.enter((await house.person("sam")).number)
    before = await books_of(house)
    for page, verbs in pages_of(found).items():
        if page.startswith("/projects/"):
            continue  # A project is everybody's.
        assert (await browser.open(page)).status_code == 404
        assert len(verbs) >= 2
        for verb in verbs:
            shown = await browser.open(verb)
            assert (shown.status_code, code_in(shown)) == (404, "not_found"), verb
            sent = await browser.post(verb, {"csrf": csrf_of(shown), "ok": "1"})
            assert (sent.status_code, code_in(sent)) == (404, "not_found"), verb
            assert "emma" not in shown.text + sent.text
    assert await books_of(house) == before


async def test_what_is_not_there_looks_like_what_is_somebody_else_s(
    browser: Browser, house: Housing
) -> None:
    _, _, found = await rows(house)
    await browser.enter((await house.person("sam")).number)
    for collection, reference in found.items():
        if collection == "projects":
            continue
        prefix = reference.partition("_")[0]
        theirs = await browser.open(f"/{collection}/{reference}")
        nobodys = await browser.open(f"/{collection}/{prefix}_0000000000001")
        assert REFERENCE.sub("", said(theirs)) == REFERENCE.sub("", said(nobodys))


async def test_each_side_sees_its_own_pages_and_only_the_payer_the_payments(
    browser: Browser, house: Housing
) -> None:
    emma, frank, found = await rows(house)
    frank_s = {"contracts", "milestones", "releases", "projects", "bids", "disputes", "tranches"}
    for who, theirs in ((emma, set(found)), (frank, frank_s)):
        await browser.enter(who.number)
        for collection, reference in found.items():
            page = await browser.follow(await browser.open(f"/{collection}/{reference}"))
            status = page.status_code
            assert status == (200 if collection in theirs else 404), collection


async def test_not_even_staff_reads_a_bid(browser: Browser, house: Housing) -> None:
    _, _, found = await rows(house)
    await browser.enter((await house.person("olga", "operator")).number)
    assert (await browser.open(f"/bids/{found['bids']}")).status_code == 404
    page = main_of(await browser.open(f"/projects/{found['projects']}"))
    assert "Like this." not in page.text


async def test_only_the_sides_are_led_from_a_contract_to_its_bid(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, contract = await awarded(house, "100.00")
    olga = await house.person("olga", "operator")
    for who, leads in ((emma, True), (frank, True), (olga, False)):
        await browser.enter(who.number)
        page = main_of(await browser.open(f"/contracts/{contract['id']}"))
        assert any(href.startswith("/bids/") for href in page.hrefs) is leads
        assert "Bid USD 100.00" in page.text


async def test_an_operator_reads_between_whom_a_contract_is(
    browser: Browser, house: Housing
) -> None:
    emma, _, found = await rows(house)
    for who, name in (
        (emma, "Contract with frank"),
        (await house.person("olga", "operator"), "Contract between emma and frank"),
    ):
        await browser.enter(who.number)
        page = await browser.open(f"/contracts/{found['contracts']}")
        assert main_of(page).one("h1").text == name
        back = main_of(await browser.open(f"/milestones/{found['milestones']}"))
        assert name in back.one("p", class_="back").text


async def test_an_operator_s_look_is_told_to_both_sides(browser: Browser, house: Housing) -> None:
    emma, frank, found = await rows(house)
    olga = await house.person("olga", "operator")
    await browser.enter(olga.number)
    paths = (
        f"/contracts/{found['contracts']}",
        f"/milestones/{found['milestones']}",
        f"/milestones/{found['milestones']}/release",
        f"/releases/{found['releases']}",
        f"/disputes/{found['disputes']}",
    )
    for looks, path in enumerate(paths, 1):
        await browser.open(path)
        told = await house.app.database.pool.fetch(LOOKS)
        assert [tuple(each) for each in told] == [(olga.number, "web")] * looks
    for who in (emma, frank):
        await browser.enter(who.number)
        history = main_of(await browser.open(paths[0])).one("section", id="history").text
        assert history.count("Looked at by staff olga · web") == len(paths)
    assert len(await house.app.database.pool.fetch(LOOKS)) == len(paths)


async def test_the_console_is_there_for_operators_alone(browser: Browser, house: Housing) -> None:
    emma, _, found = await rows(house)
    await browser.enter(emma.number)
    page = await browser.open("/staff")
    assert (page.status_code, "/staff" in tree(page).hrefs) == (404, False)
    await browser.enter((await house.person("olga", "operator")).number)
    page = await browser.open("/staff")
    assert (page.status_code, "/staff" in tree(page).hrefs) == (200, True)
    ((owner, *_),) = rows_in(page, "Withdrawals that wait for approval")
    assert (owner.one("a").text, owner.hrefs) == ("emma", [f"/withdrawals/{found['withdrawals']}"])
    ((_, _, details, *_),) = rows_in(await browser.open("/staff/deposits"))
    assert details.text == "Sandbox"


async def test_an_operator_approves_what_is_somebody_else_s(
    browser: Browser, house: Housing
) -> None:
    _, _, found = await rows(house)
    await browser.enter((await house.person("olga", "operator")).number)
    address = f"/withdrawals/{found['withdrawals']}"
    assert f"{address}/approve" in main_of(await browser.open(address)).hrefs
    form = main_of(await browser.open(f"{address}/approve"))
    for told in ("Person emma", "Amount USD 1,000.01", "Destination E · Sandbox account"):
        assert told in form.text
    assert form.one("button", type="submit").text == "Approve the withdrawal of USD 1,000.01"
    looks = await house.value("SELECT count(*) FROM looked_at")
    page = await browser.follow(await typed(browser, f"{address}/approve"))
    assert page.url.path == address
    assert await house.value("SELECT count(*) FROM looked_at") > looks
    status = await house.value("SELECT status FROM withdrawals")
    assert status == "approved"


async def test_nobody_approves_their_own(browser: Browser, house: Housing) -> None:
    olga = await house.person("olga", "operator")
    await house.rich(olga, "2000.00")
    await browser.enter(olga.number)
    where = {
        "destination__type": "sandbox",
        "destination__account": "settle",
        "destination__name": "Olga",
    }
    check = await checked(browser, "/withdraw", amount="2,000.00", currency="USD", **where)
    receipt = main_of(await confirmed(browser, check))
    (address,) = (href for href in receipt.hrefs if href.startswith("/withdrawals/"))
    page = await browser.open(address)
    assert f"{address}/cancel" in main_of(page).hrefs
    for verb in ("approve", "expire"):
        assert f"{address}/{verb}" not in main_of(page).hrefs
        shown = await browser.open(f"{address}/{verb}")
        assert (shown.status_code, code_in(shown)) == (403, "not_your_part")
        sent = await browser.post(
            f"{address}/{verb}", {"csrf": csrf_of(shown), "key": verb, "ok": "1"}
        )
        assert (sent.status_code, code_in(sent)) == (403, "not_your_part")
    assert await house.value("SELECT status FROM withdrawals") == "requested"
