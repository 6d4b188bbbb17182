"""Files by `earnest` commands: added, saved, swept, backed up and there again, and missed."""

from __future__ import annotations

import asyncio
import os
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.cli.deals import ANA, EMMA, agreed, people
from tests.cli.earnest import Earnest
from tests.cli.test_backup import changed

from earnest.app import opened
from earnest.config import Config
from earnest.files.folder import Folder
from earnest.http.problems import problem_of
from earnest.sweeping import sweep

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.png"
    path.write_bytes(PNG)
    return path


@pytest.fixture
def file(earnest: Earnest, picture: Path) -> Any:
    """A file of Emma's."""
    people(earnest)
    return earnest.json("file", "add", picture, "--as", EMMA)


def test_what_was_added_is_saved_again(
    earnest: Earnest, file: Any, picture: Path, tmp_path: Path
) -> None:
    assert (file["name"], file["type"], file["size"]) == ("picture.png", "image/png", len(PNG))
    assert earnest.json("file", "show", file["id"]) == file
    assert earnest.json("file", "list", "--as", EMMA)["items"] == [file]
    assert "picture.png" in earnest("file", "list").stdout
    earnest("file", "save", file["id"], tmp_path, "--as", EMMA, code=1)  # It is there.
    assert earnest.json("file", "save", file["id"], tmp_path / "copy.png", "--as", EMMA) == {
        "file": str(tmp_path / "copy.png"),
        "bytes": len(PNG),
    }
    assert (tmp_path / "copy.png").read_bytes() == PNG
    told = earnest.json("file", "save", file["id"], tmp_path / "no.png", "--as", ANA, code=1)
    assert told["code"] == "not_found"
    assert not (tmp_path / "no.png").exists()


def test_what_is_said_with_a_file_is_for_the_other_side(
    earnest: Earnest, picture: Path, tmp_path: Path
) -> None:
    people(earnest)
    contract = agreed(earnest, "30.00").contract
    file = earnest.json("file", "add", picture, "--name", "../plan.png", "--as", EMMA)
    said = earnest.json(
        "contract", "say", contract, "--text", "See", "--file", file["id"], "--as", EMMA
    )
    assert [each["name"] for each in said["files"]] == ["plan.png"]
    earnest("file", "save", file["id"], tmp_path / "plan.png", "--as", ANA)


def test_what_is_no_picture_is_refused_by_name(earnest: Earnest, tmp_path: Path) -> None:
    people(earnest)
    path = tmp_path / "picture.png"
    path.write_text("<script>")
    told = earnest.json("file", "add", path, "--as", EMMA, code=1)
    assert told["code"] == "unsupported_media_type"
    assert "picture.png" in told["detail"]
    refused = earnest("file", "add", path, "--name", "a.html", "--as", EMMA, code=1)
    assert "a.html is not taken" in refused.stderr


def test_a_backup_has_the_bytes_and_a_restore_puts_them_back(
    earnest: Earnest, file: Any, tmp_path: Path
) -> None:
    made = earnest.json("backup", tmp_path / "backup.zip")
    assert made["files"] == 1
    new = Earnest(tmp_path / "restored" / "data", None)
    told = new.json("restore", tmp_path / "backup.zip")
    assert (told["ok"], told["files"], told["files_lost"]) == (True, 1, 0)
    new("file", "save", file["id"], tmp_path / "again.png", "--as", EMMA)
    assert (tmp_path / "again.png").read_bytes() == PNG
    kept = Folder(new.data_dir / "files").path(file["sha256"])
    assert kept.stat().st_mode & 0o777 == 0o600
    assert new.data_dir.stat().st_mode & 0o777 == 0o700


def test_bytes_that_were_changed_are_not_restored(
    earnest: Earnest, file: Any, tmp_path: Path
) -> None:
    backup = Path(earnest.json("backup", tmp_path / "backup.zip")["file"])
    name = f"files/{file['sha256']}"
    other = changed(backup, name, lambda raw: raw[::-1])
    new = Earnest(tmp_path / "restored", None)
    told = new.json("restore", other, code=1)
    assert (told["code"], name in told["detail"]) == ("not_a_backup", True)
    assert not new.data_dir.exists()
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(tmp_path / "less.zip", "w") as less:
        for each in old.namelist():
            if each != name:
                less.writestr(each, old.read(each))
    assert new.json("restore", tmp_path / "less.zip", code=1)["code"] == "not_a_backup"


def test_the_doctor_misses_bytes_that_are_gone(earnest: Earnest, file: Any) -> None:
    checks = earnest.unchecked("doctor", "--json").stdout
    assert '"1 are named, and all their bytes are there."' in checks
    Folder(earnest.data_dir / "files").path(file["sha256"]).write_bytes(b"half")
    checks = earnest.unchecked("doctor", "--json").stdout
    assert '"files_missing"' in checks


def test_what_no_row_names_is_swept_when_it_is_old(earnest: Earnest, file: Any) -> None:
    """Somebody was killed between the bytes and the row, or before the last byte."""
    folder = Folder(earnest.data_dir / "files")
    named, unnamed = folder.path(file["sha256"]), folder.path("ab" * 32)
    half = folder.root / "unfinished" / "left"
    unnamed.parent.mkdir(exist_ok=True)
    for path in (unnamed, half):
        path.write_bytes(b"x")
    young = folder.root / "unfinished" / "young"
    young.write_bytes(b"y")
    yesterday = time.time() - 90_000
    for path in (named, unnamed, half):
        os.utime(path, (yesterday, yesterday))

    async def swept() -> list[int]:
        config = Config(earnest.data_dir, earnest.dsn)
        async with opened(config, problem_of) as app:
            with await app.files._shared():  # Somebody is about to have a row written.
                first = await sweep(app, time.time())
            return [first, await sweep(app, time.time()), await sweep(app, time.time())]

    assert asyncio.run(swept()) == [0, 2, 0]
    assert (named.exists(), unnamed.exists(), half.exists(), young.exists()) == (
        True, False, False, True,
    )  # fmt: skip
