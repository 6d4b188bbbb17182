"""What a file is: its name says which of a few kinds is meant, and its bytes have to agree.

Whoever sends it is never believed alone: a script that calls itself a picture is no picture, and
what browsers would run or draw as a page (HTML, SVG) is of no kind that is taken.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from earnest.core.files import NAME_MAX, FileType
from earnest.words.files import EMPTY, NOT_OF_ITS_KIND, NOT_TEXT, UNTAKEN

#: How much of the beginning of a file is looked at.
HEAD_BYTES: Final = 128

#: Whether a file that begins like this can be of a kind.
Begins: TypeAlias = Callable[[bytes], bool]


class WrongNameError(ValueError):
    """A name that no file can have: why, as a sentence and as a word."""

    def __init__(self, code: str, detail: str) -> None:
        """Keep both."""
        super().__init__(detail)
        self.code = code
        self.detail = detail


class WrongKindError(ValueError):
    """Bytes of a kind that is not taken, or of another kind than their name says."""

    def __init__(self, detail: str) -> None:
        """Keep the sentence."""
        super().__init__(detail)
        self.detail = detail


def clean_name(given: str) -> str:
    """What a file is called here: without folders, and without what nobody sees."""
    if "\0" in given:
        raise WrongNameError("has_nul", "A name has no NUL in it.")
    last = re.split(r"[/\\]", given)[-1]
    seen = "".join(c for c in unicodedata.normalize("NFC", last) if _is_seen(c))
    name = " ".join(seen.split()).strip(" .")
    if not name:
        raise WrongNameError("blank", "A file needs a name, such as drawing.png.")
    if len(name) > NAME_MAX:
        raise WrongNameError("too_long", f"A name has at most {NAME_MAX} characters.")
    return name


def _is_seen(character: str) -> bool:
    """Controls, and what turns the direction of a text, are not; blanks are."""
    return character.isspace() or unicodedata.category(character)[0] != "C"


def _with(*marks: bytes) -> Begins:
    return lambda head: head.startswith(marks)


_ZIP: Final = b"PK\x03\x04"


def _open_document(type_: FileType) -> Begins:
    """A zip whose first member says in plain what it is."""
    return lambda head: head.startswith(_ZIP) and head[30:].startswith(b"mimetype" + type_.encode())


#: Of each kind the endings of names, and how its bytes begin; without that it is text.
_KINDS: Final[Mapping[FileType, tuple[tuple[str, ...], Begins | None]]] = {
    FileType.PNG: (("png",), _with(b"\x89PNG\r\n\x1a\n")),
    FileType.JPEG: (("jpg", "jpeg"), _with(b"\xff\xd8\xff")),
    FileType.GIF: (("gif",), _with(b"GIF87a", b"GIF89a")),
    FileType.WEBP: (("webp",), lambda head: head[:4] == b"RIFF" and head[8:12] == b"WEBP"),
    FileType.PDF: (("pdf",), _with(b"%PDF-")),
    FileType.TEXT: (("txt",), None),
    FileType.MARKDOWN: (("md",), None),
    FileType.CSV: (("csv",), None),
    FileType.ZIP: (("zip",), _with(_ZIP)),
    FileType.DOCX: (("docx",), _with(_ZIP)),
    FileType.XLSX: (("xlsx",), _with(_ZIP)),
    FileType.PPTX: (("pptx",), _with(_ZIP)),
    FileType.ODT: (("odt",), _open_document(FileType.ODT)),
    FileType.ODS: (("ods",), _open_document(FileType.ODS)),
    FileType.ODP: (("odp",), _open_document(FileType.ODP)),
}
_BY_ENDING: Final = {ending: kind for kind, (endings, _) in _KINDS.items() for ending in endings}
ENDINGS: Final = tuple(_BY_ENDING)


def kind_of(name: str) -> FileType:
    """What a file of this name should be."""
    stem, _, ending = name.rpartition(".")
    found = _BY_ENDING.get(ending.lower())
    if found is None or not stem:
        raise WrongKindError(UNTAKEN.format(name=name, endings=", ".join(ENDINGS)))
    return found


class Look:
    """Looks at the bytes of one file as they come; `end` says whether they are what they should be.

    Text is UTF-8 without controls, to its last byte; of anything else the beginning tells.
    """

    def __init__(self, name: str) -> None:
        """Begin with the name: what ends in nothing that is taken is refused before a byte."""
        self.type: Final = kind_of(name)
        self._name = name
        self._begins = _KINDS[self.type][1]
        self._head = b""
        self._is_empty = True
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def feed(self, chunk: bytes) -> None:
        """The next bytes."""
        self._is_empty = self._is_empty and not chunk
        if self._begins is None:
            self._read(chunk)
        elif len(self._head) < HEAD_BYTES:
            self._head += chunk[: HEAD_BYTES - len(self._head)]

    def end(self) -> None:
        """There are no more."""
        if self._is_empty:
            raise WrongKindError(EMPTY.format(name=self._name))
        if self._begins is None:
            self._read(b"", final=True)
        elif not self._begins(self._head):
            raise self._wrong()

    def _read(self, chunk: bytes, *, final: bool = False) -> None:
        try:
            text = self._decoder.decode(chunk, final)
        except UnicodeDecodeError:
            raise self._wrong() from None
        if _CONTROLS.search(text):
            raise self._wrong()

    def _wrong(self) -> WrongKindError:
        template = NOT_TEXT if self._begins is None else NOT_OF_ITS_KIND
        return WrongKindError(template.format(name=self._name, kind=self.type.value))


#: What no text has: all controls but tab, line feed, form feed and carriage return.
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
