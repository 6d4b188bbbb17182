"""The front page: what a site costs is said with its own numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.http.house import Housing
from tests.web.browser import Browser, said

pytestmark = pytest.mark.asyncio


@pytest.mark.parametrize(
    ("fee_bps", "words"),
    [
        (0, "Of USD 100.00 released, USD 100.00 arrive: this site keeps nothing."),
        (250, "USD 97.50 arrive: this site keeps USD 2.50 , that is 2.5\u00a0%."),
    ],
)
async def test_the_front_page_says_what_arrives(
    browser: Browser, house: Housing, fee_bps: int, words: str
) -> None:
    house.app.house = replace(house.app.house, fee_bps=fee_bps)
    assert " ".join(words.split()) in said(await browser.open("/"))
