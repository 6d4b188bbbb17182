"""Files in the core: how many bytes, whose, and what stands at which place."""

from __future__ import annotations

import hashlib

import pytest
from tests.core.worlds import (
    CONTRACT,
    EMPLOYER,
    FREELANCER,
    MILESTONE,
    PROJECT,
    done,
    made,
    reason,
    refused,
    the,
    usd,
    world,
)

from earnest.core.actions import Reason
from earnest.core.contracts import Message, Say
from earnest.core.files import AddFile, Bytes, File, FileCounter, FileType, files_at
from earnest.core.house import House
from earnest.core.milestones.working import Submit
from earnest.core.projects.posting import Edit, Post
from earnest.core.projects.row import Project
from earnest.core.world import World
from earnest.wire.fingerprint import fields_of

SMALL = House(file_bytes_max=100, attached_bytes_max=150, person_bytes_max=250)


def adding(who: int = EMPLOYER, name: str = "a.txt", size: int = 80) -> AddFile:
    return AddFile(who, name, size, FileType.TEXT, hashlib.sha256(name.encode()).hexdigest())


def put(books: World, who: int = EMPLOYER, name: str = "a.txt", size: int = 80) -> File:
    return made(done(books, who, adding(who, name, size)), File)


def test_a_file_is_counted_with_all_that_its_owner_has_put_here() -> None:
    books = world()
    put(books, size=80)
    put(books, size=20)
    counter = the(books, FileCounter, EMPLOYER)
    assert (counter.files, counter.bytes) == (2, 100)
    assert books.find(FileCounter, FREELANCER) is None


@pytest.mark.parametrize(("size", "why"), [(100, None), (101, Reason.FILE_TOO_LARGE)])
def test_one_file_has_a_limit(size: int, why: Reason | None) -> None:
    books = world(house=SMALL)
    if why is None:
        put(books, size=size)
    else:
        no = refused(books, EMPLOYER, adding(size=size))
        assert (no.reason, no.facts) == (why, {"limit": Bytes(100)})


def test_all_files_of_a_person_have_one() -> None:
    books = world(house=SMALL)
    put(books, size=100)
    put(books, size=100)
    no = refused(books, EMPLOYER, adding(size=51))
    assert (no.reason, no.facts) == (Reason.NO_ROOM_LEFT, {"limit": 250, "left": 50})
    put(books, size=50)
    assert reason(books, EMPLOYER, adding(size=1)) is Reason.NO_ROOM_LEFT


def test_nothing_is_left_where_the_limit_was_lowered() -> None:
    books = world()
    put(books, size=300)
    books.house = SMALL
    assert refused(books, EMPLOYER, adding(size=1)).facts["left"] == 0


def test_what_is_attached_at_once_has_one_too() -> None:
    books = world(house=SMALL)
    files = (put(books).id, put(books).id)
    no = refused(books, EMPLOYER, Say(CONTRACT, "See", files))
    assert (no.reason, no.path) == (Reason.FILES_TOO_LARGE, "/files")
    assert no.facts == {"size": 160, "limit": 150}


def test_a_message_has_its_files_in_the_order_in_which_they_were_said() -> None:
    books = world()
    first, second = put(books), put(books, name="b.txt")
    event = done(books, EMPLOYER, Say(CONTRACT, "See", (second.id, first.id)))
    said = made(event, Message)
    assert said.files == 2
    assert event.files == {said.id: (second, first)}


def test_work_is_submitted_with_files_of_ones_own() -> None:
    books = world()
    mine, theirs = put(books, FREELANCER), put(books)
    no = refused(books, FREELANCER, Submit(MILESTONE, files=(mine.id, theirs.id)))
    assert (no.reason, no.path) == (Reason.FILE_UNKNOWN, "/files/1")
    said = made(done(books, FREELANCER, Submit(MILESTONE, files=(mine.id,))), Message)
    assert files_at(said.id, 1, books) == (mine,)


def test_a_project_is_posted_and_edited_with_files() -> None:
    books = world()
    first, second = put(books), put(books, name="b.txt")
    post = Post(EMPLOYER, "A", "B", "USD", usd("1.00"), usd("2.00"), files=(first.id, second.id))
    event = done(books, EMPLOYER, post)
    number = made(event, Project).id
    assert event.files[number] == (first, second)
    event = done(books, EMPLOYER, Edit(number, title="C"))
    assert event.files[number] == (first, second)
    event = done(books, EMPLOYER, Edit(number, files=(second.id,)))
    assert event.files[number] == (second,)
    event = done(books, EMPLOYER, Edit(number, files=()))
    assert event.files == {}
    assert made(event, Project).files == 0


@pytest.mark.parametrize(
    "asked",
    [
        lambda file: Edit(PROJECT, files=(file, file)),
        lambda file: Post(EMPLOYER, "A", "B", "USD", usd("1.00"), usd("2.00"), files=(file, file)),
    ],
)
def test_no_file_is_attached_twice(asked: object) -> None:
    books = world()
    file = put(books)
    no = refused(books, EMPLOYER, asked(file.id))  # type: ignore[operator]
    assert (no.reason, no.path) == (Reason.FILE_TWICE, "/files/1")


def test_what_is_asked_without_files_is_what_it_was_before_there_were_any() -> None:
    """So the keys of before still mean the same."""
    assert fields_of(Say(CONTRACT, "Hello")) == {"text": "Hello"}
    assert fields_of(Submit(MILESTONE, "Done")) == {"note": "Done"}
    assert fields_of(Edit(PROJECT, title="C")) == {"title": "C"}
