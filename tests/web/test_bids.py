"""Bids: their lines without a script, the employer's list, the award, and what is made of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.http.house import Housing, Json, Person, usd
from tests.web.browser import Browser, errors_of, said
from tests.web.deals import books_of, checked, confirmed, typed
from tests.web.reading import code_in, facts_in, form_in, main_of, rows_in
from tests.web.road import DAYS, awarded, bid, posted

pytestmark = pytest.mark.asyncio

TWO = {
    "amount": "100.00",
    "period_days": "20",
    "proposal": "Like this.\nAnd like that.",
    "milestones.0.description": "First",
    "milestones.0.amount": "60.00",
    "milestones.0.days": "5",
    "milestones.0.due_at": "",
    "milestones.1.description": "Second",
    "milestones.1.amount": "39.99",
    "milestones.1.days": "",
    "milestones.1.due_at": "2199-12-31",
}


async def at_the_form(house: Housing, browser: Browser) -> tuple[Person, Json, str]:
    """Frank is about to bid for Emma's project."""
    project = await posted(await house.person("emma"))
    frank = await house.person("frank")
    await browser.enter(frank.number)
    return frank, project, f"/projects/{project['id']}/bid"


async def test_rows_are_added_and_removed_without_a_script(
    browser: Browser, house: Housing
) -> None:
    _, _, path = await at_the_form(house, browser)
    page = await browser.open(path)
    values = {**form_in(page).values, **TWO}
    page = await browser.post(path, {**values, "add": "milestones"})
    form = form_in(page)
    assert (page.status_code, errors_of(page)) == (200, [])
    assert {**form.values, **TWO} == form.values
    assert "milestones.2.amount" in form.names
    page = await browser.post(path, {**form.values, "remove": "0"})
    after = form_in(page).values
    assert after["milestones.0.description"] == "Second"
    assert after["milestones.0.due_at"] == "2199-12-31"
    assert after["milestones.1.description"] == ""
    assert "milestones.2.description" not in after
    assert (after["amount"], after["proposal"]) == ("100.00", TWO["proposal"])


async def test_there_are_ten_rows_at_most_and_one_at_least(
    browser: Browser, house: Housing
) -> None:
    _, _, path = await at_the_form(house, browser)
    page = await browser.open(path)
    assert "Remove" not in main_of(page).text
    assert main_of(page).one("p", id="sum").attributes["class"] == "sum untold"
    for _ in range(12):
        page = await browser.post(path, {**form_in(page).values, "add": "milestones"})
    assert "milestones.9.amount" in form_in(page).names
    assert "milestones.10.amount" not in form_in(page).names
    assert "Add a row" not in main_of(page).text


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("60.00", "39.99", "USD 0.01 is missing to your bid of USD 100.00"),
        ("60.00", "40.00", "That is your bid exactly."),
        ("60.00", "45", "That is USD 5.00 more than your bid of USD 100.00"),
        ("60.00", "much", "USD 40.00 is missing"),
    ],
)
async def test_the_sum_says_what_is_missing(
    browser: Browser, house: Housing, first: str, second: str, told: str
) -> None:
    _, _, path = await at_the_form(house, browser)
    lines = {**TWO, "milestones.0.amount": first, "milestones.1.amount": second}
    page = await typed(browser, path, **lines, sum="1")
    assert (page.status_code, errors_of(page)) == (200, [])
    assert told in main_of(page).one("p", id="sum").text
    assert form_in(page).values["milestones.1.amount"] == second


async def test_an_even_split_adds_up_to_the_last_cent(browser: Browser, house: Housing) -> None:
    _, _, path = await at_the_form(house, browser)
    more = {"milestones.2.description": "Third", "milestones.2.amount": "x"}
    page = await typed(browser, path, **TWO, **more, split="1")
    values = form_in(page).values
    assert [values[f"milestones.{n}.amount"] for n in range(3)] == ["33.34", "33.33", "33.33"]
    assert "That is your bid exactly." in main_of(page).text
    page = await typed(browser, path, **{**TWO, "amount": "?"}, split="1")
    assert form_in(page).values["milestones.0.amount"] == "60.00"


async def test_what_does_not_add_up_is_said_with_both_and_kept(
    browser: Browser, house: Housing
) -> None:
    frank, _, path = await at_the_form(house, browser)
    page = await typed(browser, path, **TWO)
    assert (page.status_code, code_in(page)) == (422, "does_not_add_up")
    (error,) = errors_of(page)
    assert "The milestones add up to USD 99.99, and the bid is USD 100.00." in error
    assert "99.99" in main_of(page).one("p", id="milestones-error").text
    assert {**form_in(page).values, **TWO} == form_in(page).values
    assert await frank.ids("/v1/bids") == []
    answer = await typed(browser, path, **{**TWO, "milestones.1.amount": "40"})
    (made,) = await frank.ids("/v1/bids")
    assert answer.headers["location"] == f"/bids/{made}"


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("amount", "1,5", "Did you mean 1.50?"),
        ("amount", "", "This is required."),
        ("period_days", "soon", "This is a whole number such as 14."),
        ("period_days", "0", "whole number from 1 to 730"),
        ("proposal", "", "This is required."),
        ("milestones.1.description", "", "This is required."),
        ("milestones.1.amount", "1.001", "more decimals"),
        ("milestones.1.days", "5", "either its days or its date"),
        ("milestones.1.due_at", "", "either its days or its date"),
        ("milestones.1.due_at", "2001-01-01", "must be in the future"),
    ],
)
async def test_an_error_stands_at_its_field(
    browser: Browser, house: Housing, field: str, text: str, told: str
) -> None:
    _, _, path = await at_the_form(house, browser)
    lines = {**TWO, "milestones.1.amount": "40", field: text}
    page = await typed(browser, path, **lines)
    assert page.status_code == 422
    assert any(told in each for each in errors_of(page)), errors_of(page)
    place = "milestones-1-due_at" if "days or" in told else field.replace(".", "-")
    assert told in main_of(page).one("p", id=f"{place}-error").text
    assert {**form_in(page).values, **lines} == form_in(page).values


async def test_a_bid_is_changed_from_what_it_is(browser: Browser, house: Housing) -> None:
    frank, project, path = await at_the_form(house, browser)
    placed = await bid(frank, project, "60.00", "40.00")
    shown = await browser.open(path)
    assert (shown.status_code, code_in(shown)) == (409, "already_bid")
    edit = f"/bids/{placed['id']}/edit"
    values = form_in(await browser.open(edit)).values
    assert (values["amount"], values["milestones.1.days"]) == ("100.00", str(2 * DAYS))
    await typed(browser, edit, **{"amount": "90", "milestones.1.amount": "30"})
    after = await frank.seen(f"/v1/bids/{placed['id']}")
    assert [each["amount"]["amount"] for each in after["milestones"]] == ["60.00", "30.00"]


async def bids_for(house: Housing, browser: Browser) -> tuple[Person, str, list[Json]]:
    """Emma looks at three bids."""
    emma = await house.person("emma")
    project = await posted(emma)
    made = [
        await bid(await house.person(name), project, *amounts, period_days=days)
        for name, days, amounts in (
            ("ann", 30, ["100.00"]),
            ("ben", 10, ["200.00", "100.00"]),
            ("cem", 20, ["50.00"] * 4),
        )
    ]
    await browser.enter(emma.number)
    return emma, f"/projects/{project['id']}", made


async def order_of(browser: Browser, path: str, **query: str) -> list[str]:
    page = main_of(await browser.open(path, **query))
    found = next(page.every("ul", class_="bids"), None)
    return [] if found is None else [each.attributes["id"] for each in found.every("li")]


async def test_bids_are_sorted_and_filtered(browser: Browser, house: Housing) -> None:
    emma, path, (ann, ben, cem) = await bids_for(house, browser)
    await emma.done(f"/v1/bids/{ben['id']}/shortlist")
    for query, found in (
        ({}, [cem, ben, ann]),
        ({"sort": "amount"}, [ann, cem, ben]),
        ({"sort": "-amount"}, [ben, cem, ann]),
        ({"sort": "days"}, [ben, cem, ann]),
        ({"sort": "evil"}, [cem, ben, ann]),
        ({"shortlisted": "1"}, [ben]),
    ):
        assert await order_of(browser, path, **query) == [each["id"] for each in found], query
    await emma.done(f"/v1/bids/{ben['id']}/unshortlist")
    page = await browser.open(path, shortlisted="1")
    assert "Nobody is on your shortlist" in said(page)


async def test_the_breakdown_is_in_the_list(browser: Browser, house: Housing) -> None:
    _, path, (_, ben, _) = await bids_for(house, browser)
    page = await browser.open(path)
    details = main_of(page).one("li", id=ben["id"]).one("details", class_="breakdown")
    assert "2 milestones" in details.one("summary").text
    # By when is said again in the head of a row, where a phone has no room for the column.
    assert [[cell.text for cell in row] for row in rows_in(page, "Milestones that ben")] == [
        ["1. Step 1 10 days", "10 days", "USD 200.00"],
        ["2. Step 2 20 days", "20 days", "USD 100.00"],
    ]


async def test_the_tick_of_the_shortlist_leads_back_to_the_same_list(
    browser: Browser, house: Housing
) -> None:
    _, path, (_, ben, _) = await bids_for(house, browser)
    line = main_of(await browser.open(path, sort="-amount")).one("li", id=ben["id"])
    form = line.one("form", method="post")
    values = {each.attributes["name"]: each.attributes["value"] for each in form.every("input")}
    answer = await browser.post(form.attributes["action"], values)
    assert answer.headers["location"] == f"{path}?sort=-amount#bids"
    evil = {**values, "list": "sort=x&next=//evil.example"}
    answer = await browser.post(f"/bids/{ben['id']}/unshortlist", evil)
    assert answer.headers["location"] == f"{path}?sort=x#bids"


async def test_two_to_four_bids_stand_side_by_side(browser: Browser, house: Housing) -> None:
    _, path, (ann, ben, _) = await bids_for(house, browser)
    ticks = [each.attributes for each in main_of(await browser.open(path)).every("input")]
    named = [each["name"] for each in ticks if each.get("form") == "compare"]
    assert len(named) == len({*named}) == 3, "a field of a form has a name of its own"
    params = {f"compare.{each}": "1" for each in (ann["id"], ben["id"], "bid_x")}
    page = await browser.client.get(path, params=params)
    table = main_of(page).one("section", id="compared").one("table")
    assert [each.text for each in table.one("thead").every("th")] == ["ann", "ben"]
    assert "USD 100.00 USD 300.00" in table.one("tbody").one("tr").text
    page = await browser.open(path, **{f"compare.{ann['id']}": "1"})
    assert "Tick two bids at least" in said(page)
    assert not list(main_of(page).every("section", id="compared"))


async def test_an_award_names_amount_and_person_and_of_what_was_seen(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    frank, project = await house.person("frank"), await posted(emma)
    placed = await bid(frank, project, "100.00")
    await browser.enter(emma.number)
    path = f"/bids/{placed['id']}/award"
    page = await browser.open(path)
    form = form_in(page)
    assert form.button == "Award USD 100.00 to frank"
    assert "Balanced" in said(page)
    assert "cannot be chosen yet" not in said(page)
    line = {"description": "All", "amount": usd("200.00"), "days": 9}
    dearer = {"amount": usd("200.00"), "period_days": 9, "proposal": "Dearer."}
    changed = {**dearer, "milestones": [line]}
    await frank.done(f"/v1/bids/{placed['id']}/edit", changed)
    page = await browser.post(path, form.values)
    assert (page.status_code, code_in(page)) == (409, "changed")
    assert "The bid has changed since you opened this page." in said(page)
    assert form_in(page).button == "Award USD 200.00 to frank"
    answer = await browser.post(path, form_in(page).values)
    assert answer.headers["location"].startswith("/contracts/ctr_")


async def test_what_was_proposed_is_created_in_parts(browser: Browser, house: Housing) -> None:
    emma, frank, _, contract = await awarded(house, "250.00", "100.00", "50.00")
    await browser.enter(emma.number)
    path = f"/contracts/{contract['id']}"
    assert f"{path}/create-milestones" in main_of(await browser.open(path)).hrefs
    form = form_in(await browser.open(f"{path}/create-milestones"))
    assert {f"take.{n}" for n in range(3)} <= form.values.keys()
    today = (await house.app.database.now()).date()
    assert form.values["milestones.1.due_at"] == str(today + timedelta(days=2 * DAYS))
    before = await books_of(house)
    wanted = {name: text for name, text in form.values.items() if name != "take.1"}
    check = await browser.follow(await browser.post(form.action, wanted))
    assert form_in(check).button == "Set USD 300.00 aside for frank"
    wanted["milestones.2.amount"] = "80.00"
    check = await browser.follow(await browser.post(form.action, wanted))
    assert await books_of(house) == before
    facts = facts_in(check)
    assert facts["Of that, from what is reserved"] == "USD 300.00"
    assert facts["Of that, from your wallet"] == "USD 30.00"
    assert facts["Your wallet afterwards"] == "USD 170.00"
    await confirmed(browser, check)
    page = await browser.open(f"{path}/create-milestones")
    told = [
        "Created already" in each.text
        for each in main_of(page).every("fieldset", class_="group step")
    ]
    assert told == [True, False, False], "nobody pays for one twice unawares"
    rest = form_in(page).values
    assert [name for name in rest if name.startswith("take.")] == ["take.1", "take.2"]
    seen = await frank.seen(f"/v1{path}")
    assert seen["funded"] == usd("330.00")


async def test_a_form_with_nothing_ticked_is_sent_back(browser: Browser, house: Housing) -> None:
    emma, _, _, contract = await awarded(house, "100.00")
    await browser.enter(emma.number)
    path = f"/contracts/{contract['id']}/create-milestones"
    form = form_in(await browser.open(path))
    page = await browser.post(path, {n: t for n, t in form.values.items() if n != "take.0"})
    assert errors_of(page) == ["Tick one milestone at least."]


async def test_who_has_too_little_for_all_goes_on_after_a_deposit(
    browser: Browser, house: Housing
) -> None:
    emma, _, _, contract = await awarded(house, *["100.00"] * 6)
    await browser.enter(emma.number)
    path = f"/contracts/{contract['id']}/create-milestones"
    form = form_in(await browser.open(path))
    page = await browser.post(path, {**form.values, "milestones.0.description": "Another word"})
    assert (page.status_code, code_in(page)) == (422, "not_enough_money")
    (error,) = errors_of(page)
    assert "USD 300.00 is reserved for the project; USD 100.00 more is needed." in error
    (deposit,) = [href for href in main_of(page).hrefs if href.startswith("/deposit?")]
    assert form_in(await browser.open(deposit)).values["amount"] == "100.00"
    await house.rich(emma, "100.00")
    form = form_in(await browser.open(path))
    assert form.values["milestones.0.description"] == "Another word"
    check = await browser.follow(await browser.post(path, form.values))
    assert form_in(check).button == "Set USD 600.00 aside for frank"
    await confirmed(browser, check)


async def test_a_contract_without_a_bid_has_nothing_to_create(
    browser: Browser, house: Housing
) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    contract = await emma.done("/v1/contracts", offer)
    await browser.enter(emma.number)
    path = f"/contracts/{contract['id']}"
    assert "Create milestones" not in main_of(await browser.open(path)).text
    answer = await browser.open(f"{path}/create-milestones")
    assert answer.headers["location"] == f"{path}/fund"
    await browser.enter(frank.number)
    shown = await browser.open(f"{path}/create-milestones")
    assert (shown.status_code, code_in(shown)) == (403, "not_your_part")


async def test_who_was_chosen_sees_by_when_for_what_and_with_how_much(
    browser: Browser, house: Housing
) -> None:
    emma, frank, project, contract = await awarded(house, "100.00", "50.00")
    line = {"description": "Step 1", "amount": usd("100.00")}
    await emma.done(f"/v1/contracts/{contract['id']}/fund", {"milestones": [line]})
    await browser.enter(frank.number)
    page = main_of(await browser.open(f"/contracts/{contract['id']}/accept"))
    assert f"/projects/{project['id']}" in page.hrefs
    assert "is set aside so far. Only what is set aside is promised." in page.text
    assert "Answer by" in page.text


async def test_an_offer_that_nobody_answered_is_called_lapsed(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, contract = await awarded(house, "100.00")
    await house.app.database.pool.execute("UPDATE contracts SET wakes_at = now()")
    for who in (emma, frank):
        await browser.enter(who.number)
        page = main_of(await browser.open(f"/contracts/{contract['id']}"))
        assert "Lapsed" in page.text
        assert "The offer was not answered in time." in page.text
        assert not [href for href in page.hrefs if href.endswith(("/accept", "/revoke"))]


async def test_the_check_of_a_reserve_is_that_of_the_rules(
    browser: Browser, house: Housing
) -> None:
    emma, _, project, _ = await awarded(house, "100.00")
    await browser.enter(emma.number)
    shown = await browser.open(f"/projects/{project['id']}/take-back")
    assert (shown.status_code, code_in(shown)) == (409, "offer_waiting")
    check = await checked(browser, f"/projects/{project['id']}/reserve", amount="1.00")
    assert facts_in(check)["Reserved afterwards"] == "USD 301.00"
