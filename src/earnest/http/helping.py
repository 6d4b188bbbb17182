"""The help pages: words of ours, with numbers and tables that are made from the rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from earnest.core import contracts, deferring, hearing, reviews
from earnest.core.actions import ACTIONS, Action
from earnest.core.bids.row import PROPOSALS_MAX
from earnest.core.disputes import arbitrating, exhibiting, extending, sealing, stages
from earnest.core.fees import fee_of
from earnest.core.milestones import planning, plans, revising, silence, staff
from earnest.core.money import Money
from earnest.core.payments.row import EXPIRES_AFTER, Payment
from earnest.core.people import SYSTEM, Party
from earnest.core.projects import posting
from earnest.core.projects import row as projects
from earnest.core.terms import OFFERED, PRESETS
from earnest.http import asking
from earnest.http.signin import passwords, throttle
from earnest.http.web.rendering import page, said
from earnest.store import sessions, tokens
from earnest.words import help as words
from earnest.words import help_money, help_rules, notices, reputation
from earnest.words.actions import choice_of, phrases_of
from earnest.words.files import size_said
from earnest.words.formats import either, listed
from earnest.words.terms import PRESET_NOTES, duration, percent, sentences
from earnest.words.terms import TOPICS as CLAUSES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from earnest.core.house import House
    from earnest.http.web.places import Handler
    from earnest.http.web.visiting import Visit
    from earnest.words.terms import Clause

ADDRESS: Final = "/help"
#: The pages in their order.
TOPICS: Final[Mapping[str, words.Topic]] = {**help_money.TOPICS, **help_rules.TOPICS}
#: Of this much released it is said what arrives.
EXAMPLE: Final = Money(10_000, "USD")


@dataclass(frozen=True, slots=True)
class Helping:
    """Pages that everybody may read; those that say what a site allows say it of this one."""

    async def index(self, visit: Visit, _request: Request) -> Response:
        """The basic rule, and where to read on."""
        topics = [(f"{ADDRESS}/{name}", topic) for name, topic in TOPICS.items()]
        return page(visit, "help/index.html", topics=topics, facts=facts(visit))

    async def terms(self, visit: Visit, _request: Request) -> Response:
        """What each preset of the terms says, in sentences."""
        presets = [
            {
                "name": name,
                "title": choice_of(name)[0],
                "summary": PRESET_NOTES[name],
                "clauses": sentences(rules),
                "is_offered": name in OFFERED,
            }
            for name, rules in PRESETS.items()
        ]
        return page(visit, "help/terms.html", presets=presets)

    async def topic(self, visit: Visit, request: Request) -> Response:
        """One page."""
        name = request.path_params["topic"]
        if name not in TOPICS:
            raise asking.not_found()
        known, names = facts(visit), list(TOPICS)
        following = names[(names.index(name) + 1) % len(names)]
        return page(
            visit,
            "help/topic.html",
            topic=TOPICS[name],
            sections=[_section(each, known) for each in TOPICS[name].sections],
            following=(f"{ADDRESS}/{following}", TOPICS[following].title),
        )


def paths() -> dict[str, dict[str, Handler]]:
    """The addresses of help."""
    helping = Helping()
    return {
        ADDRESS: {"GET": helping.index},
        f"{ADDRESS}/terms": {"GET": helping.terms},
        f"{ADDRESS}/{{topic}}": {"GET": helping.topic},
    }


def facts(visit: Visit) -> dict[str, str]:
    """Every number that help tells, as its reader writes it; what does not apply here is blank."""
    house = visit.app.house
    return {**_lengths(), **_counts(house), **_money(house, lambda value: said(value, visit))}


def _long(length: timedelta) -> str:
    return duration(int(length.total_seconds()))


def _lengths() -> dict[str, str]:
    return {
        "asked_for": _long(arbitrating.ASKED_FOR),
        "bidding": _long(posting.BIDDING),
        "bidding_max": _long(posting.BIDDING_MAX),
        "choosing": _long(projects.CHOOSING),
        "deferred_by": _long(silence.DEFERRED_BY),
        "deferred_from": _long(deferring.LONG),
        "edit_open": _long(revising.OPEN_FOR),
        "expires": _long(EXPIRES_AFTER),
        "extended_max": _long(extending.EXTENDED_BY_MAX),
        "hidden_for": _long(reviews.HIDDEN_FOR),
        "next_within": _long(stages.NEXT_WITHIN),
        "objected_within": _long(staff.OBJECTED_WITHIN),
        "refused_within": _long(arbitrating.REFUSED_WITHIN),
        "review_within": _long(reviews.GIVEN_WITHIN),
        "round_lasts": _long(sealing.ROUND_LASTS),
        "session": _long(sessions.LIVES),
        "token_grace": _long(tokens.GRACE),
        "told_before": _long(hearing.IN_TIME),
        "tranche_latest": _long(planning.LATEST),
        "tries_window": duration(throttle.SIGN_IN.get_expiry()),
        "unused": _long(projects.UNUSED),
    }


def _counts(house: House) -> dict[str, str]:
    return {
        "arbitration_most": percent(house.arbitration_most_bps),
        "counted": reputation.COUNTED,
        "exhibits_max": str(exhibiting.EXHIBITS_MAX),
        "exhibits_size": size_said(house.exhibits_bytes_max),
        "milestones_max": str(contracts.MILESTONES_WHILE_OFFERED_MAX),
        "offers_max": str(contracts.OFFERS_MAX),
        "password_least": str(passwords.LEAST),
        "proposals_max": str(PROPOSALS_MAX),
        "rounds": str(sealing.ROUNDS),
        "tranches_max": str(plans.TRANCHES_MAX),
        "tranches_min": str(plans.TRANCHES_MIN),
        "tries": str(throttle.SIGN_IN.amount),
    }


def _money(house: House, said: Callable[[Money], str]) -> dict[str, str]:
    fee = fee_of(EXAMPLE, house.fee_bps)
    limits = [Money(minor, code) for code, minor in sorted(house.approval_limits.items())]
    return {
        "approval_limits": either([said(each) for each in limits]),
        "fee_kept": said(fee),
        "fee_rest": said(EXAMPLE - fee),
        "fee_share": percent(house.fee_bps),
        "fee_whole": said(EXAMPLE),
    }


def _section(section: words.Section, known: Mapping[str, str]) -> dict[str, Any]:
    """A section with its numbers; a sentence about what does not apply here is left out."""
    return {
        "id": section.id,
        "title": section.title,
        "paragraphs": _filled(section.paragraphs, known),
        "items": _filled(section.items, known),
        "table": section.table,
        "rows": _TABLES[section.table](section) if section.table else [],
    }


def _filled(texts: tuple[str, ...], known: Mapping[str, str]) -> list[str]:
    there = {name: text for name, text in known.items() if text}
    blank = [f"{{{name}}}" for name in known if name not in there]
    return [each.format_map(there) for each in texts if not any(b in each for b in blank)]


def clauses(section: words.Section) -> list[dict[str, Any]]:
    """What each preset says of these topics, in the order of the terms."""
    told = {
        name: {topic.key: clause for topic, clause in zip(CLAUSES, sentences(rules), strict=True)}
        for name, rules in PRESETS.items()
        if name in OFFERED
    }
    return [
        {"about": topic.about, "said": _by_preset(topic.key, told)}
        for topic in CLAUSES
        if topic.key in section.clauses
    ]


def _by_preset(key: str, told: Mapping[str, Mapping[str, Clause]]) -> list[tuple[str, Clause]]:
    """What the presets say of one topic; those that say the same say it once."""
    found: dict[Clause, list[str]] = {}
    for name, clauses in told.items():
        found.setdefault(clauses[key], []).append(choice_of(name)[0])
    return [(listed(names), clause) for clause, names in found.items()]


def actions(_section: words.Section | None = None) -> list[dict[str, Any]]:
    """Every action, by what it is on; last what happens by itself."""
    groups: dict[str, list[dict[str, Any]]] = {noun: [] for noun in words.NOUNS}
    by_itself: list[dict[str, Any]] = []
    for each in ACTIONS.values():
        place = by_itself if each.by == SYSTEM else groups[each.kind.noun]
        place.append(_action(each))
    found = [{"title": words.NOUNS[noun], "actions": rows} for noun, rows in groups.items() if rows]
    return [*found, {"title": words.BY_ITSELF, "actions": by_itself}]


def _action(action: type[Action[Any]]) -> dict[str, Any]:
    return {
        "name": action.name,
        "label": phrases_of(action.name).label,
        "by": [_who(party, action) for party in Party if party in action.by],
        "when": [status for status in type(next(iter(action.when))) if status in action.when],
    }


def _who(party: Party, action: type[Action[Any]]) -> str:
    """Who may: what has an owner and no sides is its owner's, and nobody else's."""
    is_owned = party is Party.ANYONE and issubclass(action.kind, Payment)
    return words.OWNER if is_owned else words.PARTIES[party]


def _figures(_section: words.Section) -> list[tuple[str, str]]:
    return [(title, reputation.FORMULAS[each]) for each, title in reputation.TITLES.items()]


def _notices(_section: words.Section) -> list[tuple[str, str]]:
    return list(notices.TOPICS.values())


_TABLES: Final[Mapping[str, Callable[[words.Section], list[Any]]]] = {
    "actions": actions,
    "clauses": clauses,
    "figures": _figures,
    "notices": _notices,
}
