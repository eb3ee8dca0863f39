"""What people write, in both stores: sealed in the log, clear to rules and states, gone with its key."""

import asyncio
from collections.abc import Mapping
from typing import ClassVar
from uuid import uuid4

import msgspec
import pytest

from showfloor.eventstore.keyring import Keyring
from showfloor.eventstore.streams import SNAPSHOT_EVERY
from showfloor.kernel.decider import Decider
from showfloor.kernel.event import Event, Meta
from showfloor.kernel.personal import ERASED, Owner
from showfloor.testing.ledger import AT

CANARY = "canary-8f1c"


class Written(Event, frozen=True, kw_only=True):
    """Somebody wrote a note."""

    TOPIC: ClassVar[str] = "note.written"
    PERSONAL: ClassVar[Mapping[str, Owner]] = {"text": Owner("page", ("shop", "writer"))}

    page: str = "p1"
    shop: int = 7
    writer: str
    text: str


class Note(msgspec.Struct, frozen=True):
    """The notes so far."""

    texts: tuple[str, ...] = ()


def evolve(state: Note, event: Event) -> Note:
    assert isinstance(event, Written)
    return Note((*state.texts[-2:], event.text))


NOTE: Decider[Note] = Decider("note", Note, Note, evolve, (Written,))


def write(_: Note, event: Written) -> list[Event]:
    return [event]


def note(writer: str, text: str = CANARY) -> Written:
    return Written(at=AT, writer=writer, text=text)


@pytest.fixture
def keys(tmp_path):
    return tmp_path / "keys.sqlite"


async def test_the_log_holds_no_clear_text_and_states_hold_it(opened, keys):
    stream = uuid4()
    async with opened(NOTE, keyring=Keyring(keys)) as store:
        done = await store.execute(NOTE, stream, write, note("mira"), Meta(request_id="r"))
        assert (done.state.texts, done.events[0].text) == ((CANARY,), CANARY)
        [row] = store.log.read(0, 10)
        assert CANARY.encode() not in row[4]
        [recorded] = await store.read_log(0)
        assert await store.clear([recorded.event.text]) == [CANARY]
        assert await store.clear([]) == []
    async with opened(NOTE, keyring=Keyring(keys)) as store:
        assert (await store.load(NOTE, stream)).state.texts == (CANARY,)
        again = await store.execute(NOTE, stream, write, note("mira"), Meta(request_id="r"))
        assert (again.version, again.events[0].text) == (1, CANARY)


async def test_erased_texts_read_as_erased_and_the_rest_stays(opened, keys):
    stream, ring = uuid4(), Keyring(keys)
    async with opened(NOTE, keyring=ring) as store:
        for writer, text in (("mira", CANARY), ("jonas", "stays")):
            await store.execute(NOTE, stream, write, note(writer, text), Meta(request_id=writer))
        Keyring(keys).destroy(subjects=["7/mira"])  # another process
        sealed = [one.event.text for one in await store.read_log(0)]
        assert await store.clear(sealed) == [ERASED, "stays"]
    async with opened(NOTE, keyring=Keyring(keys)) as store:
        assert (await store.load(NOTE, stream)).state.texts == (ERASED, "stays")
        again = await store.execute(NOTE, stream, write, note("mira"), Meta(request_id="mira"))
        assert (again.version, again.state.texts) == (1, (ERASED,))
        newer = await store.execute(NOTE, stream, write, note("mira", "back"), Meta(request_id="new"))
        assert newer.state.texts[-1] == "back"
    async with opened(NOTE, keyring=Keyring(keys)) as store:
        assert (await store.load(NOTE, stream)).state.texts == (ERASED, "stays", "back")


async def test_a_state_in_memory_forgets_what_is_erased(opened, keys):
    stream = uuid4()
    async with opened(NOTE, keyring=Keyring(keys)) as store:
        await store.execute(NOTE, stream, write, note("mira"), Meta(request_id="1"))
        assert (await store.load(NOTE, stream)).state.texts == (CANARY,)
        Keyring(keys).destroy(subjects=["7/mira"])  # another process
        assert (await store.load(NOTE, stream)).state.texts == (ERASED,)


async def test_two_replicas_read_what_either_wrote(opened, keys):
    stream = uuid4()
    async with opened(NOTE, keyring=Keyring(keys)) as one, opened(NOTE, keyring=Keyring(keys)) as two:
        await one.execute(NOTE, stream, write, note("mira", "one"), Meta(request_id="1"))
        done = await two.execute(NOTE, stream, write, note("mira", "two"), Meta(request_id="2"))
        assert done.state.texts == ("one", "two")
        assert (await one.load(NOTE, stream)).state.texts == ("one", "two")


async def test_a_stream_of_personal_texts_has_no_snapshot(opened, keys):
    stream = uuid4()
    async with opened(NOTE, keyring=Keyring(keys)) as store:
        await asyncio.gather(
            *(store.execute(NOTE, stream, write, note("mira", f"{CANARY} {n}")) for n in range(SNAPSHOT_EVERY + 1))
        )
        await store.execute(NOTE, stream, write, note("mira"))
        snapshots, _ = store.log.read_streams({stream: 0}, store._streams._snapshots)
        assert snapshots == []


async def test_one_look_of_the_log_cannot_guess_what_a_command_said(opened, keys):
    stream, ring = uuid4(), Keyring(keys)
    async with opened(NOTE, keyring=ring) as store:
        await store.execute(NOTE, stream, write, note("mira"), Meta(request_id="r"))
        remembered = store.log.requests([(stream, "r")])[stream, "r"].digest
    async with opened(NOTE) as guessing:
        await guessing.execute(NOTE, other := uuid4(), write, note("mira"), Meta(request_id="r"))
        assert guessing.log.requests([(other, "r")])[other, "r"].digest != remembered
