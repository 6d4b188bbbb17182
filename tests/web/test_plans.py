"""Plans on pages: written in the form of a funding, looked at, agreed to, paid, and objected to."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import httpx
import pytest
from tests.http.house import CLOCKED, Housing, Json, Person, agreed, usd
from tests.http.test_tranches import planned
from tests.web.browser import Browser, errors_of, said
from tests.web.deals import checked, confirmed, typed, wallet
from tests.web.reading import Node, amount_in, facts_in, form_in, main_of, rows_in
from tests.web.road import awarded

from earnest import worker

pytestmark = pytest.mark.asyncio

#: Of 100.00: a third after ten days, a third after twenty, and the rest is kept back for thirty.
WRITTEN: Final = {
    "milestones__0__description": "In tranches",
    "milestones__0__amount": "100.00",
    "milestones__0__plan__how": "parts",
    "milestones__0__plan__0__after_days": "10",
    "milestones__0__plan__0__percent": "33.33",
    "milestones__0__plan__1__after_days": "20",
    "milestones__0__plan__1__percent": "33,33",
    "milestones__0__plan__2__after_days": "30",
    "milestones__0__plan__2__percent": "33.34 %",
}
AT: Final = "milestones.0.plan"


def lines_of(page: httpx.Response) -> list[tuple[str, str]]:
    """Of each tranche its amount, and what becomes of it."""
    found = rows_in(page, "The tranches")
    return [(amount_in(cells[1]), _becomes(cells[0])) for cells in found]


def _becomes(head: Node) -> str:
    return head.one("span", class_="meta").text


async def contract(house: Housing, browser: Browser) -> tuple[Person, Person, str, Json]:
    """Emma pays and Frank works; she is at the browser."""
    emma, frank, found, _ = await agreed(house, terms=CLOCKED)
    await house.rich(emma, "500.00")
    await browser.enter(emma.number)
    return emma, frank, f"/contracts/{found['id']}", found


async def test_a_plan_is_written_looked_at_and_made(house: Housing, browser: Browser) -> None:
    emma, _, path, _ = await contract(house, browser)
    check = await checked(browser, f"{path}/fund", **WRITTEN)
    lines = lines_of(check)
    assert [amount for amount, _ in lines] == ["33.33", "33.33", "33.34"]
    assert lines[0][1] == "Released on its date, once frank agrees"
    assert lines[2][1].endswith("kept back until then")
    assert "It binds nobody until frank agrees to it" in said(check)
    picture = main_of(check).one("svg", role="img").attributes["aria-label"]
    assert "3 tranches" in picture
    await confirmed(browser, check)
    (made,) = (await emma.seen("/v1/milestones"))["items"]
    assert [each["amount"] for each in made["plan"]] == [usd("33.33"), usd("33.33"), usd("33.34")]
    assert [each["retention"] for each in made["plan"]] == [False, False, True]
    page = await browser.open(f"/milestones/{made['id']}")
    assert lines_of(page) == lines


async def test_who_releases_by_hand_writes_no_plan(house: Housing, browser: Browser) -> None:
    """What was typed of a plan stays in the form, and is not sent while it is not wanted."""
    emma, _, path, _ = await contract(house, browser)
    form = form_in(await browser.open(f"{path}/fund"))
    assert form.values[f"{AT}.how"] == "whole"
    whole = {**WRITTEN, "milestones__0__plan__how": "whole"}
    check = await checked(browser, f"{path}/fund", **whole)
    assert rows_in(check, "The tranches") == []
    await confirmed(browser, check)
    (made,) = (await emma.seen("/v1/milestones"))["items"]
    assert made["plan"] is None


async def test_dates_and_amounts_are_written_instead(house: Housing, browser: Browser) -> None:
    emma, _, path, _ = await contract(house, browser)
    now = await house.app.database.now()
    days = [(now + timedelta(days=each)).date().isoformat() for each in (10, 20)]
    other = {
        "milestones__0__plan__when": "dates", "milestones__0__plan__share": "amounts",
        "milestones__0__plan__0__at": days[0], "milestones__0__plan__0__amount": "60",
        "milestones__0__plan__1__at": days[1], "milestones__0__plan__1__amount": "40.00",
    }  # fmt: skip
    await confirmed(browser, await checked(browser, f"{path}/fund", **{**WRITTEN, **other}))
    (made,) = (await emma.seen("/v1/milestones"))["items"]
    assert [each["amount"] for each in made["plan"]] == [usd("60.00"), usd("40.00")]
    assert [each["at"][:19] for each in made["plan"]] == [f"{day}T23:59:59" for day in days]
    assert not made["plan"][1]["retention"]


WRONG: Final = [
    (
        {"after_days": ("1", "2", ""), "percent": ("50", "40", "")},
        AT,
        "The tranches add up to 90.00 %, and not to 100 %.",
    ),
    ({"percent": ("fifty", "50", "")}, f"{AT}.0.percent", "This is a percentage such as 12.5."),
    ({"percent": ("100.5", "", "")}, f"{AT}.0.percent", "This is a percentage such as 12.5."),
    ({"percent": ("50", "", "50")}, f"{AT}.1.percent", "This is required."),
    ({"after_days": ("", "20", "30")}, f"{AT}.0.after_days", "This is required."),
    ({"after_days": ("20", "10", "30")}, f"{AT}.1.after_days", "later than the tranche before"),
    ({"after_days": ("0", "10", "30")}, f"{AT}.0.after_days", "from 1 to"),
    ({"after_days": ("10", "", ""), "percent": ("100", "", "")}, AT, "There must be 2 at least."),
    ({"after_days": ("", "", ""), "percent": ("", "", "")}, f"{AT}.0.after_days", "Fill in"),
    (
        {"after_days": ("", "20", "10"), "percent": ("", "50", "50")},
        f"{AT}.2.after_days",
        "later than the tranche before",
    ),
]


@pytest.mark.parametrize(("lines", "field", "text"), WRONG)
async def test_what_is_wrong_with_a_plan_is_said_at_its_field(
    lines: dict[str, tuple[str, str, str]],
    field: str,
    text: str,
    house: Housing,
    browser: Browser,
) -> None:
    _, _, path, _ = await contract(house, browser)
    bad = {
        f"milestones__0__plan__{line}__{name}": each
        for name, texts in lines.items()
        for line, each in enumerate(texts)
    }
    page = await typed(browser, f"{path}/fund", **{**WRITTEN, **bad})
    assert page.status_code == 422
    assert any(text in each for each in errors_of(page)), errors_of(page)
    id = field.replace(".", "-")  # noqa: A001
    wanted = f"{id}-how-error" if field == AT else f"{id}-error"
    assert text in main_of(page).one("p", id=wanted).text
    values = form_in(page).values
    assert values[f"{AT}.how"] == "parts"
    for name, each in {**WRITTEN, **bad}.items():
        assert values[name.replace("__", ".")] == each, "what was typed stays"


async def test_lines_are_added_removed_split_and_added_up_by_buttons(
    house: Housing, browser: Browser
) -> None:
    _, _, path, _ = await contract(house, browser)
    page = await typed(browser, f"{path}/fund", **WRITTEN, **{"add-tranche": AT})
    values = dict(form_in(page).values)
    assert [values[f"{AT}.{n}.after_days"] for n in range(4)] == ["10", "20", "", "30"]
    assert [f"{AT}.{n}.retention" in values for n in range(4)] == [False, False, False, True]
    page = await browser.post(f"{path}/fund", {**values, "split-plan": AT})
    values = dict(form_in(page).values)
    percents = [values[f"{AT}.{n}.percent"] for n in range(4)]
    assert percents == ["22.22", "22.22", "22.22", "33.34 %"]
    assert "That is all of the milestone." in said(page)
    page = await browser.post(f"{path}/fund", {**values, "remove-tranche": f"{AT}.0"})
    values = dict(form_in(page).values)
    assert [values[f"{AT}.{n}.after_days"] for n in range(3)] == ["20", "", "30"]
    assert f"{AT}.3.percent" not in values
    assert "22.22 % is missing." in said(page)
    values[f"{AT}.share"] = "amounts"
    page = await browser.post(f"{path}/fund", {**values, "split-plan": AT})
    values = dict(form_in(page).values)
    assert [values[f"{AT}.{n}.amount"] for n in range(3)] == ["50.00", "50.00", ""]


async def test_at_most_so_many_lines_and_no_button_for_more(
    house: Housing, browser: Browser
) -> None:
    _, _, path, _ = await contract(house, browser)
    page = await typed(browser, f"{path}/fund", **WRITTEN)
    values = {name.replace("__", "."): each for name, each in WRITTEN.items()}
    page = await browser.open(f"{path}/fund")
    values = {**form_in(page).values, **values}
    for _ in range(25):
        page = await browser.post(f"{path}/fund", {**values, "add-tranche": AT})
        values = dict(form_in(page).values)
    assert f"{AT}.23.percent" in values
    assert f"{AT}.24.percent" not in values
    assert "Add a tranche" not in said(page)


async def test_the_freelancer_agrees_to_exactly_what_is_spelled_out(
    house: Housing, browser: Browser
) -> None:
    _, frank, contract_, made = await planned(house)
    path = f"/milestones/{made['id']}"
    await browser.enter(frank.number)
    assert "Agree to the dates" in said(await browser.open(path))
    needs = main_of(await browser.open("/finances"))
    waits = needs.one("a", href=f"{path}/agree")
    assert waits.text.startswith("Answer")
    assert "in tranches" in needs.text
    form = await browser.open(f"{path}/agree")
    assert [amount for amount, _ in lines_of(form)] == ["40.00", "30.00", "30.00"]
    fate = main_of(form).one("div", class_="fate").text
    assert "USD 40.00 is released to you on" in fate.replace("\xa0", " ")
    page = await browser.follow(await typed(browser, f"{path}/agree"))
    assert [each for _, each in lines_of(page)] == [
        "Next: released on its date",
        "Released on its date",
        "Released on its date · kept back until then",
    ]
    assert f"{path}/agree" not in main_of(await browser.open("/finances")).hrefs
    listed = said(await browser.open(f"/contracts/{contract_['id']}")).replace("\xa0", " ")
    assert "Next: USD 40.00 released to you on" in listed
    listed = said(await browser.open("/contracts")).replace("\xa0", " ")
    assert "Next: USD 40.00 released to you on" in listed


async def test_who_accepts_a_contract_sees_its_plans_and_they_bind(
    house: Housing, browser: Browser
) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await house.rich(emma, "100.00")
    offer = {"freelancer": frank.id, "currency": "USD", "terms": CLOCKED}
    found = await emma.done("/v1/contracts", offer)
    await browser.enter(emma.number)
    path = f"/contracts/{found['id']}"
    await confirmed(browser, await checked(browser, f"{path}/fund", **WRITTEN))
    await browser.enter(frank.number)
    form = await browser.open(f"{path}/accept")
    assert [amount for amount, _ in lines_of(form)] == ["33.33", "33.33", "33.34"]
    walk = main_of(form).one("section", id="walk").text
    assert "The date of a tranche comes, of a plan that both agreed to" in walk
    await typed(browser, f"{path}/accept", ok="1")
    (made,) = (await frank.seen("/v1/milestones"))["items"]
    assert made["plan_agreed_at"]


async def test_the_employer_objects_to_a_part_and_the_rest_is_paid(
    house: Housing, browser: Browser
) -> None:
    emma, frank, _, made = await planned(house)
    path = f"/milestones/{made['id']}"
    await browser.enter(emma.number)
    assert "Object" not in [each.text for each in main_of(await browser.open(path)).every("a")]
    await frank.done(f"/v1{path}/agree", {"hash": made["agreement_hash"]})
    links = [href for href in main_of(await browser.open(path)).hrefs if href.endswith("/object")]
    assert len(links) == 3
    form = form_in(await browser.open(links[0]))
    assert form.values["amount"] == "40.00"
    wrong = await typed(browser, links[0], amount="40.01", reason="Half is missing.")
    assert errors_of(wrong) == ["Amount: This tranche will pay USD 40.00."]
    check = await checked(browser, links[0], amount="15.00", reason="Half is missing.")
    facts = {name: text.replace("\xa0", " ") for name, text in facts_in(check).items()}
    assert (facts["For frank"], facts["For emma"]) == ("USD 0.00", "USD 15.00")
    assert facts["Frozen"] == "USD 15.00"
    (on_time,) = [each for each in facts if each.startswith("Still released on")]
    assert facts[on_time] == "USD 25.00"
    button = form_in(check).button.replace("\xa0", " ")
    assert button == "Freeze USD 15.00 of what frank would be paid"
    receipt = await confirmed(browser, check)
    (room,) = {each for each in main_of(receipt).hrefs if each.startswith("/disputes/")}
    assert "Tranche 1 of 3" in said(await browser.open(room))
    await worker.advance(house.app, timedelta(days=10))
    assert await wallet(frank) == "25.00"
    page = await browser.open(path)
    paid = [(amount, each.replace("\xa0", " ")) for amount, each in lines_of(page)]
    assert paid[0] == ("25.00", "USD 25.00 released, USD 15.00 objected to")
    assert paid[1][1].startswith("Next: released on its date")


async def test_a_plan_that_nobody_agreed_to_binds_nobody(house: Housing, browser: Browser) -> None:
    emma, frank, _, made = await planned(house)
    await worker.advance(house.app, timedelta(days=11))
    await browser.enter(emma.number)
    page = await browser.open(f"/milestones/{made['id']}")
    assert {each for _, each in lines_of(page)} >= {"Never: frank had not agreed by the first date"}
    await browser.enter(frank.number)
    page = await browser.open(f"/milestones/{made['id']}/agree")
    assert page.status_code == 409


async def test_what_uses_up_the_last_tranches_is_seen(house: Housing, browser: Browser) -> None:
    emma, frank, _, made = await planned(house)
    path = f"/milestones/{made['id']}"
    await frank.done(f"/v1{path}/agree", {"hash": made["agreement_hash"]})
    await frank.done(f"/v1{path}/cancel", {"amount": usd("45.00")})
    await browser.enter(emma.number)
    lines = lines_of(await browser.open(path))
    assert [amount for amount, _ in lines] == ["40.00", "15.00", "0.00"]
    assert lines[2][1].startswith("Nothing is left for it")


async def test_a_tranche_leads_to_its_plan_and_strangers_nowhere(
    house: Housing, browser: Browser
) -> None:
    emma, _, _, made = await planned(house)
    path = f"/tranches/{made['plan'][0]['tranche_id']}"
    await browser.enter(emma.number)
    answer = await browser.open(path)
    assert answer.headers["location"] == f"/milestones/{made['id']}#plan"
    await browser.enter((await house.person("xavier")).number)
    assert (await browser.open(path)).status_code == 404
    assert (await browser.open(f"{path}/object")).status_code == 404


async def test_of_very_many_milestones_only_wanted_plans_have_fields(
    house: Housing, browser: Browser
) -> None:
    """Without that a form would have more fields than are read of one."""
    _, _, path, _ = await contract(house, browser)
    many = {f"milestones.{place}.description": "Work" for place in range(20)}
    await browser.open(f"{path}/fund")
    page = await browser.send(f"{path}/fund", {**many, "add": "milestones"})
    assert f"{AT}.0.percent" not in form_in(page).names
    values = {**form_in(page).values, "milestones.3.plan.how": "parts"}
    page = await browser.post(f"{path}/fund", {**values, "sum-plan": "1"})
    assert f"{AT}.0.percent" not in form_in(page).names
    assert "milestones.3.plan.2.percent" in form_in(page).names


async def test_what_a_bid_proposed_is_created_with_a_plan(house: Housing, browser: Browser) -> None:
    """One that is not ticked may say of its plan what it will."""
    emma, _, _, found = await awarded(house, "250.00", "100.00")
    await browser.enter(emma.number)
    path = f"/contracts/{found['id']}/create-milestones"
    values = {
        **form_in(await browser.open(path)).values,
        "milestones.0.plan.how": "parts", "milestones.0.plan.0.percent": "nothing",
        "milestones.1.plan.how": "parts", "milestones.1.plan.share": "amounts",
        "milestones.1.plan.0.after_days": "5", "milestones.1.plan.0.amount": "70.00",
        "milestones.1.plan.2.after_days": "9", "milestones.1.plan.2.amount": "20.00",
    }  # fmt: skip
    del values["take.0"]
    wrong = await browser.post(path, values)
    assert [each.replace("\xa0", " ") for each in errors_of(wrong)] == [
        "Milestone 2, tranche: The tranches add up to USD 90.00, and the milestone is USD 100.00."
    ]
    assert "add up" in main_of(wrong).one("p", id="milestones-1-plan-how-error").text
    folded = [each.attributes for each in main_of(wrong).every("details", class_="ticks plan-of")]
    assert ["open" in each for each in folded] == [True, True]
    page = await browser.post(path, {**values, "split-plan": "milestones.1.plan"})
    amounts = [form_in(page).values[f"milestones.1.plan.{n}.amount"] for n in range(3)]
    assert amounts == ["40.00", "40.00", "20.00"]
    values = {**form_in(page).values, "milestones.1.plan.1.after_days": "7"}
    assert "take.0" not in values
    check = await browser.follow(await browser.post(path, values))
    assert [amount for amount, _ in lines_of(check)] == ["40.00", "40.00", "20.00"]
    await confirmed(browser, check)
    (made,) = (await emma.seen("/v1/milestones"))["items"]
    assert made["plan"][2]["retention"]


async def test_the_picture_has_a_bar_for_each_tranche_where_it_stands_in_time(
    house: Housing, browser: Browser
) -> None:
    emma, frank, _, made = await planned(house)
    await frank.done(f"/v1/milestones/{made['id']}/agree", {"hash": made["agreement_hash"]})
    second = made["plan"][1]["tranche_id"]
    await emma.done(f"/v1/tranches/{second}/object", {"amount": usd("15.00"), "reason": "Half."})
    await worker.advance(house.app, timedelta(days=15))
    await browser.enter(emma.number)
    page = main_of(await browser.open(f"/milestones/{made['id']}"))
    drawn = next(
        each
        for each in page.every("svg", role="img")
        if "was released" in each.attributes["aria-label"]
    )
    bars = [list(each.every("rect")) for each in drawn.every("svg")]
    assert [[each.attributes["class"] for each in bar] for bar in bars] == [
        ["paid"], ["next", "off"], ["kept"], ["now"],
    ]  # fmt: skip
    places = [each.attributes["x"] for each in drawn.every("svg")]
    assert [place.partition(".")[0].rstrip("%") for place in places] == ["33", "66", "100", "50"]
    heights = [int(bar[0].attributes["height"]) for bar in bars[:3]]
    assert heights == [40, 30, 30]
    assert int(bars[1][1].attributes["height"]) == 15
    assert "USD 40.00 of USD 100.00 was released" in drawn.attributes["aria-label"].replace(
        "\xa0", " "
    )
