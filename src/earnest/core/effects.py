"""The effect of an action: which statuses and which transfers it leads to, and their hash.

Somebody who was shown an effect may ask for exactly that: if anything else would happen by the
time it is asked for, nothing does. No times and no balances are in it, so only what matters to
the asker can change it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from earnest.core.canonical import digest
from earnest.core.ledger import OWNERS
from earnest.core.records import record
from earnest.core.references import printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from earnest.core.actions import Action, Decision
    from earnest.core.ledger import Account
    from earnest.core.rows import Row


@record(frozen=True, slots=True)
class Condition:
    """What was shown: the fields as JSON says them, and the hash of what they would lead to."""

    fields: Mapping[str, object]
    effect_hash: str


@record(frozen=True, slots=True)
class Effect:
    """What would happen. Rows that would be made are called new:0, new:1 and so on."""

    action: str
    subject: str
    fields: Mapping[str, object]
    statuses: tuple[tuple[str, str], ...]
    #: Debit kind, owner, credit kind, owner, amount, currency.
    transfers: tuple[tuple[str, str, str, str, str, str], ...]

    @property
    def told(self) -> dict[str, object]:
        """All of it as JSON says it: what the hash is made of."""
        return {
            "action": self.action,
            "subject": self.subject,
            "fields": self.fields,
            "statuses": [list(each) for each in self.statuses],
            "transfers": [list(each) for each in self.transfers],
        }

    @property
    def hash(self) -> str:
        """SHA-256 in hex of its RFC 8785 JSON."""
        return digest(self.told)


def effect_of(
    action: Action[Any], fields: Mapping[str, object], decision: Decision, made: range
) -> Effect:
    """What a decision leads to; `made` are the numbers that its new rows can have."""
    shown = [row for row in decision.rows if row.prefix]
    new = new_names(decision.rows, made)
    statuses = tuple(
        (new.get(row.id) or row.reference, str(status))
        for row in shown
        if (status := getattr(row, "status", None)) is not None
    )
    transfers = tuple(
        (
            *(each.debit.kind, _owner(each.debit, new)),
            *(each.credit.kind, _owner(each.credit, new)),
            *(each.amount.decimal, each.amount.currency),
        )
        for each in decision.transfers
    )
    subject = printed(action.kind.prefix, action.subject_id)
    return Effect(action.name, subject, fields, statuses, transfers)


def new_names(rows: Iterable[Row], made: range) -> Mapping[int, str]:
    """What the rows that would be made are called, by the numbers that they would have."""
    numbers = (row.id for row in rows if row.prefix and row.id in made)
    return {number: f"new:{n}" for n, number in enumerate(numbers)}


def _owner(account: Account, new: Mapping[int, str]) -> str:
    return new.get(account.owner) or owner_of(account)


def owner_of(account: Account) -> str:
    """The owner of an account as everybody writes it; of what nobody owns, a bare number."""
    prefix = OWNERS.get(account.kind)
    return printed(prefix, account.owner) if prefix else str(account.owner)
