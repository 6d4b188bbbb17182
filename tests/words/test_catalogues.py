"""Every language says everything that is said, with the same figures and names in it."""

from __future__ import annotations

import re
import subprocess
import sys
from gettext import c2py
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from tools.messages import parsed

from earnest.words import catalogues
from earnest.words.disputes import STEPS as DISPUTE_STEPS
from earnest.words.languages import LANGUAGES
from earnest.words.saying import ENGLISH, _, saying
from earnest.words.silence import STEPS

ROOT = Path(__file__).parents[2]
OTHERS = [each for each in LANGUAGES if each != ENGLISH]
PLACES = re.compile(r"%\(\w+\)s|%%|\{\w*\}|<[^>]+>")
#: Marks that would steer the direction of a whole line.
STEERING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def messages(language: str) -> list[Message]:
    return [each for each in parsed(language) if each.id]


def texts(message: Message) -> tuple[str, ...]:
    """What a message is in the other language: one text, or a form for each kind of number."""
    found = (message.string,) if isinstance(message.string, str) else message.string
    return tuple(str(each) for each in found or ())


def places(text: str) -> list[str]:
    return sorted(set(PLACES.findall(text)))


def test_make_messages_would_change_nothing() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "messages.py", "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_untranslated_or_guessed(language: str) -> None:
    said = messages(language)
    assert said
    assert [each.id for each in said if not texts(each) or not all(texts(each))] == []
    assert [each.id for each in said if each.fuzzy] == []
    assert not parsed(language).obsolete


@pytest.mark.parametrize("language", OTHERS)
def test_each_text_has_the_same_places_in_it(language: str) -> None:
    for each in messages(language):
        if isinstance(each.id, str):
            (text,) = texts(each)
            assert places(text) == places(each.id), (each.id, text)
            assert (text[:1].isspace(), text[-1:].isspace()) == (
                each.id[:1].isspace(),
                each.id[-1:].isspace(),
            ), each.id
            continue
        allowed = {*places(each.id[0]), *places(each.id[1])}
        for text in texts(each):
            assert allowed >= {*places(text)}, (each.id, text)
        assert places(texts(each)[-1]) == places(each.id[1]), each.id


@pytest.mark.parametrize("language", OTHERS)
def test_every_number_has_its_form(language: str) -> None:
    told = catalogues.of(language)
    assert told is not None
    for forms in told.plurals.values():
        assert {told.form(count) for count in range(200)} == {*range(len(forms))}


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_steers_the_direction_of_others(language: str) -> None:
    for each in messages(language):
        for text in texts(each):
            assert not STEERING & {*text}, each.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calendar_can_leave_out_when_it_is(language: str) -> None:
    with saying(language):
        when = _(" on {time}")
        for name, sentence in {**STEPS, **DISPUTE_STEPS}.items():
            assert when in str(sentence), name


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_read_as_babel_reads_it(language: str) -> None:
    told, said = catalogues.of(language), parsed(language)
    assert told is not None
    single = {
        catalogues.within(m.context or "", m.id): m.string
        for m in said
        if isinstance(m.id, str) and m.id
    }
    several = {m.id[0]: m.string for m in said if not isinstance(m.id, str)}
    assert (told.texts, told.plurals) == (single, several)
    rule = c2py(said.plural_expr)
    assert [told.form(count) for count in range(200)] == [rule(count) for count in range(200)]


#: Sentences of so many words differ even between languages that are near to each other.
SENTENCE_WORDS = 6


def test_no_sentence_of_one_language_stands_in_another() -> None:
    spanish = {each.id: texts(each) for each in messages("es")}
    same = [
        each.id
        for each in messages("pt-BR")
        if texts(each) == spanish[each.id]
        and len(PLACES.sub("", texts(each)[0]).split()) >= SENTENCE_WORDS
    ]
    assert same == []


def test_what_has_no_arabic_letter_in_it_is_a_name() -> None:
    """A name is the same everywhere: what is not is of a third language."""
    foreign = [
        each.id
        for each in messages("ar")
        for text in texts(each)
        if not re.search("[\u0600-\u06ff]", text)
        and re.search("[A-Za-z]", PLACES.sub("", text))
        and text != each.id
    ]
    assert foreign == []
