"""Terms in one's own numbers, as forms take them: bounds, no limits, what leans on another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, said
from tests.web.reading import form_in
from tests.web.road import bid, posted

pytestmark = pytest.mark.asyncio


async def test_a_form_starts_from_the_operators_terms_as_soon_as_somebody_can_rule(
    browser: Browser, house: Housing
) -> None:
    house.app.house = replace(house.app.house, preset="balanced")
    emma = await house.person("emma")
    frank, project = await house.person("frank"), await posted(emma)
    placed = await bid(frank, project, "100.00")
    await browser.enter(emma.number)
    paths = [f"/bids/{placed['id']}/award", "/contracts/new", "/invitations/new"]
    for expected in ("classic", "balanced"):
        for path in paths:
            assert form_in(await browser.open(path)).values["terms"] == expected
        await house.person("grace", "arbiter")


async def test_an_award_takes_ones_own_numbers_and_names_the_one_that_is_wrong(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    frank, project = await house.person("frank"), await posted(emma)
    placed = await bid(frank, project, "100.00")
    await browser.enter(emma.number)
    path = f"/bids/{placed['id']}/award"
    form = form_in(await browser.open(path))
    assert form.values["terms.accept_seconds"] == "36"
    for text, told in {
        "": "This is required.",
        "1.5": "This is a whole number such as 14.",
        "11": "This is from 12 to 720.",
    }.items():
        values = {**form.values, "terms": "own", "terms.accept_seconds": text}
        page = await browser.post(path, values)
        assert page.status_code == 422
        assert f"Answered within, in hours: {told}" in said(page)
    own = {**form.values, "terms": "own", "terms.accept_seconds": "24"}
    for floor, told in {"": "Write both or neither", "15": "This is no more than"}.items():
        leaning = {"terms.review_seconds": "14", "terms.review_floor_seconds": floor}
        page = await browser.post(path, {**own, **leaning})
        assert page.status_code == 422
        field = "Never released sooner after a submission than, in days"
        assert f"{field}: {told}" in said(page)
    clocks = {"review_seconds": "14", "review_floor_seconds": "3", "undo_seconds": "10"}
    await browser.post(path, {**own, **{f"terms.{name}": n for name, n in clocks.items()}})
    (contract,) = (await frank.seen("/v1/contracts"))["items"]
    terms = contract["terms"]
    assert terms["accept_seconds"] == 24 * 3_600
    assert (terms["review_seconds"], terms["review_floor_seconds"]) == (14 * 86_400, 3 * 86_400)
    assert (terms["undo_seconds"], terms["overdue_seconds"]) == (600, None)
