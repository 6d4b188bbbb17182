"""Write the generated part of docs/reference, from the code itself.

`python tools/docs.py` writes the pages; with `--check` it exits 1 if one of them is not what would
be written.
"""

from __future__ import annotations

import inspect
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from earnest.config import Config, variable
from earnest.core.actions import ACTIONS, Reason
from earnest.core.notices import MONEY, SILENT, TOLD
from earnest.core.people import Party
from earnest.core.reminding import CLOCKS, SILENT_CLOCKS
from earnest.core.reputation import MEASURES
from earnest.core.terms import BALANCED, BOUNDS, PRESETS, WOUND, as_json
from earnest.http.problems import EDGE_STATUS, STATUS
from earnest.wire.fields import ListOf, ObjectOf, input_of
from earnest.words import reputation
from earnest.words.notices import TOPICS
from earnest.words.reasons import EDGE, SENTENCES, TITLES
from earnest.words.told import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from earnest.core.actions import Action
    from earnest.wire.fields import Field

FOLDER: Final = Path(__file__).parent.parent / "docs" / "reference"
NOTE: Final = "<!-- Written by `make docs`. Change the code instead. -->\n\n"


def pages() -> dict[str, str]:
    """Each page by its file name."""
    return {
        "actions.md": NOTE + _actions(),
        "notices.md": NOTE + _notices(),
        "refusals.md": NOTE + _refusals(),
        "reputation.md": NOTE + _reputation(),
        "settings.md": NOTE + _settings(),
        "terms.md": NOTE + _terms(),
    }


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = list(head)
    lines = [heads, ["---"] * len(heads), *(list(row) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _actions() -> str:
    """Every action: who may ask for it, when, with what, and what it does."""
    text = "# Actions\n\nWho may ask for what, in which status. Routes and verbs follow from it.\n"
    for noun in dict.fromkeys(name.partition(".")[0] for name in ACTIONS):
        own = [each for name, each in ACTIONS.items() if name.startswith(f"{noun}.")]
        text += f"\n## {noun.capitalize()}s\n\n"
        text += _table(
            ("action", "by", "when", "scope", "event"),
            (
                (f"`{each.name}`", _by(each), _when(each), each.scope, f"`{each.event}`")
                for each in own
            ),
        )
        text += "".join(f"\n**`{each.name}`** {_words(each)}\n{_input(each)}" for each in own)
    return text


def _by(action: type[Action[Any]]) -> str:
    return ", ".join(party for party in Party if party in action.by)


def _when(action: type[Action[Any]]) -> str:
    statuses = type(next(iter(action.when)))
    if action.when == frozenset(statuses):
        return "always"
    return ", ".join(status for status in statuses if status in action.when)


def _words(action: type[Action[Any]]) -> str:
    return " ".join(inspect.cleandoc(action.__doc__ or "").split())


def _input(action: type[Action[Any]]) -> str:
    fields = input_of(action.name).fields
    if not fields:
        return ""
    return "\n" + "".join(f"- {_field(each)}\n" for each in fields)


def _field(field: Field) -> str:
    needed = "required" if field.required else "optional"
    inner = field.kind.item if isinstance(field.kind, ListOf) else field.kind
    if isinstance(inner, ObjectOf):
        members = ", ".join(f"`{each.wire}`" for each in inner.fields)
        return f"`{field.wire}` ({needed}): {members}"
    return f"`{field.wire}` ({needed}, {type(inner).__name__.lower()})"


def _refusals() -> str:
    """Every code that a problem can have."""
    text = "# Refusals\n\nIn the order in which they are given. These keep their key.\n\n"
    text += _table(
        ("code", "status", "title", "what is said"),
        (
            (f"`{reason}`", str(int(STATUS[reason])), TITLES[reason], SENTENCES[reason][0])
            for reason in Reason
        ),
    )
    text += "\n## What the edge refuses\n\nBefore or instead of the rules; these keep no key.\n\n"
    text += _table(
        ("code", "status", "title"),
        ((f"`{code}`", str(int(status)), EDGE[code][0]) for code, status in EDGE_STATUS.items()),
    )
    return text


def _reputation() -> str:
    """Every figure of a record: how it is counted, and what is said where nothing is."""
    text = f"# Reputation\n\n{reputation.COUNTED}\n"
    for side, measures in MEASURES.items():
        text += f"\n## As {'an' if side is Party.EMPLOYER else 'a'} {side}\n\n"
        text += _table(
            ("figure", "in JSON", "how it is counted", "until there is anything to count"),
            (
                (
                    reputation.TITLES[each],
                    f"`{each}`",
                    reputation.FORMULAS[each],
                    reputation.NONE[each],
                )
                for each in measures
            ),
        )
    return text


def _notices() -> str:
    """Every event: who is told of it, and under which choice; or why nobody is."""
    text = "# Notices\n\nWho is told of what others do, and of clocks that run: on the site at "
    text += "once, and by mail as they chose. Nobody is told of what they did themselves, but for "
    text += "who takes money out.\n\n"
    text += "## Topics\n\nFor each, everybody chooses: mails at once, once a day, or never.\n\n"
    text += _table(
        ("topic", "what falls under it", "stopped by one click in a mail"),
        (
            (f"{title} (`{topic}`)", about, "no" if topic in MONEY else "yes")
            for topic, (title, about) in TOPICS.items()
        ),
    )
    text += "\n## Events\n\n"
    text += _table(
        ("event", "who is told", "topic", "what it is called"),
        (
            (f"`{event}`", each.part, f"`{each.topic}`", WORDS[each.part][event].titles[0])
            for event, told in TOLD.items()
            for each in told
        ),
    )
    text += _clocks()
    text += "\n## Events that tell nobody\n\n"
    return text + _table(("event", "why"), ((f"`{name}`", why) for name, why in SILENT.items()))


def _clocks() -> str:
    """Every clock: who is told of it while it runs, and what they are told; or why nobody is."""
    text = "\n## Clocks that run\n\nThe event by which a clock begins tells of its start; that a "
    text += "date has come is told by the clock itself. Then it is told at half time and 3 days "
    text += "before it runs out if it runs for 7 days or longer, 24 hours before if for 72 hours "
    text += "or longer, 6 hours before if it is shorter. Who can do something is told each time, "
    text += (
        "and the last one comes by mail whatever they chose; who can only wait is told once.\n\n"
    )
    text += (
        "A clock of 72 hours or longer that costs somebody money waits for its last notice, by 72 "
    )
    text += "hours, once: [A clock that waits](../explanation/silence.md#a-clock-that-waits).\n\n"
    text += _table(
        ("clock", "who is told", "how often", "topic", "what it is called"),
        (
            (
                f"`{name}`",
                each.part,
                "each time" if each.acts else "once",
                f"`{each.topic}`",
                WORDS[each.part][name].titles[0],
            )
            for name, told in CLOCKS.items()
            for each in told
        ),
    )
    text += (
        "\nThe side that has opened a dispute, or has put up the arbitration fee, waits for the "
    )
    text += "other one, and is told once.\n\n"
    return text + _table(
        ("clock that is not told", "why"),
        ((f"`{name}`", why) for name, why in SILENT_CLOCKS.items()),
    )


def _settings() -> str:
    """Every setting: what it is called, what it means, what it is unless set."""
    text = "# Settings\n\nFrom the command line, else the environment, else `earnest.toml` in the "
    text += "data directory (`EARNEST_CONFIG` names another file), where each has its name without "
    text += "the prefix. `earnest config` shows what is in force, and where it comes from.\n\n"
    return text + _table(
        ("environment", "in the file", "meaning", "unless set"),
        (
            (
                f"`{variable(each.name)}`",
                f"`{each.name}`" if each.name != "data_dir" else "–",
                each.metadata["means"],
                each.metadata["shown"] or f"`{each.default}`",
            )
            for each in fields(Config)
        ),
    )


def _terms() -> str:
    """Both presets, and the bounds of each clock."""
    presets = {name: as_json(terms) for name, terms in PRESETS.items()}
    text = "# Terms\n\nThe rule book of a contract. `null` is no limit. "
    wound = ", ".join(f"`{name}`" for name in as_json(BALANCED) if name in WOUND)
    text += f"Of the clocks these run in this version: {wound}. So `classic` can be chosen, or "
    text += "it with own numbers for these; the others keep its values. What each silence leads "
    text += "to is [explained](../explanation/silence.md).\n\n"
    fields = next(iter(presets.values()))
    return text + _table(
        ("field", *presets, "bounds"),
        (
            (f"`{name}`", *(_value(each[name]) for each in presets.values()), _bounds(name))
            for name in fields
        ),
    )


def _value(value: object) -> str:
    return "null" if value is None else f"{value}"


def _bounds(name: str) -> str:
    bounds = BOUNDS.get(name)
    return "" if bounds is None else f"{bounds.low} – {bounds.high}"


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which of them are not true any more."""
    stale = [
        name
        for name, text in pages().items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != text
    ]
    if arguments == ["--check"]:
        for name in stale:
            sys.stderr.write(f"docs/reference/{name} is stale: run `make docs`\n")
        return int(bool(stale))
    if arguments:
        sys.stderr.write("usage: python tools/docs.py [--check]\n")
        return 2
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in stale:
        (FOLDER / name).write_text(pages()[name], encoding="utf-8")
        sys.stdout.write(f"wrote docs/reference/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
