"""Projects: what everybody finds, what they see of one, and what only its employer does."""

from __future__ import annotations

import httpx
import pytest
from tests.http.house import Housing, Person, usd
from tests.web.browser import Browser, errors_of, said
from tests.web.crowds import noted
from tests.web.deals import books_of, checked, confirmed, typed, with_a_worker
from tests.web.reading import Node, code_in, facts_in, form_in, main_of
from tests.web.road import bid, posted

from earnest.store import documents

pytestmark = pytest.mark.asyncio

NEW = {
    "title": "A shop for bicycles",
    "description": "Twelve models.\nAll of them by hand.",
    "currency": "EUR",
    "budget_min": "300",
    "budget_max": "1,900.00",
    "skills__python": "1",
    "skills__web_design": "1",
    "closes_at": "2026-01-01",
}


def titles(page_: object) -> list[str]:
    assert isinstance(page_, Node)
    return [each.text for each in page_.every("h3")]


async def listed(browser: Browser, **query: str) -> list[str]:
    """What the projects of a list are called."""
    return titles(main_of(await browser.open("/projects", **query)))


async def test_a_posted_project_is_there_for_everybody(browser: Browser, house: Housing) -> None:
    await browser.enter((await house.person("emma")).number)
    answer = await typed(browser, "/projects/new", **{**NEW, "closes_at": ""})
    assert answer.headers["location"].startswith("/projects/prj_")
    await browser.enter((await house.person("sam")).number)
    page = main_of(await browser.open(answer.headers["location"]))
    for text in (
        "A shop for bicycles", "All of them by hand.", "Python", "Web design", "emma",
        "EUR 300.00 – EUR 1,900.00", "Open for bids",
    ):  # fmt: skip
        assert text in page.text, text
    assert await listed(browser) == ["A shop for bicycles"]


async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    browser: Browser, house: Housing
) -> None:
    await browser.enter((await house.person("emma")).number)
    page = await typed(browser, "/projects/new", **NEW)
    assert errors_of(page) == ["Bids until: The date must be in the future."]
    values = form_in(page).values
    assert {values[each.replace("__", ".")] for each in NEW} == {*NEW.values()}
    page = await typed(browser, "/projects/new", **{**NEW, "budget_max": "2.00", "closes_at": ""})
    assert errors_of(page) == ["Budget, up to: This is at least EUR 300.00."]
    assert code_in(page) == "budget_reversed"


async def test_a_form_for_editing_begins_with_what_is_there(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    project = await posted(emma, skills=["python", "sql"])
    await browser.enter(emma.number)
    path = f"/projects/{project['id']}"
    form = await browser.open(f"{path}/edit")
    assert "Left empty: it stays as it is." in said(form)
    assert "two weeks from now" not in said(form)
    values = dict(form_in(form).values)
    assert (values["title"], values["budget_max"]) == ("A website", "900.00")
    assert {"skills.python", "skills.sql"} <= values.keys()
    del values["skills.sql"]
    page = await browser.post(f"{path}/edit", {**values, "title": "A larger website"})
    assert page.headers["location"] == path
    after = await emma.seen(f"/v1{path}")
    assert (after["title"], after["skills"]) == ("A larger website", ["python"])
    assert after["closes_at"] == project["closes_at"]


async def test_words_a_skill_and_a_reserve_find_projects(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    await house.rich(emma, "50.00")
    await posted(emma, title="50% of a logo", skills=["logo_design"])
    shop = await posted(emma, title="A shop", description="With SEARCH.", skills=["python"])
    await emma.done(f"/v1/projects/{shop['id']}/reserve", {"amount": usd("50.00")})
    await documents.catch_up(house.app.database)
    await browser.enter((await house.person("sam")).number)
    for query, found in (
        ({"q": "search"}, ["A shop"]),
        ({"q": "50%"}, ["50% of a logo"]),
        ({"q": "%"}, []),
        ({"skill": "logo_design"}, ["50% of a logo"]),
        ({"reserved": "1"}, ["A shop"]),
        ({"reserved": "1", "skill": "logo_design"}, []),
        ({"skill": "nonsense", "view": "sideways"}, ["A shop", "50% of a logo"]),
    ):
        assert await listed(browser, **query) == found, query
    page = await browser.open("/projects", reserved="1", skill="logo_design")
    assert "No project matches" in said(page)
    page = await browser.open("/projects", reserved="1")
    assert "USD 50.00 reserved" in main_of(page).text


async def test_each_view_has_its_own_projects_or_says_that_there_are_none(
    browser: Browser, house: Housing
) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await browser.enter(emma.number)
    for view, none in (
        ("", "No project is open"),
        ("posted", "You have not posted a project"),
        ("bid", "You have no bid that is open"),
    ):
        assert none in said(await browser.open("/projects", view=view))
    one, _ = await posted(emma, title="One"), await posted(emma, title="Two")
    await bid(frank, one, "100.00")
    await emma.done(f"/v1/projects/{(await posted(emma, title='Three'))['id']}/close")
    assert await listed(browser, view="posted") == ["Three", "Two", "One"]
    assert await listed(browser) == ["Two", "One"]
    await browser.enter(frank.number)
    assert await listed(browser, view="bid") == ["One"]
    assert await listed(browser, view="posted") == []


async def test_a_long_list_has_every_project_once_and_costs_no_more(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    for number in range(2):
        await posted(emma, title=f"Project {number}", skills=["python"])
    await browser.enter(emma.number)
    async with noted(house) as few:
        await browser.open("/projects", skill="python")
    for number in range(2, 60):
        await posted(emma, title=f"Project {number}", skills=["python"])
    async with noted(house) as many:
        page = await browser.open("/projects", skill="python")
    assert len(few) == len(many) <= 8
    found = titles(main_of(page))
    while older := next(main_of(page).every("a", rel="next"), None):
        page = await browser.open(older.attributes["href"])
        found += titles(main_of(page))
    assert found == [f"Project {number}" for number in range(59, -1, -1)]


async def test_many_bids_cost_the_statements_of_a_few(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    project = await posted(emma)
    await browser.enter(emma.number)
    path = f"/projects/{project['id']}"
    costs: list[int] = []
    page = await browser.open(path)
    for count in (2, 30):
        for number in range(count):
            await bid(await house.person(f"b{number}"), project, "60.00", "40.00")
        async with noted(house) as texts:
            page = await browser.open(path)
        costs.append(len(texts))
    assert costs[0] == costs[1] <= 20
    seen = [each.attributes["id"] for each in _lines(page)]
    older = main_of(page).one("section", id="bids").one("a", rel="next").attributes["href"]
    seen += [each.attributes["id"] for each in _lines(await browser.open(older))]
    assert len(seen) == len(set(seen)) == 32


def _lines(page: httpx.Response) -> list[Node]:
    return list(main_of(page).one("ul", class_="bids").every("li"))


async def rich_project(house: Housing) -> tuple[Person, str]:
    emma = await house.person("emma")
    await house.rich(emma, "500.00")
    return emma, f"/projects/{(await posted(emma))['id']}"


async def test_reserving_is_checked_and_seen_by_all(browser: Browser, house: Housing) -> None:
    emma, path = await rich_project(house)
    await browser.enter(emma.number)
    before = await books_of(house)
    check = await checked(browser, f"{path}/reserve", amount="300")
    assert await books_of(house) == before
    assert form_in(check).button == "Reserve USD 300.00"
    facts = facts_in(check)
    assert (facts["Reserved"], facts["Your wallet afterwards"]) == ("USD 300.00", "USD 200.00")
    receipt = await confirmed(browser, check)
    assert path in main_of(receipt).hrefs
    assert "USD 300.00" in main_of(await browser.open("/finances")).text
    await browser.enter((await house.person("sam")).number)
    assert (await browser.open(receipt.url.path)).status_code == 200
    page = main_of(await browser.open(path)).one("section", id="reserve").text
    assert "USD 300.00 reserved" in page
    assert "promised to no single bidder" in page


async def test_a_part_of_the_reserve_is_taken_back(browser: Browser, house: Housing) -> None:
    emma, path = await rich_project(house)
    await emma.done(f"/v1{path}/reserve", {"amount": usd("300.00")})
    await browser.enter(emma.number)
    check = await checked(browser, f"{path}/take-back", how="part", amount="100")
    assert form_in(check).button == "Take USD 100.00 back"
    assert facts_in(check)["Reserved afterwards"] == "USD 200.00"
    await confirmed(browser, check)
    page = await typed(browser, f"{path}/take-back", how="part", amount="200.01")
    assert (page.status_code, code_in(page)) == (422, "more_than_held")
    check = await checked(browser, f"{path}/take-back", how="full")
    await confirmed(browser, check)
    shown = main_of(await browser.open(path))
    assert "Nothing is reserved" in shown.one("section", id="reserve").text
    assert f"{path}/take-back" not in shown.hrefs
    assert code_in(await browser.open(f"{path}/take-back")) == "nothing_reserved"


async def test_who_reserves_too_much_is_led_through_a_deposit_and_back(
    browser: Browser, house: Housing
) -> None:
    emma, path = await rich_project(house)
    await browser.enter(emma.number)
    page = await typed(browser, f"{path}/reserve", amount="600")
    assert "USD 100.00 more is needed" in errors_of(page)[0]
    (deposit,) = [href for href in main_of(page).hrefs if href.startswith("/deposit?")]
    form = form_in(await browser.open(deposit))
    assert (form.values["amount"], form.values["then"]) == ("100.00", f"{path}/reserve")
    answer = await browser.post(form.action, form.values)
    check = await browser.follow(answer)
    async with with_a_worker(house):
        answer = await browser.post(form_in(check).action, form_in(check).values)
    receipt = await browser.follow(answer)
    assert f"{path}/reserve" in main_of(receipt).hrefs
    back = await browser.open(f"{path}/reserve")
    assert form_in(back).values["amount"] == "600"
    assert "What you typed before is still here." in said(back)


@pytest.mark.parametrize("then", ["https://evil.example/", "//evil.example", "/signout", "/x"])
async def test_nobody_is_sent_on_to_anywhere_else(
    browser: Browser, house: Housing, then: str
) -> None:
    await browser.enter((await house.person("emma")).number)
    page = await browser.open("/deposit", amount="5.00", currency="USD", then=then)
    assert "then" not in form_in(page).values
    answer = await typed(browser, "/deposit", amount="5.00", currency="USD", then=then)
    assert "then" not in answer.headers["location"]


async def test_questions_and_answers_are_read_by_all(browser: Browser, house: Housing) -> None:
    emma, path = await rich_project(house)
    sam = await house.person("sam")
    await browser.enter(sam.number)
    form = form_in(await browser.open(path))
    assert form.action == f"{path}/ask"
    await browser.post(form.action, {**form.values, "text": "Is there a design?"})
    (question,) = main_of(await browser.open(path)).every("div", class_="question")
    assert not [href for href in question.hrefs if "/answer" in href]
    await browser.enter(emma.number)
    page = main_of(await browser.open(path))
    (answer,) = [href for href in page.hrefs if "/answer" in href]
    form = form_in(await browser.open(answer))
    assert form.values["question"] == question.attributes["id"]
    await browser.post(form.action, {**form.values, "text": "Only a logo."})
    await browser.enter((await house.person("ann")).number)
    words = main_of(await browser.open(path)).one("div", class_="question").text
    assert "Is there a design?" in words
    assert "Only a logo." in words


async def test_of_the_bids_others_see_only_how_many(browser: Browser, house: Housing) -> None:
    emma, path = await rich_project(house)
    frank = await house.person("frank")
    project = await emma.seen(f"/v1{path}")
    placed = await bid(frank, project, "123.00", proposal="A secret plan.")
    await emma.done(f"/v1/bids/{placed['id']}/shortlist")
    sam = await house.person("sam")
    for who, theirs in ((emma, "all"), (frank, "own"), (sam, "none")):
        await browser.enter(who.number)
        page = main_of(await browser.open(path))
        assert "Bids 1" in page.text
        assert ("Shortlisted" in page.text) == (theirs == "all")
        assert ("A secret plan." in page.text) == (theirs == "all")
        assert ("USD 123.00" in page.text) == (theirs != "none")
        assert (f"/bids/{placed['id']}" in page.hrefs) == (theirs != "none")
        assert (f"{path}/bid" in page.hrefs) == (theirs == "none")


async def test_who_cannot_bid_any_more_is_told_why(browser: Browser, house: Housing) -> None:
    _, path = await rich_project(house)
    await house.app.database.pool.execute("UPDATE projects SET closes_at = now()")
    await browser.enter((await house.person("sam")).number)
    page = main_of(await browser.open(path))
    assert "You cannot bid now. The time for bids on this project is over." in page.text
    assert f"{path}/bid" not in page.hrefs
    shown = await browser.open(f"{path}/bid")
    assert (shown.status_code, code_in(shown)) == (409, "bidding_closed")


async def test_bids_wait_for_a_decision_on_the_dashboard(browser: Browser, house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    project = await posted(emma)
    placed = await bid(frank, project, "100.00")
    await browser.enter(emma.number)
    todo = main_of(await browser.open("/finances")).one("section", id="todo")
    assert "Bids for “ A website ” wait for your decision" in todo.text
    assert f"/projects/{project['id']}" in todo.hrefs
    await emma.done(f"/v1/bids/{placed['id']}/award", {"bid_hash": placed["bid_hash"]})
    todo = main_of(await browser.open("/finances")).one("section", id="todo")
    assert "wait for your decision" not in todo.text
