"""Files of forms: chosen, kept though something else is wrong, left out, listed and saved."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, errors_of, said
from tests.web.deals import deal
from tests.web.reading import Node, code_in, form_in, main_of
from tests.web.road import bid, posted

from earnest.core.house import House

pytestmark = pytest.mark.asyncio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
PROJECT = {"title": "A shop", "description": "Soap.", "currency": "USD",
           "budget_min": "100", "budget_max": "200"}  # fmt: skip


def attached(page: httpx.Response | Node) -> dict[str, str]:
    """The files that a page lists: where each name leads."""
    place = page if isinstance(page, Node) else main_of(page)
    links = [a for each in place.every("ul", class_="files") for a in each.every("a")]
    return {each.text: each.attributes["href"] for each in links}


def kept(page: httpx.Response) -> dict[str, str]:
    """The files that a form has ticked: what each tick is called."""
    boxes = (
        main_of(page).one("fieldset", class_="files" + _wrong(page)).every("label", class_="check")
    )
    return {each.text: each.one("input").attributes["name"] for each in boxes}


def _wrong(page: httpx.Response) -> str:
    return " wrong" if 'class="files wrong"' in page.text else ""


async def filled(browser: Browser, path: str, **values: str) -> tuple[str, dict[str, str]]:
    """A form with this typed into it: where it is sent, and what."""
    form = form_in(await browser.open(path))
    return form.action, {**form.values, **{k.replace("__", "."): v for k, v in values.items()}}


async def test_a_message_is_sent_with_files_and_the_other_side_saves_them(
    browser: Browser, house: Housing
) -> None:
    _, frank, contract, _ = await deal(house, browser)
    path = f"/contracts/{contract['id']}"
    page = main_of(await browser.open(path))
    form = page.one("form", action=f"{path}/say")
    assert form.attributes["enctype"] == "multipart/form-data"
    action, values = await filled(browser, f"{path}/say", text="See both.")
    answer = await browser.upload(action, values, ("plan.png", PNG), ("list.csv", b"a,b"))
    page_ = await browser.follow(answer)
    assert "PNG picture, 264 bytes" in said(page_)
    assert [*attached(page_)] == ["plan.png", "list.csv"]
    await browser.enter(frank.number)
    links = attached(await browser.open(path))
    saved = await browser.open(links["plan.png"])
    assert (saved.content, saved.headers["content-type"]) == (PNG, "image/png")
    assert saved.headers["content-disposition"].startswith('attachment; filename="plan.png"')
    assert saved.headers["content-security-policy"].startswith("sandbox")
    assert saved.headers["x-content-type-options"] == "nosniff"
    await browser.enter((await house.person("sam")).number)
    assert (await browser.open(links["plan.png"])).status_code == 404


async def test_what_came_stays_though_something_else_is_wrong_and_can_be_left_out(
    browser: Browser, house: Housing
) -> None:
    await browser.enter((await house.person("emma")).number)
    action, values = await filled(browser, "/projects/new", **{**PROJECT, "title": ""})
    page = await browser.upload(action, values, ("one.txt", b"1"), ("two.txt", b"2"))
    assert (page.status_code, errors_of(page)) == (422, ["Title: This is required."])
    ticks = kept(page)
    assert [*ticks] == ["one.txt text, 1 byte", "two.txt text, 1 byte"]
    values = dict(form_in(page).values) | {"title": "A shop"}
    del values[ticks["one.txt text, 1 byte"]]
    page = await browser.follow(await browser.upload(action, values, ("three.txt", b"3")))
    assert [*attached(page)] == ["two.txt", "three.txt"]
    edit = f"{page.url.path}/edit"
    page = await browser.open(edit)
    assert len(kept(page)) == 2
    values = {n: v for n, v in form_in(page).values.items() if not n.startswith("files.")}
    page = await browser.follow(await browser.post(edit, values))
    assert attached(page) == {}


async def test_what_cannot_be_taken_is_named_and_the_rest_is_kept(
    browser: Browser, house: Housing
) -> None:
    await browser.enter((await house.person("emma")).number)
    house.app.house = house.app.batcher.house = House(file_bytes_max=300)
    action, values = await filled(browser, "/projects/new", **PROJECT)
    page = await browser.upload(
        action, values, ("evil.png", b"<script>alert(1)</script>"), ("page.html", b"<p>"),
        ("big.txt", b"a" * 400_000), ("fine.txt", b"words"),
    )  # fmt: skip
    assert page.status_code == 422
    first, second, third = errors_of(page)
    assert "evil.png is not image/png" in first
    assert "page.html is not taken" in second
    assert "big.txt is larger than 300 bytes" in third
    assert [*kept(page)] == ["fine.txt text, 5 bytes"]
    assert form_in(page).values["title"] == "A shop"
    page = await browser.follow(await browser.upload(action, form_in(page).values))
    assert [*attached(page)] == ["fine.txt"]


async def test_a_form_that_is_sent_twice_keeps_its_files_once(
    browser: Browser, house: Housing
) -> None:
    emma, _, contract, _ = await deal(house, browser)
    action, values = await filled(browser, f"/contracts/{contract['id']}/say", text="See.")
    for _ in range(2):
        answer = await browser.upload(action, values, ("a.txt", b"words"))
        assert answer.is_redirect
    assert len(await emma.ids("/v1/files")) == 1
    assert len(await emma.ids("/v1/messages")) == 1


async def test_a_form_from_elsewhere_keeps_nothing(browser: Browser, house: Housing) -> None:
    emma, _, contract, _ = await deal(house, browser)
    action, values = await filled(browser, f"/contracts/{contract['id']}/say", text="See.")
    page = await browser.upload(action, {**values, "csrf": "x" * 86}, ("a.txt", b"words"))
    assert (page.status_code, code_in(page)) == (403, "form_too_old")
    files = [("new_files", ("a.txt", b"words"))]
    headers = {"Sec-Fetch-Site": "cross-site"}
    page = await browser.client.post(action, data=values, files=files, headers=headers)
    assert page.status_code == 403
    assert await emma.ids("/v1/files") == []


async def test_whose_session_has_ended_keeps_what_was_typed(
    browser: Browser, house: Housing
) -> None:
    _, _, contract, _ = await deal(house, browser)
    action, values = await filled(browser, f"/contracts/{contract['id']}/say", text="So long.")
    browser.forget()
    page = await browser.upload(action, values, ("a.txt", b"words"))
    assert page.status_code == 401


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"--x--"),
        ("multipart/form-data; boundary=x", b"words"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n\xff"),
        ("multipart/form-data; boundary=x",
         b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--'),
    ],
)  # fmt: skip
async def test_what_no_browser_sends_is_malformed(
    browser: Browser, house: Housing, content_type: str, body: bytes
) -> None:
    _, _, contract, _ = await deal(house, browser)
    own = {"Sec-Fetch-Site": "same-origin", "Content-Type": content_type}
    path = f"/contracts/{contract['id']}/say"
    page = await browser.client.post(path, content=body, headers=own)
    assert code_in(page) in {"malformed", "form_too_old"}


async def test_a_form_that_is_larger_than_any_is_not_read_to_its_end(
    browser: Browser, house: Housing
) -> None:
    _, _, contract, _ = await deal(house, browser)
    house.app.house = house.app.batcher.house = House(attached_bytes_max=1_000)
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="new_files"; filename=""\r\n\r\n'
        while True:
            sent += 1
            yield b"a" * 1_000_000

    own = {"Sec-Fetch-Site": "same-origin", "Content-Type": "multipart/form-data; boundary=x"}
    path = f"/contracts/{contract['id']}/say"
    page = await browser.client.post(path, content=endless(), headers=own)
    assert (page.status_code, code_in(page)) == (413, "too_large")
    assert sent < 12
    headers = {**own, "Content-Length": "100000000"}
    page = await browser.client.post(path, content=b"--x", headers=headers)
    assert (page.status_code, code_in(page)) == (413, "too_large")


async def test_files_of_a_bid_are_for_its_two_sides(browser: Browser, house: Housing) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    project = await posted(emma)
    await browser.enter(frank.number)
    action, values = await filled(
        browser, f"/projects/{project['id']}/bid", amount="100", period_days="7", proposal="So.",
        milestones__0__description="All", milestones__0__amount="100", milestones__0__days="7",
    )  # fmt: skip
    page = await browser.upload(action, {**values, "add": "milestones"}, ("draft.md", b"# Draft"))
    assert [*kept(page)] == ["draft.md Markdown, 7 bytes"]  # Also when a row was added.
    values = {**form_in(page).values}
    page = await browser.follow(await browser.upload(action, values))
    href = attached(page)["draft.md"]
    number = page.url.path
    await browser.enter(emma.number)
    assert attached(await browser.open(number)) == {"draft.md": href}
    assert (await browser.open(href)).content == b"# Draft"
    for who in ("sam", "olga"):
        other = await house.person(who, *(["operator"] if who == "olga" else []))
        await browser.enter(other.number)
        assert (await browser.open(href)).status_code == 404
    await browser.enter(frank.number)
    page = await browser.open(f"{number}/edit")
    values = {n: v for n, v in form_in(page).values.items() if not n.startswith("files.")}
    await browser.follow(await browser.upload(f"{number}/edit", values))
    await browser.enter(emma.number)
    assert (await browser.open(href)).status_code == 404, "it is not attached any more"
    await browser.enter(frank.number)
    assert (await browser.open(href)).status_code == 200, "it stays its owner's"


async def test_staff_who_look_at_a_contract_may_have_its_files_and_both_sides_see_it(
    browser: Browser, house: Housing
) -> None:
    emma, _, contract, _ = await deal(house, browser)
    file = await emma.file()
    path = f"/v1/contracts/{contract['id']}"
    await emma.done(f"{path}/say", {"text": "See", "files": [file["id"]]})
    mine = await emma.file("mine.txt", b"Nobody else's.")
    await browser.enter((await house.person("olga", "operator")).number)
    assert (await browser.open(f"/files/{file['id']}")).status_code == 200
    names = [each["name"] for each in (await emma.seen(f"{path}/events"))["items"]]
    assert names[0] == "contract.inspected"
    assert (await browser.open(f"/files/{mine['id']}")).status_code == 404


async def test_files_of_a_project_are_for_everybody_signed_in(
    browser: Browser, house: Housing
) -> None:
    emma = await house.person("emma")
    file = await emma.file("brief.pdf", b"%PDF-1.7")
    project = await posted(emma, files=[file["id"]])
    await bid(await house.person("frank"), project, "100.00")
    await browser.enter((await house.person("sam")).number)
    page = await browser.open(f"/projects/{project['id']}")
    assert attached(page) == {"brief.pdf": f"/files/{file['id']}"}
    assert (await browser.open(f"/files/{file['id']}")).content == b"%PDF-1.7"
    browser.forget()
    answer = await browser.open(f"/files/{file['id']}")
    assert answer.headers["location"].startswith("/signin")


async def test_a_file_of_somebody_else_cannot_be_ticked(browser: Browser, house: Housing) -> None:
    _, frank, contract, _ = await deal(house, browser)
    theirs = await frank.file()
    action, values = await filled(browser, f"/contracts/{contract['id']}/say", text="Mine?")
    page = await browser.post(action, {**values, f"files.{theirs['id']}": "1"})
    assert (page.status_code, code_in(page)) == (422, "file_unknown")
    assert errors_of(page) == ["Files: There is no such file of yours."]
    assert "notes.txt" not in page.text
