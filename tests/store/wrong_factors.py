"""Rows of how people sign in as they must never be."""

from __future__ import annotations

from typing import Final

_HASH: Final = "decode(repeat('00', 32), 'hex')"
_KEYS: Final = "INSERT INTO passkeys SELECT {}, min(id), 'c', 'k', {}, {}, now() FROM users"

WRONG_FACTORS: Final[dict[str, str]] = {
    "a_passkey_has_a_name": _KEYS.format(1, 0, "''"),
    "a_passkey_counts_from_nothing": _KEYS.format(1, -1, "'Phone'"),
    "passkeys_by_credential": (
        "INSERT INTO passkeys SELECT n, u.id, 'c', 'k', 0, 'Phone', now()"
        " FROM (SELECT min(id) AS id FROM users) u, generate_series(1, 2) n"
    ),
    "only_the_hash_of_a_challenge_is_kept": (
        "INSERT INTO challenges VALUES ('secret', 'add', 'b', now())"
    ),
    "a_challenge_has_a_known_purpose": (
        f"INSERT INTO challenges VALUES ({_HASH}, 'odd', 'b', now())"
    ),
    "only_the_hash_of_a_recovery_code_is_kept": (
        "INSERT INTO recovery_codes SELECT min(id), 'code', NULL FROM users"
    ),
    "only_the_hash_of_a_sign_in_is_kept": (
        "INSERT INTO sign_ins_begun SELECT 'secret', min(id), '/', NULL, now() FROM users"
    ),
    "a_limit_is_not_negative": "INSERT INTO own_limits SELECT min(id), 'USD', -1 FROM users",
}
