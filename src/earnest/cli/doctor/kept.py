"""The check of files: whether the bytes are there that rows name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from earnest.cli.doctor.findings import Finding, ok, wrong
from earnest.store.reads.files import digests

if TYPE_CHECKING:
    from earnest.files import Folder
    from earnest.store.db import Database


async def files(database: Database, folder: Folder) -> Finding:
    """Whether whoever may see a file can have it."""
    count, lost = 0, []
    async for digest, size in digests(database):
        count += 1
        if not folder.has(digest, size):
            lost.append(digest)
    if not lost:
        return ok("files", f"{count} are named, and all their bytes are there.")
    what = f"The bytes of {len(lost)} of {count} files are missing from {folder.root}."
    means = "Whoever wants to save one of them is told of a mistake of ours."
    advice = (
        f"Copy them from a backup, where they are below files/, such as {lost[0]}: into"
        f" '{folder.path(lost[0]).parent}'. Several machines need the same folder."
    )
    return wrong("files", "files_missing", what, means, advice)
