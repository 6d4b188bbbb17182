"""Sealing: what has to be read again is kept in the database only as AES-256-GCM leaves it.

The key is made of the setting `secret_key`, or of a file in the data directory that is made once;
so neither a copy of the database nor a backup opens anything.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from functools import cache
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from pathlib import Path

    from earnest.config import Config

FILE: Final = "secret.key"
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32


def sealed(config: Config, text: str, about: str) -> bytes:
    """Seal a text; it is opened only as being about the same."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + _cipher(config).encrypt(nonce, text.encode(), about.encode())


def opened(config: Config, raw: bytes, about: str) -> str | None:
    """What was sealed; nothing if it was by another key, or about something else."""
    nonce, rest = raw[:_NONCE_BYTES], raw[_NONCE_BYTES:]
    try:
        return _cipher(config).decrypt(nonce, rest, about.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def _cipher(config: Config) -> AESGCM:
    if config.secret_key is not None:
        return _of(config.secret_key)
    return _of(_in_file(config.data_dir / FILE))


@cache
def _of(secret: str) -> AESGCM:
    derive = HKDF(SHA256(), length=_KEY_BYTES, salt=None, info=b"earnest second factors")
    return AESGCM(derive.derive(secret.encode()))


@cache
def _in_file(path: Path) -> str:
    """The secret of this data directory; whoever is first makes it, and no other process does."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(made, path)
        made.unlink()
    return path.read_text(encoding="ascii").strip()
