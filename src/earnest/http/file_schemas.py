"""Files in the OpenAPI document: the two addresses that no registry makes, and their shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeAlias

from earnest.core.actions import Scope
from earnest.core.files import NAME_MAX, AddFile, FileType
from earnest.core.inputs import FILES_MAX
from earnest.files.kinds import ENDINGS
from earnest.http.files import PATH
from earnest.http.receiving import NAME
from earnest.http.schemas import HASH, NUMBER, PERSON, TIME, one_of, ref, shape

Json: TypeAlias = dict[str, Any]

_FILE: Final[Json] = {
    "id": ref("FileId"),
    "name": {"type": "string", "minLength": 1, "maxLength": NAME_MAX},
    "size": {"type": "integer", "minimum": 1, "description": "In bytes."},
    "type": one_of(FileType),
}
SHAPES: Final[dict[str, Json]] = {
    "FileAttached": shape("A file that is attached to something.", **_FILE),
    "FilesAttached": {
        "type": "array",
        "items": ref("FileAttached"),
        "maxItems": FILES_MAX,
        "description": "What is attached to it; `GET /v1/files/{id}/bytes` has what is in each.",
    },
    "File": shape(
        "A file, without what is in it.",
        **_FILE,
        number=NUMBER,
        owner=PERSON,
        sha256=HASH,
        created_at=TIME,
    ),
}

_ADDED: Final = (400, 401, 403, 405, 413, 415, 422, 500, 503)
_READ: Final = (401, 403, 404, 405, 422, 500, 503)
_SAYS: Final = f"""The body is the file, its name is in the address. What it is is read from its
bytes, which have to be what its name ends in: {", ".join(ENDINGS)}. Folders and what nobody sees
are left out of the name. The file is yours alone until you attach it to something."""


DRAWING: Final = "drawing.png"
_NAME: Final[Json] = {
    "name": NAME,
    "in": "query",
    "required": True,
    "description": f"What the file is called, in at most {NAME_MAX} characters.",
    "schema": {
        "type": "string",
        "minLength": 1,
        "examples": [DRAWING],
    },
}
_RAW: Final[Json] = {"type": "string", "format": "binary"}
_ASKS: Final = f"The action `{AddFile.name}`, scope `{AddFile.scope.value}`."


def operations(
    key: Json, answer: Callable[..., Json], refusals: Callable[[Sequence[int]], Json]
) -> Iterable[tuple[str, str, Json]]:
    """Where files come in, and where their bytes go out."""
    made = answer("Kept.", ref("File"), ["Idempotency-Replayed", "Location"])
    yield (
        PATH,
        "post",
        {
            "operationId": "addFile",
            "tags": ["files"],
            "summary": "Put a file here",
            "description": f"{_SAYS}\n\n{_ASKS}",
            "security": [{"token": [AddFile.scope.value]}],
            "parameters": [key, _NAME],
            "requestBody": {
                "required": True,
                "content": {"application/octet-stream": {"schema": _RAW}},
            },
            "responses": {"201": made, **refusals(_ADDED)},
        },
    )
    saved = answer("The bytes, to be saved; no browser shows them.", {})
    saved["content"] = {each.value: {"schema": {"type": "string"}} for each in FileType}
    yield (
        f"{PATH}/{{id}}/bytes",
        "get",
        {
            "operationId": "getFileBytes",
            "tags": ["files"],
            "summary": "What is in a file",
            "description": "For its owner, and for whoever may see what it is attached to.",
            "security": [{"token": [Scope.READ.value]}],
            "responses": {"200": saved, **refusals(_READ)},
        },
    )
