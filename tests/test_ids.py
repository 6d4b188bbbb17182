"""Row numbers rise, hold together in blocks, and tell when they were made."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earnest.ids import BLOCK_MAX, EPOCH, NODES, Ids, moment, wall_milliseconds

NOON = EPOCH + 200_000_000_000


class Clock:
    """A clock that stands where it was put."""

    def __init__(self, now: int = NOON) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


def node_of(number: int) -> int:
    return number >> 12 & 1023


def test_the_epoch_is_the_first_instant_of_2020() -> None:
    assert datetime.fromtimestamp(EPOCH // 1000, UTC) == datetime(2020, 1, 1, tzinfo=UTC)
    assert EPOCH % 1000 == 0


def test_a_number_is_milliseconds_node_and_counter() -> None:
    ids = Ids(5, Clock(EPOCH + 3))
    assert ids.new() == 3 << 22 | 5 << 12 | 0
    assert ids.new() == 3 << 22 | 5 << 12 | 1


def test_a_number_tells_its_moment() -> None:
    assert moment(Ids(NODES - 1, Clock()).new()) == NOON


def test_the_next_millisecond_begins_at_zero() -> None:
    clock = Clock()
    ids = Ids(0, clock)
    ids.reserve(10)
    clock.now += 1
    assert ids.new() == (NOON + 1 - EPOCH) << 22


def test_a_clock_that_goes_back_takes_no_number_with_it() -> None:
    clock = Clock()
    ids = Ids(0, clock)
    first = ids.new()
    clock.now -= 60_000
    assert ids.new() == first + 1


def test_a_full_millisecond_borrows_the_next() -> None:
    ids = Ids(7, Clock())
    last = ids.reserve(BLOCK_MAX) + BLOCK_MAX - 1
    following = ids.new()
    assert moment(last) == NOON
    assert moment(following) == NOON + 1
    assert node_of(last) == node_of(following) == 7


def test_a_block_without_room_starts_in_the_next_millisecond_whole() -> None:
    ids = Ids(7, Clock())
    ids.reserve(BLOCK_MAX - 1)
    assert ids.reserve(2) & 4095 == 0


@given(
    st.integers(0, NODES - 1),
    st.lists(st.tuples(st.integers(-5, 5), st.integers(1, BLOCK_MAX)), min_size=1, max_size=60),
)
def test_blocks_rise_and_never_overlap_nor_touch_the_node(
    node: int, steps: list[tuple[int, int]]
) -> None:
    clock = Clock()
    ids = Ids(node, clock)
    used = -1
    for step, count in steps:
        clock.now += step
        first = ids.reserve(count)
        last = first + count - 1
        assert used < first
        assert node_of(first) == node_of(last) == node
        assert moment(first) == moment(last)
        assert last < 2**63
        used = last


@pytest.mark.parametrize("count", [-1, 0, BLOCK_MAX + 1])
def test_a_block_is_from_one_to_4096(count: int) -> None:
    with pytest.raises(ValueError, match="from 1 to 4096"):
        Ids(0, Clock()).reserve(count)


@pytest.mark.parametrize("node", [-1, NODES])
def test_a_node_has_ten_bits(node: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 1023"):
        Ids(node, Clock())


def test_a_clock_before_2020_is_refused() -> None:
    with pytest.raises(ValueError, match="before 2020"):
        Ids(0, Clock(EPOCH - 1))


def test_the_numbers_end_rather_than_overflow() -> None:
    clock = Clock(EPOCH + 2**41 - 1)
    ids = Ids(NODES - 1, clock)
    assert ids.reserve(BLOCK_MAX) + BLOCK_MAX - 1 == 2**63 - 1
    with pytest.raises(OverflowError, match="2089"):
        ids.new()


def test_left_alone_it_reads_the_wall_clock() -> None:
    before = time.time_ns() // 1_000_000
    made = moment(Ids(0).new())
    assert before <= made <= wall_milliseconds()
