"""Somebody who types what is to run, to deceive or to break, wherever anything can be typed."""

from __future__ import annotations

import sys
from dataclasses import asdict, fields, is_dataclass
from typing import Any, Final, get_args

from tests.http.house import Person, agreed, usd
from tests.web.disputing import Quarrel, arbitrated
from tests.web.scene import Scene, Words

from earnest.core.actions import ACTIONS
from earnest.core.inputs import Text
from earnest.core.money import Money
from earnest.core.people import SYSTEM
from earnest.core.terms import Terms

#: Ends whatever it might stand in, runs if it is an element, counts if it is a template, and turns
#: around what comes after it.
EVIL: Final = "=\"></title><img src=x onerror=a()>{{7*7}}'${7*7}\u202e"
#: What is no text: codes, and names, which nothing can be turned around in.
_OTHER: Final = {"links", "account", "file", "name", "invitation"}


def typed() -> Words:
    """All that is typed in a scene, each text known by where it was typed."""
    found = {name: f"{EVIL}{name}" for name in asdict(Words()) if name not in _OTHER}
    return Words(
        name=f"{EVIL[:-1]}name",
        invitation=f"{EVIL[:-1]}invitation",
        file="<img src=x onerror=a()>.txt",
        links="javascript:alert(1)\nhttps://example.org/work",
        **found,
    )


#: Every text that an action takes from people, and the words of a scene that it is typed as;
#: or what `furthered` sends for it.
TYPED: Final = {
    "file.add.called": "file",
    "contract.say.text": "text",
    "project.ask.text": "question",
    "project.answer.text": "answer",
    "project.post.title": "title",
    "project.post.description": "brief",
    "project.edit.title": "title",
    "project.edit.description": "brief",
    "bid.place.proposal": "proposal",
    "bid.place.milestones.description": "step",
    "bid.edit.proposal": "proposal",
    "bid.edit.milestones.description": "step",
    "milestone.request.description": "requested",
    "contract.fund.milestones.description": "description",
    "milestone.ask_cancel.reason": "cancel",
    "milestone.staff_cancel.reason": "staff",
    "milestone.submit.note": "note",
    "milestone.submit.links": "links",
    "milestone.request_changes.reason": "reason",
    "milestone.propose_edit.description": "change",
    "dispute.ask.text": "asked",
    "dispute.rule.reasons": "ruling",
    "dispute.exhibit.link": "links",
    "dispute.exhibit.text": "exhibit",
    "dispute.respond.statement": "defence",
    "milestone.dispute.statement": "statement",
    "milestone.object.statement": "objection",
    "tranche.object.reason": "tranche",
    "withdrawal.request.destination.account": "account",
    "withdrawal.request.destination.name": "destination",
    "review.give.text": "review",
}


def texts() -> set[str]:
    """Every text that the registry says an action takes from people."""
    found: set[str] = set()
    for name, each in ACTIONS.items():
        if each.by != SYSTEM:
            found |= _texts_of(each, name)
    return found


def _texts_of(kind: type[Any], path: str) -> set[str]:
    """Those of its fields, as the edge reads them; of what is within it too."""
    there = vars(sys.modules[kind.__module__])
    return {
        text
        for each in fields(kind)
        for text in _in(eval(str(each.type), there), f"{path}.{each.name}")
    }


def _in(hint: Any, path: str) -> set[str]:
    if any(isinstance(each, Text) for each in get_args(hint)):
        return {path}
    if isinstance(hint, type) and is_dataclass(hint) and hint not in {Money, Terms}:
        return _texts_of(hint, path)
    return {text for each in get_args(hint) for text in _in(each, path)}


async def furthered(scene: Scene) -> list[tuple[Person, str]]:
    """What a scene has no room for; and who looks at it where."""
    house, olga = scene.house, scene.olga
    omar = await house.person("omar", "operator")
    emma, frank, contract, made = await agreed(house, "100.00", "10.00")
    at, work = f"/contracts/{contract['id']}", f"/milestones/{made[0]['id']}"
    asked = {"contract_id": contract["id"], "description": f"{EVIL}requested"}
    request = await frank.done("/v1/milestones", {**asked, "amount": usd("5.00")})
    await olga.done(f"/v1{work}/staff-cancel", {"reason": f"{EVIL}staff"})
    await omar.done(f"/v1{work}/staff-confirm")
    await frank.done(f"/v1{work}/object", {"statement": f"{EVIL}objection"})
    (objected,) = (await frank.seen("/v1/disputes"))["items"]
    (tranche,) = scene.known["/tranches/{id}"]
    said = {"amount": usd("5.00"), "reason": f"{EVIL}tranche"}
    await scene.emma.done(f"/v1{tranche}/object", said)
    rooms = [each["id"] for each in (await scene.emma.seen("/v1/disputes"))["items"]]
    asked_more, ada = await arbitrated(house)
    await ada.done(f"/v1{asked_more.room}/take")
    await ada.done(f"/v1{asked_more.room}/ask", {"text": f"{EVIL}asked"})
    found, grace = await arbitrated(house)
    await _ruled(found, grace)
    pages = [
        *(
            (who, page)
            for who in (emma, frank)
            for page in (at, work, f"/milestones/{request['id']}")
        ),
        *((who, f"/disputes/{objected['id']}") for who in (emma, frank, olga)),
        *((who, found.room) for who in (found.emma, found.frank, grace)),
        *((who, asked_more.room) for who in (asked_more.emma, asked_more.frank, ada)),
        *((scene.emma, f"/disputes/{room}") for room in rooms),
        (scene.emma, tranche),
        (scene.frank, tranche),
        (scene.emma, "/disputes"),
        (ada, "/desk"),
    ]
    return [*pages, *await _reviewed(scene)]


async def _ruled(found: Quarrel, ada: Person) -> None:
    room = f"/v1{found.room}"
    await ada.done(f"{room}/take")
    for number in (1, 2):
        await ada.done(f"{room}/open-exhibit", {"exhibit": number})
    ruling = {"to_freelancer": usd("20.00"), "reasons": f"{EVIL}ruling", "exhibits": [1, 2]}
    await ada.done(f"{room}/rule", ruling)


async def _reviewed(scene: Scene) -> list[tuple[Person, str]]:
    emma, frank, contract, (made,) = await agreed(scene.house, "10.00")
    await emma.done(f"/v1/milestones/{made['id']}/release")
    await emma.done(f"/v1/contracts/{contract['id']}/end")
    points = {"quality": 5, "communication": 4, "fairness": 5, "punctuality": 3, "again": 5}
    for who in (emma, frank):
        said = {"contract_id": contract["id"], "ratings": points, "text": f"{EVIL}review"}
        await who.done("/v1/reviews", said)
    return [(emma, f"/people/{frank.id}"), (frank, f"/contracts/{contract['id']}")]
