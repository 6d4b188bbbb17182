"""`earnest demo`: a story told once, whole or begun anew, and served."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from tests.cli.earnest import Earnest, status, until
from tests.cli.foretold import to_its_end
from tests.postgres import database

from earnest.cli.demonstrating import _at_its_port
from earnest.config import Config
from earnest.core.actions import ACTIONS, offered
from earnest.core.bids.row import Bid, Bidder, BidStatus
from earnest.core.contracts import Contract, ContractStatus
from earnest.core.disputes.extending import Extension
from earnest.core.disputes.row import Dispute, DisputeStatus
from earnest.core.disputes.withdrawing import Withdrew
from earnest.core.house import House
from earnest.core.milestones.releasing import Release, ReleaseStatus
from earnest.core.milestones.revising import Edit
from earnest.core.milestones.row import Milestone, MilestoneStatus
from earnest.core.milestones.tranches import Tranche, TrancheStatus
from earnest.core.payments.depositing import Deposit
from earnest.core.payments.withdrawing import Withdrawal
from earnest.core.people import SYSTEM, User
from earnest.core.projects.row import Project, ProjectStatus
from earnest.core.renewing import TermsOffer
from earnest.core.reviews import Reviewed
from earnest.core.rows import Row
from earnest.core.terms import Terms
from earnest.core.world import World
from earnest.demo.people import PASSWORD, PEOPLE
from earnest.demo.telling import StoryError
from earnest.demo.timeline import Days, _Turn
from earnest.http.signin import passwords
from earnest.store import people
from earnest.store.db import Database
from earnest.store.rulebooks import rulebooks
from earnest.store.tables import BY_KIND

STATUSES = "SELECT array_agg(DISTINCT status::text) AS found FROM {}"
SUBJECTS = (
    *(Contract, TermsOffer, Milestone, Release, Tranche, Edit, Reviewed),
    *(Project, Bid, Bidder, Deposit, Withdrawal, Dispute, Extension, Withdrew),
)


#: Which clocks run in its last weeks long enough to be told.
#: Of the deposits that are open in it the gateway said what did not fit: nobody is to pay those.
CLOCKS_TOLD = [
    "dispute.compare_sealed",
    "milestone.auto_release",
    "milestone.return_dormant",
    "milestone.return_overdue",
    "tranche.pay",
    "withdrawal.expire",
]


def started(earnest: Earnest, port: int, *words: str) -> subprocess.Popen[str]:
    demo = earnest.start("demo", "--port", port, *words)
    until(lambda: status(f"http://127.0.0.1:{port}/readyz") == 200, demo)
    return demo


def stopped(demo: subprocess.Popen[str]) -> tuple[str, str]:
    demo.send_signal(signal.SIGINT)
    out, err = demo.communicate(timeout=30)
    assert demo.returncode == 0, f"{out}\n{err}"
    return out, err


def rows(earnest: Earnest, sql: str) -> list[object]:
    return [each[0] for each in asyncio.run(earnest.sql(sql))]


class Telling(NamedTuple):
    """A story that was told to its end, and what was said meanwhile."""

    earnest: Earnest
    port: int
    out: str
    err: str


@pytest.fixture(scope="module")
def telling(
    server_dsn: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Telling]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with database(server_dsn, template) as dsn:
        earnest = Earnest(tmp_path_factory.mktemp("told"), dsn)
        yield Telling(earnest, port, *stopped(started(earnest, port)))


@pytest.fixture
def told(telling: Telling) -> Earnest:
    """For the tests that only look at it."""
    return telling.earnest


@pytest.fixture
def again(told: Earnest, server_dsn: str, tmp_path: Path) -> Iterator[Earnest]:
    """The same once more, for the tests that go on with it."""
    assert told.dsn is not None
    with database(server_dsn, urlsplit(told.dsn).path[1:]) as copy:
        yield Earnest(shutil.copytree(told.data_dir, tmp_path / "again"), copy)


async def everything(dsn: str) -> tuple[list[User], list[Row], dict[str, Terms]]:
    """Everybody of the story, all that can be acted on, and the rule books."""
    found = await Database.connect(dsn, most=1, revive=None)
    try:
        everybody = [person for person, _ in await people.everybody(found)]
        rows: list[Row] = []
        for kind in SUBJECTS:
            table = BY_KIND[kind]
            records = await found.pool.fetch(f"SELECT {table.names} FROM {table.name}")
            rows += [table.read(tuple(record)) for record in records]
        hashes = await found.pool.fetch("SELECT hash FROM terms")
        async with found.pool.acquire() as connection:
            rules = await rulebooks(connection, [each[0] for each in hashes])
        return everybody, rows, rules
    finally:
        await found.close()


def test_the_story_says_how_far_it_is_and_who_can_sign_in(telling: Telling) -> None:
    assert "Telling the story, 1 of" in telling.err
    assert "break_opened" not in telling.err, "the story's bad days are no alarms"
    assert f"Sign in at http://localhost:{telling.port} " in telling.out
    assert f"the password {PASSWORD}\n" in telling.out
    for each in PEOPLE:
        assert re.search(f"{each.name} +{each.email} +.*{each.hint}", telling.out)
    assert rows(telling.earnest, "SELECT count(*) FROM users") == [len(PEOPLE)]
    assert rows(telling.earnest, "SELECT count(*) FROM tokens") == [1]


def test_the_story_is_told_once_and_served(telling: Telling, again: Earnest, port: int) -> None:
    (token,) = re.findall(r"Bearer (ern_\S+)\"", telling.out)
    events = rows(again, "SELECT count(*) FROM events")
    demo = started(again, port)
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/milestones", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(asked, timeout=10) as answer:
        assert answer.status == 200
    _, err = stopped(demo)
    assert "Telling" not in err
    assert rows(again, "SELECT count(*) FROM events") == events

    _, err = stopped(started(again, port, "--reset"))
    assert "Telling the story, 1 of" in err
    assert rows(again, "SELECT count(*) FROM users") == [len(PEOPLE)]


def test_the_story_has_something_of_everything_and_adds_up(told: Earnest) -> None:
    assert len(PEOPLE) == 14
    assert rows(told, STATUSES.format("milestones")) == [sorted(MilestoneStatus)]
    assert rows(told, STATUSES.format("contracts")) == [sorted(ContractStatus)]
    assert rows(told, STATUSES.format("releases")) == [sorted(ReleaseStatus)]
    assert rows(told, STATUSES.format("disputes")) == [sorted(DisputeStatus)]
    by_clock = "SELECT DISTINCT name FROM events WHERE via = 'clock' AND name LIKE 'milestone.%'"
    assert sorted(map(str, rows(told, by_clock))) == [
        *("milestone.auto_released", "milestone.deferred", "milestone.released"),
        *("milestone.returned_dormant", "milestone.returned_overdue", "milestone.tranche_paid"),
    ]
    assert rows(told, STATUSES.format("tranches")) == [sorted(TrancheStatus)]
    open_one = "SELECT status FROM disputes WHERE tranche_id IS NOT NULL"
    assert rows(told, open_one) == ["response"], "an objection waits for its answer"
    waits = "retention AND status = 'waiting' AND at > now()"
    to_come = f"SELECT count(*) FROM tranches WHERE {waits} AND milestone_id IN"
    for agreed in ("NOT NULL", "NULL"):
        plans = f"(SELECT id FROM milestones WHERE plan_agreed_at IS {agreed})"
        assert rows(told, f"{to_come} {plans}") == [1], "one is kept back, one is not agreed to"
    assert rows(told, STATUSES.format("projects")) == [sorted(ProjectStatus)]
    assert rows(told, STATUSES.format("bids")) == [sorted({*BidStatus} - {BidStatus.ENDED})]
    assert rows(told, STATUSES.format("deposits")) == [["expired", "failed", "pending", "settled"]]
    assert rows(told, STATUSES.format("withdrawals")) == [
        ["cancelled", "expired", "failed", "paid", "requested", "sent"]
    ]
    (contracts,) = rows(told, "SELECT count(*) >= 30 FROM contracts")
    assert contracts is True
    assert rows(told, "SELECT DISTINCT currency FROM contracts ORDER BY 1") == [
        "JPY", "KWD", "USD",
    ]  # fmt: skip
    assert rows(told, "SELECT DISTINCT kind FROM breaks ORDER BY 1") == [
        "other_amount", "paid_again",
    ]  # fmt: skip
    assert told.json("ledger", "verify")["ok"]


def test_the_outbox_shows_a_notice_of_every_clock_that_the_story_leads_to(told: Earnest) -> None:
    """For its last weeks; what began before and ran out before is told to nobody by mail."""
    mailed = rows(
        told,
        "SELECT DISTINCT n.name FROM notices n JOIN sandbox_mails m ON m.delivery_id = n.id"
        " WHERE n.moment IS NOT NULL ORDER BY 1",
    )
    assert mailed == CLOCKS_TOLD
    late = "SELECT count(*) FROM notices WHERE at >= clock_at"
    assert rows(told, late) == [0]
    given_up = "SELECT count(*) FROM deliveries WHERE status = 'given_up'"
    assert rows(told, given_up) == [0]


def test_the_story_takes_a_year_to_the_present_in_the_order_of_its_days(told: Earnest) -> None:
    assert rows(told, "SELECT clock_offset = '0' FROM site") == [True]
    (span,) = rows(told, "SELECT max(at) - min(at) > '362 days' FROM events")
    assert span is True
    assert rows(told, "SELECT count(*) FROM events WHERE at > now()") == [0]
    # What a clock did has the instant of the clock, and is numbered after whatever met it.
    of_people = "SELECT at < lag(at) OVER (ORDER BY id) AS back FROM events WHERE via <> 'clock'"
    assert rows(told, f"SELECT count(*) FROM ({of_people}) AS e WHERE back") == [0]
    of_one = "SELECT at < lag(at) OVER (PARTITION BY contract_id ORDER BY seq) AS back FROM events"
    in_contracts = f"{of_one} WHERE contract_id IS NOT NULL"
    assert rows(told, f"SELECT count(*) FROM ({in_contracts}) AS e WHERE back") == [0]


def test_every_action_of_a_person_can_be_pressed_by_somebody(told: Earnest) -> None:
    assert told.dsn is not None
    everybody, subjects, rules = asyncio.run(everything(told.dsn))
    known = {(type(each), each.key): each for each in (*everybody, *subjects)}
    world = World(datetime.now(UTC), House(), known, {}, rules)
    pressable = {
        name
        for subject in known.values()
        for person in everybody
        for name in offered(subject, person, world)
    }
    # What is over after a week the clock closes before anybody comes to.
    by_clock = {"deposit.expire", "withdrawal.expire"}
    assert pressable == {n for n, each in ACTIONS.items() if each.by - SYSTEM} - by_clock


def test_everything_in_it_goes_as_its_fate_said(again: Earnest, tmp_path: Path) -> None:
    assert again.dsn is not None
    found = asyncio.run(to_its_end(again.dsn, tmp_path))
    assert [each for each in found if not each.came_true] == []
    happens = {type(each.row) for each in found if each.said}
    assert happens == {Contract, Milestone, Release, Tranche, Dispute, Project}


def test_lists_have_a_second_page_and_conversations_too(told: Earnest) -> None:
    employers = "SELECT count(*) AS n FROM milestones GROUP BY employer_id"
    assert rows(told, f"SELECT max(n) > 60 FROM ({employers}) AS e") == [True]
    for table, least in (("milestones", 15), ("messages", 50)):
        sizes = f"SELECT count(*) AS n FROM {table} GROUP BY contract_id"
        assert rows(told, f"SELECT max(n) > {least} FROM ({sizes}) AS e") == [True]


def test_everybody_signs_in_with_the_same_password(told: Earnest) -> None:
    (kept,) = rows(told, "SELECT DISTINCT password_hash FROM users")
    assert passwords.matches(str(kept), PASSWORD)


def test_somebody_is_suspended_and_somebody_is_on_both_sides(told: Earnest) -> None:
    assert rows(told, "SELECT count(*) FROM users WHERE status = 'suspended'") == [1]
    both = "SELECT employer_id FROM contracts INTERSECT SELECT freelancer_id FROM contracts"
    assert rows(told, f"SELECT count(*) > 3 FROM ({both}) AS b") == [True]


def test_a_line_of_the_story_does_not_go_back() -> None:
    async def line() -> Days:
        yield 1

    began = datetime(2026, 1, 1, tzinfo=UTC)
    turn = _Turn(began, 0, line())
    turn.put_off(2, began, began + timedelta(days=365))
    first = turn.at
    turn.put_off(2, began, began + timedelta(days=365))
    assert first < turn.at < began + timedelta(days=3)
    with pytest.raises(StoryError):
        turn.put_off(1, began, began + timedelta(days=365))
    turn.put_off(365, began, began + timedelta(days=365))
    assert turn.at == began + timedelta(days=365)


def until_said(demo: subprocess.Popen[str], text: str) -> None:
    assert demo.stderr is not None
    assert any(text in line for line in demo.stderr), "it ended without saying so"


def test_a_story_that_was_interrupted_is_begun_anew(earnest: Earnest, port: int) -> None:
    demo = earnest.start("demo", "--port", port)
    until_said(demo, "Telling the story, 3 of")
    demo.kill()
    demo.communicate()
    assert status(f"http://127.0.0.1:{port}/readyz") == 0
    _, err = stopped(started(earnest, port))
    assert "begun anew" in err
    assert rows(earnest, "SELECT count(*) FROM users") == [len(PEOPLE)]
    assert earnest.json("ledger", "verify")["ok"]


def test_what_is_no_demo_is_left_alone(earnest: Earnest, port: int) -> None:
    earnest("user", "add", "Emma", "emma@example.com")
    for words in ((), ("--reset",)):
        done = earnest("demo", "--port", port, *words, code=1)
        assert "something else than a demo" in done.stderr
    assert rows(earnest, "SELECT count(*) FROM users") == [1]


def test_its_directory_is_the_one_that_was_named(tmp_path: Path, port: int) -> None:
    """On a private PostgreSQL, as people have it; and who stops a story waits for no end of it."""
    earnest = Earnest(tmp_path / "unused", None, {"HOME": str(tmp_path)})
    directory = tmp_path / "own"
    demo = earnest.start("demo", "--port", port, "--data-dir", directory)
    until_said(demo, "Telling the story, 1 of")
    stopped(demo)
    assert directory.exists()
    assert not (tmp_path / "unused").exists()


def test_links_in_mails_lead_to_where_the_demo_is_served(tmp_path: Path) -> None:
    """Unless somebody said how it is reached, or lets others in from elsewhere."""
    config = Config(tmp_path)
    assert _at_its_port(config, config.port).url == config.url
    assert _at_its_port(config, 8107).url == "http://localhost:8107"
    for kept in (replace(config, url="https://pay.example"), replace(config, host="::")):
        assert _at_its_port(kept, 8107).url == kept.url
