"""Exhibits: what each side shows, and what the arbiter has to open before ruling."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, ClassVar, Final

from typing_extensions import override

from earnest.core.actions import Decision, Reason, Refused, action
from earnest.core.disputes.arbitrating import ArbiterAction, is_asking
from earnest.core.disputes.row import ARBITRATION, OPEN, Dispute, DisputeAction
from earnest.core.files import Bytes, File, attached, named, unfit
from earnest.core.inputs import Between, FileId, Link, Words
from earnest.core.people import BOTH, NOBODY, Party, User
from earnest.core.records import record, replace
from earnest.core.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import View

#: Of each side.
EXHIBITS_MAX: Final = 20


class ExhibitKind(StrEnum):
    """What an exhibit is. A link is a text: nobody fetches what it leads to."""

    FILE = "file"
    LINK = "link"
    TEXT = "text"


@record(frozen=True, slots=True)
class Exhibit(Row):
    """Something that one side shows. People call it by its number in the dispute."""

    noun: ClassVar[str] = "exhibit"

    #: What its file is attached to.
    id: int
    dispute_id: int
    #: From 1, in the order in which both sides added them.
    position: int
    contract_id: int
    maker_id: int
    type: ExhibitKind
    #: A text, a link, or the name of the file.
    text: str
    #: In bytes.
    size: int
    sha256: str
    #: The last arbiter who has opened it.
    opened_by: int | None
    created_at: datetime
    #: How many files are attached to it.
    files: int = 0

    @property
    @override
    def key(self) -> tuple[int, int]:
        return (self.dispute_id, self.position)

    def parties(self, asker: User, world: View) -> frozenset[Party]:
        """Those of its dispute."""
        dispute = world.find(Dispute, self.dispute_id)
        return dispute.parties(asker, world) if dispute else NOBODY


@action
class AddExhibit(DisputeAction):
    """Show something that bears out what you say: a file, a link or a text. It cannot be removed.

    Each side can add 20, of 50 MB together, until arbitration begins; after that while the arbiter
    asks for more. A link counts as the text it is: nobody opens it for you.
    """

    name = "dispute.exhibit"
    by = BOTH
    when = OPEN
    event = "dispute.exhibited"
    makes = Exhibit
    answers = True

    subject_id: int
    file: FileId | None = None
    link: Link | None = None
    text: Words | None = None

    @override
    def reads(self) -> Iterable[tuple[type[Row], int]]:
        return named(() if self.file is None else (self.file,))

    @classmethod
    @override
    def blocked(cls, subject: Dispute, asker: User, world: View) -> Reason | None:
        if subject.status in ARBITRATION and not is_asking(subject, world):
            return Reason.EXHIBITS_CLOSED
        is_full = _count(subject, asker.id)[0] >= EXHIBITS_MAX
        return Reason.TOO_MANY_EXHIBITS if is_full else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        given = [each for each in (self.file, self.link, self.text) if each is not None]
        if len(given) != 1:
            return Refused(Reason.FILE_LINK_OR_TEXT)
        shown = self._shown(subject, world)
        if isinstance(shown, Refused):
            return shown
        count, size = _count(subject, world.asker_id)
        limit = world.house.exhibits_bytes_max
        if size + shown.size > limit:
            facts = {"limit": Bytes(limit), "left": Bytes(limit - size)}
            return Refused(Reason.EXHIBITS_TOO_LARGE, facts)
        side = subject.side(world.asker_id)
        counted = {f"{side}_exhibits": count + 1, f"{side}_bytes": size + shown.size}
        files = () if self.file is None else attached(shown, (self.file,))
        return Decision(rows=(subject.changed(world.now, **counted), shown, *files))

    def _shown(self, dispute: Dispute, world: View) -> Exhibit | Refused:
        if self.file is None:
            text, kind = self.text or "", ExhibitKind.TEXT
            if self.link is not None:
                text, kind = self.link, ExhibitKind.LINK
            said = text.encode()
            return _exhibit(dispute, world, kind, text, len(said), sha256(said).hexdigest())
        refused = unfit((self.file,), world)
        if refused:
            return Refused(refused.reason, refused.facts, "/file")
        file = world.find(File, self.file)
        assert file is not None, "one that is not there is unfit"
        shown = _exhibit(dispute, world, ExhibitKind.FILE, file.name, file.size, file.sha256)
        return replace(shown, files=1)


def _count(dispute: Dispute, user_id: int) -> tuple[int, int]:
    """How many exhibits a side has added, and how many bytes."""
    if user_id == dispute.opener_id:
        return dispute.opener_exhibits, dispute.opener_bytes
    return dispute.other_exhibits, dispute.other_bytes


def _exhibit(
    dispute: Dispute, world: View, kind: ExhibitKind, text: str, size: int, digest: str
) -> Exhibit:
    return Exhibit(
        id=world.new_id(),
        dispute_id=dispute.id,
        position=dispute.exhibits + 1,
        contract_id=dispute.contract_id,
        maker_id=world.asker_id,
        type=kind,
        text=text,
        size=size,
        sha256=digest,
        opened_by=None,
        created_at=world.now,
    )


@action
class OpenExhibit(ArbiterAction):
    """Open an exhibit, by its number. You can rule once you have opened all of them."""

    name = "dispute.open_exhibit"
    event = "dispute.exhibit_opened"
    beside: ClassVar[tuple[type[Row], ...]] = (Exhibit,)

    subject_id: int
    exhibit: Annotated[int, Between(1, 2 * EXHIBITS_MAX)]

    @classmethod
    @override
    def blocked_now(cls, dispute: Dispute, world: View) -> Reason | None:
        return Reason.ALREADY_OPENED if dispute.opened == dispute.exhibits else None

    @override
    def decide(self, subject: Dispute, world: View) -> Decision | Refused:
        exhibit = world.find(Exhibit, (subject.id, self.exhibit))
        if exhibit is None:
            return Refused(Reason.EXHIBIT_UNKNOWN, path="/exhibit")
        if exhibit.opened_by == world.asker_id:
            return Refused(Reason.ALREADY_OPENED, path="/exhibit")
        return Decision(
            rows=(
                subject.changed(world.now, opened=subject.opened + 1),
                replace(exhibit, opened_by=world.asker_id),
            )
        )
