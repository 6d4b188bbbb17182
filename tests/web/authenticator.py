"""An authenticator made of software: it signs as those in phones do, and lies where it is told."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import struct
from dataclasses import dataclass, field, replace
from typing import Any, Final

import cbor2
import httpx
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from tests.http.house import Housing
from tests.web.browser import Browser

URL: Final = "http://pay.localhost"
ID: Final = "pay.localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def at_a_name(house: Housing) -> None:
    """Let the site be reached where passkeys can be made."""
    house.app.config = replace(house.app.config, url=URL)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass
class Authenticator:
    """One device with one key."""

    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    origin: str = URL
    rp_id: str = ID
    flags: int = PRESENT | VERIFIED
    count: int = 1

    def made(self, options: dict[str, Any]) -> str:
        """What it answers to the options of a new passkey."""
        client = self._client("webauthn.create", options)
        public = self.key.public_key().public_numbers()
        cose = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32), -3: public.y.to_bytes(32)}
        )
        attested = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + cose
        data = self._data(self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(client, attestationObject=b64(attestation))

    def shown(self, options: dict[str, Any]) -> str:
        """What it answers to the options of a passkey that is known."""
        self.count += 1
        client, data = self._client("webauthn.get", options), self._data(self.flags)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(client, authenticatorData=b64(data), signature=b64(signature))

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps({**said, "crossOrigin": False}).encode()

    def _data(self, flags: int) -> bytes:
        digest = hashlib.sha256(self.rp_id.encode()).digest()
        return digest + struct.pack(">BI", flags, self.count)

    def _answer(self, client: bytes, **more: str) -> str:
        named = {"id": b64(self.credential), "rawId": b64(self.credential), "type": "public-key"}
        return json.dumps({**named, "response": {"clientDataJSON": b64(client), **more}})


async def options(browser: Browser, path: str, page: str) -> dict[str, Any]:
    """What the site asks an authenticator, as the script of a page hears it."""
    answer = await browser.send(path, page=page)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    await browser.open(page)
    return found


NEW: Final = "/settings/security/passkeys/new"


async def add(browser: Browser, device: Authenticator, name: str = "My phone") -> httpx.Response:
    """Add a passkey of this device to whoever is signed in."""
    asked = await options(browser, "/settings/security/passkeys/options", NEW)
    fields = {"name": name, "credential": device.made(asked)}
    return await browser.send("/settings/security/passkeys", fields, page=NEW)


async def sign_in(browser: Browser, device: Authenticator) -> httpx.Response:
    """Sign in with the passkey alone."""
    asked = await options(browser, "/signin/passkey/options", "/signin")
    fields = {"credential": device.shown(asked)}
    return await browser.send("/signin/passkey", fields, page="/signin")
