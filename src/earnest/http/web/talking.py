"""What was said in a contract, as pages show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from earnest.core.contracts import About as MessageAbout
from earnest.http.web import listing, uploading
from earnest.http.web.subjects import address_of
from earnest.store.reads.around import files_at, names
from earnest.store.reads.collections import MESSAGES
from earnest.store.reads.paging import Branch, Order, Page, Part
from earnest.store.reads.paging import page as rows_of
from earnest.words.saying import mark

if TYPE_CHECKING:
    from earnest.core.contracts import Contract, Message
    from earnest.core.files import File
    from earnest.http.web.visiting import Visit
    from earnest.store.db import Connection

#: How much of a long conversation a page tells; the rest is behind its links.
MESSAGES_SHOWN: Final = 30
#: What a message was said with.
ABOUT: Final[Mapping[MessageAbout, str]] = {
    MessageAbout.CONVERSATION: "",
    MessageAbout.SUBMISSION: "with a submission",
    MessageAbout.CHANGES: "changes requested",
    MessageAbout.CANCEL: "asked to cancel",
    MessageAbout.DISPUTE: "the arbiter asks",
    MessageAbout.STAFF_CANCEL: "an operator would return what is held",
}
mark(ABOUT)


async def talk(
    db: Connection, visit: Visit, contract: Contract, cursor: str | None
) -> dict[str, Any]:
    """The conversation of a contract, the newest first."""
    branch = Branch("lists.own", (Part("lists.in_contract", (contract.id,)),))
    order, address = Order(), address_of(contract)
    after = listing.place(cursor, "talk", contract.reference, order)
    asked = Page((branch,), order, after, MESSAGES_SHOWN)
    found, more = await rows_of(db, MESSAGES.source, asked)
    people = await names(db, {each.sender_id for each in found})
    files = await files_at(db, found)
    following = listing.following(found, "talk", contract.reference, order) if more else None
    return {
        "messages": [message(each, people, visit, files) for each in found],
        "newest": f"{address}#messages" if after else None,
        "older": f"{address}?talk={following}#messages" if following else None,
    }


def message(
    each: Message, people: Mapping[int, str], visit: Visit, files: Mapping[int, Sequence[File]]
) -> dict[str, Any]:
    """One message, as a page shows it."""
    return {
        "sender": people[each.sender_id],
        "mine": each.sender_id == visit.me.id,
        "at": each.created_at,
        "text": each.text,
        "about": ABOUT[each.about],
        "links": each.links,
        "files": uploading.shown(files.get(each.id, ())),
    }
