"""Every action of the registry as a command: `earnest milestone release ms_… --amount 40.00`.

Made from `ACTIONS`, so that a new action is a command by itself.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NoReturn

import click
import msgspec

from earnest.batcher import UnavailableError
from earnest.cli import dry_run, looking, verbs
from earnest.cli.desk import desk_for, desk_options, say
from earnest.cli.dry_run import Look
from earnest.cli.options import (
    body_of,
    needs_currency,
    option_name,
    options_of,
    own_currency,
    people_in,
)
from earnest.cli.printing import print_rows
from earnest.cli.whom import found
from earnest.core.actions import ACTIONS, Reason, Refused
from earnest.core.payments.row import Payment
from earnest.core.people import User
from earnest.http import problems
from earnest.http.asking import KEY_LENGTH_MAX, Manner, is_key
from earnest.http.routes import Write
from earnest.store import worklist
from earnest.store.db import GONE
from earnest.wire.fields import input_of
from earnest.wire.parse import Invalid, parse_action

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from earnest.app import App
    from earnest.cli.desk import Desk
    from earnest.core.actions import Action
    from earnest.store.batch import Answer

#: How what is asked here came, as events say it.
VIA: Final = "cli"
#: How long a command that concerns a gateway waits for its answer.
GATEWAY_SECONDS: Final = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: who asks for which action, of what, with which fields."""

    name: str
    #: The printed reference of the subject; None: the asker's own row.
    subject: str | None
    who: str
    key: str
    #: Whether the key is random, so that nobody knows it yet.
    is_ours: bool
    currency: str | None
    given: Mapping[str, Any]
    manner: Manner

    @property
    def cls(self) -> type[Action[Any]]:
        """The action's class."""
        return ACTIONS[self.name]

    @property
    def words(self) -> str:
        """The command as it is typed, without its options."""
        words = ["earnest", *self.name.replace("_", "-").split("."), self.subject]
        return " ".join(word for word in words if word is not None)


@cache
def group_of(noun: str) -> click.Group:
    """A noun: its actions, and what can be looked at."""
    group = click.Group(noun, help=verbs.about(noun))
    for name in verbs.BY_NOUN[noun]:
        group.add_command(_command(name, name.partition(".")[2].replace("_", "-")))
    for command in looking.commands(noun):
        group.add_command(command)
    return group


def _command(name: str, verb: str) -> click.Command:
    kind = ACTIONS[name].kind
    parameters: list[click.Parameter] = []
    if kind is not User:
        parameters.append(click.Argument(["subject"], metavar=f"{kind.prefix}_…"))
    parameters += options_of(name)
    parameters += [
        click.Option(
            ["--as", "who"],
            envvar="EARNEST_AS",
            required=True,
            metavar="EMAIL",
            help="Who asks (EARNEST_AS).",
        ),
        click.Option(["--key"], help="The same key asks for the same thing once; else random."),
        *dry_run.options(),
        *desk_options(),
    ]

    def callback(**given: Any) -> None:
        _run(name, **given)

    return click.Command(verb, params=parameters, callback=callback, help=ACTIONS[name].__doc__)


def _run(
    name: str,
    *,
    who: str,
    key: str | None,
    data_dir: Path | None,
    as_json: bool,
    subject: str | None = None,
    currency: str | None = None,
    **given: Any,
) -> None:
    desk = desk_for(data_dir, as_json=as_json)
    manner = Manner(given.pop("is_dry_run"), given.pop("effect_hash"))
    asked = Asked(name, subject, who, key_of(key), key is None, currency, given, manner)
    try:
        answer = desk.run(lambda app: _ask(app, asked))
    except Invalid as wrong:
        _refuse_usage(desk, asked, wrong)
    else:
        if isinstance(answer, Look):
            dry_run.tell(desk, answer, asked.words)
        else:
            _tell(desk, asked, answer)


def key_of(chosen: str | None) -> str:
    """A key of one's own is checked as an Idempotency-Key is."""
    if chosen is None:
        return f"cli-{secrets.token_urlsafe(12)}"
    if not is_key(chosen):
        raise click.UsageError(f"--key has 1 to {KEY_LENGTH_MAX} printable ASCII characters.")
    return chosen


async def _ask(app: App, asked: Asked) -> Answer | Look | None:
    """Read what was typed in the light of the books, and ask for it; None if it is not there."""
    person = await found(app, asked.who)
    number, currency = person.id, asked.currency or own_currency(asked.given)
    if asked.subject is not None:
        number = looking.number_in(asked.subject, asked.cls.kind.prefix)
        if currency is None and needs_currency(asked.name, asked.given):
            row = await looking.subject(app, asked.cls.kind.noun, number)
            if row is None:
                return None
            currency = row.currency if hasattr(row, "currency") else row.amount.currency
    body = body_of(asked.name, asked.given, currency)
    _must_agree(body, asked.currency)
    for member, email in people_in(asked.name, body):
        body[member] = (await found(app, email)).reference
    action = parse_action(asked.name, number, body)
    condition = asked.manner.condition(action)
    if asked.manner.is_dry_run:
        return await dry_run.look(app, person.id, action, condition)
    if asked.is_ours:
        say(f"key: {asked.key}")  # Before it is asked: an answer that is lost can be asked for.
    answer = await app.do(person.id, action, key=asked.key, via=VIA, condition=condition)
    if answer.problem is None and issubclass(asked.cls.makes or asked.cls.kind, Payment):
        await _hear_the_gateway(app)
    return answer


def _must_agree(value: object, chosen: str | None) -> None:
    """One currency, said once or twice in the same way."""
    if isinstance(value, list):
        for each in value:
            _must_agree(each, chosen)
    elif isinstance(value, dict) and value.keys() == {"amount", "currency"}:
        said = value["currency"]
        if said is None:
            raise click.UsageError('Say the currency: --amount "10 USD", or --currency USD.')
        if chosen is not None and said != chosen:
            raise click.UsageError(f"The amount says {said}, --currency says {chosen}.")
    elif isinstance(value, dict):
        for each in value.values():
            _must_agree(each, chosen)


async def _hear_the_gateway(app: App) -> None:
    """Do the worker's part here too: there may be no worker, and two do no harm."""
    from earnest import worker  # noqa: PLC0415  # Nothing but a payment has to wait for it.

    until = await app.database.now()
    try:
        async with asyncio.timeout(GATEWAY_SECONDS):
            while True:
                await worker.drain(app)
                wakes_at = await worklist.next_wake(app.database)
                now = await app.database.now()
                if wakes_at is None or (wakes_at - until).total_seconds() > GATEWAY_SECONDS:
                    return
                await asyncio.sleep(max((wakes_at - now).total_seconds(), 0))
    except (TimeoutError, UnavailableError, *GONE):  # What was asked for here is done already.
        say("The gateway has not answered yet; a worker goes on asking.")


def _tell(desk: Desk, asked: Asked, answer: Answer | None) -> None:
    """Print what became of it, and end with 1 if it was refused."""
    if answer is None or answer.problem is not None:
        kept = answer.problem if answer is not None else None
        tell_refused(desk, kept or problems.problem_of(Refused(Reason.NOT_FOUND)))
    rows = [msgspec.json.decode(row) for row in answer.rows]
    cls = asked.cls
    noun = (cls.makes if cls.answers and cls.makes else cls.kind).noun
    print_rows(desk, noun, rows, one=not Write(cls).answers_items)


def tell_refused(desk: Desk, problem: bytes) -> NoReturn:
    """Say why it was refused, and end."""
    if desk.json:
        desk.print_json(problem)
    else:
        said = msgspec.json.decode(problem)
        click.echo(f"Refused: {said['detail']} ({said['code']})", err=True)
        if "effect" in said:
            dry_run.print_effect(said["effect"], err=True)
    raise SystemExit(1)


def _refuse_usage(desk: Desk, asked: Asked, wrong: Invalid) -> None:
    """Name each option that cannot be read."""
    if desk.json:
        desk.print_json(problems.invalid(wrong.errors))
        raise SystemExit(2)
    names = {each.wire: f"--{option_name(each)}" for each in input_of(asked.name).fields}
    lines = []
    for error in wrong.errors:
        member = error.path.split("/")[1] if error.path else ""
        lines.append(f"{names.get(member, member)}: {error.detail}")
    raise click.UsageError("\n".join(lines))
