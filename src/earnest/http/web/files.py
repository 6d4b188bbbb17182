"""The bytes of a file for whoever may see something that it is attached to; saved, never shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from earnest.core.files import File
from earnest.core.people import staff
from earnest.http import asking
from earnest.http.files import download
from earnest.http.reading import noted_in
from earnest.http.web.uploading import VIA
from earnest.store.reads.collections import FILES
from earnest.store.reads.files import contract_of
from earnest.store.reads.paging import Part, item

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.app import App
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection


@dataclass(frozen=True, slots=True)
class Files:
    """Where the names of files on pages lead."""

    app: App

    async def saved(self, visit: Visit, request: Request) -> Response:
        """The file; of what was said in a contract staff may have it, and both sides see that."""
        number = asking.reference(request, File.prefix)
        if number is None:
            raise asking.not_found()
        this = Part("lists.this", (number,))

        async def read(db: Connection) -> tuple[Any, int | None]:
            row: Any = await item(db, FILES.source, this, *FILES.seen_by(visit.me.id))
            if row is not None or not staff(visit.me):
                return row, None
            contract_id = await contract_of(db, number)
            if contract_id is not None:
                row = await item(db, FILES.source, this)
            return row, contract_id

        row, contract_id = await visit.reading(read)
        if row is None:
            raise asking.not_found()
        if contract_id is not None:
            await noted_in(self.app, visit.me, contract_id, VIA)
        return await download(self.app, request, row)
