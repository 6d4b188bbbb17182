"""The bytes of files: what they are, and where they are kept, under their digest."""

from earnest.files.folder import DiskFullError, Folder, Kept, TooLargeError
from earnest.files.kinds import WrongKindError, WrongNameError, clean_name

__all__ = [
    "DiskFullError",
    "Folder",
    "Kept",
    "TooLargeError",
    "WrongKindError",
    "WrongNameError",
    "clean_name",
]
