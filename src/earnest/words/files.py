"""Files as people read of them: what they are, and how large."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.files import FileType
from earnest.words.saying import mark

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What each type is called.
TYPES: Final[Mapping[FileType, str]] = {
    FileType.PNG: "PNG picture",
    FileType.JPEG: "JPEG picture",
    FileType.GIF: "GIF picture",
    FileType.WEBP: "WebP picture",
    FileType.PDF: "PDF",
    FileType.TEXT: "text",
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

_UNITS: Final = ("kB", "MB", "GB")
_STEP: Final = 1000
_WITHOUT_DECIMALS: Final = 10


def size_said(size: int) -> str:
    """In the largest unit of which there is at least one, with a decimal below ten of them."""
    if size < _STEP:
        return f"{size} bytes" if size != 1 else "1 byte"
    unit, whole = 0, _STEP
    while unit + 1 < len(_UNITS) and size >= whole * _STEP:
        unit, whole = unit + 1, whole * _STEP
    ones, tenths = divmod(size * 10 // whole, 10)
    is_exact = tenths == 0 or ones >= _WITHOUT_DECIMALS
    return f"{ones if is_exact else f'{ones}.{tenths}'} {_UNITS[unit]}"
