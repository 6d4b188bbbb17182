"""A text is English to programs, and what its reader reads when it is shown."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from jinja2 import Environment
from markupsafe import Markup, escape

from earnest.words import formats
from earnest.words.languages import best_of
from earnest.words.phrases import Phrases
from earnest.words.saying import N_, Text, _, language, mark, ngettext, pgettext, saying
from earnest.words.terms import duration

BACK = "Go back"
SPANISH = "Volver"


def test_a_text_is_said_in_the_language_of_its_reader() -> None:
    text = N_(BACK)
    assert str(text) == BACK
    with saying("es"):
        assert str(text) == SPANISH
        with saying("en"):
            assert str(text) == BACK
        assert str(text) == SPANISH
    assert language() == "en"


def test_one_word_of_english_is_said_as_its_context_asks() -> None:
    assert _("Deposit") == pgettext("to do", "Deposit") == "Deposit"
    with saying("es"):
        assert (_("Deposit"), pgettext("to do", "Deposit")) == ("Depósito", "Depositar")
        assert pgettext("nowhere", "Deposit") == "Deposit"


def test_a_text_of_a_table_says_itself_as_its_context_asks() -> None:
    text = N_("Deposit", "to do")
    assert str(text) == text == "Deposit"
    with saying("es"):
        assert (f"{text}", str(N_("Deposit"))) == ("Depositar", "Depósito")


def test_to_programs_it_stays_what_it_is() -> None:
    text = N_(BACK)
    with saying("es"):
        assert text == BACK
        assert {BACK: 1}[text] == 1
        assert type(str(text)) is str


def test_however_it_is_shown_it_is_said() -> None:
    text = N_(BACK)
    with saying("es"):
        assert f"{text}" == "{}".format(text) == "%s" % text == SPANISH  # noqa: UP031, UP032
        assert text + "!" == f"{SPANISH}!"
        assert "!" + text == f"!{SPANISH}"
        assert escape(text) == Markup(text) == SPANISH
        template = Environment(autoescape=True).from_string("{{ x }} {{ x ~ x }} {{ [x]|join }}")
        assert template.render(x=text) == f"{SPANISH} {SPANISH * 2} {SPANISH}"


def test_what_nobody_translated_is_said_in_english() -> None:
    with saying("es"):
        assert _("Nobody has ever said this") == "Nobody has ever said this"
        assert ngettext("{count} goose", "{count} geese", 2) == "{count} geese"
        assert _("") == ""


def test_all_texts_of_a_table_are_marked_where_they_stand() -> None:
    table: dict[str, Any] = {
        "texts": ("tone", "Go back", "/address", "#place"),
        "phrases": Phrases("Release", "Release {amount}", icon="check"),
        "deeper": {"key": "Go back"},
    }
    mark(table)
    tone, text, address, place = table["texts"]
    assert isinstance(text, Text)
    assert not [each for each in (tone, address, place) if isinstance(each, Text)]
    phrases = table["phrases"]
    assert isinstance(phrases.button, Text)
    assert isinstance(phrases.keep, Text)
    assert not isinstance(phrases.icon, Text)
    with saying("es"):
        assert [str(each) for each in table["deeper"].values()] == [SPANISH]


def test_a_frozen_table_cannot_be_marked() -> None:
    with pytest.raises(AssertionError):
        mark(("Go back",))  # type: ignore[arg-type]


def test_those_who_are_answered_at_once_read_each_in_their_own() -> None:
    async def read(tongue: str) -> str:
        with saying(tongue):
            await asyncio.sleep(0)
            return await asyncio.to_thread(_, BACK)

    async def both() -> list[str]:
        return [*await asyncio.gather(read("es"), read("en"))]

    assert asyncio.run(both()) == [SPANISH, BACK]


@pytest.mark.parametrize(
    ("accepted", "chosen"),
    [
        ("", "en"),
        ("*", "en"),
        ("de", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9", "es"),
        ("pt", "pt-BR"),
        ("pt-PT", "pt-BR"),
        ("PT-br", "pt-BR"),
        ("ar-EG", "ar"),
        ("de,fr;q=0.9,ar;q=0.8,es;q=0.7", "ar"),
        ("es;q=0.2, ar;q=0.9", "ar"),
        ("es;q=0", "en"),
        ("es;q=x,ar", "ar"),
        (",;q=,-", "en"),
        ("es;q=nan", "en"),
    ],
)
def test_the_best_language_of_a_browser_is_found(accepted: str, chosen: str) -> None:
    assert best_of(accepted) == chosen


def test_figures_are_those_of_the_language() -> None:
    with saying("en"):
        assert formats.percent_of("2.5") == "2.5\u00a0%"
        assert formats.measured(Decimal("1.2"), "digital-megabyte", "short") == "1.2 MB"
        assert formats.either(["a", "b"]) == "a or b"
        assert formats.listed(["a", "b"]) == "a, b"
        assert formats.counted(12345) == "12,345"
    with saying("pt-BR"):
        assert formats.percent_of("2.5") == "2,5%"
        assert formats.counted(12345) == "12.345"
    with saying("ar"):
        assert duration(3 * 86_400) == "3 أيام"
        assert duration(2 * 86_400) == "يومين"
        assert formats.listed(["a", "b"]) == "a، b"
        assert "2.5" in formats.percent_of("2.5")
