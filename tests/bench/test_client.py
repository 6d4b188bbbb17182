"""The client that measures: what it sends is understood, and it reads every answer whole."""

from __future__ import annotations

import asyncio
import json

import pytest

from earnest.bench import client
from earnest.bench.client import Keys, Payer, milestone_in
from earnest.bench.town import RELEASED, SET_ASIDE
from earnest.bench.wire import Connection, read
from earnest.core.milestones.funding import FundContract
from earnest.core.milestones.releasing import ReleaseMilestone
from earnest.http.bodies import read as action_of

MILESTONE = "ms_0DXH3K8ZQ2Y7A"
EMPLOYER = {"token": "ern_x", "contracts": ["ctr_0DXH3K8ZQ2Y7A", "ctr_0DXH3K8ZQ2Y7B"]}

PLAIN = b"HTTP/1.1 201 Created\r\nContent-Length: 5\r\nX: y\r\n\r\nhello"
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nA\r\nlo, world!\r\n0\r\n\r\n"
)


@pytest.mark.parametrize(
    ("whole", "answer"), [(PLAIN, (201, b"hello")), (CHUNKED, (200, b"hello, world!"))]
)
def test_an_answer_is_read_when_all_of_it_is_there(whole: bytes, answer: tuple[int, bytes]) -> None:
    assert [read(bytearray(whole[:n])) for n in range(len(whole))] == [None] * len(whole)
    assert read(bytearray(whole)) == answer


def test_an_answer_of_unknown_length_is_an_error() -> None:
    with pytest.raises(ValueError, match="unknown length"):
        read(bytearray(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"))


def test_its_bodies_ask_for_what_the_engine_is_asked_for() -> None:
    funding = action_of("contract.fund", 1, json.loads(client.FUND_BODY))
    releasing = action_of("milestone.release", 1, json.loads(client.RELEASE_BODY))
    assert isinstance(funding, FundContract)
    assert isinstance(releasing, ReleaseMilestone)
    assert funding.milestones[0].amount == SET_ASIDE
    assert releasing.amount == RELEASED


def test_the_first_milestone_of_an_answer_is_found() -> None:
    answer = json.dumps({"items": [{"id": MILESTONE, "contract_id": "ctr_1"}]}).encode()
    assert milestone_in(answer.replace(b" ", b"")) == MILESTONE.encode()


class Bank(Connection):
    """A server that notes each request, and answers every line as the promise says."""

    def __init__(self, status: int = 200) -> None:
        super().__init__()
        self.status = status
        self.requests: list[bytes] = []

    async def ask(self, request: bytes) -> tuple[int, bytes]:
        self.requests.append(request)
        lines = [json.loads(line) for line in request.partition(b"\r\n\r\n")[2].splitlines()]
        row = {"id": MILESTONE, "number": 7}
        answers = [
            {"key": line["key"], "status": self.status, "body": {"items": [row]}} for line in lines
        ]
        return 200, b"".join(json.dumps(a, separators=(",", ":")).encode() + b"\n" for a in answers)


def test_a_request_releases_what_the_one_before_it_set_aside() -> None:
    bank, payer = Bank(), Payer(EMPLOYER, Keys("run"), 6)
    for _ in range(2):
        asyncio.run(_paid(payer, bank))
    head, _, body = bank.requests[1].partition(b"\r\n\r\n")
    assert b"Content-Type: application/x-ndjson\r\n" in head
    assert b"Content-Length: %d" % len(body) in head
    lines = [json.loads(line) for line in body.splitlines()]
    assert [line["action"] for line in lines] == ["contract.fund"] * 3 + ["milestone.release"] * 3
    assert {line["id"] for line in lines} == {*EMPLOYER["contracts"], MILESTONE}
    assert len({line["key"] for line in lines}) == 6


def test_a_line_that_is_refused_is_an_error() -> None:
    with pytest.raises(RuntimeError, match="a line was answered"):
        asyncio.run(_paid(Payer(EMPLOYER, Keys("run"), 2), Bank(409)))


async def _paid(payer: Payer, bank: Bank) -> None:
    await payer.pay(bank)
