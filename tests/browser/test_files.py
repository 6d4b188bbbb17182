"""Files chosen in a browser: sent with a form, kept when it comes back, and saved, never shown."""

from __future__ import annotations

import pytest
from playwright.async_api import FilePayload, expect
from tests.browser.chromium import Way, in_every_way
from tests.browser.site import Site
from tests.browser.visitors import Visitors
from tests.browser.walking import field, fill, follow, is_headed, press

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCRIPT = b"<script>document.title = 'run'</script>"


def file(name: str, content: bytes) -> FilePayload:
    return FilePayload(name=name, mimeType="text/html", buffer=content)


@in_every_way
async def test_a_file_is_chosen_kept_and_saved(way: Way, site: Site, visitors: Visitors) -> None:
    emma, frank = await site.person("Emma"), await site.person("Frank")
    project = await site.posted(emma)
    his, hers = await visitors.come(frank, way), await visitors.come(emma, way)
    await his.goto(f"/projects/{project['id']}")
    await follow(his, "Bid for this project")
    await field(his, "Choose files").set_input_files(
        [file("draft.txt", SCRIPT), file("page.html", SCRIPT)]
    )
    await fill(his, {"Amount": "20", "Days in all": "7", "Its amount": "20", "Days from": "7"})
    await fill(his, {"What is to be done": "All of it"})
    await press(his, "Place the bid")
    alert = his.get_by_role("alert")
    await expect(alert).to_contain_text("page.html is not taken. Taken are files that end in png")
    await expect(alert).to_contain_text("Your proposal: This is required.")
    await expect(field(his, "draft.txt")).to_be_checked()
    await fill(his, {"Your proposal": "Like this."})
    await press(his, "Place the bid")
    await is_headed(his, "Your bid")
    assert len((await frank.seen("/v1/files"))["items"]) == 1
    await hers.goto(his.url)
    async with hers.expect_download() as downloading:
        await follow(hers, "draft.txt")
    download = await downloading.value
    assert download.suggested_filename == "draft.txt"
    assert (await download.path()).read_bytes() == SCRIPT
    assert await hers.title() != "run"
