"""What notices say, by their event and as whom somebody is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.notices import Part
from earnest.words import told_clocks, told_disputes, told_payments
from earnest.words.saying import mark
from earnest.words.telling import ABOUT as _ABOUT
from earnest.words.telling import WORDS as _WORDS
from earnest.words.telling import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASIDE: Final = (
    "Only {person} can release it, and once you have accepted the contract only you can give it"
    " back."
)
_LOOK: Final = "Look at the work, then release {amount}, or ask for changes."
_UNSEEN: Final = "If you do nothing by {by}, it is released to {person}."
_CHOSEN: Final = (
    "Your bid was chosen, and a contract is offered to you. Read its terms and what is funded, then"
    " accept or decline by {by}."
)
_SILENCE: Final = "If you do nothing, nothing happens."

_EMPLOYER: Final[Mapping[str, Words]] = {
    "contract.accepted": Words(
        ("{person} accepted your contract",),
        ("Work can begin on what is funded. From now on only {person} can give that money back.",),
        "Look at the contract",
    ),
    "contract.declined": Words(
        ("{person} declined: {amount} is back in your wallet", "{person} declined your contract"),
        ("The offer has ended, and what its milestones held has returned to your wallet.",),
        "Look at the contract",
    ),
    "contract.lapsed": Words(
        (
            "{person} did not answer: {amount} is back in your wallet",
            "{person} did not answer your offer in time",
        ),
        ("The offer has lapsed, and what its milestones held has returned to your wallet.",),
        "Look at the contract",
    ),
    "milestone.requested": Words(
        ("{person} asks for a milestone of {amount}",),
        (
            _ABOUT,
            "It would be due {by}.",
            "Fund it, and {amount} is set aside; or decline. Nothing moves until you do.",
        ),
        "Look at the request",
    ),
    "milestone.withdrawn": Words(
        ("{person} no longer asks for {amount}",),
        (_ABOUT, "The request for a milestone was withdrawn. There is nothing to do."),
        "Look at the milestone",
    ),
    "milestone.submitted": Words(
        ("{person} handed in the work: {amount} waits for your release",),
        (
            _ABOUT,
            _WORDS,
            _LOOK,
            _UNSEEN,
        ),
        "Look at the work",
    ),
    "milestone.auto_released": Words(
        ("{amount} was released to {person}, as nobody looked at the work in time",),
        (_ABOUT, "The time to look was over, so what was held is {person}'s."),
        "Look at the milestone",
    ),
    "milestone.tranche_paid": Words(
        ("{amount} was released to {person}, as the plan has it",),
        (_ABOUT, "The date of a tranche had come. There is nothing to do."),
        "Look at the milestone",
    ),
    "milestone.deferred": Words(
        ("What happens by time alone to {amount} is put off until {by}",),
        (
            _ABOUT,
            (
                "Not everybody who loses by it could be told in time, so it waits 72 hours, once. "
                "What happens then is on the page of the milestone."
            ),
        ),
        "Look at the milestone",
    ),
    "milestone.returned_overdue": Words(
        ("{amount} is back in your wallet: nothing was handed in",),
        (_ABOUT, "Its due date is long past, so what was held has returned to you."),
        "Look at the milestone",
    ),
    "milestone.returned_dormant": Words(
        ("{amount} is back in your wallet: nothing happened for too long",),
        (_ABOUT, "Neither of you did anything in the contract, so what was held has returned."),
        "Look at the milestone",
    ),
    "milestone.cancelled": Words(
        ("{person} gave {amount} back to you",),
        (_ABOUT, "{amount} is in your wallet. There is nothing to do."),
        "Look at the milestone",
    ),
    "milestone.cancel_refused": Words(
        ("{person} does not want to cancel",),
        (_ABOUT, "{amount} stays set aside, and the work goes on."),
        "Look at the milestone",
    ),
    "milestone.agreed": Words(
        ("{person} agreed to a milestone of {amount}",),
        (_ABOUT, "Its due date and its plan bind from now on. There is nothing to do."),
        "Look at the milestone",
    ),
    "project.asked": Words(
        ("{person} asks about your project",),
        (_ABOUT, "Everybody can read the question, and will be able to read your answer."),
        "Read and answer",
    ),
    "project.lapsed": Words(
        ("{amount} of your reserve is back in your wallet", "Your project has lapsed"),
        (_ABOUT, "Nobody needed the reserve in time, so it returned to you."),
        "Look at the project",
    ),
    "bid.placed": Words(
        ("{person} bids {amount} for your project",),
        (_ABOUT, "You see what the bid proposes on its page; nobody else but {person} does."),
        "Look at the bid",
    ),
    "bid.edited": Words(
        ("{person} now bids {amount} for your project",),
        (_ABOUT, "The bid has changed since you last saw it."),
        "Look at the bid",
    ),
    "bid.retracted": Words(
        ("{person} took the bid of {amount} back",),
        (_ABOUT, "You cannot award it any more. There is nothing to do."),
        "Look at the bid",
    ),
}

_FREELANCER: Final[Mapping[str, Words]] = {
    "contract.offered": Words(
        ("{person} offers you a contract",),
        (
            "Read its terms and what is funded, then accept or decline by {by}.",
            "If you do not answer by then the offer lapses. Nothing happens to your money.",
        ),
        "Read the offer",
    ),
    "bid.awarded": Words(
        ("{person} awards you {amount}",),
        (
            _CHOSEN,
            "If you do not answer by then the offer lapses, and your bid is live again.",
        ),
        "Read the offer",
    ),
    "bid.declined": Words(
        ("{person} declined your bid of {amount}",),
        ("You may bid again while the project is open.",),
        "Look at the bid",
    ),
    "contract.revoked": Words(
        ("{person} took the offer back",),
        ("The contract cannot be accepted any more. There is nothing to do.",),
        "Look at the contract",
    ),
    "contract.lapsed": Words(
        ("The offer of {person} has lapsed",),
        ("It was not answered in time. There is nothing to do.",),
        "Look at the contract",
    ),
    "contract.funded": Words(
        ("{person} set {amount} aside for you",),
        (
            _ABOUT,
            "It is for {count} milestones.",
            _ASIDE,
        ),
        "Look at the milestones",
    ),
    "milestone.funded": Words(
        ("{person} set {amount} aside for you",),
        (
            _ABOUT,
            "It is due {by}.",
            _ASIDE,
        ),
        "Look at the milestone",
    ),
    "milestone.declined": Words(
        ("{person} declined a milestone of {amount}",),
        (_ABOUT, "Nothing was set aside. You may ask again."),
        "Look at the milestone",
    ),
    "milestone.taken_back": Words(
        ("{person} took {amount} back",),
        ("The milestone is cancelled. Until you accept the contract, they can do this.",),
        "Look at the milestone",
    ),
    "milestone.changes_requested": Words(
        ("{person} asks for changes",),
        (
            _ABOUT,
            _WORDS,
            "{amount} stays set aside. Hand the work in again when it is done.",
        ),
        "Look at what is asked for",
    ),
    "milestone.released": Words(
        ("{person} released {amount} to you",),
        (_ABOUT, "{amount} is in your wallet. You can withdraw it, or use it."),
        "Look at the milestone",
    ),
    "milestone.release_started": Words(
        ("{person} is releasing {amount} to you: it is yours on {by}",),
        (_ABOUT, "Until {by} it can be recalled. There is nothing to do."),
        "Look at the milestone",
    ),
    "release.recalled": Words(
        ("{person} recalled a release of {amount}",),
        (_ABOUT, "The milestone holds the money again. There is nothing to do."),
        "Look at the milestone",
    ),
    "milestone.auto_released": Words(
        ("{amount} is yours: nobody looked at your work in time",),
        (_ABOUT, "{amount} is in your wallet. You can withdraw it, or use it."),
        "Look at the milestone",
    ),
    "milestone.tranche_paid": Words(
        ("{amount} is yours, as the plan has it",),
        (_ABOUT, "{amount} is in your wallet. You can withdraw it, or use it."),
        "Look at the milestone",
    ),
    "milestone.deferred": Words(
        ("What happens by time alone to {amount} is put off until {by}",),
        (
            _ABOUT,
            (
                "Not everybody who loses by it could be told in time, so it waits 72 hours, once. "
                "What happens then is on the page of the milestone."
            ),
        ),
        "Look at the milestone",
    ),
    "milestone.returned_overdue": Words(
        ("What a milestone held went back to {person}: nothing was handed in",),
        (_ABOUT, "Its due date was long past. There is nothing to do."),
        "Look at the milestone",
    ),
    "milestone.returned_dormant": Words(
        ("What a milestone held went back to {person}: nothing happened for too long",),
        (_ABOUT, "Neither of you did anything in the contract. There is nothing to do."),
        "Look at the milestone",
    ),
    "milestone.cancel_asked": Words(
        ("{person} asks you to give {amount} back",),
        (_ABOUT, _WORDS, "Only you can: cancel the milestone, or refuse and keep working."),
        "Decide",
    ),
}

#: The same for both sides.
_EITHER: Final[Mapping[str, Words]] = {
    "contract.ended": Words(
        ("{person} ended your contract",),
        ("Nothing was held in it any more. You can say how it was to work with {person}.",),
        "Look at the contract",
    ),
    "contract.said": Words(
        ("{person} wrote to you",),
        (_WORDS, "Answer on the page of the contract."),
        "Read and answer",
    ),
    "contract.terms_proposed": Words(
        ("{person} proposes other terms",),
        ("They would hold for milestones funded from now on, if you agree. " + _SILENCE,),
        "Compare the terms",
    ),
    "contract.terms_agreed": Words(
        ("{person} agreed to your terms",),
        ("They hold for milestones funded from now on.",),
        "Look at the contract",
    ),
    "milestone.edit_proposed": Words(
        ("{person} would like to change a milestone, to {amount}",),
        (
            _ABOUT,
            "Nothing changes unless you agree by {by}.",
        ),
        "Compare old and new",
    ),
    "milestone.edited": Words(
        ("{person} agreed: the milestone is {amount} now",),
        (_ABOUT, "It is as you proposed. There is nothing to do."),
        "Look at the milestone",
    ),
}

_BIDDER: Final[Mapping[str, Words]] = {
    "project.edited": Words(
        ("{person} changed a project that you bid for",),
        ("Look whether your bid still fits. You can change it until {by}.",),
        "Look at the project",
    ),
    "project.closed": Words(
        ("{person} closed a project that you bid for",),
        ("Your bid has ended with it. There is nothing to do.",),
        "Look at the project",
    ),
    "project.lapsed": Words(
        ("A project that you bid for has lapsed",),
        ("{person} chose nobody in time. Your bid has ended with it.",),
        "Look at the project",
    ),
}

_ASKER: Final[Mapping[str, Words]] = {
    "project.answered": Words(
        ("{person} answered your question",),
        ("It stands on the project's page, for everybody to read.",),
        "Read the answer",
    ),
}

#: Of each part: what it is told of events, of disputes and of clocks.
WORDS: Final[Mapping[Part, Mapping[str, Words]]] = {
    Part.EMPLOYER: {
        **_EITHER,
        **_EMPLOYER,
        **told_disputes.EITHER,
        **told_disputes.EMPLOYER,
        **told_clocks.EITHER,
        **told_clocks.EMPLOYER,
    },
    Part.FREELANCER: {
        **_EITHER,
        **_FREELANCER,
        **told_disputes.EITHER,
        **told_disputes.FREELANCER,
        **told_clocks.EITHER,
        **told_clocks.FREELANCER,
    },
    Part.OWNER: {**told_payments.OWNER, **told_clocks.OWNER},
    Part.BIDDER: _BIDDER,
    Part.ASKER: _ASKER,
    Part.ARBITER: {**told_disputes.ARBITER, **told_clocks.ARBITER},
    Part.OPERATOR: {**told_payments.OPERATOR, **told_disputes.OPERATOR, **told_clocks.OPERATOR},
}
mark(WORDS)
