"""Reviews on the page of a contract: five criteria, hidden at first, and both once both are in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from tests.http.house import Housing, Json, Person
from tests.web.browser import Browser, errors_of, said
from tests.web.deals import deal, typed
from tests.web.reading import code_in, form_in, main_of

from earnest import worker

pytestmark = pytest.mark.asyncio

STARS = {
    "ratings__quality": "5",
    "ratings__communication": "4",
    "ratings__fairness": "5",
    "ratings__punctuality": "3",
    "ratings__again": "5",
}
RATINGS = {name.partition("__")[2]: int(value) for name, value in STARS.items()}


async def ended(house: Housing, browser: Browser) -> tuple[Person, Person, Json, str]:
    """A contract that paid and has ended; its employer is at the browser."""
    emma, frank, contract, (milestone,) = await deal(house, browser, "10.00")
    await emma.done(f"/v1/milestones/{milestone['id']}/release")
    await emma.done(f"/v1/contracts/{contract['id']}/end")
    return emma, frank, contract, f"/contracts/{contract['id']}"


async def card(browser: Browser, page: str) -> str:
    return main_of(await browser.open(page)).one("section", id="reviews").text


async def test_an_ended_contract_invites_both_to_review(browser: Browser, house: Housing) -> None:
    emma, frank, _, page = await ended(house, browser)
    for who, other in ((emma, "frank"), (frank, "emma")):
        await browser.enter(who.number)
        assert f"How was it to work with {other} ?" in await card(browser, page)
        assert f"{page}/give-review" in main_of(await browser.open(page)).hrefs
        todo = main_of(await browser.open("/finances")).one("section", id="todo")
        assert f"How was it to work with {other} ?" in todo.text
        assert f"{page}/give-review" in todo.hrefs


async def test_a_contract_that_goes_on_has_no_reviews(browser: Browser, house: Housing) -> None:
    _, _, contract, _ = await deal(house, browser, "10.00")
    page = main_of(await browser.open(f"/contracts/{contract['id']}"))
    assert list(page.every("section", id="reviews")) == []
    refused = await browser.open(f"/contracts/{contract['id']}/give-review")
    assert (refused.status_code, code_in(refused)) == (409, "wrong_status")


async def test_points_are_chosen_without_a_script(browser: Browser, house: Housing) -> None:
    emma, _, contract, page = await ended(house, browser)
    form = main_of(await browser.open(f"{page}/give-review"))
    assert f"Contract {contract['id']}" in form.text, "two people may have several"
    for criterion in ("Quality", "Communication", "Fairness", "Punctuality"):
        (group,) = [
            each
            for each in form.every("fieldset")
            if [legend.text for legend in each.every("legend")] == [criterion]
        ]
        points = [each.attributes["value"] for each in group.every("input", type="radio")]
        assert points == ["1", "2", "3", "4", "5"]
    answer = await typed(browser, f"{page}/give-review", **STARS, text="Clear, on time.")
    assert answer.is_redirect, errors_of(answer)
    assert answer.headers["location"].startswith(page)
    (given,) = (await emma.seen("/v1/reviews", contract=contract["id"]))["items"]
    assert (given["ratings"], given["text"]) == (RATINGS, "Clear, on time.")
    again = await browser.open(f"{page}/give-review")
    assert (again.status_code, code_in(again)) == (409, "already_reviewed")


async def test_every_criterion_that_is_left_out_is_named(browser: Browser, house: Housing) -> None:
    _, _, _, page = await ended(house, browser)
    given = {name: value for name, value in STARS.items() if "quality" not in name}
    answer = await typed(browser, f"{page}/give-review", **given, text="Kept.")
    assert (answer.status_code, errors_of(answer)) == (422, ["Quality: This is required."])
    form = form_in(answer)
    assert (form.values["text"], form.values["ratings.again"]) == ("Kept.", "5")
    answer = await browser.post(form.action, {**form.values, "ratings.quality": "6"})
    assert answer.status_code == 422
    assert await house.value("SELECT count(*) FROM reviews") == 0


async def test_a_review_is_hidden_until_both_are_in(browser: Browser, house: Housing) -> None:
    emma, frank, contract, page = await ended(house, browser)
    await typed(browser, f"{page}/give-review", **STARS, text="Clear, on time.")
    mine = await card(browser, page)
    assert "Your review is in. It is hidden until both are in, or until" in mine
    assert "Clear, on time." in mine
    await browser.enter(frank.number)
    theirs = said(await browser.open(page))
    assert "Clear, on time." not in theirs
    assert "Review given" not in theirs
    body = {"contract_id": contract["id"], "ratings": RATINGS, "text": "Paid at once."}
    await frank.done("/v1/reviews", body)
    for who in (emma, frank):
        await browser.enter(who.number)
        both = await card(browser, page)
        assert re.search(
            r"emma about frank · \S+ \S+ \S+ 4\.4 of 5 Quality 5, Communication 4", both
        )
        assert "Clear, on time." in both
        assert "Paid at once." in both
        assert "hidden" not in both


async def test_after_ninety_days_nobody_is_asked_any_more(browser: Browser, house: Housing) -> None:
    emma, _, _, page = await ended(house, browser)
    await worker.advance(house.app, timedelta(days=90))
    await browser.enter(emma.number)
    assert "Nobody has given one that can be seen." in await card(browser, page)
    todo = main_of(await browser.open("/finances")).one("section", id="todo")
    assert "How was it" not in todo.text
