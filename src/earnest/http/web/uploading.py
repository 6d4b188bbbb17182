"""Files of forms: what is sent is kept at once and stays ticked, whatever else is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from earnest.core.files import File
from earnest.core.inputs import FILES_MAX
from earnest.core.references import NotAReferenceError, parsed
from earnest.files.kinds import ENDINGS
from earnest.http import receiving, security
from earnest.http.answers import ProblemError, id_of
from earnest.http.web import forms
from earnest.http.web.multipart import MEDIA_TYPE
from earnest.http.web.places import checked_form
from earnest.store.reads.collections import FILES
from earnest.store.reads.paging import Part, items
from earnest.wire.fields import input_of
from earnest.words.files import TYPES, size_said
from earnest.words.formats import listed
from earnest.words.saying import _

if TYPE_CHECKING:
    from starlette.requests import Request

    from earnest.http.web.forms import FormError
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

#: The list of an action, and the field beside it that files are chosen in.
FIELD: Final = "files"
CHOSEN: Final = "new_files"
#: The field of an action that takes one file, and no list of them.
SINGLE: Final = "file"
#: How what is asked here came, as events say it.
VIA: Final = "web"
ACCEPTED: Final = ",".join(f".{each}" for each in ENDINGS)


@dataclass(slots=True)
class Form:
    """A form that was sent: its fields, with each file that came ticked, and what was refused."""

    visit: Visit
    values: dict[str, str] = field(default_factory=dict)
    errors: list[FormError] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    has_token: bool = False

    async def take(
        self, values: Mapping[str, str], name: str, chunks: AsyncIterator[bytes]
    ) -> None:
        """Keep one more; a form from elsewhere keeps nothing."""
        if not self.has_token and not security.is_token_of(
            values.get("csrf", ""), self.visit.secret
        ):
            raise ProblemError("form_too_old")
        self.has_token = True
        if len(self.kept) >= FILES_MAX:
            return self._refuse(
                _("At most {count} files are taken at once.").format(count=FILES_MAX)
            )
        form_key = values.get("key", "")

        def key(digest: str) -> str:
            """Sent twice from one form it is kept once."""
            of = hashlib.sha256(f"{form_key} {digest} {name}".encode()).hexdigest()
            return f"web-file-{of}"

        app, me = self.visit.app, self.visit.me.id
        try:
            answered = await receiving.kept(app, me, name, chunks, key=key, via=VIA)
        except ProblemError as wrong:
            return self._refuse(_detail(wrong.body))
        if answered.problem is not None:
            return self._refuse(f"{name}: {_detail(answered.problem)}")
        self.kept.append(id_of(answered.rows[0]))
        return None

    def _refuse(self, text: str) -> None:
        self.errors.append(forms.wrong(FIELD, text))


class _Told(msgspec.Struct):
    detail: str
    errors: list[dict[str, str]] = []


def _detail(problem: bytes) -> str:
    """The sentence of a problem, or of the one field that it is about."""
    told = msgspec.json.decode(problem, type=_Told)
    return told.errors[0]["detail"] if told.errors else told.detail


async def sent(visit: Visit, request: Request) -> Form:
    """The fields of a form of ours, from who has its page open now, and the files that came."""
    form = Form(visit)
    if not request.headers.get("content-type", "").lower().startswith(MEDIA_TYPE):
        form.values = await checked_form(visit, request)
        return form
    with receiving.sending(visit.app, visit.me.id):
        form.values = await checked_form(visit, request, form.take)
    form.values.pop(CHOSEN, None)
    form.values |= {f"{FIELD}.{each}": "1" for each in form.kept}
    return form


def alone(name: str, form: Form) -> dict[str, str]:
    """The fields of a form of an action that takes one file: the last one that came is that one."""
    if SINGLE not in {each.wire for each in input_of(name).fields}:
        return form.values
    sent = [each.rpartition(".")[2] for each in form.values if _number(each) is not None]
    values = {n: text for n, text in form.values.items() if _number(n) is None}
    form.errors = [forms.wrong(SINGLE, each.text) for each in form.errors]
    return {**values, SINGLE: sent[-1]} if sent else values


def ticked(row: Any, files: Mapping[int, Sequence[File]]) -> dict[str, str]:
    """What is attached to a row that is edited, as its form begins."""
    return {f"{FIELD}.{each.reference}": "1" for each in files.get(row.id, ())}


async def named(visit: Visit, values: Mapping[str, str]) -> list[File]:
    """The reader's own files among those that are ticked, in their order."""
    names = [*values, f"{FIELD}.{values.get(SINGLE, '')}"]
    numbers = [number for name in names if (number := _number(name)) is not None]
    if not numbers:
        return []
    these, own = Part("lists.these", (numbers,)), Part("files.of_owner", (visit.me.id,))

    async def read(db: Connection) -> list[File]:
        return await items(db, FILES.source, these, own)

    return sorted(await visit.reading(read), key=lambda each: numbers.index(each.id))


def _number(name: str) -> int | None:
    stem, dot, reference = name.partition(".")
    try:
        return parsed(reference, File.prefix) if stem == FIELD and dot else None
    except NotAReferenceError:
        return None


def shown(files: Sequence[File]) -> list[dict[str, str]]:
    """Files as a page lists them."""
    return [
        {
            "id": each.reference,
            "href": f"/files/{each.reference}",
            "name": each.name,
            "meta": listed((TYPES[each.type], size_said(each.size))),
        }
        for each in files
    ]
