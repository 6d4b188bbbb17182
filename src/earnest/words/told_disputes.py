"""What notices of disputes say: the same to both sides, and a few things to arbiters and staff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.telling import ABOUT, WORDS, Words

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOM: Final = "Look at the dispute"

#: The same for both sides.
EITHER: Final[Mapping[str, Words]] = {
    "milestone.disputed": Words(
        ("{person} disputes {amount}",),
        (
            ABOUT,
            WORDS,
            "It is frozen: neither of you can move it alone.",
            "Answer by {by}. What happens if you do not is on the page of the dispute.",
        ),
        "Read and answer",
    ),
    "milestone.staff_cancel_asked": Words(
        ("An operator asks that {amount} is returned to the employer",),
        (
            ABOUT,
            WORDS,
            (
                "Nothing moves unless a second operator confirms it, and the freelancer does not "
                "object for 7 days after that."
            ),
        ),
        "Look at the milestone",
    ),
    "dispute.responded": Words(
        ("{person} answered your dispute: {amount} for the freelancer",),
        (
            WORDS,
            "You can accept that, offer something else, or seal an offer that nobody reads.",
            "The negotiation lasts until {by}.",
        ),
        _ROOM,
    ),
    "dispute.offered": Words(
        ("{person} offers to settle: {amount} for the freelancer",),
        ("You can accept that, or offer something else.",),
        _ROOM,
    ),
    "dispute.sealed_compared": Words(
        ("A round of sealed offers closed: no settlement",),
        (
            "Nobody is told what was sealed, or whether anything was.",
            "The next round closes on {by}.",
        ),
        _ROOM,
    ),
    "dispute.settled": Words(
        ("Your dispute is settled: {amount} is yours", "Your dispute is settled"),
        ("Both of you were paid at once, and it is final. There is nothing to do.",),
        _ROOM,
    ),
    "dispute.conceded": Words(
        ("{person} conceded: {amount} is yours", "{person} conceded"),
        ("Both of you were paid at once, and it is final. There is nothing to do.",),
        _ROOM,
    ),
    "dispute.withdrawn": Words(
        ("{person} withdrew the dispute: {amount} is yours", "{person} withdrew the dispute"),
        (
            (
                "What was frozen goes on as if it had not been: what a clock or a date of the "
                "milestone led to meanwhile has happened now."
            ),
            "{person} cannot open another one on this milestone.",
        ),
        _ROOM,
    ),
    "dispute.fee_paid": Words(
        ("{person} put up the arbitration fee of {amount}",),
        (
            "If you do not put it up too by {by}, what {person} asks for stands.",
            "What comes next, and by when, is on the page of the dispute.",
        ),
        _ROOM,
    ),
    "dispute.exhibited": Words(
        ("{person} added an exhibit to your dispute",),
        ("You can look at it, and add what bears out what you say.",),
        "Look at the exhibits",
    ),
    "dispute.extension_proposed": Words(
        ("{person} proposes more time for your dispute, until {by}",),
        ("Nothing changes unless you agree.",),
        _ROOM,
    ),
    "dispute.extended": Words(
        ("Your dispute has more time, until {by}",),
        ("Both of you agreed to it.",),
        _ROOM,
    ),
    "dispute.deferred": Words(
        ("The clock of your dispute is put off until {by}",),
        (
            (
                "Not everybody who loses by it could be told in time, so it waits 72 hours, once. "
                "What happens then is on the page of the dispute."
            ),
        ),
        _ROOM,
    ),
    "dispute.escalated": Words(
        ("The time was over: an arbiter is to rule on your dispute",),
        (
            "Somebody who knows neither of you is named. Until they rule you can still settle.",
            "The ruling is due by {by}.",
        ),
        _ROOM,
    ),
    "dispute.arbiter_named": Words(
        ("An arbiter was named for your dispute",),
        ("Each of you can refuse one arbiter, within 48 hours and without a reason.",),
        _ROOM,
    ),
    "dispute.arbiter_refused": Words(
        ("{person} refused the arbiter",),
        ("Somebody else is named. If there is a limit for the ruling, it stays.",),
        _ROOM,
    ),
    "dispute.taken": Words(
        ("The arbiter has taken your dispute on",),
        ("They look at every exhibit before they rule. Until then you can still settle.",),
        _ROOM,
    ),
    "dispute.asked": Words(
        ("The arbiter asks both of you something",),
        (WORDS, "You can add exhibits until {by}."),
        "Answer with an exhibit",
        verb="exhibit",
    ),
    "dispute.ruled": Words(
        ("The arbiter ruled: {amount} is yours", "The arbiter ruled on your dispute"),
        ("Both of you were paid at once. The reasons are on the page of the dispute.",),
        "Read the ruling",
    ),
    "dispute.defaulted": Words(
        (
            "Your dispute was decided by the clock: {amount} is yours",
            "Your dispute was decided by the clock",
        ),
        ("Somebody did not act in time, so it went as the terms say. It is final.",),
        _ROOM,
    ),
}

EMPLOYER: Final[Mapping[str, Words]] = {
    "milestone.staff_cancel_confirmed": Words(
        ("{amount} returns to you on {by}, unless {person} objects",),
        (ABOUT, "Two operators decided it. There is nothing to do."),
        "Look at the milestone",
    ),
    "milestone.staff_returned": Words(
        ("{amount} is back in your wallet, as two operators decided",),
        (ABOUT, "{person} did not object in time. There is nothing to do."),
        "Look at the milestone",
    ),
}

FREELANCER: Final[Mapping[str, Words]] = {
    "milestone.staff_cancel_confirmed": Words(
        ("{amount} returns to {person} on {by}, unless you object",),
        (ABOUT, "Two operators decided it. Object, and it becomes a dispute instead."),
        "Read and object",
        verb="object",
    ),
    "milestone.staff_returned": Words(
        ("What a milestone held went back to {person}, as two operators decided",),
        (ABOUT, "Nobody objected in time. There is nothing to do."),
        "Look at the milestone",
    ),
}

ARBITER: Final[Mapping[str, Words]] = {
    "dispute.arbiter_named": Words(
        ("You are to rule on a dispute about {amount}",),
        (
            "Look at it, and take it on. Each side can refuse you within 48 hours.",
            "The ruling is due by {by}.",
        ),
        _ROOM,
    ),
    "dispute.exhibited": Words(
        ("An exhibit was added to a dispute that you rule on",),
        ("Open it before you rule.",),
        _ROOM,
    ),
    "dispute.extended": Words(
        ("You have more time for a dispute, until {by}",),
        ("Both sides agreed to it.",),
        _ROOM,
    ),
    "dispute.deferred": Words(
        ("The time for a dispute that you rule on is put off until {by}",),
        ("Not everybody who loses by it could be told in time, so it waits 72 hours, once.",),
        _ROOM,
    ),
    "dispute.settled": Words(
        ("A dispute that you were to rule on is settled",),
        ("The sides agreed. There is nothing to do.",),
        _ROOM,
    ),
    "dispute.conceded": Words(
        ("A dispute that you were to rule on is over",),
        ("One side conceded. There is nothing to do.",),
        _ROOM,
    ),
}

OPERATOR: Final[Mapping[str, Words]] = {
    "milestone.staff_cancel_asked": Words(
        ("An operator asks that {amount} is returned: a second one is needed",),
        (WORDS, "Nothing moves unless another operator confirms it."),
        "Look at the milestone",
    ),
}
