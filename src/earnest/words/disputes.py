"""The words of disputes: what each side, an arbiter, staff and the clock do, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from earnest.words.phrases import Phrases
from earnest.words.saying import N_, mark

if TYPE_CHECKING:
    from collections.abc import Mapping

_FINAL: Final = "Both of you are paid at once. It is final: nobody can bring it back."

PHRASES: Final[Mapping[str, Phrases]] = {
    "milestone.dispute": Phrases(
        N_("Dispute", "to do"),
        "Freeze {amount} and dispute it with {person}",
        keep="Do not dispute it",
        warning="From then on neither of you can move what is frozen alone. {person} is asked to "
        "answer. What is not frozen, and all the rest of the contract, goes on.",
        is_danger=True,
        icon="gavel",
    ),
    "milestone.object": Phrases(
        "Object",
        "Object, and dispute {amount}",
        keep="Do not object",
        warning="Nothing returns to {person} by the operators’ word any more. All that is held is "
        "frozen, and becomes a dispute in which you claim all of it.",
        icon="shield-check",
    ),
    "milestone.staff_cancel": Phrases(
        "Ask to return what is held",
        "Ask to return it to the employer",
        keep="Leave it as it is",
        warning="Both sides read your reason. Nothing moves unless a second operator confirms it, "
        "and the freelancer does not object for 7 days after that.",
        is_danger=True,
        icon="undo-2",
    ),
    "milestone.staff_confirm": Phrases(
        "Confirm the return",
        "Confirm, and return it in 7 days",
        keep="Do not confirm",
        warning="What is held returns to the employer in 7 days, unless the freelancer objects.",
        confirm="I have read the reason and the conversation",
        is_danger=True,
        icon="shield-check",
    ),
    "milestone.staff_return": Phrases("Return what two operators asked for"),
    "dispute.respond": Phrases(
        "Answer",
        "Answer {person} with {amount}",
        keep="Answer later",
        warning="Your figure is an offer: {person} can accept it at once, and then it is final.",
        icon="message-square",
    ),
    "dispute.offer": Phrases(
        "Make an offer",
        "Offer to settle at {amount}",
        keep="Do not offer it",
        warning="It takes the place of your last offer. {person} can accept it at once, and then "
        "it is final.",
        icon="handshake",
    ),
    "dispute.accept_offer": Phrases(
        "Accept the offer",
        "Settle with {person}, and pay both",
        keep="Do not accept",
        warning=_FINAL,
        confirm="I accept this offer, and the dispute ends with it",
        icon="check",
    ),
    "dispute.concede": Phrases(
        "Concede",
        "Give {person} what they ask for",
        keep="Do not concede",
        warning=f"You give {{person}} what they ask for now. {_FINAL}",
        confirm="I concede, and the dispute ends with it",
        is_danger=True,
        icon="flag",
    ),
    "dispute.withdraw": Phrases(
        "Withdraw the dispute",
        "Withdraw the dispute",
        keep="Keep the dispute open",
        warning="You cannot open another one on this milestone. If a clock of the milestone has "
        "run out meanwhile, what it leads to happens at once.",
        confirm="I withdraw my claim",
        is_danger=True,
        icon="undo-2",
    ),
    "dispute.sealed_offer": Phrases(
        "Make a sealed offer",
        "Seal it",
        keep="Seal nothing",
        warning="Nobody reads it: not {person}, not an arbiter, not staff. When the round closes, "
        "both figures are compared. If the freelancer’s is not above the employer’s, you settle at "
        "the midpoint, and both are paid at once; else both of you are only told that there is no "
        "settlement.",
        flash="sealed",
        icon="lock",
    ),
    "dispute.pay_fee": Phrases(
        "Put up the arbitration fee",
        "Put up {amount}",
        keep="Do not put it up",
        warning="It waits beside what is frozen. You have it back however the dispute ends, unless "
        "the ruling is nearer to what {person} offered last.",
        icon="scale",
    ),
    "dispute.propose_extension": Phrases(
        "Propose more time",
        "Propose it to {person}",
        keep="Leave the time as it is",
        warning="Nothing changes unless {person} agrees. Nobody else can give you more time.",
        icon="calendar",
    ),
    "dispute.agree_extension": Phrases(
        "Agree to more time",
        "Agree to more time",
        keep="Leave the time as it is",
        warning="The stage ends later, as {person} proposed.",
        icon="calendar",
    ),
    "dispute.exhibit": Phrases(
        "Add an exhibit",
        "Add it for all to see",
        keep="Add nothing",
        warning="{person} and the arbiter see it, and it cannot be removed. Give one thing at a "
        "time: a file, a link or a text. A link counts as the text it is: nobody opens it for you.",
        flash="exhibited",
        icon="paperclip",
    ),
    "dispute.refuse_arbiter": Phrases(
        "Refuse the arbiter",
        "Refuse the arbiter",
        keep="Leave it to them",
        warning="Somebody else is named. You can do this once, and need no reason. The time to "
        "rule goes on.",
        confirm="I want somebody else, and know that I can refuse once",
        is_danger=True,
        icon="ban",
    ),
    "dispute.take": Phrases(
        "Take it on",
        "Take the dispute on",
        keep="Not now",
        warning="Both sides are told that you look at it. You rule on nobody whom you ever worked "
        "with.",
        flash="taken",
        icon="scale",
    ),
    "dispute.ask": Phrases(
        "Ask both sides",
        "Ask both sides",
        keep="Ask nothing",
        warning="They have 48 hours to add exhibits, and you can rule after that. No clock moves.",
        icon="message-square",
    ),
    "dispute.open_exhibit": Phrases("Open an exhibit", "Open it", flash="opened", icon="search"),
    "dispute.rule": Phrases(
        "Rule",
        "Rule, and pay both",
        keep="Do not rule yet",
        warning="Both sides are paid at once, and read your reasons. It is final: nobody can bring "
        "it back.",
        confirm="I have looked at every exhibit, and these are my reasons",
        icon="gavel",
    ),
    "dispute.name_arbiter": Phrases("Name an arbiter"),
    "dispute.default_answer": Phrases("Decide without an answer"),
    "dispute.compare_sealed": Phrases("Compare the sealed offers"),
    "dispute.escalate": Phrases("Go on to an arbiter"),
    "dispute.default_fee": Phrases("Decide without the other’s fee"),
    "dispute.default_ruling": Phrases("Decide without a ruling"),
}

#: What a timeline tells.
HAPPENED: Final[Mapping[str, str]] = {
    "milestone.disputed": "Dispute opened",
    "milestone.staff_cancel_asked": "An operator asked to return what is held",
    "milestone.staff_cancel_confirmed": "A second operator confirmed the return",
    "milestone.staff_returned": "Nobody objected: returned, as two operators decided",
    "dispute.responded": "Dispute answered",
    "dispute.offered": "Offer made",
    "dispute.settled": "Dispute settled",
    "dispute.conceded": "Dispute conceded",
    "dispute.withdrawn": "Dispute withdrawn",
    "dispute.sealed_offered": "Sealed offer made",
    "dispute.sealed_compared": "Round of sealed offers closed: no settlement",
    "dispute.fee_paid": "Arbitration fee put up",
    "dispute.exhibited": "Exhibit added",
    "dispute.exhibit_opened": "Exhibit opened",
    "dispute.extension_proposed": "More time proposed",
    "dispute.extended": "More time agreed",
    "dispute.deferred": "Not everybody could be told in time: put off by 72 hours",
    "dispute.escalated": "The time was over: an arbiter is to rule",
    "dispute.arbiter_named": "Arbiter named",
    "dispute.arbiter_refused": "Arbiter refused",
    "dispute.taken": "Taken on by the arbiter",
    "dispute.asked": "The arbiter asked both sides",
    "dispute.ruled": "Dispute ruled on",
    "dispute.defaulted": "Dispute decided by the clock",
}

#: What a list says of its next clock, by the action of it.
NEXT_STEPS: Final[Mapping[str, str]] = {
    "dispute.compare_sealed": "Next: a round of sealed offers closes on {time}",
    "dispute.escalate": "Next: the dispute goes on to an arbiter on {time}",
    "dispute.default_answer": "Next: the dispute goes on without an answer on {time}",
    **dict.fromkeys(
        ("dispute.default_fee", "dispute.default_ruling"),
        "Next: the dispute is decided by the clock on {time}",
    ),
}

#: What a fate line tells of a clock: with who is paid, and for two who both are.
STEPS: Final[Mapping[str, str]] = {
    "milestone.staff_returned": (
        "{amount} returns to {person} on {time}, as two operators decided"
    ),
    "dispute.defaulted": "the dispute is decided by the clock: {amount} to {person} on {time}",
    "dispute.defaulted both": (
        "the dispute is decided by the clock: {amount} to {person} and {rest} to {second} on {time}"
    ),
    "dispute.escalated nothing": "the dispute goes on to an arbiter on {time}",
    "dispute.escalated again": "without a ruling it goes on to the next arbiter on {time}",
    "dispute.sealed_compared nothing": "a round of sealed offers closes on {time}",
}

#: What their forms call a field, and what is said below it.
LABELS: Final[Mapping[str, str]] = {
    "milestone.dispute:amount": "How much of it you dispute",
    "to_freelancer": "What the freelancer should get of it",
    "milestone.object:statement": "Why you object",
    "statement": "What happened, as you see it",
    "dispute.offer:to_freelancer": "What the freelancer would get",
    "dispute.sealed_offer:to_freelancer": "What the freelancer would get",
    "dispute.rule:to_freelancer": "What the freelancer gets",
    "dispute.rule:exhibits": "Exhibits that you rely on",
    "reasons": "Your reasons",
    "dispute.ask:text": "What you ask both of them",
    "file": "A file",
    "link": "A link",
    "dispute.exhibit:text": "A text",
    "until": "Until",
    "exhibit": "Exhibit",
}
HINTS: Final[Mapping[str, str]] = {
    "milestone.dispute:to_freelancer": "From 0 up to all that you dispute. The rest of it is the "
    "employer’s. This is your claim, and your first offer.",
    "dispute.respond:to_freelancer": "From 0 up to all that is frozen. The rest is the employer’s.",
    "dispute.offer:to_freelancer": "From 0 up to all that is frozen. The rest is the employer’s.",
    "dispute.sealed_offer:to_freelancer": "From 0 up to all that is frozen: the least that you "
    "would take.",
    "dispute.sealed_offer:to_freelancer employer": "From 0 up to all that is frozen: the most that "
    "you would give.",
    "dispute.rule:to_freelancer": "From 0 up to all that is frozen. The rest is the employer’s.",
    "dispute.rule:reasons": "Both sides read them.",
    "until": "The end of this day, where you are.",
}

#: What a stage is called in the bar of stages.
STAGES: Final[Mapping[str, str]] = {
    "response": "Answer",
    "negotiation": "Negotiation",
    "final_offers": "Fee and final offers",
    "arbitration": "Arbitration",
}

#: How a dispute ended, with what both got; said above its room.
ENDS: Final[Mapping[str, str]] = {
    "withdrawn": "{opener} withdrew it. What was frozen went on as if it had not been: what a "
    "clock or a date of the milestone led to meanwhile happened at once.",
    "conceded": "{other} conceded: {freelancer} got {paid}, and {employer} {rest}.",
    "settled": "Settled: {freelancer} got {paid}, and {employer} {rest}.",
    "defaulted": "Decided by the clock: {freelancer} got {paid}, and {employer} {rest}.",
    "ruled": "Ruled: {freelancer} got {paid}, and {employer} {rest}.",
}

#: Who acts next, and until when; `yours` is said to whom it is about.
NEXT: Final[Mapping[str, str]] = {
    "response": "Waiting for {other} to answer, by {ends}.",
    "response yours": "{opener} waits for your answer, by {ends}.",
    "negotiation": "Both sides negotiate.",
    "negotiation limited": "That ends on {ends}.",
    "negotiation endless": "There is no limit.",
    "final_offers": "{payer} put up the arbitration fee. Waiting for {matcher} to, by {ends}.",
    "final_offers yours": (
        "{payer} put up the arbitration fee. Put it up too by {ends}, or {freelancer} gets {asks}, "
        "as {payer} asks for."
    ),
    "unnamed": "Somebody is being named to rule.",
    "named": "{arbiter} is named to rule, and has not taken it on yet.",
    "named yours": "You are named to rule.",
    "taken": "{arbiter} looks at it, and rules.",
    "taken yours": "You have taken it on.",
    "asked": "{arbiter} asked both sides. Exhibits can be added until {asked}.",
    "asked yours": "You asked both sides. Exhibits can be added until {asked}.",
    "arbitration limited": "A ruling is due by {ends}.",
    "arbitration endless": "There is no limit for a ruling.",
}

#: What an arbiter has to do about a dispute on their desk.
TASKS: Final[Mapping[str, str]] = {
    "take": "Take it on",
    "wait": "Wait for exhibits",
    "open": "Open the exhibits",
    "rule": "Rule",
}

#: What waits in a dispute: a sentence, the link to it, and what that adds to the address.
WAITING: Final[Mapping[str, tuple[str, str, str]]] = {
    "to_rule": ("A dispute about {amount} waits for you: “{what}”{due}", "Look at it", ""),
    "to_answer": ("{person} disputes {amount} of “{what}”{due}", "Answer", "/respond"),
    "to_pay": (
        "{person} put up the arbitration fee for “{what}”; yours would be {amount}{due}",
        "Decide",
        "",
    ),
    "to_extend": ("{person} proposes more time for the dispute about “{what}”{due}", "Answer", ""),
    "to_settle": ("{person} made the last offer in the dispute about “{what}”{due}", "Answer", ""),
    "to_object": (
        "Two operators return {amount} of “{what}” to {person}, unless you object{due}",
        "Decide",
        "",
    ),
}

#: What becomes of each silence in a dispute, as the terms have it.
WALK: Final[Mapping[str, str]] = {
    "answer": "One of you disputes an amount, and the other does not answer",
    "answer_claim": "After {freelancer} of the freelancer, or {employer} of the employer, what the "
    "side that opened it asked for stands.",
    "answer_arbitration": "After {freelancer} of the freelancer, or {employer} of the employer, an "
    "arbiter rules.",
    "negotiation": "You negotiate a dispute, and come to nothing",
    "negotiation_then_fee": "After {negotiation}, unless one of you has put up the arbitration "
    "fee, the last offer that is nearer to half of the amount stands; the midpoint of both, if "
    "they are as near.",
    "negotiation_then_free": "After {negotiation} an arbiter rules.",
    "negotiation_never_fee": "Nothing ever happens: it waits until you agree, or one of you puts "
    "up the arbitration fee.",
    "negotiation_never_free": "Nothing ever happens: it waits until you agree.",
    "ruling": "An arbiter is to rule, and says nothing",
    "ruling_then": "After {ruling} the next one is named, for 7 days, as often as the terms say. "
    "Then, of your two last offers, the one nearer to half of the amount stands; their midpoint, "
    "if both are as near. If the dispute was never answered, it goes as the milestone would have "
    "gone by silence.",
    "ruling_never": "Nothing ever happens: it waits until an arbiter rules, or you agree.",
}
mark(PHRASES, HAPPENED, STEPS, LABELS, HINTS, STAGES, ENDS, NEXT, TASKS, WAITING, WALK)

#: What a list of movements calls a fee that comes back, whatever ended the dispute.
FEE_BACK: Final = N_("Arbitration fee back")
