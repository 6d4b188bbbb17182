"""Files: what somebody put here, and what it is attached to.

The bytes are kept elsewhere, by their digest; a row says whose they are and what they are called.
Who may see what a file is attached to may have its bytes, and nobody else but its owner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from typing_extensions import override

from earnest.core.actions import Action, Decision, Reason, Refused, action
from earnest.core.inputs import FILES_MAX, Between, Hash, Named, Text
from earnest.core.people import ANYONE, User, UserStatus
from earnest.core.records import record, replace
from earnest.core.rows import Row

if TYPE_CHECKING:
    from earnest.core.actions import View

#: No setting allows a larger one.
SIZE_MAX: Final = 1 << 40
NAME_MAX: Final = 120


class FileType(StrEnum):
    """What a file may be. Whoever keeps the bytes has looked at them, and not at what was said."""

    PNG = "image/png"
    JPEG = "image/jpeg"
    GIF = "image/gif"
    WEBP = "image/webp"
    PDF = "application/pdf"
    TEXT = "text/plain"
    MARKDOWN = "text/markdown"
    CSV = "text/csv"
    ZIP = "application/zip"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    ODP = "application/vnd.oasis.opendocument.presentation"


class Bytes(int):
    """So many bytes: a fact that people read in kB or MB."""

    __slots__ = ()


@record(frozen=True, slots=True)
class File(Row):
    """A file that somebody put here. It never changes."""

    noun: ClassVar[str] = "file"
    prefix: ClassVar[str] = "fil"

    id: int
    owner_id: int
    name: str
    #: In bytes.
    size: int
    type: FileType
    sha256: str
    created_at: datetime


@record(frozen=True, slots=True)
class FileCounter(Row):
    """How much one person has put here: a limit over rows is a row."""

    noun: ClassVar[str] = "file_counter"

    owner_id: int
    files: int
    bytes: int

    @property
    @override
    def key(self) -> int:
        return self.owner_id


@record(frozen=True, slots=True)
class Attachment(Row):
    """That a file stands at a place of a row; the row says how many of its places count."""

    noun: ClassVar[str] = "attachment"

    parent_id: int
    #: From 1; another at the same place takes its place.
    position: int
    parent_kind: str
    file_id: int

    @property
    @override
    def key(self) -> tuple[int, int]:
        return (self.parent_id, self.position)


@action
class AddFile(Action[User]):
    """Put a file here, to attach it to what you post, bid, say or submit.

    Nobody else sees it before. What it is is read from its bytes.
    """

    name = "file.add"
    kind = User
    by = ANYONE
    when = frozenset(UserStatus)
    event = "file.added"
    makes = File
    answers = True
    takes_bytes = True

    subject_id: int
    called: Annotated[str, Named("name"), Text(NAME_MAX)]
    size: Annotated[int, Between(1, SIZE_MAX)]
    type: FileType
    sha256: Hash

    @override
    def decide(self, subject: User, world: View) -> Decision | Refused:
        limit = world.house.file_bytes_max
        if self.size > limit:
            return Refused(Reason.FILE_TOO_LARGE, {"limit": Bytes(limit)})
        before = world.find(FileCounter, subject.id) or FileCounter(subject.id, 0, 0)
        after = replace(before, files=before.files + 1, bytes=before.bytes + self.size)
        most = world.house.person_bytes_max
        if after.bytes > most:
            left = Bytes(max(most - before.bytes, 0))
            return Refused(Reason.NO_ROOM_LEFT, {"limit": Bytes(most), "left": left})
        file = File(
            id=world.new_id(),
            owner_id=subject.id,
            name=self.called,
            size=self.size,
            type=self.type,
            sha256=self.sha256,
            created_at=world.now,
        )
        return Decision(rows=(file, after))


def named(files: Iterable[int] | None) -> Iterable[tuple[type[Row], int]]:
    """The files that an action names, for its `reads`."""
    return ((File, number) for number in files or ())


def unfit(files: Sequence[int], world: View) -> Refused | None:
    """One attaches one's own files, each of them once, and not too much at a time."""
    size = 0
    for place, number in enumerate(files):
        file = world.find(File, number)
        if file is None or file.owner_id != world.asker_id:
            return Refused(Reason.FILE_UNKNOWN, path=f"/files/{place}")
        if number in files[:place]:
            return Refused(Reason.FILE_TWICE, path=f"/files/{place}")
        size += file.size
    limit = world.house.attached_bytes_max
    if size > limit:
        return Refused(
            Reason.FILES_TOO_LARGE, {"limit": Bytes(limit), "size": Bytes(size)}, "/files"
        )
    return None


def attached(parent: Row, files: Sequence[int]) -> tuple[Attachment, ...]:
    """The files at their places, from the first on."""
    return tuple(
        Attachment(parent.id, place, parent.noun, number) for place, number in enumerate(files, 1)
    )


def files_at(parent_id: int, count: int, world: View) -> tuple[File, ...]:
    """What stands at the first so many places of a row, which are locked or read with it."""
    found = []
    for place in range(1, count + 1):
        attachment = world.find(Attachment, (parent_id, place))
        assert attachment is not None, "what is attached is read with its row"
        file = world.find(File, attachment.file_id)
        assert file is not None, "and so is the file"
        found.append(file)
    return tuple(found)


__all__ = [
    "FILES_MAX",
    "AddFile",
    "Attachment",
    "Bytes",
    "File",
    "FileCounter",
    "FileType",
    "attached",
    "files_at",
    "named",
    "unfit",
]
