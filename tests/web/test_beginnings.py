"""First steps: asked once after signing up, derived from what is done, and gone when it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.http.house import Housing, Person, accepting, agreed, usd
from tests.web.browser import Browser, errors_of, said
from tests.web.reading import form_in, main_of

from earnest.store.beginnings import STEPS, Aim, Step
from earnest.words.beginnings import AIMS
from earnest.words.beginnings import STEPS as WORDS

pytestmark = pytest.mark.asyncio

ANA = {"name": "Ana Souza", "email": "ana@example.org", "password": "correct horse battery",
       "time_zone": "UTC"}  # fmt: skip


async def steps(browser: Browser) -> list[tuple[str, str]]:
    """The list on the dashboard: each step, and how it is."""
    found = next(main_of(await browser.open("/finances")).every("ol", class_="checklist"), None)
    if found is None:
        return []
    lines = found.every("li")
    return [(each.one("strong").text, each.attributes.get("class", "")) for each in lines]


async def came(browser: Browser, who: Person, aim: str) -> None:
    """Somebody at the browser says what they came to do."""
    await browser.enter(who.number)
    answer = await browser.send("/welcome", page="/welcome", aim=aim)
    assert answer.headers["location"] == "/finances"


async def test_every_step_has_its_words() -> None:
    assert set(AIMS) == set(Aim)
    assert [*WORDS] == [*Step] == [*STEPS[Aim.BOTH]]


async def test_who_has_signed_up_is_asked_what_they_came_to_do(
    browser: Browser, house: Housing
) -> None:
    house.app.config = replace(house.app.config, signup="open")
    answer = await browser.send("/signup", ANA, page="/signup")
    assert answer.headers["location"] == "/welcome"
    page = await browser.follow(answer)
    assert "Welcome. Your account is ready." in said(page)
    assert "/finances" in main_of(page).hrefs, "it can be skipped"
    page = await browser.send("/welcome")
    assert (page.status_code, len(errors_of(page))) == (422, 1)
    assert await steps(browser) == []
    page = await browser.follow(await browser.send("/welcome", page="/welcome", aim="hire"))
    assert "Your first steps" in said(page)


async def test_an_employer_s_steps_are_ticked_by_what_they_do(
    browser: Browser, house: Housing
) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    await came(browser, emma, "hire")
    titles = [WORDS[each].title for each in STEPS[Aim.HIRE]]

    async def done() -> int:
        found = await steps(browser)
        assert [title for title, _ in found] == titles
        states = [state for _, state in found]
        count = states.index("next")
        assert states == ["done"] * count + ["next"] + [""] * (len(states) - count - 1)
        return count

    assert await done() == 0
    await house.rich(emma, "100.00")
    assert await done() == 1
    offer = {"freelancer": frank.id, "currency": "USD", "terms": "classic"}
    contract = await emma.done("/v1/contracts", offer)
    assert await done() == 2
    path = f"/v1/contracts/{contract['id']}"
    lines = {"milestones": [{"description": "A step", "amount": usd("10.00")}]}
    (milestone,) = (await emma.done(f"{path}/fund", lines))["items"]
    assert await done() == 3
    await frank.done(f"{path}/accept", accepting(await frank.seen(path)))
    await emma.done(f"/v1/milestones/{milestone['id']}/release", {"amount": usd("1.00")})
    assert await steps(browser) == [], "all of it is done"


async def test_a_freelancer_s_steps_are_ticked_by_what_they_do(
    browser: Browser, house: Housing
) -> None:
    emma, frank, _, (milestone,) = await agreed(house, "10.00")
    await came(browser, frank, "work")
    states = [state for _, state in await steps(browser)]
    assert states == ["done", "done", "next", ""]
    path = f"/v1/milestones/{milestone['id']}"
    await frank.done(f"{path}/submit", {"note": "All of it"})
    assert [state for _, state in await steps(browser)] == ["done", "done", "done", "next"]
    await emma.done(f"{path}/release", {"amount": usd("1.00")})
    assert await steps(browser) == []


async def test_the_list_is_put_away_and_taken_out_again(browser: Browser, house: Housing) -> None:
    emma = await house.person("emma")
    await came(browser, emma, "both")
    page = await browser.open("/finances")
    assert len(await steps(browser)) == 8
    form = form_in(page)
    assert form.action == "/welcome/hide"
    page = await browser.follow(await browser.post(form.action, form.values))
    assert "Your first steps are put away." in said(page)
    assert await steps(browser) == []
    await came(browser, emma, "work")
    assert len(await steps(browser)) == 4


async def test_who_was_never_asked_has_no_list(browser: Browser, house: Housing) -> None:
    await browser.enter((await house.person("emma")).number)
    assert await steps(browser) == []
