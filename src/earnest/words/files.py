"""Files as people read of them: what they are, and how large."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from earnest.core.files import FileType
from earnest.words.formats import measured
from earnest.words.saying import N_, mark, ngettext

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What each type is called.
TYPES: Final[Mapping[FileType, str]] = {
    FileType.PNG: "PNG picture",
    FileType.JPEG: "JPEG picture",
    FileType.GIF: "GIF picture",
    FileType.WEBP: "WebP picture",
    FileType.PDF: "PDF",
    FileType.TEXT: N_("text"),
    FileType.MARKDOWN: "Markdown",
    FileType.CSV: "CSV table",
    FileType.ZIP: "ZIP archive",
    FileType.DOCX: "Word document",
    FileType.XLSX: "Excel workbook",
    FileType.PPTX: "PowerPoint slides",
    FileType.ODT: "OpenDocument text",
    FileType.ODS: "OpenDocument table",
    FileType.ODP: "OpenDocument slides",
}
mark(TYPES)

#: Why one is not kept: what ends so is of no kind that is, it has no bytes, others, or too many.
UNTAKEN: Final = N_("{name} is not taken. Taken are files that end in {endings}.")
EMPTY: Final = N_("{name} is not taken: there is nothing in it.")
NOT_TEXT: Final = N_("{name} is not text in UTF-8, whatever its name says.")
NOT_OF_ITS_KIND: Final = N_("{name} is not {kind}, whatever its name says.")
LARGER: Final = N_("{name} is larger than {size}.")
TOO_LARGE: Final = N_("This is larger than {size}.")

_UNITS: Final = ("kilobyte", "megabyte", "gigabyte")
_STEP: Final = 1000
_WITHOUT_DECIMALS: Final = 10


def size_said(size: int) -> str:
    """In the largest unit of which there is at least one, with a decimal below ten of them."""
    if size < _STEP:
        return ngettext("1 byte", "{count} bytes", size).format(count=size)
    unit, whole = 0, _STEP
    while unit + 1 < len(_UNITS) and size >= whole * _STEP:
        unit, whole = unit + 1, whole * _STEP
    ones, tenths = divmod(size * 10 // whole, 10)
    is_exact = tenths == 0 or ones >= _WITHOUT_DECIMALS
    amount = Decimal(ones) if is_exact else Decimal(f"{ones}.{tenths}")
    return measured(amount, f"digital-{_UNITS[unit]}", "short")
