"""What a person reads when something is refused: a title and a sentence with the numbers.

The core gives a Reason and facts; only here do they become words.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, Final

from earnest.core.actions import Reason
from earnest.core.files import Bytes
from earnest.core.money import Money
from earnest.words import moments
from earnest.words.files import size_said
from earnest.words.saying import locale, mark
from earnest.words.statuses import inside, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from earnest.core.actions import Refused

TITLES: Final[Mapping[Reason, str]] = {
    Reason.KEY_REUSED: "The key was used for something else",
    Reason.SUSPENDED: "The account is suspended",
    Reason.NOT_FOUND: "Not found",
    Reason.NOT_YOUR_PART: "Somebody else's part",
    Reason.WRONG_STATUS: "Not in this status",
    Reason.CONTRACT_NOT_ACTIVE: "The contract is not active",
    Reason.CONTRACT_NOT_OFFERED: "The contract is no longer an offer",
    Reason.PROJECT_ENDED: "The project has ended",
    Reason.BIDDING_CLOSED: "No more bids are taken",
    Reason.ALREADY_BID: "You have bid already",
    Reason.ALREADY_SHORTLISTED: "On your shortlist already",
    Reason.NOT_SHORTLISTED: "Not on your shortlist",
    Reason.OFFER_WAITING: "An offer waits for its answer",
    Reason.STILL_HOLDING: "Money is still held",
    Reason.NOTHING_HELD: "Nothing is held",
    Reason.NOTHING_RESERVED: "Nothing is reserved",
    Reason.NOTHING_PAID: "Nothing was paid",
    Reason.STILL_RELEASING: "A release is on its way",
    Reason.NO_ROUNDS_LEFT: "No rounds left",
    Reason.BUDGET_SPENT: "The time to review is over",
    Reason.DATE_PASSED: "The date has passed",
    Reason.REVIEW_TOO_LATE: "Too late for a review",
    Reason.ALREADY_REVIEWED: "Reviewed already",
    Reason.CANCEL_ALREADY_ASKED: "Asked already",
    Reason.CANCEL_NOT_ASKED: "Nobody asked",
    Reason.DISPUTE_OPEN: "A dispute is open",
    Reason.WITHDRAWN_BEFORE: "Withdrawn before",
    Reason.STAFF_CANCEL_ALREADY_ASKED: "Asked already",
    Reason.STAFF_CANCEL_NOT_ASKED: "No operator decided this",
    Reason.STAFF_CANCEL_ALREADY_CONFIRMED: "Confirmed already",
    Reason.SECOND_OPERATOR_NEEDED: "A second operator",
    Reason.NOT_THE_OPENER: "The other side opened it",
    Reason.NOT_ANSWERED: "Not answered yet",
    Reason.NO_OFFER_OPEN: "No offer is open",
    Reason.NO_ROUND_OPEN: "No round is open",
    Reason.NO_FEE_ASKED: "No fee is asked for",
    Reason.FEE_ALREADY_PAID: "Put up already",
    Reason.NO_CLOCK_RUNS: "No clock runs",
    Reason.NO_ARBITER_NAMED: "No arbiter is named",
    Reason.ARBITER_ALREADY_NAMED: "An arbiter is named",
    Reason.REFUSED_BEFORE: "Refused before",
    Reason.TOO_LATE_TO_REFUSE: "Too late to refuse",
    Reason.NOT_TAKEN: "Not taken on yet",
    Reason.ALREADY_TAKEN: "Taken on already",
    Reason.EXHIBITS_CLOSED: "No more exhibits",
    Reason.EXHIBITS_OPEN: "Both can still add exhibits",
    Reason.TOO_MANY_EXHIBITS: "Too many exhibits",
    Reason.TOO_LATE_TO_ASK: "Too late to ask",
    Reason.EXHIBIT_UNOPENED: "An exhibit is not opened",
    Reason.ALREADY_OPENED: "Opened already",
    Reason.NO_EDIT_OPEN: "Nothing is proposed",
    Reason.NOTHING_TO_AGREE: "Nothing to agree to",
    Reason.PLAN_NOT_AGREED: "The plan is not agreed",
    Reason.NOT_YOUR_TURN: "The other's turn",
    Reason.NOT_YET_DUE: "Too early",
    Reason.WRONG_CURRENCY: "Another currency",
    Reason.AMOUNT_NOT_POSITIVE: "The amount is zero",
    Reason.GATEWAY_NOT_OFFERED: "The gateway is not offered",
    Reason.NOT_AN_IBAN: "Not an IBAN",
    Reason.PERSON_UNKNOWN: "The person is unknown",
    Reason.SAME_PERSON: "The same person on both sides",
    Reason.TERMS_NOT_OFFERED: "The terms are not offered",
    Reason.NO_ARBITER: "Nobody can rule here",
    Reason.TOO_MANY_OFFERS: "Too many unanswered offers",
    Reason.TOO_MANY_MILESTONES: "Too many milestones",
    Reason.DUE_IN_PAST: "The date is past",
    Reason.DAYS_OR_DUE: "Days, or a date",
    Reason.PERCENT_OR_AMOUNT: "Percent, or amounts",
    Reason.RETENTION_NOT_LAST: "Only the last is kept back",
    Reason.NOT_LATER: "Not later",
    Reason.DEADLINE_TOO_FAR: "The deadline is too far away",
    Reason.BUDGET_REVERSED: "The highest budget is below the lowest",
    Reason.DOES_NOT_ADD_UP: "It does not add up",
    Reason.QUESTION_UNKNOWN: "The question is unknown",
    Reason.LESS_THAN_GONE: "Less than has gone",
    Reason.ONLY_ADDING: "Only more time can be added",
    Reason.NO_LIMIT_HERE: "There is no limit to add to",
    Reason.BEYOND_BOUNDS: "More than there can be",
    Reason.NOTHING_CHANGES: "Nothing would change",
    Reason.FILE_UNKNOWN: "The file is unknown",
    Reason.FILE_TWICE: "The same file twice",
    Reason.FILES_TOO_LARGE: "The files are too large together",
    Reason.FILE_TOO_LARGE: "The file is too large",
    Reason.NO_ROOM_LEFT: "No room left for your files",
    Reason.FILE_LINK_OR_TEXT: "One thing at a time",
    Reason.EXHIBITS_TOO_LARGE: "The exhibits are too large together",
    Reason.EXHIBIT_UNKNOWN: "The exhibit is unknown",
    Reason.NOT_AN_ARBITER: "Not an arbiter",
    Reason.NAMED_BEFORE: "Named before",
    Reason.CONFLICT_OF_INTEREST: "A conflict of interest",
    Reason.CHANGED: "It has changed",
    Reason.MORE_THAN_HELD: "More than is held",
    Reason.MORE_THAN_TRANCHE: "More than the tranche",
    Reason.MORE_THAN_FROZEN: "More than is frozen",
    Reason.NOT_ENOUGH_MONEY: "Not enough money",
    Reason.BALANCE_TOO_LARGE: "The balance would be too large",
    Reason.NOT_PREVIEWABLE: "It cannot be looked at before",
    Reason.EFFECT_CHANGED: "Something else would happen now",
}

#: For each Reason its sentences, the one with most facts first: the first that has all its facts
#: is said.
SENTENCES: Final[Mapping[Reason, tuple[str, ...]]] = {
    Reason.KEY_REUSED: ("This key was used before, for something else.",),
    Reason.SUSPENDED: (
        "A suspended account opens nothing new; what is already funded goes on as before.",
    ),
    Reason.NOT_FOUND: ("There is nothing of yours under this reference.",),
    Reason.NOT_YOUR_PART: ("Only {by} can do this.",),
    Reason.WRONG_STATUS: ("This {noun} is {status}.",),
    Reason.CONTRACT_NOT_ACTIVE: ("The contract of this milestone is not active.",),
    Reason.CONTRACT_NOT_OFFERED: (
        "The contract of this milestone is no longer an offer that waits for its answer.",
    ),
    Reason.PROJECT_ENDED: ("The project of this bid has ended.",),
    Reason.BIDDING_CLOSED: ("The time for bids on this project is over.",),
    Reason.ALREADY_BID: ("You have a bid on this project. Change that one, or take it back.",),
    Reason.ALREADY_SHORTLISTED: ("This bid is on your shortlist.",),
    Reason.NOT_SHORTLISTED: ("This bid is not on your shortlist.",),
    Reason.OFFER_WAITING: (
        "An offer for this project waits for its answer. Until then what is reserved stays.",
    ),
    Reason.STILL_HOLDING: ("A milestone of this contract still holds money.",),
    Reason.NOTHING_HELD: (
        (
            "This milestone holds nothing: all that is left is frozen, or on its way to the "
            "freelancer."
        ),
    ),
    Reason.NOTHING_RESERVED: ("Nothing is reserved for this project.",),
    Reason.NOTHING_PAID: ("Only a contract in which somebody was paid can be reviewed.",),
    Reason.STILL_RELEASING: (
        (
            "A release of this milestone is on its way. Until it is final or recalled, nothing "
            "else about the milestone changes."
        ),
    ),
    Reason.NO_ROUNDS_LEFT: (
        "Changes were asked for as often as agreed. You can release, dispute, or wait.",
    ),
    Reason.BUDGET_SPENT: (
        "The time to review is used up. You can release, dispute, or wait for the clock.",
    ),
    Reason.DATE_PASSED: ("The date that this depends on has passed.",),
    Reason.REVIEW_TOO_LATE: ("A review can be given for 90 days after the end.",),
    Reason.ALREADY_REVIEWED: ("You have reviewed this contract.",),
    Reason.CANCEL_ALREADY_ASKED: ("The employer has asked for this already.",),
    Reason.CANCEL_NOT_ASKED: ("The employer has not asked for the money back.",),
    Reason.DISPUTE_OPEN: (
        (
            "A dispute is open on this milestone. Until it is over, there is no other one, and no "
            "operator has anything returned."
        ),
    ),
    Reason.WITHDRAWN_BEFORE: (
        "You withdrew a dispute on this milestone, so you cannot open another one on it.",
    ),
    Reason.STAFF_CANCEL_ALREADY_ASKED: ("An operator has asked for this already.",),
    Reason.STAFF_CANCEL_NOT_ASKED: (
        "No operator has asked for what is held to be returned, or no second one has confirmed it.",
    ),
    Reason.STAFF_CANCEL_ALREADY_CONFIRMED: ("A second operator has confirmed this already.",),
    Reason.SECOND_OPERATOR_NEEDED: ("You asked for this, so another operator has to confirm it.",),
    Reason.NOT_THE_OPENER: ("Only who opened the dispute can withdraw it.",),
    Reason.NOT_ANSWERED: ("You have to answer the dispute before you make another offer.",),
    Reason.NO_OFFER_OPEN: ("The other side has offered nothing yet.",),
    Reason.NO_ROUND_OPEN: (
        (
            "No round of sealed offers is open. There are three, from the first day of a "
            "negotiation on."
        ),
    ),
    Reason.NO_FEE_ASKED: ("Under the terms of this milestone, arbitration costs nothing.",),
    Reason.FEE_ALREADY_PAID: ("You have put up the arbitration fee.",),
    Reason.NO_CLOCK_RUNS: (
        "This stage of the dispute has no limit, so there is nothing to make longer.",
    ),
    Reason.NO_ARBITER_NAMED: ("Nobody is named at the moment.",),
    Reason.ARBITER_ALREADY_NAMED: ("Somebody is named already.",),
    Reason.REFUSED_BEFORE: ("Each side can refuse one arbiter, and you have.",),
    Reason.TOO_LATE_TO_REFUSE: ("An arbiter can be refused for 48 hours after the naming.",),
    Reason.NOT_TAKEN: ("You have to take the dispute on first.",),
    Reason.ALREADY_TAKEN: ("You have taken this dispute on.",),
    Reason.EXHIBITS_CLOSED: (
        (
            "Exhibits are taken until arbitration begins, and after that while the arbiter asks "
            "for more."
        ),
    ),
    Reason.EXHIBITS_OPEN: ("You asked both sides for more, and they have 48 hours to add it.",),
    Reason.TOO_MANY_EXHIBITS: ("Each side can add 20 exhibits, and you have.",),
    Reason.TOO_LATE_TO_ASK: (
        "Both sides need 48 hours to answer, and your time to rule is over before that.",
    ),
    Reason.EXHIBIT_UNOPENED: ("You can rule once you have opened every exhibit.",),
    Reason.ALREADY_OPENED: ("You have opened it, or there is nothing to open.",),
    Reason.NO_EDIT_OPEN: ("No change of this milestone waits for an answer.",),
    Reason.NOTHING_TO_AGREE: ("Nothing here waits for your agreement.",),
    Reason.PLAN_NOT_AGREED: (
        "The freelancer has not agreed to this plan, so none of its dates binds anybody.",
    ),
    Reason.NOT_YOUR_TURN: ("The other side has to answer this.",),
    Reason.NOT_YET_DUE: ("The time for this has not come yet.",),
    Reason.WRONG_CURRENCY: ("This is in {currency}.",),
    Reason.AMOUNT_NOT_POSITIVE: ("The amount must be more than zero.",),
    Reason.GATEWAY_NOT_OFFERED: ("This gateway is not offered here.",),
    Reason.NOT_AN_IBAN: ("This is not an IBAN: its length or its check digits are wrong.",),
    Reason.PERSON_UNKNOWN: ("There is no such person.",),
    Reason.SAME_PERSON: ("Employer and freelancer are two people.",),
    Reason.TERMS_NOT_OFFERED: ("These terms are not offered here.",),
    Reason.NO_ARBITER: ("These terms say by when an arbiter rules, and this site has no arbiter.",),
    Reason.TOO_MANY_OFFERS: ("This person has not answered {limit} offers of yours yet.",),
    Reason.TOO_MANY_MILESTONES: (
        "A contract has at most {limit} milestones until it is accepted.",
    ),
    Reason.DUE_IN_PAST: ("The date must be in the future.",),
    Reason.DAYS_OR_DUE: (
        "A proposed milestone has either its days or its date, and so have all tranches of a plan.",
    ),
    Reason.PERCENT_OR_AMOUNT: (
        "All tranches of a plan have their percent, or all have their amount.",
    ),
    Reason.RETENTION_NOT_LAST: ("What is kept back is paid last.",),
    Reason.NOT_LATER: (
        "This has to be later than the end as it is now, {now}.",
        "This has to be later than the tranche before it, {before}.",
    ),
    Reason.DEADLINE_TOO_FAR: ("This can be {days} days from now at most.",),
    Reason.BUDGET_REVERSED: ("This is at least {least}.",),
    Reason.DOES_NOT_ADD_UP: (
        "The milestones add up to {total}, and the bid is {amount}.",
        "The tranches add up to {tranches}, and the milestone is {milestone}.",
        "The tranches add up to {percent} %, and not to 100 %.",
    ),
    Reason.LESS_THAN_GONE: ("{gone} has been paid or given back already.",),
    Reason.ONLY_ADDING: (
        "While work is looked at, only rounds of changes and days to review can be added.",
    ),
    Reason.NO_LIMIT_HERE: ("The terms of this milestone set no limit here.",),
    Reason.BEYOND_BOUNDS: ("Together this can be {most} at most.",),
    Reason.NOTHING_CHANGES: ("This is how it is already.",),
    Reason.QUESTION_UNKNOWN: ("There is no such question about this project.",),
    Reason.FILE_UNKNOWN: ("There is no such file of yours.",),
    Reason.FILE_TWICE: ("This file is attached already.",),
    Reason.FILES_TOO_LARGE: (
        "These files have {size} together, and at most {limit} are attached at once.",
    ),
    Reason.FILE_TOO_LARGE: ("A file has at most {limit}.",),
    Reason.NO_ROOM_LEFT: ("Your files may have {limit} in all, and {left} are left.",),
    Reason.FILE_LINK_OR_TEXT: ("An exhibit is a file, a link or a text: exactly one of them.",),
    Reason.EXHIBITS_TOO_LARGE: ("Your exhibits may have {limit} in all, and {left} are left.",),
    Reason.EXHIBIT_UNKNOWN: ("There is no such exhibit in this dispute.",),
    Reason.NOT_AN_ARBITER: ("This person does not rule on disputes here.",),
    Reason.NAMED_BEFORE: ("This person was named for this dispute before.",),
    Reason.CONFLICT_OF_INTEREST: (
        "Nobody rules on a contract of theirs, or of somebody whom they ever had one with.",
    ),
    Reason.CHANGED: ("It has changed since you looked: now it is {now}.",),
    Reason.MORE_THAN_HELD: ("{held} is held.",),
    Reason.MORE_THAN_TRANCHE: ("This tranche will pay {pays}.",),
    Reason.MORE_THAN_FROZEN: ("{frozen} is frozen.",),
    Reason.NOT_ENOUGH_MONEY: ("{missing} is missing.", "There is not enough money for this."),
    Reason.BALANCE_TOO_LARGE: ("The {kind} account would hold more than an account may.",),
    Reason.NOT_PREVIEWABLE: (
        "What is sealed is not shown to anybody before, so there is no dry run of it.",
    ),
    Reason.EFFECT_CHANGED: (
        "Something else would happen now than what you were shown, so nothing was done.",
    ),
}

#: Codes of the edge: title, and the sentence where nobody has a better one.
EDGE: Final[Mapping[str, tuple[str, str]]] = {
    "malformed": ("The body cannot be read", "The body is not one JSON object."),
    "idempotency_key_required": (
        "A key is missing",
        "Every POST needs the header Idempotency-Key, so that a retry does nothing twice.",
    ),
    "idempotency_key_invalid": (
        "The key cannot be used",
        "An Idempotency-Key has 1 to 255 printable ASCII characters.",
    ),
    "cursor_invalid": (
        "The cursor cannot be used",
        "A cursor is what the list before it gave, with the same filters and order.",
    ),
    "unauthorized": ("Not signed in", "This needs a token that is known and not expired."),
    "scope_missing": ("The token may not do this", "This token lacks the scope for it."),
    "cross_site": ("Not from here", "Only a page of this site may send this. Nothing was done."),
    "form_too_old": (
        "This form is too old",
        "You have signed in or out since its page was opened. Open it again, and send it then.",
    ),
    "signup_closed": ("Nobody can sign up", "Accounts are made by who runs this site."),
    "address_unverified": ("Your address is not verified", "Money goes out once it is verified."),
    "method_not_allowed": ("Another method", "This address does not take this method."),
    "too_large": ("The body is too large", "The body is larger than anything that fits here."),
    "unsupported_media_type": ("Another media type", "The body must be application/json."),
    "invalid": ("Some fields are wrong", "Nothing was done. Each field that is wrong is named."),
    "not_an_amount": (
        "Not an amount",
        'An amount is an object such as {"amount":"40.00","currency":"USD"}.',
    ),
    "too_many_decimals": ("Too many decimals", "The currency has fewer decimals than the amount."),
    "amount_too_large": ("The amount is too large", "This is more than one amount may be."),
    "unknown_currency": (
        "The currency is unknown",
        "This is not the code of an ISO 4217 currency.",
    ),
    "too_many_requests": ("Too many requests", "Wait a little, then ask again."),
    "books_do_not_balance": (
        "The books do not balance",
        "No money moves until an operator has looked. Reading goes on.",
    ),
    "database_gone": ("The database is gone", "Nothing was lost. Ask again in a moment."),
    "busy": ("Busy", "Too much is waiting. Ask again in a moment."),
    "disk_full": (
        "The disk is full",
        "There is no room for files at the moment. Nothing was kept.",
    ),
    "internal": ("A mistake of ours", "Something went wrong here that should not have."),
}
mark(TITLES, SENTENCES, EDGE)


def title_of(code: str) -> str:
    """The title of a code: a Reason's or one of the edge."""
    return EDGE[code][0] if code in EDGE else TITLES[Reason(code)]


def detail_of(code: str) -> str:
    """What there is to say about a code of the edge when nothing more is known."""
    return EDGE[code][1]


def sentence(refused: Refused, write: Callable[[Money], str] = str) -> str:
    """Why it was refused, with the numbers; amounts as `write` has them."""
    for template in SENTENCES[refused.reason]:
        named = facts_in(template)
        if named <= refused.facts.keys():
            return template.format_map({k: _said(refused.facts[k], write) for k in named})
    raise AssertionError(f"{refused.reason} came without its facts: {dict(refused.facts)}")


@cache
def facts_in(template: str) -> frozenset[str]:
    """The facts that a sentence needs."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def _said(fact: object, write: Callable[[Money], str]) -> str:
    """A fact as it is; only what is a code becomes a word."""
    if isinstance(fact, Money):
        return write(fact)
    if isinstance(fact, Bytes):
        return size_said(fact)
    if isinstance(fact, frozenset):
        return one_of(fact)
    if isinstance(fact, datetime):
        return moments.moment(fact, locale(), "UTC")
    return inside(fact if isinstance(fact, str) else str(fact))
