"""Disputes on pages: from the form to the ruling, and who sees what of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest
from tests.http.house import Housing, agreed, usd
from tests.web.browser import Browser, errors_of
from tests.web.browser import said as spaced
from tests.web.deals import checked, confirm, confirmed, typed, wallet
from tests.web.disputing import Quarrel, arbitrated, quarrel
from tests.web.reading import form_in, main_of

from earnest.http.web import desk
from earnest.words.moments import moment

pytestmark = pytest.mark.asyncio


def said(page: httpx.Response) -> str:
    return spaced(page).replace(" .", ".").replace(" ,", ",").replace(" :", ":")


async def test_a_dispute_freezes_what_is_named_and_both_see_it(
    browser: Browser, house: Housing
) -> None:
    emma, frank, contract, (milestone,) = await agreed(house, "100.00")
    await frank.done(f"/v1/contracts/{contract['id']}/say", {"text": "It is all there."})
    path = f"/milestones/{milestone['id']}"
    await browser.enter(emma.number)
    form = await browser.open(f"{path}/dispute")
    assert "It is all there." in said(form)
    assert "Up to USD 100.00, which is all that is held." in said(form)
    check = await checked(
        browser, f"{path}/dispute", amount="80.00", to_freelancer="30.00", statement="It is white"
    )
    for fact in ("For frank USD 30.00", "For emma USD 50.00", "Frozen USD 80.00"):
        assert fact in said(check)
    assert "Stays in escrow USD 20.00" in said(check)
    receipt = main_of(await confirmed(browser, check))
    assert receipt.one("h1").text == "Dispute opened"
    (room,) = {each for each in receipt.hrefs if each.startswith("/disputes/")}
    for who, other in ((emma, "frank"), (frank, "emma")):
        await browser.enter(who.number)
        page = said(await browser.open(path))
        assert "USD 80.00 disputed" in page
        assert "Frozen by a dispute USD 80.00" in page
        assert "Frozen by disputes USD 80.00" in said(
            await browser.open(f"/contracts/{contract['id']}")
        )
        listed = main_of(await browser.open("/disputes"))
        assert room in listed.hrefs
        assert f"with {other}" in listed.text
        assert "It is white" in said(await browser.open(room))


async def test_a_list_without_disputes_says_that_this_is_good(
    browser: Browser, house: Housing
) -> None:
    await browser.enter((await house.person("emma")).number)
    assert "No disputes. Good." in said(await browser.open("/disputes"))
    assert "No dispute matches" in said(await browser.open("/disputes?status=ruled"))


async def test_the_room_shows_both_positions_and_the_difference(
    browser: Browser, house: Housing
) -> None:
    found = await quarrel(house)
    await browser.enter(found.frank.number)
    page = await browser.open(found.room)
    assert "emma waits for your answer, by" in said(page)
    assert f"{found.room}/respond" in main_of(page).hrefs
    assert "the dispute is decided by the clock: USD 80.00 to emma on" in said(page)
    check = await checked(browser, f"{found.room}/respond", to_freelancer="60", statement="Look")
    assert "For frank USD 60.00" in said(check)
    await confirmed(browser, check)
    page = await browser.open(found.room)
    assert "Difference USD 60.00" in said(page)
    (picture,) = main_of(page).every("svg", role="img")
    told = picture.attributes["aria-label"].replace("\u00a0", " ")
    assert told == (
        "Of USD 80.00: emma would give USD 0.00. frank asks for USD 60.00. "
        "They are USD 60.00 apart."
    )
    assert "There is no limit." in said(page)
    assert "no end" in said(page)


async def test_what_one_s_own_fee_adds_to_an_end_is_said(browser: Browser, house: Housing) -> None:
    found = await quarrel(house)
    await found.answered()
    await browser.enter(found.emma.number)
    fee = f"{found.room}/pay-fee"
    form = said(await browser.open(fee))
    assert "Arbitration fee USD 4.00" in form
    assert f"Milestone {found.milestone['description']} Freelancer frank" in form
    await house.rich(found.emma, "10.00")
    await found.emma.done(f"/v1{fee}")
    room = said(await browser.open(found.room))
    assert "USD 84.00 to you" in room
    assert "This includes USD 4.00 of arbitration fee, which comes back." in room


async def test_accepting_names_the_offer_that_was_seen(browser: Browser, house: Housing) -> None:
    found = await quarrel(house)
    await found.answered("50.00")
    await browser.enter(found.emma.number)
    check = await checked(browser, f"{found.room}/accept-offer")
    assert "Goes to frank USD 50.00" in said(check)
    assert "Goes into your wallet USD 30.00" in said(check)
    receipt = await confirmed(browser, check)
    assert main_of(receipt).one("h1").text == "Dispute settled"
    assert await wallet(found.frank) == "50.00"
    page = said(await browser.open(found.room))
    assert "Settled: frank got USD 50.00, and emma USD 30.00." in page


async def test_a_sealed_figure_is_on_no_page_but_its_makers(
    browser: Browser, house: Housing
) -> None:
    found = await quarrel(house)
    await found.answered("50.00")
    await browser.enter(found.frank.number)
    before = said(await browser.open(found.room))
    assert "You have sealed nothing." in before
    answer = await typed(browser, f"{found.room}/sealed-offer", to_freelancer="43.21")
    assert answer.headers["location"] == found.room
    assert "You have sealed USD 43.21." in said(await browser.follow(answer))
    olga = await house.person("olga", "operator")
    for other in (found.emma, olga):
        await browser.enter(other.number)
        for path in (
            *(found.room, found.work, f"/contracts/{found.contract['id']}", "/disputes"),
            *("/finances", "/finances/transactions", f"{found.room}/sealed-offer", "/notices"),
        ):
            page = await browser.open(path)
            assert "43.21" not in page.text, path
            assert "Sealed offer made" not in page.text, path


async def test_who_seals_an_offer_is_told_what_their_own_figure_means(
    browser: Browser, house: Housing
) -> None:
    found = await quarrel(house)
    await found.answered("50.00")
    least, most = "the least that you would take", "the most that you would give"
    for who, told, other in ((found.frank, least, most), (found.emma, most, least)):
        await browser.enter(who.number)
        page = said(await browser.open(f"{found.room}/sealed-offer"))
        assert told in page
        assert other not in page


async def test_a_sealed_offer_has_no_check_page_and_more_than_is_frozen_is_told(
    browser: Browser, house: Housing
) -> None:
    found = await quarrel(house)
    await found.answered("50.00")
    await browser.enter(found.emma.number)
    page = await typed(browser, f"{found.room}/sealed-offer", to_freelancer="80.01")
    assert page.status_code == 422
    assert any("is frozen." in each for each in errors_of(page))
    assert await house.value("SELECT count(*) FROM intents") == 0


async def test_more_time_is_agreed_to_as_it_was_seen(browser: Browser, house: Housing) -> None:
    found = await quarrel(house)
    await browser.enter(found.emma.number)
    day = (await house.app.database.now() + timedelta(days=30)).date().isoformat()
    too_far = await typed(browser, f"{found.room}/propose-extension", until="2090-01-01")
    assert "Until: This can be 60 days from now at most." in errors_of(too_far)
    answer = await typed(browser, f"{found.room}/propose-extension", until=day)
    assert "You propose that this stage lasts until" in said(await browser.follow(answer))
    await browser.enter(found.frank.number)
    page = await browser.open(found.room)
    assert "Nothing changes unless you agree." in said(page)
    assert "emma proposes more time" not in said(await browser.open("/finances"))  # He answers.
    form = await browser.open(f"{found.room}/agree-extension")
    assert "Would end" in said(form)
    done = await typed(browser, f"{found.room}/agree-extension")
    assert "More time agreed" in said(await browser.follow(done))
    assert day in (await found.frank.seen(f"/v1{found.room}"))["ends_at"]


async def test_who_has_nothing_to_do_with_it_finds_nothing(
    browser: Browser, house: Housing
) -> None:
    found = await quarrel(house)
    for who in (await house.person("ida"), await house.person("ada", "arbiter")):
        await browser.enter(who.number)
        for path in (found.room, f"{found.room}/respond", f"{found.room}/rule"):
            assert (await browser.open(path)).status_code == 404
    await browser.enter(found.emma.number)
    assert (await browser.open("/desk")).status_code == 404


async def test_the_named_arbiter_sees_the_room_and_nothing_else_of_the_contract(
    browser: Browser, house: Housing
) -> None:
    found, ada = await arbitrated(house)
    await browser.enter(ada.number)
    page = main_of(await browser.open(found.room))
    assert not [each for each in page.hrefs if each.startswith(("/milestones", "/contracts"))]
    assert not [*page.every("section", id="sealed")]
    assert found.room in main_of(await browser.open("/finances")).hrefs
    for path in (found.work, f"/contracts/{found.contract['id']}", f"{found.room}/offer"):
        assert (await browser.open(path)).status_code in {403, 404}, path
    assert (await browser.open(found.work)).status_code == 404
    assert "Only the employer or the freelancer can do this." in said(
        await browser.open(f"{found.room}/offer")
    )
    await house.value("UPDATE users SET roles = '{}' WHERE id = $1 RETURNING 1", ada.number)
    assert found.room not in main_of(await browser.open("/finances")).hrefs
    assert (await browser.open(found.room)).status_code == 404


async def test_staff_looks_and_it_is_told_to_both_sides(browser: Browser, house: Housing) -> None:
    found = await quarrel(house)
    olga = await house.person("olga", "operator")
    await browser.enter(olga.number)
    page = await browser.open(found.room)
    assert "Nothing works." in said(page)
    assert not [each for each in main_of(page).hrefs if each.startswith(f"{found.room}/")]
    await browser.enter(found.emma.number)
    history = said(await browser.open(f"/contracts/{found.contract['id']}"))
    assert "Looked at by staff olga · web" in history


async def test_a_dispute_is_a_tile_of_the_dashboard_that_leads_to_it(
    browser: Browser, house: Housing
) -> None:
    found = await quarrel(house)
    await browser.enter(found.frank.number)
    page = main_of(await browser.open("/finances"))
    assert "Disputed, incoming: USD 80.00" in page.text
    assert "In escrow, incoming: USD 20.00" in page.text
    (list_of,) = [each for each in page.hrefs if each.startswith("/disputes?")]
    assert found.room in main_of(await browser.open(list_of)).hrefs


async def test_a_long_desk_has_pages(
    browser: Browser, house: Housing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "SHOWN", 1)
    first, ada = await arbitrated(house)
    second = await quarrel(house)
    await second.answered("50.00")
    await second.paid()
    await second.named(ada)
    await browser.enter(ada.number)
    page = main_of(await browser.open("/desk"))
    (older,) = page.every("a", rel="next")
    assert "1–1" in page.text
    following = main_of(await browser.open(older.attributes["href"]))
    assert "2–2" in following.text
    assert not list(following.every("a", rel="next"))
    rooms = [h for each in (page, following) for h in each.hrefs if h.startswith("/disputes/")]
    assert sorted(rooms) == sorted([first.room, second.room])


async def test_an_arbiter_takes_it_on_opens_everything_and_rules(
    browser: Browser, house: Housing
) -> None:
    found, ada = await arbitrated(house)
    await browser.enter(ada.number)
    shown = main_of(await browser.open("/desk"))
    assert found.room in shown.hrefs
    assert "Take it on" in shown.text
    page = await browser.open(found.room)
    assert "Not opened by the arbiter yet" in said(page)
    assert "The page is white." not in said(page)
    assert "example.org/done" not in page.text
    assert (await typed(browser, f"{found.room}/take")).is_redirect
    refused = await browser.open(f"{found.room}/rule")
    assert "You can rule once you have opened every exhibit." in said(refused)
    await _opened(browser, found)
    form = await browser.open(f"{found.room}/rule")
    assert "1. The page is white." in said(form)
    check = await checked(
        browser, f"{found.room}/rule", to_freelancer="32", reasons="Half is there",
        exhibits__1="1",
    )  # fmt: skip
    assert "Goes to frank USD 32.00" in said(check)
    assert "Goes to emma USD 48.00" in said(check)
    answer = await browser.follow(await confirm(browser, check))
    assert answer.url.path == found.room
    assert "Half is there" in said(answer)
    for who in (found.emma, found.frank):
        await browser.enter(who.number)
        told = said(await browser.open(found.room))
        assert "Ruled: frank got USD 32.00, and emma USD 48.00." in told
        assert "It relies on exhibit 1" in told
        assert "Ruled by ada" in told
        assert "Where both stood" in told
        assert "Was frozen USD 80.00" in told
        assert "Frozen USD 80.00" not in told


async def _opened(browser: Browser, found: Quarrel) -> None:
    """Every exhibit, by the buttons of the room; before that its content is not there."""
    page = await browser.open(found.room)
    assert "The page is white." not in said(page)
    assert "https://example.org/done" not in said(page)
    for number in ("1", "2"):
        answer = await browser.send(f"{found.room}/open-exhibit", {"exhibit": number, "key": ""})
        page = await browser.follow(answer)
    assert "The page is white." in said(page)
    assert "https://example.org/done" in said(page)


async def test_an_exhibit_is_one_thing_and_a_file_is_kept(browser: Browser, house: Housing) -> None:
    found = await quarrel(house)
    await browser.enter(found.frank.number)
    nothing = await typed(browser, f"{found.room}/exhibit")
    assert nothing.status_code == 422
    assert any("exactly one of them" in each for each in errors_of(nothing))
    form = form_in(await browser.open(f"{found.room}/exhibit"))
    answer = await browser.upload(form.action, dict(form.values), ("proof.txt", b"It works."))
    page = await browser.follow(answer)
    assert "The exhibit is added." in said(page)
    assert "proof.txt" in said(page)
    both = await browser.open(f"{found.room}/exhibit")
    form = form_in(both)
    wrong = await browser.upload(
        form.action, {**form.values, "text": "Two things"}, ("other.txt", b"Words.")
    )
    assert wrong.status_code == 422
    assert "other.txt" in said(wrong)
    html = await browser.upload(form.action, dict(form.values), ("page.html", b"<p>"))
    assert html.status_code == 422
    assert [each for each in errors_of(html) if "A file" in each]


async def test_two_operators_return_what_is_held_unless_the_freelancer_objects(
    browser: Browser, house: Housing
) -> None:
    _, frank, _, (milestone,) = await agreed(house, "100.00")
    path = f"/milestones/{milestone['id']}"
    olga, omar = [await house.person(each, "operator") for each in ("olga", "omar")]
    await browser.enter(olga.number)
    assert (await typed(browser, f"{path}/staff-cancel", reason="It is a fraud")).is_redirect
    assert "has to confirm it" in said(await browser.open(f"{path}/staff-confirm"))
    page = said(await browser.open(path))
    assert "Return asked by staff" in page
    assert "Only frank can give it back" in page
    await browser.enter(omar.number)
    form = await browser.open(f"{path}/staff-confirm")
    assert "Employer emma" in said(form)
    assert "Freelancer frank" in said(form)
    assert "USD 100.00 returns to emma on" in said(form)
    assert "It is a fraud" in said(form)
    assert (await typed(browser, f"{path}/staff-confirm", ok="1")).is_redirect
    await browser.enter(frank.number)
    page = said(await browser.open(path))
    assert "Two operators decided to return what is held to emma on" in page
    assert "Return confirmed by staff" in page
    assert "can give it back" not in page, "not by frank alone"
    assert "USD 100.00 returns to emma on" in page
    assert "Two operators return USD 100.00" in said(await browser.open("/finances"))
    check = await checked(browser, f"{path}/object")
    assert "Frozen USD 100.00" in said(check)
    assert main_of(await confirmed(browser, check)).one("h1").text == "Dispute opened"


async def test_what_waits_for_me_in_disputes_is_on_the_dashboard(
    browser: Browser, house: Housing
) -> None:
    found = await quarrel(house)
    for who, whose in ((found.emma, "for frank to answer"), (found.frank, "for your answer")):
        await browser.enter(who.number)
        assert f"Waiting {whose}" in said(await browser.open("/disputes"))
    page = said(await browser.open("/finances"))
    assert "emma disputes USD 80.00 of" in page
    (row,) = (await found.frank.seen("/v1/disputes"))["items"]
    ends = moment(datetime.fromisoformat(row["ends_at"]), "en", "UTC")
    assert f", due {ends}" in page
    await found.answered("50.00")
    await browser.enter(found.emma.number)
    assert "frank made the last offer" in said(await browser.open("/finances"))
    await found.emma.done(f"/v1{found.room}/offer", {"to_freelancer": usd("10.00")})
    assert "made the last offer" not in said(await browser.open("/finances"))
