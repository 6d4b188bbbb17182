"""What pages call an action: in a menu, above its form, on its button, and once it is done.

An action that has no words here is called by its verb, so a new one appears by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.core.skills import Skill, name_of
from earnest.words import agreements, disputes, plans, silence
from earnest.words.numbers import NUMBERS
from earnest.words.phrases import Phrases
from earnest.words.saying import N_, mark
from earnest.words.terms import PRESET_NOTES

if TYPE_CHECKING:
    from collections.abc import Mapping


PHRASES: Final[Mapping[str, Phrases]] = {
    "contract.offer": Phrases("Offer a contract", "Offer the contract", flash="offered"),
    "contract.say": Phrases("Send a message", "Send", flash="said", icon="message-square"),
    "contract.inspect": Phrases("Look at it as staff", "Look at it", icon="search"),
    "contract.accept": Phrases(
        "Accept the contract",
        "Accept the contract with {person}",
        keep="Decide later",
        warning="Whatever is set aside is promised to you from here on, and only you can give it "
        "back.",
        confirm="I have read the terms and what is set aside",
        flash="accepted",
    ),
    "contract.decline": Phrases(
        "Decline the contract",
        "Decline, and return {amount} to {person}",
        keep="Decide later",
        warning="The offer ends, and everything its milestones hold returns to the employer.",
        is_danger=True,
        icon="x",
    ),
    "contract.revoke": Phrases(
        "Take the offer back",
        "Take the offer to {person} back",
        keep="Leave the offer open",
        warning="The offer ends, and everything its milestones hold returns to your wallet.",
        is_danger=True,
        icon="undo-2",
    ),
    "contract.end": Phrases(
        "End the contract",
        "End the contract with {person}",
        keep="Go on with it",
        warning="Nothing more can be funded in it. Whatever was only asked for is declined.",
        is_danger=True,
        icon="flag",
    ),
    "contract.fund": Phrases(
        "Fund milestones",
        "Set {amount} aside for {person}",
        keep="Do not fund",
        warning="Once the contract is accepted, only {person} can give this money back.",
        icon="lock",
    ),
    "milestone.request": Phrases(
        "Ask for a milestone", "Ask {person} for {amount}", icon="plus", flash="done"
    ),
    "milestone.decline": Phrases(
        "Decline the request", "Decline the request", is_danger=True, icon="x"
    ),
    "milestone.withdraw": Phrases("Withdraw the request", "Withdraw the request", icon="undo-2"),
    "milestone.fund": Phrases(
        "Fund",
        "Set {amount} aside for {person}",
        keep="Do not fund",
        warning="Once the contract is accepted, only {person} can give this money back.",
        icon="lock",
    ),
    "milestone.take_back": Phrases(
        "Take the money back",
        "Take {amount} back",
        keep="Leave it set aside",
        warning="The milestone is cancelled. You can do this until the contract is accepted.",
        is_danger=True,
        icon="undo-2",
    ),
    "milestone.submit": Phrases(
        "Submit the work", "Submit, and ask for the release", flash="submitted", icon="send"
    ),
    "milestone.request_changes": Phrases("Request changes", "Request changes", icon="pencil"),
    "milestone.release": Phrases(
        "Release",
        "Release {amount} to {person}",
        keep="Keep it in escrow",
        warning="A release cannot be undone. Once released, the money is the freelancer’s.",
        confirm="I have checked the work and I am satisfied with it",
        icon="check",
    ),
    "milestone.cancel": Phrases(
        "Cancel, and give the money back",
        "Give {amount} back to {person}",
        keep="Keep the milestone",
        warning="This cannot be undone: the money returns to the employer’s wallet.",
        confirm="I want to give this money back",
        is_danger=True,
        icon="undo-2",
    ),
    "milestone.ask_cancel": Phrases(
        "Ask to cancel",
        "Ask {person} to give the money back",
        warning="You can only ask: nothing moves unless the freelancer gives the money back.",
        icon="message-square",
    ),
    "milestone.refuse_cancel": Phrases(
        "Refuse to cancel", "Refuse, and keep working", icon="shield-check"
    ),
    **{
        name: Phrases(label, label)
        for name, label in (
            ("file.add", "Add a file"),
            ("contract.lapse", "Let an unanswered offer lapse"),
            ("project.lapse", "Close a project nobody was chosen for"),
            ("deposit.settle", "Credit a paid deposit"),
            ("deposit.fail", "Close a failed deposit"),
            ("withdrawal.send", "Send a withdrawal"),
            ("withdrawal.pay", "Record a paid withdrawal"),
            ("withdrawal.fail", "Return a failed withdrawal"),
            ("withdrawal.return", "Return what the bank sent back"),
        )
    },
    **silence.PHRASES,
    **agreements.PHRASES,
    **disputes.PHRASES,
    **plans.PHRASES,
    "project.post": Phrases("Post a project", "Post the project", flash="posted", icon="plus"),
    "project.edit": Phrases("Edit the project", "Save the project", flash="saved", icon="pencil"),
    "project.reserve": Phrases(
        "Reserve money",
        "Reserve {amount}",
        keep="Do not reserve",
        warning="Everybody sees that it is there. It is promised to nobody yet: you can take it "
        "back while no offer waits for its answer.",
        icon="lock",
    ),
    "project.take_back": Phrases(
        "Take the reserve back",
        "Take {amount} back",
        keep="Leave it reserved",
        warning="Everybody sees that it is not there any more.",
        is_danger=True,
        icon="undo-2",
    ),
    "project.close": Phrases(
        "Close the project",
        "Close the project",
        keep="Leave it open",
        warning="No more bids are taken and nobody can be chosen. What is reserved returns to "
        "your wallet.",
        is_danger=True,
        icon="x",
    ),
    "project.ask": Phrases("Ask a question", "Ask {person}", flash="asked", icon="message-square"),
    "project.answer": Phrases("Answer a question", "Answer", flash="answered"),
    "bid.place": Phrases("Bid for this project", "Place the bid", flash="bid", icon="send"),
    "bid.edit": Phrases("Change your bid", "Save the bid", flash="saved", icon="pencil"),
    "bid.retract": Phrases(
        "Take your bid back",
        "Take the bid of {amount} back",
        keep="Leave the bid",
        warning="The employer cannot choose it any more. You may bid again.",
        is_danger=True,
        icon="undo-2",
    ),
    "bid.shortlist": Phrases(
        "Put it on your shortlist", "Put {person} on your shortlist", icon="flag"
    ),
    "bid.unshortlist": Phrases(
        "Take it off your shortlist", "Take {person} off your shortlist", icon="flag"
    ),
    "bid.decline": Phrases(
        "Decline the bid",
        "Decline the bid of {person}",
        keep="Leave the bid",
        warning="{person} sees that you said no, and may bid again.",
        is_danger=True,
        icon="x",
    ),
    "bid.award": Phrases(
        "Award",
        "Award {amount} to {person}",
        keep="Decide later",
        warning="{person} is offered a contract. Nothing moves yet: next you create its "
        "milestones. Until {person} accepts, you can take the offer back.",
        flash="awarded",
        icon="handshake",
    ),
    "deposit.start": Phrases(
        N_("Deposit", "to do"), "Deposit {amount}", keep="Do not deposit", icon="plus"
    ),
    "deposit.expire": Phrases(
        "Close as unpaid", "Close the deposit as unpaid", is_danger=True, icon="clock"
    ),
    "withdrawal.request": Phrases(
        "Withdraw",
        "Withdraw {amount}",
        keep="Leave it in the wallet",
        warning="Once it is sent it cannot be called back.",
        confirm="The destination is right",
        icon="arrow-up-right",
    ),
    "withdrawal.approve": Phrases(
        "Approve the withdrawal", "Approve the withdrawal of {amount}", icon="shield-check"
    ),
    "withdrawal.cancel": Phrases(
        "Cancel the withdrawal",
        "Cancel, and put {amount} back into the wallet",
        keep="Let it go out",
        is_danger=True,
        icon="undo-2",
    ),
    "withdrawal.expire": Phrases(
        "Close as unsent", "Close the withdrawal as unsent", is_danger=True, icon="clock"
    ),
}


def phrases_of(name: str) -> Phrases:
    """The words of an action; of one without words its verb."""
    known = PHRASES.get(name)
    if known is not None:
        return known
    verb = name.partition(".")[2].replace("_", " ").capitalize()
    return Phrases(verb, verb)


#: What happened, as a timeline tells it; what is not here is told by its own name.
HAPPENED: Final[Mapping[str, str]] = {
    "file.added": "File put here",
    "contract.offered": "Contract offered",
    "contract.accepted": "Contract accepted",
    "contract.declined": "Contract declined",
    "contract.revoked": "Offer taken back",
    "contract.ended": "Contract ended",
    "contract.lapsed": "Not answered in time: the offer lapsed",
    "project.posted": "Project posted",
    "project.edited": "Project edited",
    "project.reserved": "Money reserved for the project",
    "project.taken_back": "Reserve taken back",
    "project.closed": "Project closed",
    "project.lapsed": "Nobody needed the reserve in time: it returned",
    "project.asked": "Question asked",
    "project.answered": "Question answered",
    "bid.placed": "Bid placed",
    "bid.edited": "Bid changed",
    "bid.retracted": "Bid taken back",
    "bid.declined": "Bid declined",
    "bid.awarded": "Bid awarded, contract offered",
    "bid.shortlisted": "Shortlisted",
    "bid.unshortlisted": "Unshortlisted",
    "contract.said": "Message",
    "contract.inspected": "Looked at by staff",
    "contract.funded": "Milestones funded",
    "contract.funded one": "Milestone funded",
    "milestone.requested": "Milestone asked for",
    "milestone.declined": "Request declined",
    "milestone.withdrawn": "Request withdrawn",
    "milestone.funded": "Milestone funded",
    "milestone.taken_back": "Money taken back",
    "milestone.submitted": "Work submitted, release asked for",
    "milestone.changes_requested": "Changes requested",
    "milestone.released": "Released",
    "milestone.cancelled": "Given back",
    "milestone.cancel_asked": "Asked to cancel",
    "milestone.cancel_refused": "Cancelling refused",
    **silence.HAPPENED,
    **agreements.HAPPENED,
    **disputes.HAPPENED,
    **plans.HAPPENED,
    "deposit.started": "Deposit started",
    "deposit.settled": "Deposit arrived",
    "deposit.failed": "Deposit failed",
    "deposit.expired": "Deposit closed as unpaid",
    "deposit.break_opened": "The gateway reported something different",
    "withdrawal.requested": "Withdrawal requested",
    "withdrawal.approved": "Withdrawal approved",
    "withdrawal.sent": "Withdrawal sent",
    "withdrawal.paid": "Withdrawal paid out",
    "withdrawal.failed": "Withdrawal failed, money returned",
    "withdrawal.returned": "Withdrawal came back",
    "withdrawal.cancelled": "Withdrawal cancelled",
    "withdrawal.expired": "Withdrawal closed as unsent",
    "withdrawal.break_opened": "The gateway reported something different",
}


def happened(event: str, *, to_one: bool = False) -> str:
    """What a timeline says of an event: of all that it did, or of what it did to one row."""
    said = HAPPENED.get(f"{event} one") if to_one else None
    return said or HAPPENED.get(event) or event.partition(".")[2].replace("_", " ").capitalize()


#: What a gateway reported that does not fit the books, by its kind; nothing moves because of it.
BREAKS: Final[Mapping[str, str]] = {
    "other_amount": "Another amount than was asked for. An operator looks at it; nothing moved.",
    "paid_again": "The same payment a second time. It counts once; an operator looks at it.",
    "not_expected": "A payment that was not expected any more. An operator looks at it.",
}


#: What a form calls a field, and what it says below; the action's own words come first, and
#: `employer` is said to whom that is.
LABELS: Final[Mapping[str, str]] = {
    **{name: number.label for name, number in NUMBERS.items()},
    "amount": "Amount",
    "description": "What is to be done",
    "due_at": "Due",
    "note": "What you hand in",
    "links": "Links",
    "reason": "Reason",
    "text": "Message",
    "currency": "Currency",
    "freelancer": "Freelancer",
    "terms": "Terms",
    "gateway": "Through",
    "sandbox": "What the sandbox does",
    "destination": "Destination",
    "destination.type": "Kind of account",
    "destination.account": "Account",
    "destination.name": "Name on the account",
    "milestones": "Milestone",
    "title": "Title",
    "budget_min": "Budget, from",
    "budget_max": "Budget, up to",
    "closes_at": "Bids until",
    "skills": "Skills",
    "period_days": "Days in all",
    "days": "Days",
    "proposal": "Your proposal",
    **agreements.LABELS,
    **disputes.LABELS,
    **plans.LABELS,
    "files": "Files",
}
HINTS: Final[Mapping[str, str]] = {
    **disputes.HINTS,
    **plans.HINTS,
    "due_at": "The end of this day, where you are.",
    "links": "One a line.",
    "closes_at": "The end of this day, where you are. Left empty: two weeks from now.",
    "project.edit:closes_at": "The end of this day, where you are. Left empty: it stays as it is.",
    "title": "In a few words, what it is about.",
    "proposal": "How you would do it, and why you. Only the employer reads it.",
    "period_days": "From the start of the work to its end.",
    "sandbox": "This is a sandbox: choose the day its gateway has.",
    "destination.account": "An IBAN, or the number of a card.",
}
#: The choices of enumerations, and a remark on each.
CHOICES: Final[Mapping[str, tuple[str, str]]] = {
    **plans.CHOICES,
    "settle": ("A good day", "The money is there at once."),
    "delay": ("A slow day", "The money is there a day later."),
    "fail": ("A failed payment", "Nothing is paid."),
    "pay_twice": ("Paid twice", "The second payment opens a break for the operator."),
    "pay_short": ("Paid short", "A break for the operator; nothing is credited."),
    "lose_answer": ("A lost answer", "The gateway is asked again, and pays once."),
    "iban": ("Bank account", "By its IBAN."),
    "card": ("Card", "A card number."),
    "sandbox": ("Sandbox account", "Not a real one: choose below what becomes of the money."),
    "classic": ("Classic", PRESET_NOTES["classic"]),
    "own": ("Own numbers", "The classic rules, but for what you write here."),
    "balanced": ("Balanced", "Every wait has an end, and both know it before."),
}
mark(PHRASES, HAPPENED, BREAKS, LABELS, HINTS, CHOICES)


def label_of(field: str) -> str:
    """What a form calls a field."""
    last = field.rpartition(".")[2]
    return LABELS.get(field) or LABELS.get(last) or last.replace("_", " ").capitalize()


#: What each skill is called, by its code.
SKILLS: Final[Mapping[str, str]] = {each.value: name_of(each) for each in Skill}
mark(SKILLS)


def choice_of(value: str) -> tuple[str, str]:
    """What a choice is called, and a remark."""
    named = CHOICES.get(value)
    return named or (SKILLS.get(value) or value.replace("_", " ").capitalize(), "")


def account_of(kind: str, account: str) -> str:
    """An account as people read it: an IBAN in groups of four, the sandbox's by its day."""
    if kind == "iban":
        number = "".join(account.split()).upper()
        return " ".join(["IBAN", *(number[at : at + 4] for at in range(0, len(number), 4))])
    name, _ = choice_of(kind)
    return f"{name}: {choice_of(account)[0]}" if kind == "sandbox" else f"{name} {account}"
