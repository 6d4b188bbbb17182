"""Passkeys: what an authenticator is asked, and whether what it answers is right.

The answer has to be to a challenge of ours that nobody answered before, given to this very browser
for this very purpose, from a page of ours, by somebody whom the authenticator knew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from earnest.http import asking
from earnest.http.signin.codes import ISSUER
from earnest.store import challenges, passkeys
from earnest.store.challenges import Purpose

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeVar

    from earnest.http.security import Relying
    from earnest.http.web.visiting import Visit
    from earnest.store.passkeys import New, Passkey

    T = TypeVar("T")

#: What the script of a page is told.
JSON: Final = "application/json"
_TIMEOUT_MS: Final = 300_000
_VERIFIED: Final = UserVerificationRequirement.REQUIRED


class _Response(msgspec.Struct, rename="camel"):
    client_data_json: str = msgspec.field(name="clientDataJSON")


class _Answer(msgspec.Struct, rename="camel"):
    """As much of an answer as says to what it is one, and of whom."""

    raw_id: str
    response: _Response


class _ClientData(msgspec.Struct):
    challenge: str


async def new(visit: Visit, relying: Relying, known: Sequence[Passkey]) -> str:
    """What an authenticator is asked that is to have a new passkey; not one that has one."""
    me = visit.me
    options = generate_registration_options(
        rp_id=relying.id,
        rp_name=ISSUER,
        user_name=me.email,
        user_id=me.reference.encode(),
        user_display_name=me.name,
        challenge=await _challenge(visit, Purpose.ADD),
        timeout=_TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=_VERIFIED
        ),
        exclude_credentials=_named(known),
    )
    return options_to_json(options)


async def known(
    visit: Visit, relying: Relying, purpose: Purpose, known: Sequence[Passkey] = ()
) -> str:
    """What an authenticator is asked that has one of these, or any."""
    options = generate_authentication_options(
        rp_id=relying.id,
        challenge=await _challenge(visit, purpose),
        timeout=_TIMEOUT_MS,
        allow_credentials=_named(known),
        user_verification=_VERIFIED,
    )
    return options_to_json(options)


async def made(visit: Visit, relying: Relying, text: str, name: str) -> New | None:
    """The passkey that an authenticator has made, if its answer is right."""
    challenge = await _taken(visit, Purpose.ADD, text)
    if challenge is None:
        return None
    found = _unless_wrong(
        lambda: verify_registration_response(
            credential=text,
            expected_challenge=challenge,
            expected_rp_id=relying.id,
            expected_origin=relying.origin,
            require_user_verification=True,
        )
    )
    if found is None:
        return None
    return passkeys.New(found.credential_id, found.credential_public_key, found.sign_count, name)


async def shown(visit: Visit, relying: Relying, purpose: Purpose, text: str) -> Passkey | None:
    """The passkey that an authenticator has shown, if its answer is right; it is counted."""
    challenge = await _taken(visit, purpose, text)
    if challenge is None:
        return None
    database, credential = visit.app.database, base64url_to_bytes(_answer(text).raw_id)
    passkey = await asking.looking(visit.app, lambda: passkeys.by_credential(database, credential))
    if passkey is None or passkey.stopped_at is not None:
        return None
    found = _unless_wrong(
        lambda: verify_authentication_response(
            credential=text,
            expected_challenge=challenge,
            expected_rp_id=relying.id,
            expected_origin=relying.origin,
            credential_public_key=passkey.public_key,
            # The library compares counts before it looks at the signature, so anybody could say
            # a low one. It is compared when the answer is known to be the key's.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    )
    if found is None:
        return None
    count, number = found.new_sign_count, visit.app.node.ids.new()
    is_next = await asking.looking(
        visit.app, lambda: passkeys.use(database, passkey, count, number)
    )
    return passkey if is_next else None


async def _challenge(visit: Visit, purpose: Purpose) -> bytes:
    return await asking.looking(
        visit.app, lambda: challenges.make(visit.app.database, purpose, visit.secret)
    )


async def _taken(visit: Visit, purpose: Purpose, text: str) -> bytes | None:
    """The challenge of ours that this answers; whatever the answer is, it is used up."""
    said = _unless_wrong(lambda: _challenge_in(text))
    if said is None:
        return None
    database, secret = visit.app.database, visit.secret
    is_ours = await asking.looking(
        visit.app, lambda: challenges.take(database, said, purpose, secret)
    )
    return said if is_ours else None


def _answer(text: str) -> _Answer:
    return msgspec.json.decode(text, type=_Answer)


def _challenge_in(text: str) -> bytes:
    answer = _answer(text)
    base64url_to_bytes(answer.raw_id)
    client_data = base64url_to_bytes(answer.response.client_data_json)
    return base64url_to_bytes(msgspec.json.decode(client_data, type=_ClientData).challenge)


def _unless_wrong(read: Callable[[], T]) -> T | None:
    """What was read; nothing of what cannot be: whatever is sent is its sender's mistake."""
    try:
        return read()
    except Exception:  # noqa: BLE001  # Parsers of four formats; each has errors of its own.
        return None


def _named(some: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=each.credential) for each in some]
