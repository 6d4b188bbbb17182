"""Forms about money: what was typed is kept, and whatever is wrong is said at its field."""

from __future__ import annotations

from urllib.parse import quote

import httpx
import pytest
from tests.http.house import Housing, Json, Person, agreed, usd
from tests.web.browser import Browser, errors_of, said
from tests.web.deals import books_of, checked, confirmed, typed
from tests.web.reading import Node, code_in, facts_in, form_in, main_of, tree

pytestmark = pytest.mark.asyncio


async def emma_s(
    house: Housing, browser: Browser, *amounts: str
) -> tuple[Person, Json, list[Json]]:
    """An employer with a contract, at their browser."""
    emma, _, contract, milestones = await agreed(house, *amounts)
    await browser.enter(emma.number)
    return emma, contract, milestones


def field_of(page: httpx.Response, name: str) -> Node:
    """The box of a field, which says itself whether it is wrong."""
    (found,) = [n for n in main_of(page).every() if n.attributes.get("name") == name]
    return found


def must_name(page: httpx.Response, field: str, text: str) -> None:
    """The error stands above, with a link to the field, and at the field."""
    assert page.status_code == 422
    assert said(page).startswith("Error: ")
    place = field.replace(".", "-")
    (link,) = main_of(page).one("div", role="alert").every("a")
    assert (link.attributes["href"], text in link.text) == (f"#{place}", True), link
    box = field_of(page, field)
    assert box.attributes["id"] == place
    assert box.attributes["aria-invalid"] == "true"
    assert f"{place}-error" in box.attributes["aria-describedby"].split()
    assert text in main_of(page).one("p", id=f"{place}-error").text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1,5", "Did you mean 1.50?"),
        ("12.345,00", "Did you mean 12,345.00?"),
        ("0.001", "more decimals than USD has"),
        ("forty", "Write an amount like 250.00."),
        ("EUR 40", "Write an amount like 250.00."),
        ("-1.00", "Write an amount like 250.00."),
        ("9" * 20, "more than one amount may be"),
        ("", "This is required."),
        ("0.00", "must be more than zero"),
        ("100.01", "is held"),
    ],
)
async def test_a_wrong_amount_is_kept_and_said_at_its_field(
    browser: Browser, house: Housing, amount: str, text: str
) -> None:
    _, _, (milestone,) = await emma_s(house, browser, "100.00")
    before = await books_of(house)
    path = f"/milestones/{milestone['id']}/release"
    page = await typed(browser, path, how="part", amount=amount)
    must_name(page, "amount", text)
    assert form_in(page).values["amount"] == amount
    assert form_in(page).values["how"] == "part"
    assert await books_of(house) == before


@pytest.mark.parametrize("amount", ["40", "40.00", " USD 40.00 ", "$40"])
async def test_an_amount_is_read_as_people_write_it(
    browser: Browser, house: Housing, amount: str
) -> None:
    _, _, (milestone,) = await emma_s(house, browser, "100.00")
    path = f"/milestones/{milestone['id']}/release"
    check = await checked(browser, path, how="part", amount=amount)
    assert form_in(check).button == "Release USD 40.00 to frank"


async def test_all_of_it_is_asked_for_whatever_stands_in_the_box(
    browser: Browser, house: Housing
) -> None:
    _, _, (milestone,) = await emma_s(house, browser, "100.00")
    path = f"/milestones/{milestone['id']}/release"
    check = await checked(browser, path, how="full", amount="1,5")
    assert form_in(check).button == "Release USD 100.00 to frank"


async def test_who_has_too_little_is_told_how_much_is_missing(
    browser: Browser, house: Housing
) -> None:
    _, contract, _ = await emma_s(house, browser)
    before = await books_of(house)
    page = await typed(
        browser,
        f"/contracts/{contract['id']}/fund",
        milestones__0__description="A large piece",
        milestones__0__amount="1,000.01",
    )
    assert (page.status_code, code_in(page)) == (422, "not_enough_money")
    (error,) = errors_of(page)
    assert "You have USD 1,000.00; USD 0.01 more is needed. Nothing moved." in error
    must_name(page, "milestones.0.amount", "USD 0.01 more is needed.")
    back = quote(f"/contracts/{contract['id']}/fund", safe="")
    assert f"/deposit?currency=USD&amount=0.01&then={back}" in main_of(page).hrefs
    assert form_in(page).values["milestones.0.amount"] == "1,000.01"
    assert await books_of(house) == before


async def test_a_deposit_of_what_is_missing_begins_in_its_currency(
    browser: Browser, house: Housing
) -> None:
    await browser.enter((await house.person("emma")).number)
    assert form_in(await browser.open("/deposit", currency="JPY")).values["currency"] == "JPY"


async def test_several_lines_are_funded_at_once_and_blank_ones_are_skipped(
    browser: Browser, house: Housing
) -> None:
    emma, contract, _ = await emma_s(house, browser)
    lines = {
        "milestones__0__description": "The first",
        "milestones__0__amount": "100.00",
        "milestones__1__description": "  ",
        "milestones__1__amount": "",
        "milestones__2__description": "The third",
        "milestones__2__amount": "50",
        "milestones__2__due_at": "2199-12-31",
    }
    check = await checked(browser, f"/contracts/{contract['id']}/fund", **lines)
    assert form_in(check).button == "Set USD 150.00 aside for frank"
    facts = facts_in(check)
    assert facts["1. The first"] == "USD 100.00"
    assert facts["2. The third (due 31 Dec 2199)"] == "USD 50.00"
    assert "USD 850.00" in facts["Your wallet afterwards"]
    await confirmed(browser, check)
    made = (await emma.seen("/v1/milestones"))["items"]
    assert [(m["description"], m["held"]["amount"]) for m in made] == [
        ("The third", "50.00"),
        ("The first", "100.00"),
    ]


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("amount", "1,5", "Did you mean 1.50?"),
        ("amount", "", "This is required."),
        ("amount", "0", "must be more than zero"),
        ("description", "", "This is required."),
        ("due_at", "tomorrow", "This is a date such as 2026-12-24."),
        ("due_at", "2001-01-01", "must be in the future"),
    ],
)
async def test_an_error_names_the_line_that_it_is_in(
    browser: Browser, house: Housing, field: str, text: str, told: str
) -> None:
    """The second line is blank, so for the rules the third is the second."""
    _, contract, _ = await emma_s(house, browser)
    lines = {
        "milestones.0.description": "The first",
        "milestones.0.amount": "100.00",
        "milestones.1.description": "",
        "milestones.1.amount": "",
        "milestones.2.description": "The third",
        "milestones.2.amount": "50",
        "milestones.2.due_at": "",
        f"milestones.2.{field}": text,
    }
    page = await typed(browser, f"/contracts/{contract['id']}/fund", **lines)
    must_name(page, f"milestones.2.{field}", told)
    assert {**form_in(page).values, **lines} == form_in(page).values


async def test_no_line_at_all_is_said_at_the_first(browser: Browser, house: Housing) -> None:
    _, contract, _ = await emma_s(house, browser)
    page = await typed(browser, f"/contracts/{contract['id']}/fund")
    must_name(page, "milestones.0.description", "Fill in one line at least.")


async def test_add_another_adds_a_line_and_keeps_everything(
    browser: Browser, house: Housing
) -> None:
    _, contract, _ = await emma_s(house, browser)
    path = f"/contracts/{contract['id']}/fund"
    kept = {
        "milestones.0.description": "Half of\na sentence",
        "milestones.0.amount": "not yet",
        "milestones.0.due_at": "2199-01-01",
    }
    page = await typed(browser, path, **kept, add="milestones")
    assert (page.status_code, errors_of(page)) == (200, [])
    form = form_in(page)
    assert {**form.values, **kept} == form.values
    assert {"milestones.1.description", "milestones.1.amount"} <= form.names
    assert "milestones.2.amount" not in form.names
    page = await browser.post(path, {**form.values, "add": "milestones"})
    assert "milestones.2.amount" in form_in(page).names
    assert form_in(page).values["key"] == form.values["key"]


async def test_a_form_shows_what_there_is_to_spend(browser: Browser, house: Housing) -> None:
    _, contract, _ = await emma_s(house, browser, "400.00")
    page = await browser.open(f"/contracts/{contract['id']}/fund")
    assert "Available in your wallet: USD 600.00" in said(page)


async def test_what_has_no_form_now_says_why_in_its_place(browser: Browser, house: Housing) -> None:
    _, _, (milestone,) = await emma_s(house, browser, "100.00")
    page = await browser.open(f"/milestones/{milestone['id']}/cancel")
    assert (page.status_code, code_in(page)) == (403, "not_your_part")
    assert "Only frank, the freelancer, can do this." in said(page)
    assert not list(main_of(page).every("form"))


async def test_a_verb_that_there_is_not_is_no_page(browser: Browser, house: Housing) -> None:
    _, _, (milestone,) = await emma_s(house, browser, "100.00")
    for verb in ("refund", "Release", "release_all", "milestone.release"):
        page = await browser.open(f"/milestones/{milestone['id']}/{verb}")
        assert page.status_code == 404


async def test_what_the_address_brings_is_only_filled_in(browser: Browser, house: Housing) -> None:
    """A link can fill in a form; it can neither send it nor tick anything."""
    _, _, (milestone,) = await emma_s(house, browser, "100.00")
    before = await books_of(house)
    path = f"/milestones/{milestone['id']}/release"
    page = await browser.open(path, how="part", amount="1.00", ok="1")
    assert form_in(page).values["amount"] == "1.00"
    assert await books_of(house) == before
    check = await checked(browser, f"{path}?how=part&amount=1.00&ok=1")
    assert "ok" not in form_in(check).values
    assert tree(check).one("input", name="ok").attributes["type"] == "checkbox"


async def test_a_mistyped_iban_is_said_at_its_field(browser: Browser, house: Housing) -> None:
    emma, _, _ = await emma_s(house, browser)
    page = await typed(
        browser,
        "/withdraw",
        amount="10.00",
        currency="USD",
        destination__type="iban",
        destination__account="DE89 3704 0044 0532 0130 01",
        destination__name="Emma",
    )
    must_name(page, "destination.account", "its check digits are wrong")
    to = {"type": "iban", "account": "DE00", "name": "Emma"}
    body = {"gateway": "sandbox", "amount": usd("10.00"), "destination": to}
    refused = (await emma.post("/v1/withdrawals", body)).json()
    assert (refused["code"], refused["status"]) == ("not_an_iban", 422)
    assert [each["path"] for each in refused["errors"]] == ["/destination/account"]


async def test_what_is_short_of_a_withdrawal_is_said_at_its_amount(
    browser: Browser, house: Housing
) -> None:
    """In the currency that was chosen, which stands in no other place that could say another."""
    await emma_s(house, browser)
    values = {"amount": "500", "destination__type": "sandbox", "destination__name": "Emma"}
    page = await typed(browser, "/withdraw", currency="JPY", **values)
    must_name(page, "amount", "You have JPY 0; JPY 500 more is needed. Nothing moved.")
    assert form_in(page).values["currency"] == "JPY"
    assert not list(main_of(page).every("span", class_="prefix"))


async def test_the_currency_with_most_money_is_chosen_before(
    browser: Browser, house: Housing
) -> None:
    emma, _, _ = await emma_s(house, browser)
    await house.rich(emma, "1.00", "EUR")
    await house.rich(emma, "5000.00", "ZAR")
    for path in ("/withdraw", "/deposit", "/contracts/new"):
        assert form_in(await browser.open(path)).values["currency"] == "ZAR"


async def test_a_sandbox_account_is_named_by_its_day_whatever_else_was_typed(
    browser: Browser, house: Housing
) -> None:
    """Its own box is hidden then, and may still hold what was typed before."""
    await emma_s(house, browser)
    values = {"destination__type": "sandbox", "destination__account": "DE89", "amount": "10"}
    values |= {"currency": "USD", "destination__name": "Emma", "destination__day": "fail"}
    check = await checked(browser, "/withdraw", **values)
    assert facts_in(check)["Destination"] == "Sandbox account: A failed payment · Emma"


async def test_what_comes_too_early_says_what_it_waits_for(
    browser: Browser, house: Housing
) -> None:
    _, _, (milestone,) = await emma_s(house, browser, "100.00")
    page = await browser.open(f"/milestones/{milestone['id']}/request-changes")
    assert (page.status_code, code_in(page)) == (409, "wrong_status")
    assert "Not submitted yet. This milestone is funded, and not submitted yet." in said(page)
    assert main_of(page).hrefs == [f"/milestones/{milestone['id']}"]
