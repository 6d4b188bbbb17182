"""Mails about accounts and changes of address as they must never be."""

from __future__ import annotations

from typing import Final


def _change(values: str) -> str:
    columns = "id, user_id, old_email, new_email, created_at, expires_at"
    return f"INSERT INTO address_changes ({columns}) SELECT {values} FROM users LIMIT 1"


def _mail(values: str) -> str:
    columns = "id, user_id, kind, email, created_at"
    return f"INSERT INTO account_mails ({columns}) SELECT {values}, now() FROM users LIMIT 1"


_LATER: Final = "now(), now() + interval '1 day'"

WRONG_MAILBOXES: Final = {
    "another_address_is_another": _change(f"1, id, 'a@b.c', 'A@b.c', {_LATER}"),
    "a_change_of_address_expires_later": _change("1, id, 'a@b.c', 'd@b.c', now(), now()"),
    "one_change_of_address_waits": (
        "INSERT INTO address_changes (id, user_id, old_email, new_email, created_at, expires_at)"
        f" SELECT n, (SELECT min(id) FROM users), 'a@b.c', 'd@b.c', {_LATER}"
        " FROM generate_series(1, 2) n"
    ),
    "an_account_mail_has_a_known_kind": _mail("1, id, 'odd', email"),
    "only_a_change_of_address_is_told_as_one": _mail("1, id, 'change', email"),
    "only_the_hash_of_a_link_is_kept": (
        _mail("1, id, 'verify', email") + ";"
        " INSERT INTO account_links (hash, mail_id) VALUES ('secret', 1)"
    ),
}
