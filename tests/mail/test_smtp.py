"""A real mail server, on good and bad days; what it says is told apart from what is about us."""

from __future__ import annotations

import socket

import pytest
from tests.mail.samples import HEAD, READER, notice
from tests.mail.server import Behaviour, serving

from earnest.core.notices import Part
from earnest.core.records import replace
from earnest.mail.carrying import HandedOver, Later, NeverTaken
from earnest.mail.letters import Letter, letter
from earnest.mail.smtp import Server, Smtp, server_in

pytestmark = pytest.mark.asyncio


def to(address: str, number: int = 5) -> Letter:
    told = [notice("contract.said", Part.EMPLOYER)]
    return letter(number, replace(READER, email=address), told, HEAD)


async def became(url: str, *letters: Letter, seconds: float = 5) -> list[object]:
    carrier = Smtp(server_in(url), answer_seconds=seconds)
    return [outcome async for _, outcome in carrier.carry(letters)]


async def test_what_it_takes_is_handed_over_over_one_connection() -> None:
    async with serving() as server:
        outcomes = await became(server.url, to("a@example.org", 1), to("b@example.org", 2))
    assert outcomes == [HandedOver(), HandedOver()]
    assert server.connections == 1
    assert server.to == ["a@example.org", "b@example.org"]
    first, second = server.mails
    assert first["To"] == "Frank Fictive <a@example.org>"
    assert first["Message-ID"] != second["Message-ID"]
    assert first.get_body(("plain",)) is not None
    assert first.get_body(("html",)) is not None


async def test_what_is_refused_for_ever_is_told_from_what_is_for_now() -> None:
    refuses = {"no@example.org": "550 5.1.1 nobody here", "full@example.org": "452 try later"}
    async with serving(Behaviour(refuses=refuses)) as server:
        people = [to(f"{who}@example.org") for who in ("no", "full", "yes")]
        outcomes = await became(server.url, *people)
    never, later, taken = outcomes
    assert isinstance(never, NeverTaken)
    assert never.said == "550 5.1.1 nobody here"
    assert isinstance(later, Later)
    assert later.said == "452 try later"
    assert taken == HandedOver()


@pytest.mark.parametrize(
    ("said", "kind"), [("554 spam", NeverTaken), ("451 busy", Later), ("250 ok", HandedOver)]
)
async def test_the_mail_as_a_whole_can_be_refused_too(said: str, kind: type[object]) -> None:
    async with serving(Behaviour(data=said)) as server:
        (outcome,) = await became(server.url, to("a@example.org"))
    assert type(outcome) is kind


async def test_a_sender_that_it_does_not_know_is_about_us_and_passes() -> None:
    async with serving(Behaviour(sender="553 who are you")) as server:
        assert await became(server.url, to("a@example.org")) == [Later("553 who are you")]


async def test_one_that_hangs_up_is_tried_anew_for_the_next_letter() -> None:
    async with serving(Behaviour(hangs_up="before")) as server:
        outcomes = await became(server.url, to("a@example.org"), to("b@example.org"))
    assert [type(each) for each in outcomes] == [Later, Later]
    assert server.connections == 2


async def test_whether_it_took_a_mail_before_it_hung_up_nobody_knows() -> None:
    async with serving(Behaviour(hangs_up="after")) as server:
        (outcome,) = await became(server.url, to("a@example.org"))
    assert isinstance(outcome, Later)
    assert len(server.mails) == 1


async def test_one_that_does_not_answer_is_asked_once_for_all_letters() -> None:
    async with serving(Behaviour(hangs_up="at once")) as server:
        outcomes = await became(server.url, *[to("a@example.org")] * 5)
    assert [type(each) for each in outcomes] == [Later] * 5
    assert server.connections == 1


async def test_one_that_is_not_there_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (outcome,) = await became(f"smtp://127.0.0.1:{port}", to("a@example.org"))
    assert isinstance(outcome, Later)
    assert str(port) in outcome.said


async def test_it_can_be_reached_or_not() -> None:
    async with serving() as server:
        await Smtp(server_in(server.url)).reach()
    with pytest.raises(OSError, match="127"):
        await Smtp(server_in(server.url)).reach()


async def test_a_password_is_not_sent_where_none_is_asked_for_and_that_is_about_us() -> None:
    async with serving() as server:
        url = f"smtp://me:hush@127.0.0.1:{server.port}"
        (outcome,) = await became(url, to("a@example.org"))
    assert isinstance(outcome, Later)
    assert "hush" not in outcome.said
    assert server.mails == []


async def test_how_a_server_is_written_down() -> None:
    assert server_in("smtp://localhost") == Server("localhost", 587, False, None, None)
    there = server_in("smtps://me%40x:h%3Ash@mail.example.com")
    assert there == Server("mail.example.com", 465, True, "me@x", "h:sh")
    assert not there.is_here
    for wrong in ("http://x", "smtp://", "smtp://x/y", "smtp://me@x", "smtp://x?a=b", "smtp://x:y"):
        with pytest.raises(ValueError, match=r"\w"):
            server_in(wrong)
