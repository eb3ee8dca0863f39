"""One suite for every tracking: the in-memory one and PostgreSQL."""

import asyncio
from datetime import UTC, datetime

import pytest

from showfloor.kernel.tracking import BEGINNING, DeadLetter, StreamPosition, TrackingConflict

NAME, OTHER = "session>board", "gateway>board"
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
READ = StreamPosition(NOON, 7)


def poison(position):
    headers = {"traceparent": "00-a-b-01", "ce-subject": "größe"}
    return DeadLetter(position, "public.session", headers, b"\x00\xff", "ValueError: cannot parse", NOON)


@pytest.mark.parametrize("read", [BEGINNING, StreamPosition(NOON, 0), StreamPosition(NOON.replace(microsecond=123), 5)])
async def test_a_stream_position_is_kept_as_it_is(books, read):
    await books.tracking.commit([], NAME, 1, read, after=0)
    assert await books.tracking.position(NAME) == (1, read)


async def test_position_and_stream_position_move_together(books):
    tracking = books.tracking
    assert await tracking.position(NAME) == (0, BEGINNING)
    await tracking.commit([books.effect(1)], NAME, 3, READ, after=0)
    assert await tracking.position(NAME) == (3, READ)
    await tracking.commit([books.effect(2), books.effect(3)], NAME, 9, BEGINNING, after=3)
    assert await tracking.position(NAME) == (9, BEGINNING)
    assert await tracking.position(OTHER) == (0, BEGINNING)
    assert books.effects == [1, 2, 3]


@pytest.mark.parametrize(
    ("after", "position"), [(0, 6), (4, 6), (6, 9), (5, 5), (5, 4)], ids=["0", "behind", "ahead", "no step", "back"]
)
async def test_a_caller_with_a_wrong_position_changes_nothing(books, after, position):
    tracking = books.tracking
    await tracking.commit([books.effect(1)], NAME, 5, READ, after=0)
    with pytest.raises(TrackingConflict):
        await tracking.commit([books.effect(2)], NAME, position, BEGINNING, after=after)
    with pytest.raises(TrackingConflict):
        await tracking.add_dead_letter(NAME, poison(position), BEGINNING, after=after)
    assert await tracking.position(NAME) == (5, READ)
    assert await tracking.dead_letters(NAME) == []
    assert books.effects == [1]


async def test_a_new_name_stands_at_0(books):
    with pytest.raises(TrackingConflict):
        await books.tracking.commit([books.effect(1)], NAME, 9, BEGINNING, after=5)
    with pytest.raises(TrackingConflict):
        await books.tracking.add_dead_letter(NAME, poison(9), BEGINNING, after=5)
    assert (await books.tracking.position(NAME), books.effects) == ((0, BEGINNING), [])


async def test_an_effect_that_fails_moves_nothing(books):
    with pytest.raises(Exception, match="zero"):
        await books.tracking.commit([books.broken()], NAME, 1, READ, after=0)
    assert await books.tracking.position(NAME) == (0, BEGINNING)
    await books.tracking.commit([books.effect(1)], NAME, 1, READ, after=0)
    with pytest.raises(Exception, match="zero"):
        await books.tracking.commit([books.effect(9), books.broken()], NAME, 2, BEGINNING, after=1)
    assert (await books.tracking.position(NAME), books.effects) == ((1, READ), [1])


async def test_of_many_at_once_one_wins(books):
    for step in range(3):
        done = await asyncio.gather(
            *(books.tracking.commit([books.effect(n)], NAME, step + 1, READ, after=step) for n in range(20)),
            return_exceptions=True,
        )
        assert [type(answer) for answer in done].count(TrackingConflict) == 19
        assert done.count(None) == 1
    assert len(books.effects) == 3


async def test_a_poison_message_becomes_a_dead_letter_and_passed(books):
    tracking = books.tracking
    await tracking.commit([], NAME, 6, BEGINNING, after=0)
    assert await tracking.add_dead_letter(NAME, poison(7), READ, after=6) == 1
    assert await tracking.position(NAME) == (7, READ)
    assert await tracking.add_dead_letter(NAME, poison(11), BEGINNING, after=7) == 2
    assert await tracking.add_dead_letter(OTHER, poison(1), BEGINNING, after=0) == 1
    assert await tracking.dead_letters(NAME) == [poison(7), poison(11)]
    assert await tracking.dead_letters(OTHER) == [poison(1)]


async def test_unparking_is_once_and_leaves_the_position(books):
    tracking = books.tracking
    await tracking.add_dead_letter(NAME, poison(7), READ, after=0)
    with pytest.raises(Exception, match="zero"):
        await tracking.settle_dead_letter([books.broken()], NAME, 7)
    assert await tracking.dead_letters(NAME) == [poison(7)]
    done = await asyncio.gather(
        *(tracking.settle_dead_letter([books.effect(7)], NAME, 7) for _ in range(5)), return_exceptions=True
    )
    assert [type(answer) for answer in done].count(TrackingConflict) == 4
    assert await tracking.dead_letters(NAME) == []
    assert await tracking.position(NAME) == (7, READ)
    assert books.effects == [7]
    with pytest.raises(TrackingConflict):
        await tracking.settle_dead_letter([books.effect(8)], NAME, 8)
    assert books.effects == [7]


async def test_a_name_starts_over_without_its_effects(books):
    tracking = books.tracking
    await tracking.commit([books.effect(1)], NAME, 3, READ, after=0)
    await tracking.add_dead_letter(NAME, poison(5), READ, after=3)
    await tracking.add_dead_letter(OTHER, poison(5), READ, after=0)
    with pytest.raises(TrackingConflict):
        await tracking.start_over([books.effect(2)], NAME, after=3)
    await tracking.start_over([books.effect(3)], NAME, after=5)
    assert await tracking.position(NAME) == (0, BEGINNING)
    assert await tracking.dead_letters(NAME) == []
    assert (await tracking.position(OTHER), len(await tracking.dead_letters(OTHER))) == ((5, READ), 1)
    await tracking.commit([books.effect(4)], NAME, 1, READ, after=0)
    assert books.effects == [1, 3, 4]
