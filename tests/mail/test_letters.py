"""Letters say what happened, in text and HTML, and nothing that somebody wrote can break out."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import SMTP
from html.parser import HTMLParser
from typing import Any

import pytest
from tests.mail.samples import AT, EVERY, FACTS, HEAD, READER, URL, WAITING, notice

from earnest.core.notices import MONEY, Part, Topic
from earnest.core.records import replace
from earnest.core.telling import Facts, topic_of
from earnest.mail.letters import Letter, Reader, letter, letter_of_change
from earnest.mail.senders import sender_in
from earnest.mail.stopping import meant_by, token_of
from earnest.store.account import Changed, Told
from earnest.words.languages import LANGUAGES
from earnest.words.notices import said
from earnest.words.told import WORDS
from earnest.words.told_clocks import WAITS

AMOUNT = "USD\u00a01,234.50"


def parts_of(made: Letter) -> tuple[Any, str, str]:
    """The headers as they arrive, the text and the HTML."""
    arrived = message_from_bytes(made.raw, policy=SMTP)
    text, written = (part.get_content() for part in arrived.iter_parts())
    return arrived, text, written


class Seen(HTMLParser):
    """The tags of a letter, where its links lead, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.hrefs: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.hrefs += [value or "" for name, value in attrs if name in {"href", "src", "action"}]
        assert not [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "part"), EVERY)
def test_every_notice_is_rendered_in_text_and_html(name: str, part: Part, language: str) -> None:
    reader = replace(READER, language=language)
    told = notice(name, part)
    words = said(told, reader.locale, reader.zone)
    arrived, text, written = parts_of(letter(5, reader, [told], HEAD))
    seen = Seen(written)
    for each in (words.title, *words.lines, words.link):
        assert each
        assert "{" not in each
        assert each in text
        assert each in seen.text
    assert arrived["Subject"].strip() == words.title.replace("\u00a0", " ")
    assert f"{URL}{words.path}" in text
    assert f"{URL}{words.path}" in seen.hrefs
    assert all(href.startswith(URL) for href in seen.hrefs)
    assert {*seen.tags}.isdisjoint({"script", "img", "form", "style", "link", "table", "iframe"})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "part"), WAITING)
def test_who_waits_is_told_so_in_text_and_html(name: str, part: Part, language: str) -> None:
    reader = replace(READER, language=language)
    told = notice(name, part, replace(FACTS, waits=True))
    words = said(told, reader.locale, reader.zone)
    assert words.title != said(notice(name, part), reader.locale, reader.zone).title
    _, text, written = parts_of(letter(5, reader, [told], HEAD))
    for each in (words.title, *words.lines):
        assert "{" not in each
        assert each in text
        assert each in Seen(written).text


def test_the_last_notice_of_a_clock_has_no_link_that_stops_its_like() -> None:
    told = notice("contract.lapse", Part.FREELANCER)
    arrived, _, _ = parts_of(letter(5, READER, [told], HEAD))
    assert "List-Unsubscribe" in arrived
    arrived, _, _ = parts_of(letter(5, READER, [replace(told, is_last=True)], HEAD))
    assert "List-Unsubscribe" not in arrived


@pytest.mark.parametrize(("name", "part"), EVERY)
def test_a_notice_says_something_even_if_little_is_known(name: str, part: Part) -> None:
    little = Facts(person="Emma", amount=FACTS.amount, by=FACTS.by)
    words = said(notice(name, part, little), "en", "UTC")
    assert words.title
    assert words.lines


def test_there_are_words_for_the_catalogue_and_no_others() -> None:
    told = {(n.removesuffix(WAITS), p) for p, words in WORDS.items() for n in words}
    assert told - {*EVERY} <= {
        *((n, Part.EMPLOYER) for n in WORDS[Part.FREELANCER]),
        *((n, Part.FREELANCER) for n in WORDS[Part.EMPLOYER]),
    }
    assert all(name in WORDS[part] for name, part in EVERY)


def test_amounts_and_dates_are_written_as_the_reader_writes_them() -> None:
    told = notice("milestone.requested", Part.EMPLOYER)
    words = said(told, "en", "Europe/Madrid")
    assert words.title == f"Emma Example asks for a milestone of {AMOUNT}"
    assert "It would be due 1 Dec 2026, 10:30 GMT+1." in words.lines
    assert "1 de dic" not in words.text
    there = said(told, "es", "America/Bogota")
    assert "1.234,50" in there.title
    assert "04:30" in there.text


HOSTILE = "Emma\r\nBcc: everybody@example.com\r\n\r\n<script>alert(1)</script>\u2028x\x00"


@pytest.mark.parametrize(("name", "part"), EVERY)
def test_nothing_that_somebody_wrote_becomes_a_header_or_a_tag(name: str, part: Part) -> None:
    facts = Facts(HOSTILE, FACTS.amount, 2, HOSTILE, HOSTILE, FACTS.by)
    reader = Reader(7, HOSTILE, "frank@example.org", "en", "UTC")
    made = letter(5, reader, [notice(name, part, facts)], HEAD)
    head, _, _ = made.raw.partition(b"\r\n\r\n")
    names = re.findall(rb"^([\w-]+):", head, re.MULTILINE)
    assert b"Bcc" not in names
    assert len({*names}) == len(names)
    arrived, _, written = parts_of(made)
    assert [each.addr_spec for each in arrived["To"].addresses] == ["frank@example.org"]
    assert {*Seen(written).tags}.isdisjoint({"script"})
    assert all(byte < 128 for byte in made.raw)
    assert max(map(len, made.raw.split(b"\r\n"))) < 998


def test_words_of_others_are_no_sentences_of_ours() -> None:
    facts = Facts("{amount} {words} %s %(x)s", FACTS.amount, None, "{person}", "{about}", None)
    words = said(notice("milestone.submitted", Part.EMPLOYER, facts), "en", "UTC")
    assert words.title.startswith("{amount} {words} %s %(x)s handed in")
    assert "“{about}”" in words.lines


def test_a_retry_is_known_again_by_its_headers() -> None:
    told = [notice("contract.said", Part.EMPLOYER)]
    one, _, _ = parts_of(letter(5, READER, told, HEAD))
    two, _, _ = parts_of(letter(5, READER, told, HEAD))
    other, _, _ = parts_of(letter(6, READER, told, HEAD))
    assert one["Message-ID"] == two["Message-ID"] != other["Message-ID"]
    assert re.fullmatch(r"<dlv_[0-9A-Z]{13}@pay\.example\.com>", one["Message-ID"])
    assert one["Auto-Submitted"] == "auto-generated"
    assert one["From"] == "Earnest <mail@example.com>"
    assert one["To"] == "Frank Fictive <frank@example.org>"
    assert one["Date"].datetime == AT
    assert one.get_content_type() == "multipart/alternative"


@pytest.mark.parametrize(("name", "part"), EVERY)
def test_one_click_stops_what_is_not_about_money_and_nothing_else(name: str, part: Part) -> None:
    told = notice(name, part)
    arrived, text, _ = parts_of(letter(5, READER, [told], HEAD))
    topic = topic_of(name, part)
    if topic in MONEY:
        assert "List-Unsubscribe" not in arrived
        assert "List-Unsubscribe-Post" not in arrived
        return
    assert arrived["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = arrived["List-Unsubscribe"].strip("<>")
    assert url in text
    assert meant_by(url.rpartition("/")[2], HEAD.secret) == (READER.id, topic)


@pytest.mark.parametrize("change", Changed)
def test_every_change_of_an_account_is_told_and_its_like_is_not_stopped(change: Changed) -> None:
    told = Told(change, "<b>{about}</b>", AT)
    arrived, text, html = parts_of(letter_of_change(5, READER, told, HEAD))
    assert arrived["Subject"].startswith("Your account: ")
    assert f"{URL}/settings/security" in text
    assert "List-Unsubscribe" not in arrived
    assert "<b>" not in html
    assert "{about}" not in text.replace(told.about, "")


def test_a_days_notices_are_in_one_letter() -> None:
    told = [
        notice("contract.said", Part.EMPLOYER, number=1),
        notice("milestone.released", Part.FREELANCER, number=2),
    ]
    arrived, text, written = parts_of(letter(9, READER, told, HEAD))
    assert arrived["Subject"] == "2 things happened"
    assert "List-Unsubscribe" not in arrived
    for each in told:
        assert said(each, "en", "UTC").title in text
        assert said(each, "en", "UTC").title in Seen(written).text
    assert "23 Nov 2026, 15:02 GMT+1" in text
    alike, _, _ = parts_of(letter(9, READER, [told[0], told[0]], HEAD))
    assert "List-Unsubscribe" in alike


@pytest.mark.parametrize("topic", Topic)
def test_a_link_that_stops_mails_cannot_be_made_up(topic: Topic) -> None:
    token = token_of(7, topic, HEAD.secret)
    assert meant_by(token, HEAD.secret) == (None if topic in MONEY else (7, topic))
    assert meant_by(token, b"other" * 8) is None
    changed = token[:-1] + ("A" if token[-1] != "A" else "B")
    for wrong in ("", "x", "é", token[:-4], changed, token + "AAAA", "A" * 60, "=" * 8):
        assert meant_by(wrong, HEAD.secret) is None, wrong


@pytest.mark.parametrize("wrong", ["Earnest", "a@b@c", "é@example.com", "Me <>", "a b@c.d"])
def test_a_sender_is_an_address(wrong: str) -> None:
    with pytest.raises(ValueError, match=r"address|local-part"):
        sender_in(wrong, URL)


def test_without_a_setting_mails_come_from_the_host_of_the_site() -> None:
    assert str(sender_in("", URL)) == "Earnest <earnest@pay.example.com>"
    assert str(sender_in("pay@example.com", URL)) == "pay@example.com"
