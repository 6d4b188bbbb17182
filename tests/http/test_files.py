"""Files over REST: what comes in, under which name, and who may have it again."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.http.house import Housing, Person, agreed, bid_for, code_of, project_of

from earnest.core.files import FileType
from earnest.core.house import House
from earnest.http.asking import LINES

pytestmark = pytest.mark.asyncio

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))
SCRIPT = b"<script>alert(document.cookie)</script>"


def bytes_of(file: dict[str, object]) -> str:
    return f"/v1/files/{file['id']}/bytes"


def on_disk(house: Housing) -> list[Path]:
    """All that is in the folder of files but its lock."""
    root = house.app.files.root
    return sorted(p for p in root.rglob("*") if p.is_file() and p.name != "lock")


async def test_what_was_put_here_comes_back_byte_for_byte(house: Housing) -> None:
    emma = await house.person("emma")
    answer = await emma.put("drawing.png", PNG)
    assert answer.status_code == 201
    file = answer.json()
    assert answer.headers["location"] == f"/v1/files/{file['id']}"
    digest = hashlib.sha256(PNG).hexdigest()
    assert (file["name"], file["size"], file["type"]) == ("drawing.png", len(PNG), "image/png")
    assert file["sha256"] == digest
    assert await emma.seen(f"/v1/files/{file['id']}") == file
    assert await emma.ids("/v1/files") == [file["id"]]
    back = await emma.get(bytes_of(file))
    assert back.content == PNG
    assert [p.name for p in on_disk(house)] == [digest]


async def test_no_browser_shows_a_file_or_guesses_what_it_is(house: Housing) -> None:
    emma = await house.person("emma")
    file = await emma.file('Ünïcode "quoted".txt', SCRIPT)
    headers = (await emma.get(bytes_of(file))).headers
    assert headers["content-type"] == "text/plain; charset=utf-8"
    assert headers["content-disposition"] == (
        'attachment; filename="_n_code _quoted_.txt";'
        " filename*=UTF-8''%C3%9Cn%C3%AFcode%20%22quoted%22.txt"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["cache-control"].startswith("private")


async def test_a_file_of_a_contract_is_for_its_two_sides(house: Housing) -> None:
    employer, freelancer, contract, _ = await agreed(house)
    stranger, operator = await house.person("sam"), await house.person("olga", "operator")
    file = await employer.file()
    assert code_of(await freelancer.get(bytes_of(file))) == "not_found"
    said = await employer.done(
        f"/v1/contracts/{contract['id']}/say", {"text": "See there.", "files": [file["id"]]}
    )
    brief = {name: file[name] for name in ("id", "name", "size", "type")}
    assert said["files"] == [brief]
    assert (await freelancer.seen(f"/v1/messages/{said['id']}"))["files"] == [brief]
    for who in (employer, freelancer):
        assert (await who.get(bytes_of(file))).content == b"Some words.\n"
        assert (await who.seen(f"/v1/files/{file['id']}"))["sha256"] == file["sha256"]
    for who in (stranger, operator):
        assert code_of(await who.get(bytes_of(file))) == "not_found"
        assert code_of(await who.get(f"/v1/files/{file['id']}")) == "not_found"
    assert await freelancer.ids("/v1/files") == []


async def test_work_is_submitted_with_files(house: Housing) -> None:
    employer, freelancer, contract, (milestone,) = await agreed(house, "40.00")
    first, second = await freelancer.file("one.txt"), await freelancer.file("two.md")
    body = {"note": "All done.", "files": [second["id"], first["id"]]}
    await freelancer.done(f"/v1/milestones/{milestone['id']}/submit", body)
    (said,) = (await employer.seen("/v1/messages", contract=contract["id"]))["items"]
    assert [each["name"] for each in said["files"]] == ["two.md", "one.txt"]
    assert (await employer.get(bytes_of(first))).status_code == 200


async def test_one_attaches_what_is_ones_own_and_each_once(house: Housing) -> None:
    employer, freelancer, contract, _ = await agreed(house)
    mine, theirs = await employer.file(), await freelancer.file()
    path = f"/v1/contracts/{contract['id']}/say"

    async def problem(*files: str) -> tuple[str, str]:
        answer = await employer.post(path, {"text": "See", "files": list(files)})
        told = answer.json()
        assert answer.status_code == 422
        return told["code"], told["errors"][0]["path"]

    nobodys = "fil_0000000000000"
    assert await problem(mine["id"], theirs["id"]) == ("file_unknown", "/files/1")
    assert await problem(nobodys) == ("file_unknown", "/files/0")
    assert await problem(mine["id"], mine["id"]) == ("file_twice", "/files/1")
    assert await problem(*[mine["id"]] * 11) == ("invalid", "/files")
    assert await problem("ms_0000000000000") == ("invalid", "/files/0")
    assert await employer.ids("/v1/messages") == []


async def test_the_same_key_keeps_a_file_once_and_another_one_is_refused(house: Housing) -> None:
    emma = await house.person("emma")
    first = await emma.put("a.txt", b"one", key="k")
    again = await emma.put("a.txt", b"one", key="k")
    assert again.content == first.content
    assert again.headers["idempotency-replayed"] == "true"
    other = await emma.put("a.txt", b"two", key="k")
    assert (other.status_code, code_of(other)) == (422, "key_reused")
    assert len(await emma.ids("/v1/files")) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.html", SCRIPT),
        ("drawing.svg", b"<svg onload='alert(1)'/>"),
        ("run.exe", b"MZ"),
        ("run.js", b"alert(1)"),
        ("macros.docm", b"PK\x03\x04"),
        ("picture.png", SCRIPT),
        ("picture.jpg", b"GIF89a"),
        ("paper.pdf", PNG),
        ("list.zip", b"Rar!"),
        ("paper.odt", b"PK\x03\x04" + b"\0" * 60),
        ("notes.txt", b"\xff\xfe\x00a"),
        ("notes.txt", b"a\x00b"),
        ("notes.txt", b"caf\xc3"),
        ("notes.txt", b""),
        ("noending", b"words"),
        (".png", PNG),
    ],
)
async def test_what_is_not_what_it_says_is_refused_by_name(
    house: Housing, name: str, content: bytes
) -> None:
    emma = await house.person("emma")
    answer = await emma.put(name, content)
    assert answer.status_code == 415, answer.text
    assert answer.json()["detail"].startswith(f"{name.strip('.')} is not ")
    assert await emma.ids("/v1/files") == []
    assert on_disk(house) == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\emma\\plan.txt", "plan.txt"),
        ("  a \t long   name .txt", "a long name .txt"),
        ("photo\u202egnp.txt", "photognp.txt"),
        ("line\r\nSet-Cookie: x.txt", "line Set-Cookie: x.txt"),
        ("e\u0301te\u0301.txt", "\u00e9t\u00e9.txt"),
        ("README.TXT", "README.TXT"),
    ],
)
async def test_a_name_is_cleaned(house: Housing, given: str, kept: str) -> None:
    emma = await house.person("emma")
    assert (await emma.file(given))["name"] == kept


@pytest.mark.parametrize(
    ("name", "code"),
    [("a\0.txt", "has_nul"), ("a/", "blank"), ("", "blank"), (f"{'a' * 117}.txt", "too_long")],
)
async def test_a_name_that_cannot_be_is_named(house: Housing, name: str, code: str) -> None:
    emma = await house.person("emma")
    answer = await emma.put(name, b"words")
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["path"], error["code"]) == ("?name", code)


async def test_what_changes_nothing_may_not_be_said_of_a_file(house: Housing) -> None:
    emma = await house.person("emma")
    for query, code in (("", "required"), ("?name=a.txt&name=b.txt", "given_twice"),
                        ("?name=a.txt&dry_run=true", "unknown_parameter")):  # fmt: skip
        answer = await emma.post(f"/v1/files{query}")
        assert answer.json()["errors"][0]["code"] == code


async def test_the_bytes_are_those_of_files_and_come_with_no_json(house: Housing) -> None:
    """A digest that somebody has heard of gives them nothing."""
    emma = await house.person("emma")
    line = '{"key":"k","action":"file.add","name":"a.txt","size":1,"type":"text/plain"}'
    answer = await house.client.post(
        "/v1/batch", content=line, headers={**emma.headers, "Content-Type": "application/x-ndjson"}
    )
    assert '"not_a_choice"' in answer.text


async def test_two_who_put_the_same_bytes_here_at_once_keep_them_once(house: Housing) -> None:
    people = [await house.person("emma") for _ in range(4)]
    answers = await asyncio.gather(*(each.put("same.png", PNG) for each in people for _ in "123"))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["id"] for answer in answers}) == 12
    assert len(on_disk(house)) == 1
    assert len({(await each.get(bytes_of(a.json()))).content for each, a in zip(
        [p for p in people for _ in "123"], answers, strict=True)}) == 1  # fmt: skip


@pytest.fixture
def small() -> House:
    return House(file_bytes_max=100, attached_bytes_max=150, person_bytes_max=250)


async def test_a_file_that_is_too_large_is_not_read_to_its_end(
    house: Housing, small: House
) -> None:
    limit(house, small)
    emma = await house.person("emma")
    sent = 0

    async def much() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(1000):
            sent += 60
            yield b"a" * 60

    headers = {**emma.headers, "Idempotency-Key": "k"}
    answer = await house.client.post(
        "/v1/files?name=a.txt",
        content=much(),
        headers=headers,
    )
    assert (answer.status_code, code_of(answer)) == (413, "too_large")
    assert answer.json()["detail"] == "a.txt is larger than 100 bytes."
    assert on_disk(house) == []
    assert (await emma.put("a.txt", b"a" * 101)).status_code == 413
    assert (await emma.put("a.txt", b"a" * 100)).status_code == 201


async def test_what_is_attached_at_once_has_a_limit(house: Housing, small: House) -> None:
    employer, _, contract, _ = await agreed(house)
    limit(house, small)
    first, second = await employer.file("a.txt", b"a" * 80), await employer.file("b.txt", b"b" * 80)
    body = {"text": "See", "files": [first["id"], second["id"]]}
    answer = await employer.post(f"/v1/contracts/{contract['id']}/say", body)
    assert code_of(answer) == "files_too_large"
    assert answer.json()["detail"].startswith("These files have 160 bytes together")


async def test_nobody_fills_the_disk_alone(house: Housing, small: House) -> None:
    limit(house, small)
    emma, frank = await house.person("emma"), await house.person("frank")
    for name in ("a.txt", "b.txt"):
        assert (await emma.put(name, b"a" * 100)).status_code == 201
    answer = await emma.put("c.txt", b"c" * 51)
    assert (answer.status_code, code_of(answer)) == (422, "no_room_left")
    assert "50 bytes are left" in answer.json()["detail"]
    assert (await emma.put("c.txt", b"c" * 50)).status_code == 201
    assert (await frank.put("a.txt", b"a" * 100)).status_code == 201


async def test_a_full_disk_is_said_clearly_and_leaves_nothing(house: Housing) -> None:
    emma = await house.person("emma")
    house.app.files.spare_bytes = 1 << 60
    answer = await emma.put("a.txt", b"words")
    assert (answer.status_code, code_of(answer)) == (503, "disk_full")
    assert answer.headers["retry-after"] == "60"
    assert on_disk(house) == []
    house.app.files.spare_bytes = 0
    assert (await emma.put("a.txt", b"words", key="k")).status_code == 201


async def test_every_kind_that_is_taken_is_known_by_its_bytes(house: Housing) -> None:
    emma = await house.person("emma")
    zipped = b"PK\x03\x04" + b"\0" * 26
    samples = {
        "a.png": PNG, "a.jpg": b"\xff\xd8\xff\xe0", "a.jpeg": b"\xff\xd8\xff\xe0",
        "a.gif": b"GIF89a", "a.webp": b"RIFF\0\0\0\0WEBP", "a.pdf": b"%PDF-1.7",
        "a.txt": "Zürich\n".encode(), "a.md": b"# Words", "a.csv": b"a,b", "a.zip": zipped,
        "a.docx": zipped, "a.xlsx": zipped, "a.pptx": zipped,
        "a.odt": zipped + b"mimetype" + FileType.ODT.encode(),
        "a.ods": zipped + b"mimetype" + FileType.ODS.encode(),
        "a.odp": zipped + b"mimetype" + FileType.ODP.encode(),
    }  # fmt: skip
    found = {(await emma.file(name, content))["type"] for name, content in samples.items()}
    assert found == set(FileType)


async def test_bytes_that_are_gone_are_our_mistake_and_said_so(house: Housing) -> None:
    emma = await house.person("emma")
    file = await emma.file()
    house.app.files.path(file["sha256"]).unlink()
    answer = await emma.get(bytes_of(file))
    assert (answer.status_code, code_of(answer)) == (500, "internal")


async def test_files_of_a_project_are_for_everybody_and_of_a_bid_for_its_two_sides(
    house: Housing,
) -> None:
    emma, frank = await house.person("emma"), await house.person("frank")
    sam, olga = await house.person("sam"), await house.person("olga", "operator")
    brief, draft = await emma.file("brief.txt"), await frank.file("draft.txt")
    project = await emma.done("/v1/projects", project_of(files=[brief["id"]]))
    placed = {**bid_for(project, "10.00"), "files": [draft["id"]]}
    bid = await frank.done("/v1/bids", placed)
    assert [
        each["name"] for each in (await sam.seen(f"/v1/projects/{project['id']}"))["files"]
    ] == ["brief.txt"]
    assert [each["name"] for each in (await emma.seen(f"/v1/bids/{bid['id']}"))["files"]] == [
        "draft.txt"
    ]
    for who in (emma, frank, sam, olga):
        assert (await who.get(bytes_of(brief))).status_code == 200
        due = "ok" if who in (emma, frank) else "not_found"
        assert code_of(await who.get(bytes_of(draft))) == due
    del placed["project_id"], placed["files"]
    assert (await frank.done(f"/v1/bids/{bid['id']}/edit", placed))["files"] == []
    assert code_of(await emma.get(bytes_of(draft))) == "not_found", "it is not attached any more"
    assert code_of(await frank.get(bytes_of(draft))) == "ok", "it stays its owner's"


async def test_each_of_two_edits_in_one_batch_tells_of_its_own_files(house: Housing) -> None:
    emma = await house.person("emma")
    files = [await emma.file(f"{name}.txt") for name in "abc"]
    project = await emma.done("/v1/projects", project_of(files=[files[0]["id"]]))
    lines = [
        {"key": f"k{place}", "action": "project.edit", "id": project["id"], "files": said}
        for place, said in enumerate(
            ([files[1]["id"]], [files[2]["id"], files[0]["id"]], [], [files[0]["id"]])
        )
    ]
    answer = await house.client.post(
        "/v1/batch",
        content="\n".join(map(json.dumps, lines)),
        headers={**emma.headers, "Content-Type": LINES},
    )
    told = [json.loads(line)["body"]["files"] for line in answer.text.splitlines()]
    names = [[each["name"] for each in each_] for each_ in told]
    assert names == [["b.txt"], ["c.txt", "a.txt"], [], ["a.txt"]]
    seen = (await emma.seen(f"/v1/projects/{project['id']}"))["files"]
    assert [each["name"] for each in seen] == ["a.txt"]


async def test_looking_first_and_asking_again_are_as_with_everything(house: Housing) -> None:
    employer, _, contract, _ = await agreed(house)
    file = await employer.file()
    path = f"/v1/contracts/{contract['id']}/say"
    body = {"text": "See", "files": [file["id"]]}
    looked = await employer.post(f"{path}?dry_run=true", body)
    assert looked.json()["fields"] == body
    first = await employer.post(path, body, key="k", If_Effect=looked.json()["effect_hash"])
    again = await employer.post(path, body, key="k")
    assert (again.content, first.json()["files"][0]["id"]) == (first.content, file["id"])
    other = await employer.post(path, {"text": "See"}, key="k")
    assert code_of(other) == "key_reused"


async def test_what_was_answered_without_files_is_answered_so_for_ever(house: Housing) -> None:
    """Also where somebody has bid or asked before there was such a thing."""
    employer, _, contract, _ = await agreed(house)
    path = f"/v1/contracts/{contract['id']}/say"
    first = await employer.post(path, {"text": "Hello", "files": []}, key="k")
    again = await employer.post(path, {"text": "Hello"}, key="k")
    assert (again.content, first.json()["files"]) == (first.content, [])


def limit(house: Housing, to: House) -> None:
    """Let the same site go on with other limits."""
    house.app.house = house.app.batcher.house = to


async def test_too_many_at_a_time_are_asked_to_come_back(house: Housing) -> None:
    emma: Person = await house.person("emma")
    house.app.sending[emma.number] = 4
    answer = await emma.put("a.txt", b"words")
    assert (answer.status_code, code_of(answer)) == (503, "busy")
