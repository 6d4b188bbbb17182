"""A person's page: figures as the API has them, each with its formula; and records elsewhere."""

from __future__ import annotations

import httpx
import pytest
from tests.http.house import Housing, Json, Person, agreed, usd
from tests.web.browser import SESSION, Browser, said
from tests.web.crowds import noted
from tests.web.reading import Node, code_in, main_of, tree
from tests.web.road import bid, posted

from earnest.core.reviews import GiveReview, Ratings
from earnest.http.web.profiles import REVIEWS_SHOWN
from earnest.words.reputation import COUNTED, FORMULAS, TITLES

pytestmark = pytest.mark.asyncio


async def paid(house: Housing) -> tuple[Person, Person, Json]:
    """Emma has paid Frank for one of two milestones, and the second in part; all has ended."""
    emma, frank, contract, (one, other) = await agreed(house, "100.00", "100.00")
    await emma.done(f"/v1/milestones/{one['id']}/release")
    await emma.done(f"/v1/milestones/{other['id']}/release", {"amount": usd("50.00")})
    await frank.done(f"/v1/milestones/{other['id']}/cancel")
    await emma.done(f"/v1/contracts/{contract['id']}/end")
    return emma, frank, contract


async def opened(browser: Browser, reader: Person, path: str) -> httpx.Response:
    await browser.enter(reader.number)
    page = await browser.open(path)
    assert page.status_code == 200, said(page)
    return page


def figures_in(part: Node) -> dict[str, list[str]]:
    """By title: what the figure is if it is one, and what it was counted of."""
    found: dict[str, list[str]] = {}
    for each in part.one("dl", class_=_class_of(part)).every("div"):
        told = [dd.text for dd in each.every("dd") if not next(dd.every("details"), None)]
        found[each.one("dt").text] = told
    return found


def _class_of(part: Node) -> str:
    return next(
        each.attributes["class"]
        for each in part.every("dl")
        if each.attributes.get("class", "").startswith("figures")
    )


async def test_a_page_shows_both_sides_with_what_each_figure_was_counted_of(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _ = await paid(house)
    page = main_of(await opened(browser, emma, f"/people/{frank.id}"))
    assert page.one("h1").text == "frank"
    assert figures_in(page.one("section", id="freelancer")) == {
        "Contracts": ["1", "1 of it ended, with 1 employer"],
        "Completion rate": ["0 %", "0 of 1 contract, with 1 employer"],
        "On time": ["No agreed due date has been met or missed yet."],
        "On budget": ["No contract that came of a bid has been completed yet."],
        "Hired again": ["0 %", "0 of 1 employer, with 1 employer"],
        "Earnings": ["USD 100.00 – 500.00", "in 1 contract, with 1 employer"],
        "Reviews": ["No review can be seen yet."],
    }
    assert "No history yet" in page.one("section", id="employer").text
    page = main_of(await opened(browser, frank, f"/people/{emma.id}"))
    found = figures_in(page.one("section", id="employer"))
    assert found["Released to freelancers"] == [
        "75 %",
        "of 2 milestones on average, with 1 freelancer",
    ]
    assert found["Disputes per 100 milestones"] == ["0.0", "0 of 2 milestones, with 1 freelancer"]
    assert found["Time to decide"] == ["No submitted work has been decided upon yet."]


async def test_every_figure_has_its_formula_beside_it(browser: Browser, house: Housing) -> None:
    emma, frank, _ = await paid(house)
    for who, side in ((frank, "freelancer"), (emma, "employer")):
        page = main_of(await opened(browser, frank, f"/people/{who.id}"))
        for each in page.one("section", id=side).one("dl", class_="figures").every("div"):
            (measure,) = (m for m, title in TITLES.items() if title == each.one("dt").text)
            assert each.one("details").one("p").text == FORMULAS[measure]
        assert COUNTED in page.text


async def test_a_newcomer_has_no_percentages_but_all_formulas(
    browser: Browser, house: Housing
) -> None:
    xavier = await house.person("xavier")
    page = main_of(await opened(browser, xavier, f"/people/{xavier.id}"))
    assert "%" not in page.text
    assert page.text.count("No history yet") == 2
    for formula in FORMULAS.values():
        assert formula in page.text
    assert "This is how others see you." in page.text
    assert f"/people/{xavier.id}" in tree(await browser.open("/settings")).hrefs
    assert next(page.every("ol", class_="bars year"), None) is None


async def test_the_history_says_in_numbers_what_its_bars_show(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _ = await paid(house)
    page = main_of(await opened(browser, emma, f"/people/{frank.id}"))
    months = list(page.one("section", id="freelancer").one("ol", class_="bars year").every("li"))
    assert [each.one("bdi").text for each in months] == ["0"] * 11 + ["2"]
    assert [each.one("svg").attributes["height"] for each in months] == ["0"] * 11 + ["64"]
    times = [each.one("time").attributes["datetime"] for each in months]
    assert times == sorted(times)
    assert len(set(times)) == 12


async def test_whoever_is_signed_in_reads_it_and_nobody_else(
    browser: Browser, house: Housing
) -> None:
    emma, sam = await house.person("emma"), await house.person("sam")
    page = main_of(await opened(browser, sam, f"/people/{emma.id}"))
    assert f"/contracts/new?freelancer={emma.id}" in page.hrefs
    for wrong in ("usr_0000000000001", "emma", "ms_0000000000001"):
        missing = await browser.open(f"/people/{wrong}")
        assert (missing.status_code, code_in(missing)) == (404, "not_found")
    browser.forget(SESSION)
    assert (await browser.open(f"/people/{emma.id}")).is_redirect


async def test_an_offer_begins_from_a_page(browser: Browser, house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    page = await opened(browser, emma, f"/people/{frank.id}")
    (offer,) = (h for h in main_of(page).hrefs if h.startswith("/contracts/new"))
    chosen = main_of(await browser.open(offer)).one("input", name="freelancer")
    assert chosen.attributes["value"] == frank.id


async def test_open_projects_are_shown_with_what_is_reserved(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    await house.rich(emma, "100.00")
    project = await posted(emma, title="A shop for bicycles")
    closed = await posted(emma, title="Nothing any more")
    await emma.done(f"/v1/projects/{project['id']}/reserve", {"amount": usd("30.00")})
    await emma.done(f"/v1/projects/{closed['id']}/close")
    page = main_of(await opened(browser, await house.person("sam"), f"/people/{emma.id}"))
    projects = page.one("section", id="projects")
    assert [each.text for each in projects.every("h3")] == ["A shop for bicycles"]
    assert "USD 30.00 reserved" in projects.text


async def reviewed(house: Housing, who: Person, contract: Json, text: str, *stars: int) -> None:
    review = GiveReview(contract["number"], Ratings(*stars), text)
    answer = await house.app.do(who.number, review, via="test")
    assert answer.problem is None, answer.problem


async def test_reviews_are_read_by_everybody_once_both_are_in(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract = await paid(house)
    sam = await house.person("sam")
    await reviewed(house, emma, contract, "On the spot.\nAlways.", 5, 4, 5, 4, 5)
    for who in (frank, emma, sam):
        hidden = await opened(browser, who, f"/people/{frank.id}")
        assert "On the spot." not in hidden.text
    await reviewed(house, frank, contract, "<b>Paid</b> at once.", 5, 5, 5, 5, 4)
    page = main_of(await opened(browser, sam, f"/people/{frank.id}"))
    review = page.one("section", id="reviews").one("article")
    assert review.one("p", class_="words").children == ["On the spot.\nAlways."]
    assert "4.6 of 5 Quality 5, Communication 4, Fairness 5" in review.text
    assert "emma the employer of that contract" in review.text
    assert figures_in(page.one("section", id="freelancer"))["Reviews"] == [
        "4.6 of 5", "1 review, with 1 employer",
    ]  # fmt: skip
    answer = await opened(browser, sam, f"/people/{emma.id}")
    assert "<b>Paid" not in answer.text
    assert "frank the freelancer of that contract" in main_of(answer).text


async def test_many_reviews_stand_on_several_pages(browser: Browser, house: Housing) -> None:
    emma, frank, contract = await paid(house)
    for who in (emma, frank):
        await reviewed(house, who, contract, "Review", 5, 5, 5, 5, 5)
    await house.app.database.pool.execute(MANY_REVIEWS, REVIEWS_SHOWN + 4)
    texts: list[str] = []
    path: str | None = f"/people/{frank.id}"
    costs: set[int] = set()
    await browser.enter(emma.number)
    while path:
        await browser.open(path)
        async with noted(house) as statements:
            page = main_of(await browser.open(path)).one("section", id="reviews")
        costs.add(len(statements))
        texts += [each.one("p", class_="words").text for each in page.every("article")]
        older = next(page.every("a", rel="next"), None)
        path = older.attributes["href"] if older is not None else None
    assert texts == [f"Review {n}" for n in range(REVIEWS_SHOWN + 4, 0, -1)] + ["Review"]
    assert len(costs) == 1
    assert (await browser.open(f"/people/{frank.id}?reviews=nonsense")).status_code == 200


#: Copies of the review of a freelancer, each of another contract.
MANY_REVIEWS = """
WITH copies AS (
    SELECT 1000000000000000000 + i AS id, i FROM generate_series(1, $1::int) i
), contracts_made AS (
    INSERT INTO contracts
    SELECT r.* FROM contracts c, copies, LATERAL jsonb_populate_record(
        c, jsonb_build_object('id', copies.id)
    ) r RETURNING id
), opened AS (
    INSERT INTO reviewed
    SELECT r.* FROM reviewed d, copies, LATERAL jsonb_populate_record(
        d, jsonb_build_object('contract_id', copies.id)
    ) r RETURNING contract_id
)
INSERT INTO reviews
SELECT r.* FROM reviews v JOIN contracts c ON c.id = v.contract_id
    AND c.freelancer_id = v.reviewed_id, copies, LATERAL jsonb_populate_record(
        v, jsonb_build_object('id', copies.id, 'contract_id', copies.id, 'text', 'Review ' || i)
    ) r
"""


async def test_a_name_of_a_script_is_text(browser: Browser, house: Housing) -> None:
    evil = await house.person("<script>alert(1)</script>")
    page = await opened(browser, evil, f"/people/{evil.id}")
    assert "<script>alert" not in page.text
    assert main_of(page).one("h1").text == "<script>alert(1)</script>"


# --- on other pages ----------------------------------------------------------------------------


async def test_projects_show_the_record_of_their_employer(browser: Browser, house: Housing) -> None:
    emma, frank, _ = await paid(house)
    project = await posted(emma)
    await posted(await house.person("nora"), title="Of somebody new")
    page = main_of(await opened(browser, frank, "/projects"))
    new, known = page.one("ul", class_="projects").every("li")
    assert "New here: no contract as an employer yet." in new.text
    assert figures_in(known)["Released to freelancers"][0] == "75 %"
    assert f"/people/{emma.id}" in known.hrefs
    page = main_of(await opened(browser, frank, f"/projects/{project['id']}"))
    record = figures_in(page.one("section", id="record"))
    assert record["Paid up front"] == ["100 %", "2 of 2 milestones, with 1 freelancer"]
    assert f"/people/{emma.id}" in page.one("section", id="record").hrefs


async def test_an_employer_reads_the_record_of_each_bidder(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _ = await paid(house)
    nora = await house.person("nora")
    project = await posted(emma)
    bids = [await bid(who, project, "100.00") for who in (frank, nora)]
    path = f"/projects/{project['id']}"
    page = await opened(browser, emma, path)
    new, known = main_of(page).one("ul", class_="bids").every("li")
    assert "New here: no contract as a freelancer yet." in new.text
    assert figures_in(known)["Completion rate"][0] == "0 %"
    assert f"/people/{frank.id}" in known.hrefs
    compared = await browser.open(f"{path}?compare.{bids[0]['id']}=1&compare.{bids[1]['id']}=1")
    cells = {
        line.one("th").text: [each.text for each in line.every("td")]
        for line in main_of(compared).one("table", class_="beside-each-other").every("tr")
        if next(line.every("th", scope="row"), None)
    }
    assert cells["Completion rate"][0].startswith("0 % 0 of 1 contract, with 1 employer")
    assert cells["Completion rate"][1].startswith("No contract has ended yet")
    page = await browser.open(f"/bids/{bids[0]['id']}")
    record = main_of(page).one("section", id="record")
    assert figures_in(record)["Completion rate"][1] == "0 of 1 contract, with 1 employer"


async def test_of_many_people_it_costs_the_statements_of_a_few(
    browser: Browser, house: Housing
) -> None:
    emma, _, _ = await paid(house)
    project = await posted(emma)
    paths = [f"/people/{emma.id}", "/projects", f"/projects/{project['id']}"]
    await browser.enter(emma.number)
    costs: list[list[int]] = []
    for count in (1, 15):
        for number in range(count):
            other = await house.person(f"other{count}{number}")
            await posted(other)
            await bid(other, project, "10.00")
        costs.append([])
        for path in paths:
            await browser.open(path)
            async with noted(house) as texts:
                await browser.open(path)
            costs[-1].append(len(texts))
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 20
